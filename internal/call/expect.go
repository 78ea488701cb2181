package call

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

// Expectations are what a scenario expects of a call. What is left out is not checked.
type Expectations struct {
	Heard          []HeardBy // parts of texts, heard in this order
	NeverHeard     []string  // parts of texts
	LongestSilence *time.Duration
	DeadAir        *time.Duration
	DetectionDelay *time.Duration // the result must be noticed, and no later
	LambdaCalls    *Range
	Executions     *Range
	Function       string // how the first execution ended
	Ending         flow.Ending
	Attributes     map[string]string // contact attributes at the end
	Branches       []Taken           // each taken at least once; Flow is not looked at
	Within         *time.Duration    // the call is over by then
}

// HeardBy is a part of a text, and by when it must have begun. By 0 means at any time.
type HeardBy struct {
	Text string
	By   time.Duration
}

// Range is a number from Low to High.
type Range struct{ Low, High int }

// Taken is a branch that an action takes. Flow is the file of the action's flow.
type Taken struct{ Flow, Action, Branch string }

// Failure is an expectation that did not hold.
type Failure struct {
	Message string
	At      time.Duration // the place in the timeline that shows it best
}

func (r *scenarioReader) expectations(in *source.Reader) Expectations {
	e := Expectations{
		NeverHeard: in.Strings("never_heard"), LongestSilence: limit(in, "longest_silence"), DeadAir: limit(in, "dead_air"),
		DetectionDelay: limit(in, "detection_delay"), LambdaCalls: r.amount(in, "lambda_calls"), Executions: r.amount(in, "executions"),
		Function: in.OneOf("function", "", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"),
		Ending: flow.Ending(in.OneOf("ending", "", string(flow.EndingDisconnected), string(flow.EndingHungUp),
			string(flow.EndingTransferred), string(flow.EndingCompleted), string(flow.EndingFatal), string(flow.EndingGuard))),
		Attributes: r.texts(in, "attributes"), Within: limit(in, "within"),
	}
	for _, item := range in.Items("heard") {
		e.Heard = append(e.Heard, r.heardBy(item))
	}
	for _, item := range in.Items("branches") {
		taken := source.Read(r.file, item, r.found)
		e.Branches = append(e.Branches, Taken{Action: taken.String("action", ""), Branch: taken.String("branch", "")})
		taken.Done()
	}
	in.Done()
	return e
}

func limit(in *source.Reader, key string) *time.Duration {
	if in.Node(key) == nil {
		return nil
	}
	d := in.Duration(key, 0)
	return &d
}

// amount reads a number, or the ends of a range.
func (r *scenarioReader) amount(in *source.Reader, key string) *Range {
	node := in.Node(key)
	if node == nil {
		return nil
	}
	if node.Kind != source.Object {
		n := in.Int(key, 0, 0, maxAmount)
		return &Range{n, n}
	}
	spread := in.Object(key)
	amount := &Range{spread.Int("min", 0, 0, maxAmount), spread.Int("max", maxAmount, 0, maxAmount)}
	spread.Done()
	return amount
}

const maxAmount = 1 << 30

// heardBy reads a text, or an object with text and by.
func (r *scenarioReader) heardBy(node *source.Node) HeardBy {
	if node.Kind != source.Object {
		return HeardBy{Text: node.Text}
	}
	in := source.Read(r.file, node, r.found)
	h := HeardBy{Text: in.String("text", ""), By: in.Duration("by", 0)}
	in.Done()
	return h
}

// Check holds a call against the expectations and returns those that failed, none when all is well. events are those of the
// contact that the summary is about.
func (e Expectations) Check(s Summary, events []Event) []Failure {
	var failures []Failure
	fail := func(at time.Duration, format string, args ...any) {
		failures = append(failures, Failure{Message: fmt.Sprintf(format, args...), At: at})
	}
	e.checkHeard(events, s.Duration, fail)
	atMost := func(what string, limit *time.Duration, got, at time.Duration) {
		if limit != nil && got > *limit {
			fail(at, "%s is %s, more than %s", what, inSeconds(got), inSeconds(*limit))
		}
	}
	atMost("the longest silence", e.LongestSilence, s.LongestGap, s.LongestGapAt)
	atMost("dead air", e.DeadAir, s.DeadAir, s.Duration)
	atMost("the length of the call", e.Within, s.Duration, s.Duration)
	if e.DetectionDelay != nil && !s.Detected {
		fail(s.Duration, "the end of the function was not noticed")
	} else {
		atMost("the detection delay", e.DetectionDelay, s.DetectionDelay, s.DetectedAt)
	}
	within := func(what string, want *Range, got int) {
		if want != nil && (got < want.Low || got > want.High) {
			fail(s.Duration, "there were %d %s, expected %v", got, what, want)
		}
	}
	within("Lambda calls", e.LambdaCalls, s.Invocations)
	within("executions", e.Executions, s.Executions)
	same := func(what, want, got string) {
		if want != "" && got != want {
			fail(s.Duration, "%s is %q, expected %q", what, got, want)
		}
	}
	same("the function's end", e.Function, s.Function)
	same("the ending", string(e.Ending), string(s.Ending))
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		same("the attribute "+name, e.Attributes[name], s.Attributes[name])
	}
	for _, want := range e.Branches {
		if !s.took(want) {
			fail(s.Duration, "the action %q did not take the branch %q", want.Action, want.Branch)
		}
	}
	return failures
}

// took reports whether a branch was taken, in whichever flow.
func (s Summary) took(want Taken) bool {
	for taken := range s.Branches {
		if taken.Action == want.Action && taken.Branch == want.Branch {
			return true
		}
	}
	return false
}

// checkHeard looks for the expected texts in their order, and for texts that must not be heard.
func (e Expectations) checkHeard(events []Event, end time.Duration, fail func(time.Duration, string, ...any)) {
	next, last := 0, time.Duration(0)
	for _, event := range events {
		if event.Type != TypeSays && event.Type != TypePlays {
			continue
		}
		for _, text := range e.NeverHeard {
			if strings.Contains(event.Text, text) {
				fail(event.At, "%q was heard, which it never must", text)
			}
		}
		if next < len(e.Heard) && strings.Contains(event.Text, e.Heard[next].Text) {
			if by := e.Heard[next].By; by > 0 && event.At > by {
				fail(event.At, "%q was heard at %s, later than %s", e.Heard[next].Text, inSeconds(event.At), inSeconds(by))
			}
			next, last = next+1, event.At
		}
	}
	if next < len(e.Heard) {
		fail(max(last, end), "%q was not heard%s", e.Heard[next].Text, heardInstead(events, last, next > 0))
	}
}

// heardInstead says what was heard after a time, for somebody who missed something else.
func heardInstead(events []Event, after time.Duration, strictly bool) string {
	var texts []string
	for _, event := range events {
		if event.Type == TypeSays && (event.At > after || !strictly) {
			texts = append(texts, fmt.Sprintf("%q", event.Text))
		}
	}
	if len(texts) == 0 {
		return "; nothing was heard there"
	}
	return "; heard instead: " + strings.Join(texts, ", ")
}

// inSeconds writes a time span for a person.
func inSeconds(d time.Duration) string { return strconv.FormatFloat(seconds(d), 'f', -1, 64) + " s" }

// String writes a range as a person would.
func (r Range) String() string {
	switch {
	case r.Low == r.High:
		return fmt.Sprint(r.Low)
	case r.High == maxAmount:
		return fmt.Sprintf("at least %d", r.Low)
	}
	return fmt.Sprintf("%d to %d", r.Low, r.High)
}
