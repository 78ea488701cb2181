package flow

import (
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// attributeSize is the size of all attributes together, as texts have it.
var attributeSize = awsfacts.Thousands(awsfacts.AttributeBytes) + " bytes"

// contactBehaviors are those of the actions that change or move the contact.
var contactBehaviors = map[string]behavior{
	flowlang.UpdateContactAttributes: {
		does: "Sets $.Attributes, all or none; at most " + attributeSize + ". Attributes of a related contact are " +
			"not kept.",
		run: runSetAttributes,
	},
	flowlang.UpdateContactData: {
		does: "Sets Name, Description, LanguageCode and CustomerId of the contact; other fields have no effect.",
		run:  runSetContactData,
	},
	flowlang.UpdateContactEventHooks: {
		does: "Remembers the flows. The customer queue flow and the customer whisper flow are played if they are " +
			"part of the call; the others begin after the caller has reached an agent, where a call ends.",
		run: runHooks,
	},
	flowlang.UpdateContactTextToSpeechVoice: {
		does: "Sets the voice of what is spoken from here on.",
		run:  runVoice,
	},
	flowlang.UpdateContactRecordingBehavior: {
		does: "Succeeds; the caller does not hear it.",
		run:  runSucceed,
	},
	flowlang.UpdateContactRecordingAndAnalyticsBehavior: {
		does: "Succeeds on the channel that it names, elsewhere ChannelMismatch.",
		run:  runBehavior,
	},
	flowlang.UpdateContactMediaStreamingBehavior: {
		does: "Fills $.MediaStreams.Customer.Audio.StreamARN; nothing is streamed. Voice only.",
		run:  runStreaming,
	},
	flowlang.UpdateContactMediaProcessing: {
		does: "Succeeds on chat, elsewhere ChannelMismatch; messages are not processed.",
		run:  runChatOnly,
	},
	flowlang.UpdateContactTargetQueue: {
		does: "Sets the queue that later actions use; the contact does not move.",
		run:  runSetQueue,
	},
	flowlang.TransferContactToQueue: {
		does: "Needs a working queue. Plays the customer queue flow, if it was set and is part of the call, until " +
			"an agent takes the contact; else the call ends as transferred. QueueAtCapacity comes from the scenario.",
		run: runQueue,
	},
	flowlang.DequeueContactAndTransferToQueue: {
		does: "Moves the contact to another queue, at most 11 times, and starts the queue flow again.",
		run:  runDequeue,
	},
	flowlang.TransferContactToAgent: {
		does: "Ends the call as transferred.",
		run:  runToAgent,
	},
	flowlang.RouteContactToAgent: {
		does: "Ends the call as transferred.",
		run:  runToAgent,
	},
	flowlang.TransferParticipantToThirdParty: {
		does: "The other side answers, unless the scenario says otherwise (CallFailed, " +
			"ConnectionTimeLimitExceeded). Each comma in ThirdPartyDTMFDigits takes 750 ms. With " +
			"ContinueFlowExecution the flow continues afterwards; else the call ends as transferred.",
		run:    runThirdParty,
		resume: connectThirdParty,
	},
	flowlang.CompleteOutboundCall: {
		does: "Succeeds: the call is connected.",
		run:  runSucceed,
	},
	flowlang.CreateCallbackContact: {
		does: "Needs a queue and a number: the callback number, else the caller's. The call continues; the callback " +
			"itself is not played.",
		run: runCallback,
	},
	flowlang.UpdateContactCallbackNumber: {
		does: "Sets the number; a value that is not a phone number takes InvalidCallbackNumber, as do other " +
			"channels than voice.",
		run: runSetCallback,
	},
	flowlang.UpdateContactRoutingBehavior: {
		does: "Succeeds; routing is not played.",
		run:  runSucceed,
	},
	flowlang.UpdatePreviousContactParticipantState: {
		does: "Succeeds; conferences are not played.",
		run:  runSucceed,
	},
	flowlang.ResumeContact: {
		does: "Succeeds; for tasks.",
		run:  runSucceed,
	},
	flowlang.TagContact: {
		does: "Sets $.Tags, which functions receive.",
		run:  runTag,
	},
	flowlang.UntagContact: {
		does: "Removes tags.",
		run:  runUntag,
	},
}
