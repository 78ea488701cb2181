package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// filledIn is what an export fills into a flow.
type filledIn struct {
	texts      map[string]string // references as documents have them, by the text in the flow
	references []string
}

func (in *filledIn) fill(text, reference string) {
	in.texts[text] = "${" + reference + "}"
	in.references = append(in.references, reference)
}

// async fills in the async function. Connect copies the flows of an instance that has a replica as they are, and an
// instance can invoke only functions of its own Region: where a stage has one, the ARN names the Region in which the
// flow is run (administrator guide, "Amazon Connect Global Resiliency requirements").
func (in *filledIn) async(text string, s *Stack) {
	if !slices.ContainsFunc(s.project.Stages, project.Stage.IsReplicated) {
		in.fill(text, s.asyncTarget())
		return
	}
	in.texts[text] = "arn:${partition}:lambda:" + flowlang.RegionReference + ":${account}:function:" + asyncFunction +
		s.settings.Qualifier()
	in.references = append(in.references, "partition", "account", "var."+nameVariable)
}

// filledIn works out what is filled into a flow, and makes a variable of everything that differs between deployments
// and is not part of the export. The async function is ${async}, or called PROJECT-async.
func (d *describer) filledIn(f *flowlang.Flow) filledIn {
	in := filledIn{texts: map[string]string{}}
	for _, ref := range f.FunctionARNs() {
		name, isARN := arn.FunctionName(ref.ARN)
		if !isARN {
			name = ref.ARN
		}
		if name == d.project.AsyncName() || name == project.AsyncFunction {
			in.async(ref.ARN, d.stack)
		}
	}
	for _, p := range f.Placeholders() {
		made := d.madeHere(p)
		switch {
		case p == flowlang.Async:
			in.async(p.String(), d.stack)
		case made != nil && made.done: // not one that leads back here
			in.fill(p.String(), made.exported.arn())
		default:
			in.fill(p.String(), "var."+d.named(f.File, p, ""))
		}
	}
	d.identities(f, &in)
	slices.Sort(in.references)
	in.references = slices.Compact(in.references)
	return in
}

// identities fills in what a flow names by IDs and ARNs of one deployment, with variables that have these as defaults
// where they can be right.
func (d *describer) identities(f *flowlang.Flow, in *filledIn) {
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			text := id.Node.Text
			if _, isPlaceholder := flowlang.ReadPlaceholder(text); isPlaceholder || flowlang.FilledIn(text) ||
				in.texts[text] != "" {
				continue
			}
			p, known := d.inStage(id)
			if !known {
				p = id.Placeholder(d.nameOf(f, a, id))
			}
			in.fill(text, "var."+d.named(f.File, p, text))
		}
	}
}

// inStage is the placeholder for a thing to which a stage of the project gives a name.
func (d *describer) inStage(id flowlang.Identity) (flowlang.Placeholder, bool) {
	for _, s := range d.project.Stages {
		if p, ok := s.Placeholder(id); ok && p != flowlang.Async {
			return p, true
		}
	}
	return flowlang.Placeholder{}, false
}

// testAlias is the ID of the alias that Amazon Lex makes of every bot for tests.
const testAlias = "TSTALIASID"

// nameOf is what a variable is called after: a function, what the console called the thing, or the end of its ARN.
func (d *describer) nameOf(f *flowlang.Flow, a *flowlang.Action, id flowlang.Identity) string {
	text := id.Node.Text
	if _, isFunction := arn.FunctionName(text); isFunction {
		return d.functionName(text)
	}
	path := strings.Split(text, "/")
	end, _, _ := strings.Cut(path[len(path)-1], ":") // without a version
	if end == testAlias && len(path) > 1 {
		end = path[len(path)-2] + "-" + end
	}
	name := strings.ToLower(cmp.Or(f.Title(a, id), end))
	if flowlang.IsID(name) {
		name, _, _ = strings.Cut(name, "-")
		name = "id-" + name
	}
	return strings.Map(nameRune, name)
}

// functionName is the name of the project's function with an ARN, or else what the ARN says: its name, with the version
// or alias.
func (d *describer) functionName(text string) string {
	for _, f := range d.project.Functions {
		if f.ARN == text {
			return f.Name
		}
	}
	a, _ := arn.Parse(text)
	return strings.Map(nameRune, strings.Join(a.Path()[1:], "-"))
}

// named returns the variable for what a placeholder means, which becomes one of the stack's if it is not there yet. Its
// default is the ID or ARN that is written in the file, if it can be right; "" for a placeholder.
func (d *describer) named(file string, p flowlang.Placeholder, written string) string {
	v := variable{name: placeholderVariable(p), written: written, accepts: thingRule(p), thing: p,
		description: "ARN of the " + p.Kind + " " + p.Name}
	if written != "" && flowlang.RealID(written) {
		v.value = written
	}
	if p.Kind == flowlang.FunctionKind {
		function, _ := d.project.Function(p.Name)
		v.value = cmp.Or(function.ARN, v.value)
		if slices.ContainsFunc(d.stack.wrapped, func(w project.Function) bool { return w.Name == p.Name }) {
			return v.name
		}
	}
	v.required = v.value == ""
	i := slices.IndexFunc(d.stack.named, func(other variable) bool { return pascal(other.name) == pascal(v.name) })
	switch {
	case i < 0:
		d.stack.named = append(d.stack.named, v)
	case d.stack.named[i].description != v.description:
		d.report(CodeNameClash, file, fmt.Sprintf("the variable for %s would have the name of another: %s", p,
			d.stack.named[i].description), "Rename one of the two: letters and digits must differ.")
	case d.stack.named[i].written != written && d.stack.named[i].written != "" && written != "":
		d.report(CodeNameClash, file, fmt.Sprintf("%q and %q would be one variable, %s", d.stack.named[i].written,
			written, v.name), fmt.Sprintf("Write placeholders with different names instead, such as %s and %s.", p,
			flowlang.Placeholder{Kind: p.Kind, Name: p.Name + "-2"}))
	}
	return v.name
}
