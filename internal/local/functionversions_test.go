package local_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// says is a function that says who it is.
type says string

// Invoke implements local.Function.
func (s says) Invoke(context.Context, []byte) function.Result {
	return function.Result{Payload: []byte(s)}
}

// published is an account with a function of two versions, of which the first is live.
func published(t *testing.T, weights map[string]float64) *local.Account {
	t.Helper()
	a := local.New(local.Options{Clock: clock.Real{}, Seed: 7})
	for _, f := range []says{"one", "two"} {
		a.AddFunction("f", f)
		if _, err := a.PublishVersion("f"); err != nil {
			t.Fatal(err)
		}
	}
	a.AddFunction("f", says("three"))
	a.AddFunction("other", says("other"))
	if err := a.SetFunctionAlias("f", "live", local.FunctionAlias{Version: "1", Weights: weights}); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestVersionsOfFunctions invokes a function in every way in which it can be named.
func TestVersionsOfFunctions(t *testing.T) {
	a := published(t, nil)
	arn := a.FunctionARN("f")
	for name, want := range map[string]string{
		"f": "three $LATEST", arn: "three $LATEST", arn + ":$LATEST": "three $LATEST", "f:1": "one 1",
		arn + ":2": "two 2", arn + ":live": "one 1", "000000000000:function:f:live": "one 1",
		arn + ":3": "ResourceNotFoundException: Function not found: " + arn + ":3",
		"f:prod":   "ResourceNotFoundException: Function not found: f:prod",
		"none":     "ResourceNotFoundException: Function not found: none",
		// What is published of a function that lives in AWS nobody knows here.
		"other:prod": "other $LATEST",
	} {
		r := a.Invoke(t.Context(), name, nil)
		got := string(r.Payload) + " " + r.Version
		if r.Err != nil {
			got = r.Err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	a.Unpublish("f")
	if r := a.Invoke(t.Context(), "f:live", nil); string(r.Payload) != "three" {
		t.Errorf("without versions: %+v", r)
	}
}

// TestWeightsOfAnAlias: an alias divides the invocations as it is told, and in another order every time.
func TestWeightsOfAnAlias(t *testing.T) {
	const n = 2000
	for _, weight := range []float64{0, 0.1, 0.5, 1} {
		a := published(t, map[string]float64{"2": weight})
		second, turns, last := 0, 0, ""
		for range n {
			r := a.Invoke(t.Context(), "f:live", nil)
			if r.Version == "2" {
				second++
			}
			if r.Version != last {
				turns++
			}
			last = r.Version
		}
		if share := float64(second) / n; share < weight-0.03 || share > weight+0.03 {
			t.Errorf("the weight is %v, the share %v", weight, share)
		}
		if mixed := weight > 0 && weight < 1; mixed != (turns > n/10) {
			t.Errorf("the weight is %v, and the version changes %d times", weight, turns)
		}
	}
}

// TestAliasOfNothing: an alias is for versions that are there.
func TestAliasOfNothing(t *testing.T) {
	a := published(t, nil)
	for _, to := range []local.FunctionAlias{{Version: "3"}, {Version: "$LATEST"}, {},
		{Version: "1", Weights: map[string]float64{"9": 0.1}}} {
		err := a.SetFunctionAlias("f", "live", to)
		refused, ok := errors.AsType[*local.Error](err)
		if !ok || !strings.HasPrefix(refused.Message, "Function not found") {
			t.Errorf("%+v: %v", to, err)
		}
	}
	if err := a.SetFunctionAlias("none", "live", local.FunctionAlias{Version: "1"}); err == nil {
		t.Error("an alias of a function that does not exist")
	}
	if _, err := a.PublishVersion("none"); err == nil {
		t.Error("a version of a function that does not exist")
	}
}
