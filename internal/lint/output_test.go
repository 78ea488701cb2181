package lint_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
)

var written = []lint.Finding{
	{Rule: "size", Fingerprint: "0123", Finding: source.Finding{Code: "size", Severity: source.Error, File: "a b.json",
		Pos: source.Pos{Line: 2, Column: 9}, Subject: "x", Message: "too, long: 100%", Remedy: "Cut it."}},
	{Finding: source.Finding{Code: "unreadable", Severity: source.Warning, File: "gone.json", Message: "gone"},
		Rule: "unreadable"},
}

func write(t *testing.T, format string, texts map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := lint.Write(&b, format, lint.Report{Found: written, Texts: texts}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWriteText: the column counts bytes, of which Ü has two; the caret counts characters.
func TestWriteText(t *testing.T) {
	want := `a b.json:2:9: error: too, long: 100% [size]
    Ü "c": 5}
         ^
    Cut it.
gone.json: warning: gone [unreadable]
`
	texts := map[string][]byte{"a b.json": []byte("{\n  Ü \"c\": 5}\r\n")}
	if diff := cmp.Diff(want, write(t, "text", texts)); diff != "" {
		t.Error(diff)
	}
}

// TestWriteLongLines shows the place in a line that is too long for a screen, and beyond its end.
func TestWriteLongLines(t *testing.T) {
	long := []byte("\n" + strings.Repeat("a", 5000))
	lines := strings.Split(write(t, "text", map[string][]byte{"a b.json": long}), "\n")
	if len(lines[1]) > 140 || strings.Index(lines[2], "^") > 140 {
		t.Errorf("%q\n%q", lines[1], lines[2])
	}
	write(t, "text", map[string][]byte{"a b.json": []byte("\nab")})
}

func TestWriteGitHub(t *testing.T) {
	want := `::error file=a b.json,line=2,col=9,title=size::too, long: 100%25. Cut it.
::warning file=gone.json,line=0,col=0,title=unreadable::gone.
`
	if diff := cmp.Diff(want, write(t, "github", nil)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteJSON(t *testing.T) {
	var got []map[string]any
	if err := json.Unmarshal([]byte(write(t, "json", nil)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0]["rule"] != "size" || got[0]["fingerprint"] != "0123" || got[0]["line"] != 2.0 ||
		got[1]["severity"] != "warning" {
		t.Errorf("%v", got)
	}
}

// TestWriteSARIF checks the log against what the SARIF 2.1.0 schema requires of the parts that are written.
func TestWriteSARIF(t *testing.T) {
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct {
						ID                                      string
						ShortDescription, FullDescription, Help struct{ Text string }
						DefaultConfiguration                    struct{ Level string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex *int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	dec := json.NewDecoder(strings.NewReader(write(t, "sarif", nil)))
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 ||
		log.Runs[0].Tool.Driver.Name != "connect-async" {
		t.Fatalf("%+v", log)
	}
	levels := map[string]bool{"error": true, "warning": true, "note": true}
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		if r.ID == "" || r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" ||
			!levels[r.DefaultConfiguration.Level] {
			t.Errorf("rule %+v", r)
		}
	}
	results := log.Runs[0].Results
	if len(results) != 2 || results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI != "a%20b.json" ||
		results[1].Locations[0].PhysicalLocation.Region.StartLine != 1 { // GitHub requires a line
		t.Fatalf("%+v", results)
	}
	if i := results[0].RuleIndex; i == nil || log.Runs[0].Tool.Driver.Rules[*i].ID != results[0].RuleID ||
		results[1].RuleIndex != nil {
		t.Errorf("rule indexes %+v", results)
	}
	for _, r := range results {
		if r.Message.Text == "" || !levels[r.Level] {
			t.Errorf("%+v", r)
		}
	}
}

// TestWriteSARIFColumns: SARIF counts UTF-16 code units, where findings count bytes.
func TestWriteSARIFColumns(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  Ü \"c\": 5}": `"startColumn": 8`, "{\n😀 \"c\": 5}": `"startColumn": 7`,
		"{": `"startColumn": 9`, "": `"startColumn": 9`,
	} {
		got := write(t, "sarif", map[string][]byte{"a b.json": []byte(text)})
		if !strings.Contains(got, want) || !strings.Contains(got, `"columnKind": "utf16CodeUnits"`) {
			t.Errorf("%q: want %s in %s", text, want, got[strings.Index(got, `"results"`):])
		}
	}
}

// TestWriteGitLab checks a report against what GitLab requires: every key, a severity of its own, paths without ./ and
// fingerprints that differ, also between files of the same name.
func TestWriteGitLab(t *testing.T) {
	twice := append([]lint.Finding{}, written...)
	twice = append(twice, written[0], written[1])
	twice[2].File, twice[3].File = "./other/a b.json", "other/gone.json"
	var b bytes.Buffer
	if err := lint.Write(&b, "gitlab", lint.Report{Found: twice}); err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Description, Fingerprint, Severity string
		Check                              string `json:"check_name"`
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	dec := json.NewDecoder(&b)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil || len(got) != len(twice) {
		t.Fatalf("%d findings (%v)", len(got), err)
	}
	seen := map[string]bool{}
	for i, f := range got {
		if f.Description == "" || f.Check != twice[i].Code || f.Location.Lines.Begin < 1 || len(f.Fingerprint) != 32 ||
			seen[f.Fingerprint] {
			t.Errorf("%+v", f)
		}
		seen[f.Fingerprint] = true
	}
	if got[0].Severity != "major" || got[1].Severity != "minor" || got[2].Location.Path != "other/a b.json" ||
		got[0].Location.Lines.Begin != 2 || got[1].Location.Lines.Begin != 1 {
		t.Errorf("%+v", got)
	}
	b.Reset()
	if err := lint.Write(&b, "gitlab", lint.Report{}); err != nil || b.String() != "[]\n" {
		t.Errorf("nothing found: %q (%v)", b.String(), err)
	}
}

func TestWriteUnknownFormat(t *testing.T) {
	if err := lint.Write(new(bytes.Buffer), "xml", lint.Report{}); err == nil {
		t.Error("there is no format xml")
	}
}
