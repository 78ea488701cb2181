package instance

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of Push.
const (
	CodeRefused = "instance-refused" // Amazon Connect refuses to publish the flow
	CodeChanged = "instance-changed" // what is published is not what was pulled
	CodeNewSave = "instance-new"     // a module that is not there yet cannot be only saved
)

// Prepare returns what a push would send: the flow with what its placeholders mean in the instance. The findings name
// the placeholders that mean nothing there.
func (in *Instance) Prepare(ctx context.Context, c Comparison) (Document, source.Findings, error) {
	l := c.Local
	filled, missing, err := in.filledIn(ctx, l.Flow)
	if err != nil || missing.HasErrors() {
		return Document{}, missing, err
	}
	content, err := deploy.Acceptable(filled, l.Type == flowlang.Module).MarshalJSON()
	if err != nil {
		return Document{}, nil, err
	}
	d := Document{ID: c.Listed.ID, Name: l.Name, Type: string(l.Type), Content: string(content), Settings: l.Settings}
	if c.IsNew && l.Type == flowlang.Module && d.Settings == "" {
		settings, err := l.ModuleSettings()
		if err != nil {
			return Document{}, nil, err
		}
		d.Settings = string(settings)
	}
	return d, nil, nil
}

// Push gives the instance a flow or module, and returns what it has then. The findings say why Amazon Connect refuses
// to publish it.
func (in *Instance) Push(ctx context.Context, l Local, d Document, onlySave bool) (Document, source.Findings, error) {
	var err error
	switch isModule := d.Type == string(flowlang.Module); {
	case d.ID != "":
		err = in.API.Update(ctx, d, onlySave)
	case onlySave && isModule:
		err = source.Finding{Code: CodeNewSave, Severity: source.Error, File: l.File,
			Message: "the instance does not have this module yet, and only one that it has can be saved",
			Remedy:  "Leave out --save: nothing uses the module before a flow names it."}
	default:
		d.ID, err = in.API.Create(ctx, d, onlySave)
		in.lists = nil // one more is there
	}
	refused, ok := errors.AsType[refused](err)
	if ok {
		return d, refusal(l, refused.Problems()), nil
	}
	return d, nil, err
}

// refused is the error of an API for content that cannot be published.
type refused interface {
	error
	Problems() []string // in the words of the service
}

// HashOf is the hash that a version has when the instance has a document.
func HashOf(d Document) (string, error) {
	f, err := canonical(d)
	if err != nil {
		return "", err
	}
	return hashOf(f, d.Settings), nil
}

// problemPath is where a problem is: the number of an action.
var problemPath = regexp.MustCompile(`(?:Actions\[(\d+)\]|Path: (\d+)\.)`)

// refusal are the service's problems as findings, with the actions that they are about.
func refusal(l Local, problems []string) source.Findings {
	var found source.Findings
	for _, p := range problems {
		f := source.Finding{Code: CodeRefused, Severity: source.Error, File: l.File,
			Message: "Amazon Connect refuses to publish it: " + p}
		if m := problemPath.FindStringSubmatch(p); m != nil {
			if n, _ := strconv.Atoi(m[1] + m[2]); n < len(l.Actions) {
				f.Pos = l.Actions[n].Node.Pos
				f.Message = fmt.Sprintf("%s (action %q)", f.Message, l.Actions[n].Identifier)
			}
		}
		found = append(found, f)
	}
	return found
}

// Changed says that what is published is not what was pulled, nil when it is, or when there is nothing to lose. known
// is the hash of what was pulled, "" for a flow that was not.
func (c Comparison) Changed(known string) *source.Finding {
	switch {
	case c.IsNew, c.Same(), c.Version.Hash == known:
		return nil
	case known == "":
		return &source.Finding{Code: CodeChanged, Severity: source.Error, File: c.Local.File,
			Message: "the flow was not pulled from this instance, which has one of this name",
			Remedy:  "Pull it and put your change into the file, or pass --force to replace what is published."}
	}
	return &source.Finding{Code: CodeChanged, Severity: source.Error, File: c.Local.File,
		Message: "what is published has changed since it was pulled",
		Remedy:  "Pull it again and put your change into the file, or pass --force to replace what is published."}
}
