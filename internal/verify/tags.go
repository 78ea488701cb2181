package verify

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/deploy"
)

// askForTags asks for the tags of everything that has an ARN by its name, at once. Without a tag in the project nothing
// is asked.
func (v *verifier) askForTags(list []deploy.Wanted) {
	var arns []string
	for _, w := range list {
		if arn := w.Named["Arn"]; w.Tags != nil && arn != "" && w.Kind() != "role" {
			arns = append(arns, arn)
		}
	}
	if len(arns) == 0 {
		return
	}
	tags, err := v.cloud.Tags(v.ctx, arns)
	if err != nil {
		v.unknown("tags", err)
		return
	}
	v.tags = tags
}

// compareTags reports tags that a resource lacks or that have another value. Others may have more.
func (v *verifier) compareTags(w deploy.Wanted, found map[string]any) {
	there, told := found["Tags"].(map[string]string)
	if !told {
		if v.tags == nil {
			return // which askForTags has said
		}
		there = v.tags[w.Named["Arn"]]
	}
	for _, key := range slices.Sorted(maps.Keys(w.Tags)) {
		value, ok := there[key]
		if ok && value == w.Tags[key] {
			continue
		}
		d := difference{path: "Tags." + key, want: w.Tags[key]}
		if ok {
			d.found = value
		}
		v.differs(w, []difference{d})
	}
}

// compareCode reports a function of ours that has another package than the one that was given.
func (v *verifier) compareCode(w deploy.Wanted, found map[string]any) {
	is := scalar(found["CodeSha256"])
	if w.Kind() != "function" || v.options.Code == "" || v.options.Code == is {
		return
	}
	v.add(Check{Code: codeOf(w.Noun, suffixDiffers), Title: w.Noun, State: Fail, Resource: w.Name, Property: "Code",
		Want: v.options.Code, Detail: w.Name + ": its code has the hash " + is + ", and the package " + v.options.Code,
		Remedy: "Deploy the package with the export, or name the package that is deployed."})
}
