package scenario

import (
	"github.com/connect-async/connect-async/internal/form"
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
	f := form.File{Name: name, Found: &found, Exists: form.OnDisk}
	table.Read(f, source.Read(name, node, &found), &s)
	found.Sort()
	return s, found
}

// Write returns the text of the file that Read reads as this scenario, with what is not the default. Paths in it are
// relative to the folder of name, which is where the text is to be saved.
func Write(name string, s Scenario) []byte {
	standard := Default()
	return table.Write(form.File{Name: name}, &s, &standard).YAML()
}

// Form describes a scenario file.
func Form() *form.Schema {
	standard := Default()
	return table.Schema(&standard)
}
