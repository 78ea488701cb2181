package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/deploy"
)

// difference is a property that is not as it should be.
type difference struct {
	path        string // such as Timeout or Environment.Variables.RESULTS_TABLE
	want, found any    // nil for none
}

// comparison compares what should be with what was found. A variable whose value is not known takes the value that it
// is met with first, and must have the same everywhere else.
type comparison struct {
	values         map[string]string // of variables
	whole, ordered bool              // objects have no other members, lists are in this order
	differences    []difference
}

func (c *comparison) differ(path string, want, found any) {
	c.differences = append(c.differences, difference{path: path, want: c.filled(want), found: found})
}

func (c *comparison) compare(path string, want, found any) {
	switch want := want.(type) {
	case deploy.Document:
		inner := &comparison{values: c.values, whole: true, ordered: true}
		inner.compare(path, want.JSON, read(found))
		c.differences = append(c.differences, inner.differences...)
	case deploy.Whole:
		inner := &comparison{values: c.values, whole: true}
		inner.compare(path, map[string]any(want), read(found))
		c.differences = append(c.differences, inner.differences...)
	case map[string]any:
		c.object(path, want, found)
	case []any:
		c.list(path, want, found)
	default:
		if !c.same(want, found) && !c.sameDocument(path, want, found) {
			c.differ(path, want, found)
		}
	}
}

// read is the value of a JSON text, and everything else as it is.
func read(found any) any {
	text, ok := found.(string)
	if !ok {
		return found
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return found
	}
	return value
}

// sameDocument compares two texts that are JSON objects by what is in them.
func (c *comparison) sameDocument(path string, want, found any) bool {
	wanted, ok := read(want).(map[string]any)
	there, also := read(found).(map[string]any)
	if ok && also {
		inner := &comparison{values: c.values, whole: true, ordered: true}
		inner.object(path, wanted, there)
		c.differences = append(c.differences, inner.differences...)
	}
	return ok && also
}

func (c *comparison) object(path string, want map[string]any, found any) {
	there, ok := found.(map[string]any)
	if !ok {
		c.differ(path, want, found)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		c.compare(join(path, key), want[key], there[key])
	}
	for _, key := range slices.Sorted(maps.Keys(there)) {
		if _, wanted := want[key]; c.whole && !wanted {
			c.differ(join(path, key), nil, there[key])
		}
	}
}

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

func (c *comparison) list(path string, want []any, found any) {
	there, ok := found.([]any)
	if text, single := found.(string); single && !c.ordered { // as policies may have one
		there, ok = []any{text}, true
	}
	key := keyOf(want)
	switch {
	case !ok:
		c.differ(path, want, found)
	case key != "" && !c.ordered:
		c.keyed(path, key, want, there)
	case len(want) != len(there):
		c.differ(path, want, found)
	case c.ordered || !areTexts(want):
		for i := range want {
			c.compare(fmt.Sprintf("%s[%d]", path, i), want[i], there[i])
		}
	case !c.sameTexts(want, there):
		c.differ(path, want, found)
	}
}

// keyOf is the member that tells the objects of a list apart, "" when there is none.
func keyOf(list []any) string {
	for _, key := range []string{"Sid", "Id", "Name", "AttributeName"} {
		if len(list) > 0 && !slices.ContainsFunc(list, func(item any) bool {
			o, _ := item.(map[string]any)
			_, ok := o[key].(string)
			return !ok
		}) {
			return key
		}
	}
	return ""
}

// keyed compares lists of objects that a member tells apart. What has an Id, as targets have, may have more beside it.
func (c *comparison) keyed(path, key string, want, there []any) {
	rest := slices.Clone(there)
	for _, item := range want {
		name := item.(map[string]any)[key]
		at := fmt.Sprintf("%s[%v]", path, name)
		i := slices.IndexFunc(rest, func(found any) bool {
			o, _ := found.(map[string]any)
			return o[key] == name
		})
		if i < 0 {
			c.differ(at, item, nil)
			continue
		}
		c.compare(at, item, rest[i])
		rest = slices.Delete(rest, i, i+1)
	}
	for _, item := range rest {
		if o, _ := item.(map[string]any); key != "Id" {
			c.differ(fmt.Sprintf("%s[%v]", path, o[key]), nil, item)
		}
	}
}

func areTexts(list []any) bool {
	return !slices.ContainsFunc(list, func(item any) bool {
		switch item.(type) {
		case string, deploy.Pattern:
			return false
		}
		return true
	})
}

// sameTexts compares lists of texts without regard to order: first those that are known.
func (c *comparison) sameTexts(want, there []any) bool {
	rest := slices.Clone(there)
	for _, known := range []bool{true, false} {
		for _, item := range want {
			if _, text := item.(string); text != known {
				continue
			}
			i := slices.IndexFunc(rest, func(found any) bool { return c.same(item, found) })
			if i < 0 {
				return false
			}
			rest = slices.Delete(rest, i, i+1)
		}
	}
	return true
}

// same compares two values that have no parts. What is not set is false, or empty.
func (c *comparison) same(want, found any) bool {
	if pattern, ok := want.(deploy.Pattern); ok {
		return c.matches(pattern, scalar(found))
	}
	if found == nil || want == nil {
		return found == want || want == false || want == ""
	}
	return scalar(want) == scalar(found)
}

// scalar is a value as text: services tell numbers and truth values in either form.
func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int, bool:
		return fmt.Sprint(v)
	}
	return shown(v)
}

// matches compares a text with a pattern. When it matches, the variables of the pattern take their values from it.
func (c *comparison) matches(pattern deploy.Pattern, found string) bool {
	var expression strings.Builder
	var variables []string
	for _, part := range pattern {
		value, known := c.values[part.Variable]
		switch {
		case part.Variable == "":
			expression.WriteString(regexp.QuoteMeta(part.Literal))
		case known:
			expression.WriteString(regexp.QuoteMeta(value))
		default:
			variables = append(variables, part.Variable)
			expression.WriteString("(.*)") // some variables may be empty
		}
	}
	values := regexp.MustCompile("^" + expression.String() + "$").FindStringSubmatch(found)
	if values == nil {
		return false
	}
	for i, variable := range variables {
		c.values[variable] = values[i+1]
	}
	return true
}

// filled is a value with the values of the variables in it, ${NAME} for those that are not known.
func (c *comparison) filled(want any) any {
	switch want := want.(type) {
	case deploy.Pattern:
		var b strings.Builder
		for _, part := range want {
			value, known := c.values[part.Variable]
			if part.Variable != "" && !known {
				value = "${" + part.Variable + "}"
			}
			b.WriteString(part.Literal + value)
		}
		return b.String()
	case deploy.Document:
		return c.filled(want.JSON)
	case deploy.Whole:
		return c.filled(map[string]any(want))
	case map[string]any:
		out := map[string]any{}
		for key, member := range want {
			out[key] = c.filled(member)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range want {
			out = append(out, c.filled(item))
		}
		return out
	}
	return want
}

// mostShown is how many characters of a value are shown; cut ends what is longer.
const (
	mostShown = 100
	cut       = "…"
)

// shown is a value as people read it.
func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if runes := []rune(string(text)); len(runes) > mostShown {
		return string(runes[:mostShown]) + cut
	}
	return string(text)
}
