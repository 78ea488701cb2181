package flow

import "github.com/connect-async/connect-async/internal/flowlang"

// runView shows a view on the participant's screen and waits for the action chosen there.
func runView(c *Contact, f *frame, a *flowlang.Action) outcome {
	limit, fault := c.seconds(f, a, "InvocationTimeLimitSeconds")
	switch {
	case c.state.Options.Channel != Chat:
		return failure(flowlang.NoMatchingError, "views are for chat only")
	case fault != "":
		return failure(flowlang.NoMatchingError, fault)
	}
	if given := f.given(); given != "" {
		return c.chosen(f, given)
	}
	c.ask(f, a, AskView)
	f.Work.Timer = c.timer(f, limit)
	return waiting
}

func resumeView(c *Contact, f *frame, _ *flowlang.Action, ev Event) outcome {
	if e, ok := ev.(Input); ok {
		return c.chosen(f, e.Text)
	}
	return failure(flowlang.TimeLimitExceeded, "nothing was chosen within the time limit")
}

func (c *Contact) chosen(f *frame, action string) outcome {
	c.scope(f).put("Views", "Action", action)
	return result(action)
}
