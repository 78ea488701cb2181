package asl

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// maxSeconds is the longest wait and timeout in seconds (AWS developer guide, Wait state).
const maxSeconds = 99999999

// longestWait is the first delay until a timestamp that is too long: 24,855 days are not, 24,856 are (recorded).
const longestWait = 1 << 31 * time.Second

// waitState waits for a time. Exactly one of its fields is used.
type waitState struct {
	stateBase
	seconds       *int64
	timestamp     *time.Time
	secondsPath   *jsonpath.Path
	timestampPath *jsonpath.Path

	secondsQuery, timestampQuery payload // in a state with JSONata
}

func parseWait(o *object, base stateBase) state {
	s := &waitState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "OutputPath", "Assign")
	if o.jsonata {
		o.exactlyOne("Seconds", "Timestamp")
	} else {
		o.exactlyOne("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
		s.secondsPath = o.referencePath("SecondsPath", false)
		s.timestampPath = o.referencePath("TimestampPath", false)
	}
	if s.secondsQuery = o.expressionIn("Seconds"); s.secondsQuery == nil {
		s.seconds = o.int("Seconds", 0, maxSeconds)
	}
	if s.timestampQuery = o.expressionIn("Timestamp"); s.timestampQuery == nil {
		s.timestamp = o.timestamp("Timestamp")
	}
	s.next = o.transition()
	return s
}

func (s *waitState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	until, fail := s.until(t, f, input)
	if fail != nil {
		return fail
	}
	if until.Sub(t.at) >= longestWait {
		return f.runtime("Wait state delay is too long.")
	}
	if !until.After(t.at) {
		return t.depart(f, &s.dataFlow, s.next, input, input)
	}
	f.Timer = t.setTimer(openWait, f, until)
	return nil
}

// over leaves the state when its time has come.
func (s *waitState) over(t *turn, f *frame) {
	f.Timer = 0
	input, fail := t.input(f, &s.dataFlow)
	if fail == nil {
		fail = t.depart(f, &s.dataFlow, s.next, input, input)
	}
	if fail != nil {
		t.fail(f, *fail)
	}
}

func (s *waitState) until(t *turn, f *frame, input any) (time.Time, *failure) {
	switch {
	case s.secondsQuery != nil || s.timestampQuery != nil:
		return s.queryUntil(t, f)
	case s.seconds != nil:
		return t.at.Add(time.Duration(*s.seconds) * time.Second), nil
	case s.timestamp != nil:
		return *s.timestamp, nil
	case s.secondsPath != nil:
		return s.bySeconds(t, f, input)
	}
	return s.byTimestamp(t, f, input)
}

func (s *waitState) bySeconds(t *turn, f *frame, input any) (time.Time, *failure) {
	value, err := s.secondsPath.Find(t.data(f, input))
	if err != nil {
		return time.Time{}, f.runtime("The SecondsPath parameter does not reference an input value: %s", s.secondsPath)
	}
	n, isNumber := value.(json.Number)
	seconds, err := n.Int64()
	switch {
	case !isNumber || err != nil:
		return time.Time{}, f.runtime("The SecondsPath parameter cannot be parsed as a long value: %s == %s",
			s.secondsPath, shown(value))
	case seconds < 0:
		return time.Time{}, f.runtime("The SecondsPath parameter references a negative value: %s == %d", s.secondsPath,
			seconds)
	case seconds > maxSeconds:
		return time.Time{}, f.runtime("The SecondsPath parameter references a value greater than %d: %s == %d",
			maxSeconds, s.secondsPath, seconds)
	}
	return t.at.Add(time.Duration(seconds) * time.Second), nil
}

func (s *waitState) byTimestamp(t *turn, f *frame, input any) (time.Time, *failure) {
	value, err := s.timestampPath.Find(t.data(f, input))
	if err != nil {
		return time.Time{}, f.runtime("The TimestampPath parameter does not reference an input value: %s",
			s.timestampPath)
	}
	text, _ := value.(string)
	until, ok := parseTimestamp(text)
	if !ok {
		return time.Time{},
			f.runtime("The TimestampPath parameter does not reference a valid ISO-8601 extended offset "+
				"date-time format string: %s == %s", s.timestampPath, shown(value))
	}
	return until, nil
}

// shown writes a value as AWS shows it in causes: texts without quotes, everything else as JSON (recorded).
func shown(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return string(encode(value))
}

// parseTimestamp reads an ISO 8601 date and time with offset, such as 2016-03-14T01:59:00Z.
func parseTimestamp(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}
