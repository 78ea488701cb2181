package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// Severity says how much a finding matters.
type Severity string

// The severities. Errors decide the exit code; warnings and information do not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Pos is a place in a document: line and column, both counted from 1, the column in bytes. The zero Pos means that the
// place is not known or that the whole document is meant.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Finding is one thing wrong with a document. Code is stable and matched by programs; Message says what is wrong and
// Remedy what to do about it.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	File     string   `json:"file"`
	Pos
	// Subject is the identifier of the action that it is about, or the name of the state or of the whole document.
	Subject string `json:"subject,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	// Right is the name that should be written at the place, when a name is wrong and it is clear which one is meant.
	Right string `json:"-"`
}

// Error makes a Finding usable as an error: file:line:column: severity: message [code].
func (f Finding) Error() string {
	place := filepath.ToSlash(f.File) // so that what is printed is the same on every system
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d:%d", place, f.Line, f.Column)
	}
	return fmt.Sprintf("%s: %s: %s [%s]", place, f.Severity, f.Message, f.Code)
}

// CodeFailed is the code of a finding that represents an error without its own code.
const CodeFailed = "failed"

// AsFinding returns the finding that an error is or wraps, as it is. Any other error becomes a finding of severity
// error about file.
func AsFinding(file string, err error) Finding {
	if f, ok := errors.AsType[Finding](err); ok {
		f.Severity = cmp.Or(f.Severity, Error)
		return f
	}
	return Finding{Code: CodeFailed, Severity: Error, File: file, Message: err.Error()}
}

// Unreadable returns the finding that a file or folder cannot be read, given the error of package os. Nothing else has
// its code: an error that is or wraps a finding is returned as that.
func Unreadable(file string, err error) Finding {
	if _, ok := errors.AsType[Finding](err); ok {
		return AsFinding(file, err)
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err // the finding names the file itself
	}
	return Finding{Code: CodeUnreadable, Severity: Error, File: file,
		Message: fmt.Sprintf("the file cannot be read: %v", err), Remedy: "Check the path and its permissions."}
}

// Findings is what the check of one or more documents found.
type Findings []Finding

// HasErrors reports whether at least one finding is of severity error.
func (fs Findings) HasErrors() bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == Error })
}

// Sort orders findings by file, place and code, so that the same documents always give the same list.
func (fs Findings) Sort() {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
}
