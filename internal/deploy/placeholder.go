package deploy

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// asyncReference is the reference to the ARN of the async function.
const asyncReference = "function.async.arn"

// filledIn is what an export fills into a flow.
type filledIn struct {
	texts      map[string]string // references as documents have them, by the text in the flow
	references []string
}

// filledIn works out what is filled into a flow, and makes a variable of everything that differs between deployments
// and is not part of the export. The async function is ${async}, or called PROJECT-async.
func (d *describer) filledIn(f *flowlang.Flow) filledIn {
	in := filledIn{texts: map[string]string{}}
	fill := func(text, reference string) {
		in.texts[text] = "${" + reference + "}"
		in.references = append(in.references, reference)
	}
	for _, ref := range f.FunctionARNs() {
		name, isARN := arn.FunctionName(ref.ARN)
		if !isARN {
			name = ref.ARN
		}
		if name == d.project.AsyncName() || name == project.AsyncFunction {
			fill(ref.ARN, asyncReference)
		}
	}
	for _, p := range f.Placeholders() {
		module := d.module(p)
		switch {
		case p == flowlang.Async:
			fill(p.String(), asyncReference)
		case module != nil && module.done: // not one that leads back here
			fill(p.String(), "flow."+module.id+".arn")
		default:
			fill(p.String(), "var."+d.named(f, p))
		}
	}
	slices.Sort(in.references)
	in.references = slices.Compact(in.references)
	return in
}

// named returns the variable for what a placeholder names, which becomes one of the stack's if it is not there yet.
func (d *describer) named(f *flowlang.Flow, p flowlang.Placeholder) string {
	v := variable{name: identifier(p.Name) + "_" + p.Kind + "_arn", required: true,
		description: "ARN of the " + p.Kind + " " + p.Name}
	if p.Kind == flowlang.FunctionKind {
		function, _ := d.project.Function(p.Name)
		v.name, v.value, v.required = functionVariable(p.Name), function.ARN, function.ARN == ""
		if slices.ContainsFunc(d.stack.wrapped, func(w project.Function) bool { return w.Name == p.Name }) {
			return v.name
		}
	}
	i := slices.IndexFunc(d.stack.named, func(other variable) bool { return pascal(other.name) == pascal(v.name) })
	switch {
	case i < 0:
		d.stack.named = append(d.stack.named, v)
	case d.stack.named[i].description != v.description:
		d.report(CodeNameClash, f.File, fmt.Sprintf("the variable for %s would have the name of another: %s", p,
			d.stack.named[i].description), "Rename one of the two: letters and digits must differ.")
	}
	return v.name
}
