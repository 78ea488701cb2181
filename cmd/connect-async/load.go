package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// loadOptions are the flags of `load`.
type loadOptions struct {
	dir      string
	scenario string
	arrivals string
	at       string
	takes    []string
	patience string
	fail     []string
	quotas   []string
	results  string
	seed     uint64
	account  bool
	prices   priceOptions
}

func newLoad(t *terminal) *cobra.Command {
	var o loadOptions
	cmd := &cobra.Command{
		Use:   "load [DIR]",
		Short: "Play thousands of callers against the quotas of an account",
		Long: `Play thousands of callers at once, on virtual time: the project's flow, its async function and its state
machines, against the quotas of one AWS account. Print how many are told the result, how many hear a failure and why,
how long they wait, which quota stops them and when, what it costs, and what to write in the quota request.

DIR is a folder with a ` + project.FileName + `, by default the current one, or a project file of another name.
Functions are not run: they take as long as --takes says, and return what the project's scenario says. Callers listen
and press no keys.

--arrivals says when callers call: "burst 400 1m" are 400 within a minute, "constant 20/min 1h" one after the other,
"poisson 20/min 1h" independent of each other, and FILE.csv has a time and a count for each quarter of an hour, such as
09:15,120. --takes and --patience are times: 12s is always that, 5s..20s evenly spread, exp:20s exponential, and
p50=10s,p90=30s,p99=60s has these percentiles.

The quotas are AWS's defaults in the Region; --account takes those of your account, and --quota changes one. How many
calls the instance takes is not limited, unless --quota connect_calls=NUMBER says so.

` + priceKeys,
		Example: "  connect-async load examples/balance --arrivals \"burst 400 1m\" --takes 20s..60s\n" +
			"  connect-async load examples/balance --arrivals \"poisson 20/min 1h\" --fail \"lambda 09:10-09:14\"",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(cmd.Context(), t, cmd.Flags().Changed("region"))
		},
	}
	o.add(cmd.Flags())
	return cmd
}

func (o *loadOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.arrivals, "arrivals", "", "when callers call (default: the project's callers within a minute)")
	flags.StringVar(&o.at, "at", "09:00", "time of day at which the first call; a CSV file has its own")
	flags.StringArrayVar(&o.takes, "takes", nil,
		"how long functions take, or FUNCTION=TIMES for one (default: what the scenario says)")
	flags.StringVar(&o.patience, "patience", "", "after how long callers hang up (default: never)")
	flags.StringArrayVar(&o.fail, "fail", nil, `a service that fails for a while, such as "lambda 09:10-09:14 50%"`)
	flags.StringArrayVar(&o.quotas, "quota", nil,
		"another quota, such as describe_execution=30, or =30/600 with its bucket")
	flags.StringVar(&o.results, "results", "",
		"how results are noticed, instead of the project's: describe, table, event")
	flags.StringVar(&o.scenario, "scenario", "", "scenario file to use instead of the project's")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of everything that happens by chance")
	flags.BoolVar(&o.account, "account", false, "take the quotas of your AWS account instead of the defaults")
	o.prices.add(flags, "Region, for its quotas and the price of telephony")
}

func (o *loadOptions) run(ctx context.Context, t *terminal, regionGiven bool) error {
	p, given, found := o.read()
	if err := report(t.err, found); err != nil {
		return err
	}
	settings, err := o.settings(ctx, t, p, regionGiven)
	if err != nil {
		return err
	}
	setup, found := load.Prepare(ctx, load.SetupOptions{Project: p, Scenario: given})
	if err := report(t.err, found); err != nil {
		return err
	}
	defer func() { _ = setup.Close() }()
	if err := o.checkFunctions(settings, setup.FunctionNames()); err != nil {
		return err
	}
	result, err := setup.Run(settings)
	if err != nil {
		return err
	}
	short, err := setup.Shortages(settings, result)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%s\n\n", o.headline(settings, result, setup))
	if err := result.WriteText(t.out, short); err != nil {
		return err
	}
	if !result.Suffices() {
		return failure{code: exitFailed}
	}
	return nil
}

// headline says what was played.
func (o *loadOptions) headline(s load.Settings, r *load.Result, setup *load.Setup) string {
	quotas := "default quotas of " + s.Region
	if o.account {
		quotas = "quotas of the account in " + s.Region
	}
	return fmt.Sprintf("%d callers from %s (%s), %s, %s", r.Callers, load.TimeOfDay(r.From), s.Arrivals,
		setup.Describe(s), quotas)
}

// read reads the project and the scenario that says what functions return.
func (o *loadOptions) read() (*project.Project, scenario.Scenario, source.Findings) {
	p, found := project.Read(o.dir)
	if p == nil {
		return nil, scenario.Scenario{}, found
	}
	if o.results != "" {
		for i := range p.Jobs {
			p.Jobs[i].Results = o.results
		}
	}
	file := o.scenario
	if file == "" {
		file = p.Scenario
	}
	if file == "" {
		return p, scenario.Default(), found
	}
	given, wrong := scenario.Read(file)
	return p, given, append(found, wrong...)
}

// settings are what the flags say.
func (o *loadOptions) settings(ctx context.Context, t *terminal, p *project.Project, regionGiven bool) (
	s load.Settings, err error,
) {
	switch o.results {
	case "", project.ResultsDescribed, project.ResultsInTable, project.ResultsByEvent:
	default:
		return s, usage("unknown results %q (supported: %s, %s, %s).", o.results, project.ResultsDescribed,
			project.ResultsInTable, project.ResultsByEvent)
	}
	quotas := map[string]float64{}
	if o.account {
		if quotas, o.prices.region, err = accountQuotas(ctx, o.prices.region, regionGiven); err != nil {
			return s, err
		}
	}
	s = load.Settings{Region: o.prices.region, Seed: o.seed, Takes: map[string]load.Distribution{}}
	if s.Prices, err = o.prices.read(t); err != nil {
		return s, err
	}
	s.Limits = load.LimitsIn(s.Region)
	s.Limits.SetActual(quotas)
	if err := o.readCallers(&s, p.Callers); err != nil {
		return s, usage("%v.", err)
	}
	if err := o.readAccount(&s); err != nil {
		return s, usage("%v.", err)
	}
	return s, nil
}

// readCallers reads who calls and how long it takes.
func (o *loadOptions) readCallers(s *load.Settings, callers int) (err error) {
	if o.arrivals == "" {
		o.arrivals = fmt.Sprintf("burst %d 1m", callers)
	}
	if strings.HasSuffix(o.arrivals, ".csv") {
		err = o.readArrivals(s)
	} else if s.Arrivals, err = load.ParseArrivals(o.arrivals); err == nil {
		s.Arrivals.From, err = load.ParseTime(o.at)
	}
	if err != nil {
		return err
	}
	if o.patience != "" {
		if s.Patience, err = load.ParseDistribution(o.patience); err != nil {
			return err
		}
	}
	for _, text := range o.takes {
		name, times, named := strings.Cut(text, "=")
		if !named || strings.HasPrefix(name, "p") && !project.ValidName(name) || isPercentile(name) {
			name, times = "", text
		}
		if s.Takes[name], err = load.ParseDistribution(times); err != nil {
			return err
		}
	}
	return nil
}

// isPercentile reports whether a text is p50 or the like: then no function is meant.
func isPercentile(text string) bool {
	digits, ok := strings.CutPrefix(text, "p")
	return ok && strings.Trim(digits, "0123456789.") == ""
}

func (o *loadOptions) readArrivals(s *load.Settings) error {
	f, err := os.Open(o.arrivals)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s.Arrivals, err = load.ReadArrivals(o.arrivals, f)
	return err
}

// readAccount reads what goes wrong and what the account allows.
func (o *loadOptions) readAccount(s *load.Settings) error {
	for _, text := range o.fail {
		f, err := load.ParseFault(text)
		if err != nil {
			return err
		}
		s.Faults = append(s.Faults, f)
	}
	for _, text := range o.quotas {
		if err := s.Limits.Set(text); err != nil {
			return err
		}
	}
	return nil
}

// checkFunctions checks that the functions that are named are there.
func (o *loadOptions) checkFunctions(s load.Settings, known []string) error {
	for name := range s.Takes {
		if name != "" && !slices.Contains(known, name) {
			return usage("--takes names the function %q; use one of %s.", name, strings.Join(known, ", "))
		}
	}
	return nil
}
