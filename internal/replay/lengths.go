package replay

import (
	"maps"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
)

// enough is how many texts a log must show the length of before the others are measured by them.
const enough = 3

// measured adds to a scenario how long texts took: a message that is followed by something that takes no time, or by
// another message, was over when that was logged. Texts whose length does not show take as long as those on average.
func measured(s scenario.Scenario, entries []Entry, actions []*flowlang.Action, recordings map[string]time.Duration,
) scenario.Scenario {
	lengths := maps.Clone(s.Lengths)
	if lengths == nil {
		lengths = map[string]time.Duration{}
	}
	estimate := player.Estimate{Rate: s.Speech.Middle(), Lengths: s.Lengths, Recordings: recordings,
		Unknown: s.AudioLength}
	var took, expected time.Duration
	texts := 0
	for i, e := range entries[:max(0, len(entries)-1)] {
		next := entries[i+1]
		if e.ModuleType != playPrompt || next.isWait() || actions[i] == nil ||
			!slices.Contains(actions[i].After(), actions[i+1]) {
			continue
		}
		of := estimate.Utterance(sayOf(e))
		is := next.Time.Sub(e.Time)
		key, pauses := onlyText(of)
		exact := isInstant(actions[i+1])
		if key == "" || is <= pauses || !exact && is >= of.Length() {
			continue
		}
		is -= pauses
		if _, isKnown := lengths[key]; !isKnown {
			lengths[key] = is
		}
		if exact && !of.Recorded {
			texts++
			took, expected = took+is, expected+of.Length()-pauses
		}
	}
	s.Lengths = lengths
	if texts >= enough && took > 0 && !s.Speech.IsKnown() {
		rate := s.Speech.Middle()
		rate.WordsPerMinute = min(500, max(50, rate.WordsPerMinute*expected.Seconds()/took.Seconds()))
		s.Speech = speech.Always(rate)
	}
	return s
}

// Types of blocks, as flow logs have them.
var (
	playPrompt      = flowlang.LoggedAs(flowlang.MessageParticipant)
	invokesFunction = flowlang.LoggedAs(flowlang.InvokeLambdaFunction)
	switchesLogging = flowlang.LoggedAs(flowlang.UpdateFlowLoggingBehavior)
)

// sayOf is what an entry says.
func sayOf(e Entry) flow.Say {
	var say flow.Say
	switch text := e.parameter("Text"); {
	case text != "" && e.parameter("TextToSpeechType") == "ssml":
		say.SSML = text
	case text != "":
		say.Text = text
	default:
		say.Media = e.parameter("PromptLocation")
	}
	return say
}

// onlyText is the one text or recording that is heard, and how long the pauses beside it are; "" where there are
// several, whose lengths cannot be told apart.
func onlyText(u player.Utterance) (text string, pauses time.Duration) {
	for _, segment := range u.Segments {
		switch {
		case segment.Text == "":
			pauses += segment.Duration
		case text != "":
			return "", 0
		default:
			text = speech.Collapse(segment.Text)
		}
	}
	return text, pauses
}
