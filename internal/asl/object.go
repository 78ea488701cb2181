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
	refused  bool // the state is one that this engine does not run; its other fields are of no interest
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
		o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be %s, but is %s", key, kind, n.Kind),
			"Correct the value.")
	}
	return false
}

// required reports fields that are absent, and says whether all are there.
func (o *object) required(keys ...string) bool {
	var missing []string
	for _, key := range keys {
		if o.get(key) == nil {
			missing = append(missing, key)
		}
	}
	if len(missing) > 0 {
		o.report("", codeSchema, "These fields are required: ["+strings.Join(missing, ", ")+"]", "Add the fields.")
	}
	return len(missing) == 0
}

// exactlyOne reports when not exactly one of the fields is there.
func (o *object) exactlyOne(keys ...string) {
	if n := o.count(keys); n != 1 {
		o.report("", codeSchema, fmt.Sprintf("Exactly one of %s is required", strings.Join(keys, ", ")),
			"Write one of the fields.")
	}
}

// atMostOne reports when more than one of the fields is there.
func (o *object) atMostOne(keys ...string) {
	if n := o.count(keys); n > 1 {
		o.report("", codeSchema, fmt.Sprintf("Only one of %s is allowed", strings.Join(keys, ", ")),
			"Remove the others.")
	}
}

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
	if o.refused {
		return
	}
	for _, m := range o.node.Members {
		if slices.Contains(o.asked, m.Key) || slices.Contains(alsoKnown, m.Key) {
			continue
		}
		if message := o.foreign(m.Key); message != "" && o.home != "" {
			o.p.report(place{pos: m.Pos, location: o.home}, codeSchema, message,
				"Use the fields of one query language.")
		} else {
			o.p.report(place{pos: m.Pos, location: o.location + "/" + m.Key}, codeSchema,
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
	if n.Kind != source.Number || err != nil || value < low || value > high {
		o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be a whole number from %d to %d", key, low, high),
			"Correct the number.")
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
	if n.Kind != source.Number || err != nil || value < low || value > high {
		o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be a number from %v to %v", key, low, high),
			"Correct the number.")
		return otherwise
	}
	return value
}

func (o *object) timestamp(key string) *time.Time {
	if !o.wantKind(key, source.String) {
		return nil
	}
	at, ok := parseTimestamp(o.node.Get(key).Text)
	if !ok {
		o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be an ISO 8601 date and time with an offset", key),
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
	o.wantKind(key, source.Array)
	if notEmpty && (n == nil || len(n.Items) == 0) {
		o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be an array with at least one element", key),
			"Add an element.")
	}
	if n == nil {
		return nil
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
			o.report(key, codeSchema, fmt.Sprintf("The field '%s' must be an array of strings", key), "Write strings.")
			return nil
		}
		list = append(list, item.Text)
	}
	return list
}
