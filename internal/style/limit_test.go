package style_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestCallsStayWithinTheirBlocks checks that what starts or stops work says how long its block waits: without it the
// async function may take 8 s, and Connect gives up before.
func TestCallsStayWithinTheirBlocks(t *testing.T) {
	cancels := 0
	each(t, func(t *testing.T, g generated) {
		for _, a := range g.flow.Actions {
			if a.Type != flowlang.InvokeLambdaFunction {
				continue
			}
			block, sent := a.Text("InvocationTimeLimitSeconds"), a.Input(async.ParamTimeLimit).Scalar()
			isCheck := a.Input(async.ParamAction).Scalar() == async.ActionCheck
			if sent != block && !(isCheck && sent == "") {
				t.Errorf("%s sends time_limit %q, and its block waits %s s", a.Identifier, sent, block)
			}
			if a.Input(async.ParamAction).Scalar() == async.ActionCancel {
				cancels++
			}
		}
	})
	if cancels == 0 {
		t.Error("no flow cancels")
	}
}
