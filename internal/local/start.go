package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// keptFor is how long an execution is known after its end, and its name is taken.
const keptFor = awsfacts.ExecutionKept

// StartExecution starts an execution of a state machine, a version or an alias, given by ARN. Without a name it gets
// a random one. As documented for Standard state machines, the same name with the same input returns the running
// execution; any other repetition of a name is ExecutionAlreadyExists, until 90 days after the execution's end.
// Express executions may share names.
func (a *Account) StartExecution(machineARN, name string, input json.RawMessage) (*Execution, error) {
	return a.StartTraced(machineARN, name, input, "")
}

// StartTraced is StartExecution with an X-Ray trace header, which the execution is described with.
func (a *Account) StartTraced(machineARN, name string, input json.RawMessage, trace string) (*Execution, error) {
	t, err := a.target(machineARN)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = a.NewID()
	}
	if !validName(name) {
		return nil, errName(name)
	}
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	if err := checkInput(input); err != nil {
		return nil, err
	}
	e, started, err := a.open(t, name, input)
	if err == nil && started {
		e.trace = trace
		e.run()
	}
	return e, err
}

// open makes an execution that has not begun, or finds the one that has the name already.
func (a *Account) open(t target, name string, input json.RawMessage) (e *Execution, opened bool, err error) {
	m := t.machine
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.Status != "ACTIVE" {
		return nil, false, errDeleting(m.ARN)
	}
	arn := executionARN(m, name)
	if m.Kind == asl.Express {
		arn += ":" + a.newID()
	} else if earlier, exists := a.executions[arn]; exists && !earlier.forgotten(a.now()) {
		e, err = earlier.repeated(input)
		return e, false, err
	}
	if e, err = a.newExecution(t, arn, name, input); err != nil {
		return nil, false, errInput(err.Error())
	}
	a.add(e)
	return e, true, nil
}

// add adds an execution, which begins or was restored. The account is locked.
func (a *Account) add(e *Execution) {
	m := e.target.machine
	if e.ended.Load() == nil {
		m.running++
	}
	if m.Kind != asl.Express {
		a.executions[e.ARN] = e
		m.executions = append(m.executions, e)
	}
}

func executionARN(m *stateMachine, name string) string {
	kind := ":execution:"
	if m.Kind == asl.Express {
		kind = ":express:"
	}
	return strings.Replace(m.ARN, ":stateMachine:", kind, 1) + ":" + name
}

// repeated answers a second start under the same name.
func (e *Execution) repeated(input json.RawMessage) (*Execution, error) {
	if e.ended.Load() == nil && bytes.Equal(e.givenInput(), input) {
		return e, nil
	}
	return nil, errExecutionExists(e.ARN)
}

// forgotten reports whether the execution ended so long ago that the service knows nothing of it any more.
func (e *Execution) forgotten(now time.Time) bool {
	ended := e.ended.Load()
	return ended != nil && now.Sub(*ended) > keptFor
}

// Execution returns a Standard execution by ARN.
func (a *Account) Execution(arn string) (*Execution, error) {
	if err := checkARN(arn, "execution"); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.executions[arn]; ok && !e.forgotten(a.now()) {
		return e, nil
	}
	return nil, errExecutionMissing(arn)
}

// Executions returns the executions of a Standard state machine, or those that a version or an alias was asked for,
// the newest first.
func (a *Account) Executions(machineARN string) ([]*Execution, error) {
	m, err := a.machine(machineARN)
	if err != nil {
		return nil, err
	}
	if m.Kind == asl.Express {
		return nil, errKind()
	}
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	m.executions = slices.DeleteFunc(m.executions, func(e *Execution) bool { return e.forgotten(now) })
	list := slices.Clone(m.executions)
	if machineARN != m.ARN {
		list = slices.DeleteFunc(list, func(e *Execution) bool {
			return e.target.version != machineARN && e.target.alias != machineARN
		})
	}
	slices.Reverse(list)
	return list, nil
}

// checkInput refuses input that is not JSON or too large, in the service's words (recorded for the first two).
func checkInput(input json.RawMessage) error {
	if len(input) > asl.MaxDataBytes {
		return errValidation("Value at 'input' failed to satisfy constraint: Member must have length less than "+
			"or equal to %d", asl.MaxDataBytes)
	}
	if json.Valid(input) {
		return nil
	}
	var value any
	var syntax *json.SyntaxError
	err := json.Unmarshal(input, &value)
	if !errors.As(err, &syntax) {
		return errInput(err.Error())
	}
	at := max(int(syntax.Offset)-1, 0)
	if word := badWord.Find(wordAt(input, at)); word != nil {
		return errInput(fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object "+
			"or token 'null', 'true' or 'false')", word))
	}
	if at < len(input) && input[at] == '\'' {
		return errInput("Unexpected character (''' (code 39)): was expecting double-quote to start field name")
	}
	return errInput(err.Error())
}

var badWord = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*`)

// wordAt returns the input from the beginning of the word that holds a place.
func wordAt(input []byte, at int) []byte {
	start := min(at, len(input))
	for start > 0 && badWord.Match(input[start-1:]) {
		start--
	}
	return input[start:]
}
