package flow_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestFormattedFlowsPlayTheSame plays recorded flows as they are and in canonical form: what the contact asks for and
// when, and the flow log, are the same to the byte, but for the line and column of an error.
func TestFormattedFlowsPlayTheSame(t *testing.T) {
	files := testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json")
	asWritten, inForm := make([]*playground, len(files)), make([]*playground, len(files))
	for i, file := range files {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := flowlang.Read(file, doc)
		if err != nil {
			t.Fatal(err)
		}
		again, err := source.ParseJSON(file, flowfmt.Flow(read))
		if err != nil {
			t.Fatal(err)
		}
		asWritten[i], inForm[i] = newPlayground(compile(file, doc)), newPlayground(compile(file, again))
		asWritten[i].log, inForm[i].log = true, true
	}
	place := regexp.MustCompile(`json:\d+:\d+:`)
	for n := range testrun.Count(t, len(files), 100*len(files)) {
		i, seed := n%len(files), uint64(n/len(files))
		want, got := transcript(asWritten[i].play(t, seed)), transcript(inForm[i].play(t, seed))
		if place.ReplaceAllString(want, "") != place.ReplaceAllString(got, "") {
			t.Fatalf("%s, seed %d: %s", filepath.Base(files[i]), seed, cmp.Diff(want, got))
		}
	}
}
