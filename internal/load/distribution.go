package load

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Distribution is how long something takes: a random time. The zero Distribution is always 0.
type Distribution struct {
	text     string
	quantile func(u float64) time.Duration
}

// String is the distribution as it was written.
func (d Distribution) String() string { return d.text }

// IsGiven reports whether there is one.
func (d Distribution) IsGiven() bool { return d.quantile != nil }

// Draw is one time of the distribution.
func (d Distribution) Draw(random *rand.Rand) time.Duration {
	if d.quantile == nil {
		return 0
	}
	return d.quantile(random.Float64())
}

// Quantile is the time that a share of times stays below.
func (d Distribution) Quantile(share float64) time.Duration {
	if d.quantile == nil {
		return 0
	}
	return d.quantile(share)
}

// distributionForms says what ParseDistribution accepts.
const distributionForms = "write 12s, 5s..20s, exp:20s, or p50=10s,p90=30s,p99=60s"

// ParseDistribution reads a distribution: 12s is always that, 5s..20s evenly spread, exp:20s exponential with that
// mean, and p50=10s,p90=30s has these percentiles, with straight lines between them.
func ParseDistribution(text string) (Distribution, error) {
	wrong := func() (Distribution, error) {
		return Distribution{}, fmt.Errorf("%q is not a distribution of times: %s", text, distributionForms)
	}
	if mean, ok := strings.CutPrefix(text, "exp:"); ok {
		d, ok := parseSpan(mean)
		if !ok || d == 0 {
			return wrong()
		}
		return Distribution{text: text, quantile: func(u float64) time.Duration {
			return time.Duration(-math.Log1p(-u) * float64(d))
		}}, nil
	}
	var points []point
	if low, high, ok := strings.Cut(text, ".."); ok {
		points = []point{{share: "0", at: low}, {share: "100", at: high}}
	} else if strings.HasPrefix(text, "p") {
		for part := range strings.SplitSeq(text, ",") {
			share, at, _ := strings.Cut(strings.TrimSpace(part), "=")
			points = append(points, point{share: strings.TrimPrefix(share, "p"), at: at})
		}
	} else {
		points = []point{{share: "0", at: text}}
	}
	quantile, ok := lines(points)
	if !ok {
		return wrong()
	}
	return Distribution{text: text, quantile: quantile}, nil
}

// point is a percentile as it is written.
type point struct{ share, at string }

// lines is the distribution with straight lines between points. Below the first and above the last it is flat.
func lines(points []point) (quantile func(u float64) time.Duration, ok bool) {
	shares, times := make([]float64, len(points)), make([]time.Duration, len(points))
	for i, p := range points {
		share, err := strconv.ParseFloat(p.share, 64)
		at, ok := parseSpan(p.at)
		if err != nil || !ok || !(share >= 0 && share <= 100) ||
			i > 0 && (share/100 <= shares[i-1] || at < times[i-1]) {
			return nil, false
		}
		shares[i], times[i] = share/100, at
	}
	return func(u float64) time.Duration { return between(shares, times, u) }, true
}

// between is the time that a share of times stays below, on the line between the nearest of those that are known.
func between(shares []float64, times []time.Duration, u float64) time.Duration {
	i, _ := slices.BinarySearch(shares, u)
	switch {
	case i == 0:
		return times[0]
	case i == len(shares):
		return times[i-1]
	}
	part := (u - shares[i-1]) / (shares[i] - shares[i-1])
	return times[i-1] + time.Duration(part*float64(times[i]-times[i-1]))
}

// longest is the longest time that a setting may have.
const longest = 24 * time.Hour

// parseSpan reads a time such as 90s, 1m30s or 12.5s.
func parseSpan(text string) (time.Duration, bool) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	return d, err == nil && d >= 0 && d <= longest
}

// measured is the distribution of times that were measured.
func measured(name string, times []time.Duration) Distribution {
	times = slices.Clone(times)
	slices.Sort(times)
	text := fmt.Sprintf("%s (measured times: %d)", name, len(times))
	return Distribution{text: text, quantile: func(u float64) time.Duration {
		return times[min(int(u*float64(len(times))), len(times)-1)]
	}}
}

// weighed is a time that counts more or less than others.
type weighed struct {
	time   time.Duration
	weight float64
}

// mixed is the distribution of times of different weights.
func mixed(name string, times []weighed) Distribution {
	times = slices.Clone(times)
	slices.SortFunc(times, func(a, b weighed) int { return cmp.Compare(a.time, b.time) })
	upTo, all := make([]float64, len(times)), 0.0
	for i, t := range times {
		all += t.weight
		upTo[i] = all
	}
	return Distribution{text: name + " (percentiles of CloudWatch)", quantile: func(u float64) time.Duration {
		i, exactly := slices.BinarySearch(upTo, u*all)
		if exactly {
			i++
		}
		return times[min(i, len(times)-1)].time
	}}
}
