package flowlang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// The action types that the caller hears or answers.
const (
	MessageParticipant            = "MessageParticipant"
	MessageParticipantIteratively = "MessageParticipantIteratively"
	GetParticipantInput           = "GetParticipantInput"
	ConnectParticipantWithLexBot  = "ConnectParticipantWithLexBot"
	ShowView                      = "ShowView"
	DisconnectParticipant         = "DisconnectParticipant"
	AuthenticateParticipant       = "AuthenticateParticipant"
	ConnectParticipantWithAgentic = "ConnectParticipantWithAgenticCX"
)

// MessagesInterrupted is the result of MessageParticipantIteratively after InterruptFrequencySeconds.
const MessagesInterrupted = "MessagesInterrupted"

const (
	week            = 604_800 // seconds, the longest that Wait and ShowView may take (Developer guide, Wait)
	maxInputSeconds = 300     // exports of four public repositories; the block pages say 180
)

// inputLimit is how long an answer is awaited. The Developer guide has no limit.
var inputLimit = atLeast("InputTimeLimitSeconds", 1).usually(maxInputSeconds)

// promptParameters are the parameters of everything that can be said. At most one of them may be given.
var promptParameters = []string{"Text", "SSML", "PromptId", "Media"}

func prompt(more ...Parameter) []Parameter {
	return append([]Parameter{text("Text"), text("SSML"), text("PromptId"), object("Media")}, more...)
}

var (
	onlyNoMatchingError = []string{NoMatchingError}
	bothNoMatches       = []string{NoMatchingError, NoMatchingCondition}
	menuErrors          = []string{InputTimeLimitExceeded, NoMatchingCondition, NoMatchingError}
)

// keys are what a menu can compare with (Developer guide, GetParticipantInput).
var keys = strings.Split("0 1 2 3 4 5 6 7 8 9 * #", " ")

var participantTypes = []ActionType{
	{
		Name: MessageParticipant, Block: "Play prompt", Logged: "PlayPrompt",
		Parameters: prompt(truth("SkipWhenDTMFBufferEnabled")),
		combine:    exactlyOne(promptParameters...),
		Errors:     onlyNoMatchingError,
		FlowTypes:  inbound | transfers | queues | whispers | modules, RefusedIn: holds,
		Traits: Speaks | BreaksChain,
		Evidence: "AWS, which excludes hold flows; playback as blocking: live; empty prompt as an error: " +
			"text in flow logs",
	},
	{
		Name: MessageParticipantIteratively, Block: "Loop prompts", Logged: "LoopPrompts",
		Parameters: []Parameter{
			array("Messages").required(),
			number("InterruptFrequencySeconds", 1, week),
			truth("ContinueMessagingDuringInterrupt"),
		},
		vary:      varyMessages,
		HasResult: true, Results: []string{MessagesInterrupted},
		Errors:       onlyNoMatchingError,
		OptionalNext: true,
		FlowTypes:    queues | holds | modules, RefusedIn: inbound,
		Traits:   Speaks | Listens | AwaitsAgent,
		Evidence: "AWS; no NextAction: exports; cannot be published in an inbound flow: third party",
	},
	{
		Name: GetParticipantInput, Logged: "GetUserInput",
		Block: "Get customer input, Store customer input, Set touchtone buffer behavior",
		Parameters: prompt(
			inputLimit.required(),
			truth("StoreInput"), object("InputValidation"), object("InputEncryption"), object("DTMFConfiguration"),
		),
		combine:   both(atMostOne(promptParameters...), onlyWhenStored),
		vary:      varyInput,
		HasResult: true, Results: keys,
		Errors: menuErrors, RequiredErrors: menuErrors, FormErrors: []string{InvalidPhoneNumber},
		FlowTypes: withCaller,
		Traits:    Speaks | Listens,
		Evidence:  "AWS; required errors: live; lengths of phone numbers: E.164; as long as 300 s: exports",
	},
	{
		Name: ConnectParticipantWithLexBot, Block: "Get customer input (Amazon Lex)", Logged: "GetUserInput",
		Parameters: prompt(
			object("LexV2Bot"), object("LexBot"), object("LexSessionAttributes"), object("LexInitializationData"),
			object("LexTimeoutSeconds"),
		),
		Open:      true,
		combine:   both(exactlyOne("LexV2Bot", "LexBot"), atMostOne(promptParameters...)),
		HasResult: true,
		Errors:    menuErrors, ExpectedErrors: bothNoMatches,
		FlowTypes: withCaller,
		Traits:    Speaks | Listens | FillsLex,
		Evidence:  "AWS; the bot itself is not played",
	},
	{
		Name: ShowView, Block: "Show view", Logged: "ShowView",
		Parameters: []Parameter{
			object("ViewResource").required(), number("InvocationTimeLimitSeconds", 1, week).required(),
			object("ViewData"), object("SensitiveDataConfiguration"),
		},
		Open:           true,
		HasResult:      true,
		Errors:         []string{NoMatchingCondition, NoMatchingError, TimeLimitExceeded},
		RequiredErrors: []string{NoMatchingCondition, NoMatchingError, TimeLimitExceeded},
		FlowTypes:      inbound | queues | modules,
		Traits:         Listens | ChatOnly,
		Evidence:       "AWS; required errors: live",
	},
	{
		Name: DisconnectParticipant, Block: "Disconnect / hang up", Logged: "Disconnect",
		Terminal:  true,
		FlowTypes: withCaller, RefusedIn: holds | whispers,
		Evidence: "AWS; refused in hold and whisper flows: live",
	},
	{
		Name: AuthenticateParticipant, Block: "Authenticate customer", Logged: "AuthenticateParticipant",
		Parameters: []Parameter{
			object("CognitoConfiguration"), object("CustomerProfilesConfiguration"), number("TimeLimitMinutes", 3, 15),
		},
		Open:      true,
		HasResult: true,
		FlowTypes: inbound | modules,
		Traits:    Listens,
		Evidence:  "third party; names of the results and errors are not confirmed",
	},
	{
		Name: ConnectParticipantWithAgentic, Block: "Agentic CX", Logged: ConnectParticipantWithAgentic,
		Parameters: []Parameter{
			object("AgentConfiguration").required(), object("SpeechRecognitionConfiguration"),
			object("AudioFillerConfiguration").expected(),
		},
		Open:      true,
		combine:   checkContextVariables,
		HasResult: true, Results: []string{Escalation}, TakesNext: true,
		Errors: menuErrors, RequiredErrors: menuErrors,
		Traits:   Listens,
		Evidence: "live: export and CreateContactFlow, 2026-09; AudioFillerConfiguration: sources differ",
	},
}

// Escalation is the result of an agentic bot that wants a person to take over. When it ends normally, NextAction is
// taken.
const Escalation = "Escalation"

func checkContextVariables(a *Action, say complain) {
	variables := a.Param("AgentConfiguration").Get("ContextVariables")
	if n := len(variables.Entries()); n > 10 {
		say(variables, source.Error, fmt.Sprintf("ContextVariables has %d variables; Connect accepts 10", n),
			"Keep at most 10.")
	}
}

// varyInput tells the forms of GetParticipantInput apart: touch-tone buffer, stored input, Lex, else menu.
func varyInput(a *Action, form *ActionType) {
	switch {
	case a.Param("EnableDTMFBuffer") != nil:
		form.Parameters = []Parameter{
			truth("EnableDTMFBuffer").required(), truth("StoreInput"), object("InputEncryption"),
			inputLimit,
		}
		form.combine, form.HasResult, form.Results, form.Traits = nil, false, nil, 0
		form.Errors, form.RequiredErrors, form.ExpectedErrors = onlyNoMatchingError, nil, onlyNoMatchingError
		form.FlowTypes = withCaller | outboundWhispers
	case a.Is("StoreInput"):
		form.Logged = "StoreUserInput"
		form.Parameters = slices.Clone(form.Parameters)
		form.Parameters[slices.IndexFunc(form.Parameters, named("InputValidation"))].Need = Expected
		form.combine, form.HasResult, form.Results = checkStored, false, nil
		form.Traits |= StoresInput
		form.Errors = onlyNoMatchingError
		if a.Param("InputValidation").Get("PhoneNumberValidation") != nil {
			form.Errors = append([]string{NoMatchingError}, form.FormErrors...)
		}
		form.RequiredErrors = form.Errors
	case a.Param("LexV2Bot") != nil || a.Param("LexBot") != nil: // seen in an export
		form.Parameters = prompt(object("LexV2Bot"), object("LexBot"), truth("StoreInput"),
			inputLimit)
		form.Open, form.combine, form.Results = true, nil, nil
		form.Traits |= FillsLex
		form.RequiredErrors, form.ExpectedErrors = nil, bothNoMatches
	}
}

// varyMessages: without an interrupt the messages end only with the contact's wait, so that NextAction, which the
// console writes as a copy of the error's target, is never taken (exports).
func varyMessages(a *Action, form *ActionType) {
	form.Unending = a.Param("InterruptFrequencySeconds") == nil
}

func named(name string) func(Parameter) bool { return func(p Parameter) bool { return p.Name == name } }

// onlyWhenStored: validation and encryption belong to stored input (Developer guide, GetParticipantInput).
func onlyWhenStored(a *Action, say complain) {
	for _, name := range []string{"InputValidation", "InputEncryption"} {
		if n := a.Param(name); n != nil {
			say(n, source.Warning, name+" has no effect unless StoreInput is True",
				"Set StoreInput to True, or remove "+name+".")
		}
	}
}

// checkStored compares the parts of a stored input with each other.
func checkStored(a *Action, say complain) {
	atMostOne(promptParameters...)(a, say)
	validation, dtmf := a.Param("InputValidation"), a.Param("DTMFConfiguration")
	if validation.Get("PhoneNumberValidation") != nil && validation.Get("CustomValidation") != nil {
		say(validation, source.Error, "InputValidation has both PhoneNumberValidation and CustomValidation",
			"Keep one of them.")
	}
	if n := a.Param("InputEncryption"); n != nil && validation.Get("PhoneNumberValidation") != nil {
		say(n, source.Error, "InputEncryption does not work with PhoneNumberValidation",
			"Use CustomValidation, or do without encryption.")
	}
	if n := dtmf.Get("InterdigitTimeLimitSeconds"); n != nil {
		if problem := Interdigit.Problem(n); problem != "" {
			say(n, source.Error, "InterdigitTimeLimitSeconds "+problem, "Write "+Interdigit.allowed()+".")
		}
	}
	if n := dtmf.Get("InputTerminationSequence"); n.Is(source.String) && len(n.Text) > 5 {
		say(n, source.Error, "InputTerminationSequence has more than 5 keys", "Use at most 5 keys.")
	}
}

// Interdigit is the time limit from one key to the next, in seconds (block page of Store customer input).
var Interdigit = number("InterdigitTimeLimitSeconds", 1, 20)

// LexTimeout is how long a bot waits for an answer in a chat, in seconds (Developer guide, LexTimeoutSeconds).
var LexTimeout = number("Text", 1, week)
