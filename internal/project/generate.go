package project

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Generate is what a flow is generated from: what it says, asks and passes.
type Generate struct {
	At          source.Pos // of the section in the project file
	Name        string     // of the flow, "" for the job's
	Description string     // of the flow
	Job         string     // what the flow runs
	Style       string     // how it waits
	Language    string     // a tag such as de or de-CH, "" for that of the contact
	Voice       Voice
	Prompt      string            // id or ARN of a recording that is played between sentences, "" for none
	Parameters  map[string]string // what the function gets, by name
	Say         string            // what the caller hears when the work has succeeded, "" for the text of the language
	SayAt       source.Pos
	Returns     map[string]string // of a module: its ResultData, by key
	Messages    []string          // of the style queue: what callers hear in turn, none for those of the language

	Then       Next // what follows the result
	OnFailure  Next // what follows a failure
	OnGivingUp Next // what follows giving up
}

// Voice is the voice that speaks the texts of a flow. The zero Voice is that of the contact.
type Voice struct{ Name, Engine, Style string }

// Next is where a flow continues: the id or ARN of a queue or of another flow. The zero Next hangs up.
type Next struct{ Queue, Flow string }

// HangUp is the word for the zero Next.
const HangUp = "hang_up"

// IsLanguage reports whether a text is the tag of a language, such as de or de-CH.
func IsLanguage(tag string) bool { return languageTag.MatchString(tag) }

var languageTag = regexp.MustCompile(languagePattern)

// generate works out what a flow is generated from, nil when it is written by hand.
func (r *reader) generate(f flowEntry, p *Project) *Generate {
	g := f.generate
	if g == nil {
		return nil
	}
	of := source.Read(r.file, g.node, r.found)
	g.Job = r.generatedJob(of, g.Job, p)
	if g.then != nil {
		g.Then = *g.then
	}
	g.OnFailure = *cmp.Or(g.onFailure, &g.Then)
	g.OnGivingUp = *cmp.Or(g.onGivingUp, &g.OnFailure)
	r.checkParameters(of, f)
	if f.Type == flowlang.Module {
		r.refuseKeys(of, "a module returns the result to the flow that invokes it", "say", "then", "on_failure",
			"on_giving_up")
	} else {
		r.refuseKeys(of, "only a module returns something", "returns")
	}
	return &g.Generate
}

// generatedJob is the job that a flow runs, which may be left out where there is one.
func (r *reader) generatedJob(of *source.Reader, name string, p *Project) string {
	if name == "" && len(p.Jobs) == 1 {
		return p.Jobs[0].Name
	}
	var names []string
	for _, j := range p.Jobs {
		names = append(names, j.Name)
	}
	switch {
	case slices.Contains(names, name) || len(names) == 0: // the lack of jobs is reported elsewhere
	case name == "":
		of.Report(CodeMissing, of.Place("job"), "this flow does not say which job it runs",
			"Add job: NAME, one of "+strings.Join(names, ", ")+".")
	default:
		of.Report(CodeUnknown, of.Place("job"), fmt.Sprintf("unknown job %q", name),
			"The jobs are "+strings.Join(names, ", ")+".")
	}
	return name
}

// checkParameters reports parameters that the function cannot get.
func (r *reader) checkParameters(of *source.Reader, f flowEntry) {
	for _, m := range of.Node("parameters").Entries() {
		fault := FaultyParameter(m.Key, f.generate.Parameters[m.Key], f.Type == flowlang.Module)
		if fault != nil {
			of.Report(source.CodeBadValue, m.Value.Place(), fault.Message, fault.Remedy)
		}
	}
}

// refuseKeys reports keys that a flow of this type cannot have.
func (r *reader) refuseKeys(of *source.Reader, why string, keys ...string) {
	for _, key := range keys {
		if of.Node(key) != nil {
			of.Report(source.CodeBadValue, of.Place(key), key+" does not fit this flow: "+why, "Remove "+key+".")
		}
	}
}

// FaultyParameter says what is wrong with a parameter that a flow or a module passes to the function, nil when nothing
// is. When the function is started nothing has been returned yet, and the names of the contract are taken.
func FaultyParameter(name, value string, inModule bool) *Fault {
	instead := "Pass an attribute of the contact, such as $.Attributes." + cmp.Or(name, "order") + "."
	switch {
	case name == "":
		return &Fault{Message: "the parameter has no name", Remedy: "Give it one, such as order."}
	case async.IsParameter(name):
		return &Fault{Message: fmt.Sprintf("%q is a parameter of the async function", name),
			Remedy: "Choose another name; docs/contract.md lists those that are taken."}
	case refersTo(value, "External"):
		return &Fault{Message: value + " has no value before the function has returned", Remedy: instead}
	case !inModule && refersTo(value, "Modules"):
		return &Fault{Message: value + " has a value in a module only", Remedy: instead}
	}
	return FaultyReference(value)
}

// refersTo reports whether a text has a reference that begins with a step.
func refersTo(text, step string) bool {
	return slices.ContainsFunc(flowlang.References(text), func(path []string) bool { return path[0] == step })
}
