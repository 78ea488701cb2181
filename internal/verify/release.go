package verify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// newest finds out which version is the newest: an alias has it, unless the stage says which version keeps the calls.
func (v *verifier) newest(w deploy.Wanted) {
	version, err := v.cloud.NewestVersion(v.ctx, w.Named["FunctionName"])
	switch {
	case err != nil:
		v.unknown("newest version", err)
	case version != "":
		v.values[deploy.NewestVersion] = version
	}
}

// release reports an alias that divides the calls although the project does not say so.
func (v *verifier) release(w deploy.Wanted, found map[string]any) {
	routing, _ := found["RoutingConfig"].(map[string]any)
	weights, _ := routing["AdditionalVersionWeights"].([]any)
	if w.Properties["RoutingConfig"] != nil {
		weights = nil // compared like everything else
	}
	for _, item := range weights {
		weight, _ := item.(map[string]any)
		share, _ := strconv.ParseFloat(scalar(weight["FunctionWeight"]), 64)
		v.add(Check{Code: CodeHalfway, Title: w.Noun, State: Fail, Resource: w.Name, Property: "RoutingConfig",
			Detail: fmt.Sprintf("%s gives %g %% of the calls to version %v and the others to version %v", w.Name,
				share*100, weight["FunctionVersion"], found["FunctionVersion"]),
			Remedy: "Finish the release or take it back, as docs/deploying.md says (Releases in steps), or write " +
				"previous_version and new_version_weight under variables of the stage if it is to stay so."})
	}
}

// lookBack is how far back the log of the async function is searched for a call.
const lookBack = 24 * time.Hour

// throughAlias looks for a call of Amazon Connect that came to a version of the async function, which a flow reaches
// through the alias alone. Without one it is an assumption that the association without the alias suffices.
func (v *verifier) throughAlias(w deploy.Wanted) {
	v.group = groupConnect
	const title = "calls through the alias"
	function, _, _ := strings.Cut(w.Name, ":")
	pattern := fmt.Sprintf(`{ $.function_version = "*" && $.function_version != "$LATEST" && $.contact_id = "*"`+
		` && $.contact_id != %q }`, sampleContact)
	entry, err := v.cloud.Logged(v.ctx, "/aws/lambda/"+function, pattern, v.clock.Now().Add(-lookBack))
	var seen struct {
		Version string `json:"function_version"`
	}
	switch {
	case err != nil:
		v.skip(title, "the async function's log cannot be searched ("+reasonOf(err)+"): "+assumed)
	case json.Unmarshal([]byte(entry), &seen) != nil || seen.Version == "":
		v.skip(title, "the async function's log has none of the last 24 hours: make one. Until then "+assumed)
	default:
		v.ok(title, "Amazon Connect has invoked version %s, so the association suffices (alias_association)",
			seen.Version)
	}
}

const assumed = "it is an assumption (alias_association) that Connect invokes an alias of a function that is " +
	"associated without one"

// invoked is what flows invoke: the alias, where there is one.
func (v *verifier) invoked() string {
	return cmp.Or(v.values[aliasKey+".arn"], v.values[asyncKey+".arn"])
}

// aliasKey is the key of the alias in the model.
const aliasKey = "alias." + project.AsyncFunction
