package adopt

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// anyValue is a value that nothing in a flow asks more of.
const anyValue = "42"

// Sample is a value for a reference that the flow can do something with: one that it compares it with, or one that fits
// the parameter that reads it.
func Sample(f *flowlang.Flow, path []string) string {
	if value := compared(f, path); value != "" {
		return value
	}
	value := anyValue
	for _, a := range f.Actions {
		eachNamed("", a.Parameters, func(key string, n *source.Node) {
			read, length := flowlang.ReadReference(n.Text)
			if length == len(n.Text) && length > 0 && sameValue(read, path) && value == anyValue {
				value = fitting(key)
			}
		})
	}
	return value
}

// sameValue reports whether two references read the same value: a reply has two names.
func sameValue(a, b []string) bool {
	n, isReplyA := isReply(a)
	m, isReplyB := isReply(b)
	return isReplyA == isReplyB && slices.Equal(a[n:], b[m:])
}

// compared is a value that the flow compares a reference with, "" when it does not.
func compared(f *flowlang.Flow, path []string) string {
	for _, a := range f.OfType(flowlang.Compare) {
		read, length := flowlang.ReadReference(a.Text("ComparisonValue"))
		if length == 0 || !sameValue(read, path) {
			continue
		}
		for _, b := range a.Usual() {
			if b.Kind == flowlang.Condition && b.Operand() != "" {
				return satisfying(b)
			}
		}
	}
	return ""
}

// fitting is a value that a parameter takes.
func fitting(key string) string {
	switch {
	case key == "SSML":
		return "<speak>Hello.</speak>"
	case strings.HasSuffix(key, "Id"), strings.HasSuffix(key, "Arn"), strings.HasSuffix(key, "ARN"):
		return "11111111-2222-4333-8444-555555555555"
	case strings.HasSuffix(key, "Number"):
		return "+12065550100"
	case strings.HasSuffix(key, "Seconds"), strings.HasSuffix(key, "Count"):
		return "5"
	}
	return anyValue
}

// eachNamed calls visit with every text in a value, and the key that it has.
func eachNamed(key string, n *source.Node, visit func(string, *source.Node)) {
	for _, m := range n.Entries() {
		eachNamed(m.Key, m.Value, visit)
	}
	for _, item := range n.Elements() {
		eachNamed(key, item, visit)
	}
	if n.Is(source.String) {
		visit(key, n)
	}
}
