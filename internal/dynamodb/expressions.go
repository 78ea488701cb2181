package dynamodb

import (
	"fmt"
	"slices"
	"strings"
)

// expressions are the parts of a request that are written in DynamoDB's expression language.
type expressions struct {
	ConditionExpression       *string
	UpdateExpression          *string
	ProjectionExpression      *string
	KeyConditionExpression    *string
	FilterExpression          *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]value

	used map[string]bool // placeholders that an expression has
}

// The kinds of expressions, as the parameters are named.
const (
	conditionKind  = "ConditionExpression"
	updateKind     = "UpdateExpression"
	projectionKind = "ProjectionExpression"
	keyKind        = "KeyConditionExpression"
	filterKind     = "FilterExpression"
)

// text returns the expression of a kind, nil when it is not given.
func (e *expressions) text(kind string) *string {
	switch kind {
	case conditionKind:
		return e.ConditionExpression
	case updateKind:
		return e.UpdateExpression
	case projectionKind:
		return e.ProjectionExpression
	case keyKind:
		return e.KeyConditionExpression
	}
	return e.FilterExpression
}

// read reads the expressions of the given kinds, or the older parameters that say the same.
func (r *request) read(kinds []string) error {
	given := slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return r.text(kind) == nil })
	if err := r.legacy.checkUnmixed(kinds, given); err != nil {
		return err
	}
	if err := r.checkNeeded(kinds, given); err != nil {
		return err
	}
	r.used, r.condition, r.filter = map[string]bool{}, always, always
	for _, kind := range given {
		if err := r.readOne(kind, *r.text(kind)); err != nil {
			return err
		}
	}
	if err := r.checkUsed(); err != nil {
		return err
	}
	return r.readLegacy(kinds)
}

// readOne reads one expression.
func (r *request) readOne(kind, text string) (err error) {
	switch kind {
	case conditionKind:
		r.condition, _, err = r.readCondition(kind, text)
	case filterKind:
		r.filter, r.filtered, err = r.readCondition(kind, text)
	case updateKind:
		r.changes, err = r.readUpdate(text)
	case projectionKind:
		r.shown, err = r.readProjection(text)
	case keyKind:
		r.keyTests, err = r.readKeyCondition(text)
	}
	return err
}

// checkNeeded refuses placeholders where no expression could have them.
func (e *expressions) checkNeeded(kinds, given []string) error {
	if e.ExpressionAttributeNames != nil {
		err := checkPlaceholders("ExpressionAttributeNames", len(e.ExpressionAttributeNames), kinds, given)
		if err != nil {
			return err
		}
	}
	if e.ExpressionAttributeValues == nil {
		return nil
	}
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return kind == projectionKind })
	return checkPlaceholders("ExpressionAttributeValues", len(e.ExpressionAttributeValues), kinds, given)
}

// checkPlaceholders refuses placeholders when none of the expressions that can have them is given.
func checkPlaceholders(field string, count int, kinds, given []string) error {
	if slices.ContainsFunc(kinds, func(kind string) bool { return slices.Contains(given, kind) }) {
		if count == 0 {
			return invalid(field + " must not be empty")
		}
		return nil
	}
	verb := "is"
	if len(kinds) > 1 {
		verb = "are"
	}
	return invalid(fmt.Sprintf("%s can only be specified when using expressions: %s %s null",
		field, strings.Join(kinds, " and "), verb))
}

// checkUsed refuses placeholders that no expression has.
func (e *expressions) checkUsed() error {
	if err := unused("ExpressionAttributeNames", e.ExpressionAttributeNames, e.used); err != nil {
		return err
	}
	return unused("ExpressionAttributeValues", e.ExpressionAttributeValues, e.used)
}

func unused[V any](field string, given map[string]V, used map[string]bool) error {
	var without []string
	for name := range given {
		if !used[name] {
			without = append(without, name)
		}
	}
	if without == nil {
		return nil
	}
	slices.Sort(without)
	return invalid(fmt.Sprintf("Value provided in %s unused in expressions: keys: {%s}",
		field, strings.Join(without, ", ")))
}

// readProjection reads a projection expression.
func (e *expressions) readProjection(text string) ([]path, error) {
	s := e.scan(projectionKind, text)
	paths := []path{s.path()}
	for s.accept(",") {
		paths = append(paths, s.path())
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	return paths, checkDisjoint(projectionKind, paths)
}

// checkDisjoint refuses two paths of which one leads into what the other one leads to.
func checkDisjoint(kind string, paths []path) error {
	for i, p := range paths {
		for _, other := range paths[:i] {
			short := min(len(p), len(other))
			if slices.Equal(p[:short], other[:short]) {
				return invalid(fmt.Sprintf("Invalid %s: Two document paths overlap with each other; must remove or "+
					"rewrite one of these paths; path one: %v, path two: %v", kind, other, p))
			}
		}
	}
	return nil
}

// show returns the part of an item that was asked for.
func (r *request) show(it item) item {
	if r.shown == nil {
		return it
	}
	return project(it, r.shown)
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
