package scenario

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// file is a scenario file that is read or written. Paths in it are relative to its folder.
type file struct {
	name  string
	found *source.Findings // what is wrong, when it is read
}

// schema is a JSON schema, or a part of one.
type schema map[string]any

// field is one key of an object T of the file: its meaning, and the form of its value. write returns nil for a value
// that is the standard one, which is left out.
type field[T any] struct {
	key    string
	doc    string
	schema schema
	read   func(f file, in *source.Reader, to *T)
	write  func(f file, from, standard *T) any
}

// form is how a value of type V is read from under a key, written and described. read leaves the value as it is when
// the key is absent.
type form[V any] struct {
	schema schema
	read   func(f file, in *source.Reader, key string, to *V)
	write  func(f file, value, standard V) any
}

// at makes a field of a form and of the place of its value in T.
func at[T, V any](key, doc string, place func(*T) *V, form form[V]) field[T] {
	return field[T]{
		key: key, doc: doc, schema: form.schema,
		read: func(f file, in *source.Reader, to *T) { form.read(f, in, key, place(to)) },
		write: func(f file, from, standard *T) any {
			if reflect.DeepEqual(*place(from), *place(standard)) {
				return nil
			}
			return form.write(f, *place(from), *place(standard))
		},
	}
}

// fields are the keys of an object, in the order in which they are written.
type fields[T any] []field[T]

func (l fields[T]) read(f file, in *source.Reader, to *T) {
	for _, field := range l {
		field.read(f, in, to)
	}
	in.Done()
}

// write returns the keys whose values differ from the standard ones.
func (l fields[T]) write(f file, from, standard *T) mapping {
	written := mapping{}
	for _, field := range l {
		if value := field.write(f, from, standard); value != nil {
			written = append(written, member{key: field.key, value: value})
		}
	}
	return written
}

func (l fields[T]) schema() schema {
	properties := schema{}
	for _, field := range l {
		property := maps.Clone(field.schema)
		property["description"] = field.doc
		properties[field.key] = property
	}
	return schema{"type": "object", "additionalProperties": false, "properties": properties}
}

// object is the form of an object with these fields.
func object[T any](l fields[T]) form[T] {
	return form[T]{
		schema: l.schema(),
		read:   func(f file, in *source.Reader, key string, to *T) { l.read(f, in.Object(key), to) },
		write:  func(f file, value, standard T) any { return l.write(f, &value, &standard) },
	}
}

// part makes a field of an object whose keys belong to T itself.
func part[T any](key, doc string, l fields[T]) field[T] {
	return field[T]{
		key: key, doc: doc, schema: l.schema(),
		read: func(f file, in *source.Reader, to *T) { l.read(f, in.Object(key), to) },
		write: func(f file, from, standard *T) any {
			if written := l.write(f, from, standard); len(written) > 0 {
				return written
			}
			return nil
		},
	}
}

// item is how one value of a list or a map is read, written and described.
type item[V any] struct {
	schema schema
	read   func(f file, node *source.Node) V
	write  func(f file, value V) any
}

// objectItem is the item that is an object. check may be nil.
func objectItem[T any](l fields[T], standard func() T, check func(in *source.Reader, node *source.Node, v T)) item[T] {
	return item[T]{
		schema: l.schema(),
		read: func(f file, node *source.Node) T {
			in, v := source.Read(f.name, node, f.found), standard()
			l.read(f, in, &v)
			if check != nil {
				check(in, node, v)
			}
			return v
		},
		write: func(f file, value T) any {
			usual := standard()
			return l.write(f, &value, &usual)
		},
	}
}

// zero is the standard of an object that has none.
func zero[T any]() (v T) { return v }

// list is the form of a list of items.
func list[V any](each item[V]) form[[]V] {
	return form[[]V]{
		schema: schema{"type": "array", "items": each.schema},
		read: func(f file, in *source.Reader, key string, to *[]V) {
			for _, node := range in.Items(key) {
				*to = append(*to, each.read(f, node))
			}
		},
		write: func(f file, value, _ []V) any {
			written := []any{}
			for _, v := range value {
				written = append(written, each.write(f, v))
			}
			return written
		},
	}
}

// named is the form of an object whose keys are names that the user chose. An object without keys is nil.
func named[V any](each item[V]) form[map[string]V] {
	return form[map[string]V]{
		schema: schema{"type": "object", "additionalProperties": each.schema},
		read: func(f file, in *source.Reader, key string, to *map[string]V) {
			for _, m := range in.Members(key) {
				if *to == nil {
					*to = map[string]V{}
				}
				(*to)[m.Key] = each.read(f, m.Value)
			}
		},
		write: func(f file, value, _ map[string]V) any {
			written := mapping{}
			for _, name := range slices.Sorted(maps.Keys(value)) {
				written = append(written, member{key: name, value: each.write(f, value[name])})
			}
			return written
		},
	}
}

// same writes a value as it is.
func same[V any](_ file, value, _ V) any { return value }

// text is the form of a text. Numbers and booleans are taken as they are written.
func text() form[string] {
	return form[string]{
		schema: schema{"type": []string{"string", "number", "boolean"}},
		read:   func(_ file, in *source.Reader, key string, to *string) { *to = in.String(key, *to) },
		write:  same[string],
	}
}

// oneOf is the form of a text that is one of several.
func oneOf[V ~string](allowed ...V) form[V] {
	var texts []string
	for _, v := range allowed {
		texts = append(texts, string(v))
	}
	return form[V]{
		schema: schema{"enum": texts},
		read: func(_ file, in *source.Reader, key string, to *V) {
			*to = V(in.OneOf(key, string(*to), texts...))
		},
		write: func(_ file, value, _ V) any { return string(value) },
	}
}

func truth() form[bool] {
	return form[bool]{
		schema: schema{"type": "boolean"},
		read:   func(_ file, in *source.Reader, key string, to *bool) { *to = in.Bool(key, *to) },
		write:  same[bool],
	}
}

// whole is the form of a whole number, whatever type holds it.
func whole[V int | uint64 | float64](low, high int) form[V] {
	return form[V]{
		schema: schema{"type": "integer", "minimum": low, "maximum": high},
		read: func(_ file, in *source.Reader, key string, to *V) {
			*to = V(in.Int(key, int(*to), low, high))
		},
		write: func(_ file, value, _ V) any { return int(value) },
	}
}

// timeSpan is a JSON schema of a time span.
var timeSpan = schema{
	"type": []string{"string", "number"}, "minimum": 0,
	"pattern": `^\+?((([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|0)$`,
}

func duration() form[time.Duration] {
	return form[time.Duration]{
		schema: timeSpan,
		read: func(_ file, in *source.Reader, key string, to *time.Duration) {
			*to = in.Duration(key, *to)
		},
		write: func(_ file, value, _ time.Duration) any { return spell(value) },
	}
}

// limit is the form of a time span that may be absent.
func limit() form[*time.Duration] {
	return form[*time.Duration]{
		schema: timeSpan,
		read: func(_ file, in *source.Reader, key string, to **time.Duration) {
			if in.Node(key) != nil {
				d := in.Duration(key, 0)
				*to = &d
			}
		},
		write: func(_ file, value, _ *time.Duration) any { return spell(*value) },
	}
}

// spell writes a time span without the units that are zero: 1m, not 1m0s.
func spell(d time.Duration) string {
	text := d.String()
	for _, empty := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, empty) {
			text = text[:len(text)-2]
		}
	}
	return text
}

func textList() form[[]string] {
	return form[[]string]{
		schema: schema{"type": "array", "items": text().schema},
		read:   func(_ file, in *source.Reader, key string, to *[]string) { *to = in.Strings(key) },
		write: func(_ file, value, _ []string) any {
			written := []any{}
			for _, text := range value {
				written = append(written, text)
			}
			return written
		},
	}
}

// texts is the form of an object of texts.
func texts() form[map[string]string] {
	f := named(item[string]{schema: text().schema, write: func(_ file, value string) any { return value }})
	f.read = func(_ file, in *source.Reader, key string, to *map[string]string) {
		for _, m := range in.Members(key) {
			if m.Value.Kind == source.Array || m.Value.Kind == source.Object {
				message := fmt.Sprintf("%s must be a string, but is %s", m.Key, m.Value.Kind)
				in.Report(source.CodeWrongKind, m.Value.Pos, message, "Write one text here.")
			}
			if *to == nil {
				*to = map[string]string{}
			}
			(*to)[m.Key] = m.Value.Text
		}
	}
	return f
}

// path is the form of the name of a file, relative to the scenario's folder.
func path() form[string] {
	return form[string]{
		schema: schema{"type": "string"},
		read: func(f file, in *source.Reader, key string, to *string) {
			if written := in.String(key, ""); written != "" {
				*to = f.resolve(in.Place(key), written)
			}
		},
		write: func(f file, value, _ string) any { return f.relative(value) },
	}
}

// pathItem is a path in an object of paths.
var pathItem = item[string]{
	schema: schema{"type": "string"},
	read:   func(f file, node *source.Node) string { return f.resolve(node.Pos, node.Text) },
	write:  func(f file, value string) any { return f.relative(value) },
}

// resolve returns the path of a file that must exist.
func (f file) resolve(pos source.Pos, written string) string {
	path := filepath.FromSlash(written)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(f.name), path)
	}
	if _, err := os.Stat(path); err != nil {
		f.report(source.CodeNoFile, pos, fmt.Sprintf("the file %q does not exist", written),
			"Check the path; it is relative to this file.")
	}
	return path
}

// relative writes a path as it is seen from the scenario's folder.
func (f file) relative(path string) string {
	if !filepath.IsAbs(path) || filepath.IsAbs(f.name) {
		if relative, err := filepath.Rel(filepath.Dir(f.name), path); err == nil {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}

func (f file) report(code string, pos source.Pos, message, remedy string) {
	*f.found = append(*f.found, source.Finding{
		Code: code, Severity: source.Error, File: f.name, Pos: pos, Message: message, Remedy: remedy,
	})
}
