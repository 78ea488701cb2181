package dynamodb

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// allowed reports why a write must not happen: the request is wrong, or its condition does not hold.
func (t *table) allowed(key string, r *request, returnValues ...string) error {
	if r.ReturnValues != "" && !slices.Contains(returnValues, r.ReturnValues) {
		return invalid(fmt.Sprintf("Return values set to invalid value: %s, allowed: %s",
			r.ReturnValues, strings.Join(returnValues, ", ")))
	}
	holds, err := r.condition()
	if err != nil {
		return err
	}
	if err := r.checkUsed(); err != nil {
		return err
	}
	old := t.items[key]
	if holds(old) {
		return nil
	}
	refused := &Error{Code: "ConditionalCheckFailedException", Message: "The conditional request failed"}
	if r.ReturnValuesOnConditionCheckFailure == "ALL_OLD" && old != nil {
		refused.Item, _ = json.Marshal(old) // values can always be written
	}
	return refused
}

// checkPaths refuses an update of the key, and two changes in one place.
func (t *table) checkPaths(changes []change) error {
	for i, c := range changes {
		if slices.Contains(t.keys, c.path[0].name) {
			return invalid("One or more parameter values were invalid: Cannot update attribute " + c.path[0].name +
				". This attribute is part of the key")
		}
		for _, other := range changes[:i] {
			short := min(len(c.path), len(other.path))
			if slices.Equal(c.path[:short], other.path[:short]) {
				return invalid("Invalid UpdateExpression: Two document paths overlap with each other; must " +
					"remove or rewrite one of these paths")
			}
		}
	}
	return nil
}

// returned is the response of a write, with what ReturnValues asks for.
func returned(r *request, old, changed item, changes []change) map[string]item {
	var paths []path
	for _, c := range changes {
		paths = append(paths, c.path)
	}
	var attributes item
	switch r.ReturnValues {
	case "ALL_OLD":
		attributes = old
	case "ALL_NEW":
		attributes = changed
	case "UPDATED_OLD":
		attributes = project(old, paths)
	case "UPDATED_NEW":
		attributes = project(changed, paths)
	}
	if len(attributes) == 0 {
		return map[string]item{}
	}
	return map[string]item{"Attributes": attributes}
}
