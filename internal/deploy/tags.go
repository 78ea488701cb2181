package deploy

import (
	"slices"
	"strings"
)

// taggable are the kinds of this model that take tags, in both vocabularies.
var taggable = []string{"alarm", "flow", "function", "log", "machine", "queue", "role", "rule", "table"}

// tagsOf are the tags among the properties that CloudFormation has, nil for none.
func tagsOf(properties object) map[string]string {
	items, _ := properties.get("Tags").(list)
	if len(items) == 0 {
		return nil
	}
	tags := map[string]string{}
	for _, item := range items {
		tag := item.(object)
		tags[string(tag.get("Key").(plain))] = string(tag.get("Value").(plain))
	}
	return tags
}

// tagged returns a resource with the project's tags, where it takes any. CloudFormation wants a list of keys and
// values, the Terraform provider an object.
func (s *Stack) tagged(r resource) resource {
	kind, _, _ := strings.Cut(r.key, ".")
	if len(s.settings.Tags) == 0 || !slices.Contains(taggable, kind) {
		return r
	}
	var items list
	var object verbatim
	for _, t := range s.settings.Tags {
		items = append(items, properties("Key", t.Key, "Value", t.Value))
		object = append(object, field{key: t.Key, value: plain(t.Value)})
	}
	if strings.HasPrefix(r.kind, "AWS::") {
		r.properties = r.properties.with("Tags", items)
	} else {
		r.properties = r.properties.with("tags", object)
	}
	return r
}
