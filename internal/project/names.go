package project

import (
	"fmt"
	"slices"
	"strings"
)

// The JSON schemas of a project file and of a scenario, in the folder of a project, for editors.
const (
	SchemaFile         = ".connect-async/project.schema.json"
	ScenarioSchemaFile = ".connect-async/scenario.schema.json"
)

// AsyncSuffix ends the name of the async function of every project, and EndsSuffix that of the function for ends.
const (
	AsyncSuffix = "-" + AsyncFunction
	EndsSuffix  = "-ends"
)

// What of the async function the flows invoke.
const (
	ReleasesLatest = "latest" // what was deployed last
	ReleasesAlias  = "alias"  // AsyncAlias, which divides the calls between two of its published versions
)

// AsyncAlias is the alias of the async function that flows invoke where its versions are published.
const AsyncAlias = "live"

// Qualifier is what follows the async function's name or ARN where flows invoke it: nothing, or a colon and the alias.
func (d Deploy) Qualifier() string {
	if d.Releases == ReleasesAlias {
		return ":" + AsyncAlias
	}
	return ""
}

// AsyncName is the name of the async function in AWS and in the local account.
func (p *Project) AsyncName() string { return p.Name + AsyncSuffix }

// EndsName is the name of the function for ends, which a project with a results table has.
func (p *Project) EndsName() string { return p.Name + EndsSuffix }

// ResultsTable is the name of the results table, "" when no job keeps its results in one. There is one async function,
// so that one job with a table means a table for all.
func (p *Project) ResultsTable() string {
	if slices.ContainsFunc(p.Jobs, func(j Job) bool { return j.Results != ResultsDescribed }) {
		return p.Name + "-results"
	}
	return ""
}

// StateMachineName is the name of a job's state machine.
func (p *Project) StateMachineName(j Job) string { return MachineName(p.Name, j.NameInAWS()) }

// LocalARNs maps the ARNs that functions of the project have in AWS to those that they have elsewhere.
func (p *Project) LocalARNs(functionARN func(name string) string) map[string]string {
	arns := map[string]string{}
	for _, f := range p.Functions {
		if f.ARN != "" {
			arns[f.ARN] = functionARN(f.Name)
		}
	}
	return arns
}

// MaxNameLength leaves room in AWS's names for what is appended to a project's and a job's.
const MaxNameLength = 40

// namePattern is what ValidName accepts.
var namePattern = fmt.Sprintf("^[A-Za-z0-9_-]{1,%d}$", MaxNameLength)

// ValidName reports whether a project, a job or a function may have a name: 1 to 40 letters, digits, dashes and
// underscores.
func ValidName(name string) bool {
	strange := strings.ContainsFunc(name, func(r rune) bool { return !InName(r) })
	return len(name) >= 1 && len(name) <= MaxNameLength && !strange
}

// InName reports whether a name may contain a character.
func InName(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	return letter || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// StackName is a name as CloudFormation accepts it for a stack.
func StackName(name string) string { return strings.ReplaceAll(name, "_", "-") }
