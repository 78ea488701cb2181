package lint

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/speech"
)

// onlyPauses reports whether an action plays nothing but silence: SSML with breaks and no words.
func onlyPauses(a *flowlang.Action) bool {
	ssml := a.Text("SSML")
	if a.Type != flowlang.MessageParticipant || !strings.Contains(ssml, "<break") {
		return false
	}
	segments, err := speech.SSML(ssml, speech.DefaultRange().Middle().Length)
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
