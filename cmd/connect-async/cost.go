package main

import (
	"cmp"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// costOptions are the flags of `cost`.
type costOptions struct {
	load     cost.Load
	prices   priceOptions
	watching float64 // dollars a month for alarms and metrics of the project in the current folder
}

func newCost(t *terminal) *cobra.Command {
	var o costOptions
	cmd := &cobra.Command{
		Use:   "cost",
		Short: "Estimate the monthly cost and check it against AWS quotas",
		Long: `Estimate what a month costs in every style of waiting and results mode, what the time of callers who wait
costs beside it, and check the load against the default quotas of an account.

The requests of a month follow from the busiest time, 8 hours on 22 days, unless --requests gives them.

` + priceKeys,
		Example: "  connect-async cost --callers 100 --seconds 20",
		Args:    atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.readProject(t, cmd.Flags().Changed("callers")); err != nil {
				return err
			}
			return o.run(t)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.load.Callers, "callers", async.DefaultExpectedCallers,
		"how many callers wait at once at the busiest time; default in a project's folder: its callers")
	flags.Float64Var(&o.load.Seconds, "seconds", 30, "how long the work takes")
	flags.Float64Var(&o.load.Requests, "requests", 0, "requests per month")
	flags.IntVar(&o.load.MemoryMB, "memory", awsfacts.MinMemoryMB, "memory of the async function in MB")
	o.prices.add(flags, "Region, for its quotas and the price of telephony")
	return cmd
}

// readProject takes the number of callers from the project in the current folder, and what it costs to watch it, when
// there is one and no number was given.
func (o *costOptions) readProject(t *terminal, given bool) error {
	if _, err := os.Stat(project.FileName); err != nil || given {
		return nil
	}
	p, found := project.Read(".")
	if err := report(t.err, found); err != nil {
		return err
	}
	o.load.Callers = p.Callers
	settings, _ := deploy.ReadSettings(p.File, p.Deploy)
	if stack, _ := deploy.Describe(p, settings, nil); stack != nil { // export says what is wrong with it
		d := stack.Deployment("")
		o.watching = cost.Watching(d.Alarms, d.Metrics)
	}
	return nil
}

func (o costOptions) run(t *terminal) error {
	l := o.load
	l.Region = o.prices.region
	switch {
	case l.Callers < 1 || l.Callers > async.MaxExpectedCallers:
		return usage("--callers is %d; use 1 to %d.", l.Callers, async.MaxExpectedCallers)
	case !(l.Seconds > 0 && l.Seconds <= 86400):
		return usage("--seconds is %g; use more than 0 and at most 86400.", l.Seconds)
	case !(l.Requests >= 0):
		return usage("--requests is %g; use 0 or more.", l.Requests)
	case l.MemoryMB < awsfacts.MinMemoryMB:
		return usage("--memory is %d; use %d or more.", l.MemoryMB, awsfacts.MinMemoryMB)
	}
	prices, err := o.prices.read(t)
	if err != nil {
		return err
	}
	l.Requests = cmp.Or(l.Requests, l.MonthlyRequests())
	fmt.Fprintf(t.out, "%d callers at once, %.0f s each: %.1f requests a second, %.0f a month.\n",
		l.Callers, l.Seconds, l.PerSecond(), l.Requests)
	fmt.Fprintf(t.out, "Prices of %s, %s, without free tiers. "+
		"The function itself comes on top.\n\n",
		prices.AsOf, prices.Region)
	ways := cost.Ways(l, prices)
	printWays(t, ways)
	printWaiting(t, l, prices, ways[0])
	if o.watching > 0 {
		fmt.Fprintf(t.out, "  Alarms, metrics and the dashboard cost at most %.2f a month on top.\n", o.watching)
	}
	printShortages(t, l, ways)
	if cost.NativeModeDoes(l) {
		fmt.Fprintf(t.out, "\nFor one function of at most %.0f s, in a flow where Wait is allowed, "+
			"Connect's own asynchronous mode does without all this.\n", awsfacts.AsynchronousLimit.Seconds())
	}
	return nil
}

func printWays(t *terminal, ways []cost.Way) {
	fmt.Fprintln(t.out, "  style  results   $ a month   callers' time  checks  DescribeExecution  busy environments")
	for _, w := range ways {
		describes := "none"
		if w.Describes > 0 {
			describes = fmt.Sprintf("%.1f/s", w.Describes)
		}
		fmt.Fprintf(t.out, "  %-5s  %-8s  %9.2f  %14.2f  %6.0f  %-17s  %.1f\n",
			w.Style, w.Results, w.Dollars, w.CallersTime, w.Checks, describes, w.Concurrency)
	}
}

// printWaiting says what callers' time costs, beside one of the ways to wait.
func printWaiting(t *terminal, l cost.Load, p awsfacts.Prices, w cost.Way) {
	waiting := cost.WaitingFor(l, p, w)
	fmt.Fprintln(t.out)
	say := func(format string, args ...any) { t.paragraph("  ", fmt.Sprintf(format, args...)) }
	say("Callers' time is what Amazon Connect takes while they wait: $%.3f a minute, $%.3f a chat message (%s).",
		p.VoiceMinute, p.ChatMessage, p.ConnectAsOf)
	times := ""
	if waiting.Times > 0 {
		times = fmt.Sprintf(", about %.0f times the orchestration ($%.5f with %s, %s)",
			twoDigits(waiting.Times), waiting.Orchestration, w.Style, w.Results)
	}
	say("A wait of %g s costs $%.4f a call%s.", l.Seconds, waiting.Call, times)
	say("Each second by which results are noticed later costs $%.0f a month.", waiting.Second)
	if p.TelephonyMinute == 0 {
		say("Telephony comes on top; give its price in %s as telephony_minute in a file for --prices.", l.Region)
		return
	}
	say("Telephony comes on top: $%.4f a minute to a number of the Region's country, $%.4f a call, $%.0f a month for "+
		"that second.", p.TelephonyMinute, waiting.CallTelephony, waiting.SecondTelephony)
}

// twoDigits rounds a number to its first two digits.
func twoDigits(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64) // it was written here
	return rounded
}

// printShortages prints each quota that does not hold once, with the ways that it stops.
func printShortages(t *terminal, l cost.Load, ways []cost.Way) {
	stopped := map[string][]string{}
	most := map[string]cost.Shortage{}
	var order []string
	for _, w := range ways {
		for _, s := range cost.Shortages(l, w) {
			if stopped[s.Quota] == nil {
				order = append(order, s.Quota)
			}
			stopped[s.Quota] = append(stopped[s.Quota], w.Style+" with "+w.Results)
			if s.Needed > most[s.Quota].Needed {
				most[s.Quota] = s
			}
		}
	}
	if len(order) == 0 {
		fmt.Fprintf(t.out, "  The default quotas of %s hold (as of %s).\n", l.Region, awsfacts.QuotasAsOf)
	}
	for _, quota := range order {
		s := most[quota]
		fmt.Fprintf(t.out, "\n%s: %.1f needed, %.0f by default (as of %s). It stops:",
			quota, s.Needed, s.Served, awsfacts.QuotasAsOf)
		for i, w := range stopped[quota] {
			fmt.Fprintf(t.out, "%s %s", map[bool]string{true: ","}[i > 0], w)
		}
		fmt.Fprintf(t.out, ".\n  Text of the request, in Service Quotas:\n  %s\n", s.Request)
	}
}
