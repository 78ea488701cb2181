package load

import (
	"strings"
	"testing"
	"time"
)

func TestReadTimes(t *testing.T) {
	for text, want := range map[string]time.Duration{ // the middle of three
		"# measured\n5s\n12.5\n\n1m\n": 12500 * time.Millisecond,
		"2026-11-27T09:00:00Z START RequestId: a Version: $LATEST\n" +
			"2026-11-27T09:00:02Z REPORT RequestId: a\tDuration: 1500.25 ms\tBilled Duration: 1501 ms\n" +
			"END RequestId: a\nREPORT RequestId: b\tDuration: 800 ms\tBilled Duration: 800 ms\n" +
			"REPORT RequestId: c\tDuration: 9000.00 ms\n": 1500250 * time.Microsecond,
		"@timestamp,@duration\nx,100\ny,\nz,3000\nv,200.5\n":                      200500 * time.Microsecond,
		"\ufeff@timestamp;@duration\r\nx;100\r\ny;\r\nz;3000\r\nv;200,5\r\n;\r\n": 200500 * time.Microsecond,
		"\ufeff5s\r\n12.5\r\n\r\n1m\r\n":                                          12500 * time.Millisecond,
	} {
		d, err := ReadTimes("times.txt", strings.NewReader(text))
		if err != nil || d.Quantile(0.5) != want || !strings.Contains(d.String(), "times.txt (measured times: 3)") {
			t.Errorf("%q: %v, the middle is %v (%v)", text, d, d.Quantile(0.5), err)
		}
	}
	for _, text := range []string{"", "\n\n", "soon", "-1", "5s\n48h", "@duration\n", "a,@duration\n\"", "NaN",
		"a,@duration\nx,soon\n", "a;@duration\nx;1.500\n", "12,5", "\xfe\xff\x005",
		"REPORT RequestId: x Duration: none"} {
		if d, err := ReadTimes("times.txt", strings.NewReader(text)); err == nil ||
			!strings.HasPrefix(err.Error(), "times.txt") {
			t.Errorf("%q: %v (%v)", text, d, err)
		}
	}
}

// TestReadMetrics reads answers as the AWS CLI prints them. Of two periods the one with three times the invocations
// counts three times as much.
func TestReadMetrics(t *testing.T) {
	const statistics = `{"Label": "Duration", "Datapoints": [
		{"Timestamp": "2026-11-27T09:00:00+00:00", "SampleCount": 300.0, "Maximum": 10000.0, "Unit": "Milliseconds",
			"ExtendedStatistics": {"p10": 10000.0, "p50": 10000.0}},
		{"Timestamp": "2026-11-27T09:05:00+00:00", "SampleCount": 100.0, "Maximum": 40.0, "Minimum": 20.0,
			"Unit": "Seconds", "ExtendedStatistics": {"p50": 30.0}}]}`
	const data = `{"Messages": [], "MetricDataResults": [
		{"Id": "p50", "Label": "Duration", "StatusCode": "Complete",
			"Timestamps": ["a", "b"], "Values": [10000, 30000]},
		{"Id": "m2", "Label": "look-up p99.9", "Timestamps": ["b", "a"], "Values": [40000, 10000]},
		{"Id": "m3", "Label": "Minimum", "Timestamps": ["b", "c"], "Values": [20000, 1]},
		{"Id": "m4", "Label": "look-up SampleCount", "Timestamps": ["a", "b"], "Values": [300, 100]}]}`
	for name, text := range map[string]string{"statistics": statistics, "data": data} {
		d, err := ReadTimes("m.json", strings.NewReader(text))
		if err != nil {
			t.Fatal(name, err)
		}
		for share, want := range map[float64]time.Duration{0: 10 * time.Second, 0.7: 10 * time.Second,
			0.875: 30 * time.Second, 1: 40 * time.Second} {
			if got := d.Quantile(share); (got - want).Abs() > 200*time.Millisecond {
				t.Errorf("%s at %g: %v, want %v", name, share, got, want)
			}
		}
		if d.String() != "m.json (percentiles of CloudWatch)" {
			t.Error(d)
		}
	}
	for text, want := range map[string]string{
		`{`:                "m.json is not JSON as CloudWatch writes it",
		`{"Label":5}`:      "m.json has no percentiles: ask CloudWatch for percentiles of Duration, with",
		`{"Datapoints":5}`: "m.json is not JSON",
		`{"Datapoints":[{"Average":5,"Maximum":7}]}`:                        "extended statistics p0 p50 p90 p100",
		`{"Datapoints":[{"ExtendedStatistics":{"p50":-1}}]}`:                "a time of -1",
		`{"Datapoints":[{"ExtendedStatistics":{"p50":1e30}}]}`:              "a time of 1e+30",
		`{"MetricDataResults":[{"Id":"p50","Values":[1],"Timestamps":[]}]}`: "no percentiles",
	} {
		if d, err := ReadTimes("m.json", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v (%v)", text, d, err)
		}
	}
}
