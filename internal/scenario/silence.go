package scenario

import (
	"math"
	"time"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// Silence says how much dead air at a stretch matters how much. Dead air of more than Critical is critical, and so on.
type Silence struct{ Note, Failure, Critical time.Duration }

// never is a threshold that no dead air exceeds.
const never = time.Duration(math.MaxInt64)

// DefaultSilence are the thresholds of a scenario that gives none. Amazon Lex begins to fill silence after 2.5 s,
// VoiceXML as Cisco has it after 2 s. "Silent waiting times should not be longer than 4–8 seconds" is a finding of
// Fröhlich's with callers, in the proceedings of CHI '05.
func DefaultSilence() Silence {
	return Silence{Note: 2 * time.Second, Failure: 4 * time.Second, Critical: 8 * time.Second}
}

// Where thresholds come from.
const (
	sourceOfNote  = "VoiceXML, Amazon Lex"
	sourceOfFault = "Fröhlich, CHI 2005"
	sourceOfOwn   = "the scenario"
)

// Sources names where each threshold comes from: the default of its level, or the scenario. They are in the order of
// Note, Failure and Critical.
func (s Silence) Sources() (note, failure, critical string) {
	name := func(own, usual time.Duration, source string) string {
		if own != usual {
			return sourceOfOwn
		}
		return source
	}
	usual := DefaultSilence()
	return name(s.Note, usual.Note, sourceOfNote), name(s.Failure, usual.Failure, sourceOfFault),
		name(s.Critical, usual.Critical, sourceOfFault)
}

// Borne are the thresholds of a scenario. Dead air that its longest_silence allows counts as borne.
func (s Scenario) Borne() Silence {
	borne := s.Silence
	if allowed := s.Expect.LongestSilence; allowed != nil {
		borne = Silence{
			Note: max(borne.Note, *allowed), Failure: max(borne.Failure, *allowed),
			Critical: max(borne.Critical, *allowed),
		}
	}
	return borne
}

// off is written for a threshold that never counts, and instead of all of them.
const off = "off"

var silenceOff = Silence{Note: never, Failure: never, Critical: never}

var silenceFields = form.Fields[Silence]{
	form.At("note", "dead air of more than this is a note",
		func(s *Silence) *time.Duration { return &s.Note }, threshold()),
	form.At("failure", "dead air of more than this fails the call",
		func(s *Silence) *time.Duration { return &s.Failure }, threshold()),
	form.At("critical", "dead air of more than this is a critical failure",
		func(s *Silence) *time.Duration { return &s.Critical }, threshold()),
}

// threshold is the form of a time span, or off.
func threshold() form.Form[time.Duration] {
	spans := form.Duration()
	return form.Form[time.Duration]{
		Schema: func(time.Duration) *form.Schema { return form.Either(spans.Schema(0), form.OneOf(off).Schema("")) },
		Read: func(f form.File, in *source.Reader, key string, to *time.Duration) {
			if node := in.Node(key); node != nil && node.Text == off {
				*to = never
				return
			}
			spans.Read(f, in, key, to)
		},
		Write: func(f form.File, value, standard time.Duration) any {
			if value == never {
				return off
			}
			return spans.Write(f, value, standard)
		},
	}
}

// silenceForm is that of the thresholds: an object, or off for all of them.
func silenceForm() form.Form[Silence] {
	whole := form.Object(silenceFields)
	return form.Form[Silence]{
		Schema: func(standard Silence) *form.Schema {
			return form.Either(form.OneOf(off).Schema(""), whole.Schema(standard))
		},
		Read: func(f form.File, in *source.Reader, key string, to *Silence) {
			if node := in.Node(key); node != nil && node.Text == off {
				*to = silenceOff
				return
			}
			whole.Read(f, in, key, to)
			to.check(in, key)
		},
		Write: func(f form.File, value, standard Silence) any {
			if value == silenceOff {
				return off
			}
			return whole.Write(f, value, standard)
		},
	}
}

// check reports thresholds that fall.
func (s Silence) check(in *source.Reader, key string) {
	var before time.Duration
	for _, threshold := range []time.Duration{s.Note, s.Failure, s.Critical} {
		if threshold == never {
			continue
		}
		if threshold < before {
			in.Report(source.CodeBadValue, in.Place(key), "the thresholds of silence fall from "+form.Spell(before)+
				" to "+form.Spell(threshold),
				"Write note, failure and critical so that none is less than the one before it, or "+off+".")
			return
		}
		before = threshold
	}
}
