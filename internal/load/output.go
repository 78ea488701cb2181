package load

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"
)

// object is a JSON object.
type object = map[string]any

// rounded writes seconds to the millisecond.
func rounded(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

// MarshalJSON writes percentiles in seconds; nothing of nobody.
func (p Percentiles) MarshalJSON() ([]byte, error) {
	if p.Count == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(object{"count": p.Count, "mean": rounded(p.Mean), "p50": rounded(p.P50), "p90": rounded(p.P90),
		"p99": rounded(p.P99), "max": rounded(p.Max)})
}

// MarshalJSON writes the result in the form of `load --json`: times in seconds, times of day as text.
func (r *Result) MarshalJSON() ([]byte, error) {
	failures, ordered, throttles, timeline := []object{}, []object{}, []object{}, []object{}
	for _, f := range r.Failures {
		failures = append(failures, object{"reason": f.Reason, "callers": f.Callers, "first": TimeOfDay(f.First),
			"last": TimeOfDay(f.Last)})
	}
	for _, f := range r.Ordered {
		ordered = append(ordered, object{"fault": f.Fault.String(), "requests": f.Requests})
	}
	for _, t := range r.Throttles {
		throttles = append(throttles, object{"quota": t.Quota, "count": t.Count, "first": TimeOfDay(t.First),
			"last": TimeOfDay(t.Last)})
	}
	for _, m := range r.Timeline {
		throttled := m.Throttled
		if throttled == nil {
			throttled = map[Quota]int{}
		}
		timeline = append(timeline, object{"at": TimeOfDay(m.At), "arrived": m.Arrived, "waiting": m.Waiting,
			"functions": m.Busy, "failed": m.Failed, "hung_up": m.Abandoned, "throttled": throttled, "wait": m.Wait})
	}
	return json.Marshal(object{
		"sufficient": r.Suffices() && r.Proves(),
		"callers":    r.Callers, "told": r.Served, "failed": r.Failed, "hung_up": r.Abandoned,
		"busy_tone": r.Refused, "wait_seconds": r.Wait, "noticed_late_seconds": r.DetectionDelay,
		"silence_seconds": r.Silence, "longest_silence_seconds": r.LongestSilence, "failures": failures,
		"faults": ordered, "throttled": throttles,
		"peak": object{"calls": r.Peak.Calls, "waiting": r.Peak.Waiting, "functions": r.Peak.Functions},
		"requests": object{"invocations": r.Requests.Invocations, "executions": r.Requests.Executions,
			"state_transitions": r.Requests.Transitions, "describe_execution": r.Requests.Describes,
			"table_reads": r.Requests.TableReads, "table_writes": r.Requests.TableWrites, "ends": r.Requests.Ends},
		"cost": r.Cost.object(), "moment_seconds": r.Every.Seconds(), "timeline": timeline,
	})
}

func (c Cost) object() object {
	cents := func(x float64) float64 { return math.Round(x*1e4) / 1e4 }
	o := object{"orchestration_dollars": cents(c.Orchestration), "connect_dollars": cents(c.Connect),
		"telephony_dollars": nil, "minutes": cents(c.Minutes)}
	if c.TelephonyKnown {
		o["telephony_dollars"] = cents(c.Telephony)
	}
	return o
}

// WriteCSV writes the timeline: one line for each moment.
func (r *Result) WriteCSV(w io.Writer) error {
	rows := csv.NewWriter(w)
	header := []string{"time", "arrived", "waiting", "functions", "failed", "hung_up", "told", "wait_p50", "wait_p90",
		"wait_p99"}
	for _, t := range r.Throttles {
		header = append(header, string(t.Quota))
	}
	lines := [][]string{header}
	for _, m := range r.Timeline {
		line := []string{TimeOfDay(m.At)}
		for _, n := range []int{m.Arrived, m.Waiting, m.Busy, m.Failed, m.Abandoned, m.Wait.Count} {
			line = append(line, strconv.Itoa(n))
		}
		for _, d := range []time.Duration{m.Wait.P50, m.Wait.P90, m.Wait.P99} {
			text := ""
			if m.Wait.Count > 0 {
				text = strconv.FormatFloat(rounded(d), 'f', -1, 64)
			}
			line = append(line, text)
		}
		for _, t := range r.Throttles {
			line = append(line, strconv.Itoa(m.Throttled[t.Quota]))
		}
		lines = append(lines, line)
	}
	return rows.WriteAll(lines)
}

// MarshalJSON writes what was found, without what did not happen.
func (c Capacity) MarshalJSON() ([]byte, error) {
	o := object{"callers": c.Callers, "failing": nil, "reason": nil, "throttled": nil, "quota": nil,
		"waiting": c.Waiting, "wait_seconds": c.Wait, "noticed_late_seconds": c.Late}
	if c.Failing > 0 {
		o["failing"], o["reason"] = c.Failing, c.Reason
	}
	if c.Throttled > 0 {
		o["throttled"], o["quota"] = c.Throttled, c.By
	}
	return json.Marshal(o)
}
