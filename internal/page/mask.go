package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
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
	values map[string]string // what is hidden wherever it is found, and what it becomes
	order  []string          // of the values, the longest first
}

// maskOf knows the caller's number, input and attributes, what was filled into texts and what functions returned.
func maskOf(c Caller) mask {
	m := mask{on: true, values: map[string]string{}}
	m.hide(slices.Collect(maps.Values(c.Summary.Attributes))...)
	for _, e := range c.Events {
		m.hide(e.Values...)
		switch e.Type {
		case call.TypeConnected:
			m.hide(e.Text)
		case call.TypeCaller:
			m.hide(input(e))
		}
	}
	m.add(c.Summary.FunctionError, m.cause(c.Summary.FunctionError))
	for _, e := range c.Events {
		switch {
		case e.Type == call.TypeSays && !e.Fixed:
			m.add(e.Text, m.filled(e))
		case e.Type == call.TypeFunction || e.Type == call.TypeFailure:
			m.add(e.Error, m.cause(e.Error))
		}
	}
	return m
}

// hide adds values.
func (m *mask) hide(values ...string) {
	for _, value := range values {
		m.add(value, dots(value))
	}
}

// add adds what a value becomes, as it is and as it is written in quotes.
func (m *mask) add(value, becomes string) {
	quoted := strconv.Quote(value)
	for _, form := range []string{value, quoted[1 : len(quoted)-1]} {
		if _, known := m.values[form]; known || len(form) < least {
			continue
		}
		m.values[form] = becomes
		at, _ := slices.BinarySearchFunc(m.order, form, func(a, b string) int {
			return cmp.Or(len(b)-len(a), cmp.Compare(a, b))
		})
		m.order = slices.Insert(m.order, at, form)
	}
}

// text hides the caller's values in a text.
func (m mask) text(text string) string {
	for _, value := range m.order {
		text = strings.ReplaceAll(text, value, m.values[value])
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

// filled hides what was filled into a text, however short it is; all of the text where it cannot be found.
func (m mask) filled(e call.Event) string {
	text := e.Text
	for _, value := range e.Values {
		if !strings.Contains(e.Text, value) {
			return dots(e.Text)
		}
		text = strings.ReplaceAll(text, value, dots(value))
	}
	return m.said(text)
}

// cause hides why a function failed, but for the type of its error.
func (m mask) cause(text string) string {
	if kind, message, found := strings.Cut(text, ": "); found && m.on {
		return m.said(kind) + ": " + dots(message)
	}
	return m.said(text)
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
		if own := input(e); own != "" {
			e.Text = strings.TrimSuffix(e.Text, own) + dots(own)
		}
	case call.TypeFunction: // "balance=42.10 currency=EUR"
		e.Text, e.Error = afterFirst(e.Text, "="), m.cause(e.Error)
		if e.Request == "" && e.Status != call.Returned { // the function's own word
			e.Status = dots(e.Status)
		}
	case call.TypeSays:
		if !e.Fixed {
			e.Text = m.filled(e)
		}
	case call.TypeNote, call.TypeTransfer:
		e.Text = m.said(e.Text)
	default:
		e.Text = m.text(e.Text)
	}
	e.Error = m.said(e.Error)
	return e
}

// input is what the caller pressed or said, "" where they did something else.
func input(e call.Event) string {
	if verb, own, _ := strings.Cut(e.Text, " "); verb == "presses" || verb == "says" {
		return own
	}
	return ""
}

// summary hides what the figures of a call say of its data.
func (m mask) summary(s call.Summary) call.Summary {
	s.FunctionError = m.cause(s.FunctionError)
	s.Findings = slices.Clone(s.Findings)
	for i := range s.Findings {
		s.Findings[i].Text = m.text(s.Findings[i].Text)
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
