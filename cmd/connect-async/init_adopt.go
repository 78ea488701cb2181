package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/adopt"
	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/call"
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
	read, err := flowlang.Parse(file, text.Bytes())
	if err != nil {
		return strangersFlow{}, err
	}
	return strangersFlow{Flow: read.WithType(f.Type), text: text.Bytes(), file: file}, nil
}

// adopt puts the wait into the flow of --flow, and writes the project for it.
func (o initOptions) adopt(ctx context.Context, t *terminal) error {
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
	if spoken := adopt.Language(f.Flow); o.project.Language == "" && spoken != "" {
		fmt.Fprintf(t.out, "  language  %s, as the flow sets it (--language)\n", spoken)
		o.project.Language = spoken
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
	return o.writeAdopted(ctx, t, f, p, options, functionARN)
}

// writeAdopted adopts the block, shows what changes, and writes it.
func (o initOptions) writeAdopted(ctx context.Context, t *terminal, f strangersFlow, p *project.Project,
	options adopt.Options, functionARN string,
) error {
	adopted, err := adopt.Flow(options)
	if err != nil {
		return reportError(t, o.flow, err)
	}
	report(t.err, append(adopted.Warnings, leftBlocks(options)...))
	files, err := o.adoptedFiles(p, f, options, functionARN, adopted)
	if err != nil {
		return reportError(t, o.flow, err)
	}
	if err := showChanges(t, f, adopted.Flow); err != nil {
		return reportError(t, o.flow, err)
	}
	verb, scenario := "init", "scenario.yaml"
	if p != nil { // which is added to
		verb, scenario = "add", filepath.Join("scenarios", options.Job+".yaml")
	}
	if err := o.writeAll(t, verb, files); err != nil || o.dryRun {
		return err
	}
	o.warnMissed(ctx, t, filepath.Join(o.project.Dir, scenario), options.Block)
	o.next(t)
	return nil
}

// codeLeft is the code of the note that other blocks invoke the function as before.
const codeLeft = "adopt-left-blocks"

// leftBlocks notes which other blocks invoke the function of the block, and wait as long as Connect lets them.
func leftBlocks(as adopt.Options) source.Findings {
	var names []string
	var first *flowlang.Action
	for _, other := range as.Flow.OfType(flowlang.InvokeLambdaFunction) {
		if other == as.Block || !adopt.SameFunction(other, as.Block) || other.Has(flowlang.Asynchronous) {
			continue
		}
		names = append(names, strconv.Quote(other.Identifier))
		first = cmp.Or(first, other)
	}
	if first == nil {
		return nil
	}
	return source.Findings{{Code: codeLeft, Severity: source.Info, File: as.Flow.File, Pos: first.Node.Pos,
		Message: "the same function is invoked as before by " + strings.Join(names, ", "),
		Remedy:  "Adopt these blocks, too, if they ask for what takes longer than they wait."}}
}

// codeMissed is the code of the warning that the call of the scenario does not come to the adopted block.
const codeMissed = "adopt-missed"

// warnMissed plays the call of the scenario, and says so when it does not come to the block: the way there may depend
// on what only the user knows.
func (o initOptions) warnMissed(ctx context.Context, t *terminal, file string, block *flowlang.Action) {
	p, given, found := callOptions{dir: o.project.Dir, scenario: file}.read()
	if found.HasErrors() {
		return // which the next verb reports
	}
	played, _ := call.New(ctx, call.Options{Project: p, Scenario: given, Virtual: true})
	if played == nil {
		return
	}
	defer played.Close()
	var events []call.Event
	if _, err := played.Play(ctx, played.Seed(), func(e call.Event) { events = append(events, e) }); err != nil {
		return
	}
	if why, missed := call.Missed(events); missed {
		_ = report(t.err, source.Findings{{Code: codeMissed, Severity: source.Warning, File: file,
			Message: fmt.Sprintf("the call does not come to %q%s", block.Identifier, why),
			Remedy:  "Say in this file what leads there: " + call.LeadThere + "."}})
	}
}

// showChanges prints what is different in the adopted flow, by action.
func showChanges(t *terminal, f strangersFlow, text []byte) error {
	after, err := flowlang.Parse(f.file, text)
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

// callName is what the scenario calls a block: by its identifier or, of one that the console made, as the console shows
// it.
func callName(f *flowlang.Flow, block *flowlang.Action) string {
	if flowdiff.Name(block.Identifier, "") != block.Identifier {
		return adopt.Shown(f, block)
	}
	return block.Identifier
}

// adoptedFiles are the files that are written, the flow last: until then everything is as it was.
func (o initOptions) adoptedFiles(p *project.Project, f strangersFlow, as adopt.Options, functionARN string,
	done adopt.Adopted,
) ([]manifest.File, error) {
	block := as.Block
	a := scaffold.Adopted{ARN: functionARN, Flow: nameIn(o.project.Dir, f.file), Type: f.Type,
		Block: callName(f.Flow, block), Returns: returned(f.Flow, block), Given: given(block)}
	for _, other := range f.OfType(flowlang.InvokeLambdaFunction) {
		if adopt.SameFunction(other, block) {
			maps.Copy(a.Returns, returned(f.Flow, other))
		}
	}
	if a.Module = adoptedModuleFile; done.Module == nil {
		a.Module = ""
	} else if p != nil {
		a.Module = as.Job + ".json"
	}
	functions := addOthers(&a, p, as)
	way, reached := adopt.FindWay(f.Flow, block)
	a.Chat, a.Reached, a.Quick = way.Chat, reached, make([]struct{}, way.Invokes)
	maps.Copy(a.Given, way.Attributes)
	nameFunctions(&a, way, functions)
	a.Way = outcomes(way)
	var files []manifest.File
	if f.inPlace {
		files = append(files, manifest.File{Name: nameIn(o.project.Dir, originalName(f)), Content: f.text,
			Theirs: true})
	}
	if done.Module != nil {
		files = append(files, manifest.File{Name: a.Module, Content: done.Module})
	}
	ofProject, err := o.projectFiles(p, a)
	return append(append(files, ofProject...),
		manifest.File{Name: a.Flow, Content: done.Flow, Theirs: f.inPlace}), err
}

// nameFunctions lets references to functions have the names of these functions as values.
func nameFunctions(a *scaffold.Adopted, way adopt.Way, functions map[string]string) {
	for written, name := range functions {
		reference := adopt.Spelled(written)
		replaceNeeded(a.Given, strings.TrimPrefix(reference, "$.Attributes."), name)
		replaceNeeded(way.Before, reference, name)
		if key, ok := adopt.ReplyKey(written); ok {
			rename(a.Returns, key, name)
			for _, other := range a.Others {
				rename(other.Returns, key, name)
			}
		}
	}
}

// replaceNeeded replaces the value of a key, if it has one.
func replaceNeeded(values map[string]string, key, value string) {
	if _, needed := values[key]; needed {
		values[key] = value
	}
}

// rename replaces a value that a stand-in returns, if it returns one under the key.
func rename(returns map[string]any, key []string, value string) {
	for _, step := range key[:len(key)-1] {
		inner, ok := returns[step].(map[string]any)
		if !ok {
			return
		}
		returns = inner
	}
	if last := key[len(key)-1]; returns[last] != nil {
		returns[last] = value
	}
}

// outcomes are how the actions on the way turn out. The first one is also given what the contact brings along.
func outcomes(way adopt.Way) []scaffold.Outcome {
	var list []scaffold.Outcome
	for _, o := range way.Outcomes {
		list = append(list, scaffold.Outcome{Action: o.Action, Result: o.Result, Error: o.Error})
	}
	if len(way.Before) == 0 {
		return list
	}
	if len(list) == 0 || list[0].Action != way.First {
		list = slices.Insert(list, 0, scaffold.Outcome{Action: way.First})
	}
	list[0].Data = way.Before
	return list
}

// projectFiles are those of a new project, or those that change in one that is there, its project file last.
func (o initOptions) projectFiles(p *project.Project, a scaffold.Adopted) ([]manifest.File, error) {
	if p == nil {
		files, err := o.project.AdoptedFiles(a)
		return manifestFiles(files, false), err
	}
	added, err := o.project.AddAdopted(p, a)
	return addedFiles(added), err
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

// others names the other functions of a flow, so that a call has stand-ins for them.
type others struct {
	*scaffold.Adopted
	flow   *flowlang.Flow
	known  *project.Project // nil for a new one
	used   map[string]bool  // names
	values map[string]string
}

// addOthers adds the other functions of the flow to what the project says. It returns the values that references to
// functions have in the call: names.
func addOthers(a *scaffold.Adopted, p *project.Project, as adopt.Options) map[string]string {
	o := others{Adopted: a, flow: as.Flow, known: p, used: map[string]bool{as.Job: true}, values: map[string]string{}}
	a.Names = map[string]string{}
	seen := map[string]bool{}
	for _, block := range as.Flow.OfType(flowlang.InvokeLambdaFunction) {
		written := block.Text("LambdaFunctionARN")
		_, isPlaceholder := flowlang.ReadPlaceholder(written)
		isSame := adopt.SameFunction(block, as.Block)
		switch {
		case written == "", isPlaceholder, block == as.Block, seen[written], isSame && isFunctionARN(written):
		case isSame && flowlang.IsReference(written):
			o.refer(written, as.Job)
		default:
			o.add(block, written)
		}
		seen[written] = seen[written] || block != as.Block
	}
	return o.values
}

// add adds the function of a block.
func (o *others) add(block *flowlang.Action, written string) {
	limit, _ := block.InvocationLimit()
	other := scaffold.OtherFunction{Limit: limit, Returns: returned(o.flow, block)}
	name, isARN := arn.FunctionName(written)
	if isARN {
		other.ARN = written
	} else {
		name = "function-" + strconv.Itoa(len(o.Others)+1)
	}
	if other.Name = knownFunction(o.known, written); other.Name == "" {
		other.Name = scaffold.FunctionName(name)
		for i := 2; o.used[other.Name]; i++ {
			other.Name = scaffold.FunctionName(fmt.Sprintf("%s-%d", name, i))
		}
	}
	switch o.used[other.Name] = true; {
	case isARN:
	case flowlang.IsReference(written):
		o.refer(written, other.Name)
	default:
		o.Names[written] = other.Name
	}
	o.Others = append(o.Others, other)
}

// refer lets a reference mean a function in the call.
func (o *others) refer(reference, name string) {
	o.values[reference] = name
	o.Names[name] = name
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
			at[key[len(key)-1]] = adopt.Sample(f, append([]string{"External"}, key...))
		}
	}
	if len(values) == 0 {
		values["result"] = "42"
	}
	return values
}
