package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// request is a request about items of one table. Each operation looks at its own parameters only.
type request struct {
	TableName *string
	IndexName *string
	Key       item
	Item      item

	expressions
	legacy

	Select            string
	Limit             *int
	ExclusiveStartKey item
	ScanIndexForward  *bool
	Segment           *int
	TotalSegments     *int
	ConsistentRead    bool

	ReturnValues                        string
	ReturnConsumedCapacity              string
	ReturnItemCollectionMetrics         string
	ReturnValuesOnConditionCheckFailure string

	parsed
}

// parsed is what the expressions of a request say.
type parsed struct {
	condition condition
	changes   []change
	shown     []path // what a projection asks for; nil for everything
	keyTests  []keyTest
	filter    condition
	filtered  []string // the attributes that the filter is about
}

// Error is a refusal with DynamoDB's own code.
type Error struct {
	Code    string
	Message string
	Item    json.RawMessage // of ConditionalCheckFailedException, when it was asked for
	Reasons json.RawMessage // of TransactionCanceledException, one for each action
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func invalid(message string) *Error { return &Error{Code: "ValidationException", Message: message} }

// errNoTable is the refusal of a request to a table that does not exist.
var errNoTable = &Error{Code: "ResourceNotFoundException", Message: "Requested resource not found"}

// decode reads a request.
func decode(body []byte, into any) error {
	if depth(body) > 3*maxNesting { // each level of an item is two of JSON, and there are some around it
		return errNesting
	}
	err := json.Unmarshal(body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		what := "The request"
		if wrong.Field != "" {
			what = "The parameter " + wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
		}
		return unreadable(fmt.Sprintf("%s cannot be a JSON %s", what, wrong.Value))
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return unreadable("The request is not JSON: " + err.Error())
	}
	if err != nil {
		return invalid(err.Error())
	}
	return nil
}

// unreadable refuses a request that is not the JSON that its operation takes.
func unreadable(message string) *Error {
	return &Error{Code: "SerializationException", Message: message}
}

// prepare checks a request as far as that needs no table, and reads the expressions that its operation has.
func (r *request) prepare(kinds ...string) error {
	if err := r.check(); err != nil {
		return err
	}
	return r.read(kinds)
}

// check refuses parameters that break the service's model.
func (r *request) check() error {
	var p problems
	p.tableName(r.TableName)
	p.enum("returnConsumedCapacity", r.ReturnConsumedCapacity, "INDEXES", "TOTAL", "NONE")
	p.enum("returnItemCollectionMetrics", r.ReturnItemCollectionMetrics, "SIZE", "NONE")
	p.enum("returnValues", r.ReturnValues, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	p.enum("select", r.Select, "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	p.enum("conditionalOperator", r.ConditionalOperator, "OR", "AND")
	if r.IndexName != nil {
		p.name("indexName", *r.IndexName, minName)
	}
	return p.err()
}

// tableNamed returns the name in the ARN of a table, every other text as it is, and "" for none.
func tableNamed(text *string) string {
	if text == nil {
		return ""
	}
	if name, ok := tableOf(*text); ok {
		return name
	}
	return *text
}

// tableOf returns the name in the ARN of a table; ok is false for every other text.
func tableOf(arn string) (name string, ok bool) {
	_, name, ok = strings.Cut(arn, ":table/")
	return name, ok && strings.HasPrefix(arn, "arn:")
}

// problems are the breaches of the service's model that a request has. It reports all of them at once.
type problems []string

func (p *problems) add(value, member, constraint string) {
	*p = append(*p, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", value, member, constraint))
}

// null reports a member that is missing.
func (p *problems) null(member string) { p.add("null", member, "Member must not be null") }

// enum reports a member that is given and is none of the values.
func (p *problems) enum(member, value string, values ...string) {
	if value != "" && !slices.Contains(values, value) {
		p.add("'"+value+"'", member, "Member must satisfy enum value set: ["+strings.Join(values, ", ")+"]")
	}
}

// atLeast reports a number that is too small.
func (p *problems) atLeast(member string, n, least int) {
	if n < least {
		p.add(fmt.Sprintf("'%d'", n), member, fmt.Sprintf("Member must have value greater than or equal to %d", least))
	}
}

// atMost reports a number that is too large.
func (p *problems) atMost(member string, n, most int) {
	if n > most {
		p.add(fmt.Sprintf("'%d'", n), member, fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

// The lengths of names of tables that are created, and of indexes (developer guide, naming rules).
const minName, maxName = 3, 255

// tableName reports what is wrong with the name of a table that a request is about.
func (p *problems) tableName(name *string) {
	if name == nil {
		p.null("tableName")
		return
	}
	p.name("tableName", tableNamed(name), 1)
}

// name reports what is wrong with a name.
func (p *problems) name(member, name string, shortest int) {
	quoted := "'" + name + "'"
	switch {
	case len(name) < shortest:
		p.add(quoted, member, fmt.Sprintf("Member must have length greater than or equal to %d", shortest))
	case len(name) > maxName:
		p.add(quoted, member, fmt.Sprintf("Member must have length less than or equal to %d", maxName))
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != "":
		p.add(quoted, member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
}

func (p problems) err() error {
	switch len(p) {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: " + p[0])
	}
	return invalid(fmt.Sprintf("%d validation errors detected: %s", len(p), strings.Join(p, "; ")))
}

// nullAt is the refusal of a request that lacks a member.
func nullAt(member string) error {
	var p problems
	p.null(member)
	return p.err()
}

// maxNesting is how deep lists and maps of an item may nest (developer guide, service quotas).
const maxNesting = 32

var errNesting = invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels " +
	"beyond supported limit")

// depth is how deep a JSON text nests.
func depth(text []byte) (deepest int) {
	level, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			level++
			deepest = max(deepest, level)
		case !quoted && (c == '}' || c == ']'):
			level--
		}
	}
	return deepest
}
