package dynamodb

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// value is the value of an attribute. It is not written to once it is made.
type value struct {
	kind    string // S, N, B, BOOL, NULL, SS, NS, BS, L or M
	text    string // of S, N and B (in Base64)
	truth   bool   // of BOOL and NULL
	set     []string
	list    []value
	members map[string]value
}

// item is what a table holds: attributes by name.
type item = map[string]value

// data returns what the value holds, as it is written in JSON after its kind.
func (v value) data() any {
	switch v.kind {
	case "S", "N", "B":
		return v.text
	case "BOOL", "NULL":
		return v.truth
	case "L":
		return v.list
	case "M":
		return v.members
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
	if len(kinds) != 1 {
		return errors.New("Supplied AttributeValue has more than one datatypes set, must contain exactly one of " +
			"the supported datatypes")
	}
	for kind, data := range kinds {
		v.kind = kind
		if err := json.Unmarshal(data, v.target()); err != nil {
			return fmt.Errorf("the data of an attribute of type %s do not fit it", kind)
		}
	}
	return v.check()
}

// target returns where the data of the value's kind belong.
func (v *value) target() any {
	switch v.kind {
	case "S", "N", "B":
		return &v.text
	case "BOOL", "NULL":
		return &v.truth
	case "L":
		v.list = []value{}
		return &v.list
	case "M":
		v.members = item{}
		return &v.members
	}
	return &v.set
}

// check makes numbers canonical, and refuses what no attribute can hold.
func (v *value) check() (err error) {
	switch v.kind {
	case "N":
		v.text, err = canonical(v.text)
		return err
	case "SS", "NS", "BS":
		return v.checkSet()
	case "S", "B", "BOOL", "NULL", "L", "M":
		return nil
	}
	return errors.New("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

func (v *value) checkSet() (err error) {
	for i := range v.set {
		if v.kind != "NS" {
			continue
		}
		if v.set[i], err = canonical(v.set[i]); err != nil {
			return err
		}
	}
	slices.Sort(v.set)
	if len(v.set) == 0 {
		return errors.New("One or more parameter values were invalid: An set may not be empty")
	}
	if len(slices.Compact(slices.Clone(v.set))) != len(v.set) {
		return errors.New("One or more parameter values were invalid: Input collection contains duplicates.")
	}
	return nil
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
		return v.number().Cmp(w.number()), true
	case "S", "B":
		return strings.Compare(v.text, w.text), true
	}
	return 0, false
}

// number is the number of an N.
func (v value) number() *big.Rat {
	n, _ := new(big.Rat).SetString(v.text) // was checked when the value was read
	return n
}

// A number has up to 38 digits, and an exponent from -130 to 125 (developer guide, supported data types).
var numberForm = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

const maxDigits = 38

// canonical writes a number without exponent and needless zeros, so that equal numbers have equal texts.
func canonical(text string) (string, error) {
	n, ok := new(big.Rat), false
	if numberForm.MatchString(text) && len(text) <= 3*maxDigits {
		n, ok = n.SetString(text)
	}
	if !ok {
		return "", fmt.Errorf("The parameter cannot be converted to a numeric value: %s", text)
	}
	return decimal(n)
}

// decimal writes a number that was made of decimal ones.
func decimal(n *big.Rat) (string, error) {
	const finest = 130
	text := n.FloatString(finest)
	text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	digits := strings.Trim(strings.Replace(strings.TrimPrefix(text, "-"), ".", "", 1), "0")
	if len(digits) > maxDigits {
		return "", errors.New("Attempting to store more than 38 significant digits in a Number")
	}
	return text, nil
}
