package asl

import "time"

// context builds the context object for the state that the frame is in (AWS developer guide, context object; which parts are
// there when: recorded).
func (t *turn) context(f *frame) any {
	o := t.r.Options
	state := map[string]any{"EnteredTime": timestamp(f.EnteredAt), "Name": f.State}
	if t.stateOf(f).handling() != nil {
		state["RetryCount"] = number(int64(f.RetryCount))
	}
	context := map[string]any{
		"Execution": map[string]any{
			"Id": o.ExecutionARN, "Input": decode(t.r.Input), "Name": o.Name, "RoleArn": o.RoleARN,
			"StartTime": timestamp(t.r.StartedAt), "RedriveCount": number(0),
		},
		"State":        state,
		"StateMachine": map[string]any{"Id": o.StateMachineARN, "Name": o.StateMachineName},
	}
	if f.Task != nil && f.Task.Token != "" {
		context["Task"] = map[string]any{"Token": f.Task.Token}
	}
	if item := t.item(f); item != nil {
		context["Map"] = map[string]any{"Item": map[string]any{"Index": number(int64(item.Index)), "Value": decode(item.Item)}}
	}
	return context
}

// item returns the innermost iteration that the frame belongs to, nil when there is none.
func (t *turn) item(f *frame) *frame {
	for ; f != nil; f = t.r.Frames[f.Parent] {
		if f.Item != nil {
			return f
		}
	}
	return nil
}

// timestamp writes a time as the context object does: ISO 8601 in UTC with milliseconds, without zeros at the end of the
// fraction.
func timestamp(at time.Time) string {
	return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}
