package flow

import "github.com/connect-async/connect-async/internal/flowlang"

// campaignBehaviors are those of the actions of outbound campaigns, in whose flows nobody listens.
var campaignBehaviors = map[string]behavior{
	flowlang.SendSMS: {
		does: "Succeeds; nothing is sent.",
		run:  runSucceed,
	},
	flowlang.SendOutboundEmail: {
		does: "Succeeds; nothing is sent.",
		run:  runSucceed,
	},
	flowlang.PutDialRequest: {
		does: "Succeeds; nobody is called.",
		run:  runSucceed,
	},
	flowlang.PutLambdaInvokeRequest: {
		does: "Succeeds; the function is not invoked.",
		run:  runSucceed,
	},
	flowlang.GetOutboundCommunicationStatus: {
		does: "Succeeds; $.DeliveryReceipts comes from the scenario.",
		run:  runSucceed,
	},
}
