package call_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// styles are one flow of each style, with and without a recording where the style lets it.
var styles = []style.Options{
	{Style: style.Poll, Prompt: music}, {Style: style.Poll}, {Style: style.Wait, Prompt: music}, {Style: style.Wait},
	{Style: style.Queue, Prompt: music}, {Style: style.Chat},
}

// stylish is a scenario for a flow of a style: the channel fits, and agents come late.
func stylish(o style.Options) scenario.Scenario {
	s := scenario.Default()
	s.World.AgentAfter = time.Hour
	if o.Style == style.Chat {
		s.Callers[0].Channel = flow.Chat
	}
	return s
}

// returning makes the function take d and come to an outcome.
func returning(s *scenario.Scenario, d time.Duration, o scenario.Outcome) {
	o.Takes = scenario.Takes{Low: d, High: d}
	s.Functions = map[string]scenario.StandIn{"balance": {Outcomes: []scenario.Outcome{o}}}
}

// spoken is what callers hear, or what customers read where the style is one for chats.
func spoken(o style.Options, onVoice, inChat string) string {
	if o.Style == style.Chat {
		return inChat
	}
	return onVoice
}

// TestEveryEndingIsTold checks that the caller hears what became of the work: done, failed, done but not deliverable,
// given up.
func TestEveryEndingIsTold(t *testing.T) {
	large := fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", 33<<10))
	for _, o := range styles {
		p := styled(t, o, "describe")
		for _, test := range []struct {
			takes   time.Duration
			outcome scenario.Outcome
			want    string
		}{
			{30 * time.Second, scenario.Outcome{Returns: json.RawMessage(`{"balance":"1"}`)},
				"Thank you. Your request has been carried out."},
			{30 * time.Second, scenario.Outcome{Error: "Boom"}, "I am sorry, your request could not be carried out."},
			{30 * time.Second, scenario.Outcome{Returns: json.RawMessage(large)},
				spoken(o, "I cannot read out the result. Please call again.",
					"I cannot show you the result. Please ask again.")},
			{30 * time.Second, scenario.Outcome{Throttled: true}, "I am sorry, your request could not be carried out."},
		} {
			given := stylish(o)
			returning(&given, test.takes, test.outcome)
			s := playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true})
			if !slices.ContainsFunc(s.Heard, func(text string) bool { return strings.Contains(text, test.want) }) {
				t.Errorf("%s %q: %q is not heard, but %q", o.Style, o.Prompt, test.want, s.Heard)
			}
		}
	}
}

// TestGivingUpIsTold checks that a flow ends its checks by itself when the end of the work never shows.
func TestGivingUpIsTold(t *testing.T) {
	for _, o := range styles {
		if o.Prompt == "" && o.Style != style.Chat && !testrun.IsHeavy() {
			continue // the same blocks as with a prompt
		}
		given := stylish(o)
		takes(time.Minute)(&given)
		given.Faults = []local.Fault{{Service: local.StepFunctions, Operation: "describe",
			Error: "ThrottlingException"}}
		// half an hour and more: the guard of 1,000 actions comes first
		if o.Style == style.Wait || o.Style == style.Queue {
			given.Assumptions.ActionGuard = 100_000
		}
		s := playOnce(t, call.Options{Project: styled(t, o, "describe"), Scenario: given, Virtual: true})
		want := spoken(o, "I am sorry, this is taking too long. Please call again later.",
			"I am sorry, this is taking too long. Please try again later.")
		if !slices.Contains(s.Heard, want) ||
			s.Ending == flow.EndingGuard {
			t.Errorf("%s %q: %s after %v, heard %q", o.Style, o.Prompt, s.Ending, s.Duration, s.Heard[len(s.Heard)-1])
		}
	}
}

// TestTextsAreNotRepeated checks that no text is heard more than twice in a minute when they are spoken fast, and that
// a chat is quiet for 20 s after each message but the last. A text that goes on after an interrupt is the same one.
func TestTextsAreNotRepeated(t *testing.T) {
	for _, o := range styles {
		if o.Prompt != "" && o.Style != style.Queue && !testrun.IsHeavy() {
			continue // without a prompt there are more texts
		}
		given := stylish(o)
		given.World.AgentAfter, given.Speech = 5*time.Minute, speech.Always(given.Speech.Fast)
		takes(4 * time.Minute)(&given)
		_, events := playAll(t, call.Options{Project: styled(t, o, "table"), Scenario: given, Virtual: true})
		said := map[string][]time.Duration{}
		var last time.Duration
		cut := ""
		for _, e := range events {
			if e.Type == call.TypeCut {
				cut = e.Text
			}
			if e.Type != call.TypeSays {
				continue
			}
			if e.Text == cut {
				cut = ""
				continue
			}
			at := append(said[e.Text], e.At)
			said[e.Text] = at
			if n := len(at); n > 2 && at[n-1]-at[n-3] < time.Minute {
				t.Errorf("%s %q: %q is heard at %v", o.Style, o.Prompt, e.Text, at[n-3:])
			}
			if quiet := e.At - last; o.Style == style.Chat && last > 0 && quiet < 20*time.Second &&
				!strings.HasPrefix(e.Text, "Thank you. Your") {
				t.Errorf("chat: %q comes after %v", e.Text, quiet)
			}
			last = e.At
		}
	}
}

// TestStylesUnderRandomFaults plays every style with random faults, durations and callers: nothing runs twice, no
// flow gets stuck, silence stays within one call of a function and the minimum wait, and the flow does not hang up
// without a word.
func TestStylesUnderRandomFaults(t *testing.T) {
	var projects []*project.Project
	for _, o := range styles {
		projects = append(projects, styled(t, o, "table"))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range testrun.Count(t, 12, 24) {
		o := styles[i%len(styles)]
		given := stylish(o)
		takes(time.Duration(random.IntN(120_000)) * ms)(&given)
		given.World.AgentAfter = 3 * time.Minute
		for range 1 + random.IntN(3) {
			given.Faults = append(given.Faults, randomFault(random))
		}
		if random.IntN(3) == 0 {
			given.Callers[0].Does = []scenario.Step{{Heard: "press 1", Press: "1"}}
		}
		s := playOnce(t, call.Options{Project: projects[i%len(styles)], Scenario: given, Virtual: true})
		silent := o.Style != style.Chat && s.LongestGap > 4500*ms
		wordless := s.Ending == flow.EndingDisconnected && (len(s.Heard) == 0 ||
			strings.HasPrefix(s.Heard[len(s.Heard)-1], "Still"))
		if s.Executions > 1 || s.Ending == flow.EndingFatal || s.Ending == flow.EndingGuard || silent || wordless {
			t.Errorf("%d: %s %q with %+v: %+v", i, o.Style, o.Prompt, given.Faults, s)
		}
	}
}

func randomFault(r *rand.Rand) local.Fault {
	f := local.Fault{Service: local.Lambda, From: time.Duration(r.IntN(60)) * time.Second, Rate: 0.1 + 0.9*r.Float64()}
	f.To = f.From + time.Duration(1+r.IntN(60))*time.Second
	switch r.IntN(4) {
	case 0:
		f.Service, f.Error = local.StepFunctions, "ThrottlingException"
	case 1:
		f.Service, f.LoseReply = local.StepFunctions, true
	case 2:
		f.Error = "ServiceException"
	default:
		f.Takes = time.Duration(r.IntN(10_000)) * ms
	}
	return f
}
