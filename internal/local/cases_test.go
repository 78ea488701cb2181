package local_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
	"github.com/connect-async/connect-async/internal/testrun"
)

// caseAnswers are what AWS answers in the recorded cases about state machines: what ValidateStateMachineDefinition says
// of the definition, else how an execution ends, as far as the case says so. Where it contradicts itself, nothing does.
var caseAnswers = map[string]string{
	"01-wait-milliseconds": `SUCCEEDED {"t":"2026-11-26T11:08:27.000Z"}`,
	"03-wait-offset":       `SUCCEEDED {"t":"2026-11-26T11:08:27+00:00"}`,
	"06-wait-too-long":     `FAILED States.Runtime … Wait state delay is too long.`,
	"07-parallel-one-hit":  `SUCCEEDED {"m":["x"]}`,
	"09-index-no-wrap":     `SUCCEEDED {"f":"a"}`,
	"11-filter-unquoted":   `SUCCEEDED {"fr":["oui"]}`,
	"12-slice-from-3":      `SUCCEEDED {"l":[3,4,5]}`,
	"13-last-by-length":    `SUCCEEDED 2`,
	"14-template-missing": `FAILED States.Runtime … The JSONPath '$.nope.deep' specified for the field 'missing.$' ` +
		`could not be found in the input '{"other":1}'`,
	"18-choice-context":         `SUCCEEDED [1,2]`,
	"20-resultselector-string":  `SUCCEEDED "$.Payload"`,
	"21-format-escaped-braces":  `SUCCEEDED {"r":"{k:x}"}`,
	"22-format-context":         `SUCCEEDED {"r":"run-started-`,
	"24-format-quote":           `SUCCEEDED {"r":"it's x"}`,
	"26-stringtojson-of-object": `FAILED`,
	"28-resultpath-string":      `SUCCEEDED {"one":"hello","two":"{\"a\":1}"}`,
	"30-map-legacy-parameters":  `SUCCEEDED [{"n":"a","k":1},{"n":"b","k":1}]`,
	"33-node-custom-error":      `SUCCEEDED "caught"`,
	"35-slow-lambda":            `SUCCEEDED`,
	"36-retry-counts":           `SUCCEEDED {"tries":3}`,
	"37-api-gateway-body":       `SUCCEEDED {"statusCode":500`,
	"39-history-limit":          `FAILED States.Runtime … maximum number of history events`,
	"40-child-json-input":       `SUCCEEDED {"ExecutionArn":`,
	"41-child-sends-token":      `FAILED Sfn.InvalidTokenException`,
	"42-ddb-query-optimized":    `/States/A/Resource: The resource provided arn:aws:states:::dynamodb:query is not`,
	"43-ddb-query-sdk":          `SUCCEEDED {"Count":0,"Items":[],"ScannedCount":0}`,
	"44-s3-getobject":           `SUCCEEDED "stood in"`,
	"47-jsonata-merge":          `SUCCEEDED {"m":{"a":1,"b":2}}`,
	"50-activity-deleted":       `FAILED States.Runtime … The activity …does not exist.`,
	"52-unreachable": `/States/pass1/Next: Missing 'Next' target: pass3; ` +
		`/States/pass2: State "pass2" is not reachable.`,
	"54-timeoutseconds-on-pass":     `/States/S: Field 'TimeoutSeconds' is not supported`,
	"55-timeoutseconds-on-wait":     `/States/S: Field 'TimeoutSeconds' is not supported`,
	"57-timeoutseconds-on-succeed":  `/States/S: Field 'TimeoutSeconds' is not supported`,
	"58-timeoutseconds-on-fail":     `/States/S: Field 'TimeoutSeconds' is not supported`,
	"60-timeoutseconds-on-parallel": `/States/S: Field 'TimeoutSeconds' is not supported`,
	"61-catch-on-pass":              `/States/S: Field 'Catch' is not supported`,
	"65-catch-on-fail":              `/States/S: Field 'Catch' is not supported`,
	"67-retry-on-wait":              `/States/S: Field 'Retry' is not supported`,
	"68-retry-on-choice":            `/States/S: Field 'Retry' is not supported`,
	"70-retry-on-fail":              `/States/S: Field 'Retry' is not supported`,
	"72-querylanguage-in-processor": `/States/M/ItemProcessor: Field 'QueryLanguage' is not supported`,
	"73-tolerated-both": `/States/M: There should only be one of the following fields: ` +
		`[ToleratedFailureCount, ToleratedFailureCountPath]`,
	"78-end-in-choice-rule": `/States/C/Choices[0]: `,
	"79-no-choices":         `/States/C: These fields are required: [Choices]`,
	"80-bad-path": `/States/C/Choices[0]/Variable: Value is not a Reference Path: ` +
		`'[' must be followed by ' or '['`,
	"84-cross-branch-next": `/States/Q/Branches[0]/States/I/Next: Missing 'Next' target: Z`,
	"85-no-dollar":         `OK NO_DOLLAR`,
	"86-dollar-no-path":    `/States/A/Parameters: The value for the field 'v.$' must be a valid JSONPath or a valid`,
	"87-path-in-result":    `OK PASS_RESULT_IS_STATIC`,
	"88-invalid-type": `/States/A/Type: The field 'Type' should have one of these values: ` +
		`[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]`,
	"89-empty-branches":       `/States/StateName/Branches: Value cannot be empty`,
	"93-accepts-expanded-arn": `OK`,
}

// caseGaps are the cases that come out otherwise, with the reason.
var caseGaps = map[string]string{}

func TestRecordedCases(t *testing.T) {
	dir := filepath.Join(testrun.Recorded(t, "RECORDED_CASES"), "states")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	right, gaps := 0, 0
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		name := entry.Name()
		want, known := caseAnswers[name]
		if !known {
			t.Errorf("nothing is known of the case %s", name)
			continue
		}
		got := answerOf(t, filepath.Join(dir, name))
		reason, isGap := caseGaps[name]
		switch fits := answers(got, want); {
		case fits && isGap:
			t.Errorf("%s is right, but is listed as a gap (%s)", name, reason)
		case fits:
			right++
		case isGap:
			gaps++
		default:
			t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
		}
	}
	t.Logf("recorded cases of state machines: %d right, %d gaps", right, gaps)
}

// answers reports whether an answer begins as it should; … stands for any text.
func answers(got, want string) bool {
	first, rest, any := strings.Cut(want, "…")
	if !strings.HasPrefix(got, first) {
		return false
	}
	return !any || strings.Contains(got, strings.ReplaceAll(rest, "…", "")) || strings.HasSuffix(got, last(want))
}

func last(want string) string { return want[strings.LastIndex(want, "…")+len("…"):] }

// answerOf is what this engine says of a case.
func answerOf(t *testing.T, dir string) string {
	t.Helper()
	definition, err := os.ReadFile(filepath.Join(dir, "definition.asl.json"))
	if err != nil {
		t.Fatal(err)
	}
	var faults, warnings []string
	for _, d := range asl.Validate(definition, asl.Standard) {
		if d.Severity == "error" {
			faults = append(faults, d.Location+": "+d.Message)
		} else {
			warnings = append(warnings, d.Code)
		}
	}
	input, err := os.ReadFile(filepath.Join(dir, "input.json"))
	switch {
	case len(faults) > 0:
		return strings.Join(faults, "; ")
	case err != nil:
		return "OK " + strings.Join(warnings, "; ")
	}
	var answer string
	began := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	v := clock.NewVirtual(began)
	err = v.Run(func() {
		a := local.New(local.Options{Clock: v, Seed: 1})
		statesapi.Perform(a)
		fillForCases(t, a, v)
		d := finish(t, a, v, create(t, a, "m", asl.Standard, string(definition)), string(input))
		answer = fmt.Sprintf("%s %s%s", d.Status, d.Output, d.Error)
		if d.Cause != "" {
			answer += " " + d.Cause
		}
	})
	if err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(answer)
}

// fillForCases puts into an account what the cases call.
func fillForCases(t *testing.T, a *local.Account, v *clock.Virtual) {
	t.Helper()
	echo := invoked(func(event []byte) function.Result { return returns(string(event)) })
	a.AddFunction("echo", echo)
	a.AddFunction("txt", invoked(func([]byte) function.Result { return returns(`"{\"a\":1}"`) }))
	a.AddFunction("body", invoked(func([]byte) function.Result { return returns(`{"statusCode":500,"body":"{}"}`) }))
	a.AddFunction("node", invoked(func([]byte) function.Result { return raises("MyNodeError") }))
	a.AddFunction("slow", invoked(func([]byte) function.Result { sleep(v, 4*time.Second); return returns(`{}`) }))
	tries := 0
	a.AddFunction("flaky", invoked(func([]byte) function.Result {
		if tries++; tries < 3 {
			return raises("CustomErr")
		}
		return returns(fmt.Sprintf(`{"tries":%d}`, tries))
	}))
	a.AddTable("orders", "id")
	create(t, a, "proj-j", asl.Standard, `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`)
	s3 := func(json.RawMessage) (local.TaskOutcome, bool) {
		return local.TaskOutcome{Result: json.RawMessage(`"stood in"`)}, true
	}
	a.SetTaskStandIns(map[string]local.TaskStandIn{"arn:*:aws-sdk:s3:getObject": s3})
}
