package project

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Fault is what is wrong with a text, and what to do about it.
type Fault struct{ Message, Remedy string }

// IsSSML reports whether a text is spoken as SSML.
func IsSSML(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "<speak") }

// FaultyText says what is wrong with a text that is to be spoken, nil when nothing is.
func FaultyText(text string) *Fault {
	if fault := faultyReference(text, faultySpoken); fault != nil {
		return fault
	}
	plain := flowlang.WithoutReferences(text)
	switch {
	case IsSSML(text):
		if fault := flowlang.FaultySSML(plain); fault != "" {
			return &Fault{Message: fault, Remedy: "Close every tag, as in <speak>One <break time=\"1s\"/> two</speak>."}
		}
	case strings.Contains(plain, "</") || strings.Contains(plain, "/>"):
		return &Fault{Message: "the text has tags, which are spoken as they are",
			Remedy: "Put SSML into <speak>…</speak>."}
	}
	return nil
}

// FaultyReference says what is wrong with the references of a text, nil when nothing is.
func FaultyReference(text string) *Fault { return faultyReference(text, faultyPath) }

// faultyReference says what faulty finds wrong with the references of a text, nil when nothing is.
func faultyReference(text string, faulty func(written string, path []string) *Fault) *Fault {
	const remedy = "Write a reference such as $.External.balance, $.Attributes.order or $.CustomerEndpoint.Address."
	for rest := text; ; {
		at := strings.Index(rest, "$")
		if at < 0 {
			return nil
		}
		rest = rest[at:]
		path, length := flowlang.ReadReference(rest)
		if length == 0 && (strings.HasPrefix(rest, "$.") || strings.HasPrefix(rest, "$[")) {
			word, _, _ := strings.Cut(rest, " ")
			return &Fault{Message: fmt.Sprintf("%q is not a reference", word), Remedy: remedy}
		}
		if length > 0 {
			if fault := faulty(rest[:length], path); fault != nil {
				return fault
			}
		}
		rest = rest[max(length, 1):]
	}
}

// faultyPath says what is wrong with a reference, nil when nothing is.
func faultyPath(written string, path []string) *Fault {
	switch {
	case !flowlang.IsNamespace(path[0]):
		remedy := "References begin with $.External, $.Attributes, $.CustomerEndpoint and others: see docs/flows.md."
		if near := source.Nearest(path[0], flowlang.Namespaces()); near != "" {
			remedy = "Did you mean $." + near + strings.TrimPrefix(written, "$."+path[0]) + "? " + remedy
		}
		return &Fault{Message: "unknown reference " + written, Remedy: remedy}
	case len(path) == 1 && !flowlang.IsValue(path[0]):
		return &Fault{Message: written + " has no value itself",
			Remedy: "Name a key of it, such as " + written + ".name."}
	}
	return nil
}

// faultySpoken says what is wrong with a reference in a text that is spoken, nil when nothing is. A result cannot have
// the keys of the protocol, and nobody wants to hear FINISHED.
func faultySpoken(written string, path []string) *Fault {
	if len(path) > 1 && path[0] == "External" && async.ProtocolKey(path[1]) {
		return &Fault{Message: written + " is never the function's: the reply itself has that key",
			Remedy: "Return the value under another name, such as result_" + path[1] + "."}
	}
	return faultyPath(written, path)
}
