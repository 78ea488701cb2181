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
	Style       string     // how it waits, "" for the default
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

// generate reads the section of a flow, nil when there is none.
func (r *reader) generate(in *source.Reader, f Flow, p *Project) *Generate {
	node := in.Node("generate")
	if node == nil {
		return nil
	}
	of := source.Read(r.file, node, r.found)
	g := &Generate{At: node.Pos, SayAt: of.Place("say"), Name: of.String("name", ""),
		Description: of.String("description", ""), Style: of.String("style", ""), Prompt: named(of, "prompt", "prompt"),
		Messages: r.messages(of)}
	g.Job = r.generatedJob(of, p)
	g.Language = r.language(of)
	g.Voice = r.voice(of)
	g.Say = r.spoken(of, "say")
	g.Parameters = r.parameters(of, f)
	g.Returns = r.references(of, "returns")
	g.Then = r.next(of, "then", Next{})
	g.OnFailure = r.next(of, "on_failure", g.Then)
	g.OnGivingUp = r.next(of, "on_giving_up", g.OnFailure)
	if f.Type == flowlang.Module {
		r.refuseKeys(of, "a module returns the result to the flow that invokes it", "say", "then", "on_failure",
			"on_giving_up")
	} else {
		r.refuseKeys(of, "only a module returns something", "returns")
	}
	of.Done()
	return g
}

// generatedJob is the job that a flow runs, which may be left out where there is one.
func (r *reader) generatedJob(of *source.Reader, p *Project) string {
	name := of.String("job", "")
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

// language reads a tag such as en or de-CH.
func (r *reader) language(of *source.Reader) string {
	tag := of.String("language", "")
	if tag != "" && !IsLanguage(tag) {
		of.Report(source.CodeBadValue, of.Place("language"), fmt.Sprintf("%q is not a language", tag),
			"Write a tag such as en, en-GB or de-DE.")
	}
	return tag
}

// IsLanguage reports whether a text is the tag of a language, such as en or de-CH.
func IsLanguage(tag string) bool { return languageTag.MatchString(tag) }

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// voice reads the name of a voice, or its name, engine and style.
func (r *reader) voice(of *source.Reader) Voice {
	node := of.Node("voice")
	if !node.Is(source.Object) {
		return Voice{Name: of.String("voice", "")}
	}
	in := source.Read(r.file, node, r.found)
	v := Voice{Name: in.String("name", ""), Engine: in.String("engine", ""), Style: in.String("style", "")}
	if v.Name == "" {
		in.Report(CodeMissing, node.Pos, "the voice has no name", "Add name: VOICE, such as Joanna.")
	}
	in.Done()
	return v
}

// next reads where the flow continues: hang_up, or the queue or flow that the contact goes to.
func (r *reader) next(of *source.Reader, key string, otherwise Next) Next {
	const remedy = "Write hang_up, {queue: NAME} or {flow: NAME}."
	node := of.Node(key)
	switch {
	case node == nil:
		return otherwise
	case !node.Is(source.Object):
		if word := of.String(key, HangUp); word != HangUp {
			of.Report(source.CodeBadValue, node.Pos, fmt.Sprintf("%s is %q", key, word), remedy)
		}
		return Next{}
	}
	in := source.Read(r.file, node, r.found)
	n := Next{Queue: named(in, "queue", "queue"), Flow: named(in, "flow", "flow")}
	if (n.Queue == "") == (n.Flow == "") {
		in.Report(source.CodeBadValue, node.Pos, key+" needs either a queue or a flow", remedy)
	}
	in.Done()
	return n
}

// named reads what is in the instance: a name that becomes a placeholder of this kind, a placeholder, an ID, an ARN or
// a reference.
func named(of *source.Reader, key, kind string) string {
	given := of.String(key, "")
	placeholder, isPlaceholder := flowlang.ReadPlaceholder(given)
	switch {
	case given == "", flowlang.IsPlaceholderName(given), flowlang.IsID(given), strings.HasPrefix(given, "arn:"),
		isPlaceholder && placeholder.Kind == kind, len(flowlang.References(given)) > 0:
		return given
	}
	of.Report(source.CodeBadValue, of.Place(key), fmt.Sprintf("%q cannot be a %s", given, kind),
		"Write a name of letters, digits, dashes and underscores, of which an export makes a variable, or the ID or "+
			"ARN.")
	return given
}

// refuseKeys reports keys that a flow of this type cannot have.
func (r *reader) refuseKeys(of *source.Reader, why string, keys ...string) {
	for _, key := range keys {
		if of.Node(key) != nil {
			of.Report(source.CodeBadValue, of.Place(key), key+" does not fit this flow: "+why, "Remove "+key+".")
		}
	}
}

// parameters reads what is passed to the function.
func (r *reader) parameters(of *source.Reader, f Flow) map[string]string {
	values := map[string]string{}
	in := source.Read(r.file, of.Node("parameters"), r.found)
	for _, m := range of.Members("parameters") {
		values[m.Key] = in.String(m.Key, "")
		if fault := FaultyParameter(m.Key, values[m.Key], f.Type == flowlang.Module); fault != nil {
			in.Report(source.CodeBadValue, m.Value.Place(), fault.Message, fault.Remedy)
		}
	}
	return values
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

// references reads an object of texts with references.
func (r *reader) references(of *source.Reader, key string) map[string]string {
	var values map[string]string
	in := source.Read(r.file, of.Node(key), r.found)
	for _, m := range of.Members(key) {
		if values == nil {
			values = map[string]string{}
		}
		values[m.Key] = in.String(m.Key, "")
		if fault := FaultyReference(values[m.Key]); fault != nil {
			in.Report(source.CodeBadValue, m.Value.Place(), fault.Message, fault.Remedy)
		}
	}
	return values
}

// messages reads texts that are spoken in turn.
func (r *reader) messages(of *source.Reader) []string {
	list := of.Strings("messages")
	for i, text := range list {
		if fault := FaultyText(text); fault != nil {
			of.Report(source.CodeBadValue, of.Node("messages").Items[i].Place(), fault.Message, fault.Remedy)
		}
	}
	return list
}

// spoken reads a text that is spoken, with references and SSML.
func (r *reader) spoken(of *source.Reader, key string) string {
	text := of.String(key, "")
	if fault := FaultyText(text); fault != nil {
		of.Report(source.CodeBadValue, of.Place(key), fault.Message, fault.Remedy)
	}
	return text
}

// refersTo reports whether a text has a reference that begins with a step.
func refersTo(text, step string) bool {
	return slices.ContainsFunc(flowlang.References(text), func(path []string) bool { return path[0] == step })
}
