package async

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

const (
	maxReply = awsfacts.ReplyBytes - 1 // bytes: Connect takes less than that
	maxCause = 1024                    // bytes
)

// refusal is why nothing is done for an invocation.
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
	missing   string // sfn_missing
	again     string // sfn_again
	prefixed  bool   // all keys begin with sfn_
	say       string // sfn_say
	next      string // sfn_next
	runs      bool   // of a run

	progress []member // its keys, of a job with progress

	unreadable string // sfn_say when the result turns out not to be deliverable

	members    []member // of the execution's result
	outputOnly bool     // nothing but output carries the result
	tooLarge   bool     // members are not all, since they alone are more than Connect takes
	withheld   bool     // the work has ended, and what came of it is not told
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
	onlyFlow // without these the flow would ask the same question again, or, in a run, not see that it was answered
)

// encode writes the reply as JSON: the protocol's keys in the original's order, our additions, the result's keys. When
// it nears what Connect takes, it drops our additions; when that does not help, it says that the result cannot be
// delivered.
func (r *reply) encode() []byte {
	levels := []additions{allAdditions, withoutOutput, onlyFlow}
	if r.outputOnly {
		levels = levels[:1]
	}
	if r.tooLarge {
		r.notDeliverable("more than " + strconv.Itoa(maxReply))
		return r.write(allAdditions)
	}
	size := 0
	for _, level := range levels {
		if body := r.write(level); len(body) <= maxReply {
			return body
		} else if size == 0 {
			size = len(body)
		}
	}
	r.notDeliverable(strconv.Itoa(size))
	return r.write(allAdditions)
}

// notDeliverable says that a reply of so many bytes cannot be delivered.
func (r *reply) notDeliverable(size string) {
	r.result = ResultFailure
	r.sfnError, r.withheld = ResultNotDeliverable, true
	r.sfnCause = "The work succeeded, but the reply would have " + size + " bytes and Connect takes " +
		strconv.Itoa(maxReply) + ": name the parts that the flow needs in the parameter select, or return less."
	r.say, r.next = r.unreadable, TextUnreadable
	r.members, r.output, r.outputOnly = nil, "", false
}

func (r *reply) write(level additions) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, m := range r.protocol() {
		writeMember(&b, m)
	}
	for _, m := range r.additions(level) {
		writeMember(&b, m)
	}
	for _, m := range r.members {
		writeMember(&b, m)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (r *reply) protocol() []member {
	all := []member{
		{key: KeyExecutionID, value: quote(r.executionID)},
		{key: KeyStatus, value: quote(r.status)},
		{key: KeyResult, value: quote(r.result)},
		{key: KeyComfort, value: quote(strconv.FormatBool(r.comfort))},
		{key: KeyCount, value: quote(r.count)},
		{key: KeyCountComfort, value: quote(strconv.FormatInt(r.countComfort, 10))},
		{key: KeyCountMax, value: quote(strconv.FormatInt(r.countMax, 10))},
	}
	for i := range all {
		if r.prefixed {
			all[i].key = LongKey(all[i].key)
		}
	}
	return all
}

func (r *reply) additions(level additions) []member {
	again := member{key: KeyAgain, value: quote(orNone(r.again))}
	next := member{key: KeyNext, value: quote(orNone(r.next))}
	switch {
	case level == onlyFlow && r.runs:
		return []member{again, next}
	case level == onlyFlow:
		return []member{again}
	}
	output := r.output
	if level == withoutOutput {
		output = ""
	}
	all := []member{
		{key: KeyExecutionStatus, value: quote(orNone(r.sfnStatus))},
		{key: KeyError, value: quote(orNone(trim(r.sfnError)))},
		{key: KeyCause, value: quote(orNone(trim(r.sfnCause)))},
		{key: KeyDegraded, value: quote(strconv.FormatBool(r.degraded))},
		{key: KeyOutput, value: quote(orNone(output))},
		{key: KeyMissing, value: quote(orNone(trim(r.missing)))},
		{key: KeySay, value: quote(orNone(r.say))},
		again, next,
	}
	return append(all, r.progress...)
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
func plain[T string | []byte](text T) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func orNone(text string) string {
	if text == "" {
		return None
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
