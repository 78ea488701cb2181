package function_test

import (
	"context"
	"errors"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

// deployed is a Lambda API with one function.
type deployed struct {
	answer function.RemoteAnswer
	err    error
	asked  []string
}

func (d *deployed) InvokeFunction(_ context.Context, arn string, payload []byte,
	_ string) (function.RemoteAnswer, error) {
	d.asked = append(d.asked, arn+" "+string(payload))
	return d.answer, d.err
}

func TestRemote(t *testing.T) {
	api := &deployed{
		answer: function.RemoteAnswer{
			Payload:       []byte(`{"errorType":"Sandbox.Timedout"}`),
			FunctionError: "Unhandled",
			RequestID:     "id",
			Log:           []byte("REPORT"),
		},
	}
	f := function.NewRemote(clock.Real{}, api, "arn:x")
	r := f.Invoke(context.Background(), []byte(`{}`))
	if r.ErrorType != "Sandbox.Timedout" || r.FunctionError != "Unhandled" || r.RequestID != "id" ||
		string(r.Log) != "REPORT" || r.Err != nil {
		t.Errorf("%+v", r)
	}
	api.err = function.ErrTooManyRequests
	if r := f.Invoke(context.Background(), nil); !errors.Is(r.Err, function.ErrTooManyRequests) {
		t.Errorf("%+v", r)
	}
	r = f.Invoke(context.Background(), make([]byte, function.MaxPayload+1))
	if !errors.Is(r.Err, function.ErrRequestTooLarge) {
		t.Errorf("%+v", r)
	}
	if len(api.asked) != 2 || api.asked[0] != "arn:x {}" {
		t.Errorf("asked %q", api.asked)
	}
}
