package dynamodb

import "slices"

type tag struct{ Key, Value string }

type tagRequest struct {
	ResourceArn string
	Tags        []tag
	TagKeys     []string
}

// tagged finds the table of an ARN.
func (t *Tables) tagged(arn string) (*table, error) {
	if _, ok := tableOf(arn); !ok {
		return nil, invalid("Invalid TableArn: Invalid ResourceArn provided as input " + arn)
	}
	return t.find(&arn)
}

// retag changes the tags of a table: those with the keys go, and new ones come.
func (t *Tables) retag(arn string, keys []string, added []tag) (any, error) {
	on, err := t.tagged(arn)
	if err != nil {
		return nil, err
	}
	tags := slices.DeleteFunc(slices.Clone(on.definition.Tags), func(of tag) bool {
		return slices.Contains(keys, of.Key)
	})
	on.definition.Tags = append(tags, added...)
	t.tellTable(on.definition)
	return response{}, nil
}

func (t *Tables) tagResource(r *tagRequest) (any, error) {
	var keys []string
	for _, of := range r.Tags {
		if of.Key == "" || slices.Contains(keys, of.Key) {
			return nil, invalid(badValue + "Tag keys must be unique, and must not be empty")
		}
		keys = append(keys, of.Key)
	}
	return t.retag(r.ResourceArn, keys, r.Tags)
}

func (t *Tables) untagResource(r *tagRequest) (any, error) {
	return t.retag(r.ResourceArn, r.TagKeys, nil)
}

func (t *Tables) listTags(r *tagRequest) (any, error) {
	on, err := t.tagged(r.ResourceArn)
	if err == errNoTable {
		return nil, &Error{Code: "AccessDeniedException", Message: "User is not authorized to perform: " +
			"dynamodb:ListTagsOfResource on resource: " + r.ResourceArn}
	}
	if err != nil {
		return nil, err
	}
	return response{"Tags": append([]tag{}, on.definition.Tags...)}, nil
}
