package instance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// CodeUnnamed is the code of the finding that an instance has nothing by the name in a placeholder.
const CodeUnnamed = "instance-unnamed"

// latest follows the ID of a module in a flow that calls its latest content, as a flow with the ID alone does.
const latest = ":$LATEST"

// named returns a flow's document with a placeholder for each ID and ARN that only one instance or stage has: by the
// name that the stage gives it, else by its own name in the instance. unnamed are those that have neither, or share it
// with another thing.
func (in *Instance) named(ctx context.Context, f *flowlang.Flow) (doc *source.Node, unnamed []string, err error) {
	names := map[string]string{}
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			text := id.Node.Text
			if _, done := flowlang.ReadPlaceholder(text); done || names[text] != "" || slices.Contains(unnamed, text) {
				continue
			}
			p, ok, err := in.placeholder(ctx, id)
			switch {
			case err != nil:
				return nil, nil, err
			case ok:
				names[text] = p.String()
			case flowlang.IsID(text) || strings.HasPrefix(text, "arn:"):
				unnamed = append(unnamed, text)
			}
		}
	}
	return f.Doc.ReplaceStrings(names), unnamed, nil
}

// placeholder is the placeholder for an ID or ARN.
func (in *Instance) placeholder(ctx context.Context, id flowlang.Identity) (p flowlang.Placeholder, ok bool,
	err error) {
	if in.Stage != nil {
		if p, ok := in.Stage.Placeholder(id); ok {
			return p, true, nil
		}
	}
	text := strings.TrimSuffix(id.Node.Text, latest)
	if owner := in.ARN + "/"; !flowlang.IsID(text) && !strings.HasPrefix(text, owner) {
		return flowlang.Placeholder{}, false, nil
	}
	for _, kind := range flowlang.PlaceholderKinds() {
		p := flowlang.Placeholder{Kind: kind}
		if !id.Takes(p) || !in.API.CanList(kind) {
			continue
		}
		list, err := in.list(ctx, kind)
		if err != nil {
			return p, false, err
		}
		i := slices.IndexFunc(list, func(l Listed) bool { return text == l.ID || text == l.ARN })
		if i < 0 {
			continue
		}
		p.Name = in.word(list[i])
		means, ok := in.byName(list, p)
		return p, ok && means == list[i].ARN && flowlang.IsPlaceholderName(p.Name), nil
	}
	return flowlang.Placeholder{}, false, nil
}

// byName is the ARN of the thing that a placeholder means: the stage has the last word, and a name that several things
// have means none.
func (in *Instance) byName(list []Listed, p flowlang.Placeholder) (arn string, ok bool) {
	if in.Stage != nil {
		if value, ok := in.Stage.Value(p); ok {
			return value, true
		}
	}
	for _, l := range list {
		if in.word(l) == p.Name {
			if arn != "" {
				return "", false
			}
			arn = l.ARN
		}
	}
	return arn, arn != ""
}

// maxWord is how long the name in a placeholder can be.
const maxWord = 64

// word is the name of a thing in the letters that a placeholder can have.
func (in *Instance) word(l Listed) string {
	if word, ok := in.Words[l.Name]; ok {
		return word
	}
	word := strings.Join(strings.FieldsFunc(l.Name, func(r rune) bool {
		isLetter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-'
		return !isLetter
	}), "-")
	return word[:min(len(word), maxWord)]
}

// filledIn returns a flow's document with what its placeholders mean in the instance. The error is source.Findings when
// one of them means nothing there.
func (in *Instance) filledIn(ctx context.Context, f *flowlang.Flow) (*source.Node, source.Findings, error) {
	values := map[string]string{}
	var missing source.Findings
	for _, p := range f.Placeholders() {
		var list []Listed
		if in.API.CanList(p.Kind) {
			var err error
			if list, err = in.list(ctx, p.Kind); err != nil {
				return nil, nil, err
			}
		}
		if value, ok := in.byName(list, p); ok {
			values[p.String()] = value
		} else {
			missing = append(missing, in.unknown(f, p))
		}
	}
	return f.Doc.ReplaceStrings(values), missing, nil
}

// unknown says that a placeholder means nothing in the instance.
func (in *Instance) unknown(f *flowlang.Flow, p flowlang.Placeholder) source.Finding {
	found := source.Finding{Code: CodeUnnamed, Severity: source.Error, File: f.File,
		Message: fmt.Sprintf("the instance has nothing that %s means", p)}
	f.Doc.EachText(func(n *source.Node) {
		if found.Pos.Line == 0 && n.Text == p.String() {
			found.Pos = n.Pos
		}
	})
	switch {
	case in.Stage != nil:
		found.Remedy = fmt.Sprintf("Add it to the stage %s in the project file: %s: {%s: ARN}.", in.Stage.Name,
			stageKey(p.Kind), p.Name)
	case in.API.CanList(p.Kind):
		found.Remedy = fmt.Sprintf("Give one thing of this kind this name in the instance, or pass --stage with a "+
			"stage that has %s: {%s: ARN}.", stageKey(p.Kind), p.Name)
	default:
		found.Remedy = "Pass --stage with a stage of the project file, which says what it means."
	}
	return found
}

// stageKey is the key of a stage under which things of a kind are named.
func stageKey(kind string) string {
	for _, k := range flowlang.StageKinds() {
		if k.Kind == kind {
			return k.Plural
		}
	}
	return "functions"
}
