package load

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Settings say who calls, how long things take, what goes wrong, and what the account allows.
type Settings struct {
	Arrivals Arrivals
	Takes    map[string]Distribution // how long functions take, by name; "" for those that are not named
	Patience Distribution            // after how long a caller hangs up; without one nobody does
	Faults   []Fault
	Limits   Limits
	Prices   awsfacts.Prices
	Region   string
	Seed     uint64

	expected      int  // callers that the async function is told to expect, 0 for those of the setup
	unlimited     bool // nothing is refused, whatever the limits are
	stopAtFailure bool // the run ends when the first caller hears a failure
}

// Run plays all callers. The first run of a setup gives the same result for the same settings. It ends early, with the
// error of ctx, when ctx is done.
func (s *Setup) Run(ctx context.Context, o Settings) (*Result, error) {
	sim := newSimulation(s, o)
	if err := sim.run(ctx); err != nil {
		return nil, err
	}
	return sim.result.summary(), nil
}

// quotaForms says what Set accepts.
const quotaForms = "write describe_execution=30, describe_execution=30/600 with the size of the bucket, or " +
	"describe_execution=none for no limit"

// Set changes a quota: NAME=NUMBER, or NAME=PER_SECOND/BUCKET for a token bucket.
func (l *Limits) Set(text string) error {
	name, value, _ := strings.Cut(text, "=")
	wrong := fmt.Errorf("%q is not a quota: %s", text, quotaForms)
	q := Quota(name)
	if !slices.Contains(Quotas(), q) {
		return fmt.Errorf("%q is not a quota: use one of %s", name, strings.Join(quotaWords(), ", "))
	}
	perSecond, bucket, hasBucket := strings.Cut(value, "/")
	if value == "none" {
		perSecond = "0"
	}
	n, ok := parseNumber(perSecond)
	size, err := strconv.Atoi(bucket)
	if !ok || n == 0 && value != "none" || hasBucket && (err != nil || size < 1 || l.rate(q) == nil) {
		return wrong
	}
	switch rate := l.rate(q); {
	case rate != nil && hasBucket:
		*rate = awsfacts.Rate{Bucket: size, PerSecond: n}
	case rate != nil:
		rate.PerSecond = n
	case q == Reads:
		l.Reads = n
	case q == Writes:
		l.Writes = n
	case n != float64(int(n)):
		return wrong
	case q == Calls:
		l.Calls = int(n)
	case q == Concurrency:
		l.Concurrency = int(n)
	}
	return nil
}

// rate is the token bucket of a quota, nil for a quota that is none.
func (l *Limits) rate(q Quota) *awsfacts.Rate {
	return map[Quota]*awsfacts.Rate{Start: &l.Start, Describe: &l.Describe, Stop: &l.Stop,
		Transitions: &l.Transitions, Environments: &l.Environments}[q]
}

func quotaWords() (words []string) {
	for _, q := range Quotas() {
		words = append(words, string(q))
	}
	return words
}

// SetActual takes over the quotas of an account, by their names in Service Quotas.
func (l *Limits) SetActual(quotas map[string]float64) {
	for q, name := range quotaNames {
		actual, known := quotas[name.name]
		switch rate := l.rate(q); {
		case !known:
		case rate != nil:
			rate.PerSecond = actual
		case q == Concurrency:
			l.Concurrency = int(actual)
		case q == Calls:
			l.Calls = int(actual)
		}
	}
}
