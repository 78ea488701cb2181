// Package instance moves contact flows and modules between files and an instance of Amazon Connect: Find and Read take
// them from there, with names instead of the IDs that only this instance has, Compare says how a file differs, and Push
// puts it there. A Record remembers what was published when a flow was pulled, so that nobody's change is overwritten,
// and History keeps what a push replaced.
//
// It knows no SDK: an API asks AWS. It imports internal/deploy, internal/flowdiff, internal/flowfmt, internal/flowlang,
// internal/manifest, internal/project and internal/source. An Instance is for one caller at a time and needs no Close.
package instance

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// Listed is one thing that an instance has.
type Listed struct {
	ID, ARN, Name string
	Type          string // of a flow, as CreateContactFlow has it, or MODULE
	Published     bool   // of a flow or module; it is only saved when it is false
}

// Document is a flow or module as an instance has it.
type Document struct {
	ID, Name, Type string
	Content        string
	Settings       string // of a module: its input, results and their data, as JSON
}

// API is what an instance is asked and told. Kinds are those of placeholders.
type API interface {
	CanList(kind string) bool
	List(ctx context.Context, kind string) ([]Listed, error)
	// Describe returns what is published or, of what is not published, saved. The error is ErrNotThere when there is
	// no such thing.
	Describe(ctx context.Context, l Listed) (Document, error)
	Update(ctx context.Context, d Document, onlySave bool) error
	Create(ctx context.Context, d Document, onlySave bool) (id string, err error)
}

// ErrNotThere is the error of an API for what does not exist.
var ErrNotThere = errors.New("the instance does not have it")

// Instance is an instance of Amazon Connect. Its lists are asked for when they are needed, once.
type Instance struct {
	ARN   string
	Stage *project.Stage // whose instance it is; nil when the project has none that says so
	API   API
	// Words are the names in placeholders of what has another name in the instance.
	Words map[string]string

	lists map[string][]Listed // by kind
}

// ID is the last part of the instance's ARN.
func (in *Instance) ID() string { return in.ARN[strings.LastIndex(in.ARN, "/")+1:] }

func (in *Instance) list(ctx context.Context, kind string) ([]Listed, error) {
	if list, asked := in.lists[kind]; asked {
		return list, nil
	}
	list, err := in.API.List(ctx, kind)
	if err != nil {
		return nil, err
	}
	if in.lists == nil {
		in.lists = map[string][]Listed{}
	}
	in.lists[kind] = list
	return list, nil
}

// Find returns the flows and modules of the instance, or those with a name, sorted by name.
func (in *Instance) Find(ctx context.Context, name string) ([]Listed, error) {
	var all []Listed
	for _, kind := range []string{flowlang.FlowKind, flowlang.ModuleKind} {
		list, err := in.list(ctx, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	all = slices.DeleteFunc(all, func(l Listed) bool { return name != "" && l.Name != name })
	slices.SortStableFunc(all, func(a, b Listed) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// like returns the flow or module of the instance that has the name of a local one, and is a module if that is one. ok
// is false when there is none.
func (in *Instance) like(ctx context.Context, here Local) (l Listed, ok bool, err error) {
	kind := flowlang.FlowKind
	if here.Type == flowlang.Module {
		kind = flowlang.ModuleKind
	}
	list, err := in.list(ctx, kind)
	i := slices.IndexFunc(list, func(l Listed) bool { return l.Name == here.Name })
	if err != nil || i < 0 {
		return Listed{}, false, err
	}
	return list[i], true, nil
}
