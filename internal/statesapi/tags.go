package statesapi

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/local"
)

// Limits of tags (AWS developer guide, service quotas).
const maxTags, maxTagKey, maxTagValue = 50, 128, 256

func checkTags(tags []local.Tag) error {
	for _, tag := range tags {
		if n := utf8.RuneCountInString(tag.Key); n < 1 || n > maxTagKey {
			return validation("'"+tag.Key+"'", "tags.1.member.key", "Member must have length between 1 and 128")
		}
		if utf8.RuneCountInString(tag.Value) > maxTagValue {
			return validation("'"+tag.Value+"'", "tags.1.member.value",
				"Member must have length less than or equal to 256")
		}
	}
	if len(tags) > maxTags {
		return tooManyTags()
	}
	return nil
}

func tooManyTags() error {
	return &local.Error{Code: "TooManyTags", Message: "You've exceeded the number of tags allowed for a resource."}
}

func (a *api) tagResource(_ context.Context, r struct {
	ARN  string      `json:"resourceArn"`
	Tags []local.Tag `json:"tags"`
}) (any, error) {
	if err := cmp.Or(required("resourceArn", r.ARN), checkTags(r.Tags)); err != nil {
		return nil, err
	}
	var refused error
	err := a.account.SetTags(r.ARN, func(tags []local.Tag) []local.Tag {
		changed := merge(tags, r.Tags)
		if len(changed) > maxTags {
			refused = tooManyTags()
			return tags
		}
		return changed
	})
	return nil, cmp.Or(err, refused)
}

// merge sets tags; those with a key that is there already take its place.
func merge(tags, set []local.Tag) []local.Tag {
	for _, tag := range set {
		at := slices.IndexFunc(tags, func(t local.Tag) bool { return t.Key == tag.Key })
		if at < 0 {
			tags = append(tags, tag)
		} else {
			tags[at] = tag
		}
	}
	return tags
}

func (a *api) untagResource(_ context.Context, r struct {
	ARN  string   `json:"resourceArn"`
	Keys []string `json:"tagKeys"`
}) (any, error) {
	if err := required("resourceArn", r.ARN); err != nil {
		return nil, err
	}
	return nil, a.account.SetTags(r.ARN, func(tags []local.Tag) []local.Tag {
		return slices.DeleteFunc(tags, func(t local.Tag) bool { return slices.Contains(r.Keys, t.Key) })
	})
}

func (a *api) listTagsForResource(_ context.Context, r struct {
	ARN string `json:"resourceArn"`
}) (any, error) {
	if err := required("resourceArn", r.ARN); err != nil {
		return nil, err
	}
	list := []local.Tag{}
	err := a.account.SetTags(r.ARN, func(tags []local.Tag) []local.Tag {
		list = append(list, tags...)
		return tags
	})
	if err != nil {
		return nil, err
	}
	return struct {
		Tags []local.Tag `json:"tags"`
	}{Tags: list}, nil
}
