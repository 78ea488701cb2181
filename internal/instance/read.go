package instance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Version is a flow or module of the instance as a file has it.
type Version struct {
	Document // as the instance has it

	Flow     *flowlang.Flow
	Text     []byte   // of its file
	Settings []byte   // of the file of a module's settings, nil when there are none
	Unnamed  []string // IDs and ARNs that have no name, as they are in the file
	Hash     string   // of what the instance has, whatever the order of its actions and keys
}

// Read reads a flow or module of the instance, with the IDs that it has there. The error is a source.Finding when its
// content is not a flow.
func (in *Instance) Read(ctx context.Context, l Listed) (Version, error) {
	d, err := in.API.Describe(ctx, l)
	if err != nil {
		return Version{}, err
	}
	f, err := canonical(d)
	if err != nil {
		return Version{}, err
	}
	v := Version{Document: d, Hash: hashOf(f, d.Settings), Settings: settingsFile(d.Settings)}
	v.Flow, v.Text, err = titled(d, f, f.Doc)
	return v, err
}

// WithNames returns a version with names instead of IDs.
func (in *Instance) WithNames(ctx context.Context, v Version) (Version, error) {
	doc, unnamed, err := in.named(ctx, v.Flow)
	if err != nil {
		return Version{}, err
	}
	v.Unnamed = unnamed
	v.Flow, v.Text, err = titled(v.Document, v.Flow, doc)
	return v, err
}

// canonical reads the content of a flow or module in canonical form.
func canonical(d Document) (*flowlang.Flow, error) {
	text, err := flowfmt.Format(d.Name, []byte(d.Content))
	if err != nil {
		return nil, err
	}
	f, err := flowlang.Parse(d.Name, text)
	if err != nil {
		return nil, err
	}
	t, ok := flowlang.TypeOf(d.Type)
	if !ok {
		return f, nil
	}
	return f.WithType(t), nil
}

// titled gives a flow's document the name and type of the flow in its Metadata, where console exports have them, and
// returns it as a flow and as the text of a file.
func titled(d Document, f *flowlang.Flow, doc *source.Node) (*flowlang.Flow, []byte, error) {
	metadata := doc.Get("Metadata")
	if !metadata.Is(source.Object) {
		metadata = &source.Node{Kind: source.Object}
	}
	metadata = with(metadata, "name", text(d.Name))
	if name := f.Type.MetadataName(); name != "" {
		metadata = with(metadata, "type", text(name))
	}
	read, err := flowlang.Read(f.File, with(doc, "Metadata", metadata))
	if err != nil {
		return nil, nil, err
	}
	read = read.WithType(f.Type)
	return read, flowfmt.Flow(read), nil
}

func text(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }

// with returns an object with a member set, as its last one when it is new.
func with(object *source.Node, key string, value *source.Node) *source.Node {
	out := *object
	out.Members = slices.Clone(object.Members)
	i := slices.IndexFunc(out.Members, func(m source.Member) bool { return m.Key == key })
	if i < 0 {
		out.Members = append(out.Members, source.Member{Key: key, Value: value})
	} else {
		out.Members[i].Value = value
	}
	return &out
}

// hashOf is the hash of a flow in canonical form and of the settings of a module.
func hashOf(f *flowlang.Flow, settings string) string {
	sum := sha256.Sum256(append(flowfmt.Flow(f), settingsFile(settings)...))
	return hex.EncodeToString(sum[:])
}

// settingsFile is the text of the file of a module's settings, nil when there are none.
func settingsFile(settings string) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(settings), "", "  "); err != nil || b.String() == "{}" {
		return nil
	}
	return append(b.Bytes(), '\n')
}

// CodeSettings is the code of the finding that the file of a module's settings is not JSON.
const CodeSettings = "instance-settings"

// settingsOf are the settings of a module as its file has them, in one line.
func settingsOf(file string, text []byte) (string, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return "", source.Finding{Code: CodeSettings, Severity: source.Error, File: file,
			Message: fmt.Sprintf("the settings of the module are not JSON: %v", err),
			Remedy:  `Write an object such as {"transitions": {"results": [{"name": "found", "description": ""}]}}.`}
	}
	return b.String(), nil
}
