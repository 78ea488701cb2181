package load

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/project"
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

// remedy is what helps where AWS raises nothing on request, or where something else helps more; "" when nothing does.
func (s *Setup) remedy(q Quota, l Limits) string {
	switch q {
	case Describe:
		return s.betterResults()
	case Environments:
		return fmt.Sprintf("Lambda adds %g environments a second to a function, and not more on request: "+
			"provisioned concurrency has them ready before the rush.", l.Environments.PerSecond)
	case Reads, Writes:
		return fmt.Sprintf("A table on demand grows to twice its peak within %.0f minutes; warm throughput has it "+
			"ready before.", awsfacts.DynamoDBGrowth.Minutes())
	}
	return ""
}

// betterResults names the jobs whose executions are asked for though a table could say how they stand.
func (s *Setup) betterResults() string {
	var asked []string
	for _, j := range s.project.Jobs {
		if j.Results == project.ResultsDescribed {
			asked = append(asked, j.Name)
		}
	}
	switch {
	case len(asked) == 0:
		return ""
	case len(asked) == len(s.project.Jobs):
		return "With results: table in the project file nobody needs this quota while work goes well."
	}
	return fmt.Sprintf("With results: table for %s in the project file nobody needs this quota while work goes well.",
		strings.Join(asked, ", "))
}

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
	var list, others []Short
	for _, q := range Quotas() {
		needed, known := free.Needs[q]
		short := Short{Quota: q, Needed: needed, Served: o.Limits.served(q), Remedy: s.remedy(q, o.Limits)}
		throttled := slices.ContainsFunc(r.Throttles, func(t Throttle) bool { return t.Quota == q })
		switch {
		case known && short.Served > 0 && needed > short.Served:
			// What one quota stops does not reach the next: that one may be too small though it refused nothing.
			short.Request = free.requestFor(short, o.Region)
			list = append(list, short)
		case throttled && known:
			others = append(others, short) // enough for callers whom nothing else delays
		case throttled:
			list = append(list, short)
		}
	}
	if len(list) == 0 {
		return others, nil
	}
	return list, nil
}

// requestFor is the text with which to ask for a quota that these callers need; "" where none has a name.
func (r *Result) requestFor(s Short, region string) string {
	name := quotaNames[s.Quota]
	if name.name == "" {
		return ""
	}
	asked := cost.Shortage{Quota: name.name, Needed: s.Needed, Served: s.Served}
	callers, takes := r.Peak.Waiting, r.Wait.P50
	if r.Wait.Count == 0 { // nobody waits, but they call
		callers, takes = r.Peak.Calls, time.Duration(r.Cost.Minutes/float64(r.Callers)*float64(time.Minute))
	}
	return asked.RequestFor(name.service, region, callers, seconds(takes))
}

func seconds(d time.Duration) float64 { return math.Round(d.Seconds()) }
