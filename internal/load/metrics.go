package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CloudWatch says how long functions took by percentiles: a few for each period. The distribution of a period is drawn
// with straight lines between them, and a period counts as often as there were invocations in it.

// statistics are the answer of GetMetricStatistics or of GetMetricData, as the AWS CLI prints it.
type statistics struct {
	Datapoints []struct {
		SampleCount, Minimum, Maximum *float64
		ExtendedStatistics            map[string]float64
		Unit                          string
	}
	MetricDataResults []struct {
		ID         string `json:"Id"`
		Label      string
		Timestamps []string
		Values     []float64
	}
}

// period is what is known of the times of one period, in the metric's unit.
type period struct {
	count  float64 // of invocations, 0 when nobody says
	shares map[float64]float64
	unit   time.Duration
}

const metricForms = "ask CloudWatch for percentiles of Duration, with `aws cloudwatch get-metric-statistics` for the " +
	"extended statistics p0 p50 p90 p100, or get-metric-data with an Id such as p90 for each"

// readMetrics reads what CloudWatch says about a function's metric Duration.
func readMetrics(text string) (times []weighed, err error) {
	var answer statistics
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return nil, fmt.Errorf(" is not JSON as CloudWatch writes it: %w", err)
	}
	periods := answer.periods()
	for _, p := range periods {
		drawn, err := p.times(max(leastDrawn, min(mostDrawn, allDrawn/len(periods))))
		if err != nil {
			return nil, err
		}
		times = append(times, drawn...)
	}
	if len(times) == 0 {
		return nil, errors.New(" has no percentiles: " + metricForms)
	}
	return times, nil
}

func (s statistics) periods() (list []period) {
	for _, d := range s.Datapoints {
		p := newPeriod()
		if unit, known := metricUnits[d.Unit]; known {
			p.unit = unit
		}
		for name, value := range d.ExtendedStatistics {
			p.add(name, value)
		}
		for name, value := range map[string]*float64{"SampleCount": d.SampleCount, "Minimum": d.Minimum,
			"Maximum": d.Maximum} {
			if value != nil {
				p.add(name, *value)
			}
		}
		list = append(list, p)
	}
	return append(list, s.dataPeriods()...)
}

// dataPeriods puts the results of GetMetricData together by their times.
func (s statistics) dataPeriods() (list []period) {
	at := map[string]int{}
	for _, r := range s.MetricDataResults {
		for i, when := range r.Timestamps[:min(len(r.Timestamps), len(r.Values))] {
			index, known := at[when]
			if !known {
				index = len(list)
				at[when] = index
				list = append(list, newPeriod())
			}
			list[index].add(r.ID, r.Values[i])
			list[index].add(r.Label, r.Values[i])
		}
	}
	return list
}

// metricUnits are the units that a time may have. Lambda and Step Functions write milliseconds.
var metricUnits = map[string]time.Duration{"Seconds": time.Second, "Milliseconds": time.Millisecond,
	"Microseconds": time.Microsecond}

func newPeriod() period { return period{shares: map[float64]float64{}, unit: time.Millisecond} }

// percentile is the name of one, in a statistic, an id or a label: p90, p99.9, or p99_9 where no dot may be.
var percentile = regexp.MustCompile(`(?:^|[^a-z0-9])p(\d{1,3}(?:[._]\d+)?)(?:[^a-z0-9]|$)`)

// add adds a statistic by its name, or by an id or a label that has the name in it. Others are left out.
func (p *period) add(name string, value float64) {
	name = strings.ToLower(name)
	switch m := percentile.FindStringSubmatch(name); {
	case m != nil:
		share, _ := strconv.ParseFloat(strings.Replace(m[1], "_", ".", 1), 64) // digits
		if share <= 100 {
			p.shares[share/100] = value
		}
	case strings.Contains(name, "samplecount"), strings.Contains(name, "invocations"):
		p.count = value
	case strings.Contains(name, "minimum"):
		p.shares[0] = value
	case strings.Contains(name, "maximum"):
		p.shares[1] = value
	}
}

// How many times are drawn for a period, and about how many for all.
const (
	leastDrawn = 10
	mostDrawn  = 200
	allDrawn   = 100_000
)

// times draws times that are distributed as in the period. With nothing but its least and greatest time nothing is
// known of its distribution.
func (p period) times(n int) ([]weighed, error) {
	shares, named := make([]float64, 0, len(p.shares)), false
	for share := range p.shares {
		shares = append(shares, share)
		named = named || share > 0 && share < 1
	}
	if !named {
		return nil, nil
	}
	slices.Sort(shares)
	values, most := make([]time.Duration, len(shares)), 0.0
	for i, share := range shares {
		most = max(most, p.shares[share])
		if p.shares[share] < 0 || most*p.unit.Seconds() > longest.Seconds() {
			return nil, fmt.Errorf(" has a time of %g, which is not between 0 and %v", p.shares[share], longest)
		}
		values[i] = time.Duration(most * float64(p.unit))
	}
	weight := p.count
	if weight <= 0 {
		weight = 1
	}
	list := make([]weighed, n)
	for i := range list {
		at := between(shares, values, (float64(i)+0.5)/float64(n))
		list[i] = weighed{time: at, weight: weight / float64(n)}
	}
	return list, nil
}
