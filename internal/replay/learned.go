package replay

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// learned is what the entries of a call show of values that nobody else knows: the log has texts and parameters with
// their references filled in.
type learned struct {
	attributes map[string]string         // of the contact, before the flow
	number     string                    // of the caller
	data       map[int]map[string]string // by entry: what its action read that came from outside, by reference
	keys       map[int]string            // by entry: what was typed there
	shown      map[int]bool              // by entry: something shows what was typed there
	lost       map[string]bool           // namespaces that something filled before the log begins, and nothing since
}

// known are the values that a contact works out by itself, if it goes the way of the log.
var known = []string{"FlowAttributes", "External", "LambdaInvocation", flowlang.Loop, "Modules", "ContactId",
	"InitialContactId", "PreviousContactId", "Channel", "InitiationMethod", "InstanceARN", "AwsRegion"}

// learn reads what the entries show, with the action of each, nil where it is not known, and which entry each repeats.
// Where earlier ones are missing the flow knows more than they say.
func learn(entries []Entry, actions []*flowlang.Action, again []int, isMissing bool) *learned {
	l := &learned{attributes: map[string]string{}, data: map[int]map[string]string{}, keys: map[int]string{},
		shown: map[int]bool{}, lost: map[string]bool{}}
	for _, namespace := range []string{"External", "FlowAttributes", "Modules", "StoredCustomerInput"} {
		l.lost[namespace] = isMissing
	}
	current := map[string]string{} // attributes, as the log has them so far
	for i, e := range entries {
		a := actions[i]
		if a == nil || again[i] >= 0 && a.Is("StoreInput") {
			continue
		}
		switch {
		case !a.Is("StoreInput"):
		case e.Results == "":
			l.keys[i] = "" // not known yet
		case scenario.IsKeys(e.Results):
			l.keys[i], l.shown[i] = e.Results, true
		}
		for _, p := range pairsOf(e, a) {
			for reference, value := range match(p.written, p.logged) {
				l.add(i, reference, value, current)
			}
		}
		l.fills(a)
		for _, set := range settings(e) {
			switch a.Type {
			case flowlang.UpdateContactAttributes:
				current[set.Key] = set.Value
			case flowlang.UpdateFlowAttributes:
				l.lost["FlowAttributes."+set.Key] = false
			}
		}
	}
	for i := range l.keys {
		l.keys[i] = complete(l.keys[i], actions[i])
	}
	return l
}

// fills notes that an action has replaced what was there before the log begins.
func (l *learned) fills(a *flowlang.Action) {
	switch {
	case a.Has(flowlang.FillsReply):
		l.lost["External"] = false
	case a.Type == flowlang.InvokeFlowModule, a.Type == flowlang.EndFlowModuleExecution:
		clear(l.lost) // in a module, and after it, there are others
	case a.Is("StoreInput"):
		l.lost["StoredCustomerInput"] = false
	}
}

// actionOf is the action that an entry names, nil where no flow has it.
func actionOf(e Entry, flows []*flow.Flow, of logged) *flowlang.Action {
	for _, f := range flows {
		if a := f.Action(e.Identifier); a != nil && of.has(e, f) {
			return a
		}
	}
	return nil
}

func (l *learned) add(i int, reference, value string, attributes map[string]string) {
	path, _ := flowlang.ReadReference(reference)
	switch name := strings.Join(path[1:], "."); {
	case value == "":
	case l.isLost(path):
		l.put(i, reference, value)
	case slices.Contains(known, path[0]):
	case path[0] == "Attributes":
		if _, isSet := attributes[name]; !isSet {
			attributes[name], l.attributes[name] = value, value
		} else if attributes[name] != value {
			attributes[name] = value
			l.put(i, reference, value)
		}
	case path[0] == "CustomerEndpoint" && name == "Address":
		l.number = value
	case path[0] == "StoredCustomerInput":
		l.store(i, value)
	default:
		l.put(i, reference, value)
	}
}

// isLost reports whether a value was there before the log begins, and nothing has replaced it since.
func (l *learned) isLost(path []string) bool {
	lost, replaced := l.lost[strings.Join(path, ".")]
	return l.lost[path[0]] && (lost || !replaced)
}

func (l *learned) put(i int, reference, value string) {
	if l.data[i] == nil {
		l.data[i] = map[string]string{}
	}
	l.data[i][reference] = value
}

// store notes what was typed at the latest input before an entry.
func (l *learned) store(before int, value string) {
	latest := -1
	for i := range l.keys {
		if i < before {
			latest = max(latest, i)
		}
	}
	if latest >= 0 && l.keys[latest] == "" {
		l.keys[latest], l.shown[latest] = value, true
	}
}

// complete is what was typed so that an input has a value: its digits, and the end of the input where it is not full.
// Where nobody knows the digits they are zeros: nothing in the log depends on them.
func complete(value string, a *flowlang.Action) string {
	if value == noInput {
		return ""
	}
	most := a.Param("InputValidation").Get("CustomValidation").Get("MaximumLength").Scalar()
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, value)
	if digits == "" {
		digits = "0000"
		if n, err := strconv.Atoi(most); err == nil && n > 0 && n < len(digits) {
			digits = digits[:n]
		}
	}
	if most == strconv.Itoa(len(digits)) {
		return digits
	}
	if end := a.Param("DTMFConfiguration").Get("InputTerminationSequence").Scalar(); end != "" {
		return digits + end
	}
	return digits + "#"
}

// pair is a parameter as the flow has it and as the log does.
type pair struct{ written, logged string }

// setting is an attribute that an entry sets.
type setting struct{ Key, Value string }

// settings are the attributes that an entry sets: one object, or a list where there are several.
func settings(e Entry) []setting {
	var several []setting
	if json.Unmarshal(e.Parameters, &several) == nil {
		return several
	}
	var one setting
	if json.Unmarshal(e.Parameters, &one) != nil || one.Key == "" {
		return nil
	}
	return []setting{one}
}

// pairsOf are the parameters of an action that its entry has.
func pairsOf(e Entry, a *flowlang.Action) []pair {
	switch a.Type {
	case flowlang.UpdateContactAttributes:
		return settingPairs(e, a.Param("Attributes"), (*source.Node).Scalar)
	case flowlang.UpdateFlowAttributes:
		return settingPairs(e, a.Param("FlowAttributes"),
			func(n *source.Node) string { return n.Get("Value").Scalar() })
	case flowlang.Compare:
		return []pair{{written: a.Text("ComparisonValue"), logged: e.parameter("Value")}}
	case flowlang.InvokeLambdaFunction:
		return memberPairs(json.RawMessage(e.parameter("Parameters")), a.Param("LambdaInvocationAttributes"))
	}
	pairs := memberPairs(e.Parameters, a.Parameters)
	if ssml := a.Text("SSML"); ssml != "" {
		pairs = append(pairs, pair{written: ssml, logged: e.parameter("Text")})
	}
	return pairs
}

func settingPairs(e Entry, written *source.Node, text func(*source.Node) string) []pair {
	var pairs []pair
	for _, s := range settings(e) {
		if node := written.Get(s.Key); node != nil {
			pairs = append(pairs, pair{written: text(node), logged: s.Value})
		}
	}
	return pairs
}

// memberPairs are the members that a logged object and a written one both have, where they are texts.
func memberPairs(logged json.RawMessage, written *source.Node) []pair {
	var members map[string]json.RawMessage
	if json.Unmarshal(logged, &members) != nil || !written.Is(source.Object) {
		return nil
	}
	var pairs []pair
	for _, m := range written.Members {
		value, ok := members[m.Key]
		switch {
		case !ok:
		case m.Value.Is(source.Object):
			pairs = append(pairs, memberPairs(value, m.Value)...)
		case m.Value.Is(source.String):
			pairs = append(pairs, pair{written: m.Value.Text, logged: plainText(value)})
		}
	}
	return pairs
}

// match finds the values of the references in a text that was filled in. They are nil where the texts do not fit
// together.
func match(written, filled string) map[string]string {
	if !strings.Contains(written, "$") {
		return nil
	}
	var pattern strings.Builder
	var references []string
	rest := written
	for rest != "" {
		at := strings.IndexByte(rest, '$')
		if at < 0 {
			break
		}
		_, n := flowlang.ReadReference(rest[at:])
		if n == 0 {
			pattern.WriteString(regexp.QuoteMeta(rest[:at+1]))
			rest = rest[at+1:]
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(rest[:at]) + "(.*?)")
		references = append(references, rest[at:at+n])
		rest = rest[at+n:]
	}
	re, err := regexp.Compile("^(?s:" + pattern.String() + regexp.QuoteMeta(rest) + ")$")
	if err != nil { // a text of an enormous length
		return nil
	}
	found := re.FindStringSubmatch(filled)
	if found == nil {
		return nil
	}
	values := map[string]string{}
	for i, reference := range references {
		if found[i+1] != reference { // which Connect left as it was
			values[reference] = found[i+1]
		}
	}
	return values
}
