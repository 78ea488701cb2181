package lint

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/speech"
)

// onlyPauses reports whether an action plays nothing but silence: SSML with breaks and no words.
func onlyPauses(a *flowlang.Action) bool {
	ssml := a.Text("SSML")
	if a.Type != flowlang.MessageParticipant || !strings.Contains(ssml, "<break") {
		return false
	}
	segments, err := speech.SSML(ssml, speech.DefaultRate().Text)
	if err != nil {
		return false
	}
	for _, s := range segments {
		if s.Text != "" {
			return false
		}
	}
	return true
}

// saying estimates how long a prompt takes: texts by their length, recordings by lengths, 0 where they are not known.
func saying(text, ssml string, length time.Duration) time.Duration {
	switch {
	case ssml != "":
		segments, err := speech.SSML(ssml, speech.DefaultRate().Text)
		if err != nil {
			return 0
		}
		var total time.Duration
		for _, s := range segments {
			total += s.Duration
		}
		return total
	case text != "":
		return speech.DefaultRate().Text(text)
	}
	return length
}
