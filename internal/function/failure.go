package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Failure says why an invocation failed, for people.
type Failure struct {
	Type    string  `json:"type"` // errorType of the document, such as KeyError
	Message string  `json:"message,omitempty"`
	Frames  []Frame `json:"frames,omitempty"` // of the user's own code, the place of the failure first
	Remedy  string  `json:"remedy,omitempty"` // what to do about it, "" where that is not known
}

// Frame is a place in the user's code that was being run.
type Frame struct {
	File string `json:"file"` // relative to the folder of the code, with slashes
	Line int    `json:"line"`
	In   string `json:"in,omitempty"`   // the function
	Code string `json:"code,omitempty"` // the line's text, where the runtime tells it
}

// Place is the frame as file:line.
func (f Frame) Place() string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// maxWhat is how many characters of a failure are told in one line.
const maxWhat = 300

// What is the failure in one line, without its place.
func (f Failure) What() string {
	text := []rune(strings.TrimSuffix(f.Type+": "+strings.Join(strings.Fields(f.Message), " "), ": "))
	if len(text) > maxWhat {
		return string(text[:maxWhat]) + "…"
	}
	return string(text)
}

// Place is where the function failed, as file:line; "" when it is not known.
func (f Failure) Place() string {
	if len(f.Frames) == 0 {
		return ""
	}
	return f.Frames[0].Place()
}

// Words is the failure in one line, with its place where it is known.
func (f Failure) Words() string { return strings.TrimSpace(f.What() + "  " + f.Place()) }

// errorDocument is an error document as far as the runtimes agree on it, and Node's name for a stack trace.
type errorDocument struct {
	Type    any               `json:"errorType"`
	Message any               `json:"errorMessage"`
	Stack   []json.RawMessage `json:"stackTrace"`
	Trace   []json.RawMessage `json:"trace"`
}

// ReadFailure reads an error document, the payload of an invocation that failed. It reports false when the text is not
// one. Without the function's Spec nothing is known of frames and remedies.
func ReadFailure(document []byte) (Failure, bool) {
	d, ok := readDocument(document)
	if !ok {
		return Failure{}, false
	}
	return d.failure(), true
}

func readDocument(document []byte) (errorDocument, bool) {
	var d errorDocument
	err := json.Unmarshal(document, &d)
	return d, err == nil && (d.Type != nil || d.Message != nil)
}

// requestID is what Lambda begins the messages of its own errors with.
var requestID = regexp.MustCompile(`^RequestId: \S+ Error: `)

func (d errorDocument) failure() Failure {
	message, _, _ := strings.Cut(textOf(d.Message), "\nRequire stack:") // Node's list of files, ours among them
	return Failure{Type: textOf(d.Type), Message: requestID.ReplaceAllString(message, "")}
}

// textOf is a value as text: functions may write anything as type and message.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// Failure says why an invocation of the function failed. It reports false when it did not fail, or was given up by
// whoever invoked it.
func (s Spec) Failure(r Result) (Failure, bool) {
	switch {
	case errors.Is(r.Err, context.Canceled), errors.Is(r.Err, context.DeadlineExceeded), errors.Is(r.Err, ErrClosed):
		return Failure{}, false
	case r.Err != nil:
		return refused(r.Err), true
	case r.FunctionError == "":
		return Failure{}, false
	}
	d, ok := readDocument(r.Payload)
	if !ok {
		return Failure{Type: r.ErrorType, Message: string(r.Payload)}, true
	}
	f := d.failure()
	f.Frames = codeOf(s).frames(d)
	f.Remedy = s.remedy(f, d)
	return f, true
}

// refused is the failure of an invocation that no process answered.
func refused(err error) Failure {
	if f, ok := errors.AsType[source.Finding](err); ok {
		return Failure{Type: f.Code, Message: f.Message, Remedy: f.Remedy}
	}
	if errors.Is(err, ErrTooManyRequests) {
		return Failure{Type: "TooManyRequestsException", Message: "all environments of the function are busy"}
	}
	return Failure{Type: "Runtime.NotInvoked", Message: err.Error()}
}

// deployedRoot is the folder of a function's code in Lambda: traces of a deployed function name it.
const deployedRoot = "/var/task"

// userCode knows which files are the user's own.
type userCode struct{ roots []string }

// codeOf is the user's code of a function. Node resolves links, so that both paths of the folder count.
func codeOf(s Spec) userCode {
	c := userCode{roots: []string{deployedRoot}}
	if s.Code == "" {
		return c
	}
	root := s.folder()
	c.roots = append(c.roots, root)
	if real, err := filepath.EvalSymlinks(root); err == nil && real != root {
		c.roots = append(c.roots, real)
	}
	return c
}
