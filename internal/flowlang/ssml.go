package flowlang

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// FaultySSML says what is wrong with an SSML document, "" when nothing is. Only its form is looked at, not which
// elements Amazon Polly knows.
func FaultySSML(text string) string {
	if !strings.Contains(text, "<speak") {
		return "invalid SSML: no <speak> element"
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return ""
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			return "invalid SSML: " + syntax.Msg
		}
		if err != nil {
			return "invalid SSML: " + err.Error()
		}
	}
}
