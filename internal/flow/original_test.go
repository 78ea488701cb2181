package flow_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recordedTimelines is what timelines.json holds, as far as the flow alone decides it.
type recordedTimelines struct {
	Assumptions struct {
		Call          float64            `json:"lambda_call_seconds"`
		Served        float64            `json:"step_functions_served_after_seconds"`
		Break         float64            `json:"break_seconds"`
		Prompts       map[string]float64 `json:"prompt_seconds"`
		Comfort       int                `json:"check_count_comfort"`
		Limit         int                `json:"response_limit_bytes"`
		Retries       int                `json:"connect_retries"`
		Unset         string             `json:"unset_attribute"`
		AfterError    string             `json:"external_after_error"`
		DefaultOutput string             `json:"default_output"`
	}
	Timelines []recordedTimeline
	Variants  []recordedTimeline
}

type recordedTimeline struct {
	Name     string
	Function struct {
		Seconds float64
		Outcome string
	}
	Conditions conditions
	Calls      int       `json:"lambda_calls"`
	Branch     *float64  `json:"branch_at"`
	Ends       float64   `json:"ends_at"`
	Ending     string    `json:"ending"`
	Blocks     []float64 `json:"lambda_blocks_at"`
	Heard      []struct {
		Prompt   string
		From, To float64
	}
}

// conditions are what a variant changes.
type conditions struct {
	Output        string
	OutputRepeat  *struct{} `json:"output_repeat"`
	StartError    string    `json:"start_error"`
	StartErrors   int       `json:"start_error_count"`
	DescribeError string    `json:"describe_error"`
	Call          float64   `json:"lambda_call_seconds"`
	Retries       int       `json:"connect_retries"`
	Unset         string    `json:"unset_attribute"`
	Configured    *bool     `json:"state_machine_configured"`
}

// TestOriginalSampleFlow plays the original's sample flow against a scripted function that behaves like the
// original's, and compares every time with the recorded one.
func TestOriginalSampleFlow(t *testing.T) {
	recorded := readTimelines(t)
	f := readOriginalFlow(t)
	for _, want := range recorded.Timelines {
		t.Run(want.Name, func(t *testing.T) {
			o := &original{recorded: recorded, want: want, flow: f}
			o.compare(t)
		})
	}
	if len(recorded.Timelines) < 8 {
		t.Fatalf("only %d timelines", len(recorded.Timelines))
	}
}

// elsewhere are the variants that depend on more of the original's Lambda than the scripted function knows.
var elsewhere = []string{
	"invalid_json_output", "output_has_count_null", "no_state_machine_env_unset_left_out",
	"start_fails_once_unset_left_out",
}

// TestOriginalSampleFlowVariants plays the sample flow with functions that fail, are throttled or reply too much,
// with and without Connect's repeats.
func TestOriginalSampleFlowVariants(t *testing.T) {
	recorded := readTimelines(t)
	f := readOriginalFlow(t)
	played := 0
	for _, want := range recorded.Variants {
		if slices.Contains(elsewhere, want.Name) {
			continue
		}
		played++
		t.Run(want.Name, func(t *testing.T) {
			o := &original{recorded: recorded, want: want, flow: f}
			o.compare(t)
		})
	}
	if played < 15 {
		t.Errorf("only %d variants", played)
	}
}

func readTimelines(t *testing.T) recordedTimelines {
	text, err := os.ReadFile(filepath.Join(testrun.Recorded(t, "RECORDED_ORIGINAL"), "timelines.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded recordedTimelines
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	return recorded
}

func readOriginalFlow(t testing.TB) *flow.Flow {
	doc, err := source.ReadFile(filepath.Join(testrun.Recorded(t, "RECORDED_ORIGINAL"), "sample-flow.json"))
	if err != nil {
		t.Fatal(err)
	}
	f, found := compile("sample-flow.json", doc)
	if f == nil {
		t.Fatal(found)
	}
	return f
}

type original struct {
	recorded recordedTimelines
	want     recordedTimeline
	flow     *flow.Flow
	started  float64
	starts   int
}

// prompts tells the prompts of the sample flow apart by a word of their text.
var prompts = map[string]string{
	"worked well":     "worked",
	"failed!":         "failed",
	"too long":        "too_long",
	"went wrong":      "went_wrong",
	"comfort message": "comfort",
}

func (o *original) role(say flow.Say) string {
	for word, role := range prompts {
		if strings.Contains(say.Text+say.SSML, word) {
			return role
		}
	}
	if strings.Contains(say.SSML, "<break") {
		return ""
	}
	return "spacer"
}

func (o *original) lasts(say flow.Say) time.Duration {
	length := o.recorded.Assumptions.Prompts[o.role(say)]
	if strings.Contains(say.SSML, "<break") {
		length += o.recorded.Assumptions.Break
	}
	return seconds(length)
}

// function answers as the original does (recorded contract): the start gives an id; a check counts and tells.
func (o *original) function(at time.Duration, call flow.InvokeFunction) reply {
	var event struct {
		Details struct{ Parameters map[string]string }
	}
	if err := json.Unmarshal(call.Event, &event); err != nil {
		return reply{error: err.Error()}
	}
	takes := o.recorded.Assumptions.Call
	if o.want.Conditions.Call > 0 {
		takes = o.want.Conditions.Call
	}
	r := o.reply(at.Seconds()+o.recorded.Assumptions.Served, event.Details.Parameters)
	r.takes = seconds(takes)
	return r
}

func (o *original) reply(served float64, parameters map[string]string) reply {
	id, check := parameters["execution_id"]
	switch {
	case !check:
		return o.startReply(served)
	case id == "":
		return reply{error: "InvalidArn"}
	case o.want.Conditions.DescribeError != "":
		return reply{error: o.want.Conditions.DescribeError}
	}
	count, _ := strconv.Atoi(parameters["count"])
	count++
	answer := map[string]string{
		"status":     "RUNNING",
		"sfn_result": "",
		"count":      strconv.Itoa(count),
		"comfort":    fmt.Sprint(count%o.recorded.Assumptions.Comfort == 0),
	}
	if served >= o.started+o.want.Function.Seconds-1e-9 {
		answer["sfn_result"] = map[string]string{"ok": "SUCCESS", "failed": "FAILURE"}[o.want.Function.Outcome]
		switch {
		case o.want.Conditions.OutputRepeat != nil:
			answer["b"] = strings.Repeat("x", 33000)
		case o.want.Conditions.Output == `{"sfn_result":""}`:
			answer["sfn_result"] = ""
		case o.want.Conditions.Output != "":
			return reply{error: "TypeError"}
		}
	}
	text, _ := json.Marshal(answer)
	return reply{payload: string(text)}
}

func (o *original) startReply(served float64) reply {
	o.starts++
	wanted := o.want.Conditions
	unconfigured := wanted.Configured != nil && !*wanted.Configured
	if unconfigured || wanted.StartError != "" && (wanted.StartErrors == 0 || o.starts <= wanted.StartErrors) {
		return reply{error: "ClientError"}
	}
	o.started = served
	return reply{payload: `{"execution_id":"arn:aws:states:eu-west-2:111122223333:execution:m:1","count":"1"}`}
}

func (o *original) compare(t *testing.T) {
	d := o.play(t)
	near(t, "end", d.now.Seconds(), o.want.Ends)
	if d.finished == nil || d.finished.Ending != flow.EndingDisconnected {
		t.Fatalf("ended as %+v", d.finished)
	}
	blocks, calls, heard := []float64{}, 0, 0
	for _, c := range d.commands {
		at := c.at.Seconds()
		switch k := c.command.(type) {
		case flow.InvokeFunction:
			calls++
			if k.Attempt == 1 {
				blocks = append(blocks, at)
			}
		case flow.Say:
			role := o.role(k)
			if role == "" {
				continue
			}
			if heard == len(o.want.Heard) {
				t.Fatalf("heard %s at %.2f, which is too much", role, at)
			}
			want := o.want.Heard[heard]
			heard++
			if role != want.Prompt {
				t.Errorf("heard %s, want %s", role, want.Prompt)
			}
			near(t, role, at+o.lasts(k).Seconds(), want.To)
		}
	}
	if heard != len(o.want.Heard) || calls != o.want.Calls || len(blocks) != len(o.want.Blocks) {
		t.Fatalf("%d prompts and %d calls, want %d and %d", heard, calls, len(o.want.Heard), o.want.Calls)
	}
	for i := range blocks {
		near(t, "function block", blocks[i], o.want.Blocks[i])
	}
}

func (o *original) play(t *testing.T) *driver {
	d := o.driver(t)
	d.play()
	return d
}

func (o *original) driver(t *testing.T) *driver {
	unset, retries := o.recorded.Assumptions.Unset, o.recorded.Assumptions.Retries
	if o.want.Conditions.Unset != "" {
		unset = o.want.Conditions.Unset
	}
	if o.want.Conditions.Retries > 0 {
		retries = o.want.Conditions.Retries
	}
	assumed := flow.DefaultAssumptions()
	assumed.ConnectTimeMillis = 0 // the recorded times of calls are those that Connect saw
	for name, value := range map[string]string{
		"external_after_error": o.recorded.Assumptions.AfterError,
		"unset_attribute":      unset,
		"retried_failures":     "all",
		"connect_retries":      strconv.Itoa(retries),
		"response_limit_bytes": strconv.Itoa(o.recorded.Assumptions.Limit),
	} {
		if err := assumed.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return &driver{
		contact:  flow.NewContact(o.flow, flow.Options{Assumptions: &assumed}),
		lasts:    o.lasts,
		function: o.function,
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.05 {
		t.Errorf("%s at %.3f, recorded %.3f", what, got, want)
	}
}

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }
