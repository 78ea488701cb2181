package project

import (
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/source"
)

// checkLeaving reports what a job lacks that says what happens when its caller hangs up.
func checkLeaving(in *source.Reader, j jobEntry) {
	written := in.Node("jobs").Get(j.Name)
	place := func(key string) source.Pos {
		if node := written.Get(key); node != nil {
			return node.Pos
		}
		return j.at
	}
	if j.MindsLeavers() && j.Results == ResultsDescribed {
		in.Report(CodeMissing, place(async.MachineLeave), "when_caller_leaves: "+j.Leave+" needs a results "+
			"table, which knows what callers were told",
			"Add results: table to the job, or event for a definition of your own.")
	}
	switch {
	case j.Leave != async.LeaveDeliver && j.DeliverTo != "":
		in.Report(source.CodeBadValue, place(async.MachineDeliverTo), "deliver_to has no effect without "+
			"when_caller_leaves: deliver", "Add when_caller_leaves: deliver, or leave deliver_to out.")
	case j.Leave == async.LeaveDeliver && j.DeliverTo == "":
		in.Report(CodeMissing, place(async.MachineLeave), "when_caller_leaves: deliver needs a place to deliver to",
			"Add deliver_to: ARN, of a flow, a queue of SQS or an event bus of EventBridge.")
	case j.DeliverTo != "":
		if err := async.CheckDeliverTo(j.DeliverTo); err != nil {
			in.Report(source.CodeBadValue, place(async.MachineDeliverTo), err.Error(),
				"Use arn:aws:connect:REGION:ACCOUNT:instance/ID/contact-flow/ID, arn:aws:sqs:REGION:ACCOUNT:NAME or "+
					"arn:aws:events:REGION:ACCOUNT:event-bus/NAME.")
		}
	}
}
