package flow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// scope is what a flow can see and a module cannot: modules get their own scope (admin guide, "Flow modules").
type scope struct {
	Flow map[string]string            // $.FlowAttributes
	Data map[string]map[string]string // by namespace, such as External or Lex: dotted path → text; see with
}

func newScope() *scope {
	return &scope{Flow: map[string]string{}, Data: map[string]map[string]string{}}
}

// set replaces what a namespace holds.
func (s *scope) set(namespace string, values map[string]string) { s.Data[namespace] = values }

// put sets one value of a namespace.
func (s *scope) put(namespace, path, value string) {
	s.Data[namespace] = with(s.Data[namespace], path, value)
}

// with is a namespace with another value. What a namespace holds may belong to other contacts and namespaces, too, so
// it is never changed.
func with(values map[string]string, path, value string) map[string]string {
	changed := make(map[string]string, len(values)+1)
	maps.Copy(changed, values)
	changed[path] = value
	return changed
}

// contactValues are the references of one step that describe the contact itself.
var contactValues = map[string]func(*state) string{
	"ContactId":                   func(s *state) string { return s.Options.ContactID },
	"InitialContactId":            func(s *state) string { return s.Options.InitialContactID },
	"PreviousContactId":           func(s *state) string { return s.Options.ContactID },
	"Channel":                     func(s *state) string { return string(s.Options.Channel) },
	"InitiationMethod":            func(s *state) string { return s.Options.InitiationMethod },
	"InstanceARN":                 func(s *state) string { return s.Options.InstanceARN },
	"AwsRegion":                   func(s *state) string { return s.Options.region() },
	"LanguageCode":                func(s *state) string { return s.Fields["LanguageCode"] },
	"Name":                        func(s *state) string { return s.Fields["Name"] },
	"Description":                 func(s *state) string { return s.Fields["Description"] },
	"CustomerId":                  func(s *state) string { return s.Fields["CustomerId"] },
	"CustomerCallbackNumber":      func(s *state) string { return s.callbackNumber() },
	"CustomerCallBackPhoneNumber": func(s *state) string { return s.callbackNumber() }, // spelled so in an export
	"TextToSpeechVoiceId":         func(s *state) string { return s.Voice },
}

// lookup returns the value at a path and whether there is one. A path that leads to an object or a list has the empty
// text as its value (developer guide, testing language).
func (c *Contact) lookup(f *frame, path []string) (string, bool) {
	if len(path) == 1 {
		if get, ok := contactValues[path[0]]; ok {
			value := get(&c.state)
			return value, value != ""
		}
	}
	rest := path[1:]
	switch path[0] {
	case "Attributes":
		return find(c.state.Attributes, rest)
	case "FlowAttributes":
		return find(c.scope(f).Flow, rest)
	case "CustomerEndpoint":
		return endpoint(c.state.Options.CustomerNumber, rest)
	case "SystemEndpoint":
		return endpoint(c.state.Options.SystemNumber, rest)
	case "Queue":
		return find(map[string]string{"ARN": c.state.Queue, "Name": c.queueName()}, rest)
	case "LambdaInvocation":
		return c.lookupInvocation(f, rest)
	}
	if slices.Contains(sharedNamespaces, path[0]) {
		return find(c.state.Shared[path[0]], rest)
	}
	return find(c.scope(f).Data[path[0]], rest)
}

// lookupInvocation serves $.LambdaInvocation: the id of the latest asynchronous invocation, and ResultData, which is
// another name of $.External.
func (c *Contact) lookupInvocation(f *frame, path []string) (string, bool) {
	if len(path) > 1 && path[0] == "ResultData" {
		return find(c.scope(f).Data["ResultData"], path[1:])
	}
	return c.state.InvocationID, len(path) == 1 && path[0] == "InvocationId" && c.state.InvocationID != ""
}

func find(values map[string]string, path []string) (string, bool) {
	if len(path) == 1 {
		value, ok := values[path[0]]
		return value, ok
	}
	value, ok := values[strings.Join(path, ".")]
	return value, ok
}

func endpoint(address string, path []string) (string, bool) {
	if address == "" || len(path) != 1 {
		return "", false
	}
	switch path[0] {
	case "Address":
		return address, true
	case "Type":
		return "TELEPHONE_NUMBER", true
	}
	return "", false
}

// resolve returns the value of a parameter that is static or one whole reference, and whether it has one. A
// placeholder means the thing of that name in the instance.
func (c *Contact) resolve(f *frame, text string) (string, bool) {
	if !strings.HasPrefix(text, "$") {
		return text, true
	}
	if p, ok := flowlang.ReadPlaceholder(text); ok {
		return p.InInstance(c.state.Options.InstanceARN), true
	}
	path, n := flowlang.ReadReference(text)
	if n == 0 || n != len(text) {
		return text, true
	}
	return c.lookup(f, path)
}

// value is resolve for a parameter of an action, "" when there is none.
func (c *Contact) value(f *frame, a *flowlang.Action, parameter string) string {
	value, _ := c.resolve(f, a.Text(parameter))
	return value
}

// text replaces the references inside a text, as Connect does in prompts.
func (c *Contact) text(f *frame, text string) string {
	at := strings.IndexByte(text, '$')
	if at < 0 {
		return text
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(text[:at])
		path, n := flowlang.ReadReference(text[at:])
		if n == 0 {
			n = 1
			b.WriteByte('$')
		} else {
			b.WriteString(c.spoken(f, path, text[at:at+n]))
		}
		text = text[at+n:]
		at = strings.IndexByte(text, '$')
	}
	b.WriteString(text)
	return b.String()
}

// valuesIn are the values of the references in a text, those that have one.
func (c *Contact) valuesIn(f *frame, text string) []string {
	var values []string
	for _, path := range flowlang.References(text) {
		if value, _ := c.lookup(f, path); value != "" {
			values = append(values, value)
		}
	}
	return values
}

func (c *Contact) spoken(f *frame, path []string, literal string) string {
	value, ok := c.lookup(f, path)
	if ok {
		return value
	}
	c.rest("unset_in_text")
	if c.state.Assumptions.UnsetInText == UnsetInTextLiteral {
		return literal
	}
	return ""
}

// resolveTree returns a parameter tree with every reference in it replaced. Members whose reference has no value are
// left out, written as "" or as null, as the assumption unset_attribute says.
func (c *Contact) resolveTree(f *frame, n *source.Node) *source.Node {
	switch {
	case n.Is(source.String):
		if !strings.HasPrefix(n.Text, "$") || !flowlang.IsReference(n.Text) {
			return n
		}
		return c.resolveLeaf(f, n)
	case n.Is(source.Array):
		list := &source.Node{Kind: source.Array, Pos: n.Pos}
		for _, item := range n.Items {
			if value := c.resolveTree(f, item); value != nil {
				list.Items = append(list.Items, value)
			}
		}
		return list
	case n.Is(source.Object):
		object := &source.Node{Kind: source.Object, Pos: n.Pos, Members: make([]source.Member, 0, len(n.Members))}
		for _, m := range n.Members {
			if value := c.resolveTree(f, m.Value); value != nil {
				object.Members = append(object.Members, source.Member{Key: m.Key, Pos: m.Pos, Value: value})
			}
		}
		return object
	}
	return n
}

func (c *Contact) resolveLeaf(f *frame, n *source.Node) *source.Node {
	value, _ := c.resolve(f, n.Text)
	if value != "" {
		return &source.Node{Kind: source.String, Pos: n.Pos, Text: value}
	}
	c.rest("unset_attribute")
	switch c.state.Assumptions.UnsetAttribute {
	case UnsetAttributeEmptyString:
		return &source.Node{Kind: source.String, Pos: n.Pos}
	case UnsetAttributeNull:
		return &source.Node{Kind: source.Null, Pos: n.Pos}
	}
	return nil
}

// flatten lists the scalars of a JSON value by dotted path. The value of an object or list itself is the empty text.
// Elements of lists are listed only when indexed is set.
func flatten(value any, indexed bool) map[string]string {
	values := map[string]string{}
	flattenInto(values, "", value, indexed)
	delete(values, "")
	return values
}

func flattenInto(values map[string]string, path string, value any, indexed bool) {
	switch v := value.(type) {
	case map[string]any:
		values[path] = ""
		for _, key := range slices.Sorted(maps.Keys(v)) { // {"a": {"b": 1}, "a.b": 2} has one path twice
			flattenInto(values, join(path, key), v[key], indexed)
		}
	case []any:
		values[path] = ""
		for i, item := range v {
			if indexed {
				flattenInto(values, join(path, itoa(i)), item, indexed)
			}
		}
	case string:
		values[path] = v
	case json.Number:
		values[path] = v.String()
	case bool:
		values[path] = map[bool]string{true: "true", false: "false"}[v]
	case nil:
		values[path] = ""
	}
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}
