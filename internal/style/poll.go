package style

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// pollChecks bounds the checks of a poll: at some 3 s each, 7 minutes, and fewer than 1,000 actions, since Connect
// stops a contact that runs too many (flow logs: "execution limit reached"; the number is not known).
const pollChecks = "140"

// poll is: start, a sentence, a check, a clip, a check, a clip … A check that is not held returns at once, so that
// there is almost no silence.
func (b *builder) poll() {
	var values object
	if b.options.Prompt != "" {
		values = append(values, pair("clip", "music"))
	}
	b.start("Say looking it up", append(values, pair("turn", "1"))...)
	b.say("Say looking it up", b.texts.Thanks, "Check")
	b.check(pollChecks, b.firstClip(), b.firstClip())
	if b.options.Prompt != "" {
		b.compare("Which clip", b.saved("clip"), "Which sentence", equals("music", "Play music"))
		b.music("Play music", "Next a sentence", "Which sentence")
		b.save("Next a sentence", object{pair("clip", "sentence")}, "Check", b.end(noService))
	}
	b.sentences(b.beforeOffer(), "Say sentence ", "Offer a way out", func(turn, text string) {
		b.say("Say sentence "+turn, text, "After sentence "+turn)
		b.afterClip("After sentence "+turn, next(turn))
	})
	b.wayOut()
	b.ends("Hang up", result, failed, unreadable, tooLong, noService, goodbye, callAgain)
	b.hangUp()
}

// firstClip is where a clip is chosen: music and sentences alternate where there is music.
func (b *builder) firstClip() string {
	if b.options.Prompt != "" {
		return "Which clip"
	}
	return "Which sentence"
}

// afterClip notes which clip comes next and goes to the check.
func (b *builder) afterClip(identifier, turn string) {
	var values object
	if b.options.Prompt != "" {
		values = append(values, pair("clip", "music"))
	}
	b.save(identifier, append(values, pair("turn", turn)), "Check", b.end(noService))
}

// music plays the recording.
func (b *builder) music(identifier, next, onError string) {
	b.add(identifier, flowlang.MessageParticipant, object{pair("PromptId", b.options.Prompt)}, to(next, onError))
}

// beforeOffer are the sentences before the way out is offered, after some 40 s: fewer where music comes between.
func (b *builder) beforeOffer() []string {
	const besideMusic = 6
	if b.options.Prompt != "" && len(b.texts.Sentences) > besideMusic {
		return b.texts.Sentences[:besideMusic]
	}
	return b.texts.Sentences
}

// sentences goes to the sentence whose turn it is: to the action called first and the turn, which add adds with all
// that follows. After the last sentence it is otherwise's turn.
func (b *builder) sentences(list []string, first, otherwise string, add func(turn, text string)) {
	var branches []condition
	for i := range list {
		turn := strconv.Itoa(i + 1)
		branches = append(branches, equals(turn, first+turn))
	}
	b.compare("Which sentence", b.saved("turn"), otherwise, branches...)
	for i, text := range list {
		add(strconv.Itoa(i+1), text)
	}
}

// next is the turn after a turn.
func next(turn string) string {
	n, _ := strconv.Atoi(turn) // written by sentences
	return strconv.Itoa(n + 1)
}

// wayOut offers the caller to stop waiting. The work is then stopped, too.
func (b *builder) wayOut() {
	const missed = "After the offer"
	b.add("Offer a way out", flowlang.GetParticipantInput,
		object{pair("Text", b.texts.Offer), pair("InputTimeLimitSeconds", "1"), pair("StoreInput", "False")},
		transitions{
			NextAction: missed,
			Errors: []errorBranch{{NextAction: missed, ErrorType: flowlang.InputTimeLimitExceeded},
				{NextAction: missed, ErrorType: flowlang.NoMatchingCondition},
				{NextAction: missed, ErrorType: flowlang.NoMatchingError}},
			Conditions: []condition{equals("1", "Cancel")},
		})
	b.afterClip(missed, "1")
	b.function("Cancel", object{pair(async.ParamAction, async.ActionCancel), pair(async.ParamJob, b.options.Job),
		pair(async.ParamExecutionID, b.saved(async.ParamExecutionID))},
		b.end(goodbye), b.end(callAgain))
}
