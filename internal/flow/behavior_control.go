package flow

import "github.com/connect-async/connect-async/internal/flowlang"

// controlBehaviors are those of the actions that decide where a contact goes next.
var controlBehaviors = map[string]behavior{
	flowlang.Compare: {
		does: "Compares one attribute with the conditions in their order; the first match wins. Equals, " +
			"TextStartsWith, TextEndsWith, TextContains, NumberGreaterThan, NumberGreaterOrEqualTo, NumberLessThan, " +
			"NumberLessOrEqualTo, KeyExists. A value that is absent matches nothing.",
		run: runCompare,
	},
	flowlang.Loop: {
		does: "ContinueLooping at the first LoopCount arrivals at this identifier, then DoneLooping once, then " +
			"the counter starts again.",
		run: runLoop,
	},
	flowlang.Wait: {
		does: "Waits until the time limit (WaitCompleted) or an event: the end of an asynchronous function, a chat " +
			"customer who writes (CustomerReturned), or what the scenario gives. Meanwhile the Continue branch " +
			"runs; a Wait inside it takes the error branch. On voice only in inbound flows, with Continue or an " +
			"event.",
		run:    runWait,
		resume: resumeWait,
	},
	flowlang.CheckHoursOfOperation: {
		does: "True or False as the scenario says, by default True. Without hours and queue: the error branch.",
		run:  runHours,
	},
	flowlang.CheckMetricData: {
		does: "Compares a metric of the scenario with the conditions; by default one agent is available and the " +
			"queue is empty. The age of the oldest contact is in milliseconds.",
		run: runCheckMetric,
	},
	flowlang.GetMetricData: {
		does: "Fills $.Metrics from the scenario, with the same defaults as CheckMetricData.",
		run:  runGetMetrics,
	},
	flowlang.DistributeByPercentage: {
		does: "Draws a number from 1 to 100 with the call's seed and compares it with the conditions.",
		run:  runPercentage,
	},
	flowlang.TransferToFlow: {
		does: "Continues at the beginning of the other flow; flow attributes are dropped. A flow that is not part " +
			"of the call ends it as transferred.",
		run: runToFlow,
	},
	flowlang.EndFlowExecution: {
		does: "After an interrupt of iterated messages, goes back to them; in an inbound flow disconnects; " +
			"elsewhere the contact continues without the flow.",
		run: runEndFlow,
	},
	flowlang.UpdateFlowAttributes: {
		does: "Sets $.FlowAttributes, which only this flow sees; at most " + attributeSize + ".",
		run:  runSetFlowAttributes,
	},
	flowlang.UpdateFlowLoggingBehavior: {
		does: "Switches flow logs on or off for the rest of the contact.",
		run:  runLogging,
	},
	flowlang.UpdateContactRoutingCriteria: {
		does: "Succeeds; routing is not played.",
		run:  runSucceed,
	},
	flowlang.CheckOutboundCallStatus: {
		does: "CallAnswered, VoicemailBeep, VoicemailNoBeep or NotDetected as the scenario says; by default the " +
			"first condition.",
		run: runWorldResult,
	},
	flowlang.CheckVoiceID: {
		does: "The result comes from the scenario; by default the first condition. Voice ID itself ended in May " +
			"2026.",
		run: runWorldResult,
	},
	flowlang.StartVoiceIDStream: {
		does: "Succeeds; Voice ID itself ended in May 2026.",
		run:  runSucceed,
	},
	flowlang.CheckSegmentMembership: {
		does: "The result comes from the scenario; by default the first condition.",
		run:  runWorldResult,
	},
	flowlang.CheckProfileSegment: {
		does: "The result comes from the scenario; by default the first condition.",
		run:  runWorldResult,
	},
	flowlang.InvokeFlowModule: {
		does: "Runs the module, at most 5 deep, with $.Modules.Input; its Result is compared, and " +
			"$.Modules.Result and $.Modules.ResultData are set. A module that is not part of the call succeeds, or " +
			"gives what the scenario says.",
		run: runModule,
	},
	flowlang.EndFlowModuleExecution: {
		does: "Ends the module and passes Result and ResultData to the flow that invoked it.",
		run:  runReturn,
	},
}
