package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/connect-async/connect-async/internal/adopt"
	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/workspace"
)

// The file of an adopted flow that was in a template, and that of the module.
const (
	adoptedFlowFile   = "flow.json"
	adoptedModuleFile = "module.json"
)

// strangersFlow is a flow that people have, and where it was.
type strangersFlow struct {
	*flowlang.Flow
	text    []byte // its JSON
	file    string // that is written
	inPlace bool   // file is the one that was read; else that holds the flow among other things, and stays as it is
}

// readStrangersFlow reads the flow of --flow, whatever kind of file it is in.
func (o initOptions) readStrangersFlow() (strangersFlow, error) {
	read, err := workspace.ReadFlow(nil, o.flow)
	if err != nil {
		return strangersFlow{}, err
	}
	f := strangersFlow{Flow: read.Flow, file: o.flow, inPlace: true}
	if f.text, err = source.ReadText(o.flow); err != nil {
		return strangersFlow{}, err
	}
	if doc, err := source.ParseJSON(o.flow, f.text); err != nil || !template.IsFlow(doc) {
		if f, err = o.writtenOut(read.Flow); err != nil {
			return strangersFlow{}, err
		}
	}
	if t, ok := flowlang.TypeOf(o.flowType); ok {
		f.Flow = f.WithType(t)
	}
	return f, nil
}

// writtenOut is a flow of a template or of a CLI's answer as a file of its own.
func (o initOptions) writtenOut(f *flowlang.Flow) (strangersFlow, error) {
	compact, err := f.Doc.MarshalJSON()
	if err != nil {
		return strangersFlow{}, err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, compact, "", "  "); err != nil {
		return strangersFlow{}, err
	}
	text.WriteByte('\n')
	file := filepath.Join(o.project.Dir, adoptedFlowFile)
	doc, err := source.ParseJSON(file, text.Bytes())
	if err != nil {
		return strangersFlow{}, err
	}
	read, err := flowlang.Read(file, doc)
	if err != nil {
		return strangersFlow{}, err
	}
	return strangersFlow{Flow: read.WithType(f.Type), text: text.Bytes(), file: file}, nil
}

// adopt puts the wait into the flow of --flow, and writes the project for it.
func (o initOptions) adopt(t *terminal) error {
	if _, ok := flowlang.TypeOf(o.flowType); !ok && o.flowType != "" {
		return usage("unknown flow type %q for --type (such as inbound, agent_transfer, module).", o.flowType)
	}
	f, err := o.readStrangersFlow()
	if err != nil {
		return reportError(t, o.flow, err)
	}
	block, err := adopt.Block(f.Flow, o.action)
	if err != nil {
		return reportError(t, o.flow, err)
	}
	functionARN := ""
	if written := block.Text("LambdaFunctionARN"); isFunctionARN(written) {
		functionARN = written
	}
	if o.project.Function = cmp.Or(o.project.Function, functionARN); o.project.Function == "" {
		return usage("the flow does not say which function %q invokes: %q.\n"+
			"Pass --function with the ARN of the Lambda function, or the folder of its code.", block.Identifier,
			block.Text("LambdaFunctionARN"))
	}
	p, err := o.existing(t)
	if err != nil {
		return err
	}
	job, err := o.project.JobOf(p, functionARN)
	if err != nil {
		return reportError(t, o.project.Function, err)
	}
	options := adopt.Options{Flow: f.Flow, Text: f.text, Block: block, FunctionARN: flowlang.Async.String(),
		Job: job, Language: o.project.Language, Prompt: scaffold.Named("prompt", o.project.Prompt)}
	if o.project.As == scaffold.AsModule {
		options.Module, options.ModuleName = scaffold.ModuleName(job), job
	}
	adopted, err := adopt.Flow(options)
	if err != nil {
		return reportError(t, o.flow, err)
	}
	report(t.err, adopted.Warnings)
	files, err := o.adoptedFiles(p, f, options, functionARN, adopted)
	if err != nil {
		return reportError(t, o.flow, err)
	}
	if err := showChanges(t, f, adopted.Flow); err != nil {
		return reportError(t, o.flow, err)
	}
	verb := "init"
	if p != nil {
		verb = "add" // to what is there
	}
	return o.writeAll(t, verb, files)
}

// showChanges prints what is different in the adopted flow, by action.
func showChanges(t *terminal, f strangersFlow, text []byte) error {
	doc, err := source.ParseJSON(f.file, text)
	if err != nil {
		return err
	}
	after, err := flowlang.Read(f.file, doc)
	if err != nil {
		return err
	}
	if err := flowdiff.Compare(f.Flow, after.WithType(f.Type)).Write(t.out); err != nil {
		return err
	}
	fmt.Fprintln(t.out)
	return nil
}

func isFunctionARN(text string) bool {
	_, ok := arn.FunctionName(text)
	return ok
}

// adoptedFiles are the files that are written, the flow last: until then everything is as it was.
func (o initOptions) adoptedFiles(p *project.Project, f strangersFlow, as adopt.Options, functionARN string,
	done adopt.Adopted,
) ([]manifest.File, error) {
	block := as.Block
	a := scaffold.Adopted{ARN: functionARN, Flow: o.nameIn(f.file), Type: f.Type, Block: block.Identifier,
		Returns: returned(f.Flow, block), Given: given(block)}
	if a.Module = adoptedModuleFile; done.Module == nil {
		a.Module = ""
	} else if p != nil {
		a.Module = as.Job + ".json"
	}
	addOthers(&a, p, as)
	way, reached := adopt.FindWay(f.Flow, block)
	a.Chat, a.Reached = way.Chat, reached
	for _, outcome := range way.Outcomes {
		a.Way = append(a.Way, scaffold.Outcome(outcome))
	}
	var files []manifest.File
	if f.inPlace {
		files = append(files, manifest.File{Name: o.nameIn(originalName(f)), Content: f.text, Theirs: true})
	}
	if done.Module != nil {
		files = append(files, manifest.File{Name: a.Module, Content: done.Module})
	}
	ofProject, err := o.projectFiles(p, a)
	return append(append(files, ofProject...),
		manifest.File{Name: a.Flow, Content: done.Flow, Theirs: f.inPlace}), err
}

// nameIn is the name of a file in the project, or its path where it has none.
func (o initOptions) nameIn(file string) string {
	name, err := filepath.Rel(cmp.Or(o.project.Dir, "."), file)
	if err != nil {
		name = file
	}
	return filepath.ToSlash(name)
}

// projectFiles are those of a new project, or those that change in one that is there, its project file last.
func (o initOptions) projectFiles(p *project.Project, a scaffold.Adopted) ([]manifest.File, error) {
	if p == nil {
		files, err := o.project.AdoptedFiles(a)
		return manifestFiles(files, false), err
	}
	added, err := o.project.AddAdopted(p, a)
	slices.Reverse(added.Changed)
	return slices.Concat(manifestFiles(added.New, false), manifestFiles(added.Changed, true)), err
}

// existing is the project in the folder, nil when there is none, when it is to be replaced, or when an init that was
// killed left it.
func (o initOptions) existing(t *terminal) (*project.Project, error) {
	file := filepath.Join(o.project.Dir, project.FileName)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || o.force {
		return nil, nil
	}
	wrote, err := manifest.Read(o.project.Dir)
	if err != nil {
		return nil, reportError(t, file, err)
	}
	if wrote.Left("init", project.FileName, text) {
		return nil, nil
	}
	p, found := project.Read(file)
	return p, report(t.err, found)
}

// originalName is the name under which the original is kept: the first that is free, or that has this content already.
func originalName(f strangersFlow) string {
	name := f.file + workspace.OriginalSuffix
	for i := 2; ; i++ {
		old, err := os.ReadFile(name)
		if err != nil || bytes.Equal(old, f.text) {
			return name
		}
		name = f.file + "." + strconv.Itoa(i) + workspace.OriginalSuffix
	}
}

// addOthers names the other functions of the flow, so that a call has stand-ins for them.
func addOthers(a *scaffold.Adopted, p *project.Project, as adopt.Options) {
	f, block := as.Flow, as.Block
	used := map[string]bool{as.Job: true}
	a.Names = map[string]string{}
	for _, ref := range f.FunctionARNs() {
		if _, isPlaceholder := flowlang.ReadPlaceholder(ref.ARN); isPlaceholder {
			continue
		}
		if ref.ARN == block.Text("LambdaFunctionARN") && isFunctionARN(ref.ARN) || a.Names[ref.ARN] != "" ||
			slices.ContainsFunc(a.Others, func(other scaffold.OtherFunction) bool { return other.ARN == ref.ARN }) {
			continue
		}
		limit, _ := f.Action(ref.Action).InvocationLimit()
		other := scaffold.OtherFunction{Limit: limit, Returns: returned(f, f.Action(ref.Action))}
		name, isARN := arn.FunctionName(ref.ARN)
		if !isARN {
			name = "function-" + fmt.Sprint(len(a.Others)+1)
		}
		other.Name = scaffold.FunctionName(name)
		if known := knownFunction(p, ref.ARN); known != "" {
			other.Name, other.ARN = known, ref.ARN
			used[known] = true
			a.Others = append(a.Others, other)
			continue
		}
		for i := 2; used[other.Name]; i++ {
			other.Name = scaffold.FunctionName(fmt.Sprintf("%s-%d", name, i))
		}
		used[other.Name] = true
		if isARN {
			other.ARN = ref.ARN
		} else {
			a.Names[ref.ARN] = other.Name
		}
		a.Others = append(a.Others, other)
	}
}

// knownFunction is the name that a function has in a project, "" when the project does not have it.
func knownFunction(p *project.Project, functionARN string) string {
	if p == nil {
		return ""
	}
	for _, f := range p.Functions {
		if f.ARN == functionARN {
			return f.Name
		}
	}
	return ""
}

// given are the contact attributes that a block passes to its function, each with some value.
func given(block *flowlang.Action) map[string]string {
	attributes := map[string]string{}
	block.Param("LambdaInvocationAttributes").EachText(func(n *source.Node) {
		for _, path := range flowlang.References(n.Text) {
			if path[0] == "Attributes" && len(path) == 2 {
				attributes[path[1]] = "12345"
			}
		}
	})
	return attributes
}

// returned is what a stand-in returns: every key that the flow reads, with a value that it compares it with.
func returned(f *flowlang.Flow, block *flowlang.Action) map[string]any {
	values := map[string]any{}
	for _, key := range adopt.Keys(f, block) {
		at := values
		for _, step := range key[:len(key)-1] {
			inner, ok := at[step].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[step] = inner
			}
			at = inner
		}
		if at[key[len(key)-1]] == nil {
			at[key[len(key)-1]] = compared(f, key)
		}
	}
	if len(values) == 0 {
		values["result"] = "42"
	}
	return values
}

// compared is a value that the flow compares a key of a reply with, or any other one.
func compared(f *flowlang.Flow, key []string) string {
	for _, a := range f.OfType(flowlang.Compare) {
		for _, path := range flowlang.References(a.Text("ComparisonValue")) {
			if len(path) <= len(key) || !slices.Equal(path[len(path)-len(key):], key) {
				continue
			}
			for _, b := range a.Usual() {
				if b.Kind == flowlang.Condition && b.Operand() != "" {
					return b.Operand()
				}
			}
		}
	}
	return "42"
}
