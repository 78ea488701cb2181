package flow

import (
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// interactionBehaviors are those of the actions that ask something outside of the contact.
var interactionBehaviors = map[string]behavior{
	flowlang.InvokeLambdaFunction: {
		does: "Invokes the function with Connect's event. Synchronous: waits in silence, at most " +
			awsfacts.Seconds(awsfacts.SynchronousLimit) + ", and " + awsfacts.Seconds(awsfacts.ChainLimit) +
			" for functions in a row; tries again after throttling and 5xx; the reply, of at most " +
			awsfacts.KB(awsfacts.ReplyBytes) + ", replaces $.External. Asynchronous: continues at once, at most " +
			awsfacts.Seconds(awsfacts.AsynchronousLimit) + ", with $.LambdaInvocation.InvocationId.",
		run:    runFunction,
		resume: resumeFunction,
	},
	flowlang.LoadLambdaFunctionResult: {
		does: "Puts the reply of an asynchronous function into $.External; InProgress while it runs; " +
			"NoMatchingError when it failed or the id is unknown.",
		run: runLoadResult,
	},
	flowlang.CreateTask: {
		does: "Succeeds with a new $.Task.ContactId; the task is not played.",
		run:  runTask,
	},
	flowlang.CreateContact: {
		does: "Succeeds; the other contact is not played, and what it fills comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.StartOutboundEmailContact: {
		does: "Succeeds; the message is not played. TemplateRenderingError comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.RenderMessageTemplate: {
		does: "Succeeds; what it fills, or TemplateRenderingError, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.StartOutboundChatContact: {
		does: "Succeeds; the message is not played. TemplateRenderingError comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.CreateCase: {
		does: "Succeeds; $.Case comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.UpdateCase: {
		does: "Succeeds; $.Case comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.GetCase: {
		does: "Succeeds; $.Case, or NoneFound and MultipleFound, come from the scenario.",
		run:  runSucceed,
	},
	flowlang.GetCustomerProfile: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.GetCustomerProfileObject: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.GetCalculatedAttributesForCustomerProfile: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.CreateCustomerProfile: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.UpdateCustomerProfile: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.AssociateContactToCustomerProfile: {
		does: "Succeeds; $.Customer, or another error, comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.CreateWisdomSession: {
		does: "Succeeds with a new $.Wisdom.SessionArn.",
		run:  runSession,
	},
	flowlang.LoadContactContent: {
		does: "Succeeds; the content comes from the scenario.",
		run:  runSucceed,
	},
	flowlang.CreatePersistentContactAssociation: {
		does: "Succeeds.",
		run:  runSucceed,
	},
	flowlang.EvaluateDataTableValues: {
		does: "Succeeds; $.DataTables and $.DataTableList come from the scenario.",
		run:  runSucceed,
	},
	flowlang.ListDataTableValues: {
		does: "Succeeds; $.DataTables and $.DataTableList come from the scenario.",
		run:  runSucceed,
	},
	flowlang.UpsertDataTableValues: {
		does: "Succeeds; $.DataTables and $.DataTableList come from the scenario.",
		run:  runSucceed,
	},
}
