package lint

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/connect-async/connect-async/internal/source"
)

// The parts of a SARIF 2.1.0 log that findings need (OASIS, Static Analysis Results Interchange Format).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool       `json:"tool"`
		Results    []sarifResult   `json:"results"`
		ColumnKind string          `json:"columnKind"`
		Properties sarifProperties `json:"properties"`
	}
	sarifProperties struct {
		Checked Checked `json:"checked"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID        string       `json:"id"`
		Short     sarifText    `json:"shortDescription"`
		Full      sarifText    `json:"fullDescription"`
		Help      sarifText    `json:"help"`
		Configure sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    *int              `json:"ruleIndex,omitempty"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

var sarifLevels = map[source.Severity]string{source.Error: "error", source.Warning: "warning", source.Info: "note"}

func writeSARIF(w io.Writer, report Report) error {
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "connect-async"}},
		Results:    []sarifResult{},
		ColumnKind: "utf16CodeUnits",
		Properties: sarifProperties{Checked: report.Checked},
	}
	for _, r := range table {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID:        r.ID,
			Short:     sarifText{Text: r.Summary},
			Full:      sarifText{Text: r.Summary + " " + r.Why},
			Help:      sarifText{Text: r.Remedy},
			Configure: sarifDefault{Level: sarifLevels[r.Severity]},
		})
	}
	lines := linesOf(report.Texts)
	for _, f := range report.Found {
		run.Results = append(run.Results, newSARIFResult(f, lines[f.File]))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{run}})
}

func newSARIFResult(f Finding, lines [][]byte) sarifResult {
	r := sarifResult{RuleID: f.Code, Level: sarifLevels[f.Severity],
		Message: sarifText{Text: strings.TrimSpace(f.Message + ". " + f.Remedy)}}
	if i := slices.IndexFunc(table, func(r Rule) bool { return r.ID == f.Code }); i >= 0 {
		r.RuleIndex = &i
	}
	if f.Fingerprint != "" {
		r.Fingerprints = map[string]string{"connectAsync/v1": f.Fingerprint}
	}
	// GitHub requires a line of every result.
	place := sarifPhysical{Artifact: sarifArtifact{URI: uri(f.File)}, Region: sarifRegion{StartLine: max(f.Line, 1)}}
	if f.Line > 0 {
		place.Region.StartColumn = utf16Column(lines, f.Pos)
	}
	r.Locations = []sarifLocation{{Physical: place}}
	return r
}

// utf16Column is the column of a place in UTF-16 code units, or in bytes where the lines are not known.
func utf16Column(lines [][]byte, at source.Pos) int {
	if at.Line > len(lines) || at.Column-1 > len(lines[at.Line-1]) {
		return max(at.Column, 1)
	}
	before := lines[at.Line-1][:max(at.Column-1, 0)]
	return len(utf16.Encode([]rune(string(before)))) + 1
}

// uri writes a path as the relative reference that SARIF wants.
func uri(file string) string { return (&url.URL{Path: filepath.ToSlash(file)}).String() }
