package asl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/source"
)

// object reads one object of a definition and reports what is wrong with its fields.
type object struct {
	p        *parser
	node     *source.Node
	location string // JSON pointer
	state    string // the state that the object belongs to
	asked    []string
	jsonata  bool // the state's query language is JSONata
	inCatch  bool
	prefix   string // of the names of its fields in causes: "Catch[0]/"
	home     string // location of the state
}

// get returns the value of a field, nil when it is absent.
func (o *object) get(key string) *source.Node {
	o.asked = append(o.asked, key)
	return o.node.Get(key)
}

// place returns the place of a field, or the object itself for "" and for a field that is absent.
func (o *object) place(key string) place {
	if key == "" {
		location := o.location
		if location == "" {
			location = "/"
		}
		return place{pos: o.node.Place(), location: location}
	}
	at := place{pos: o.node.Place(), location: o.location + "/" + key}
	if n := o.node.Get(key); n != nil {
		at.pos = n.Pos
	}
	return at
}

func (o *object) report(key, code, message, remedy string) {
	o.p.report(o.place(key), code, message, remedy)
}

// wantKind reports a field whose value is of another kind, and says whether it has the wanted one.
func (o *object) wantKind(key string, kind source.Kind) bool {
	n := o.get(key)
	if n.Is(kind) {
		return true
	}
	if n != nil {
		o.report(key, codeSchema, "Expected value of type "+typeNames[kind],
			fmt.Sprintf("Write %s instead of %s.", kind, n.Kind))
	}
	return false
}

// typeNames are what the service calls the kinds of values.
var typeNames = map[source.Kind]string{source.String: "String", source.Bool: "Boolean", source.Array: "Array",
	source.Object: "Object"}

// required reports fields that are absent, and says whether all are there.
func (o *object) required(keys ...string) bool {
	var missing []string
	for _, key := range keys {
		if o.get(key) == nil {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		o.report("", codeSchema, "These fields are required: "+list(missing), "Add the fields.")
	}
	return len(missing) == 0
}

// exactlyOne reports when not exactly one of the fields is there.
func (o *object) exactlyOne(keys ...string) {
	o.atMostOne(keys...)
	if o.count(keys) == 0 {
		o.report("", codeSchema, "This object should have only one of the following fields: "+list(keys),
			"Add one of the fields.")
	}
}

// atMostOne reports when more than one of the fields is there.
func (o *object) atMostOne(keys ...string) {
	if n := o.count(keys); n > 1 {
		o.report("", codeSchema, "There should only be one of the following fields: "+list(keys),
			"Remove the others.")
	}
}

// list writes names as the service does.
func list(names []string) string { return "[" + strings.Join(names, ", ") + "]" }

func (o *object) count(keys []string) int {
	n := 0
	for _, key := range keys {
		if o.node.Get(key) != nil {
			n++
		}
	}
	return n
}

// done reports fields that nobody asked for.
func (o *object) done(alsoKnown ...string) {
	for _, m := range o.node.Members {
		if slices.Contains(o.asked, m.Key) || slices.Contains(alsoKnown, m.Key) {
			continue
		}
		if message := o.foreign(m.Key); message != "" && o.home != "" {
			o.p.report(place{pos: m.Pos, location: o.home}, codeSchema, message,
				"Use the fields of one query language.")
		} else {
			o.p.report(place{pos: m.Pos, location: o.place("").location}, codeSchema,
				fmt.Sprintf("Field '%s' is not supported", m.Key),
				"Remove the field, or correct its name.")
		}
	}
}

// text returns the text of a field, "" when it is absent.
func (o *object) text(key string) string {
	o.wantKind(key, source.String)
	return o.node.Get(key).Str()
}

// int returns a whole number between low and high, nil when it is absent.
func (o *object) int(key string, low, high int64) *int64 {
	n := o.get(key)
	if n == nil {
		return nil
	}
	value, err := strconv.ParseInt(n.Text, 10, 64)
	problem := outside(value, low, high, "%d")
	if n.Kind != source.Number || err != nil {
		problem = "Expected value of type Integer"
	}
	if problem != "" {
		o.report(key, codeSchema, problem, fmt.Sprintf("Write a whole number from %d to %d.", low, high))
		return nil
	}
	return &value
}

// float returns a number between low and high.
func (o *object) float(key string, otherwise, low, high float64) float64 {
	n := o.get(key)
	if n == nil {
		return otherwise
	}
	value, err := strconv.ParseFloat(n.Text, 64)
	problem := outside(value, low, high, "%.1f")
	if n.Kind != source.Number || err != nil {
		problem = "Expected value of type Number"
	}
	if problem != "" {
		o.report(key, codeSchema, problem, fmt.Sprintf("Write a number from %v to %v.", low, high))
		return otherwise
	}
	return value
}

// outside is what the service says of a number that is not between low and high, which it writes in a format; "" when
// the number is.
func outside[Number int64 | float64](value, low, high Number, format string) string {
	switch {
	case value < low:
		return fmt.Sprintf("Minimum value is "+format, low)
	case value > high:
		return fmt.Sprintf("Maximum value is "+format, high)
	}
	return ""
}

func (o *object) timestamp(key string) *time.Time {
	if !o.wantKind(key, source.String) {
		return nil
	}
	at, ok := parseTimestamp(o.node.Get(key).Text)
	if !ok {
		o.report(key, codeSchema, "String does not match RFC3339 timestamp",
			"Write a time such as 2030-01-31T12:00:00Z.")
	}
	return &at
}

// inside reads an object of a field.
func (o *object) inside(n *source.Node, field string) *object {
	return &object{p: o.p, node: n, location: o.location + "/" + field, state: o.state, jsonata: o.jsonata,
		prefix: o.prefix + field + "/", home: o.home}
}

// object returns the object in a field. An absent one reads as empty.
func (o *object) object(key string) *object {
	inner := o.inside(&source.Node{Kind: source.Object, Pos: o.node.Place()}, key)
	if o.wantKind(key, source.Object) {
		inner.node = o.node.Get(key)
	}
	return inner
}

// objects returns the objects in a field that is a list of them.
func (o *object) objects(key string, notEmpty bool) []*object {
	n := o.get(key)
	if n == nil && notEmpty {
		o.required(key)
	}
	if !o.wantKind(key, source.Array) {
		return nil
	}
	if notEmpty && len(n.Items) == 0 {
		o.report(key, codeSchema, "Value cannot be empty", "Add an element.")
	}
	var list []*object
	for i, item := range n.Items {
		inner := o.inside(item, fmt.Sprintf("%s[%d]", key, i))
		if !item.Is(source.Object) {
			inner.report("", codeSchema, "Expected value of type Object", "Write an object.")
			continue
		}
		list = append(list, inner)
	}
	return list
}

// texts returns the texts in a field that is a list of them.
func (o *object) texts(key string) []string {
	if !o.wantKind(key, source.Array) {
		return nil
	}
	var list []string
	for _, item := range o.node.Get(key).Items {
		if !item.Is(source.String) {
			o.report(key, codeSchema, "Expected value of type String", "Write strings only.")
			return nil
		}
		list = append(list, item.Text)
	}
	return list
}
