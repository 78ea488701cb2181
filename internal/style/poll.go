package style

import "strconv"

// pollChecks bounds the checks of a poll: at some 3 s each, over 7 minutes.
const pollChecks = "150"

// poll is: start, a sentence, a check, a clip, a check, a clip … A check that is not held returns at once, so that there is
// almost no silence.
func (b *builder) poll() {
	var values object
	if b.options.Prompt != "" {
		values = append(values, member{"clip", "music"})
	}
	b.start("Say looking it up", append(values, member{"turn", "1"})...)
	b.say("Say looking it up", b.texts.Thanks, "Check")
	b.check(pollChecks, b.firstClip())
	if b.options.Prompt != "" {
		b.compare("Which clip", b.saved("clip"), "Which sentence", equals("music", "Play music"))
		b.music("Next a sentence", "Which sentence")
		b.save("Next a sentence", object{{"clip", "sentence"}}, "Check", b.end(noService))
	}
	b.sentences("Offer a way out", func(turn string) { b.afterClip("After sentence "+turn, next(turn)) })
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
		values = append(values, member{"clip", "music"})
	}
	b.save(identifier, append(values, member{"turn", turn}), "Check", b.end(noService))
}

// music plays the recording.
func (b *builder) music(next, onError string) {
	b.add("Play music", "MessageParticipant", object{{"PromptId", b.options.Prompt}}, to(next, onError))
}

// comforting are the sentences that are heard while waiting: half of them where music comes between, so that none is heard more
// than twice a minute and the way out is offered after some 40 s, either way.
func (b *builder) comforting() []string {
	if b.options.Prompt != "" {
		return b.texts.Sentences[:(len(b.texts.Sentences)+1)/2]
	}
	return b.texts.Sentences
}

// sentences says the sentence whose turn it is; after each comes an action that after adds. After the last it is otherwise's
// turn.
func (b *builder) sentences(otherwise string, after func(turn string)) {
	var branches []condition
	for i := range b.comforting() {
		turn := strconv.Itoa(i + 1)
		branches = append(branches, equals(turn, "Say sentence "+turn))
	}
	b.compare("Which sentence", b.saved("turn"), otherwise, branches...)
	for i, text := range b.comforting() {
		turn := strconv.Itoa(i + 1)
		b.say("Say sentence "+turn, text, "After sentence "+turn)
		after(turn)
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
	b.add("Offer a way out", "GetParticipantInput",
		object{{"Text", b.texts.Offer}, {"InputTimeLimitSeconds", "1"}, {"StoreInput", "False"}},
		transitions{
			NextAction: missed,
			Errors: []errorBranch{{missed, "InputTimeLimitExceeded"}, {missed, "NoMatchingCondition"},
				{missed, "NoMatchingError"}},
			Conditions: []condition{equals("1", "Cancel")},
		})
	b.afterClip(missed, "1")
	b.function("Cancel", object{{"action", "cancel"}, {"job", b.options.Job}, {"execution_id", b.saved("execution_id")}},
		b.end(goodbye), b.end(callAgain))
}
