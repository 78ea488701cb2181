package form

import (
	"path/filepath"
	"reflect"

	"github.com/connect-async/connect-async/internal/source"
)

// File is a file that is read or written. Paths in it are relative to its folder.
type File struct {
	Name   string
	Found  *source.Findings       // what is wrong, when it is read
	Exists func(path string) bool // whether what a path names is there, when it is read
}

// Path is a path of the file as the program opens it.
func (f File) Path(written string) string {
	path := filepath.FromSlash(written)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.Name), path)
}

// Report adds a finding of severity error.
func (f File) Report(code string, at source.Pos, message, remedy string) {
	*f.Found = append(*f.Found, source.Finding{
		Code: code, Severity: source.Error, File: f.Name, Pos: at, Message: message, Remedy: remedy,
	})
}

// Form is how a value of type V is read from under a key, written and described. Read leaves the value as it is when
// the key is absent. Schema is told what the value is then.
type Form[V any] struct {
	Schema func(standard V) *Schema
	Read   func(f File, in *source.Reader, key string, to *V)
	Write  func(f File, value, standard V) any
}

// Checked is the form with a check of its values, which says what is wrong and what to write instead.
func (form Form[V]) Checked(check func(value V) (message, remedy string)) Form[V] {
	read := form.Read
	form.Read = func(f File, in *source.Reader, key string, to *V) {
		read(f, in, key, to)
		if in.Node(key) == nil {
			return
		}
		if message, remedy := check(*to); message != "" {
			f.Report(source.CodeBadValue, in.Place(key), message, remedy)
		}
	}
	return form
}

// Described is the form with a change to what describes it.
func (form Form[V]) Described(change func(s *Schema)) Form[V] {
	describe := form.Schema
	form.Schema = func(standard V) *Schema {
		s := describe(standard)
		change(s)
		return s
	}
	return form
}

// always describes values that are described alike whatever the standard is.
func always[V any](s Schema) func(V) *Schema {
	return func(V) *Schema {
		described := s
		return &described
	}
}

// Field is one key of an object T of the file: its meaning, and the form of its value. Write returns nil for a value
// that is the standard one, which is left out.
type Field[T any] struct {
	Key    string
	Doc    string
	Schema func(standard *T) *Schema
	Read   func(f File, in *source.Reader, to *T)
	Write  func(f File, from, standard *T) any

	required bool
}

// At makes a field of a form and of the place of its value in T.
func At[T, V any](key, doc string, place func(*T) *V, form Form[V]) Field[T] {
	return Field[T]{
		Key: key, Doc: doc,
		Schema: func(standard *T) *Schema {
			value := *place(standard)
			s := form.Schema(value)
			if form.Write != nil && !reflect.ValueOf(&value).Elem().IsZero() {
				s.setDefault(form.Write(File{}, value, value))
			}
			return s
		},
		Read: func(f File, in *source.Reader, to *T) { form.Read(f, in, key, place(to)) },
		Write: func(f File, from, standard *T) any {
			if reflect.DeepEqual(*place(from), *place(standard)) {
				return nil
			}
			return form.Write(f, *place(from), *place(standard))
		},
	}
}

// Part makes a field of an object whose keys belong to T itself.
func Part[T any](key, doc string, l Fields[T]) Field[T] {
	return Field[T]{
		Key: key, Doc: doc, Schema: l.Schema,
		Read: func(f File, in *source.Reader, to *T) { l.Read(f, in.Object(key), to) },
		Write: func(f File, from, standard *T) any {
			if written := l.Write(f, from, standard); len(written) > 0 {
				return written
			}
			return nil
		},
	}
}

// Elsewhere makes a field of a key that has another place now, and is read from here by whoever reads it there.
func Elsewhere[T, V any](key, doc string, form Form[V]) Field[T] {
	return Field[T]{
		Key: key, Doc: doc,
		Schema: func(*T) *Schema {
			var none V
			s := form.Schema(none)
			s.Deprecated = true
			return s
		},
		Read:  func(_ File, in *source.Reader, _ *T) { in.Node(key) },
		Write: func(File, *T, *T) any { return nil },
	}
}

// Required is the field as one that no object can do without. Whoever owns the table reports its absence.
func (field Field[T]) Required() Field[T] {
	field.required = true
	return field
}

// Default is the field with what counts when it is left out, where the table does not know it by itself.
func (field Field[T]) Default(value any) Field[T] {
	return field.described(func(s *Schema) { s.Default = value })
}

// Otherwise is the field with words for what counts when it is left out.
func (field Field[T]) Otherwise(words string) Field[T] {
	return field.described(func(s *Schema) { s.Default, s.Otherwise = nil, words })
}

// Example is the field with an example of its value, as YAML.
func (field Field[T]) Example(text string) Field[T] {
	return field.described(func(s *Schema) { s.Examples = append(s.Examples, text) })
}

func (field Field[T]) described(change func(s *Schema)) Field[T] {
	describe := field.Schema
	field.Schema = func(standard *T) *Schema {
		s := describe(standard)
		change(s)
		return s
	}
	return field
}

// Fields are the keys of an object, in the order in which they are written.
type Fields[T any] []Field[T]

// Read reads the fields and reports the keys that are none of them.
func (l Fields[T]) Read(f File, in *source.Reader, to *T) {
	for _, field := range l {
		field.Read(f, in, to)
	}
	in.Done()
}

// Write returns the keys whose values differ from the standard ones.
func (l Fields[T]) Write(f File, from, standard *T) Mapping {
	written := Mapping{}
	for _, field := range l {
		if value := field.Write(f, from, standard); value != nil {
			written = append(written, Member{Key: field.Key, Value: value})
		}
	}
	return written
}

// Schema describes an object with these fields.
func (l Fields[T]) Schema(standard *T) *Schema {
	s := &Schema{Types: []string{"object"}, Closed: true}
	for _, field := range l {
		property := field.Schema(standard)
		property.Description = field.Doc
		if field.required {
			s.Required = append(s.Required, field.Key)
		} else {
			property.orNull()
		}
		s.Properties = append(s.Properties, Property{Key: field.Key, Schema: property})
	}
	return s
}

// Object is the form of an object with these fields.
func Object[T any](l Fields[T]) Form[T] {
	return Form[T]{
		Schema: func(standard T) *Schema { return l.Schema(&standard) },
		Read:   func(f File, in *source.Reader, key string, to *T) { l.Read(f, in.Object(key), to) },
		Write:  func(f File, value, standard T) any { return l.Write(f, &value, &standard) },
	}
}

// Raw is the form of a value that somebody else reads, who describes it.
func Raw(describe func() *Schema) Form[*source.Node] {
	return Form[*source.Node]{
		Schema: func(*source.Node) *Schema { return describe() },
		Read:   func(_ File, in *source.Reader, key string, to **source.Node) { *to = in.Node(key) },
	}
}
