package verify

import (
	"fmt"
	"maps"
	"strings"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// flow compares the content of a deployed flow or module with the project's by what it does, and returns the other
// properties that are wanted. Ids that no stage gives are those of what is deployed.
func (v *verifier) flow(w deploy.Wanted, found map[string]any) map[string]any {
	rest := maps.Clone(w.Properties)
	delete(rest, "Content")
	content, _ := w.Properties["Content"].(deploy.Document)
	text := v.inRegion(scalar(found["Content"]))
	ids := &comparison{values: v.values}
	ids.compare("", content, text) // takes the ids; what differs is said below
	wanted, err := flowlang.Parse(w.Name, []byte(v.inRegion(content.Fill(v.values))))
	var deployed *flowlang.Flow
	if err == nil {
		deployed, err = flowlang.Parse(w.Name, []byte(text))
	}
	c := Check{Code: codeOf(w.Noun, suffixDiffers), Title: w.Noun, State: Fail, Resource: w.Name,
		Property: "Content", Remedy: fmt.Sprintf("Publish the project's content as %s: %s If the change was made in "+
			"the console on purpose, take it over into the project's file first.", w.Name, createRemedy)}
	if err != nil {
		c.Detail = fmt.Sprintf("%s cannot be read: %s", w.Name, reasonOf(err))
		v.add(c)
		return rest
	}
	diff := flowdiff.Compare(wanted, deployed)
	if len(diff.Changes) == 0 {
		return rest
	}
	c.Detail = w.Name + " is not the project's: " + diff.Text(diff.Changes[0])
	if more := len(diff.Changes) - 1; more > 0 {
		c.Detail += fmt.Sprintf("; %d more like this", more)
	}
	v.add(c)
	return rest
}

// inRegion is the content of a flow with the Region in which it is run. Flows of a replicated instance name it so, for
// that they do the same in both Regions (administrator guide, "Create a replica of your existing instance").
func (v *verifier) inRegion(content string) string {
	region := v.cloud.Region()
	return strings.NewReplacer(flowlang.RegionReference, region, "$['AwsRegion']", region).Replace(content)
}
