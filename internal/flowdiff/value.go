package flowdiff

import (
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/source"
)

// equal reports whether two values are the same as they are written, whatever the order of keys.
func equal(a, b *source.Node) bool {
	same := true
	compareValues("", a, b, func(string, *source.Node, *source.Node, source.Pos) { same = false })
	return same
}

// compareValues calls differ with each value that differs: the parts of objects and of arrays of one length, or else
// the values themselves. One that is not there is nil.
func compareValues(path string, a, b *source.Node, differ func(path string, a, b *source.Node, at source.Pos)) {
	switch {
	case a.Is(source.Object) && b.Is(source.Object):
		compareObjects(path, a, b, differ)
	case a.Is(source.Array) && b.Is(source.Array) && len(a.Items) == len(b.Items):
		for i := range b.Items {
			compareValues(path+"["+strconv.Itoa(i)+"]", a.Items[i], b.Items[i], differ)
		}
	case a == nil && b == nil:
	case a == nil:
		differ(path, nil, b, b.Pos)
	case b == nil:
		differ(path, a, nil, a.Pos)
	case a.Kind != b.Kind || a.Text != b.Text || len(a.Items) != len(b.Items):
		differ(path, a, b, b.Pos)
	}
}

func compareObjects(path string, a, b *source.Node, differ func(path string, a, b *source.Node, at source.Pos)) {
	was, is := members(a), members(b)
	for _, m := range b.Members {
		if is[m.Key] == m.Value { // the one that counts
			compareValues(join(path, m.Key), was[m.Key], m.Value, differ)
		}
	}
	for _, m := range a.Members {
		if was[m.Key] == m.Value && is[m.Key] == nil {
			compareValues(join(path, m.Key), m.Value, nil, differ)
		}
	}
}

// members are the values of an object by key. Of a key that is written twice the last one counts.
func members(n *source.Node) map[string]*source.Node {
	byKey := make(map[string]*source.Node, len(n.Entries()))
	for _, m := range n.Entries() {
		byKey[m.Key] = m.Value
	}
	return byKey
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// without returns an object without some keys; an empty one for anything else.
func without(n *source.Node, keys ...string) *source.Node {
	rest := orEmpty(nil)
	for _, m := range n.Entries() {
		if !slices.Contains(keys, m.Key) {
			rest.Members = append(rest.Members, m)
		}
	}
	return rest
}

// orEmpty is an empty object where there is no value: parameters that are empty may be left out.
func orEmpty(n *source.Node) *source.Node {
	if n == nil {
		return &source.Node{Kind: source.Object}
	}
	return n
}
