package style

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/flowlang"
)

const (
	chatChecks = "150" // bounds the checks: 13 minutes, and fewer than 1,000 actions
	chatTurns  = 14    // of the built-in sentences, as many as 5 minutes need
)

// chat is: start, a message, then a Wait and a check in turn. A customer who reads needs fewer messages than one who
// listens to an empty line.
func (b *builder) chat() {
	b.start("Say looking it up", pair("turn", "1"))
	b.say("Say looking it up", b.texts.Thanks, "Wait")
	b.add("Wait", flowlang.Wait, object{pair("TimeLimitSeconds", strconv.Itoa(ChatSeconds))}, transitions{
		NextAction: "Check",
		Errors:     []errorBranch{{NextAction: "Check", ErrorType: flowlang.NoMatchingError}},
		Conditions: []condition{equals(flowlang.WaitCompleted, "Check")},
	})
	b.check(chatChecks, "Is it time for a message", "Is it time for a message")
	b.loop("Is it time for a message", ChatQuiet, "Wait", "Which sentence")
	list := b.texts.Sentences
	if len(b.options.Texts.Sentences) == 0 {
		list = list[:chatTurns]
	}
	b.sentences(list, "Say sentence ", "Begin the sentences again", func(turn, text string) {
		b.say("Say sentence "+turn, text, "After sentence "+turn)
		b.save("After sentence "+turn, object{pair("turn", next(turn))}, "Wait", b.end(noService))
	})
	b.save("Begin the sentences again", object{pair("turn", "1")}, "Which sentence", b.end(noService))
	b.ends(result, failed, unreadable, tooLong, noService)
}
