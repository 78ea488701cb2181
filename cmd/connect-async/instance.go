package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// flowsFolder is the folder of a project that pulled flows are in.
const flowsFolder = "flows"

// instanceOptions are the flags that say which instance of Amazon Connect is meant.
type instanceOptions struct{ dir, arn, stage string }

func (o *instanceOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.arn, "instance", "", "ARN of the Amazon Connect instance")
	flags.StringVar(&o.stage, "stage", "", "the stage of the project whose instance it is, such as prod")
}

// ofInstance reports whether an instance is meant by the flags.
func (o instanceOptions) ofInstance() bool { return o.arn != "" || o.stage != "" }

// connected is an instance that is asked, and what belongs to it here.
type connected struct {
	*instance.Instance
	project *project.Project  // nil when the folder has none
	flows   string            // the folder of the flows
	record  instance.Record   // of what was pulled into it
	managed map[string]string // the names of managed flows in the instance, by their file
}

// open finds out which instance is meant, and reads what belongs to it here.
func (o instanceOptions) open(t *terminal) (*connected, error) {
	if (o.arn == "") == (o.stage == "") {
		return nil, usage("name the instance with --instance ARN, or with --stage NAME as the project file has it.")
	}
	if o.arn != "" && !project.IsInstanceARN(o.arn) {
		return nil, notAnInstance(o.arn)
	}
	c := &connected{flows: filepath.Join(o.dir, flowsFolder), Instance: &instance.Instance{ARN: o.arn}}
	if _, err := os.Stat(project.File(o.dir)); !errors.Is(err, fs.ErrNotExist) || o.stage != "" {
		p, found := project.Read(o.dir)
		if err := report(t.err, found); err != nil {
			return nil, err
		}
		c.project = p
	}
	if err := c.findStage(o.stage); err != nil {
		return nil, err
	}
	var err error
	if c.record, err = instance.ReadRecord(c.flows); err != nil {
		return nil, err
	}
	c.findManaged()
	return c, nil
}

// connect makes the instance ready to be asked.
func (c *connected) connect(ctx context.Context, t *terminal) error {
	asked, err := remote.NewInstance(ctx, c.ARN, os.Getenv, t.clock)
	if err != nil {
		return err
	}
	c.API = instanceAPI{asked}
	fmt.Fprintf(t.err, "Asking %s what it has, with a request every %s.\n", c.name(), call.Spell(remote.RequestEvery()))
	return nil
}

// notAnInstance refuses a text that is not the ARN of an instance.
func notAnInstance(text string) error {
	return usage("%q is not the ARN of a Connect instance.\n%s", text, project.InstanceRemedy)
}

// findStage finds the instance of a stage, or the stage of an instance.
func (c *connected) findStage(name string) error {
	if name == "" {
		if c.project != nil {
			i := slices.IndexFunc(c.project.Stages, func(s project.Stage) bool { return s.Instance == c.ARN })
			if i >= 0 {
				c.Stage = &c.project.Stages[i]
			}
		}
		return nil
	}
	stage, err := c.project.Stage(name)
	if err != nil {
		return err
	}
	if stage.Instance == "" {
		return source.Finding{Code: project.CodeMissing, Severity: source.Error, File: c.project.File, Pos: stage.At,
			Message: fmt.Sprintf("the stage %s has no instance", name), Remedy: "Add instance: ARN to the stage."}
	}
	c.Stage, c.ARN = &stage, stage.Instance
	return nil
}

// name is what the instance is called.
func (c *connected) name() string {
	if c.Stage != nil {
		return c.Stage.Name
	}
	return c.ARN
}

// findManaged finds out which names managed flows have in the instance.
func (c *connected) findManaged() {
	if c.project == nil {
		return
	}
	stack, _ := deploy.Describe(c.project, lint.Publishing) // what is wrong with it is for export to say
	if stack == nil {
		return
	}
	site := stack.AtName("", "")
	if c.Stage != nil {
		site = stack.AtStage(*c.Stage)
	}
	c.managed, c.Words = map[string]string{}, map[string]string{}
	for _, f := range stack.Deployment(site).Flows {
		c.managed[f.File] = f.Name
		c.Words[f.Name] = strings.TrimSuffix(filepath.Base(f.File), filepath.Ext(f.File))
	}
}

// flowFiles are the files of flows and modules: those in the folder of the flows, and those of the project.
func (c *connected) flowFiles() []string {
	entries, _ := os.ReadDir(c.flows) // without the folder there are none
	var files []string
	for _, e := range entries {
		name := e.Name()
		if filepath.Ext(name) == ".json" && name[0] != '.' && !strings.HasSuffix(name, instance.SettingsSuffix) {
			files = append(files, filepath.Join(c.flows, name))
		}
	}
	if c.project == nil {
		return files
	}
	for _, f := range c.project.Flows {
		same := func(file string) bool { return workspace.SameFile(file, f.File) }
		if !slices.ContainsFunc(files, same) {
			files = append(files, f.File)
		}
	}
	return files
}

// localFlows reads the flows and modules that are here. Those that are managed have the names that the instance knows.
func (c *connected) localFlows() (list []instance.Local, unread source.Findings) {
	for _, file := range c.flowFiles() {
		read, err := workspace.ReadFlow(c.project, file)
		var local instance.Local
		if err == nil {
			local, err = instance.NewLocal(read.Flow, c.managed[file])
		}
		if err != nil {
			unread = append(unread, source.AsFinding(file, err))
			continue
		}
		list = append(list, local)
	}
	return list, unread
}

// localFlow is the local flow that has a name, or is in a file of that name.
func (c *connected) localFlow(t *terminal, name string) (instance.Local, error) {
	list, unread := c.localFlows()
	var names []string
	for _, l := range list {
		if l.Name == name || workspace.SameFile(l.File, name) {
			return l, nil
		}
		names = append(names, l.Name)
	}
	if err := report(t.err, unread); err != nil {
		return instance.Local{}, err
	}
	if near := source.Nearest(name, names); near != "" {
		return instance.Local{}, usage("no flow here is called %q; did you mean %q?", name, near)
	}
	return instance.Local{}, usage("no flow here is called %q.\nName one that was pulled into %s, or one of the "+
		"project's flows: its Metadata has the name.", name, filepath.ToSlash(c.flows))
}

// sayTime says how long it takes to read flows and modules one by one.
func (c *connected) sayTime(t *terminal, flows int) {
	fmt.Fprintf(t.err, "Reading %s of %s takes about %s.\n", call.Count(flows, "flow"), c.name(),
		call.Spell(time.Duration(flows)*remote.RequestEvery()))
}

// instanceError is the failure of a verb that asks an instance: an interrupt says nothing more.
func instanceError(ctx context.Context, t *terminal, err error) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	if failed, ok := errors.AsType[failure](err); ok {
		return failed
	}
	return reportError(t, "Amazon Connect", err)
}

// instanceAPI gives what the SDK's client says to instance, which knows no SDK.
type instanceAPI struct{ *remote.Instance }

// List implements instance.API.
func (a instanceAPI) List(ctx context.Context, kind string) ([]instance.Listed, error) {
	list, err := a.Instance.List(ctx, kind)
	out := make([]instance.Listed, len(list))
	for i, l := range list {
		out[i] = instance.Listed(l)
	}
	return out, err
}

// Describe implements instance.API.
func (a instanceAPI) Describe(ctx context.Context, l instance.Listed) (instance.Document, error) {
	d, err := a.Instance.Describe(ctx, remote.Listed(l))
	if found, ok := errors.AsType[source.Finding](err); ok && found.Code == remote.InstanceMissing {
		err = notInInstance{found}
	}
	return instance.Document(d), err
}

// notInInstance is the error of what an instance does not have, with what to do.
type notInInstance struct{ source.Finding }

// Unwrap makes it both errors that it is.
func (n notInInstance) Unwrap() []error { return []error{n.Finding, instance.ErrNotThere} }

// Update implements instance.API.
func (a instanceAPI) Update(ctx context.Context, d instance.Document, onlySave bool) error {
	return a.Instance.Update(ctx, remote.FlowDocument(d), onlySave)
}

// Create implements instance.API.
func (a instanceAPI) Create(ctx context.Context, d instance.Document, onlySave bool) (string, error) {
	return a.Instance.Create(ctx, remote.FlowDocument(d), onlySave)
}
