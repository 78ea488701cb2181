package lambdaapi

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// namePattern is the pattern of the parameter FunctionName in the API reference of Invoke, with the parts as groups:
// Region, account, name and qualifier. Regions of all partitions are let in.
var namePattern = regexp.MustCompile(
	`^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?` +
		`([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$`)

// found is the function that a request names.
type found struct {
	Function
	qualifier string // version or alias, "" when none was given
}

// arn is the function's ARN as it was invoked.
func (f found) arn() string {
	if f.qualifier == "" {
		return f.Spec.ARN
	}
	return f.Spec.ARN + ":" + f.qualifier
}

// find reads the function's name or ARN and the qualifier of a request. Every version and alias of a function is the
// one on this machine. Account and Region are not compared: on this machine there is one function of a name.
func (a *API) find(r *http.Request) (found, *apiError) {
	name, qualifier := r.PathValue("function"), r.URL.Query().Get("Qualifier")
	parts := namePattern.FindStringSubmatch(name)
	if parts == nil || len(name) > 256 {
		return found{}, invalid(fmt.Sprintf("1 validation error detected: Value %q at 'functionName' failed to "+
			"satisfy constraint: Member must satisfy regular expression pattern: %s", name, namePattern))
	}
	if parts[4] != "" && qualifier != "" && parts[4] != qualifier {
		return found{}, invalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	f := found{Function: a.served.Load().byName[parts[3]], qualifier: cmp.Or(parts[4], qualifier)}
	if f.Invoke == nil {
		return found{}, a.notFound(parts[3], f.qualifier)
	}
	return f, nil
}

// notFound has the text that AWS recorded for Step Functions: the ARN with its qualifier.
func (a *API) notFound(name, qualifier string) *apiError {
	arn := strings.Join([]string{"arn:aws:lambda", a.options.Region, a.options.AccountID, "function", name}, ":")
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return &apiError{
		status:  http.StatusNotFound,
		name:    "ResourceNotFoundException",
		message: "Function not found: " + arn,
	}
}
