package jsonata

import (
	"regexp"

	"github.com/connect-async/connect-async/internal/value"
)

// matcher is a regular expression as a function: it gives the first match of a text, with a function for the next.
type matcher struct{ pattern *regexp.Regexp }

func (m *matcher) arity() int { return 1 }

func (m *matcher) call(e *evaluation, arguments []any, _ any) (any, *Error) {
	if len(arguments) == 0 {
		return undefined, nil
	}
	text, ok := arguments[0].(string)
	if !ok {
		return undefined, nil
	}
	e.work(len(text) / 32)
	found := m.pattern.FindAllStringSubmatchIndex(text, -1)
	e.allocate(4 * len(found))
	return (&matches{text: text, left: found}).next(e)
}

// matches are those of a text that have not been asked for.
type matches struct {
	text  string
	left  [][]int
	bytes int // place in the text
	units int // the same place in UTF-16 code units, which the language counts
}

// move returns the number of UTF-16 code units before a byte.
func (m *matches) move(to int) int {
	for _, r := range m.text[m.bytes:to] {
		m.units++
		if r > 0xFFFF {
			m.units++
		}
	}
	m.bytes = to
	return m.units
}

func (m *matches) next(e *evaluation) (any, *Error) {
	if len(m.left) == 0 {
		return undefined, nil
	}
	e.work(1)
	at := m.left[0]
	if at[0] == at[1] {
		return nil, fail("D1004")
	}
	groups := []any{}
	for i := 2; i < len(at); i += 2 {
		if at[i] < 0 {
			groups = append(groups, undefined)
		} else {
			groups = append(groups, m.text[at[i]:at[i+1]])
		}
	}
	rest := *m
	rest.left = m.left[1:]
	start := rest.move(at[0])
	end := rest.move(at[1])
	e.allocate(len(groups) + 5)
	return value.NewObject(
		value.M("match", m.text[at[0]:at[1]]),
		value.M("start", int64(start)),
		value.M("end", int64(end)),
		value.M("groups", &array{items: groups}),
		value.M("next", &native{run: func(e *evaluation, _ []any, _ any) (any, *Error) {
			further := rest
			return further.next(e)
		}}),
	), nil
}
