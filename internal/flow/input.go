package flow

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// maxKeys is how many keys the DTMF buffer holds (admin guide, "Set touchtone buffer behavior").
const maxKeys = 30

// input passes what the caller did to the action that listens, else to the buffer of keys if it is on.
func (c *Contact) input(e Input) {
	for i := len(c.state.Frames) - 1; i >= 0; i-- {
		f := c.state.Frames[i]
		if c.isOpen(f.Work.Ask) {
			a := f.current()
			c.apply(f, a, f.flow.behaviors[a.Index].resume(c, f, a, e))
			return
		}
	}
	if c.state.Options.Channel == Chat && e.Text != "" {
		c.customerReturned()
		return
	}
	if c.state.Buffering {
		keys := c.state.Keys + e.Digits
		c.state.Keys = keys[:min(len(keys), maxKeys)]
	}
}

// runInput is Get customer input (one key), Store customer input (several keys) or Set touchtone buffer behavior: one
// action type, told apart by its parameters.
func runInput(c *Contact, f *frame, a *flowlang.Action) outcome {
	if a.Param("LexV2Bot") != nil { // a form seen in exports
		return runLex(c, f, a)
	}
	buffer := a.Text("EnableDTMFBuffer")
	if buffer != "" {
		c.state.Buffering = strings.EqualFold(buffer, "true")
		if !c.state.Buffering {
			c.state.Keys = ""
		}
		if a.Text("InputTimeLimitSeconds") == "" {
			return success
		}
	}
	if c.state.Options.Channel != Voice {
		return failure(flowlang.NoMatchingError, "keys can be asked for on voice only")
	}
	limit, fault := c.seconds(f, a, "InputTimeLimitSeconds")
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	f.Work.Limit = limit
	c.resetChainAudibly()
	if fault := c.prompt(f, a); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	return c.listen(f, a)
}

// prompt plays what an input action says first, if it has a prompt.
func (c *Contact) prompt(f *frame, a *flowlang.Action) (fault string) {
	if a.Type == flowlang.GetParticipantInput && c.state.Keys != "" {
		return "" // block page: a buffered key skips the prompt
	}
	say, ok := c.message(f, a, a.Parameters)
	if !ok || say.Text == " " {
		return ""
	}
	if fault := c.fault(say); fault != "" {
		return fault
	}
	c.play(f, say)
	return ""
}

// listen waits for keys. The time limit begins when the prompt is over.
func (c *Contact) listen(f *frame, a *flowlang.Action) outcome {
	if f.given() != "" && !a.Is("StoreInput") {
		return c.pressed(f)
	}
	kind := AskKey
	if a.Is("StoreInput") {
		kind = AskDigits
	}
	c.ask(f, a, kind)
	if keys := c.state.Keys; keys != "" {
		c.state.Keys = ""
		return c.keys(f, a, keys)
	}
	if f.Work.Say == "" {
		f.Work.Timer = c.timer(f, f.Work.Limit)
	}
	return waiting
}

// pressed takes the key that the world gives, once the prompt is over.
func (c *Contact) pressed(f *frame) outcome {
	if c.isOpen(f.Work.Say) {
		return waiting
	}
	return result(f.given())
}

func (c *Contact) ask(f *frame, a *flowlang.Action, kind AskKind) {
	f.Work.Ask = c.open(asking, f)
	c.emit(Ask{ID: f.Work.Ask, Action: a, Kind: kind})
}

func resumeInput(c *Contact, f *frame, a *flowlang.Action, ev Event) outcome {
	if a.Param("LexV2Bot") != nil {
		return resumeLex(c, f, a, ev)
	}
	switch e := ev.(type) {
	case Input:
		if e.Digits == "" {
			return waiting
		}
		return c.keys(f, a, e.Digits)
	case Said:
		if f.given() != "" && !a.Is("StoreInput") {
			return c.pressed(f)
		}
		f.Work.Timer = c.timer(f, f.Work.Limit)
		return waiting
	}
	if a.Is("StoreInput") {
		return c.storedTimeout(f, a)
	}
	return failure(flowlang.InputTimeLimitExceeded, "no key within the time limit")
}

// keys takes what the caller pressed. Keys that are not needed any more go to the buffer, or are lost.
func (c *Contact) keys(f *frame, a *flowlang.Action, keys string) outcome {
	c.close(f.Work.Say)
	if !a.Is("StoreInput") {
		c.keep(keys[1:])
		return result(keys[:1])
	}
	for i := range len(keys) {
		if done := c.storeKey(f, a, keys[i]); done {
			c.keep(keys[i+1:])
			return c.store(f, a, f.Work.Digits)
		}
	}
	c.close(f.Work.Timer)
	f.Work.Timer = c.timer(f, interdigit(a))
	return waiting
}

func (c *Contact) keep(keys string) {
	if c.state.Buffering {
		c.state.Keys = keys[:min(len(keys), maxKeys)]
	}
}

// storeKey takes one key of a stored input and reports whether the input is complete.
func (c *Contact) storeKey(f *frame, a *flowlang.Action, key byte) bool {
	dtmf := a.Param("DTMFConfiguration")
	terminator := dtmf.Get("InputTerminationSequence").Scalar()
	if terminator == "" {
		terminator = "#"
	}
	if key == '*' && !strings.EqualFold(dtmf.Get("DisableCancelKey").Scalar(), "true") && terminator != "*" {
		f.Work.Digits = "" // block page: the star deletes what was typed
		return false
	}
	f.Work.Digits += string(key)
	if before, ok := strings.CutSuffix(f.Work.Digits, terminator); ok {
		f.Work.Digits = before
		return true
	}
	most := maximumLength(a)
	return most > 0 && len(f.Work.Digits) >= most
}

func maximumLength(a *flowlang.Action) int {
	n, _ := atoi(a.Param("InputValidation").Get("CustomValidation").Get("MaximumLength").Scalar())
	return n
}

// interdigit is the time limit from one key to the next: 1 to 20 s, 5 s by default (block page).
func interdigit(a *flowlang.Action) time.Duration {
	n, ok := flowlang.Interdigit.Whole(a.Param("DTMFConfiguration").Get("InterdigitTimeLimitSeconds").Scalar())
	if !ok {
		n = 5
	}
	return time.Duration(n) * time.Second
}

func (c *Contact) storedTimeout(f *frame, a *flowlang.Action) outcome {
	if f.Work.Digits != "" {
		return c.store(f, a, f.Work.Digits)
	}
	c.rest("no_stored_input")
	if c.state.Assumptions.NoStoredInput == NoStoredInputError {
		return failure(flowlang.NoMatchingError, "no key within the time limit")
	}
	c.scope(f).put("StoredCustomerInput", "", "Timeout")
	return success
}

// store ends a stored input: $.StoredCustomerInput, checked as a phone number where the block says so.
func (c *Contact) store(f *frame, a *flowlang.Action, digits string) outcome {
	phone := a.Param("InputValidation").Get("PhoneNumberValidation")
	if phone != nil {
		number, ok := phoneNumber(digits, phone)
		if !ok {
			return failure(flowlang.InvalidPhoneNumber, "the keys are not a phone number")
		}
		digits = number
	}
	if a.Param("InputEncryption") != nil {
		c.noteWorld(a, "Connect would encrypt the input; here it is kept as it is")
	}
	c.scope(f).put("StoredCustomerInput", "", digits)
	return success
}

// phoneNumber checks only the length of a number: E.164 allows at most 15 digits.
func phoneNumber(digits string, validation *source.Node) (string, bool) {
	n := utf8.RuneCountInString(digits)
	for _, d := range digits {
		if d < '0' || d > '9' {
			return "", false
		}
	}
	if validation.Get("NumberFormat").Scalar() == "E164" {
		return "+" + digits, n >= 8 && n <= 15
	}
	return digits, n >= 4 && n <= 15
}
