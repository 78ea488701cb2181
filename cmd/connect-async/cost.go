package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/cost"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/verify"
)

// costOptions are the flags of `cost`.
type costOptions struct {
	dir      string
	stage    string
	load     cost.Load
	prices   priceOptions
	set      cost.Set // what the project sets, nothing without one
	watching float64  // dollars a month for alarms and metrics of the project
	contacts float64  // of the instance a month
	account  bool     // ask for the account's own quotas
	from     string   // where the seconds come from, when nobody gave them
}

func newCost(t *terminal) *cobra.Command {
	var o costOptions
	cmd := &cobra.Command{
		Use:   "cost [DIR]",
		Short: "Estimate the monthly cost and check it against AWS quotas",
		Long: `Estimate what a month costs in every style of waiting and results mode, what the time of callers who wait
costs beside it, and check the load against the default quotas of an account; with --account against those of your own,
in the Region of the AWS CLI or --region.

DIR is a folder with a ` + project.FileName + `, by default the current one; without a project the load is what the
flags say. A project sets the callers, how long its longest job may take by its timeouts, and which ways to wait are its
own: they are marked.

The requests of a month follow from the busiest time, 8 hours on 22 days, unless --requests gives them.

` + priceKeys,
		Example: "  connect-async cost --callers 100 --seconds 20\n  connect-async cost examples/balance --seconds 12",
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			if err := o.readProject(t, cmd.Flags().Changed, len(args) == 1); err != nil {
				return err
			}
			if o.account {
				if err := o.askAccount(cmd.Context(), cmd.Flags().Changed("region") || o.stage != ""); err != nil {
					return err
				}
			}
			return o.run(t)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.account, "account", false, "compare with the quotas of your AWS account instead of the defaults")
	flags.IntVar(&o.load.Callers, "callers", async.DefaultExpectedCallers,
		"how many callers wait at once at the busiest time; in a project its callers")
	flags.Float64Var(&o.load.Seconds, "seconds", 30, "how long the work takes; in a project as long as it may take")
	flags.Float64Var(&o.load.Requests, "requests", 0, "requests per month")
	flags.Float64Var(&o.contacts, "contacts", 0, "contacts of the instance per month, where a job has "+
		"when_caller_leaves; by default as many as requests")
	flags.IntVar(&o.load.MemoryMB, "memory", awsfacts.MinMemoryMB, "memory of the async function in MB")
	flags.StringVar(&o.stage, "stage", "", "stage of the project file, for its callers and its Region")
	o.prices.add(flags, "Region, for its quotas and the price of telephony")
	return cmd
}

// readProject takes from the project what no flag gives, and what it costs to watch it. named says that the user named
// the folder, which must hold a project then.
func (o *costOptions) readProject(t *terminal, given func(flag string) bool, named bool) error {
	if _, err := os.Stat(project.File(o.dir)); errors.Is(err, os.ErrNotExist) && !named && o.stage == "" {
		return nil
	}
	p, found := project.Read(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	if err := o.readStage(t, p, given); err != nil {
		return err
	}
	o.set = cost.SetBy(p)
	o.load.Chain, o.load.Steps = o.set.Chain, o.set.Told.Steps
	if !given("callers") {
		o.load.Callers = o.set.Callers
	}
	if !given("seconds") {
		o.load.Seconds, o.from = o.set.Seconds, " (all that "+o.set.Job+" may take; see --seconds)"
	}
	if stack, _ := deploy.Describe(p, nil); stack != nil { // export says what is wrong with it
		d := stack.Deployment(deploy.Site{})
		o.watching = cost.Watching(d.Alarms, d.Metrics)
	}
	return nil
}

// readStage takes from the stage what no flag gives: its callers count instead of the project's.
func (o *costOptions) readStage(t *terminal, p *project.Project, given func(flag string) bool) error {
	if o.stage == "" {
		return nil
	}
	stage, err := p.Stage(o.stage)
	if err != nil {
		return reportError(t, p.File, err)
	}
	p.Callers = stage.Callers
	if !given("region") {
		o.prices.region = stage.Region
	}
	return nil
}

// askAccount asks for the quotas of the account, in the Region that is given or else the user's own.
func (o *costOptions) askAccount(ctx context.Context, regionGiven bool) (err error) {
	o.load.Quotas, o.prices.region, err = accountQuotas(ctx, o.prices.region, regionGiven)
	return err
}

// accountQuotas asks for the quotas of the account by their names in Service Quotas, in the Region that is given or
// else the user's own, which it returns.
func accountQuotas(ctx context.Context, region string, given bool) (quotas map[string]float64, in string, err error) {
	if !given {
		region = ""
	}
	asked, err := newCloud(ctx, region)
	if err != nil {
		return nil, region, err
	}
	if quotas, err = asked.Quotas(ctx, awsfacts.StatesQuotas); err == nil {
		var executions int
		executions, err = asked.Concurrency(ctx)
		quotas[awsfacts.ConcurrencyQuota] = float64(executions)
	}
	if ctx.Err() != nil {
		return nil, region, errInterrupted
	}
	if err != nil {
		c := verify.Unanswered(err)
		return nil, region, usage("the quotas of the account cannot be read: %s\n%s", c.Detail, c.Remedy)
	}
	return quotas, asked.Region(), nil
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
	case !(o.contacts >= 0):
		return usage("--contacts is %g; use 0 or more.", o.contacts)
	case l.MemoryMB < awsfacts.MinMemoryMB:
		return usage("--memory is %d; use %d or more.", l.MemoryMB, awsfacts.MinMemoryMB)
	}
	prices, err := o.prices.read(t)
	if err != nil {
		return err
	}
	l.Requests = cmp.Or(l.Requests, l.MonthlyRequests())
	fmt.Fprintf(t.out, "%d callers at once, %.0f s each%s: %s requests a second, %.0f a month.\n",
		l.Callers, l.Seconds, o.from, inDigits(l.PerSecond()), l.Requests)
	fmt.Fprintf(t.out, "Prices of %s, %s, without free tiers. "+
		"The function itself comes on top.\n\n",
		prices.AsOf, prices.Region)
	ways := cost.Ways(l, prices)
	printWays(t, ways, o.set)
	printWaiting(t, l, prices, ways[0])
	if o.watching > 0 {
		fmt.Fprintf(t.out, "  Alarms, metrics and the dashboard cost at most %.2f a month on top.\n", o.watching)
	}
	if o.set.Leaving {
		contacts := cmp.Or(o.contacts, l.Requests)
		fmt.Fprintf(t.out, "  when_caller_leaves costs about %.2f a month on top, with %.0f contacts of the instance; "+
			"see --contacts.\n", cost.Leaving(l, contacts, prices), contacts)
	}
	o.printProgress(t, l, prices)
	printShortages(t, l, ways)
	if cost.NativeModeDoes(l) {
		fmt.Fprintf(t.out, "\nFor one function of at most %.0f s, in a flow where Wait is allowed, "+
			"Connect's own asynchronous mode does without all this.\n", awsfacts.AsynchronousLimit.Seconds())
	}
	return nil
}

// inDigits is a rate with one decimal, or two digits where that would say nothing.
func inDigits(rate float64) string {
	if rate < 1 {
		return fmt.Sprintf("%.2g", rate)
	}
	return fmt.Sprintf("%.1f", rate)
}

// printProgress prints what progress costs, and from how many callers on it has gaps.
func (o costOptions) printProgress(t *terminal, l cost.Load, prices awsfacts.Prices) {
	told := o.set.Told
	if dollars := cost.Progress(l, told, prices); dollars > 0 {
		parts := []string{"a write for each sentence"}
		if told.Steps > 0 {
			parts = append(parts, fmt.Sprintf("%d steps, each a state transition and a write", told.Steps))
		}
		if told.Reports > 0 {
			parts = append(parts, fmt.Sprintf("the reports of %d functions", told.Reports))
		}
		t.paragraph("  ", fmt.Sprintf("progress costs about %.2f a month on top: %s.", dollars,
			strings.Join(parts, ", ")))
	}
	if most := cost.HistoryCallers(l); told.History != "" && l.Callers > most {
		fmt.Fprintf(t.out, "  With more than %d callers at once some replies of the job %s do not say the step:\n"+
			"  it comes from GetExecutionHistory, unless the job has steps and results: table.\n", most, told.History)
	}
}

// printWays prints the ways to wait. Those of the project are marked.
func printWays(t *terminal, ways []cost.Way, set cost.Set) {
	fmt.Fprintln(t.out, "  style  results   $ a month   callers' time  checks  DescribeExecution  busy environments")
	for _, w := range ways {
		describes := "none"
		if w.Describes > 0 {
			describes = fmt.Sprintf("%.1f/s", w.Describes)
		}
		mark := ' '
		if set.Uses(w) {
			mark = '*'
		}
		fmt.Fprintf(t.out, "%c %-5s  %-8s  %9.2f  %14.2f  %6.0f  %-17s  %.1f\n",
			mark, w.Style, w.Results, w.Dollars, w.CallersTime, w.Checks, describes, w.Concurrency)
	}
	switch {
	case len(set.Styles) > 0:
		fmt.Fprintln(t.out, "\n* as this project waits")
	case len(set.Results) > 0:
		fmt.Fprintln(t.out, "\n* with the results of this project, whose flows are its own")
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
	if !p.TelephonyKnown {
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
		whose := fmt.Sprintf("default quotas of %s hold (as of %s)", l.Region, awsfacts.QuotasAsOf)
		if l.Quotas != nil {
			whose = "account's quotas in " + l.Region + " hold"
		}
		fmt.Fprintf(t.out, "  The %s.\n", whose)
	}
	for _, quota := range order {
		s := most[quota]
		served := fmt.Sprintf("%.0f by default (as of %s)", s.Served, awsfacts.QuotasAsOf)
		if _, actual := l.Quotas[quota]; actual {
			served = fmt.Sprintf("%.0f in the account", s.Served)
		}
		fmt.Fprintf(t.out, "\n%s: %.1f needed, %s. It stops:", quota, s.Needed, served)
		for i, w := range stopped[quota] {
			fmt.Fprintf(t.out, "%s %s", map[bool]string{true: ","}[i > 0], w)
		}
		fmt.Fprintf(t.out, ".\n  Text of the request, in Service Quotas:\n  %s\n", s.Request)
	}
}
