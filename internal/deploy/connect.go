package deploy

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// connectPermission lets the Connect instance, and nobody else, invoke the async function.
func (s *Stack) connectPermission() permission {
	return permission{name: "connect", function: project.AsyncFunction, alias: s.publishes(),
		service: "connect.amazonaws.com", source: textOf("${var.instance_arn}"), account: textOf("${instance_account}")}
}

// association offers the async function to the flows of the instance. It takes no version or alias.
type association struct{}

func (association) cloudFormation() resource {
	return resource{key: "association.connect", kind: "AWS::Connect::IntegrationAssociation",
		after: []string{"permission.connect"}, properties: properties(
			"InstanceId", textOf("${var.instance_arn}"),
			"IntegrationType", "LAMBDA_FUNCTION",
			"IntegrationArn", textOf("${function.async.arn}"),
		)}
}

func (association) terraform() resource {
	return resource{key: "association.connect", kind: "aws_connect_lambda_function_association",
		after: []string{"permission.connect"}, properties: properties(
			"instance_id", textOf("${instance_id}"),
			"function_arn", textOf("${function.async.arn}"),
		)}
}

// contactFlow is a managed flow or module of the project.
type contactFlow struct {
	id       string
	file     string // in the project
	kind     flowlang.Type
	content  document
	settings string // of a module, as JSON: what publishing checks its input and results against
}

// managedFlow is a managed flow of the project on its way into the stack.
type managedFlow struct {
	id, base string
	file     string
	job      string // that it is generated for, "" for one that is written by hand
	read     *workspace.Flow
	begun    bool // those that it refers to are being exported, or were
	done     bool
	exported contactFlow
}

// contactFlows reads the managed flows, and exports each after the modules that it refers to.
func (d *describer) contactFlows() {
	seen := map[string]string{}
	for _, f := range d.project.Flows {
		if !f.Managed {
			continue
		}
		base := strings.TrimSuffix(filepath.Base(f.File), filepath.Ext(f.File))
		id := identifier(strings.Map(nameRune, base))
		if other, ok := seen[pascal(id)]; ok {
			d.report(CodeNameClash, f.File, "its name is that of "+other, "Rename one of the files.")
			continue
		}
		seen[pascal(id)] = f.File
		read, err := workspace.ReadFlow(d.project, f.File)
		if err != nil {
			d.found = append(d.found, source.AsFinding(f.File, err))
			continue
		}
		made := &managedFlow{id: id, base: base, file: f.File, read: read}
		if f.Generate != nil {
			made.job = f.Generate.Job
		}
		d.managed = append(d.managed, made)
	}
	for _, f := range d.managed {
		d.export(f)
	}
}

// export exports a flow, unless it was exported for one that refers to it.
func (d *describer) export(f *managedFlow) {
	if f.begun {
		return
	}
	f.begun = true
	for _, p := range f.read.Placeholders() {
		if other := d.madeHere(p); other != nil {
			d.export(other)
		}
	}
	d.contactFlow(f)
	f.done = true
}

// madeHere is the managed flow or module that a placeholder names: by the name of its file, its own or that of the job
// that it is generated for. It is nil for anything else.
func (d *describer) madeHere(p flowlang.Placeholder) *managedFlow {
	if p.Kind != flowlang.ModuleKind && p.Kind != flowlang.FlowKind {
		return nil
	}
	for _, named := range []func(*managedFlow) string{
		func(f *managedFlow) string { return f.base }, func(f *managedFlow) string { return f.read.Name },
		func(f *managedFlow) string { return f.job },
	} {
		for _, f := range d.managed {
			isModule := f.read.Type == flowlang.Module
			if isModule == (p.Kind == flowlang.ModuleKind) && named(f) == p.Name {
				return f
			}
		}
	}
	return nil
}

// nameRune is a character of a name, or an underscore in its place.
func nameRune(r rune) rune {
	if project.InName(r) {
		return r
	}
	return '_'
}

func (d *describer) contactFlow(f *managedFlow) {
	read := f.read
	c := contactFlow{id: f.id, file: f.file, kind: read.Type}
	filledIn := d.filledIn(read.Flow)
	content := Acceptable(read.Doc, c.kind == flowlang.Module).ReplaceStrings(filledIn.texts)
	d.found = append(d.found, d.refused(read.Flow, content)...)
	text, err := indent(content)
	if err == nil && c.kind == flowlang.Module {
		c.settings, err = moduleSettings(read)
	}
	if err != nil {
		d.note(CodeNoFlow, f.file, err, "Run `connect-async lint` on it.")
		return
	}
	c.content = newDocument("flows/"+f.base+".json", text, filledIn.references...)
	f.exported = c
	d.stack.flows = append(d.stack.flows, c)
}

// moduleSettings are the settings of a module as JSON: those that its file has beside it, else what its actions need.
func moduleSettings(f *workspace.Flow) (string, error) {
	if f.Settings == nil {
		text, err := f.ModuleSettings()
		return string(text), err
	}
	text, err := f.Settings.MarshalJSON()
	return string(text), err
}

// refused returns the errors for which publishing refuses a flow, without what exporting its content mends.
func (d *describer) refused(f *flowlang.Flow, content *source.Node) source.Findings {
	exported, err := flowlang.Read(f.File, content)
	if err != nil {
		return source.Findings{source.AsFinding(f.File, err)}
	}
	remain := exported.WithType(f.Type).Check()
	return slices.DeleteFunc(d.verdict.On(d.project, f.Check()), func(found source.Finding) bool {
		return found.Severity != source.Error || !slices.ContainsFunc(remain, func(r source.Finding) bool {
			return r.Code == found.Code && r.Pos == found.Pos && r.Subject == found.Subject
		})
	})
}

// Keys that CreateContactFlow takes (API reference, flow language); it refuses others, which console exports may have.
var (
	flowKeys   = []string{"Version", "StartAction", "Metadata", "Actions"}
	moduleKeys = append(slices.Clone(flowKeys), "Settings")
	actionKeys = []string{"Identifier", "Type", "Parameters", "Transitions"}
)

// Acceptable returns the document of a flow or module without the keys that the service refuses.
func Acceptable(node *source.Node, module bool) *source.Node {
	keys := flowKeys
	if module {
		keys = moduleKeys
	}
	out := only(node, keys)
	for i, m := range out.Members {
		if m.Key == "Actions" && m.Value.Is(source.Array) {
			actions := *m.Value
			actions.Items = nil
			for _, a := range m.Value.Items {
				actions.Items = append(actions.Items, only(a, actionKeys))
			}
			out.Members[i].Value = &actions
		}
	}
	return out
}

// only returns a copy of an object with no other keys than these.
func only(node *source.Node, keys []string) *source.Node {
	out := &source.Node{Kind: source.Object, Pos: node.Place()}
	if node != nil {
		for _, m := range node.Members {
			if slices.Contains(keys, m.Key) {
				out.Members = append(out.Members, m)
			}
		}
	}
	return out
}

func (f contactFlow) cloudFormation() resource {
	p := properties("InstanceArn", textOf("${var.instance_arn}"), "Name", f.title())
	if f.kind == flowlang.Module {
		return resource{key: "flow." + f.id, kind: "AWS::Connect::ContactFlowModule",
			properties: p.with("Content", f.content).with("Settings", plain(f.settings)),
			after:      []string{"association.connect"}}
	}
	return resource{key: "flow." + f.id, kind: "AWS::Connect::ContactFlow", after: []string{"association.connect"},
		properties: p.with("Type", plain(f.kind)).with("Content", f.content)}
}

// terraform is the resource of the provider, which has no attribute for a module's settings: a module that has any is
// created by CloudFormation's resource.
func (f contactFlow) terraform() resource {
	p := properties("instance_id", textOf("${instance_id}"), "name", f.title())
	if f.hasSettings() {
		return f.cloudFormation()
	}
	if f.kind == flowlang.Module {
		return resource{key: "flow." + f.id, kind: "aws_connect_contact_flow_module",
			properties: p.with("content", f.content), after: []string{"association.connect"}}
	}
	return resource{key: "flow." + f.id, kind: "aws_connect_contact_flow", after: []string{"association.connect"},
		properties: p.with("type", plain(f.kind)).with("content", f.content)}
}

// hasSettings reports whether publishing checks the input and results of a module.
func (f contactFlow) hasSettings() bool { return f.settings != "" && f.settings != "{}" }

// arn is the reference to its ARN. In every vocabulary that is the ID of what CloudFormation's resource creates.
func (f contactFlow) arn() string {
	if f.hasSettings() {
		return "flow." + f.id + ".id"
	}
	return "flow." + f.id + ".arn"
}

func (f contactFlow) title() text { return textOf(base + "-" + f.id) }
