package load

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Arrivals are when callers arrive: a plan of stretches of time, each with its rate.
type Arrivals struct {
	text      string
	random    bool          // callers come independently of each other
	From      time.Duration // time of day at which the first stretch begins
	stretches []stretch
}

// stretch is a part of the day with the same rate.
type stretch struct {
	lasts   time.Duration
	callers float64 // that come in it, on average where they come by chance
}

// String is the plan as it was written.
func (a Arrivals) String() string { return a.text }

// Lasts is how long callers arrive.
func (a Arrivals) Lasts() (d time.Duration) {
	for _, s := range a.stretches {
		d += s.lasts
	}
	return d
}

// Callers is how many callers arrive, on average where they come by chance.
func (a Arrivals) Callers() (n float64) {
	for _, s := range a.stretches {
		n += s.callers
	}
	return n
}

// Scaled is the same plan with another number of callers in all.
func (a Arrivals) Scaled(callers float64) Arrivals {
	factor := callers / a.Callers()
	scaled := a
	scaled.stretches = nil
	for _, s := range a.stretches {
		scaled.stretches = append(scaled.stretches, stretch{lasts: s.lasts, callers: s.callers * factor})
	}
	return scaled
}

const (
	arrivalForms = `write "burst 400 1m", "constant 20/min 1h", "poisson 20/min 1h", or the name of a CSV file`
	maxCallers   = 1_000_000
)

// ParseArrivals reads a plan: "burst 400 1m" are 400 callers spread evenly over a minute, "constant 20/min 1h" one
// after the other at equal distances, and "poisson 20/min 1h" independent of each other. A comma does for a space.
func ParseArrivals(text string) (Arrivals, error) {
	wrong := fmt.Errorf("%q does not say how callers arrive: %s", text, arrivalForms)
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' })
	if len(words) != 3 {
		return Arrivals{}, wrong
	}
	lasts, ok := parseSpan(words[2])
	if !ok || lasts == 0 {
		return Arrivals{}, wrong
	}
	a := Arrivals{text: text, random: words[0] == "poisson"}
	callers := 0.0
	switch words[0] {
	case "burst":
		callers, ok = parseNumber(words[1])
		ok = ok && callers == math.Trunc(callers)
	case "constant", "poisson":
		var perSecond float64
		perSecond, ok = parseRate(words[1])
		callers = perSecond * lasts.Seconds()
	default:
		ok = false
	}
	switch {
	case !ok || callers <= 0:
		return Arrivals{}, wrong
	case callers < 0.5:
		return Arrivals{}, fmt.Errorf("%q is nobody: that are %.2g callers", text, callers)
	case callers > maxCallers:
		return Arrivals{}, fmt.Errorf("%q are %.0f callers: a run takes at most %d", text, callers, maxCallers)
	}
	a.stretches = []stretch{{lasts: lasts, callers: callers}}
	return a, nil
}

func parseNumber(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n >= 0 && !math.IsInf(n, 0)
}

// rateUnits are what a rate may be written in.
var rateUnits = map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour}

// parseRate reads a rate such as 20/min, and returns it by the second.
func parseRate(text string) (float64, bool) {
	number, unit, _ := strings.Cut(text, "/")
	n, ok := parseNumber(number)
	per, known := rateUnits[unit]
	if !ok || !known {
		return 0, false
	}
	return n / per.Seconds(), true
}

const quarter = 15 * time.Minute

// ReadArrivals reads a CSV file of the counts of callers in each quarter of an hour: the time of day, such as 09:15,
// and a number. A first row without either is skipped. Callers come independently of each other.
func ReadArrivals(name string, r io.Reader) (Arrivals, error) {
	text, err := readText(name, r)
	if err != nil {
		return Arrivals{}, err
	}
	rows, a := newTable(text), Arrivals{text: name, random: true}
	for first := true; ; first = false {
		row, line, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			return a, a.check(name)
		case err != nil:
			return a, fmt.Errorf("%s: %w: %s", name, err, quarterForm)
		case first && rows.names(row):
			continue
		}
		at, callers, err := rows.quarter(row)
		if err == nil {
			err = a.add(at, callers)
		}
		if err != nil {
			return a, fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}

// quarterForm says what a row is.
const quarterForm = "write lines such as 09:15,120"

func (a Arrivals) check(name string) error {
	switch n := a.Callers(); {
	case n == 0:
		return fmt.Errorf("%s has no callers: %s", name, quarterForm)
	case n > maxCallers:
		return fmt.Errorf("%s has %.0f callers: a run takes at most %d", name, n, maxCallers)
	}
	return nil
}

// names reports whether a row has the names of the columns: it has neither a time nor a number.
func (t table) names(row []string) bool {
	_, err := ParseTime(row[0])
	_, isNumber := t.number(row[min(1, len(row)-1)])
	return err != nil && !isNumber
}

// quarter reads a row. Columns beyond the second are left alone.
func (t table) quarter(row []string) (at time.Duration, callers float64, err error) {
	if len(row) >= 2 {
		at, err = ParseTime(row[0])
		n, ok := t.number(row[1])
		if err == nil && ok {
			return at, n, nil
		}
	}
	return 0, 0, fmt.Errorf("%q is not a time and a number: %s", strings.Join(row, string(t.separator)), quarterForm)
}

// add adds a quarter of an hour. Those that are left out have no callers.
func (a *Arrivals) add(at time.Duration, callers float64) error {
	if len(a.stretches) == 0 {
		a.From = at
	}
	missing := at - a.From - a.Lasts()
	if missing < 0 || missing%quarter != 0 {
		return errors.New("the times must be one quarter of an hour after the other, such as 09:00, 09:15, 09:30")
	}
	if missing > 0 {
		a.stretches = append(a.stretches, stretch{lasts: missing})
	}
	a.stretches = append(a.stretches, stretch{lasts: quarter, callers: callers})
	return nil
}

// ParseTime reads a time of day such as 09:15 or 09:15:30.
func ParseTime(text string) (time.Duration, error) {
	for _, layout := range []string{"15:04", "15:04:05", "3:04 PM", "3:04:05 PM"} {
		if t, err := time.Parse(layout, strings.ToUpper(strings.TrimSpace(text))); err == nil {
			midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
			return t.Sub(midnight), nil
		}
	}
	return 0, fmt.Errorf("%q is not a time of day: write it as 09:15", text)
}

// next returns an iterator over the times of arrival, from the beginning of the plan.
func (a Arrivals) next(random *rand.Rand) func() (at time.Duration, ok bool) {
	stretches, began := a.stretches, time.Duration(0)
	due := 0.5 // callers until the next one comes; half a distance before the first
	if a.random {
		due = random.ExpFloat64()
	}
	passed := 0.0 // of the first stretch, as a share
	return func() (time.Duration, bool) {
		for len(stretches) > 0 {
			s := stretches[0]
			left := s.callers * (1 - passed)
			if left > due || left == due && !a.random {
				passed += due / s.callers
				if due = 1; a.random {
					due = random.ExpFloat64()
				}
				return began + time.Duration(passed*float64(s.lasts)), true
			}
			due -= left
			began += s.lasts
			passed, stretches = 0, stretches[1:]
		}
		return 0, false
	}
}
