package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Assumptions say how a contact behaves where AWS does not say how Amazon Connect does. The fields are described, with what is
// known, in AssumptionTable; texts hold one of the values named there.
type Assumptions struct {
	TimeoutError        string
	ChainLimitSeconds   int
	ChainReset          string
	ConnectRetries      int
	RetriedFailures     string
	RetryPauseMillis    int
	ExternalAfterError  string
	LoadWrites          string
	UnsetInText         string
	UnsetAttribute      string
	UnsetInSetAttribute string
	UnsetInCompare      string
	ContinuePrompt      string
	ContinueEnd         string
	MinimumWait         string
	EarlyEvent          string
	FailedAsync         string
	LateAsyncResult     string
	LoopCounter         string
	NonStringValues     string
	AbsentValidation    string
	ExternalArrays      string
	ActionGuard         int
	MissingErrorBranch  string
	NoStoredInput       string
	NumberOnText        string
	DynamicOperand      string
	KeyExists           string
	UnknownAction       string
	AbsentFields        string
	ResponseLimitBytes  int
	EndFlowInbound      string
	WaitOnVoice         string
}

// Assumption is one thing that AWS does not document and nobody has confirmed.
type Assumption struct {
	Name     string
	Values   []string // the values that can be set; empty: a whole number from Low to High; "…" among them: any text
	Low      int
	High     int
	Meaning  string // of the values, the default first
	Known    string // what is known, with its evidence
	text     func(*Assumptions) *string
	number   func(*Assumptions) *int
	standard string
}

// Default returns the value that DefaultAssumptions gives.
func (a Assumption) Default() string { return a.standard }

func choice(name string, field func(*Assumptions) *string, meaning, known string, values ...string) Assumption {
	return Assumption{Name: name, Values: values, Meaning: meaning, Known: known, text: field, standard: values[0]}
}

func count(name string, field func(*Assumptions) *int, standard, low, high int, meaning, known string) Assumption {
	return Assumption{Name: name, Low: low, High: high, Meaning: meaning, Known: known, number: field, standard: strconv.Itoa(standard)}
}

// AssumptionTable returns every assumption, in the order of the docs.
func AssumptionTable() []Assumption { return slices.Clone(assumptionTable) }

var assumptionTable = []Assumption{
	choice("timeout_error", func(a *Assumptions) *string { return &a.TimeoutError },
		"the ErrorType of a synchronous function that exceeds its limit; any other name may be given",
		"the console block has a Timeout branch; exports only hold NoMatchingError", flowlang.NoMatchingError, "…"),
	count("chain_limit_seconds", func(a *Assumptions) *int { return &a.ChainLimitSeconds },
		int(awsfacts.ChainLimit.Seconds()), 0, 3600,
		"how long functions in a row may take together before the error branch is taken; 0: no limit",
		"AWS: 20 s; one project's text says 30 s"),
	choice("chain_reset", func(a *Assumptions) *string { return &a.ChainReset },
		"message: only Play prompt starts the count anew; audible: Loop prompts, input, Lex and Wait too",
		"AWS names Play prompt only", "message", "audible"),
	count("connect_retries", func(a *Assumptions) *int { return &a.ConnectRetries }, 3, 0, 10,
		"how often Connect invokes a function again after a failure, within the block's limit",
		"AWS: up to three times; whether tries or retries is unclear"),
	choice("retried_failures", func(a *Assumptions) *string { return &a.RetriedFailures },
		"service: throttling and 5xx only; all: errors that the function raises too",
		"AWS names throttling and general service failure, elsewhere any error", "service", "all"),
	count("retry_pause_ms", func(a *Assumptions) *int { return &a.RetryPauseMillis }, 0, 0, 8000,
		"the pause before a retry, in milliseconds", "nothing published"),
	choice("external_after_error", func(a *Assumptions) *string { return &a.ExternalAfterError },
		"cleared: $.External is empty after a failed function; kept: it keeps the values of the one before",
		"AWS: filled only when no error occurs; flow logs have no ExternalResults then", "cleared", "kept"),
	choice("load_writes", func(a *Assumptions) *string { return &a.LoadWrites },
		"both: LoadLambdaFunctionResult fills $.External and $.LambdaInvocation.ResultData; result_data: only the second",
		"AWS documents the two as the same value; no export reads it", "both", "result_data"),
	choice("unset_in_text", func(a *Assumptions) *string { return &a.UnsetInText },
		"what is spoken for a reference without a value: empty, or the reference itself (literal)", "nothing published", "empty", "literal"),
	choice("unset_attribute", func(a *Assumptions) *string { return &a.UnsetAttribute },
		"a function parameter whose reference has no value or an empty one: left_out, empty_string or null", "nothing published",
		"left_out", "empty_string", "null"),
	choice("unset_in_set_attribute", func(a *Assumptions) *string { return &a.UnsetInSetAttribute },
		"setting an attribute to a reference without a value: empty sets the empty text, error takes the error branch",
		"AWS advises setting a blank to clean up, which only a reference can do", "empty", "error"),
	choice("unset_in_compare", func(a *Assumptions) *string { return &a.UnsetInCompare },
		"comparing a reference without a value: no_match, or as the empty text (empty)", "AWS: NULL cannot be tested", "no_match", "empty"),
	choice("continue_prompt", func(a *Assumptions) *string { return &a.ContinuePrompt },
		"when the event of a Wait arrives: cut stops what the Continue branch plays, finish lets it end first",
		"export: the branch is taken as soon as the function returns", "cut", "finish"),
	choice("continue_end", func(a *Assumptions) *string { return &a.ContinueEnd },
		"a terminal action in a Continue branch: literal runs it, ignored waits on in silence, repeated begins the branch again",
		"nothing published; an export has a disconnect there", "literal", "ignored", "repeated"),
	choice("minimum_wait", func(a *Assumptions) *string { return &a.MinimumWait },
		"MinimumWaitTimeSeconds: continue_after starts the Continue branch after it, event_after lets no event through before it, no_effect neither",
		"the parameter is required with Continue (live)", "continue_after", "event_after", "no_effect"),
	choice("early_event", func(a *Assumptions) *string { return &a.EarlyEvent },
		"a function that returned before its Wait began: at_once takes the branch, missed waits for the time limit",
		"nothing published", "at_once", "missed"),
	choice("failed_async", func(a *Assumptions) *string { return &a.FailedAsync },
		"an asynchronous function that fails: event takes the Wait's branch and loading takes the error branch; silent waits for the time limit",
		"nothing published", "event", "silent"),
	choice("late_async_result", func(a *Assumptions) *string { return &a.LateAsyncResult },
		"the reply of an asynchronous function after its block's limit: lost, or kept for loading", "nothing published", "lost", "kept"),
	choice("loop_counter", func(a *Assumptions) *string { return &a.LoopCounter },
		"a Loop's counter when its flow is entered again: kept, or reset", "AWS: it belongs to the block", "kept", "reset"),
	choice("non_string_values", func(a *Assumptions) *string { return &a.NonStringValues },
		"numbers, booleans and null in a STRING_MAP reply: error, or coerced to text", "AWS: all values are strings", "error", "coerced"),
	choice("absent_validation", func(a *Assumptions) *string { return &a.AbsentValidation },
		"a function block without ResponseValidation", "older exports have none; STRING_MAP is an inference", "STRING_MAP", "JSON"),
	choice("external_arrays", func(a *Assumptions) *string { return &a.ExternalArrays },
		"lists in a reply: empty, or reachable by index", "AWS (2025): a list cannot be referenced", "empty", "index"),
	count("action_guard", func(a *Assumptions) *int { return &a.ActionGuard }, 1000, 10, 10_000_000,
		"how many actions a contact may run before it is stopped as looping without end; a limit of this program",
		`the service has a message "execution limit reached"; its number is not published`),
	choice("missing_error_branch", func(a *Assumptions) *string { return &a.MissingErrorBranch },
		"an error without a branch: next_action goes on at NextAction where there is one, stop ends the flow",
		"third-party text: an error that is not set stops the flow", "next_action", "stop"),
	choice("no_stored_input", func(a *Assumptions) *string { return &a.NoStoredInput },
		"Store customer input without any key: timeout succeeds with the value Timeout, error takes the error branch",
		"AWS block page: Timeout; one tool's author takes it for an error", "timeout", "error"),
	choice("number_on_text", func(a *Assumptions) *string { return &a.NumberOnText },
		"a numeric comparison with text: no_match, or the text counts as 0 (zero)", "nothing published", "no_match", "zero"),
	choice("dynamic_operand", func(a *Assumptions) *string { return &a.DynamicOperand },
		"a reference as a condition's operand: resolved, or compared as it is written (literal)",
		"AWS: the console allows it; one export has it", "resolved", "literal"),
	choice("key_exists", func(a *Assumptions) *string { return &a.KeyExists },
		"KeyExists: the key is present, or it is present and not empty (not_empty)", "accepted by the service (live), undocumented", "present", "not_empty"),
	choice("unknown_action", func(a *Assumptions) *string { return &a.UnknownAction },
		"an action type that is not known: next_action goes on, stop ends the flow", "new types appear before their documentation", "next_action", "stop"),
	choice("absent_fields", func(a *Assumptions) *string { return &a.AbsentFields },
		"fields of the function's event that have no value: null, or left_out", "live, of a chat contact: null", "null", "left_out"),
	count("response_limit_bytes", func(a *Assumptions) *int { return &a.ResponseLimitBytes },
		awsfacts.ReplyBytes, 1, awsfacts.PayloadBytes,
		"the largest reply of a function, in bytes", "AWS: 32 KB; contact attributes: 32,768 bytes"),
	choice("end_flow_inbound", func(a *Assumptions) *string { return &a.EndFlowInbound },
		"EndFlowExecution in an inbound flow: disconnect, or refuse (the flow stops as an error)",
		"AWS: one page does not allow it, another says that it disconnects; common in exports", "disconnect", "refuse"),
	choice("wait_on_voice", func(a *Assumptions) *string { return &a.WaitOnVoice },
		"a Wait on voice that is plain or not in an inbound flow: error takes the error branch, wait waits in silence",
		"AWS: voice only in inbound flows with Continue or an event", "error", "wait"),
}

// standard holds the defaults, against which a number that was raised is held: what only it let pass, rests on it.
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
	return fmt.Errorf("there is no assumption %q", name)
}

// Get returns the value of an assumption as Set takes it, "" when there is no such name.
func (a *Assumptions) Get(name string) string {
	for _, row := range assumptionTable {
		switch {
		case row.Name != name:
		case row.number != nil:
			return strconv.Itoa(*row.number(a))
		default:
			return *row.text(a)
		}
	}
	return ""
}

func (a Assumption) set(to *Assumptions, value string) error {
	if a.number != nil {
		n, err := strconv.Atoi(value)
		if err != nil || n < a.Low || n > a.High {
			return fmt.Errorf("%s must be a whole number from %d to %d, not %q", a.Name, a.Low, a.High, value)
		}
		*a.number(to) = n
		return nil
	}
	if value == "" || !slices.Contains(a.Values, value) && !slices.Contains(a.Values, "…") {
		return fmt.Errorf("%s must be one of %s, not %q", a.Name, strings.Join(a.Values, ", "), value)
	}
	*a.text(to) = value
	return nil
}
