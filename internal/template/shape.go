package template

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

// The words of the flow language by which documents are recognised. A test of package lint compares them, and
// isLegacy, with package flowlang, which knows the same of what it reads.
const (
	languageVersion = "2019-10-30"
	moduleType      = "MODULE"
)

// MayHold reports whether a text has what every flow, state machine or old export has, or what declares one. A file for
// which it is false need not be read.
func MayHold(text []byte) bool {
	has := func(word string) bool { return bytes.Contains(text, []byte(word)) }
	isFlow := has("StartAction") || has("Actions") && (has(languageVersion) || has("ActionMetadata"))
	return isFlow || has("StartAt") || has(`"modules"`) || has("AWS::Connect::ContactFlow") ||
		has("aws_connect_contact_flow")
}

// holdsFlow reports whether a text has a flow in it, however it is written.
func holdsFlow(text []byte) bool {
	return bytes.Contains(text, []byte(languageVersion)) && bytes.Contains(text, []byte("StartAction"))
}

// looksLikeDocument reports whether a text that is not JSON is meant to be a flow or a state machine.
func looksLikeDocument(text []byte) bool {
	return holdsFlow(text) || bytes.Contains(text, []byte("StartAt")) && bytes.Contains(text, []byte("States"))
}

// isDocument recognises a flow or a state machine.
func isDocument(n *source.Node) bool { return IsFlow(n) || isStateMachine(n) }

// IsFlow recognises a flow also when it lacks something that it needs.
func IsFlow(n *source.Node) bool {
	marks := 0
	for _, key := range []string{"Actions", "StartAction"} {
		if n.Get(key) != nil {
			marks++
		}
	}
	return marks == 2 || marks == 1 &&
		(n.Get("Version").Str() == languageVersion || n.Get("Metadata").Get("ActionMetadata") != nil)
}

func isStateMachine(n *source.Node) bool {
	return n.Get("States") != nil && n.Get("StartAt") != nil
}

// isLegacy recognises the console's export format from before 2022.
func isLegacy(n *source.Node) bool {
	return n.Get("modules").Is(source.Array) && n.Get("start") != nil && n.Get("Actions") == nil
}

// isReference reports whether a value is a text that only the deployment fills in, as a whole.
func isReference(n *source.Node) bool {
	return strings.HasPrefix(n.Str(), "${") && strings.HasSuffix(n.Str(), "}")
}

// computed returns the first part of a document that holds others, as actions and branches do, but is only a
// reference. Such a document cannot be judged. It is nil when there is none.
func computed(doc *source.Node) *source.Node {
	parts := []*source.Node{doc.Get("Actions"), doc.Get("States")}
	parts = append(parts, children(doc.Get("States"))...)
	for _, action := range children(doc.Get("Actions")) {
		transitions := action.Get("Transitions")
		conditions, failures := transitions.Get("Conditions"), transitions.Get("Errors")
		parts = append(parts, action, action.Get("Parameters"), transitions, conditions, failures)
		parts = append(parts, children(conditions)...)
		parts = append(parts, children(failures)...)
	}
	for _, part := range parts {
		if isReference(part) {
			return part
		}
	}
	return nil
}

// children are the values of an array or an object.
func children(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	list := append([]*source.Node(nil), n.Items...)
	for _, m := range n.Members {
		list = append(list, m.Value)
	}
	return list
}

// characters is how long a document is without white space between its values.
func characters(n *source.Node) int {
	text, _ := n.MarshalJSON() // never fails
	return utf8.RuneCount(text)
}
