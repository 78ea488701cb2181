package flow

var onlyNoMatchingError = []string{NoMatchingError}

// participantKinds are the actions that the caller hears or answers.
var participantKinds = []kind{
	{
		name: "MessageParticipant", block: "Play prompt", logged: "PlayPrompt",
		parameters: []parameter{{name: "Text"}, {name: "SSML"}, {name: "PromptId"}, mayObject("Media"), mayOne("SkipWhenDTMFBufferEnabled", "true", "false")},
		errors:     onlyNoMatchingError, flows: callerFlows | whispers,
		does:     "Speaks Text or SSML, or plays PromptId or Media, with references replaced, and waits for its end. Starts the time of functions in a row anew. Other channels than voice take plain Text only, without waiting; email succeeds without effect.",
		evidence: "AWS; playback as blocking: live; empty prompt as an error: text in flow logs",
		run:      runMessage, resume: resumeMessage,
	},
	{
		name: "MessageParticipantIteratively", block: "Loop prompts", logged: "LoopPrompts", mayStop: true,
		parameters: []parameter{needArray("Messages"), mayNumber("InterruptFrequencySeconds", 1, maxWait), mayOne("ContinueMessagingDuringInterrupt", "true", "false")},
		conditions: true, results: []string{"MessagesInterrupted"}, errors: onlyNoMatchingError, flows: queues | holds,
		does:     "Plays the messages in turn, for ever, until InterruptFrequencySeconds are over (MessagesInterrupted), an agent takes the contact, or the caller hangs up. EndFlowExecution after an interrupt goes back to the messages.",
		evidence: "AWS; no NextAction: exports",
		run:      runIterated, resume: resumeIterated,
	},
	{
		name: "GetParticipantInput", block: "Get customer input, Store customer input, Set touchtone buffer behavior", logged: "GetUserInput",
		parameters: []parameter{mayNumber("InputTimeLimitSeconds", 1, maxInputSeconds), mayOne("StoreInput", "true", "false"), mayObject("InputValidation"),
			mayObject("InputEncryption"), mayObject("DTMFConfiguration"), mayOne("EnableDTMFBuffer", "true", "false"),
			{name: "Text"}, {name: "SSML"}, {name: "PromptId"}, mayObject("Media"), mayObject("LexV2Bot")},
		conditions: true, errors: []string{InputTimeLimitExceeded, NoMatchingCondition, NoMatchingError, InvalidPhoneNumber}, flows: callerFlows,
		does:     "Plays its prompt, which a key cuts short, and takes one key as the result; or, with StoreInput, takes keys until the terminator, MaximumLength or a pause of InterdigitTimeLimitSeconds, as $.StoredCustomerInput. * deletes what was typed. EnableDTMFBuffer keeps up to 30 keys pressed elsewhere. Voice only.",
		evidence: "AWS; required errors: live; lengths of phone numbers: E.164",
		run:      runInput, resume: resumeInput,
	},
	{
		name: "ConnectParticipantWithLexBot", block: "Get customer input (Amazon Lex)", logged: "GetUserInput",
		parameters: []parameter{mayObject("LexV2Bot"), mayObject("LexBot"), {name: "Text"}, {name: "SSML"}, {name: "PromptId"}, mayObject("Media"),
			mayObject("LexSessionAttributes"), mayObject("LexInitializationData"), mayObject("LexTimeoutSeconds")},
		conditions: true, errors: []string{NoMatchingCondition, NoMatchingError, InputTimeLimitExceeded}, flows: callerFlows,
		does:     "Plays its prompt and listens. The intent comes from the scenario: an outcome, a map from utterances to intents, or an utterance that is an intent's name; else FallbackIntent. Fills $.Lex.",
		evidence: "AWS; the bot itself is not played",
		run:      runLex, resume: resumeLex,
	},
	{
		name: "ShowView", block: "Show view", logged: "ShowView",
		parameters: []parameter{needObject("ViewResource"), needNumber("InvocationTimeLimitSeconds", 1, maxWait), mayObject("ViewData"), mayObject("SensitiveDataConfiguration")},
		conditions: true, errors: []string{NoMatchingCondition, NoMatchingError, TimeLimitExceeded}, flows: inbound | queues | modules,
		does:     "Waits for the action that the scenario or the participant's text chooses; the time limit takes TimeLimitExceeded. Fills $.Views. Chat only.",
		evidence: "AWS; required errors: live",
		run:      runView, resume: resumeView,
	},
	{
		name: "DisconnectParticipant", block: "Disconnect / hang up", logged: "Disconnect", terminal: true, flows: callerFlows,
		does:     "Ends the contact.",
		evidence: "AWS; refused in hold and whisper flows: live",
		run:      runDisconnect,
	},
	{
		name: "AuthenticateParticipant", block: "Authenticate customer", logged: "AuthenticateParticipant",
		parameters: []parameter{mayObject("CognitoConfiguration"), mayObject("CustomerProfilesConfiguration"), mayNumber("TimeLimitMinutes", 3, 15)},
		conditions: true, errors: []string{NoMatchingCondition, NoMatchingError, TimeLimitExceeded}, flows: inbound | modules,
		does:     "The result comes from the scenario; by default the first condition.",
		evidence: "third party; names of the results are not confirmed",
		run:      runWorldResult,
	},
}
