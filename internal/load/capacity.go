package load

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Capacity is how many callers an account serves, when they come as the settings say.
type Capacity struct {
	Callers   int           // the most of whom nobody hears a failure
	Failing   int           // the fewest of whom somebody does; 0 when nobody does up to MostCallers
	Reason    string        // what that caller heard
	At        time.Duration // when, as a time of day
	Throttled int           // the fewest with whom a quota refuses or slows something; 0 when none does
	By        Quota         // that quota
	Waiting   int           // of Callers, who waited for a result at once
	Wait      Percentiles   // of Callers
	Late      Percentiles   // by how much their results were noticed late
	Points    []Point       // of all numbers of callers that were tried and served, in their order
}

// Point is what a number of callers comes to.
type Point struct {
	Callers    int
	Wait, Late Percentiles
}

// MostCallers is where the search for the first failure ends.
const MostCallers = 20_000

// exactly is how exact the search is: callers of a hundred.
const exactly = 100

// Capacity searches the number of callers at which the first one hears a failure, by bisection: the plan of arrivals is
// scaled, and the async function is told to expect as many. Callers do not hang up.
func (s *Setup) Capacity(ctx context.Context, o Settings) (Capacity, error) {
	c := &search{ctx: ctx, setup: s, settings: o, results: map[int]*Result{}}
	c.settings.Patience, c.settings.stopAtFailure = Distribution{}, true
	failing, served, err := c.first(func(r *Result) bool { return !r.Suffices() })
	if err != nil {
		return Capacity{}, err
	}
	found := Capacity{Callers: served, Failing: failing}
	if r := c.results[failing]; r != nil {
		found.Reason, found.At = r.firstFailure()
	}
	if r := c.results[served]; r != nil {
		found.Waiting, found.Wait, found.Late = r.Peak.Waiting, r.Wait, r.DetectionDelay
	}
	if found.Throttled, _, err = c.first(func(r *Result) bool { return len(r.Throttles) > 0 }); err != nil {
		return Capacity{}, err
	}
	if r := c.results[found.Throttled]; r != nil {
		found.By = r.Throttles[0].Quota
	}
	for _, callers := range slices.Sorted(maps.Keys(c.results)) {
		if r := c.results[callers]; r.Suffices() {
			found.Points = append(found.Points, Point{Callers: callers, Wait: r.Wait, Late: r.DetectionDelay})
		}
	}
	return found, nil
}

// firstFailure is what the first caller heard who heard a failure.
func (r *Result) firstFailure() (reason string, at time.Duration) {
	if len(r.Failures) == 0 {
		return "a busy tone", 0
	}
	return r.Failures[0].Reason, r.Failures[0].First
}

// search keeps the results of the runs.
type search struct {
	ctx      context.Context
	setup    *Setup
	settings Settings
	results  map[int]*Result // by the number of callers
}

func (c *search) run(callers int) (*Result, error) {
	if r := c.results[callers]; r != nil {
		return r, nil
	}
	o := c.settings
	o.Arrivals, o.expected = o.Arrivals.Scaled(float64(callers)), callers
	r, err := c.setup.Run(c.ctx, o)
	c.setup.forget()
	c.results[callers] = r
	return r, err
}

// first is the least number of callers that something happens with, 0 if it does not, and the most that it does not
// happen with.
func (c *search) first(happens func(r *Result) bool) (first, last int, err error) {
	most := 1
	for ; most < MostCallers; most *= 2 {
		r, err := c.run(most)
		if err != nil {
			return 0, 0, err
		}
		if happens(r) {
			break
		}
		last = most
	}
	if most >= MostCallers {
		return 0, last, nil
	}
	for first = most; first-last > max(1, last/exactly); {
		middle := (first + last) / 2
		r, err := c.run(middle)
		if err != nil {
			return 0, 0, err
		}
		if happens(r) {
			first = middle
		} else {
			last = middle
		}
	}
	return first, last, nil
}
