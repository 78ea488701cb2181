package async

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// The values of sfn_error that are the async function's own. Any other value is the error code of an AWS service or the error
// of the execution.
const (
	GaveUp               = "GaveUp"               // count passed count_max and the execution still runs
	ResultNotDeliverable = "ResultNotDeliverable" // the work succeeded, its result is too large for Connect
	StartFailed          = "StartFailed"          // the start could not be made within time_limit
	CancelFailed         = "CancelFailed"         // the cancel could not be made within time_limit
	NotConfigured        = "NotConfigured"        // the function's environment variables are wrong
	InvalidEvent         = "InvalidEvent"         // the event is not one of Connect
	InvalidNumber        = "InvalidNumber"        // a parameter is not a number
	InvalidParameter     = "InvalidParameter"     // another parameter is wrong
	InvalidExecutionID   = "InvalidExecutionId"   // execution_id is missing or not an execution's ARN
	NotOwnExecution      = "NotOwnExecution"      // execution_id is another state machine's or contact's
	UnknownJob           = "UnknownJob"           // job names no job
)

// The values of status, the original's.
const (
	statusCreated  = "CREATED"
	statusRunning  = "RUNNING"
	statusFinished = "FINISHED"
	statusLoopDone = "LOOP_DONE"
	statusFailed   = "FAILED"
)

// The values of sfn_status, besides none: those of DescribeExecution, and two of our own. Statuses that are new, or come before
// the end in other words, are RUNNING.
const (
	sfnRunning         = "RUNNING"
	sfnSucceeded       = "SUCCEEDED"
	sfnFailed          = "FAILED"
	sfnTimedOut        = "TIMED_OUT"
	sfnAborted         = "ABORTED"
	sfnCancelRequested = "CANCEL_REQUESTED" // Step Functions took the cancel
	sfnUnknown         = "UNKNOWN"          // it could not be seen
)

// The values of sfn_result; it is empty while the execution runs.
const (
	resultSuccess = "SUCCESS"
	resultFailure = "FAILURE"
)

// none stands for "there is none" in our additions: a flow cannot compare with an empty value.
const none = "none"

const (
	maxReply = awsfacts.ReplyBytes - 1 // bytes: Connect takes less than that
	maxCause = 1024                    // bytes
)

// refusal is why an invocation is not carried out.
type refusal struct {
	code  string // sfn_error
	cause string // sfn_cause, a sentence
}

func refuse(code, cause string) *refusal { return &refusal{code: code, cause: cause} }

// reply is what the flow gets. The zero value of each field stands for "" or "none".
type reply struct {
	executionID string
	status      string
	result      string // sfn_result
	comfort     bool
	count       string
	countMax    int64

	countComfort int64

	sfnStatus string
	sfnError  string
	sfnCause  string
	degraded  bool
	output    string // sfn_output

	members    []member // of the execution's result
	outputOnly bool     // nothing but output carries the result
}

// member is one member of a JSON object.
type member struct {
	key   string
	value json.RawMessage
}

// additions say how much of our additions a reply carries.
type additions int

const (
	allAdditions additions = iota
	withoutOutput
	noAdditions
)

// encode writes the reply as JSON: the protocol's keys in the original's order, our additions, the result's keys. When it nears
// what Connect takes, it drops our additions; when that does not help, it says that the result cannot be delivered.
func (r *reply) encode() []byte {
	levels := []additions{allAdditions, withoutOutput, noAdditions}
	if r.outputOnly {
		levels = levels[:1]
	}
	size := 0
	for _, level := range levels {
		if body := r.write(level); len(body) <= maxReply {
			return body
		} else if size == 0 {
			size = len(body)
		}
	}
	r.notDeliverable(size)
	return r.write(allAdditions)
}

func (r *reply) notDeliverable(size int) {
	r.result = resultFailure
	r.sfnError = ResultNotDeliverable
	r.sfnCause = "The work succeeded, but the reply would have " + strconv.Itoa(size) + " bytes and Connect takes " +
		strconv.Itoa(maxReply) + ": name the parts that the flow needs in the parameter select, or return less."
	r.members, r.output, r.outputOnly = nil, "", false
}

func (r *reply) write(level additions) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, m := range r.protocol() {
		writeMember(&b, m)
	}
	if level != noAdditions {
		for _, m := range r.additions(level) {
			writeMember(&b, m)
		}
	}
	for _, m := range r.members {
		writeMember(&b, m)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (r *reply) protocol() []member {
	return []member{
		{"execution_id", quote(r.executionID)},
		{"status", quote(r.status)},
		{"sfn_result", quote(r.result)},
		{"comfort", quote(strconv.FormatBool(r.comfort))},
		{"count", quote(r.count)},
		{"count_comfort", quote(strconv.FormatInt(r.countComfort, 10))},
		{"count_max", quote(strconv.FormatInt(r.countMax, 10))},
	}
}

func (r *reply) additions(level additions) []member {
	output := r.output
	if level == withoutOutput {
		output = ""
	}
	return []member{
		{"sfn_status", quote(orNone(r.sfnStatus))},
		{"sfn_error", quote(orNone(trim(r.sfnError)))},
		{"sfn_cause", quote(orNone(trim(r.sfnCause)))},
		{"sfn_degraded", quote(strconv.FormatBool(r.degraded))},
		{"sfn_output", quote(orNone(output))},
	}
}

// reserved reports whether a key is the protocol's or looks like one of our additions. A result cannot have such a key.
func reserved(key string) bool {
	switch key {
	case "execution_id", "status", "comfort", "count", "count_comfort", "count_max":
		return true
	}
	return strings.HasPrefix(key, "sfn_")
}

func writeMember(b *bytes.Buffer, m member) {
	if b.Len() > 1 {
		b.WriteByte(',')
	}
	b.Write(quote(m.key))
	b.WriteByte(':')
	b.Write(m.value)
}

// quote is text as JSON. Characters that only matter in HTML stay as they are.
func quote(text string) json.RawMessage {
	if plain(text) {
		return json.RawMessage(`"` + text + `"`)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(text) != nil {
		return json.RawMessage(`""`) // cannot happen: text is always written
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// plain reports whether text needs no escapes, as most keys do.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}

// trim cuts a text to 1 KB, between characters.
func trim(text string) string {
	if len(text) <= maxCause {
		return text
	}
	end := maxCause
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
