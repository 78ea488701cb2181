package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// callOptions are the flags of `call`.
type callOptions struct {
	dir          string
	flow         string
	stateMachine string
	scenario     string
	async        string
	fast         bool
	json         bool
	assumptions  bool
	logs         bool
	log          string
	prices       priceOptions
	audio        string
	voiceCommand string

	report   string
	withData bool

	keys bool
	save string
	page bool

	sound *sound // nil without audio
}

func newCall(t *terminal) *cobra.Command {
	var o callOptions
	cmd := &cobra.Command{
		Use:   "call [DIR]",
		Short: "Play a call on this machine and show what the caller hears",
		Long: `Play a call on this machine: the contact flow, the async function, the state machine and the function
behind it. Print what the caller hears and when, every silence, and how late the result was noticed.

DIR is a folder with a ` + project.FileName + `, by default the current one, or a project file of another name.
Functions run as processes, in real time; with --fast the scenario's stand-ins are used instead and time is skipped.

The expectations of the scenario are checked. Where functions really run, a function that fails must be among them
(expect: {function: FAILED}), a text must not read what the function did not return, and Connect must take the result.
The call fails, too, when the caller hears nothing for longer than the scenario's silence allows (by default 4 s).

` + priceKeys,
		Example: "  connect-async call examples/balance\n  connect-async call examples/balance --fast --json\n" +
			"  connect-async call examples/menu --fast --keys --save examples/menu/scenarios/mine.yaml",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			if o.page {
				return o.showPage(cmd, t)
			}
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.flow, "flow", "", "contact flow to play instead of the project's")
	flags.StringVar(&o.stateMachine, "state-machine", "", "state machine to run instead of the project's")
	flags.StringVar(&o.scenario, "scenario", "", "scenario file to use instead of the project's")
	flags.StringVar(&o.async, "async-function", "",
		"run the async function as a process, from this folder of its source (cmd/async-function)")
	flags.BoolVar(&o.fast, "fast", false, "skip time and use stand-ins instead of functions")
	flags.BoolVar(&o.json, "json", false, "print one JSON object per line, the summary last")
	flags.BoolVar(&o.assumptions, "assumptions", false, "list what is assumed about Connect without confirmation")
	flags.StringVar(&o.log, "log", "", "print the contact flow log instead of the timeline (supported: cloudwatch)")
	o.prices.add(flags, "Region, for the price of telephony")
	flags.StringVar(&o.audio, "audio", "", "write the call as the caller hears it to this WAV file")
	flags.StringVar(&o.voiceCommand, "voice-command", "",
		"command that speaks for --audio: {text} is the text, or its input, {file} the WAV file, or its output")
	flags.StringVar(&o.report, "report", "", "write the call to this HTML file, to attach to a ticket")
	flags.BoolVar(&o.withData, "with-data", false, "leave numbers, keys and what functions returned in the report")
	flags.BoolVar(&o.keys, "keys", false, "be the caller: press keys and type while the call goes on")
	flags.StringVar(&o.save, "save", "", "write what was done with --keys to this file, as a scenario")
	flags.BoolVar(&o.page, "page", false, "show the call on a web page, as the verb page does")
	flags.BoolVar(&o.logs, "logs", false, "print what the functions wrote to their logs, personal data included")
	return cmd
}

func (o callOptions) run(ctx context.Context, t *terminal) error {
	if o.assumptions {
		return printAssumptions(t)
	}
	if err := o.check(t); err != nil {
		return err
	}
	options, err := o.prepare(ctx, t)
	if err != nil {
		return err
	}
	if t.live && !o.fast {
		fmt.Fprintln(t.err, "Preparing the call …")
	}
	played, found := call.New(ctx, options)
	if played != nil {
		defer played.Close()
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err := report(t.err, found); played == nil {
		return err
	}
	if err := o.play(ctx, t, played, options.Scenario.Callers[0].Channel); err != nil {
		return err
	}
	if found.HasErrors() {
		return failure{code: exitFailed,
			text: "connect-async: Connect would refuse to publish this flow; see the errors above."}
	}
	return nil
}

// check checks the flags. It refuses files that cannot be written, before a call is played for them.
func (o callOptions) check(t *terminal) error {
	if o.log != "" && o.log != "cloudwatch" {
		return usage("unknown log format %q (supported: cloudwatch).", o.log)
	}
	if o.withData && o.report == "" {
		return usage("--with-data is for --report FILE.html, which is missing.")
	}
	for _, to := range []struct{ flag, file, extension string }{
		{"--report", o.report, ".html"}, {"--audio", o.audio, ".wav"},
	} {
		if err := checkOutput(t, to.flag, to.file, to.extension); err != nil {
			return err
		}
	}
	return nil
}

// prepare reads what is played and in which voice.
func (o *callOptions) prepare(ctx context.Context, t *terminal) (call.Options, error) {
	p, given, found := o.read()
	if err := report(t.err, found); err != nil {
		return call.Options{}, err
	}
	if err := o.checkKeys(t, p); err != nil {
		return call.Options{}, err
	}
	if o.keys { // the scenario's callers do not do what its name says
		given.Name, given.Callers = "", given.Callers[:1]
	}
	prices, err := o.prices.read(t)
	if err != nil {
		return call.Options{}, err
	}
	if o.sound, err = o.newSound(ctx, p, given); err != nil {
		return call.Options{}, err
	}
	return call.Options{
		Project: p, Scenario: given, Flow: o.flow, StateMachine: o.stateMachine, Virtual: o.fast,
		FlowLog: o.log != "", Prices: prices, Verdict: lint.Publishing, AsyncFunction: o.async, Remote: connectRemote,
		Voice: o.sound.over(), VoiceName: o.sound.name(),
	}, nil
}

func (o callOptions) play(ctx context.Context, t *terminal, played *call.Call, channel flow.Channel) error {
	switch {
	case o.keys:
		return o.playKeys(ctx, t, played, channel)
	case o.log != "":
		return o.playLog(ctx, t, played)
	case o.json:
		return o.playJSON(ctx, t, played)
	}
	return o.playText(ctx, t, played)
}

// read reads the project, when there is one, and the scenario.
func (o callOptions) read() (*project.Project, scenario.Scenario, source.Findings) {
	p, found := o.readProject()
	if found.HasErrors() {
		return nil, scenario.Scenario{}, found
	}
	if p != nil && o.flow == "" {
		found = append(found, staleFlows(p)...)
	}
	given, more := givenScenario(o.scenario, p)
	return p, given, append(found, more...)
}

// connectRemote connects to AWS with the user's own credentials.
func connectRemote(ctx context.Context) (function.Invoker, error) {
	return remote.New(ctx, "")
}

// newCloud connects to what is deployed in AWS with the user's own credentials, in a Region, "" for the user's own. The
// error says how to get credentials.
func newCloud(ctx context.Context, region string) (*remote.Cloud, error) {
	cloud, err := remote.NewCloud(ctx, region, os.Getenv, clock.Real{})
	if err != nil {
		return nil, usage("%v\nLog in (aws sso login, aws configure), or set AWS_PROFILE and AWS_REGION.", err)
	}
	return cloud, nil
}

// readProject reads the project file. It may be missing when the flags name what is played.
func (o callOptions) readProject() (*project.Project, source.Findings) {
	_, err := os.Stat(project.File(o.dir))
	if errors.Is(err, os.ErrNotExist) && (o.scenario != "" || o.flow != "") {
		return nil, nil
	}
	return project.Read(o.dir)
}

func (o callOptions) playJSON(ctx context.Context, t *terminal, played *call.Call) error {
	enc := json.NewEncoder(t.data)
	enc.SetEscapeHTML(false)
	summaries, err := o.judged(ctx, t, played, func(e call.Event) {
		if e.Type != call.TypeLog || o.logs {
			_ = enc.Encode(e)
		}
	})
	if err != nil {
		return err
	}
	for _, summary := range summaries {
		_ = enc.Encode(summary)
	}
	printFailed(t.err, t, summaries)
	return verdict(t, summaries)
}

// playLog prints the contact flow log and nothing else.
func (o callOptions) playLog(ctx context.Context, t *terminal, played *call.Call) error {
	enc := json.NewEncoder(t.data)
	enc.SetEscapeHTML(false)
	empty := true
	summaries, err := o.judged(ctx, t, played, func(e call.Event) {
		if e.Type == call.TypeFlowLog {
			empty = false
			_ = enc.Encode(e.Log)
		}
	})
	if err != nil {
		return err
	}
	if empty {
		fmt.Fprintln(t.err, "The log is empty: no flow of the call switched logging on "+
			"(Set logging behavior, UpdateFlowLoggingBehavior).")
	}
	printFailed(t.err, t, summaries)
	return verdict(t, summaries)
}

func (o callOptions) playText(ctx context.Context, t *terminal, played *call.Call) error {
	w := newTimeline(t, played)
	w.headline(played)
	summaries, err := o.judged(ctx, t, played, w.event)
	if err != nil {
		return err
	}
	w.end()
	o.printEnd(t, w, summaries)
	return verdict(t, summaries)
}

// printEnd prints what comes after the timeline.
func (o callOptions) printEnd(t *terminal, w *timelineWriter, summaries []call.Summary) {
	w.printBroken()
	for i, summary := range summaries {
		w.summary(i, summary)
	}
	if o.logs {
		w.printLogs()
	}
	printFailed(t.out, t, summaries)
}

// judged plays a call, and tells each summary which expectations did not hold. It writes the call's sound and report.
func (o callOptions) judged(ctx context.Context, t *terminal, played *call.Call, report func(call.Event),
) ([]call.Summary, error) {
	var events []call.Event
	summaries, err := played.Play(ctx, played.Seed(), func(e call.Event) {
		events = append(events, e)
		o.sound.hear(e)
		report(e)
	})
	if err != nil {
		return nil, failure{code: exitFault, text: err.Error()}
	}
	return summaries, o.conclude(t, played, events, summaries, played.Judge(summaries, events))
}

// conclude tells each summary what did not hold, and writes the call's sound and report.
func (o callOptions) conclude(t *terminal, played *call.Call, events []call.Event, summaries []call.Summary,
	judged []call.Failure,
) error {
	var failures []call.Failure
	for _, f := range judged {
		if summaries[f.Caller].Interrupted { // most of what was expected was still to come
			continue
		}
		summaries[f.Caller].Failures = append(summaries[f.Caller].Failures, f.Message)
		failures = append(failures, f)
	}
	if err := o.sound.write(t); err != nil {
		return err
	}
	return o.writeReport(t, played, events, summaries, failures)
}

// printFailed prints the expectations that did not hold, and functions that failed though nothing expected it.
func printFailed(w io.Writer, t *terminal, summaries []call.Summary) {
	for i, s := range summaries {
		whose := ""
		if len(summaries) > 1 {
			whose = fmt.Sprintf("caller %d: ", i+1)
		}
		for _, message := range s.Failures {
			fmt.Fprintln(w)
			for n, line := range wrap(oneLine(whose+message), t.width-len("  FAIL  ")) {
				fmt.Fprintf(w, "  %s  %s\n", t.alarm.Render([]string{"FAIL", "    "}[min(n, 1)]), line)
			}
		}
	}
}

// verdict says whether the calls went as calls should: to an end that the flow meant, as the scenario expects, and
// without dead air that no caller bears.
func verdict(t *terminal, summaries []call.Summary) error {
	code := exitGood
	for _, s := range summaries {
		if s.FlowFault != nil {
			_ = report(t.err, source.Findings{*s.FlowFault})
		}
		if s.Interrupted || len(s.Failures) > 0 || s.Ending == flow.EndingFatal || s.Ending == flow.EndingGuard {
			code = exitFailed
		}
	}
	if code == exitGood {
		return nil
	}
	return failure{code: code}
}
