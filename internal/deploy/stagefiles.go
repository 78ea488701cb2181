package deploy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings about stages.
const (
	CodeStageLacks    = "deploy-stage-lacks"    // a value that the deployment needs
	CodeStageVariable = "deploy-stage-variable" // one that the export does not have, or that its check refuses
)

// stageValues are what a stage gives to the variables of an export, in the order of the variables.
type stageValues struct {
	stage  project.Stage
	values []stageValue
	unsaid []stageValue // empty ones of a release
}

type stageValue struct {
	variable variable
	value    string
}

// CheckStages returns what is wrong with the stages of the project, for an export of it.
func (s *Stack) CheckStages() source.Findings {
	var found source.Findings
	for _, stage := range s.project.Stages {
		_, of := s.stage(stage)
		found = append(found, of...)
		if replica, ok := stage.InReplica(); ok {
			_, there := s.stage(replica)
			found = append(found, slices.DeleteFunc(there, func(f source.Finding) bool {
				return slices.ContainsFunc(of, func(said source.Finding) bool { return said.Pos == f.Pos })
			})...)
			found = append(found, s.versionThere(stage)...)
		}
	}
	return append(found, s.sharedRoles()...)
}

// sharedRoles reports stages whose roles have the same names in one account, which has one list for all Regions.
func (s *Stack) sharedRoles() source.Findings {
	var found source.Findings
	if len(s.roles()) == 0 {
		return nil
	}
	type names struct{ account, name, prefix string }
	owners := map[names]string{}
	for _, stage := range s.stages() {
		of := names{account: stage.Account, name: stage.Deployed, prefix: s.settings.RolePrefix}
		if said, ok := variableIn(stage.Variables, rolePrefixVariable); ok {
			of.prefix = said.Value
		}
		if owner, ok := owners[of]; ok {
			found = append(found, source.Finding{
				Code: CodeStageLacks, Severity: source.Warning, File: s.project.File, Pos: stage.At,
				Message: fmt.Sprintf("the stages %s and %s have roles of the same names", owner, stage.Name),
				Remedy: fmt.Sprintf("Add variables: {%s: PREFIX} to one of them, or to the replica.",
					rolePrefixVariable),
			})
		}
		owners[of] = stage.Name
	}
	return found
}

// versionThere reports a stage that says which version keeps the calls, but not for its replica: each Region counts its
// versions by itself.
func (s *Stack) versionThere(stage project.Stage) source.Findings {
	kept, _ := variableIn(stage.Variables, previousVariable)
	if _, said := variableIn(stage.Replica.Variables, previousVariable); said || kept.Value == "" {
		return nil
	}
	return source.Findings{{Code: CodeStageLacks, Severity: source.Error, File: s.project.File, Pos: kept.At,
		Message: fmt.Sprintf("version %s of %s is another one in %s", kept.Value, stage.Region, stage.Replica.Region),
		Remedy: fmt.Sprintf("Add it to the replica, empty for the newest: replica: {variables: {%s: NUMBER}}.",
			previousVariable)}}
}

// variableIn is what a stage says of a variable. Of two of one name the last counts.
func variableIn(list []project.StageVariable, name string) (said project.StageVariable, ok bool) {
	for _, v := range slices.Backward(list) {
		if v.Name == name {
			return v, true
		}
	}
	return said, false
}

func (s *Stack) stage(stage project.Stage) (stageValues, source.Findings) {
	read := stageValues{stage: stage}
	var found source.Findings
	report := func(severity source.Severity, code string, at source.Pos, message, remedy string) {
		found = append(found, source.Finding{Code: code, Severity: severity, File: s.project.File, Pos: at,
			Message: message, Remedy: remedy})
	}
	other := map[string]project.StageVariable{}
	for _, v := range stage.Variables {
		other[v.Name] = v
	}
	for _, v := range s.variables() {
		value, key := s.valueIn(stage, v)
		at := stage.At
		if given, ok := other[v.name]; ok && key == "" {
			value, at = given.Value, given.At
			delete(other, v.name)
		}
		value = cmp.Or(value, v.deliveryIn(stage))
		elsewhere, remedy := v.deliversElsewhere(value, stage)
		switch {
		case elsewhere != "":
			report(source.Error, CodeStageVariable, at, elsewhere, remedy)
		case value == "" && (v.required || v.thing.Kind != ""): // what the default means is somewhere else
			report(source.Warning, CodeStageLacks, stage.At,
				fmt.Sprintf("the stage %s does not say the %s", stage.Name, v.what()), v.addTo(stage, key))
		case value == "" && v.ofRelease():
			read.unsaid = append(read.unsaid, stageValue{variable: v})
		case value == "":
		case !v.accepts.holds(value):
			report(source.Error, CodeStageVariable, at,
				fmt.Sprintf("the stage %s cannot have %q as the %s", stage.Name, value, v.what()), v.accepts.remedy)
		default:
			read.values = append(read.values, stageValue{variable: v, value: value})
		}
	}
	for _, v := range stage.Variables {
		if _, left := other[v.Name]; left {
			report(source.Error, CodeStageVariable, v.At,
				fmt.Sprintf("the stage %s: the export has no variable %q", stage.Name, v.Name), s.otherVariables(stage))
		}
	}
	return read, found
}

// valueIn is what a stage says of a variable under a key, "" when it does not say it. The key is "" for a variable that
// has none.
func (s *Stack) valueIn(stage project.Stage, v variable) (value, key string) {
	switch v.name {
	case nameVariable:
		return stage.Deployed, "name"
	case instanceVariable:
		return stage.Instance, "instance"
	case callersVariable:
		return strconv.Itoa(stage.Callers), "callers"
	}
	if v.thing.Kind == "" {
		return "", ""
	}
	value, ok := stage.Value(v.thing)
	if !ok && fits(v.value, stage) {
		value = v.value
	}
	return value, v.thing.Plural()
}

// fits reports whether an ARN, such as the default of a variable, can be what a stage means: a thing of the same
// account and Region, and of the same instance where it belongs to one.
func fits(text string, stage project.Stage) bool {
	a, ok := arn.Parse(text)
	if !ok {
		return false
	}
	instance, _ := arn.Parse(stage.Instance)
	return (a.Account == stage.Account || a.Account == "aws") && a.Region == stage.Region &&
		(a.Instance() == "" || a.Instance() == instance.Instance())
}

// what says what a variable holds, in a sentence.
func (v variable) what() string {
	description, _, _ := strings.Cut(v.description, ",")
	return description
}

// addTo says how a stage gives the value of a variable.
func (v variable) addTo(stage project.Stage, key string) string {
	switch {
	case key == "":
		return fmt.Sprintf("Add variables: {%s: VALUE} to the stage %s.", v.name, stage.Name)
	case v.thing.Kind != "":
		return fmt.Sprintf("Add %s: {%s: ARN} to the stage %s.", key, v.thing.Name, stage.Name)
	}
	return fmt.Sprintf("Add %s: ARN to the stage %s.", key, stage.Name)
}

// otherVariables names those that a stage can give under variables.
func (s *Stack) otherVariables(stage project.Stage) string {
	var names []string
	for _, v := range s.variables() {
		if _, key := s.valueIn(stage, v); key == "" {
			names = append(names, v.name)
		}
	}
	return "These are: " + strings.Join(names, ", ") + ". Others have keys of their own in the stage."
}

// stages are the stages of the project, each with its replica as one of its own.
func (s *Stack) stages() []project.Stage {
	var list []project.Stage
	for _, stage := range s.project.Stages {
		list = append(list, stage)
		if replica, ok := stage.InReplica(); ok {
			list = append(list, replica)
		}
	}
	return list
}

// replicasWithFlows are the names of the stages that this export would give flows which Connect has copied there.
func (s *Stack) replicasWithFlows() []string {
	var names []string
	for _, stage := range s.project.Stages {
		if replica, ok := stage.InReplica(); ok && len(s.flows) > 0 {
			names = append(names, replica.Name)
		}
	}
	return names
}

// stageFiles writes a file for each stage.
func (s *Stack) stageFiles(ending string, write func(stageValues) []byte) []File {
	var files []File
	for _, stage := range s.stages() {
		read, _ := s.stage(stage) // CheckStages reports what is wrong
		files = append(files, File{Name: "stages/" + stage.Name + ending, Content: write(read)})
	}
	return files
}

// tfvars are the values of a stage for Terraform, of the root module. They hold the account and the Region, so that
// nothing is deployed to another place by accident.
func tfvars(read stageValues) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# The stage %s of the project file.\naccount = %s\nregion = %s\n\n", read.stage.Name,
		quoted(read.stage.Account), quoted(read.stage.Region))
	for _, v := range read.values {
		fmt.Fprintf(&b, "%s = %s\n", v.variable.name, v.literal(quoted))
	}
	return format(b.String())
}

// literal is the value as a program writes it, with a function for texts.
func (v stageValue) literal(quote func(string) string) string {
	if v.variable.number {
		return v.value
	}
	return quote(v.value)
}

// parameterFile are the values of a stage for CloudFormation. The README's commands fill in where the package is.
func parameterFile(read stageValues) []byte {
	type parameter struct{ ParameterKey, ParameterValue string }
	list := []parameter{}
	for _, v := range packageParameters {
		list = append(list, parameter{pascal(v.name), strings.ToUpper(v.name)})
	}
	list = append(list, parameter{"Account", read.stage.Account}, parameter{"Region", read.stage.Region})
	for _, v := range append(read.values, read.unsaid...) { // else a value of the deployment before would count
		list = append(list, parameter{pascal(v.variable.name), v.value})
	}
	return indented(list)
}

// stageJSON are the values of a stage for a program in TypeScript.
func stageJSON(read stageValues) []byte {
	values := map[string]any{"account": read.stage.Account, "region": read.stage.Region}
	for _, v := range read.values {
		values[camel(v.variable.name)] = v.value
		if n, err := strconv.Atoi(v.value); err == nil && v.variable.number {
			values[camel(v.variable.name)] = n
		}
	}
	return indented(values)
}

func indented(v any) []byte {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic(err) // texts and numbers
	}
	return append(text, '\n')
}

// stageNames are the names of the stages.
func (s *Stack) stageNames() []string {
	var names []string
	for _, stage := range s.stages() {
		names = append(names, stage.Name)
	}
	return names
}
