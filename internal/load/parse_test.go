package load

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestDistributions(t *testing.T) {
	for text, want := range map[string][3]time.Duration{ // at 0, a half and nine tenths
		"12s":                {12 * time.Second, 12 * time.Second, 12 * time.Second},
		"10s..20s":           {10 * time.Second, 15 * time.Second, 19 * time.Second},
		"p50=10s,p90=30s":    {10 * time.Second, 10 * time.Second, 30 * time.Second},
		"p0=2s,p100=12s":     {2 * time.Second, 7 * time.Second, 11 * time.Second},
		"exp:10s":            {0, 6931 * time.Millisecond, 23025 * time.Millisecond},
		"p10=1s, p50=500s":   {time.Second, 500 * time.Second, 500 * time.Second},
		"p50=1m30s,p99=200s": {90 * time.Second, 90 * time.Second, 179795 * time.Millisecond},
	} {
		d, err := ParseDistribution(text)
		if err != nil {
			t.Fatal(err)
		}
		for i, share := range []float64{0, 0.5, 0.9} {
			if got := d.Quantile(share); math.Abs((got - want[i]).Seconds()) > 0.002 {
				t.Errorf("%s at %g: %v, want %v", text, share, got, want[i])
			}
		}
		if mean := meanOf(d); text == "exp:10s" && math.Abs(mean-10) > 0.2 {
			t.Errorf("the mean of %s is %.2f s", text, mean)
		}
	}
	for _, text := range []string{"", "12", "-1s", "20s..10s", "exp:0s", "exp:x", "p50=10s,p40=20s", "p50=10s,p90=5s",
		"p101=1s", "px=1s", "p50", "48h", "NaN", "p50=10s,"} {
		if d, err := ParseDistribution(text); err == nil || !strings.Contains(err.Error(), "exp:20s") {
			t.Errorf("%q is %v (%v)", text, d, err)
		}
	}
}

func meanOf(d Distribution) (mean float64) {
	r := random(1, 1)
	for range 50_000 {
		mean += d.Draw(r).Seconds() / 50_000
	}
	return mean
}

// arrivalsOf are the times at which callers come.
func arrivalsOf(a Arrivals, seed uint64) (list []time.Duration) {
	next := a.next(random(seed, ofArrivals))
	for at, ok := next(); ok; at, ok = next() {
		list = append(list, at)
	}
	return list
}

func TestArrivals(t *testing.T) {
	burst, err := ParseArrivals("burst 4 1m")
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{7500 * time.Millisecond, 22500 * time.Millisecond, 37500 * time.Millisecond,
		52500 * time.Millisecond}
	for i, at := range arrivalsOf(burst, 1) {
		if at.Round(time.Millisecond) != want[i] {
			t.Errorf("caller %d comes at %v, want %v", i, at, want[i])
		}
	}
	for text, n := range map[string]int{"burst 400 1m": 400, "constant 20/min 1h": 1200, "constant 0.5/s 10s": 5,
		"constant 3600/h 10m": 600, "burst 1 1s": 1, "burst,7,1m": 7} {
		a, err := ParseArrivals(text)
		if got := len(arrivalsOf(a, 1)); err != nil || got != n || math.Abs(a.Scaled(7).Callers()-7) > 1e-9 {
			t.Errorf("%s: %d callers (%v)", text, got, err)
		}
	}
	for _, text := range []string{"", "burst", "burst 400", "burst x 1m", "burst 0 1m", "burst 400 0s", "rush 400 1m",
		"poisson 20 1h", "poisson 20/day 1h", "constant 1/s -1h", "burst 2000000 1h", "burst NaN 1h", "burst Inf 1h",
		"burst 1.5 1m", "constant 0.1/h 1h", "poisson 1/h 1m"} {
		if _, err := ParseArrivals(text); err == nil {
			t.Errorf("%q is a plan", text)
		}
	}
}

// TestPoisson: callers who come independently of each other: the number in a minute has its mean as its variance.
func TestPoisson(t *testing.T) {
	a, err := ParseArrivals("poisson 30/min 12h")
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]float64, 12*60)
	for _, at := range arrivalsOf(a, 7) {
		counts[int(at/time.Minute)]++
	}
	mean, variance := 0.0, 0.0
	for _, n := range counts {
		mean += n / float64(len(counts))
	}
	for _, n := range counts {
		variance += (n - mean) * (n - mean) / float64(len(counts)-1)
	}
	if math.Abs(mean-30) > 0.9 || math.Abs(variance-30) > 6 {
		t.Errorf("mean %.2f, variance %.2f, want 30", mean, variance)
	}
}

func TestReadArrivals(t *testing.T) {
	a, err := ReadArrivals("day.csv", strings.NewReader("time,callers,note\n08:45, 90,\n09:00,900,rush\n09:30,30,\n"))
	if err != nil || a.From != 8*time.Hour+45*time.Minute || a.Lasts() != time.Hour || a.Callers() != 1020 {
		t.Fatalf("%+v (%v)", a, err)
	}
	var quarters [4]float64
	for _, at := range arrivalsOf(a, 3) {
		quarters[at/quarter]++
	}
	for i, want := range []float64{90, 900, 0, 30} {
		if math.Abs(quarters[i]-want) > 4*math.Sqrt(want) {
			t.Errorf("quarter %d: %.0f callers, want about %.0f", i, quarters[i], want)
		}
	}
	for _, text := range []string{"", "time,callers\n", "09:00,x\n09:15,y\n", "09:00,5\n09:10,5\n",
		"09:15,5\n09:00,5\n",
		"09:00,5\n09:00,5\n", "09:00,-1\n09:15,2", "a,b\nc,d\n", "09:00,1\n09:15\n", "09:00,0\n", "09:00,9999999\n",
		"09:00,\"5\n", "9h00,5\n09:15,5\n", "09:00;1.500\n", "09:00,\"1,500\"\n", "\xff\xfe0\x009\x00"} {
		if _, err := ReadArrivals("day.csv", strings.NewReader(text)); err == nil {
			t.Errorf("%q is a plan", text)
		}
	}
}

// TestReadSavedTables reads the same table as programs save it, with and without names of the columns.
func TestReadSavedTables(t *testing.T) {
	for name, text := range map[string]string{
		"plain":                   "09:00,90\n09:15,30.5\n",
		"mark":                    "\ufeff09:00,90\n09:15,30.5\n",
		"mark and names":          "\ufefftime,callers\n09:00,90\n09:15,30.5\n",
		"Windows":                 "\ufefftime,callers\r\n09:00,90\r\n09:15,30.5\r\n,\r\n\r\n",
		"Excel in Germany":        "Uhrzeit;Anrufer f\xfcr Montag\r\n09:00;90\r\n09:15;30,5\r\n;\r\n;\r\n",
		"Excel's own":             "sep=;\r\n09:00;90\r\n09:15;30,5\r\n",
		"Excel in America":        "Time,Calls\r\n9:00 AM,90\r\n9:15:00 am,30.5\r\n",
		"tabs":                    "time\tcallers\n09:00\t90\n09:15\t30,5\n",
		"Export-Csv":              "#TYPE A\r\n\"time\",\"callers\"\r\n\"09:00\",\"90\"\r\n\"09:15\",\"30.5\"\r\n",
		"note with another comma": "09:00,90,cold; wet\n09:15,30.5,\n",
	} {
		a, err := ReadArrivals("day.csv", strings.NewReader(text))
		if err != nil || a.From != 9*time.Hour || a.Lasts() != 2*quarter || a.Callers() != 120.5 {
			t.Errorf("%s: %v at %v of %v (%v)", name, a.Callers(), a.From, a.Lasts(), err)
		}
	}
	for text, want := range map[string]string{
		"sep=;\n\n# note\n09:00;5\n9h15;5\n": `day.csv:5: "9h15;5" is not a time and a number: write lines such as 09`,
		"09:00,5\n09:15,\"5\n":               `day.csv: parse error on line 2, column 10: extraneous or missing`,
		"\xff\xfe0\x009\x00:\x00":            "day.csv:1:1: error: the text is UTF-16",
		"time;callers\n09:00;1.500\n":        `day.csv:2: "09:00;1.500" is not a time and a number`,
	} {
		_, err := ReadArrivals("day.csv", strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestFaults(t *testing.T) {
	f, err := ParseFault("step_functions/describe 09:10-09:14:30 25%")
	if err != nil || f.From != 9*time.Hour+10*time.Minute || f.To-f.From != 270*time.Second || f.Share != 0.25 ||
		f.Operation != "describe" || f.status() != 500 {
		t.Errorf("%+v (%v)", f, err)
	}
	for _, text := range []string{"", "lambda", "lambda 09:10", "lambda 09:14-09:10", "lambda 9-10", "sqs 09:10-09:14",
		"dynamodb/scan 09:10-09:14", "lambda 09:10-09:14 0%", "lambda 09:10-09:14 50", "lambda 09:10-09:14 50% x"} {
		if f, err := ParseFault(text); err == nil {
			t.Errorf("%q is %+v", text, f)
		}
	}
}
