package style

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Limits of a round of waiting: the held check gives up first, then the Wait, then the block that
// invoked it, which has as long as Connect allows.
const (
	holdSeconds = "50"
	waitSeconds = "55"

	waitChecks = "100" // bounds the rounds: 50 s each, 3 s each while held checks fail
)

// wait is: start, then rounds of a held check, which runs asynchronously, and a Wait, whose Continue branch plays
// clips. However the Wait ends, an ordinary check follows and its reply counts: the held one is only a doorbell. A
// round in which nothing was heard is followed by a clip, so that not even a fault of the asynchronous mode leads to
// silence.
func (b *builder) wait() {
	b.start("Hold", pair("turn", "0"), pair("heard", "no"))
	b.invoke("Hold", flowlang.TypeAsynchronous, strconv.Itoa(int(async.MaxTimeLimit.Seconds())), object{
		pair(async.ParamAction, async.ActionCheck),
		pair(async.ParamJob, b.options.Job),
		pair(async.ParamExecutionID, b.saved(async.ParamExecutionID)),
		pair(async.ParamHold, holdSeconds),
		// Nobody reads the reply, but one that Connect does not understand may count as a failure.
		pair(async.ParamResponseType, async.StringMap),
	}, to("Wait", "Check"))
	b.add("Wait", flowlang.Wait, object{
		pair("TimeLimitSeconds", waitSeconds),
		pair(flowlang.ContinueExecution, "TRUE"),
		pair("MinimumWaitTimeSeconds", "1"),
		pair("InterruptibleEvents", object{pair("LambdaReturned", object{pair("AsyncLambdaCompletionEvent",
			object{pair("Identifier", "$.LambdaInvocation.InvocationId")})})}),
	}, transitions{
		NextAction: "Check",
		Errors:     []errorBranch{{NextAction: "Check", ErrorType: flowlang.NoMatchingError}},
		Conditions: []condition{equals(flowlang.Continue, "Which sentence"), equals("LambdaReturned", "Check"),
			equals(flowlang.WaitCompleted, "Check")},
	})
	b.check(waitChecks, "Was anything heard", b.clipMeanwhile())
	b.meanwhile()
	b.save("Next round", object{pair("heard", "no")}, "Hold", b.end(noService))
	b.continueBranch()
	b.ends(result, failed, unreadable, tooLong, noService)
}

// clipMeanwhile is the clip outside of a Wait.
func (b *builder) clipMeanwhile() string {
	if b.options.Prompt != "" {
		return "Play music meanwhile"
	}
	return "Say wait a moment"
}

// meanwhile plays a clip after a round in which nothing was heard.
func (b *builder) meanwhile() {
	clip := b.clipMeanwhile()
	b.compare("Was anything heard", b.saved("heard"), clip, equals("yes", "Next round"))
	if b.options.Prompt != "" {
		b.music(clip, "Next round", "Say wait a moment")
	}
	b.say("Say wait a moment", b.texts.Moment, "Next round")
}

// continueBranch plays clips in turn until the Wait ends. It begins with a sentence; then a Loop alternates between
// music and sentences. What was heard is noted before it is said, since the end of the Wait cuts it short.
func (b *builder) continueBranch() {
	clip := "Which sentence"
	if b.options.Prompt != "" {
		clip = "Music or a sentence"
	}
	last := strconv.Itoa(len(b.texts.Sentences))
	b.sentences(b.texts.Sentences, "Note sentence ", "Note the first sentence", func(turn, text string) {
		following := next(turn)
		if turn == last {
			following = "1"
		}
		b.save("Note sentence "+turn, object{pair("turn", following), pair("heard", "yes")}, "Say sentence "+turn,
			b.end(noService))
		b.say("Say sentence "+turn, text, clip)
	})
	b.save("Note the first sentence", object{pair("turn", "1"), pair("heard", "yes")}, "Say looking it up",
		b.end(noService))
	b.say("Say looking it up", b.texts.Thanks, clip)
	if b.options.Prompt != "" {
		b.loop(clip, 1, "Play music", "Which sentence")
		b.music("Play music", clip, "Which sentence")
	}
}

// loop leads to again n times, then once to done, and then begins again.
func (b *builder) loop(identifier string, n int, again, done string) {
	b.add(identifier, flowlang.Loop, object{pair("LoopCount", strconv.Itoa(n))},
		transitions{NextAction: done, Conditions: []condition{equals(flowlang.ContinueLooping, again),
			equals(flowlang.DoneLooping, done)}})
}
