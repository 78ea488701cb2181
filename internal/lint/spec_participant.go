package lint

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

var onlyNoMatchingError = []string{flow.NoMatchingError}

var menuErrors = []string{flow.InputTimeLimitExceeded, flow.NoMatchingCondition, flow.NoMatchingError}

// keys are what a menu can compare with (developer guide, GetParticipantInput).
var keys = strings.Split("0 1 2 3 4 5 6 7 8 9 * #", " ")

// prompt are the parameters of everything that can be said.
func prompt() []param { return []param{text("Text"), text("SSML"), text("PromptId"), object("Media")} }

func with(params []param, more ...param) []param { return append(params, more...) }

// participantSpecs are the actions that the caller hears or answers. Sources: developer guide, pages of the actions; required and
// refused errors of GetParticipantInput and ShowView, and types refused: observed at the service.
var participantSpecs = map[string]*spec{
	"MessageParticipant": {
		params:  with(prompt(), truth("SkipWhenDTMFBufferEnabled")),
		errors:  onlyNoMatchingError,
		types:   inbound | transfer | queue | whisper | module,
		combine: exactlyOne("Text", "SSML", "PromptId", "Media"),
	},
	"MessageParticipantIteratively": {
		params:     []param{array("!Messages"), number("InterruptFrequencySeconds", 1, maxWait), truth("ContinueMessagingDuringInterrupt")},
		conditions: true, results: []string{"MessagesInterrupted"},
		errors: onlyNoMatchingError, mayStop: true,
		types: queue | hold | module,
	},
	"GetParticipantInput": {form: inputForm},
	"ConnectParticipantWithLexBot": {
		params: with(prompt(), object("LexV2Bot"), object("LexBot"), object("LexSessionAttributes"), object("LexInitializationData"),
			object("LexTimeoutSeconds")),
		open:       true,
		conditions: true,
		errors:     menuErrors, wantErrors: []string{flow.NoMatchingCondition, flow.NoMatchingError},
		types:   withCaller,
		combine: both(exactlyOne("LexV2Bot", "LexBot"), atMostOne("Text", "SSML", "PromptId", "Media")),
	},
	"ShowView": {
		params:     []param{object("!ViewResource"), number("!InvocationTimeLimitSeconds", 1, maxWait), object("ViewData"), object("SensitiveDataConfiguration")},
		open:       true,
		conditions: true,
		errors:     []string{flow.NoMatchingCondition, flow.NoMatchingError, flow.TimeLimitExceeded},
		needErrors: []string{flow.NoMatchingCondition, flow.NoMatchingError, flow.TimeLimitExceeded},
		types:      inbound | queue | module,
	},
	"DisconnectParticipant": {terminal: true, types: withCaller, refused: hold | whisper},
	"AuthenticateParticipant": {
		params:     []param{object("CognitoConfiguration"), object("CustomerProfilesConfiguration"), number("TimeLimitMinutes", 3, 15)},
		open:       true,
		conditions: true,
		errors:     nil, // their names are not known
		types:      inbound | module,
	},
}

// maxWait is the longest that Wait and ShowView may take: 7 days (developer guide, Wait).
const maxWait = 604800

// inputForm picks one of the forms of GetParticipantInput: touch-tone buffer, stored input, Lex, or menu.
func inputForm(a *Action) *spec {
	switch {
	case a.param("EnableDTMFBuffer") != nil:
		return bufferSpec
	case a.is("StoreInput"):
		if a.param("InputValidation").Get("PhoneNumberValidation") != nil {
			return phoneSpec
		}
		return storeSpec
	case a.param("LexV2Bot") != nil || a.param("LexBot") != nil:
		return lexInputSpec
	}
	return menuSpec
}

var (
	bufferSpec = &spec{
		params: []param{truth("!EnableDTMFBuffer"), truth("StoreInput"), object("InputEncryption"), number("InputTimeLimitSeconds", 1, maxWait)},
		errors: onlyNoMatchingError, wantErrors: onlyNoMatchingError,
		types: withCaller | outboundWhisper,
	}
	storeSpec = &spec{
		params: storeParams(), combine: checkStore,
		errors: onlyNoMatchingError, needErrors: onlyNoMatchingError,
		types: withCaller,
	}
	phoneSpec = &spec{
		params: storeParams(), combine: checkStore,
		errors: []string{flow.NoMatchingError, flow.InvalidPhoneNumber}, needErrors: []string{flow.NoMatchingError, flow.InvalidPhoneNumber},
		types: withCaller,
	}
	lexInputSpec = &spec{
		params:     with(prompt(), object("LexV2Bot"), object("LexBot"), truth("StoreInput"), number("InputTimeLimitSeconds", 1, maxWait)),
		open:       true,
		conditions: true,
		errors:     menuErrors, wantErrors: []string{flow.NoMatchingCondition, flow.NoMatchingError},
		types: withCaller,
	}
	menuSpec = &spec{
		params:     with(prompt(), number("!InputTimeLimitSeconds", 1, maxWait), truth("StoreInput"), object("InputValidation"), object("InputEncryption"), object("DTMFConfiguration")),
		conditions: true, results: keys,
		errors: menuErrors, needErrors: menuErrors,
		types:   withCaller,
		combine: both(atMostOne("Text", "SSML", "PromptId", "Media"), onlyWhenStored),
	}
)

func storeParams() []param {
	return with(prompt(), truth("!StoreInput"), number("!InputTimeLimitSeconds", 1, maxWait), object("?InputValidation"), object("InputEncryption"),
		object("DTMFConfiguration"))
}

// onlyWhenStored: validation and encryption belong to stored input (developer guide, GetParticipantInput).
func onlyWhenStored(a *Action, say complain) {
	for _, name := range []string{"InputValidation", "InputEncryption"} {
		if n := a.param(name); n != nil {
			f := say(n, name+" stands beside StoreInput that is not True, so that it has no effect", "Set StoreInput to True, or remove it.")
			f.Severity = weaker(f.Severity, source.Warning)
		}
	}
}

// checkStore holds the parts of a stored input against each other.
func checkStore(a *Action, say complain) {
	atMostOne("Text", "SSML", "PromptId", "Media")(a, say)
	validation := a.param("InputValidation")
	if validation.Get("PhoneNumberValidation") != nil && validation.Get("CustomValidation") != nil {
		say(validation, "InputValidation has both PhoneNumberValidation and CustomValidation", "Keep one of them.")
	}
	if n := a.param("InputEncryption"); n != nil && validation.Get("PhoneNumberValidation") != nil {
		say(n, "InputEncryption stands beside PhoneNumberValidation; it needs CustomValidation", "Use CustomValidation, or do without encryption.")
	}
	if n := a.param("DTMFConfiguration").Get("InterdigitTimeLimitSeconds"); n != nil {
		if problem := number("", 1, 20).check(n); problem != "" {
			say(n, "InterdigitTimeLimitSeconds "+problem, "Write 1 to 20.")
		}
	}
	if n := a.param("DTMFConfiguration").Get("InputTerminationSequence"); n.Is(source.String) && len(n.Text) > 5 {
		say(n, "InputTerminationSequence has more than 5 keys", "Use at most 5 keys.")
	}
}
