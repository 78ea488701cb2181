package lint

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"

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
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

var sarifLevels = map[source.Severity]string{source.Error: "error", source.Warning: "warning", source.Info: "note"}

func writeSARIF(w io.Writer, report Report) error {
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "connect-async"}},
		Results:    []sarifResult{},
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
	for _, f := range report.Found {
		run.Results = append(run.Results, newSARIFResult(f))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{run}})
}

func newSARIFResult(f Finding) sarifResult {
	r := sarifResult{RuleID: f.Code, Level: sarifLevels[f.Severity],
		Message: sarifText{Text: f.Message + ". " + f.Remedy}}
	if i := slices.IndexFunc(table, func(r Rule) bool { return r.ID == f.Code }); i >= 0 {
		r.RuleIndex = &i
	}
	if f.Fingerprint != "" {
		r.Fingerprints = map[string]string{"connectAsync/v1": f.Fingerprint}
	}
	place := sarifPhysical{Artifact: sarifArtifact{URI: uri(f.File)}}
	if f.Line > 0 {
		place.Region = &sarifRegion{StartLine: f.Line, StartColumn: max(f.Column, 1)}
	}
	r.Locations = []sarifLocation{{Physical: place}}
	return r
}

// uri writes a path as the relative reference that SARIF wants.
func uri(file string) string { return (&url.URL{Path: filepath.ToSlash(file)}).String() }
