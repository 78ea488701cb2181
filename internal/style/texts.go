package style

import (
	"cmp"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
)

// Texts are what the flow says. An empty field means the text of the language. A sentence that is heard while waiting
// must take at most 3 s, since its length decides how late the result is noticed. A flow of style poll says what the
// async function replies, so that it has texts of its own only for a moment's pause, the result, and no service.
type Texts struct {
	Thanks     string   // after the start
	Moment     string   // before something is tried again
	Sentences  []string // while waiting, in turn; the built-in ones last 30 s: none is heard thrice a minute
	Queue      []string // in a queue, true whether the work is done or not
	Result     string   // with references such as $.External.balance
	Failed     string   // the work failed
	Unreadable string   // the work succeeded, but Connect cannot take its result
	TooLong    string   // given up
	NoService  string   // the async function cannot be reached
}

// languages are the texts that only flows say. Those that the async function says too, flows say in its words.
var languages = map[string]Texts{
	"en": {
		Moment: "One moment, please.",
		Queue: []string{
			"Please stay on the line.", "An agent will be with you soon.", "Thank you for your patience.",
			"You keep your place in the queue.",
		},
	},
	"de": {
		Moment: "Einen Moment, bitte.",
		Queue: []string{
			"Bitte bleiben Sie am Apparat.", "Gleich ist jemand für Sie da.", "Vielen Dank für Ihre Geduld.",
			"Sie behalten Ihren Platz in der Reihe.",
		},
	},
	"es": {
		Moment: "Un momento, por favor.",
		Queue: []string{
			"No cuelgue, por favor.", "Enseguida le atendemos.", "Gracias por su paciencia.",
			"Conserva su turno en la cola.",
		},
	},
}

// textsIn are the texts of a language, for chats or for voice calls.
func textsIn(language string, isChat bool) (t Texts, ok bool) {
	if t, ok = languages[language]; !ok {
		return t, false
	}
	said := async.BuiltInTexts(language).Sentences
	if isChat {
		said = async.ChatTexts(language).Sentences
	}
	one := func(kind string) string { return said[kind][0] }
	t.Thanks, t.Result = one(async.TextFirst), one(async.TextDone)
	t.Failed, t.Unreadable, t.TooLong = one(async.TextFailed), one(async.TextUnreadable), one(async.TextTooLong)
	t.NoService = one(async.TextNoService)
	t.Sentences = said[async.TextWaiting]
	return t, true
}

// missing names a text that a style says and that is empty, "" when all are there.
func (t Texts) missing(style Style) string {
	empty := map[string]bool{async.TextFirst: t.Thanks == "", async.TextDone: t.Result == "",
		async.TextFailed: t.Failed == "", async.TextUnreadable: t.Unreadable == "",
		async.TextTooLong: t.TooLong == "", async.TextNoService: t.NoService == "",
		async.TextWaiting: len(t.Sentences) == 0}
	switch style {
	case Poll:
		empty = map[string]bool{async.TextWaiting: t.Moment == "", async.TextDone: t.Result == "",
			async.TextNoService: t.NoService == ""}
	case Queue:
		empty["messages"] = len(t.Queue) == 0
		delete(empty, async.TextFirst)
		delete(empty, async.TextWaiting)
	}
	for _, name := range slices.Sorted(maps.Keys(empty)) {
		if empty[name] {
			return name
		}
	}
	return ""
}

// replacedBy returns the texts, replaced by those of other that are not empty.
func (t Texts) replacedBy(other Texts) Texts {
	t.Thanks = cmp.Or(other.Thanks, t.Thanks)
	t.Moment = cmp.Or(other.Moment, t.Moment)
	t.Result = cmp.Or(other.Result, t.Result)
	t.Failed = cmp.Or(other.Failed, t.Failed)
	t.Unreadable = cmp.Or(other.Unreadable, t.Unreadable)
	t.TooLong = cmp.Or(other.TooLong, t.TooLong)
	t.NoService = cmp.Or(other.NoService, t.NoService)
	if len(other.Sentences) > 0 {
		t.Sentences = other.Sentences
	}
	if len(other.Queue) > 0 {
		t.Queue = other.Queue
	}
	return t
}
