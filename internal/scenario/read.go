package scenario

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of a scenario, beside those of source.
const (
	CodeAssumption = "call-unknown-assumption"
	CodeStep       = "call-unclear-step"
)

// Read reads and checks a scenario file. The scenario is not to be used when a finding is of severity error.
func Read(name string) (Scenario, source.Findings) {
	s := Default()
	s.File = name
	node, err := source.ReadFile(name)
	if err != nil {
		return s, source.Findings{source.AsFinding(name, err)}
	}
	var found source.Findings
	table.read(file{name: name, found: &found}, source.Read(name, node, &found), &s)
	found.Sort()
	return s, found
}

// Write returns the text of the file that Read reads as this scenario, with what is not the default. Paths in it are
// relative to the folder of name, which is where the text is to be saved.
func Write(name string, s Scenario) []byte {
	standard := Default()
	written := table.write(file{name: name}, &s, &standard)
	if len(written) == 0 {
		return []byte("{}\n")
	}
	var b strings.Builder
	written.writeBlock(&b, "")
	return []byte(b.String())
}

// Schema returns the JSON schema (draft 2020-12) of a scenario file.
func Schema() []byte {
	s := table.schema()
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "A scenario of connect-async"
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		panic(err) // texts, numbers and lists of them
	}
	return b.Bytes()
}
