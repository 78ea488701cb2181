package flow

import "github.com/connect-async/connect-async/internal/flowlang"

// participantBehaviors are those of the actions that the caller hears or answers.
var participantBehaviors = map[string]behavior{
	flowlang.MessageParticipant: {
		does: "Speaks Text or SSML, or plays PromptId or Media, with references replaced, and waits for its end. " +
			"Restarts the time of functions in a row. Other channels than voice take plain Text only, without " +
			"waiting; email succeeds without effect.",
		run:    runMessage,
		resume: resumeMessage,
	},
	flowlang.MessageParticipantIteratively: {
		does: "Plays the messages in turn, for ever, until InterruptFrequencySeconds are over " +
			"(MessagesInterrupted), an agent takes the contact, the contact is taken off hold, or the caller hangs " +
			"up. EndFlowExecution after an interrupt goes back to the messages. Voice only.",
		run:    runIterated,
		resume: resumeIterated,
	},
	flowlang.GetParticipantInput: {
		does: "Plays its prompt, which a key cuts short, and takes one key as the result; or, with StoreInput, " +
			"takes keys until the terminator, MaximumLength or a pause of InterdigitTimeLimitSeconds, as " +
			"$.StoredCustomerInput. * deletes what was typed. EnableDTMFBuffer keeps up to 30 keys pressed " +
			"elsewhere. Voice only.",
		run:    runInput,
		resume: resumeInput,
	},
	flowlang.ConnectParticipantWithLexBot: {
		does: "Plays its prompt and listens. The intent comes from the scenario: an outcome, a map from " +
			"utterances to intents, or an utterance that is an intent's name; else FallbackIntent. Replaces $.Lex: " +
			"what the bot before left is gone.",
		run:    runLex,
		resume: resumeLex,
	},
	flowlang.ConnectParticipantWithAgentic: {
		does: "The conversation is not played. By default it ends normally, at NextAction; Escalation, how long it " +
			"takes and $.AgenticCX come from the scenario. Voice and chat only.",
		run: runAgentic,
	},
	flowlang.ShowView: {
		does: "Waits for the action that the scenario or the participant's text chooses; the time limit takes " +
			"TimeLimitExceeded. Fills $.Views. Chat only.",
		run:    runView,
		resume: resumeView,
	},
	flowlang.DisconnectParticipant: {
		does: "Ends the contact.",
		run:  runDisconnect,
	},
	flowlang.AuthenticateParticipant: {
		does: "The result comes from the scenario; by default the first condition.",
		run:  runWorldResult,
	},
}
