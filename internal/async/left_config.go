package async

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
)

func (j *Job) readLeave(value string) error {
	j.Leave = value
	return oneOf(value, LeaveFinish, LeaveCancel, LeaveDeliver)
}

func (c *Config) readInstance(value string) error {
	c.InstanceARN = value
	if a, ok := arn.Parse(value); !ok || a.Service != "connect" || a.Instance() == "" {
		return fmt.Errorf("%q is not the ARN of an instance (arn:aws:connect:REGION:ACCOUNT:instance/ID)", value)
	}
	return nil
}

// checkLeaving refuses jobs that mind when their caller hangs up, where something is missing for it.
func (c *Config) checkLeaving() {
	if !c.MindLeavers() {
		return
	}
	need := func(value, variable, why string) {
		if value == "" {
			c.Reject(errors.New(variable + ": is not set, and a job with when_caller_leaves needs it" + why +
				"; set it"))
		}
	}
	need(c.ResultsTable, EnvResultsTable, "")
	if !c.Ends {
		return
	}
	need(c.InstanceARN, EnvInstanceARN, ", to ask whether the caller is still there")
	need(c.LooksQueueURL, EnvLooksQueueURL, ", to look at a contact later")
	for _, job := range c.Jobs {
		if job.Leave == LeaveDeliver {
			if err := CheckDeliverTo(job.DeliverTo); err != nil {
				c.note(job.variable(), fmt.Errorf("job %q: deliver_to: %w", job.Name, err))
			}
		}
	}
}

// MindLeavers reports whether it matters to a job that its caller hangs up.
func (c *Config) MindLeavers() bool {
	for _, job := range c.Jobs {
		if job.minds() {
			return true
		}
	}
	return false
}

// longestTimeout is that of the job that may take longest: a contact's item also lists what its earlier starts began.
func (c *Config) longestTimeout() (longest time.Duration) {
	for _, job := range c.Jobs {
		longest = max(longest, job.timeout())
	}
	return longest
}

// Kinds of places that results are delivered to.
const (
	DeliverTask  = "task"  // a flow, which a new task of Amazon Connect begins in
	DeliverQueue = "queue" // of SQS
	DeliverBus   = "bus"   // an event bus of EventBridge
)

// DeliverKind is the kind of place that an ARN names, "" for none.
func DeliverKind(to string) string {
	a, ok := arn.Parse(to)
	_, flow, _ := strings.Cut(a.Resource, "/contact-flow/")
	bus, isBus := strings.CutPrefix(a.Resource, "event-bus/")
	switch {
	case !ok || a.Region == "" || !arn.IsAccount(a.Account):
	case a.Service == "connect" && a.Instance() != "" && consistsOf(flow, letters+digits+"-"):
		return DeliverTask
	case a.Service == "sqs" && consistsOf(strings.TrimSuffix(a.Resource, ".fifo"), letters+digits+"-_"):
		return DeliverQueue
	case a.Service == "events" && isBus && consistsOf(bus, letters+digits+"/.-_"):
		return DeliverBus
	}
	return ""
}

// CheckDeliverTo refuses what is not the ARN of a place that results can be delivered to.
func CheckDeliverTo(to string) error {
	if DeliverKind(to) == "" {
		return fmt.Errorf("%q is not the ARN of a flow (arn:aws:connect:…:instance/ID/contact-flow/ID), "+
			"a queue (arn:aws:sqs:REGION:ACCOUNT:NAME) or an event bus (arn:aws:events:…:event-bus/NAME)", to)
	}
	return nil
}
