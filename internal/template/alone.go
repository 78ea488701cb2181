package template

import (
	"bytes"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// Own is the text of a flow that has a file to itself.
type Own struct {
	JSON     []byte // the flow's JSON
	IsQuoted bool   // whether it is a JSON string in the file

	text   excerpt
	before int // the bytes of the file before the text that has been read
}

// At returns the offset in the file of a byte of the flow's JSON.
func (o Own) At(i int) int { return o.before + o.text.at(i) }

// FlowAlone returns the text of the flow in a file that is the JSON of one flow, the AWS CLI's answer with one, or one
// flow as a JSON string. It is false for any other file: templates have more in them, and have other rules for texts.
func FlowAlone(file string, text []byte) (Own, bool) {
	trimmed := bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	before := len(text) - len(trimmed)
	root, err := source.ParseJSON(file, trimmed)
	switch {
	case err != nil:
		return Own{}, false
	case IsFlow(root):
		return Own{JSON: trimmed, text: excerpt{text: trimmed}, before: before}, true
	}
	quoted := root
	for _, key := range slices.Sorted(maps.Keys(answers)) {
		if content := root.Get(key).Get("Content"); content != nil {
			quoted = content
		}
	}
	if !quoted.Is(source.String) {
		return Own{}, false
	}
	at := newLines(trimmed).offset(quoted.Pos)
	inner, size := literal(excerpt{text: trimmed}.slice(at, len(trimmed)))
	if size == 0 {
		return Own{}, false
	}
	if flow, err := source.ParseJSON(file, inner.text); err != nil || !IsFlow(flow) {
		return Own{}, false
	}
	return Own{JSON: inner.text, IsQuoted: true, text: inner, before: before}, true
}
