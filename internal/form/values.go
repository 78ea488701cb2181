package form

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// same writes a value as it is.
func same[V any](_ File, value, _ V) any { return value }

// textSchema describes a text. Numbers and booleans are taken as they are written.
var textSchema = Schema{Types: []string{"string", "number", "boolean"}, Words: "text"}

// Text is the form of a text. Numbers and booleans are taken as they are written.
func Text() Form[string] {
	return Form[string]{
		Schema: always[string](textSchema),
		Read:   func(_ File, in *source.Reader, key string, to *string) { *to = in.String(key, *to) },
		Write:  same[string],
	}
}

// OneOf is the form of a text that is one of several.
func OneOf[V ~string](allowed ...V) Form[V] {
	var texts []string
	var values []any
	for _, v := range allowed {
		texts, values = append(texts, string(v)), append(values, string(v))
	}
	return Form[V]{
		Schema: always[V](Schema{Enum: values}),
		Read: func(_ File, in *source.Reader, key string, to *V) {
			*to = V(in.OneOf(key, string(*to), texts...))
		},
		Write: func(_ File, value, _ V) any { return string(value) },
	}
}

// Bool is the form of true or false.
func Bool() Form[bool] {
	return Form[bool]{
		Schema: func(standard bool) *Schema { return &Schema{Types: []string{"boolean"}, Default: standard} },
		Read:   func(_ File, in *source.Reader, key string, to *bool) { *to = in.Bool(key, *to) },
		Write:  same[bool],
	}
}

// OptionalBool is the form of true or false where it matters that neither is written.
func OptionalBool() Form[*bool] {
	return Form[*bool]{
		Schema: always[*bool](Schema{Types: []string{"boolean"}}),
		Read: func(_ File, in *source.Reader, key string, to **bool) {
			if in.Node(key) != nil {
				value := in.Bool(key, false)
				*to = &value
			}
		},
	}
}

// Whole is the form of a whole number, whatever type holds it.
func Whole[V int | uint64 | float64](low, high int) Form[V] {
	return Form[V]{
		Schema: always[V](wholeSchema(low, high)),
		Read: func(_ File, in *source.Reader, key string, to *V) {
			*to = V(in.Int(key, int(*to), low, high))
		},
		Write: func(_ File, value, _ V) any { return int(value) },
	}
}

func wholeSchema(low, high int) Schema {
	return Schema{Types: []string{"integer"}, Minimum: number(low), Maximum: number(high)}
}

// OneOfNumbers is the form of a number that is one of several. refused is the message for any other.
func OneOfNumbers(refused string, allowed ...int) Form[int] {
	var values []any
	for _, n := range allowed {
		values = append(values, n)
	}
	whole := Whole[int](slices.Min(allowed), slices.Max(allowed))
	return Form[int]{Schema: always[int](Schema{Enum: values}), Read: whole.Read, Write: whole.Write}.Checked(
		func(value int) (message, remedy string) {
			if slices.Contains(allowed, value) {
				return "", ""
			}
			return fmt.Sprintf(refused, value), "Choose one of " + strings.Trim(fmt.Sprint(allowed), "[]") + "."
		})
}

// spanPattern is what a time span looks like that is written as a text.
const spanPattern = `^\+?((([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|0)$`

// spanSchema describes a time span.
var spanSchema = Schema{
	Types: []string{"string", "number"}, Minimum: number(0), Pattern: spanPattern, Words: "time span",
	PatternRemedy: "Write a time span such as 250ms, 12s or 1m30s.",
}

// Duration is the form of a time span.
func Duration() Form[time.Duration] {
	return Form[time.Duration]{
		Schema: always[time.Duration](spanSchema),
		Read: func(_ File, in *source.Reader, key string, to *time.Duration) {
			*to = in.Duration(key, *to)
		},
		Write: func(_ File, value, _ time.Duration) any { return Spell(value) },
	}
}

// DurationFrom is the form of a time span within limits. of names what has it.
func DurationFrom(of string, low, high time.Duration) Form[time.Duration] {
	limits := fmt.Sprintf("from %s to %s", Spell(low), Spell(high))
	return Duration().Checked(func(value time.Duration) (message, remedy string) {
		if value >= low && value <= high {
			return "", ""
		}
		return fmt.Sprintf("%s cannot be %s", of, Spell(value)), "Write a time span " + limits + "."
	}).Described(func(s *Schema) { s.Words = "time span " + limits })
}

// Limit is the form of a time span that may be absent.
func Limit() Form[*time.Duration] {
	return Form[*time.Duration]{
		Schema: always[*time.Duration](spanSchema),
		Read: func(_ File, in *source.Reader, key string, to **time.Duration) {
			if in.Node(key) != nil {
				d := in.Duration(key, 0)
				*to = &d
			}
		},
		Write: func(_ File, value, _ *time.Duration) any { return Spell(*value) },
	}
}

// DurationItem is a time span in a list or a map.
var DurationItem = Item[time.Duration]{
	Schema: func() *Schema { return always[any](spanSchema)(nil) },
	Read: func(f File, m source.Member) time.Duration {
		d, err := source.ParseDuration(m.Value)
		if err != nil {
			f.Report(source.CodeBadValue, m.Value.Pos, err.Error(), "Write a time span such as 250ms or 2.5s.")
		}
		return d
	},
	Write: func(_ File, value time.Duration) any { return Spell(value) },
}

// Spell writes a time span without the units that are zero: 1m, not 1m0s.
func Spell(d time.Duration) string {
	text := d.String()
	for _, empty := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, empty) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// TextItem is a text in a map. Numbers and booleans are taken as they are written.
var TextItem = Item[string]{
	Schema: func() *Schema { return always[any](textSchema)(nil) },
	Read: func(f File, m source.Member) string {
		f.IsScalar(m)
		return m.Value.Text
	},
	Write: func(_ File, value string) any { return value },
}

// IsScalar reports whether a value is neither a list nor an object, and adds a finding when it is one.
func (f File) IsScalar(m source.Member) bool {
	if m.Value.Kind != source.Array && m.Value.Kind != source.Object {
		return true
	}
	what := cmp.Or(m.Key, "this")
	message := fmt.Sprintf("%s must be a string, but is %s", what, m.Value.Kind)
	f.Report(source.CodeWrongKind, m.Value.Pos, message, "Write one text here.")
	return false
}

// Texts is the form of an object of texts.
func Texts(key string) Form[map[string]string] { return Named(key, TextItem) }

// TextList is the form of a list of texts.
func TextList() Form[[]string] {
	return Form[[]string]{
		Schema: func([]string) *Schema {
			return &Schema{Types: []string{"array"}, Items: always[any](textSchema)(nil)}
		},
		Read: func(_ File, in *source.Reader, key string, to *[]string) { *to = in.Strings(key) },
		Write: func(_ File, value, _ []string) any {
			written := []any{}
			for _, text := range value {
				written = append(written, text)
			}
			return written
		},
	}
}

// CheckedTexts is the form of a list of texts with a check of each, which says what is wrong and what to write instead.
func CheckedTexts(check func(text string) (message, remedy string)) Form[[]string] {
	form := TextList()
	read := form.Read
	form.Read = func(f File, in *source.Reader, key string, to *[]string) {
		read(f, in, key, to)
		for _, item := range in.Node(key).Elements() {
			if item.Is(source.Object) || item.Is(source.Array) || item.Is(source.Null) {
				continue // which reading has reported
			}
			if message, remedy := check(item.Text); message != "" {
				f.Report(source.CodeBadValue, item.Pos, message, remedy)
			}
		}
	}
	return form
}

// Path is the form of the name of a file or folder that must exist, relative to the folder of the file that names it.
func Path() Form[string] {
	form := PathToBe()
	form.Read = func(f File, in *source.Reader, key string, to *string) {
		if written := in.String(key, ""); written != "" {
			*to = f.existing(key, in.Place(key), written)
		}
	}
	return form
}

// PathToBe is the form of the name of a file that need not exist.
func PathToBe() Form[string] {
	return Form[string]{
		Schema: always[string](pathSchema),
		Read: func(f File, in *source.Reader, key string, to *string) {
			if written := in.String(key, ""); written != "" {
				*to = f.Path(written)
			}
		},
		Write: func(f File, value, _ string) any { return f.relative(value) },
	}
}

var pathSchema = Schema{Types: []string{"string"}, Words: "path"}

// PathItem is a path in an object of paths.
var PathItem = Item[string]{
	Schema: func() *Schema { return always[any](pathSchema)(nil) },
	Read: func(f File, m source.Member) string {
		if !f.IsScalar(m) {
			return ""
		}
		return f.existing(m.Key, m.Value.Pos, m.Value.Text)
	},
	Write: func(f File, value string) any { return f.relative(value) },
}

// existing returns the path of a file that must exist.
func (f File) existing(key string, at source.Pos, written string) string {
	path := f.Path(written)
	if !f.Exists(path) {
		f.Report(source.CodeNoFile, at, fmt.Sprintf("%s: %q does not exist", key, written),
			"Check the path; it is relative to this file.")
	}
	return path
}

// OnDisk reports whether there is a file or folder of that name.
func OnDisk(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// relative writes a path as it is seen from the file's folder.
func (f File) relative(path string) string {
	if !filepath.IsAbs(path) || filepath.IsAbs(f.Name) {
		if relative, err := filepath.Rel(filepath.Dir(f.Name), path); err == nil {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}
