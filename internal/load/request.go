package load

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
)

// Short is a quota that is too small for a load.
type Short struct {
	Quota          Quota
	Needed, Served float64
	Request        string // the text with which to ask for more; "" for what AWS does not raise on request
	Remedy         string // what helps otherwise
}

// served is how much of a quota there is, 0 where it is not limited.
func (l Limits) served(q Quota) float64 {
	switch rate := l.rate(q); {
	case rate != nil:
		return rate.PerSecond
	case q == Calls:
		return float64(l.Calls)
	case q == Concurrency:
		return float64(l.Concurrency)
	}
	return 0
}

// quotaNames are what Service Quotas calls a quota and its service.
var quotaNames = map[Quota]struct{ service, name string }{
	Calls:       {service: "Amazon Connect", name: awsfacts.ConcurrentCallsQuota},
	Start:       {service: "AWS Step Functions", name: awsfacts.RefillQuota("StartExecution")},
	Describe:    {service: "AWS Step Functions", name: awsfacts.RefillQuota("DescribeExecution")},
	Stop:        {service: "AWS Step Functions", name: awsfacts.RefillQuota("StopExecution")},
	Transitions: {service: "AWS Step Functions", name: awsfacts.RefillQuota("StateTransition")},
	Concurrency: {service: "AWS Lambda", name: awsfacts.ConcurrencyQuota},
}

// remedies are what helps where AWS raises nothing on request, or where something else helps more.
var remedies = map[Quota]string{
	Describe: "With results: table in the project file nobody needs this quota while work goes well.",
	Environments: fmt.Sprintf("Lambda adds %.0f environments a second to a function, and not more on request: "+
		"provisioned concurrency has them ready before the rush.", awsfacts.EnvironmentRate().PerSecond),
	Reads:  growsLate,
	Writes: growsLate,
}

var growsLate = fmt.Sprintf("A table on demand grows to twice its peak within %.0f minutes; warm throughput has it "+
	"ready before.", awsfacts.DynamoDBGrowth.Minutes())

// Shortages are the quotas that throttled callers in a run, with what would be enough. That is found out by a second
// run that no quota stops. It begins with nothing learned: what refused callers went through takes much memory, and
// does not come again.
func (s *Setup) Shortages(ctx context.Context, o Settings, r *Result) ([]Short, error) {
	if len(r.Throttles) == 0 {
		return nil, nil
	}
	o.unlimited = true
	s.begin(s.courses[0].does)
	free, err := s.Run(ctx, o)
	if err != nil {
		return nil, err
	}
	var list []Short
	for _, q := range Quotas() {
		needed, served := free.Needs[q], o.Limits.served(q)
		throttled := slices.ContainsFunc(r.Throttles, func(t Throttle) bool { return t.Quota == q })
		// What one quota stops does not reach the next: that one may be too small all the same.
		if !throttled && (served == 0 || needed <= served) {
			continue
		}
		short := Short{Quota: q, Needed: needed, Served: served, Remedy: remedies[q]}
		if name := quotaNames[q]; name.name != "" && needed > served {
			asked := cost.Shortage{Quota: name.name, Needed: needed, Served: served}
			short.Request = asked.RequestFor(name.service, o.Region, free.Peak.Waiting, seconds(free.Wait.P50))
		}
		list = append(list, short)
	}
	return list, nil
}

func seconds(d time.Duration) float64 { return math.Round(d.Seconds()) }
