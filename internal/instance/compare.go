package instance

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Local is a flow or module in a file.
type Local struct {
	*flowlang.Flow
	Name     string // in the instance
	Settings string // of a module, as JSON; "" when there is no file with them
}

// SettingsSuffix ends the name of the file with the settings of a module, which begins as that of the module.
const SettingsSuffix = ".settings.json"

// SettingsFile is the file with the settings of the module in a file.
func SettingsFile(file string) string { return strings.TrimSuffix(file, ".json") + SettingsSuffix }

// NewLocal is a flow that was read from a file, with the settings beside it where it is a module. It has the given name
// in the instance or, when that is "", its own, else that of its file. The error is a source.Finding.
func NewLocal(f *flowlang.Flow, name string) (Local, error) {
	l := Local{Flow: f, Name: cmp.Or(name, f.Name, strings.TrimSuffix(filepath.Base(f.File), ".json"))}
	if f.Type != flowlang.Module {
		return l, nil
	}
	file := SettingsFile(f.File)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, source.Unreadable(file, err)
	}
	if text, err = source.Unmarked(file, text); err != nil {
		return l, err
	}
	l.Settings, err = settingsOf(file, text)
	return l, err
}

// Comparison is a flow here beside the flow of the same name in the instance.
type Comparison struct {
	flowdiff.Diff
	Local   Local
	Listed  Listed
	Version Version // what the instance has; of a flow that it does not have, nothing
	IsNew   bool    // the instance has no such flow
}

// Compare reads the flow that has a local one's name, and says how the local one differs.
func (in *Instance) Compare(ctx context.Context, l Local) (Comparison, error) {
	c := Comparison{Local: l, Diff: flowdiff.Diff{Changes: []flowdiff.Change{}, Renamed: []flowdiff.Renamed{},
		Moved: []string{}}}
	listed, ok, err := in.like(ctx, l)
	if c.Listed, c.IsNew = listed, !ok; err != nil || c.IsNew {
		return c, err
	}
	if c.Version, err = in.Read(ctx, listed); err != nil {
		return c, err
	}
	there, err := in.WithNames(ctx, c.Version)
	if err != nil {
		return c, err
	}
	doc, _, err := in.named(ctx, l.Flow)
	if err != nil {
		return c, err
	}
	err = c.differ(there, l.Flow, deploy.Acceptable(doc, l.Type == flowlang.Module),
		cmp.Or(l.Settings, there.Document.Settings)) // no file, no change
	return c, err
}

// With compares what the instance has with another document of the same flow.
func (c *Comparison) With(d Document) error {
	f, err := canonical(d)
	if err != nil {
		return err
	}
	return c.differ(c.Version, f, f.Doc, d.Settings)
}

// differ says how a flow with a document and settings differs from what the instance has.
func (c *Comparison) differ(there Version, f *flowlang.Flow, doc *source.Node, settings string) error {
	before, err := withSettings(there.Flow, there.Document.Settings)
	if err != nil {
		return err
	}
	here, _, err := titled(Document{Name: c.Local.Name}, f, doc)
	if err != nil {
		return err
	}
	after, err := withSettings(here, settings)
	if err != nil {
		return err
	}
	c.Diff = flowdiff.Compare(before, after)
	return nil
}

// Draft returns what is saved of a flow and not published. ok is false when that is the same as what is published.
func (in *Instance) Draft(ctx context.Context, c Comparison) (d Document, ok bool, err error) {
	if !c.Listed.Published {
		return c.Version.Document, true, nil
	}
	saved := c.Listed
	saved.Published = false
	switch d, err = in.API.Describe(ctx, saved); {
	case errors.Is(err, ErrNotThere):
		return d, false, nil
	case err != nil:
		return d, false, err
	}
	hash, err := HashOf(d)
	return d, err != nil || hash != c.Version.Hash, nil
}

// settingsKey is the key under which a comparison shows the settings of a module: as the API calls them, and other than
// the key of its content.
const settingsKey = "settings"

// withSettings is a flow with the settings of a module as a part of its document.
func withSettings(f *flowlang.Flow, settings string) (*flowlang.Flow, error) {
	if settings == "" || settings == "{}" {
		return f, nil
	}
	node, err := source.ParseJSON(SettingsFile(f.File), []byte(settings))
	if err != nil {
		return nil, err
	}
	read, err := flowlang.Read(f.File, with(f.Doc, settingsKey, node))
	if err != nil {
		return nil, err
	}
	return read.WithType(f.Type), nil
}
