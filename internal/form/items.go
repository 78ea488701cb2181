package form

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// Item is how one value of a list or a map is read, written and described. What is read comes with its key; of an
// element of a list the key is empty.
type Item[V any] struct {
	Schema func() *Schema
	Read   func(f File, m source.Member) V
	Write  func(f File, value V) any
}

// Entry is the item that is an object. check may be nil.
func Entry[T any](l Fields[T], standard func() T, check func(in *source.Reader, m source.Member, v *T)) Item[T] {
	return Item[T]{
		Schema: func() *Schema {
			usual := standard()
			return l.Schema(&usual)
		},
		Read: func(f File, m source.Member) T {
			in, v := source.Read(f.Name, m.Value, f.Found), standard()
			l.Read(f, in, &v)
			if check != nil {
				check(in, m, &v)
			}
			return v
		},
		Write: func(f File, value T) any {
			usual := standard()
			return l.Write(f, &value, &usual)
		},
	}
}

// Zero is the standard of an object that has none.
func Zero[T any]() (v T) { return v }

// List is the form of a list of items.
func List[V any](each Item[V]) Form[[]V] {
	return Form[[]V]{
		Schema: func([]V) *Schema { return &Schema{Types: []string{"array"}, Items: each.Schema()} },
		Read: func(f File, in *source.Reader, key string, to *[]V) {
			for _, node := range in.Items(key) {
				*to = append(*to, each.Read(f, source.Member{Pos: node.Pos, Value: node}))
			}
		},
		Write: func(f File, value, _ []V) any {
			written := []any{}
			for _, v := range value {
				written = append(written, each.Write(f, v))
			}
			return written
		},
	}
}

// InOrder is the form of an object whose keys are names that the user chose, read in the file's order. key is what the
// reference calls such a name.
func InOrder[V any](key string, each Item[V]) Form[[]V] {
	return Form[[]V]{
		Schema: func([]V) *Schema { return namedSchema(key, each.Schema()) },
		Read: func(f File, in *source.Reader, key string, to *[]V) {
			for _, m := range in.Members(key) {
				*to = append(*to, each.Read(f, m))
			}
		},
	}
}

// Named is the form of an object whose keys are names that the user chose. An object without keys is nil.
func Named[V any](key string, each Item[V]) Form[map[string]V] {
	return Form[map[string]V]{
		Schema: func(map[string]V) *Schema { return namedSchema(key, each.Schema()) },
		Read: func(f File, in *source.Reader, key string, to *map[string]V) {
			for _, m := range in.Members(key) {
				if *to == nil {
					*to = map[string]V{}
				}
				(*to)[m.Key] = each.Read(f, m)
			}
		},
		Write: func(f File, value, _ map[string]V) any {
			written := Mapping{}
			for _, name := range slices.Sorted(maps.Keys(value)) {
				written = append(written, Member{Key: name, Value: each.Write(f, value[name])})
			}
			return written
		},
	}
}

func namedSchema(key string, each *Schema) *Schema {
	each.orNull()
	return &Schema{Types: []string{"object"}, Values: each, Key: key}
}
