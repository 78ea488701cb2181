package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Assumptions say how a contact behaves where AWS does not say how Amazon Connect does. The fields are described,
// with what is known, in AssumptionTable; texts hold one of the values named there.
type Assumptions struct {
	TimeoutError        string
	ConnectTimeMillis   int
	ChainLimitSeconds   int
	ChainReset          ChainReset
	AliasAssociation    AliasAssociation
	ConnectRetries      int
	RetriedFailures     RetriedFailures
	RetryPauseMillis    int
	ExternalAfterError  ExternalAfterError
	LoadWrites          LoadWrites
	UnsetInText         UnsetInText
	UnsetAttribute      UnsetAttribute
	UnsetInSetAttribute UnsetInSetAttribute
	UnsetInCompare      UnsetInCompare
	ContinuePrompt      ContinuePrompt
	ContinueEnd         ContinueEnd
	MinimumWait         MinimumWait
	EarlyEvent          EarlyEvent
	FailedAsync         FailedAsync
	LateAsyncResult     LateAsyncResult
	LoopCounter         LoopCounter
	NonStringValues     NonStringValues
	AbsentValidation    AbsentValidation
	ExternalArrays      ExternalArrays
	ActionGuard         int
	MissingErrorBranch  MissingErrorBranch
	NoStoredInput       NoStoredInput
	NumberOnText        NumberOnText
	DynamicOperand      DynamicOperand
	KeyExists           KeyExists
	UnknownAction       UnknownAction
	AbsentFields        AbsentFields
	ResponseLimitBytes  int
	EndFlowInbound      EndFlowInbound
	WaitOnVoice         WaitOnVoice
	EventDelayMillis    int
}

// Assumption is one thing that AWS does not document and nobody has confirmed.
type Assumption struct {
	Name    string
	Values  []string // that can be set; empty: a whole number from Low to High; "…" among them: any text
	Low     int
	High    int
	Meaning string // of the values, the default first
	Known   string // what is known, with its evidence

	standard string
	get      func(*Assumptions) string
	set      func(*Assumptions, string) error
}

// Default returns the value that DefaultAssumptions gives.
func (a Assumption) Default() string { return a.standard }

// word is a value of a choice and how it is written.
type word[T ~uint8] struct {
	value T
	text  string
}

func is[T ~uint8](value T, text string) word[T] { return word[T]{value: value, text: text} }

// choice is an assumption with a few values, the default first.
func choice[T ~uint8](
	name string, field func(*Assumptions) *T, meaning, known string, words ...word[T],
) Assumption {
	a := Assumption{Name: name, Meaning: meaning, Known: known, standard: words[0].text}
	for _, w := range words {
		a.Values = append(a.Values, w.text)
	}
	a.get = func(of *Assumptions) string {
		i := slices.IndexFunc(words, func(w word[T]) bool { return w.value == *field(of) })
		return words[max(i, 0)].text
	}
	a.set = func(to *Assumptions, text string) error {
		i := slices.IndexFunc(words, func(w word[T]) bool { return w.text == text })
		if i < 0 {
			return fmt.Errorf("%s must be one of %s, not %q", name, strings.Join(a.Values, ", "), text)
		}
		*field(to) = words[i].value
		return nil
	}
	return a
}

// text is an assumption whose value is any text.
func text(name string, field func(*Assumptions) *string, meaning, known, standard string) Assumption {
	values := []string{standard, "…"}
	return Assumption{
		Name: name, Values: values, Meaning: meaning, Known: known, standard: standard,
		get: func(of *Assumptions) string { return *field(of) },
		set: func(to *Assumptions, value string) error {
			if value == "" {
				return fmt.Errorf("%s must be one of %s, not %q", name, strings.Join(values, ", "), value)
			}
			*field(to) = value
			return nil
		},
	}
}

// count is an assumption whose value is a whole number.
func count(name string, field func(*Assumptions) *int, standard, low, high int, meaning, known string) Assumption {
	return Assumption{
		Name: name, Low: low, High: high, Meaning: meaning, Known: known, standard: strconv.Itoa(standard),
		get: func(of *Assumptions) string { return strconv.Itoa(*field(of)) },
		set: func(to *Assumptions, value string) error {
			n, err := strconv.Atoi(value)
			if err != nil || n < low || n > high {
				return fmt.Errorf("%s must be a whole number from %d to %d, not %q", name, low, high, value)
			}
			*field(to) = n
			return nil
		},
	}
}

// AssumptionTable returns every assumption, in the order of the docs.
func AssumptionTable() []Assumption { return slices.Clone(assumptionTable) }

var assumptionTable = []Assumption{
	text("timeout_error", func(a *Assumptions) *string { return &a.TimeoutError },
		"the ErrorType of a synchronous function that exceeds its limit; any other name may be given",
		"the console block has a Timeout branch; exports only hold NoMatchingError", flowlang.NoMatchingError),
	count("connect_time_ms", func(a *Assumptions) *int { return &a.ConnectTimeMillis }, 40, 0, 8000,
		"what Connect itself takes for a synchronous function, in milliseconds: it is added to the function's own "+
			"time, and counts towards the block's limit",
		"third party: 2.69 s of run time and 0.30 s of start failed at a limit of 3 s, so it is 10 ms at least; of "+
			"the 150 ms measured for a call of the original system, 100 ms are Step Functions, so it is 50 ms at most"),
	count("chain_limit_seconds", func(a *Assumptions) *int { return &a.ChainLimitSeconds },
		int(awsfacts.ChainLimit.Seconds()), 0, 3600,
		"how long functions in a row may take together before the error branch is taken; 0: no limit",
		"AWS: "+awsfacts.Seconds(awsfacts.ChainLimit)+"; one project's text says 30 s"),
	choice("chain_reset", func(a *Assumptions) *ChainReset { return &a.ChainReset },
		"message: only Play prompt starts the count again; audible: Loop prompts, input, Lex and Wait too",
		"AWS names Play prompt only",
		is(ChainResetMessage, "message"), is(ChainResetAudible, "audible")),
	choice("alias_association", func(a *Assumptions) *AliasAssociation { return &a.AliasAssociation },
		"a flow names a version or alias of a function that the instance is associated with: suffices invokes it, "+
			"error takes the error branch",
		"AWS: an association takes no version or alias; `verify` says how to see whether it suffices",
		is(AliasAssociationSuffices, "suffices"), is(AliasAssociationError, "error")),
	count("connect_retries", func(a *Assumptions) *int { return &a.ConnectRetries }, 3, 0, 10,
		"how often Connect invokes a function again after a failure, within the block's limit",
		"AWS: up to three times; whether tries or retries is unclear"),
	choice("retried_failures", func(a *Assumptions) *RetriedFailures { return &a.RetriedFailures },
		"service: throttling and 5xx only; all: errors that the function raises too",
		"AWS names throttling and general service failure, elsewhere any error",
		is(RetriedFailuresService, "service"), is(RetriedFailuresAll, "all")),
	count("retry_pause_ms", func(a *Assumptions) *int { return &a.RetryPauseMillis }, 0, 0, 8000,
		"the pause before a retry, in milliseconds", "nothing published"),
	choice("external_after_error", func(a *Assumptions) *ExternalAfterError { return &a.ExternalAfterError },
		"cleared: $.External is empty after a failed function; kept: it keeps the values of the one before",
		"AWS: filled only when no error occurs; flow logs have no ExternalResults then",
		is(ExternalAfterErrorCleared, "cleared"), is(ExternalAfterErrorKept, "kept")),
	choice("load_writes", func(a *Assumptions) *LoadWrites { return &a.LoadWrites },
		"both: LoadLambdaFunctionResult fills $.External and $.LambdaInvocation.ResultData; result_data: only the "+
			"second",
		"AWS documents the two as the same value; no export reads it",
		is(LoadWritesBoth, "both"), is(LoadWritesResultData, "result_data")),
	choice("unset_in_text", func(a *Assumptions) *UnsetInText { return &a.UnsetInText },
		"what is spoken for a reference without a value: empty, or the reference itself (literal)", "nothing published",
		is(UnsetInTextEmpty, "empty"), is(UnsetInTextLiteral, "literal")),
	choice("unset_attribute", func(a *Assumptions) *UnsetAttribute { return &a.UnsetAttribute },
		"a function parameter whose reference has no value or an empty one: left_out, empty_string or null",
		"nothing published",
		is(UnsetAttributeLeftOut, "left_out"), is(UnsetAttributeEmptyString, "empty_string"),
		is(UnsetAttributeNull, "null")),
	choice("unset_in_set_attribute", func(a *Assumptions) *UnsetInSetAttribute { return &a.UnsetInSetAttribute },
		"setting an attribute to a reference without a value: empty sets the empty text, error takes the error branch",
		"AWS advises setting a blank to clean up, which only a reference can do",
		is(UnsetInSetAttributeEmpty, "empty"), is(UnsetInSetAttributeError, "error")),
	choice("unset_in_compare", func(a *Assumptions) *UnsetInCompare { return &a.UnsetInCompare },
		"comparing a reference without a value: no_match, or as the empty text (empty)", "AWS: NULL cannot be tested",
		is(UnsetInCompareNoMatch, "no_match"), is(UnsetInCompareEmpty, "empty")),
	choice("continue_prompt", func(a *Assumptions) *ContinuePrompt { return &a.ContinuePrompt },
		"when the event of a Wait arrives: cut stops what the Continue branch plays, finish lets it end first",
		"export: the branch is taken as soon as the function returns",
		is(ContinuePromptCut, "cut"), is(ContinuePromptFinish, "finish")),
	choice("continue_end", func(a *Assumptions) *ContinueEnd { return &a.ContinueEnd },
		"a terminal action in a Continue branch: literal runs it, ignored waits on in silence, repeated begins the "+
			"branch again",
		"nothing published; an export has a disconnect there",
		is(ContinueEndLiteral, "literal"), is(ContinueEndIgnored, "ignored"), is(ContinueEndRepeated, "repeated")),
	choice("minimum_wait", func(a *Assumptions) *MinimumWait { return &a.MinimumWait },
		"MinimumWaitTimeSeconds: continue_after starts the Continue branch after it, event_after lets no event "+
			"through before it, no_effect neither",
		"the parameter is required with Continue (live)",
		is(MinimumWaitContinueAfter, "continue_after"), is(MinimumWaitEventAfter, "event_after"),
		is(MinimumWaitNoEffect, "no_effect")),
	choice("early_event", func(a *Assumptions) *EarlyEvent { return &a.EarlyEvent },
		"a function that returned before its Wait began: at_once takes the branch, missed waits for the time limit",
		"nothing published",
		is(EarlyEventAtOnce, "at_once"), is(EarlyEventMissed, "missed")),
	choice("failed_async", func(a *Assumptions) *FailedAsync { return &a.FailedAsync },
		"an asynchronous function that fails: event takes the Wait's branch and loading takes the error branch; "+
			"silent waits for the time limit",
		"nothing published",
		is(FailedAsyncEvent, "event"), is(FailedAsyncSilent, "silent")),
	choice("late_async_result", func(a *Assumptions) *LateAsyncResult { return &a.LateAsyncResult },
		"the reply of an asynchronous function after its block's limit: lost, or kept for loading", "nothing published",
		is(LateAsyncResultLost, "lost"), is(LateAsyncResultKept, "kept")),
	choice("loop_counter", func(a *Assumptions) *LoopCounter { return &a.LoopCounter },
		"a Loop's counter when its flow is entered again: kept, or reset", "AWS: it belongs to the block",
		is(LoopCounterKept, "kept"), is(LoopCounterReset, "reset")),
	choice("non_string_values", func(a *Assumptions) *NonStringValues { return &a.NonStringValues },
		"numbers, booleans and null in a STRING_MAP reply: error, or coerced to text", "AWS: all values are strings",
		is(NonStringValuesError, "error"), is(NonStringValuesCoerced, "coerced")),
	choice("absent_validation", func(a *Assumptions) *AbsentValidation { return &a.AbsentValidation },
		"a function block without ResponseValidation", "older exports have none; STRING_MAP is an inference",
		is(AbsentValidationStringMap, flowlang.StringMap), is(AbsentValidationJSON, flowlang.JSON)),
	choice("external_arrays", func(a *Assumptions) *ExternalArrays { return &a.ExternalArrays },
		"lists in a reply: empty, or reachable by index", "AWS (2025): a list cannot be referenced",
		is(ExternalArraysEmpty, "empty"), is(ExternalArraysIndex, "index")),
	count("action_guard", func(a *Assumptions) *int { return &a.ActionGuard }, 1000, 10, 10_000_000,
		"how many actions a contact may run before it is stopped as looping without end; a limit of this program",
		`the service has a message "execution limit reached"; its number is not published`),
	choice("missing_error_branch", func(a *Assumptions) *MissingErrorBranch { return &a.MissingErrorBranch },
		"an error without a branch: next_action goes on at NextAction where there is one, stop ends the flow",
		"third-party text: an error that is not set stops the flow",
		is(MissingErrorBranchNextAction, "next_action"), is(MissingErrorBranchStop, "stop")),
	choice("no_stored_input", func(a *Assumptions) *NoStoredInput { return &a.NoStoredInput },
		"Store customer input without any key: timeout succeeds with the value Timeout, error takes the error branch",
		"AWS block page: Timeout; one tool's author takes it for an error",
		is(NoStoredInputTimeout, "timeout"), is(NoStoredInputError, "error")),
	choice("number_on_text", func(a *Assumptions) *NumberOnText { return &a.NumberOnText },
		"a numeric comparison with text: no_match, or the text counts as 0 (zero)", "nothing published",
		is(NumberOnTextNoMatch, "no_match"), is(NumberOnTextZero, "zero")),
	choice("dynamic_operand", func(a *Assumptions) *DynamicOperand { return &a.DynamicOperand },
		"a reference as a condition's operand: resolved, or compared as it is written (literal)",
		"AWS: the console allows it; one export has it",
		is(DynamicOperandResolved, "resolved"), is(DynamicOperandLiteral, "literal")),
	choice("key_exists", func(a *Assumptions) *KeyExists { return &a.KeyExists },
		"KeyExists: the key is present, or it is present and not empty (not_empty)",
		"accepted by the service (live), undocumented",
		is(KeyExistsPresent, "present"), is(KeyExistsNotEmpty, "not_empty")),
	choice("unknown_action", func(a *Assumptions) *UnknownAction { return &a.UnknownAction },
		"an action type that is not known: next_action goes on, stop ends the flow",
		"new types appear before their documentation",
		is(UnknownActionNextAction, "next_action"), is(UnknownActionStop, "stop")),
	choice("absent_fields", func(a *Assumptions) *AbsentFields { return &a.AbsentFields },
		"fields of the function's event that have no value: null, or left_out", "live, of a chat contact: null",
		is(AbsentFieldsNull, "null"), is(AbsentFieldsLeftOut, "left_out")),
	count("response_limit_bytes", func(a *Assumptions) *int { return &a.ResponseLimitBytes },
		awsfacts.ReplyBytes, 1, awsfacts.PayloadBytes,
		"the largest reply of a function, in bytes",
		"AWS: "+awsfacts.KB(awsfacts.ReplyBytes)+"; contact attributes: "+attributeSize),
	choice("end_flow_inbound", func(a *Assumptions) *EndFlowInbound { return &a.EndFlowInbound },
		"EndFlowExecution in an inbound flow: disconnect, or refuse (the flow stops as an error)",
		"AWS: one page does not allow it, another says that it disconnects; common in exports",
		is(EndFlowInboundDisconnect, "disconnect"), is(EndFlowInboundRefuse, "refuse")),
	choice("wait_on_voice", func(a *Assumptions) *WaitOnVoice { return &a.WaitOnVoice },
		"a Wait on voice that is plain or not in an inbound flow: error takes the error branch, wait waits in silence",
		"AWS: voice only in inbound flows with Continue or an event",
		is(WaitOnVoiceError, "error"), is(WaitOnVoiceWait, "wait")),
	count(EventDelay, func(a *Assumptions) *int { return &a.EventDelayMillis },
		int(awsfacts.EventDelay.Milliseconds()), 1, 3_600_000,
		"how long the event of an execution's end travels to the function for ends, in milliseconds: the median; one "+
			"event in a hundred takes five times as long",
		"nothing published; AWS delivers events best effort"),
}

// EventDelay is the assumption that is not about contacts: it is for who plays the rest of a call.
const EventDelay = "event_delay_ms"

// standard is the defaults. What happens only because a number was raised above its default rests on that number.
var standard = DefaultAssumptions()

// DefaultAssumptions returns the values that the facts suggest.
func DefaultAssumptions() Assumptions {
	var a Assumptions
	for _, row := range assumptionTable {
		_ = row.set(&a, row.standard) // the defaults are within their own limits; a test holds it
	}
	return a
}

// Set changes one assumption by its name. The error names what is allowed.
func (a *Assumptions) Set(name, value string) error {
	for _, row := range assumptionTable {
		if row.Name == name {
			return row.set(a, value)
		}
	}
	return fmt.Errorf("unknown assumption %q", name)
}

// Get returns the value of an assumption as Set takes it, "" when there is no such name.
func (a *Assumptions) Get(name string) string {
	for _, row := range assumptionTable {
		if row.Name == name {
			return row.get(a)
		}
	}
	return ""
}

// ConnectTime is what Connect itself takes for a synchronous function.
func (a Assumptions) ConnectTime() time.Duration {
	return time.Duration(a.ConnectTimeMillis) * time.Millisecond
}

// MarshalJSON writes the assumptions by their names, with the values that Set takes.
func (a Assumptions) MarshalJSON() ([]byte, error) {
	values := map[string]string{}
	for _, row := range assumptionTable {
		values[row.Name] = row.get(&a)
	}
	return json.Marshal(values)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Assumptions) UnmarshalJSON(data []byte) error {
	var values map[string]string
	if err := json.Unmarshal(data, &values); err != nil {
		return err
	}
	for name, value := range values {
		if err := a.Set(name, value); err != nil {
			return err
		}
	}
	return nil
}
