package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/call"
)

// printCoverageJSON prints one JSON object per line for each flow, of the type coverage.
func printCoverageJSON(t *terminal, list []call.Coverage) {
	type branch struct {
		Action string `json:"action"`
		Branch string `json:"branch"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	type line struct {
		Type     string   `json:"type"`
		File     string   `json:"file"`
		Branches int      `json:"branches"`
		Taken    int      `json:"taken"`
		Never    []branch `json:"never"`
	}
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	for _, c := range list {
		l := line{Type: "coverage", File: filepath.ToSlash(c.File), Branches: c.Branches, Taken: c.Taken,
			Never: []branch{}}
		for _, b := range c.Never {
			l.Never = append(l.Never, branch{
				Action: b.Action, Branch: b.Branch, Line: b.Pos.Line, Column: b.Pos.Column,
			})
		}
		_ = enc.Encode(l)
	}
}
