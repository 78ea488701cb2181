package speech_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/speech"
)

const mary = `{"time":0,"type":"sentence","start":0,"end":23,"value":"Mary had  a little lamb."}
{"time":6,"type":"word","start":0,"end":4,"value":"Mary"}
{"time":6,"type":"viseme","value":"p"}
{"time":1082,"type":"viseme","value":"sil"}
`

func TestMarks(t *testing.T) {
	text, length, err := speech.Marks(strings.NewReader(mary))
	if err != nil || text != "Mary had a little lamb." || length != 1082*ms {
		t.Errorf("%q takes %v: %v", text, length, err)
	}
	two := strings.Replace(mary, `"time":1082`, `"time":900`, 1) +
		`{"time":1000,"type":"sentence","value":"Thanks."}` + `{"time":1500,"type":"viseme","value":"sil"}`
	if text, length, err = speech.Marks(strings.NewReader(two)); err != nil ||
		text != "Mary had a little lamb. Thanks." || length != 1500*ms {
		t.Errorf("%q takes %v: %v", text, length, err)
	}
}

func TestBadMarks(t *testing.T) {
	for marks, want := range map[string]string{
		"":                      "type sentence",
		"{}":                    "type sentence",
		"Mary":                  "not a speech mark",
		`{"time":"soon"}`:       "not a speech mark",
		`{"time":999999999999}`: "not a speech mark",
		`{"time":0,"type":"sentence","value":"Mary"}{"time":6,"type":"word","value":"Mary"}`: "type viseme",
		strings.Replace(mary, "had", `<break/>`, 1):                                          "SSML",
		mary + `{"time":700,"type":"ssml","value":"animal"}`:                                 "SSML",
	} {
		if _, _, err := speech.Marks(strings.NewReader(marks)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", marks, err, want)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add(mary)
	f.Fuzz(func(t *testing.T, marks string) {
		if text, length, err := speech.Marks(strings.NewReader(marks)); err == nil && (text == "" || length <= 0) {
			t.Errorf("%q takes %v", text, length)
		}
	})
}
