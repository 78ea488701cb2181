package style

import "github.com/connect-async/connect-async/internal/flowlang"

// Next is where a flow continues after it has said how the work ended: the id or ARN of a queue or of another flow. The
// zero Next hangs up.
type Next struct{ Queue, Flow string }

// after names what is transferred, in the identifiers of the actions.
const (
	afterResult   = ""
	afterFailure  = " after a failure"
	afterGivingUp = " after giving up"
)

// nextOf is what follows an ending, and the part of its identifiers.
func (b *builder) nextOf(e ending) (n Next, after string) {
	o := b.options
	switch {
	case e.code == tooLong.code:
		n, after = o.OnGivingUp, afterGivingUp
	case e.isFailure:
		n, after = o.OnFailure, afterFailure
	default:
		return o.Then, afterResult
	}
	if n == o.Then {
		return n, afterResult
	}
	if n == o.OnFailure {
		return n, afterFailure
	}
	return n, after
}

// continueAt is the action that an ending leads to, which goOn adds. A customer queue flow goes back to the queue.
func (b *builder) continueAt(e ending) string {
	if b.options.Style == Queue {
		return "Nothing more to do"
	}
	switch n, after := b.nextOf(e); {
	case n.Queue != "":
		return "Choose the queue" + after
	case n.Flow != "":
		return "Transfer to the flow" + after
	}
	return "Hang up"
}

// goOn adds what the endings lead to. A contact that cannot be transferred is told so.
func (b *builder) goOn(endings ...ending) {
	const failed = "Say that it does not go on"
	added := map[string]bool{}
	for _, e := range endings {
		first := b.continueAt(e)
		n, after := b.nextOf(e)
		if added[first] || n == (Next{}) {
			continue
		}
		added[first], added[failed] = true, true
		if n.Flow != "" {
			b.add(first, flowlang.TransferToFlow, object{pair("ContactFlowId", n.Flow)}, to(failed, failed))
			continue
		}
		b.add(first, flowlang.UpdateContactTargetQueue, object{pair("QueueId", n.Queue)},
			to("Transfer to the queue"+after, failed))
		b.add("Transfer to the queue"+after, flowlang.TransferContactToQueue, nil, transitions{NextAction: failed,
			Errors: []errorBranch{{NextAction: failed, ErrorType: flowlang.QueueAtCapacity},
				{NextAction: failed, ErrorType: flowlang.NoMatchingError}}})
	}
	if added[failed] {
		b.say(failed, b.texts.NoService, "Hang up")
	}
	b.add("Hang up", flowlang.DisconnectParticipant, nil, transitions{})
}

// begin sets the voice and the language of the contact before the first action of a style.
func (b *builder) begin(first string) {
	o := b.options
	setLanguage := first
	if o.LanguageCode != "" {
		setLanguage = "Set the language"
	}
	if o.Voice != (Voice{}) {
		voice := object{pair("TextToSpeechVoice", o.Voice.Name)}
		if o.Voice.Engine != "" {
			voice = append(voice, pair("TextToSpeechEngine", o.Voice.Engine))
		}
		if o.Voice.Style != "" {
			voice = append(voice, pair("TextToSpeechStyle", o.Voice.Style))
		}
		b.add("Set the voice", flowlang.UpdateContactTextToSpeechVoice, voice, to(setLanguage, setLanguage))
	}
	if o.LanguageCode != "" {
		b.add(setLanguage, flowlang.UpdateContactData,
			object{pair("LanguageCode", o.LanguageCode)}, to(first, first))
	}
}
