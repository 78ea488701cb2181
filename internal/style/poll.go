package style

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

const (
	// pollChecks bounds the checks of a poll: at 1.9 s each, as fast as its sentences may be spoken, more than 6
	// minutes, and fewer than 1,000 actions, since Connect stops a contact that runs too many (flow logs: "execution
	// limit reached"; the number is not known).
	pollChecks = "200"
	// pollOffer is how many checks come before the way out is offered: some 45 s, and more than 30 s however fast its
	// sentences are spoken.
	pollOffer = "17"
	// holdStart is how long the call that begins a round waits for quick work, in silence.
	holdStart = "1"
	// musicEvery is how often a recording comes between two checks instead of a sentence.
	musicEvery = "2"
)

// poll is one call of the async function in a loop: what it says is said, and then it is called again. A check returns
// at once, so that there is almost no silence. The reply tells all that the flow has to know: what to say, whether a
// recording comes next, and whether a way out is to be offered. The flow keeps the token of the last answer only, so
// that a second question in the same call is a new one.
func (b *builder) poll() {
	run := append(b.runParameters(), pair(async.ParamCount, reply(async.KeyCount)), pair(async.ParamHold, holdStart))
	b.function(RunIdentifier, run, "Keep the token", moment)
	b.saveInContact("Keep the token", object{pair(async.ParamAgain, reply(async.KeyAgain))}, "What comes next",
		b.end(noService))
	b.whatNext()
	b.wayOut()
	b.say(moment, b.texts.Moment, "Run again")
	b.function("Run again", b.runParameters(), "Keep the token", b.end(noService))
	if b.options.Type == flowlang.Module {
		b.ends(result, failed, unreadable, tooLong, noService, stopped)
		return
	}
	list := []ending{result, told}
	for _, e := range []ending{b.toldOf(failed), b.toldOf(tooLong)} {
		if !slices.ContainsFunc(list, func(other ending) bool { return other.name == e.name }) {
			list = append(list, e)
		}
	}
	b.ends(append(list, noService)...)
}

// toldOf is the ending for which the reply has the words, by what follows it.
func (b *builder) toldOf(e ending) ending {
	switch _, after := b.nextOf(e); after {
	case afterFailure:
		return toldFailure
	case afterGivingUp:
		return toldTooLong
	}
	return told
}

// runParameters are the same for every call of a question but for the count.
func (b *builder) runParameters() object {
	p := append(object{pair(async.ParamAction, async.ActionRun)}, b.question(b.token())...)
	p = append(p, pair(async.ParamCountMax, pollChecks), pair(async.ParamCountOffer, pollOffer))
	if b.options.Prompt != "" {
		p = append(p, pair(async.ParamCountComfort, musicEvery))
	}
	return append(p, pair(async.ParamTimeLimit, synchronousLimit), pair(async.ParamResponseType, async.StringMap))
}

// token is the token of the last answer. It outlives the flow, since the next question may come from another one.
func (b *builder) token() string { return b.savedInContact(async.ParamAgain) }

// whatNext goes to what the reply says comes next: a sentence, the recording, the way out, or an end. In a flow the
// reply has the words for every end but the result; a module tells them apart.
func (b *builder) whatNext() {
	isModule := b.options.Type == flowlang.Module
	ended := func(kind string, e ending) condition {
		if !isModule {
			e = b.toldOf(e)
		}
		return equals(kind, b.end(e))
	}
	branches := []condition{equals(async.TextDone, b.end(result)), ended(async.TextFailed, failed),
		ended(async.TextUnreadable, unreadable), ended(async.TextTooLong, tooLong),
		ended(async.TextNoService, noService), ended(async.TextStopped, stopped),
		ended(async.TextNotStopped, noService), equals(async.TextWayOut, "Offer a way out")}
	if b.options.Prompt != "" {
		branches = append(branches, equals(async.NextComfort, "Play music"))
	}
	b.compare("What comes next", reply(async.KeyNext), "Say what comes next", branches...)
	if b.options.Prompt != "" {
		b.music("Play music", RunIdentifier, "Say what comes next")
	}
	b.say("Say what comes next", reply(async.KeySay), RunIdentifier)
}

// wayOut offers the caller to stop waiting. The work is then stopped, too.
func (b *builder) wayOut() {
	b.add("Offer a way out", flowlang.GetParticipantInput,
		object{pair("Text", reply(async.KeySay)), pair("InputTimeLimitSeconds", "1"), pair("StoreInput", "False")},
		transitions{
			NextAction: RunIdentifier,
			Errors: []errorBranch{{NextAction: RunIdentifier, ErrorType: flowlang.InputTimeLimitExceeded},
				{NextAction: RunIdentifier, ErrorType: flowlang.NoMatchingCondition},
				{NextAction: RunIdentifier, ErrorType: flowlang.NoMatchingError}},
			Conditions: []condition{equals("1", cancel)},
		})
	parameters := append(object{pair(async.ParamAction, async.ActionCancel)}, b.question(b.token())...)
	parameters = append(parameters, pair(async.ParamTimeLimit, synchronousLimit),
		pair(async.ParamResponseType, async.StringMap))
	b.function(cancel, parameters, "Keep the token", b.end(noService))
}
