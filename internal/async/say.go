package async

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"
)

// What the reply says next.
//
// No sentence may be heard twice within 30 s, and nobody remembers which were heard: the flow saves nothing, replies
// get lost, another environment of the Lambda function answers. So the clock chooses the sentence. The waiting
// sentences form a ring; each has a span of it that is as long as the sentence takes at the fastest speech, and the
// ring turns in real time. Two replies of which both are heard are further apart than the first takes, so that they
// never fall into the same span; and the ring comes round later than 30 s after any of its spans has ended. It is the
// same for a second question in the same call, and for a reply that a repeated invocation got, since nothing but the
// time counts. Where the ring stands when a call begins depends on the contact, so that callers do not all hear the
// same.

const (
	noRepeat = 30 * time.Second
	longWait = time.Minute // of an execution, after which the sentences for a long wait come

	// The least that a sentence takes. Speech of 189 words a minute, the fastest of the voices that we know of, takes
	// 53 ms for a character; the call that follows it takes at least 150 ms.
	perCharacter = 50 * time.Millisecond
	perSentence  = 100 * time.Millisecond
)

// leastTime is the least that a sentence and what follows it take.
func leastTime(sentence string) time.Duration {
	return time.Duration(utf8.RuneCountInString(sentence))*perCharacter + perSentence
}

// ring is the waiting sentences in turn.
type ring []span

// span is one of them.
type span struct {
	sentence string
	long     string // in its turn after a long wait
	lasts    time.Duration
}

func newRing(t Texts) ring {
	waiting, long := t.Sentences[TextWaiting], t.Sentences[TextLongWait]
	r := make(ring, 0, len(waiting))
	for i, sentence := range waiting {
		s := span{sentence: sentence, long: sentence, lasts: leastTime(sentence)}
		if i < len(long) {
			s.long = long[i]
			s.lasts = min(s.lasts, leastTime(s.long))
		}
		r = append(r, s)
	}
	return r
}

func (r ring) lasts() time.Duration {
	var all time.Duration
	for _, s := range r {
		all += s.lasts
	}
	return all
}

// longEnough reports whether no sentence comes round within noRepeat of its span.
func (r ring) longEnough() bool {
	var longest time.Duration
	for _, s := range r {
		longest = max(longest, s.lasts)
	}
	return r.lasts()-longest >= noRepeat
}

// at is the span at a time. The ring of each contact begins elsewhere.
func (r ring) at(contact string, now time.Time) span {
	all := r.lasts()
	left := time.Duration(now.UnixMilli()+int64(hash32(contact))) * time.Millisecond % all
	for _, s := range r {
		if left < s.lasts {
			return s
		}
		left -= s.lasts
	}
	return r[0]
}

// textsOf are the texts of a job for a contact's language: its own, else those that inLanguage has.
func (c *Config) textsOf(job, language string, inLanguage func(string) Texts) Texts {
	if own, ok := OwnTexts(c.Texts, job, language); ok {
		return own.completedFrom(inLanguage(own.Language))
	}
	if t := inLanguage(language); t.Sentences != nil {
		return t
	}
	return inLanguage(builtIn[0].Language)
}

// OwnTexts are the texts that a job has for a contact's language: those of the tag, else of its language, else the
// job's first. There may be none.
func OwnTexts(all []JobTexts, job, language string) (texts Texts, ok bool) {
	own := ownTexts(all, job)
	if len(own) == 0 {
		return Texts{}, false
	}
	i := slices.IndexFunc(own, func(t Texts) bool { return t.Language == language })
	if i < 0 {
		i = slices.IndexFunc(own, func(t Texts) bool {
			return PrimaryLanguage(t.Language) == PrimaryLanguage(language)
		})
	}
	return own[max(i, 0)], true
}

// ownTexts are the texts of a job, in all languages that it has.
func ownTexts(all []JobTexts, job string) []Texts {
	for _, name := range []string{job, AllJobs} {
		for _, texts := range all {
			if texts.Job == name {
				return texts.Languages
			}
		}
	}
	return nil
}

// say puts into the reply what it says next.
func (f *Function) say(ctx context.Context, in *invocation, r *reply) {
	inLanguage := BuiltInTexts
	if textOf(in.event.contact[contactChannel]) == chat {
		inLanguage = ChatTexts
	}
	texts := f.config.textsOf(in.job.Name, textOf(in.event.contact[contactLanguage]), inLanguage)
	r.unreadable = texts.Sentences[TextUnreadable][0]
	now := f.clock.Now()
	if r.next = in.kindOfText(r, texts, now); r.next != TextWaiting {
		r.say = texts.Sentences[r.next][0]
		return
	}
	s := newRing(texts).at(in.event.contactID(), now)
	r.say = s.sentence
	if in.workTook(now) >= longWait {
		r.say, r.next = s.long, TextLongWait
	}
	if r.comfort {
		r.next = NextComfort
		return // the flow may play a recording, and say nothing
	}
	if told := f.tellProgress(ctx, in, texts); told != "" {
		r.say, r.next = told, NextProgress
	}
}

// kindOfText is the occasion of a reply.
func (in *invocation) kindOfText(r *reply, texts Texts, now time.Time) string {
	switch {
	case r.result == ResultSuccess:
		return TextDone
	case r.status == StatusFinished && in.action == ActionCancel && r.sfnStatus == ExecutionAborted:
		return TextStopped
	case r.status == StatusFinished:
		return TextFailed
	case r.result == ResultFailure && r.sfnError == GaveUp:
		return TextTooLong
	case r.result == ResultFailure:
		return TextNoService
	case in.action == ActionCancel && r.sfnError == CancelFailed:
		return TextNotStopped
	case in.action == ActionCancel:
		return TextStopped
	case in.countOffer > 0 && in.count%in.countOffer == 0:
		return TextWayOut
	case in.does() == ActionStart && in.isFirst(texts, now):
		return TextFirst
	}
	return TextWaiting
}

// isFirst reports whether a caller has heard nothing yet. A start that finds an execution that began earlier than the
// first sentence takes is one of a caller who may have heard it.
func (in *invocation) isFirst(texts Texts, now time.Time) bool {
	return in.workTook(now) < leastTime(texts.Sentences[TextFirst][0])
}

// workTook is for how long the execution has run, as far as this invocation has seen it.
func (in *invocation) workTook(now time.Time) time.Duration {
	switch {
	case !in.record.Started.IsZero():
		return now.Sub(in.record.Started)
	case !in.seen.Started.IsZero():
		return now.Sub(in.seen.Started)
	}
	return 0
}
