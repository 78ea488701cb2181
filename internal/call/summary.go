package call

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Summary is what a call came to. Function is about the first execution that the call started.
type Summary struct {
	Ending   flow.Ending
	Reason   string
	Duration time.Duration

	Function       string        // RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED; "" when nothing was started
	FunctionTime   time.Duration // from the start of the execution to its end; 0 while it runs
	FunctionError  string        // error and message, when it did not succeed
	Detected       bool          // the flow took a branch for the end of the execution
	DetectedAt     time.Duration // after the call began
	DetectionDelay time.Duration

	Spoken           bool // on voice; elsewhere there is no dead air
	telephonyKnown   bool // whether the price of telephony is among the prices
	DeadAir          time.Duration
	Gaps             int
	LongestGap       time.Duration
	LongestGapAt     time.Duration // when it began
	Messages         int           // of a chat, sent and received
	Dollars          Dollars
	Invocations      int // of Lambda functions by Connect, its retries included
	Executions       int
	StateTransitions int
	Heard            []string
	Assumptions      []string          // names of the unconfirmed assumptions that the call rested on
	Attributes       map[string]string // contact attributes at the end
	Branches         map[Taken]int     // how often each branch was taken
	Undone           []scenario.Step   // what the caller was to do, and did not
	Broken           []Broken          // what functions that really ran did wrong
	Interrupted      bool
	FlowFault        *source.Finding // what is wrong with the flow, when that ended the call
	Findings         []Finding       // what the caller should not have to bear, in the order of time
	Silences         []Gap           // each stretch of dead air, in the order of time

	Speech        speech.Range  // what the length of texts is estimated with
	Voice         string        // the name of the voice that said them instead
	LambdaLatency time.Duration // of one call of the async function

	Late Late // what became of the result of a job that minds when its caller hangs up

	Failures []string // expectations that did not hold, where somebody checked them
}

func (l *line) summary() Summary {
	contact, given := l.player.Contact(), &l.stage.call.scenario
	s := Summary{
		Undone: l.undone(), FlowFault: l.ending.Finding, Attributes: contact.Attributes(), Branches: l.branches,
		Ending: l.ending.Ending, Reason: l.ending.Reason, Duration: l.duration, Invocations: l.invocations,
		Executions: len(l.executions), Heard: l.heard, Assumptions: contact.Rested(),
		Spoken: l.spoken(), Speech: given.Speech, Voice: l.stage.call.speaker, LambdaLatency: given.Latency.Lambda,
		Detected: l.result.detected, DetectedAt: l.result.detectedAt, Messages: l.messages,
		Broken: slices.Concat(l.broken, l.brokenExecutions()),
	}
	if l.spoken() {
		gaps := deadAir(l.covered, l.duration)
		s.Gaps = len(gaps)
		s.DeadAir, s.LongestGap, s.LongestGapAt = total(gaps)
		s.Findings = l.findings(gaps)
		for _, gap := range gaps {
			level, _ := levelOf(given.Borne(), gap.to-gap.from)
			s.Silences = append(s.Silences, Gap{At: gap.from, Took: gap.to - gap.from, Level: level})
		}
	}
	for i, execution := range l.executions {
		d := execution.Describe()
		s.StateTransitions += d.Transitions
		l.restOnEvent(&s, d)
		if i > 0 {
			continue
		}
		s.Function = functionOutcome(d)
		if !d.Stopped.IsZero() {
			s.FunctionTime = d.Stopped.Sub(d.Started)
			s.DetectionDelay = l.result.detectedAt - d.Stopped.Sub(l.began)
		}
		if d.Error != "" {
			s.FunctionError = l.stage.explained(failureOf(d.Error, d.Cause)).What()
		}
	}
	s.Dollars, s.telephonyKnown = l.dollars(s), l.stage.call.prices.TelephonyKnown
	return s
}

// restOnEvent notes that a call rested on how long the event of an end travels, where nothing else may have told the
// end to the results table.
func (l *line) restOnEvent(s *Summary, d local.Description) {
	if !d.Stopped.IsZero() && l.stage.call.workspace.EndByEvent(d.ARN, d.Status) &&
		!slices.Contains(s.Assumptions, flow.EventDelay) {
		s.Assumptions = append(s.Assumptions, flow.EventDelay)
	}
}

// functionOutcome is the execution's status; a function that ran out of time is TIMED_OUT, also where the state
// machine turned that into its own error.
func functionOutcome(d local.Description) string {
	if d.Error == "States.Timeout" || d.Error == "Sandbox.Timedout" {
		return string(asl.TimedOut)
	}
	return string(d.Status)
}

// MarshalJSON writes the summary in the form of `call --json`: durations in seconds, null for what did not happen.
func (s Summary) MarshalJSON() ([]byte, error) {
	heard, assumptions, findings := s.Heard, s.Assumptions, s.Findings
	if heard == nil {
		heard = []string{}
	}
	if assumptions == nil {
		assumptions = []string{}
	}
	if findings == nil {
		findings = []Finding{}
	}
	return json.Marshal(struct {
		Type             string      `json:"type"`
		Ending           flow.Ending `json:"ending"`
		Reason           string      `json:"reason,omitempty"`
		Duration         float64     `json:"duration_seconds"`
		FunctionSeconds  *float64    `json:"function_seconds"`
		FunctionOutcome  *string     `json:"function_outcome"`
		FunctionError    string      `json:"function_error,omitempty"`
		DetectedAt       *float64    `json:"detected_at_seconds"`
		DetectionDelay   *float64    `json:"detection_delay_seconds"`
		DeadAir          float64     `json:"dead_air_seconds"`
		Gaps             int         `json:"gaps"`
		LongestGap       float64     `json:"longest_gap_seconds"`
		Messages         int         `json:"chat_messages,omitempty"`
		Dollars          Dollars     `json:"cost"`
		Invocations      int         `json:"lambda_invocations"`
		Executions       int         `json:"executions_started"`
		StateTransitions int         `json:"state_transitions"`
		Heard            []string    `json:"heard"`
		Findings         []Finding   `json:"findings"`
		Assumptions      []string    `json:"assumptions"`
		WordsPerMinute   *float64    `json:"words_per_minute,omitempty"`
		Interrupted      bool        `json:"interrupted,omitempty"`
		Failures         []string    `json:"failures,omitempty"`
	}{
		Type: "summary", Ending: s.Ending, Reason: s.Reason, Duration: Seconds(s.Duration),
		FunctionSeconds: optional(Seconds(s.FunctionTime), s.FunctionTime > 0),
		FunctionOutcome: optional(s.Function, s.Function != ""), FunctionError: s.FunctionError,
		DetectedAt:     optional(Seconds(s.DetectedAt), s.Detected),
		DetectionDelay: optional(Seconds(s.DetectionDelay), s.Detected),
		DeadAir:        Seconds(s.DeadAir), Gaps: s.Gaps, LongestGap: Seconds(s.LongestGap),
		Messages: s.Messages, Dollars: s.Dollars, Invocations: s.Invocations, Executions: s.Executions,
		StateTransitions: s.StateTransitions,
		Heard:            heard, Findings: findings, Assumptions: assumptions, Interrupted: s.Interrupted,
		Failures:       s.Failures,
		WordsPerMinute: optional(s.Speech.Middle().WordsPerMinute, s.Spoken),
	})
}

// MarshalJSON writes an event in the form of `call --json`.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	return json.Marshal(struct {
		plain
		At   float64  `json:"at_seconds"`
		Took *float64 `json:"took_seconds,omitempty"`
	}{plain: plain(e), At: Seconds(e.At), Took: optional(Seconds(e.Took), e.Took > 0)})
}

func optional[T any](value T, present bool) *T {
	if !present {
		return nil
	}
	return &value
}

// Seconds is a time span in seconds, to the millisecond, as JSON has it.
func Seconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond).Milliseconds()) / 1000
}
