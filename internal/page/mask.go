package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/call"
)

// hidden is what a masked character becomes.
const hidden = '•'

// least is how long a value must be to be hidden wherever it is found: shorter ones are parts of other words.
const least = 3

// mask hides what belongs to the caller. The zero mask hides nothing.
type mask struct {
	on     bool
	values []string // the caller's number and attributes, the longest first
}

func maskOf(c Caller) mask {
	m := mask{on: true, values: slices.Collect(maps.Values(c.Summary.Attributes))}
	for _, e := range c.Events {
		if e.Type == call.TypeConnected {
			m.values = append(m.values, e.Text)
		}
	}
	m.values = slices.DeleteFunc(m.values, func(v string) bool { return len(v) < least })
	slices.SortFunc(m.values, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return m
}

// text hides the caller's values in a text.
func (m mask) text(text string) string {
	for _, value := range m.values {
		text = strings.ReplaceAll(text, value, dots(value))
	}
	return text
}

// said hides the caller's values, and every digit, which may come from them or from what a function returned.
func (m mask) said(text string) string {
	if !m.on {
		return text
	}
	return masked(m.text(text), unicode.IsDigit)
}

// event hides what the caller says and presses, what functions returned, and what is said of it.
func (m mask) event(e call.Event) call.Event {
	if !m.on {
		return e
	}
	switch e.Type {
	case call.TypeConnected:
		e.Text = dots(e.Text)
	case call.TypeCaller: // "presses 1"
		e.Text = afterFirst(e.Text, " ")
	case call.TypeFunction: // "balance=42.10 currency=EUR"
		e.Text = afterFirst(e.Text, "=")
	case call.TypeSays:
		if !e.Fixed {
			e.Text = m.said(e.Text)
		}
	default:
		e.Text = m.text(e.Text)
	}
	e.Error = m.said(e.Error)
	return e
}

// summary hides what the figures of a call say of its data.
func (m mask) summary(s call.Summary) call.Summary {
	s.FunctionError = m.said(s.FunctionError)
	s.Reason = m.text(s.Reason)
	s.Findings = slices.Clone(s.Findings)
	for i := range s.Findings {
		s.Findings[i].Text = m.said(s.Findings[i].Text)
	}
	return s
}

// afterFirst hides what follows the first separator, all when there is none.
func afterFirst(text, separator string) string {
	before, after, found := strings.Cut(text, separator)
	if !found {
		return dots(text)
	}
	return before + separator + dots(after)
}

// dots hides a text, but for its blanks.
func dots(text string) string { return masked(text, func(r rune) bool { return !unicode.IsSpace(r) }) }

func masked(text string, hide func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if hide(r) {
			return hidden
		}
		return r
	}, text)
}
