package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/page"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of `replay`.
const (
	codeLog      = "replay-log"      // the log cannot be read
	codeContacts = "replay-contacts" // it has several contacts, or not the one that was asked for
)

// replayOptions are the flags of `replay`.
type replayOptions struct {
	logs     []string
	flows    []string
	contact  string
	group    string
	region   string
	since    time.Duration
	hungUp   string
	settled  string
	scenario string
	report   string
	svg      string
	json     bool
	withData bool
}

func newReplay(t *terminal) *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay [LOG...]",
		Short: "Show a real call from its contact flow log, and where it differs from the call as it is played here",
		Long: `Lay the contact flow log of a real call over its flow. Print what the caller heard and when, every
silence, what the functions replied, where the log differs from the flow as it is played here, and what that settles
about Amazon Connect.

LOG is a file with log events from CloudWatch in any form in which they can be saved, also compressed: one entry per
line, exports to Amazon S3, the console's CSV and JSON files, the answers of aws logs filter-log-events, get-log-events
and get-query-results; or - for standard input. Several files are read as one log. Where a log has several contacts,
--contact names one. With --log-group the log is read from CloudWatch, with your credentials (logs:FilterLogEvents).

The flow is the one that was published when the call came: --flow FILE, repeated for modules and flows that it leads to.
Without --flow it is the project's above the current folder.

What belongs to the caller is masked, unless --with-data is given.`,
		Example: "  connect-async replay call.log --flow flow.json\n" +
			"  connect-async replay export.csv --contact aaaaaaaa --flow menu.json --flow balance.json --json\n" +
			"  connect-async replay --log-group /aws/connect/shop --contact aaaaaaaa-0000-4000-8000-000000000001",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.logs = args
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&o.flows, "flow", nil, "flow or module as it was published, the first one first")
	flags.StringVar(&o.contact, "contact", "", "id of the contact, or how it begins")
	flags.StringVar(&o.group, "log-group", "", "read the log of --contact from this log group of CloudWatch")
	flags.StringVar(&o.region, "region", "", "Region of the log group (default: yours)")
	flags.DurationVar(&o.since, "since", defaultSince, "how far back the log group is searched, such as 72h")
	flags.StringVar(&o.hungUp, "hung-up", "",
		"when the caller hung up, which is in no log: such as 2026-01-02T03:04:05Z (the record's DisconnectTimestamp)")
	flags.StringVar(&o.settled, "assumptions", "",
		"write what the log settles about Amazon Connect to this file, as scenarios read it; what it has is kept")
	flags.StringVar(&o.scenario, "scenario", "", "write the call to this file, as a scenario for the verb test")
	flags.StringVar(&o.report, "report", "", "write the call to this HTML file, to attach to a ticket")
	flags.StringVar(&o.svg, "svg", "", "write the call to this SVG image, on a time axis")
	flags.BoolVar(&o.json, "json", false, "print one JSON object per line, the summary last")
	flags.BoolVar(&o.withData, "with-data", false, "leave numbers, keys and what functions returned in the output")
	return cmd
}

func (o replayOptions) run(ctx context.Context, t *terminal) error {
	if err := o.checkSource(); err != nil {
		return err
	}
	known, err := o.readAssumptions(t)
	if err != nil {
		return err
	}
	if err := checkOutput(t, "--report", o.report, ".html"); err != nil {
		return err
	}
	if err := checkOutput(t, "--svg", o.svg, ".svg"); err != nil {
		return err
	}
	log, err := o.read(ctx, t)
	if err != nil {
		return err
	}
	options, err := o.prepare(t)
	if err != nil {
		return err
	}
	r, found, err := replay.Play(ctx, log.Entries, options)
	if err != nil {
		return reportError(t, o.source(), err)
	}
	if err := report(t.err, found); r == nil {
		return err
	}
	if err := o.print(t, r); err != nil {
		return err
	}
	if err := o.writeAssumptions(t, known, r); err != nil {
		return err
	}
	if err := o.writePictures(t, r); err != nil {
		return err
	}
	return o.writeScenario(ctx, t, r)
}

// prepare reads what the log is laid over, and checks the flags that depend on it.
func (o replayOptions) prepare(t *terminal) (replay.Options, error) {
	options, found := o.options()
	if err := report(t.err, found); err != nil {
		return options, err
	}
	if o.scenario != "" {
		if err := checkNewScenario("--scenario", o.scenario, options.Project); err != nil {
			return options, err
		}
	}
	if o.hungUp == "" {
		return options, nil
	}
	var err error
	if options.HungUp, err = time.Parse(time.RFC3339, o.hungUp); err != nil {
		return options, usage("--hung-up must be a time such as 2026-01-02T03:04:05Z, not %q.", o.hungUp)
	}
	return options, nil
}

// print prints the call, masked unless the caller's data is wanted.
func (o replayOptions) print(t *terminal, r *replay.Replay) error {
	if !o.withData {
		r = r.Masked()
	}
	if o.json {
		return r.WriteJSON(t.data)
	}
	printReplay(t, r)
	return nil
}

// writeScenario writes the call as a scenario, and plays it as test does.
func (o replayOptions) writeScenario(ctx context.Context, t *terminal, r *replay.Replay) error {
	if o.scenario == "" {
		return nil
	}
	s, found, err := r.Scenario(ctx, o.withData)
	if err != nil {
		return reportError(t, o.scenario, err)
	}
	if err := report(t.err, found); err != nil {
		return err
	}
	file, err := filepath.Abs(o.scenario)
	if err == nil {
		err = createFile(file, scenario.Write(file, s))
	}
	if err != nil {
		return reportError(t, o.scenario, manifest.Unwritable(o.scenario, err))
	}
	result := call.RunScenarios(ctx, []string{o.scenario}, call.Options{Verdict: lint.Publishing})[0]
	if !result.Passed() {
		_ = report(t.err, result.Findings)
		for _, problem := range result.Problems() {
			fmt.Fprintf(t.err, "%s: %s\n", o.scenario, problem)
		}
		return failure{code: exitFailed, text: "Wrote " + o.scenario + ", which does not pass yet."}
	}
	fmt.Fprintf(t.err, "Wrote %s, which passes: connect-async test %s\n", o.scenario,
		source.Argument(filepath.ToSlash(o.scenario)))
	return nil
}

// writePictures writes the call as a page and as an image, where they are wanted.
func (o replayOptions) writePictures(t *terminal, r *replay.Replay) error {
	title := strings.Join(r.Contact.Flows, ", ")
	shown := page.NewReport(title, "contact "+r.Contact.ID+", "+r.Began().UTC().Format(replay.BeganLayout), r.Events,
		[]call.Summary{r.Summary})
	shown.WithData = o.withData
	return writeOutputs(t, output{file: o.report, write: shown.Write},
		output{file: o.svg, write: func(w io.Writer) error { return page.WriteImage(w, shown.Callers[0], o.withData) }})
}

// readAssumptions reads the file that is added to, where it exists.
func (o replayOptions) readAssumptions(t *terminal) (replay.Assumptions, error) {
	if err := checkOutput(t, "--assumptions", o.settled, ".yaml", ".yml"); err != nil || o.settled == "" {
		return nil, err
	}
	text, err := os.ReadFile(o.settled)
	if errors.Is(err, os.ErrNotExist) {
		return replay.Assumptions{}, nil
	}
	if err != nil {
		return nil, reportError(t, o.settled, source.Unreadable(o.settled, err))
	}
	known, err := replay.ReadAssumptions(o.settled, text)
	if err != nil {
		return nil, reportError(t, o.settled, err)
	}
	return known, nil
}

// writeAssumptions adds what the log settles.
func (o replayOptions) writeAssumptions(t *terminal, known replay.Assumptions, r *replay.Replay) error {
	if o.settled == "" {
		return nil
	}
	before := len(known)
	for _, name := range known.Add(r.Settled) {
		fmt.Fprintf(t.err, "%s had another value of %s: this log contradicts an earlier one.\n", o.settled, name)
	}
	if len(known) == 0 {
		fmt.Fprintln(t.err, "The log settles no assumption, so nothing was written.")
		return nil
	}
	if err := writeContent(o.settled, known.Write()); err != nil {
		return reportError(t, o.settled, err)
	}
	fmt.Fprintf(t.err, "Wrote %s: %s, %d of them new.\n", o.settled, call.Count(len(known), "assumption"),
		len(known)-before)
	return nil
}

// defaultSince is how far back a log group is searched: a search takes longer, the more a log group has.
const defaultSince = 24 * time.Hour

// checkSource refuses a call without a log, or with two of them.
func (o replayOptions) checkSource() error {
	switch {
	case len(o.logs) == 0 && o.group == "":
		return usage("replay needs a log.\nName a file with log events of CloudWatch, or - for standard input, " +
			"or pass --log-group and --contact.")
	case len(o.logs) > 0 && o.group != "":
		return usage("--log-group reads the log from CloudWatch; leave out %s.",
			strings.Join(o.logs, ", "))
	case o.group == "":
		return nil
	case !remote.IsContactID(o.contact):
		return usage("--contact is %q; --log-group needs the whole id of a contact, such as "+
			"aaaaaaaa-0000-4000-8000-000000000001.", o.contact)
	case o.since <= 0:
		return usage("--since is %s; use a time span such as 72h.", o.since)
	}
	return nil
}

// source is where the log comes from.
func (o replayOptions) source() string {
	if o.group != "" {
		return o.group
	}
	return strings.Join(o.logs, ", ")
}

// fetch reads the entries of a contact from CloudWatch.
func (o replayOptions) fetch(ctx context.Context, t *terminal) (replay.Log, error) {
	cloud, err := newCloud(ctx, o.region)
	if err != nil {
		return replay.Log{}, err
	}
	text, err := cloud.FlowLog(ctx, o.group, o.contact, t.clock.Now().Add(-o.since))
	if err != nil {
		return replay.Log{}, reportError(t, o.group, err)
	}
	log, err := replay.Parse(text)
	if err == nil && len(log.Entries) == 0 {
		err = source.Finding{Code: codeContacts, Severity: source.Error, File: o.group,
			Message: fmt.Sprintf("there is no entry of this contact in the last %s", o.since),
			Remedy: "Search further back with --since, and check that the flow switches logs on " +
				"(Set logging behavior) and that the instance writes them."}
	}
	if err != nil {
		return log, reportError(t, o.group, err)
	}
	return log, nil
}

// read reads the entries of the one contact.
func (o replayOptions) read(ctx context.Context, t *terminal) (replay.Log, error) {
	if o.group != "" {
		return o.fetch(ctx, t)
	}
	var all replay.Log
	for _, file := range o.logs {
		text, err := readInput(t, file)
		if err != nil {
			return all, reportError(t, file, source.Unreadable(file, err))
		}
		if err := source.CheckUTF16(file, text); err != nil {
			return all, reportError(t, file, err)
		}
		log, err := replay.ParseContact(text, o.contact)
		if err != nil {
			return all, reportError(t, file, source.Finding{Code: codeLog, Severity: source.Error, File: file,
				Message: err.Error()})
		}
		printSkipped(t.err, file, log)
		all.Add(log)
	}
	return o.choose(t, all)
}

// readInput reads a file, or standard input for -.
func readInput(t *terminal, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(t.in)
	}
	return os.ReadFile(file)
}

// printSkipped says what of a log was not understood, where that may matter: not the lines of others in the same log.
func printSkipped(w io.Writer, file string, log replay.Log) {
	if len(log.Skipped) == 0 || len(log.Entries) == 0 {
		return
	}
	first, of := log.Skipped[0], "log event"
	at := ""
	if first.Line > 0 {
		of, at = "line", fmt.Sprintf(" at line %d", first.Line)
	}
	fmt.Fprintf(w, "%s: %s passed over, the first of them%s: %s\n", file, call.Count(len(log.Skipped), of), at,
		first.Why)
}

// choose leaves the entries of the contact that was asked for, or of the only one.
func (o replayOptions) choose(t *terminal, log replay.Log) (replay.Log, error) {
	of := log.Of(o.contact)
	contacts := of.Contacts()
	if len(contacts) == 1 {
		return of, nil
	}
	f := source.Finding{Code: codeContacts, Severity: source.Error, File: o.source()}
	switch {
	case len(log.Entries) == 0 && log.Why() != "":
		f.Message = "the log has no entry that can be read: " + log.Why()
	case len(log.Entries) == 0 && len(log.Skipped) == 0:
		f.Message = "the log is empty"
		f.Remedy = "A flow writes to it after Set logging behavior, which flows that are generated do not have. " +
			"Put the block at the beginning, or into the flow that leads to them, and call again."
	case len(log.Entries) == 0:
		f.Message = "this is not a contact flow log: it has no entry with ContactId and ContactFlowModuleType"
		f.Remedy = "Export the log group of the instance, /aws/connect/ALIAS. " +
			"A flow writes to it after Set logging behavior."
	case len(contacts) == 0:
		f.Message = fmt.Sprintf("the log has no contact whose id begins with %q", o.contact)
		f.Remedy = "Its contacts are listed below; --contact takes the beginning of an id."
		contacts = log.Contacts()
	default:
		f.Message = fmt.Sprintf("the log has %s", call.Count(len(contacts), "contact"))
		f.Remedy = "Choose one with --contact ID, the beginning of its id."
	}
	err := report(t.err, source.Findings{f})
	printContacts(t.err, contacts)
	return of, err
}

// mostContacts is how many contacts are listed.
const mostContacts = 50

func printContacts(w io.Writer, contacts []replay.Contact) {
	for _, c := range contacts[:min(len(contacts), mostContacts)] {
		fmt.Fprintf(w, "    %s  %s  %5d s  %s  %s\n", c.ID, c.Began.UTC().Format(time.DateTime),
			int(c.Ended.Sub(c.Began).Seconds()), call.Entries(c.Entries), strings.Join(c.Flows, ", "))
	}
	if more := len(contacts) - mostContacts; more > 0 {
		fmt.Fprintf(w, "    and %d more\n", more)
	}
}

// options reads the project that is nearest above the flow, and its scenario, which says how texts are spoken, what is
// assumed, and which files modules are.
func (o replayOptions) options() (replay.Options, source.Findings) {
	options := replay.Options{Flows: o.flows, Scenario: scenario.Default(), Verdict: lint.Publishing}
	near := "."
	if len(o.flows) > 0 {
		near = filepath.Dir(o.flows[0])
	}
	file := project.Nearest(near)
	if file == "" {
		return options, nil
	}
	p, found := project.Read(file)
	if p == nil || found.HasErrors() {
		return options, found
	}
	options.Project = p
	given, more := projectScenario(p)
	options.Scenario.Flows, options.Scenario.Names = given.Flows, given.Names
	options.Scenario.Speech, options.Scenario.Lengths = given.Speech, given.Lengths
	options.Scenario.AudioLength, options.Scenario.Assumptions = given.AudioLength, given.Assumptions
	options.Scenario.Silence, options.Scenario.Callers[0].Channel = given.Silence, given.Callers[0].Channel
	return options, append(found, more...)
}

// printReplay prints the timeline, what the call came to, and what the log says about it.
func printReplay(t *terminal, r *replay.Replay) {
	title := r.Contact.ID
	if len(r.Contact.Flows) > 0 {
		title = r.Contact.Flows[0] + "    " + title
	}
	fmt.Fprintf(t.out, "\n  %s    %s, %s\n", t.strong.Render(oneLine(title)),
		t.faint.Render(r.Began().UTC().Format(replay.BeganLayout)), call.Entries(r.Contact.Entries))
	w := &timelineWriter{t: t, callers: 1}
	for _, e := range r.Events {
		w.event(e)
	}
	fmt.Fprintln(t.out)
	for _, sentence := range r.Lines() {
		printSentence(t, "  ", sentence)
	}
	printDifferences(t, r)
	printSettled(t, r)
}

// printSentence prints a text in lines that fit.
func printSentence(t *terminal, indent, text string) {
	for _, line := range wrap(oneLine(text), t.width-len(indent)) {
		fmt.Fprintln(t.out, indent+line)
	}
}

func printDifferences(t *terminal, r *replay.Replay) {
	if len(r.Differences) == 0 {
		fmt.Fprintln(t.out, "\n  The log goes the way of the flow as it is played here.")
		return
	}
	fmt.Fprintf(t.out, "\n  %s\n", t.strong.Render("Where the log differs from the call as it is played here"))
	for _, d := range r.Differences {
		printSentence(t, "  ", fmt.Sprintf("%6s  %q: %s", call.ClockTime(d.At), cmp.Or(d.Action, d.Flow), d.Words()))
		if d.Assumption != "" {
			printSentence(t, "          ",
				fmt.Sprintf("breaks the assumption %s; %s explains it", d.Assumption, d.Value))
		}
	}
}

func printSettled(t *terminal, r *replay.Replay) {
	if len(r.Settled) == 0 {
		return
	}
	fmt.Fprintf(t.out, "\n  %s\n", t.strong.Render("What the log says about Amazon Connect"))
	for _, s := range r.Settled {
		printSentence(t, "  ", s.Settles())
	}
}
