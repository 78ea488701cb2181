package dynamodb

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// expressions are the parts of a request that are written in DynamoDB's expression language.
type expressions struct {
	ConditionExpression       string
	UpdateExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]value

	used map[string]bool // placeholders that an expression has
}

// request is a request of any of the operations. A field that an operation does not know is refused.
type request struct {
	TableName    string
	Key          item
	Item         item
	ReturnValues string
	expressions

	// Accepted, since clients send them, and without effect here: reads are always consistent and nothing is billed.
	ConsistentRead                      bool
	ReturnConsumedCapacity              string
	ReturnItemCollectionMetrics         string
	ReturnValuesOnConditionCheckFailure string
}

// Error is a refusal with DynamoDB's own code.
type Error struct {
	Code    string
	Message string
	Item    json.RawMessage // of ConditionalCheckFailedException, when it was asked for
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func invalid(message string) *Error { return &Error{Code: "ValidationException", Message: message} }

func parseRequest(body []byte) (*request, error) {
	r := &request{expressions: expressions{used: map[string]bool{}}}
	if depth(body) > 2*maxNesting+3 { // each level of an item is two of JSON
		return nil, invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested " +
			"levels beyond supported limit")
	}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, invalid(err.Error())
	}
	if r.TableName == "" {
		return nil, nullAt("tableName")
	}
	return r, nil
}

// maxNesting is how deep lists and maps of an item may nest (developer guide, service quotas).
const maxNesting = 32

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

func nullAt(field string) error {
	return invalid(fmt.Sprintf("1 validation error detected: Value null at '%s' failed to satisfy constraint: "+
		"Member must not be null", field))
}

// checkUsed refuses placeholders that no expression has.
func (e *expressions) checkUsed() error {
	for field, given := range map[string][]string{
		"ExpressionAttributeNames":  slices.Sorted(maps.Keys(e.ExpressionAttributeNames)),
		"ExpressionAttributeValues": slices.Sorted(maps.Keys(e.ExpressionAttributeValues)),
	} {
		unused := slices.DeleteFunc(given, func(name string) bool { return e.used[name] })
		if len(unused) > 0 {
			return invalid(fmt.Sprintf("Value provided in %s unused in expressions: keys: {%s}",
				field, strings.Join(unused, ", ")))
		}
	}
	return nil
}

// projection returns the part of an item that a projection expression asks for.
func (e *expressions) projection() (func(item) item, error) {
	if e.ProjectionExpression == "" {
		return func(it item) item { return it }, nil
	}
	s := e.scan("ProjectionExpression", e.ProjectionExpression)
	paths := []path{s.path()}
	for s.accept(",") {
		paths = append(paths, s.path())
	}
	return func(it item) item { return project(it, paths) }, s.end()
}

// project keeps what the paths lead to. Elements of lists move up to the front of a shorter list, as in the service.
func project(it item, paths []path) item {
	kept := item{}
	for _, p := range paths {
		if v, ok := p.in(it); ok {
			kept = p.graft(value{kind: "M", members: kept}, v).members
		}
	}
	return kept
}

// graft puts v where the path leads to, making the maps and lists on the way.
func (p path) graft(into, v value) value {
	if len(p) == 0 {
		return v
	}
	if p[0].name != "" {
		return value{kind: "M", members: into.members}.with(p[0], p[1:].graft(into.members[p[0].name], v), true)
	}
	return value{kind: "L", list: append(slices.Clone(into.list), p[1:].graft(value{}, v))}
}
