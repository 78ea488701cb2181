package verify

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

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

// throughAlias says what cannot be seen from outside.
func (v *verifier) throughAlias() {
	v.group = groupConnect
	v.skip("calls through the alias", "that Connect invokes an alias of a function which is associated without one "+
		"is an assumption (alias_association): make a call, and look for its function_version in the async "+
		"function's log")
}

// invoked is what flows invoke: the alias, where there is one.
func (v *verifier) invoked() string {
	return cmp.Or(v.values[aliasKey+".arn"], v.values[asyncKey+".arn"])
}

// aliasKey is the key of the alias in the model.
const aliasKey = "alias." + project.AsyncFunction
