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
		"@timestamp,@duration\nx,100\ny,\nz,3000\nv,200.5\n": 200500 * time.Microsecond,
	} {
		d, err := ReadTimes("times.txt", strings.NewReader(text))
		if err != nil || d.Quantile(0.5) != want || !strings.Contains(d.String(), "times.txt (measured times: 3)") {
			t.Errorf("%q: %v, the middle is %v (%v)", text, d, d.Quantile(0.5), err)
		}
	}
	for _, text := range []string{"", "\n\n", "soon", "-1", "5s\n48h", "@duration\n", "a,@duration\n\"", "NaN",
		"REPORT RequestId: x Duration: none"} {
		if d, err := ReadTimes("times.txt", strings.NewReader(text)); err == nil ||
			!strings.HasPrefix(err.Error(), "times.txt") {
			t.Errorf("%q: %v (%v)", text, d, err)
		}
	}
}
