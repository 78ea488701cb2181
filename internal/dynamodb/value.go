package dynamodb

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// value is the value of an attribute. It is not written to once it is made.
type value struct {
	kind    string   // S, N, B, BOOL, NULL, SS, NS, BS, L or M
	text    string   // of S and N; the bytes of B
	truth   bool     // of BOOL and NULL
	set     []string // as text
	list    []value
	members map[string]value
}

// item is what a table holds: attributes by name.
type item = map[string]value

// data returns what the value holds, as it is written in JSON after its kind.
func (v value) data() any {
	switch v.kind {
	case "S", "N":
		return v.text
	case "B":
		return []byte(v.text)
	case "BOOL", "NULL":
		return v.truth
	case "L":
		return v.list
	case "M":
		return v.members
	case "BS":
		set := make([][]byte, len(v.set))
		for i, element := range v.set {
			set[i] = []byte(element)
		}
		return set
	}
	return v.set
}

// MarshalJSON writes the value as DynamoDB does: {"S": "text"}.
func (v value) MarshalJSON() ([]byte, error) { return encode(map[string]any{v.kind: v.data()}) }

// encode writes JSON in which only what must be is escaped.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// UnmarshalJSON reads a value with exactly one kind.
func (v *value) UnmarshalJSON(text []byte) error {
	var kinds map[string]json.RawMessage
	if err := json.Unmarshal(text, &kinds); err != nil {
		return err
	}
	if len(kinds) > 1 {
		return errors.New("Supplied AttributeValue has more than one datatypes set, must contain exactly one of " +
			"the supported datatypes")
	}
	for kind, data := range kinds {
		v.kind = kind
		if err := v.read(data); err != nil {
			return err
		}
	}
	return v.check()
}

// read reads the data of the value's kind.
func (v *value) read(data []byte) (err error) {
	switch v.kind {
	case "S", "N":
		err = json.Unmarshal(data, &v.text)
	case "B":
		var b []byte
		err = json.Unmarshal(data, &b)
		v.text = string(b)
	case "BOOL", "NULL":
		err = json.Unmarshal(data, &v.truth)
	case "L":
		v.list = []value{}
		return json.Unmarshal(data, &v.list)
	case "M":
		v.members = item{}
		return json.Unmarshal(data, &v.members)
	case "SS", "NS":
		err = json.Unmarshal(data, &v.set)
	case "BS":
		var set [][]byte
		err = json.Unmarshal(data, &set)
		for _, element := range set {
			v.set = append(v.set, string(element))
		}
	}
	if err != nil {
		return fmt.Errorf("An attribute value of type %s must be %s", v.kind, forms[v.kind])
	}
	return nil
}

// forms are how the data of a value are written, by its kind.
var forms = map[string]string{
	"S": "a string", "N": `a string, such as {"N": "5"}`, "B": "a string in Base64", "BOOL": "true or false",
	"NULL": "true", "SS": "a list of strings", "NS": "a list of strings", "BS": "a list of strings in Base64",
}

// check makes numbers canonical, and refuses what no attribute can hold.
func (v *value) check() (err error) {
	switch v.kind {
	case "N":
		v.text, err = canonical(v.text)
		return err
	case "SS", "NS", "BS":
		return v.checkSet()
	case "NULL":
		if !v.truth {
			return errors.New(badValue + "Null attribute value types must have the value of true")
		}
		return nil
	case "S", "B", "BOOL", "L", "M":
		return nil
	}
	return errors.New("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

// badValue begins many of the service's refusals.
const badValue = "One or more parameter values were invalid: "

// emptySets are the refusals of sets without elements, by kind.
var emptySets = map[string]string{
	"SS": "An string set  may not be empty",
	"NS": "An number set  may not be empty",
	"BS": "Binary sets should not be empty",
}

func (v *value) checkSet() (err error) {
	if len(v.set) == 0 {
		return errors.New(badValue + emptySets[v.kind])
	}
	given := strings.Join(v.set, ", ")
	for i := range v.set {
		if v.kind != "NS" {
			continue
		}
		if v.set[i], err = canonical(v.set[i]); err != nil {
			return err
		}
	}
	slices.Sort(v.set)
	if len(slices.Compact(slices.Clone(v.set))) == len(v.set) {
		return nil
	}
	return errors.New(badValue + "Input collection [" + given + "] contains duplicates.")
}

func (v value) equal(w value) bool {
	return v.kind == w.kind && v.text == w.text && v.truth == w.truth && slices.Equal(v.set, w.set) &&
		slices.EqualFunc(v.list, w.list, value.equal) && maps.EqualFunc(v.members, w.members, value.equal)
}

// compare orders two texts, numbers or binaries. ok is false for everything else.
func (v value) compare(w value) (order int, ok bool) {
	if v.kind != w.kind {
		return 0, false
	}
	switch v.kind {
	case "N":
		return strings.Compare(v.open(), w.open()), true
	case "S", "B":
		return strings.Compare(v.text, w.text), true
	}
	return 0, false
}

// size is how many bytes a value takes in an item (developer guide, item sizes and formats).
func (v value) size() int {
	const collection, element = 3, 1
	switch v.kind {
	case "N":
		n, _ := parseNumber(v.text) // was checked when the value was read
		return n.size()
	case "BOOL", "NULL":
		return 1
	case "L":
		size := collection
		for _, e := range v.list {
			size += e.size() + element
		}
		return size
	case "M":
		return collection + element*len(v.members) + sizeOf(v.members)
	}
	size := len(v.text)
	for _, e := range v.set {
		size += value{kind: v.kind[:1], text: e}.size()
	}
	return size
}

// nesting is how many lists and maps are around what is deepest in a value.
func (v value) nesting() (levels int) {
	for _, e := range v.list {
		levels = max(levels, e.nesting())
	}
	for _, e := range v.members {
		levels = max(levels, e.nesting())
	}
	if v.kind == "L" || v.kind == "M" {
		levels++
	}
	return levels
}

// sizeOf is how many bytes an item takes.
func sizeOf(it item) (size int) {
	for name, v := range it {
		size += len(name) + v.size()
	}
	return size
}
