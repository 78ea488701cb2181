package flowfmt

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// CodeHalfCharacter is the code of the finding that a text has half of a character, which nothing can write again.
const CodeHalfCharacter = "fmt-half-character"

var byteOrderMark = []byte("\xef\xbb\xbf") // which source leaves out, too

// Format returns a flow in its canonical form. The error is a source.Finding: the text is not JSON, or not a flow.
func Format(file string, text []byte) ([]byte, error) {
	f, err := flowlang.Parse(file, text)
	if err != nil {
		return nil, err
	}
	if !jsontext.Value(bytes.TrimPrefix(text, byteOrderMark)).IsValid(jsontext.AllowDuplicateNames(true)) {
		return nil, source.Finding{Code: CodeHalfCharacter, Severity: source.Error, File: file,
			Message: `a text has a lone \u escape between \ud800 and \udfff, which is half of a character`,
			Remedy:  `Write both halves, such as \ud83d\ude00, or the character itself.`}
	}
	return Flow(f), nil
}

// Flow returns a flow in its canonical form. A flow that was read from what Flow returned gives the same bytes.
func Flow(f *flowlang.Flow) []byte {
	var w writer
	w.node(arrange(f), place{})
	w.text("\n")
	return w.b
}
