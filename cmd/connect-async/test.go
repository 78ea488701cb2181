package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
)

// testOptions are the flags of `test`.
type testOptions struct {
	paths    []string
	junit    string
	json     bool
	coverage bool
	watch    bool
	real     bool
	log      string
	svg      string
	prices   priceOptions
	report   string
	withData bool
}

func newTest(t *terminal) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test [FILES or FOLDERS]",
		Short: "Play scenarios as tests, on virtual time",
		Long: `Play scenarios as tests, on virtual time, and check what is heard and when, dead air, detection delay,
branches and attributes.

In folders, by default the current one, scenarios are the YAML files whose names begin with "scenario" and those in a
folder called scenarios. Functions are not run: their stand-ins are used. A scenario that does not fix how fast speech
is must hold for the fastest and for the slowest voice. Dead air of more than 4 s fails a scenario that does not say
otherwise (silence, longest_silence).

With --real the functions run, as in call: in real time, one scenario after the other. A function that fails must be
expected. Scenarios with clock: virtual, and functions with real: false, are played as without it.

` + priceKeys,
		Example: "  connect-async test examples\n  connect-async test scenarios/slow.yaml --coverage\n" +
			"  connect-async test --real scenarios/works.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.paths = folders(args); len(args) == 0 {
				o.paths = []string{"."}
			}
			if o.watch {
				return o.runAgain(cmd.Context(), t)
			}
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.report, "report", "", "write a page for each scenario, and an index.html, into this folder")
	flags.BoolVar(&o.withData, "with-data", false, "leave numbers, keys and what functions returned in the report")
	flags.StringVar(&o.junit, "junit", "", "write the results to this file as JUnit XML")
	flags.BoolVar(&o.json, "json", false,
		"print one JSON object per line for each scenario, for all of them and, with --coverage, for each flow")
	flags.BoolVar(&o.coverage, "coverage", false, "list the branches of the flows that no scenario takes")
	flags.StringVar(&o.log, "log", "", "write the contact flow logs to this file, as Connect writes them to CloudWatch")
	flags.StringVar(&o.svg, "svg", "",
		"folder to write an image of each flow to, with the branches marked that no scenario takes")
	o.prices.add(flags, "Region, for the price of telephony")
	flags.BoolVar(&o.real, "real", false, "run the functions, in real time, instead of their stand-ins")
	flags.BoolVar(&o.watch, "watch", false, "run again whenever a file changes that a scenario uses")
	return cmd
}

func (o testOptions) run(ctx context.Context, t *terminal) error {
	if err := o.check(t); err != nil {
		return err
	}
	files, err := call.FindScenarios(o.paths)
	if err != nil {
		return reportError(t, "", err)
	}
	if len(files) == 0 {
		return failure{code: exitUsage, text: "There is no scenario in " + strings.Join(o.paths, ", ") +
			`: no YAML file whose name begins with "scenario", and none in a folder called scenarios.`}
	}
	prices, err := o.prices.read(t)
	if err != nil {
		return err
	}
	if t.live && o.real {
		fmt.Fprintf(t.err, "Playing %s in real time …\n", call.Count(len(files), "scenario"))
	}
	results := call.RunScenarios(ctx, files, call.Options{
		FlowLog: o.log != "", Prices: prices, Verdict: lint.Publishing, Real: o.real, Remote: connectRemote,
	})
	warnStale(t, files)
	o.print(t, results)
	if err := o.write(t, results); err != nil {
		return err
	}
	return testVerdict(results)
}

// check checks the flags before anything is played.
func (o testOptions) check(t *terminal) error {
	if o.withData && o.report == "" {
		return usage("--with-data is for --report FOLDER, which is missing.")
	}
	if err := checkOutput(t, "--junit", o.junit, ".xml"); err != nil {
		return err
	}
	return checkOutput(t, "--log", o.log, ".json", ".jsonl", ".log", ".txt")
}

// write writes the files that are wanted of the results.
func (o testOptions) write(t *terminal, results []call.Result) error {
	if o.junit != "" {
		if err := writeFile(o.junit, func(w io.Writer) error { return writeJUnit(w, results) }); err != nil {
			return reportError(t, o.junit, err)
		}
	}
	if o.report != "" {
		if err := writeReports(t, o.report, o.withData, results); err != nil {
			return err
		}
	}
	if o.log != "" {
		if err := writeFile(o.log, func(w io.Writer) error { return writeFlowLogs(w, results) }); err != nil {
			return reportError(t, o.log, err)
		}
	}
	if o.svg != "" {
		if err := drawCoverage(o.svg, results); err != nil {
			return reportError(t, o.svg, err)
		}
	}
	return nil
}

func (o testOptions) print(t *terminal, results []call.Result) {
	printAll, printBranches := printResults, printCoverage
	if o.json {
		printAll, printBranches = printResultsJSON, printCoverageJSON
	}
	printAll(t, results)
	if o.coverage {
		printBranches(t, call.CoverageOf(results))
	}
}

func testVerdict(results []call.Result) error {
	code := exitGood
	for _, r := range results {
		switch {
		case r.Findings.HasErrors() && r.Summaries == nil:
			code = exitUsage
		case !r.Passed() && code == exitGood:
			code = exitFailed
		}
	}
	if code == exitGood {
		return nil
	}
	return failure{code: code}
}

// folders are the paths with each link to a folder replaced by the folder. A path that does not exist stays as it is.
func folders(paths []string) []string {
	var resolved []string
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if folder, err := filepath.EvalSymlinks(path); err == nil {
				path = folder
			}
		}
		resolved = append(resolved, path)
	}
	return resolved
}
