// Package cost estimates what a month costs in each style of waiting and results mode, the time of callers included,
// and which quotas it exceeds.
//
// It imports internal/awsfacts for prices and quotas, internal/async, internal/project and internal/style for what a
// check does, and internal/source. It is arithmetic on values: it asks nobody, and keeps nothing.
package cost

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/style"
)

// Load is what a set-up has to serve.
type Load struct {
	Callers  int     // who wait at once at the busiest time
	Seconds  float64 // that the work takes
	Chain    int     // how many functions it is, one after the other; 0 counts as one
	Steps    int     // that the state machine writes, of a job with progress
	Requests float64 // a month
	Region   string
	MemoryMB int // of the async function
	// Quotas are those of the account, by their names in Service Quotas. Those that are missing have their defaults.
	Quotas map[string]float64
}

// quota is how much of a quota there is.
func (l Load) quota(name string, standard float64) float64 {
	if actual, ok := l.Quotas[name]; ok {
		return actual
	}
	return standard
}

// rate is how often a second an API may be called.
func (l Load) rate(api string, standard awsfacts.Rate) float64 {
	return l.quota(awsfacts.RefillQuota(api), standard.PerSecond)
}

// Busy hours from which the requests of a month follow when nobody gives them: 8 hours on 22 days.
const busySeconds = 8 * 3600 * 22

// PerSecond is how many requests begin each second at the busiest time.
func (l Load) PerSecond() float64 { return float64(l.Callers) / l.Seconds }

// MonthlyRequests are the requests of a month in which the busiest time lasts 8 hours on 22 days.
func (l Load) MonthlyRequests() float64 { return l.PerSecond() * busySeconds }

// Way is one way to wait: a style of flow and a results mode, with what it costs and needs.
type Way struct {
	Style, Results string  // as the project file writes them
	Dollars        float64 // a month: Step Functions, Lambda and DynamoDB
	CallersTime    float64 // dollars a month that Connect takes for minutes or messages, without telephony
	Checks         float64 // a request
	Describes      float64 // calls of DescribeExecution a second
	Concurrency    float64 // environments of the async function that are busy at once
}

// checkSeconds is how long one look of the async function takes; an assumption, like that of its start.
const checkSeconds = 0.03

// periods are the seconds between two checks of the styles that do not hold them.
var periods = []struct {
	style  style.Style
	period float64
}{
	{style: style.Poll, period: style.PollSeconds},
	{style: style.Chat, period: style.ChatSeconds},
	{style: style.Queue, period: style.QueueSeconds},
}

// Ways works out every style in every results mode.
func Ways(l Load, p awsfacts.Prices) []Way {
	var ways []Way
	for _, results := range []string{project.ResultsDescribed, project.ResultsInTable, project.ResultsByEvent} {
		for _, s := range periods {
			checks := math.Ceil(l.Seconds / s.period)
			u := usage{checks: checks, looks: checks, busy: (1 + checks) * checkSeconds, period: s.period}
			ways = append(ways, way(l, p, s.style, results, u))
		}
		ways = append(ways, heldWay(l, p, results))
	}
	return ways
}

// usage is what one request uses.
type usage struct {
	checks float64 // invocations after the start
	looks  float64 // at the execution or the table
	busy   float64 // seconds in which an environment of the async function is busy
	period float64 // seconds between two looks of one caller
}

// callersTime is what Connect takes for one wait: its minutes, or in a chat its messages.
func (l Load) callersTime(s style.Style, p awsfacts.Prices) float64 {
	if s == style.Chat {
		const every = style.ChatSeconds * (style.ChatQuiet + 1)
		return (1 + math.Floor(l.Seconds/every)) * p.ChatMessage
	}
	return p.Voice(l.wait())
}

func (l Load) wait() time.Duration { return time.Duration(l.Seconds * float64(time.Second)) }

// heldWay is the style wait: a check is held until the end, and a short one reads the result.
func heldWay(l Load, p awsfacts.Prices, results string) Way {
	period := async.TableEvery.Seconds()
	if results == project.ResultsDescribed {
		rate := l.rate("DescribeExecution", awsfacts.DescribeExecutionRate(l.Region))
		period = min(max(float64(l.Callers)/rate, async.DescribeEvery.Seconds()), async.MaxDescribeEvery.Seconds())
	}
	checks := math.Ceil(l.Seconds/async.MaxHold.Seconds()) + 1
	return way(l, p, style.Wait, results, usage{
		checks: checks, looks: math.Ceil(l.Seconds / period), busy: l.Seconds + 2*checkSeconds, period: period,
	})
}

func way(l Load, p awsfacts.Prices, s style.Style, results string, u usage) Way {
	lambda := (1+u.checks)*p.LambdaRequest + u.busy*float64(l.MemoryMB)/1024*p.LambdaGBSecond
	w := Way{Style: string(s), Results: results, Checks: u.checks, Concurrency: l.PerSecond() * u.busy}
	writes := 2.0 // the start's and the end's
	switch results {
	case project.ResultsDescribed:
		w.Describes, writes = float64(l.Callers)/u.period, 0
	case project.ResultsInTable:
		writes = 3 // the state machine writes the end, too
	}
	if writes > 0 {
		ends := p.LambdaRequest + checkSeconds*float64(l.MemoryMB)/1024*p.LambdaGBSecond // events of AWS cost nothing
		lambda += ends + writes*p.DynamoDBWrite + u.looks*p.DynamoDBRead
	}
	w.Dollars = l.Requests * (lambda + l.transitions(results)*p.StateTransition)
	w.CallersTime = l.Requests * l.callersTime(s, p)
	return w
}

// transitions are those of one request, without progress: one for each function, and one for the write of the end.
func (l Load) transitions(results string) float64 {
	n := max(l.Chain, 1)
	if results == project.ResultsInTable {
		n++
	}
	return float64(n)
}

// Shortage is a quota that does not hold, and the text with which to ask for more.
type Shortage struct {
	Quota          string  // its name in Service Quotas
	Needed, Served float64 // by the load, and in the account or by default
	Request        string  // the text with which to ask for more
}

// RequestFor is the text with which to ask for more of a quota of a service, half as much again as is needed: for so
// many callers at once, each for so many seconds.
func (s Shortage) RequestFor(service, region string, callers int, seconds float64) string {
	return fmt.Sprintf("We run %d callers at once in %s through AWS Step Functions for Amazon Connect, "+
		"each for about %.0f s. Please raise the quota %q of %s from %s to %.0f.",
		callers, region, seconds, s.Quota, service, strconv.FormatFloat(s.Served, 'f', -1, 64), math.Ceil(s.Needed*1.5))
}

// Shortages are the quotas that a load exceeds in a way of waiting. Lambda's concurrent executions count the
// async function and the wrapped one, which runs once for each caller.
func Shortages(l Load, w Way) []Shortage {
	var list []Shortage
	add := func(quota, service string, needed, served float64) {
		if needed > served {
			s := Shortage{Quota: quota, Needed: needed, Served: served}
			s.Request = s.RequestFor(service, l.Region, l.Callers, l.Seconds)
			list = append(list, s)
		}
	}
	rate := func(api string, needed float64, standard awsfacts.Rate) {
		add(awsfacts.RefillQuota(api), "AWS Step Functions", needed, l.rate(api, standard))
	}
	rate("DescribeExecution", w.Describes, awsfacts.DescribeExecutionRate(l.Region))
	rate("StartExecution", l.PerSecond(), awsfacts.StartExecutionRate(l.Region))
	transitions := max(l.transitions(project.ResultsInTable)+float64(l.Steps), 3) // a retry or two included
	rate("StateTransition", transitions*l.PerSecond(), awsfacts.StateTransitionRate(l.Region))
	add(awsfacts.ConcurrencyQuota, "AWS Lambda", float64(l.Callers)+w.Concurrency,
		l.quota(awsfacts.ConcurrencyQuota, awsfacts.ConcurrentExecutions))
	return list
}

// NativeModeDoes reports whether Connect's own asynchronous mode serves the work: one function that is fast enough.
func NativeModeDoes(l Load) bool { return l.Seconds <= awsfacts.AsynchronousLimit.Seconds() }
