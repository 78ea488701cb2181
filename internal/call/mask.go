package call

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// hidden is what a masked character becomes.
const hidden = '•'

// least is how long a value must be to be hidden wherever it is found: shorter ones are parts of other words.
const least = 3

// Mask hides what belongs to the caller. The zero Mask hides nothing.
type Mask struct {
	on     bool
	values map[string]string // what is hidden wherever it is found, and what it becomes
	order  []string          // of the values, the longest first
}

// MaskOf knows the caller's number, input and attributes, what was filled into texts and what functions returned, in
// the call of one caller.
func MaskOf(events []Event, summary Summary) Mask {
	m := Mask{on: true, values: map[string]string{}}
	m.Hide(slices.Collect(maps.Values(summary.Attributes))...)
	for _, e := range events {
		m.Hide(e.Values...)
		switch e.Type {
		case TypeConnected:
			m.Hide(e.Text)
		case TypeCaller:
			m.Hide(input(e))
		}
	}
	m.add(summary.FunctionError, m.cause(summary.FunctionError))
	for _, e := range events {
		switch {
		case e.Type == TypeSays && !e.Fixed:
			m.add(e.Text, m.filled(e))
		case e.Type == TypeFunction || e.Type == TypeFailure:
			m.add(e.Error, m.cause(e.Error))
		}
	}
	return m
}

// Hide adds values.
func (m *Mask) Hide(values ...string) {
	for _, value := range values {
		m.add(value, dots(value))
	}
}

// add adds what a value becomes, as it is and as it is written in quotes.
func (m *Mask) add(value, becomes string) {
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

// Text hides the caller's values in a text.
func (m Mask) Text(text string) string {
	for _, value := range m.order {
		text = strings.ReplaceAll(text, value, m.values[value])
	}
	return text
}

// said hides the caller's values, and every digit, which may come from them or from what a function returned.
func (m Mask) said(text string) string {
	if !m.on {
		return text
	}
	return masked(m.Text(text), unicode.IsDigit)
}

// filled hides what was filled into a text, however short it is; all of the text where it cannot be found.
func (m Mask) filled(e Event) string {
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
func (m Mask) cause(text string) string {
	if kind, message, found := strings.Cut(text, ": "); found && m.on {
		return m.said(kind) + ": " + dots(message)
	}
	return m.said(text)
}

// Event hides what the caller says and presses, what functions returned, and what is said of it.
func (m Mask) Event(e Event) Event {
	if !m.on {
		return e
	}
	switch e.Type {
	case TypeConnected:
		e.Text = dots(e.Text)
	case TypeCaller: // "presses 1"
		if own := input(e); own != "" {
			e.Text = strings.TrimSuffix(e.Text, own) + dots(own)
		}
	case TypeFunction: // "balance=42.10 currency=EUR"
		e.Text, e.Error = afterFirst(e.Text, "="), m.cause(e.Error)
		if e.Request == "" && e.Status != Returned { // the function's own word
			e.Status = dots(e.Status)
		}
	case TypeSays:
		if !e.Fixed {
			e.Text = m.filled(e)
		}
	case TypeNote, TypeTransfer:
		e.Text = m.said(e.Text)
	default:
		e.Text = m.Text(e.Text)
	}
	e.Error = m.said(e.Error)
	return e
}

// input is what the caller pressed or said, "" where they did something else.
func input(e Event) string {
	if verb, own, _ := strings.Cut(e.Text, " "); verb == "presses" || verb == "says" {
		return own
	}
	return ""
}

// Summary hides what the figures of a call say of its data.
func (m Mask) Summary(s Summary) Summary {
	s.FunctionError = m.cause(s.FunctionError)
	s.Findings = slices.Clone(s.Findings)
	for i := range s.Findings {
		s.Findings[i].Text = m.Text(s.Findings[i].Text)
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

// Hidden is a text with every character hidden but its blanks.
func Hidden(text string) string { return dots(text) }

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
