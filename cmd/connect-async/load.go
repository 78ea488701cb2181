package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/local"
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
	capacity bool
	ways     bool
	json     bool
	plot     string
	csv      string
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
Functions are not run: they take as long as --takes says, and return what the project's scenario says. Callers press the
keys that the scenario's first caller presses after hearing a text.

--arrivals says when callers call: "burst 400 1m" are 400 within a minute, "constant 20/min 1h" one after the other,
"poisson 20/min 1h" independent of each other, and FILE.csv has a time and a count for each quarter of an hour, such as
09:15,120. --takes and --patience are times: 12s is always that, 5s..20s evenly spread, exp:20s exponential, and
p50=10s,p90=30s,p99=60s has these percentiles. A file for --takes has times that were measured, or is an export of
CloudWatch: of logs, or of the percentiles of the metric Duration.

The quotas are AWS's defaults in the Region; --account takes those of your account, and --quota changes one. How many
calls the instance takes is not limited, unless --quota connect_calls=NUMBER says so.

--capacity scales --arrivals until the first caller hears a failure. It does so with a deployment that expects as many
callers (callers in the project file).

` + priceKeys,
		Example: "  connect-async load examples/balance --arrivals \"burst 400 1m\" --takes 20s..60s\n" +
			"  connect-async load examples/balance --arrivals \"poisson 20/min 1h\" --fail \"lambda 09:10-09:14\"",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			err := o.run(cmd.Context(), t, cmd.Flags().Changed("region"))
			if cmd.Context().Err() != nil {
				return errInterrupted
			}
			return err
		},
	}
	o.add(cmd.Flags())
	return cmd
}

// firstCall is when the first call unless --at says otherwise.
const firstCall = "09:00"

func (o *loadOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.arrivals, "arrivals", "", "when callers call (default: the project's callers within a minute)")
	flags.StringVar(&o.at, "at", firstCall, "time of day at which the first call; a CSV file has its own")
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
	flags.BoolVar(&o.capacity, "capacity", false, "search the number of callers at which the first hears a failure")
	flags.BoolVar(&o.ways, "ways", false, "the same for each style of flow and results mode, with the first job")
	flags.BoolVar(&o.json, "json", false, "print JSON instead of text")
	flags.StringVar(&o.plot, "plot", "", "draw the run, or with --capacity the wait by callers, in an SVG or PNG file")
	flags.StringVar(&o.csv, "csv", "", "write the timeline of the run to this CSV file")
	flags.BoolVar(&o.account, "account", false, "take the quotas of your AWS account instead of the defaults")
	o.prices.add(flags, "Region, for its quotas and the price of telephony")
}

// garbage is by how many percent memory grows before what is not used is freed. Go's standard is 100; a large load
// keeps so much that it would double to more than half a gigabyte.
const garbage = 70

func (o *loadOptions) run(ctx context.Context, t *terminal, regionGiven bool) error {
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	p, given, found := o.read()
	if err := report(t.err, found); err != nil {
		return err
	}
	settings, err := o.settings(ctx, t, p, regionGiven)
	if err != nil {
		return err
	}
	if err := o.checkOutputs(t); err != nil {
		return err
	}
	if o.ways {
		return o.runWays(ctx, t, load.SetupOptions{Project: p, Scenario: given}, settings)
	}
	setup, found := load.Prepare(ctx, load.SetupOptions{Project: p, Scenario: given})
	if err := report(t.err, found); err != nil {
		return err
	}
	defer func() { _ = setup.Close() }()
	if err := checkNames(settings, setup); err != nil {
		return err
	}
	if o.capacity {
		return o.runCapacity(ctx, t, setup, settings)
	}
	return o.runOnce(ctx, t, setup, settings)
}

// runOnce plays the callers.
func (o *loadOptions) runOnce(ctx context.Context, t *terminal, setup *load.Setup, settings load.Settings) error {
	result, err := setup.Run(ctx, settings)
	if err != nil {
		return err
	}
	short, err := setup.Shortages(ctx, settings, result)
	if err != nil {
		return err
	}
	if o.json {
		err = json.NewEncoder(t.data).Encode(result)
	} else {
		fmt.Fprintf(t.out, "%s\n\n", o.headline(settings, result, setup))
		err = result.WriteText(t.out, short)
	}
	if err != nil {
		return err
	}
	if err := o.write(t, result.WritePlot, result.WriteCSV); err != nil {
		return err
	}
	if !result.Suffices() || !result.Proves() {
		return failure{code: exitFailed}
	}
	return nil
}

// runCapacity searches how many callers are served.
func (o *loadOptions) runCapacity(ctx context.Context, t *terminal, setup *load.Setup, settings load.Settings) error {
	c, err := setup.Capacity(ctx, settings)
	if err != nil {
		return err
	}
	if o.json {
		err = json.NewEncoder(t.data).Encode(c)
	} else {
		err = c.WriteText(t.out)
	}
	if err != nil {
		return err
	}
	return o.write(t, c.WritePlot, nil)
}

// runWays searches how many callers are served in each style and results mode.
func (o *loadOptions) runWays(ctx context.Context, t *terminal, of load.SetupOptions, settings load.Settings) error {
	folder, err := os.MkdirTemp("", "connect-async-load")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var all []wayCapacity
	for i, w := range load.Ways() {
		setup, found := load.PrepareWay(ctx, of, w, folder)
		if setup == nil {
			return report(t.err, found)
		}
		if err := checkNames(settings, setup); err != nil {
			_ = setup.Close()
			return err
		}
		if i == 0 && !o.json {
			fmt.Fprintln(t.out, "style  results   served  first failure  first throttled  by")
		}
		c, err := setup.Capacity(ctx, settings)
		_ = setup.Close()
		if err != nil {
			return err
		}
		all = append(all, wayCapacity{Style: w.Style, Results: w.Results, Capacity: c})
		if !o.json {
			fmt.Fprintf(t.out, "%-5s  %-8s  %6d  %13s  %15s  %s\n", w.Style, w.Results, c.Callers,
				orNever(c.Failing), orNever(c.Throttled), c.By)
		}
	}
	if o.json {
		return json.NewEncoder(t.data).Encode(all)
	}
	return nil
}

// wayCapacity is what one way to wait comes to.
type wayCapacity struct {
	Style    string        `json:"style"`
	Results  string        `json:"results"`
	Capacity load.Capacity `json:"capacity"`
}

func orNever(callers int) string {
	if callers == 0 {
		return "never"
	}
	return strconv.Itoa(callers)
}

// checkOutputs checks what is to be written before anything is played.
func (o *loadOptions) checkOutputs(t *terminal) error {
	switch format := filepath.Ext(o.plot); {
	case o.plot != "" && !slices.Contains(load.PlotFormats, format):
		return usage("--plot is %q; name a file that ends in %s.", o.plot, strings.Join(load.PlotFormats, " or "))
	case o.csv != "" && (o.capacity || o.ways):
		return usage("--csv is for the timeline of one run, not for --capacity or --ways.")
	case o.plot != "" && o.ways:
		return usage("--plot is for one run or --capacity, not for --ways.")
	}
	read := []string{o.arrivals}
	for _, times := range o.takes {
		_, file, named := strings.Cut(times, "=")
		if !named {
			file = times
		}
		read = append(read, file)
	}
	if err := keepRead("--csv", o.csv, read...); err != nil {
		return err
	}
	if err := checkOutput(t, "--csv", o.csv, ".csv"); err != nil {
		return err
	}
	return checkOutput(t, "--plot", o.plot, load.PlotFormats...)
}

// write writes the files that are wanted.
func (o *loadOptions) write(t *terminal, plot func(io.Writer, string) error, csv func(io.Writer) error) error {
	return writeOutputs(t,
		output{file: o.plot, write: func(w io.Writer) error { return plot(w, filepath.Ext(o.plot)) }},
		output{file: o.csv, write: csv})
}

// headline says what was played.
func (o *loadOptions) headline(s load.Settings, r *load.Result, setup *load.Setup) string {
	quotas := "default quotas of " + s.Region
	if o.account {
		quotas = "quotas of the account in " + s.Region
	}
	return fmt.Sprintf("%s from %s (%s), %s, %s", call.Count(r.Callers, "caller"), load.TimeOfDay(r.From), s.Arrivals,
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
	given, wrong := givenScenario(o.scenario, p)
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
		if _, isFinding := errors.AsType[source.Finding](err); isFinding {
			return s, reportError(t, "", err)
		}
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
	if strings.EqualFold(filepath.Ext(o.arrivals), ".csv") {
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
		} else if name == "" {
			return fmt.Errorf("%q names no function: write FUNCTION=TIMES, such as look-up=12s", text)
		}
		if _, again := s.Takes[name]; again {
			return fmt.Errorf("--takes %s is the second for the same functions: write one", text)
		}
		if s.Takes[name], err = readTakes(times); err != nil {
			return err
		}
	}
	return nil
}

// readTakes reads a distribution, or the file of times that were measured.
func readTakes(text string) (load.Distribution, error) {
	d, err := load.ParseDistribution(text)
	if err == nil {
		return d, nil
	}
	f, unopened := os.Open(text)
	if unopened != nil {
		return d, fmt.Errorf("%w, or name a file of measured times", err)
	}
	defer func() { _ = f.Close() }()
	return load.ReadTimes(text, f)
}

// isPercentile reports whether a text is p50 or the like: then no function is meant.
func isPercentile(text string) bool {
	digits, ok := strings.CutPrefix(text, "p")
	return ok && strings.Trim(digits, "0123456789.") == ""
}

func (o *loadOptions) readArrivals(s *load.Settings) error {
	f, err := os.Open(o.arrivals)
	if err != nil {
		return source.Unreadable(o.arrivals, err)
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

// checkNames checks that the functions that are named are there.
func checkNames(s load.Settings, setup *load.Setup) error {
	for name := range s.Takes {
		if known := setup.FunctionNames(); name != "" && !slices.Contains(known, name) {
			return usage("--takes names the function %q; use one of %s.", name, strings.Join(known, ", "))
		}
	}
	for _, f := range s.Faults {
		known := setup.Invocable()
		if f.Service == local.Lambda && f.Operation != "" && !slices.Contains(known, f.Operation) {
			return usage("--fail names the function %q; use one of %s.", f.Operation, strings.Join(known, ", "))
		}
	}
	return nil
}
