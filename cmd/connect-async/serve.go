package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/loopback"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// serveOptions are the flags of `serve`.
type serveOptions struct {
	dir        string
	port       int
	lambdaPort int
	clock      string
	data       string
	tables     map[string]string
	dynamodb   string
	logs       bool
	json       bool
	export     string
}

func newServe(t *terminal) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Serve the APIs of Step Functions, DynamoDB and Lambda on this machine",
		Long: `Serve the APIs of Step Functions, DynamoDB and Lambda on 127.0.0.1, for the AWS CLI and SDKs. DIR is a
folder with a ` + project.FileName + `, by default the current one. Its functions, state machines and async function are
there from the start. Functions that are only in AWS, or are not to be run, have the stand-ins of the project's
scenario. Without the file the server starts empty.

Nothing is kept when it ends, unless --data names a folder: state machines, executions, tables and task tokens are then
in a file there, and go on when the server is started again, also after a crash.

Each invocation and each execution is a line when it has ended; what a function logged follows. A change of code, of an
env_file, or of the project file and what it names is said, and counts from the next invocation on.

What state machines send to SQS, SNS and EventBridge is kept: a line says how much was sent where, and
http://HOST:PORT` + messagesPath + ` has it as JSON. GET lists the messages, DELETE lists and removes them.

Clients find the server by variables. --export prints the commands that set them and ends, whether or not a server runs:

  eval "$(connect-async serve --export)"                                          bash, zsh
  connect-async serve --export=powershell | Out-String | Invoke-Expression        PowerShell

Functions that run here use this Step Functions, too, to return task tokens, unless their env_file sets
` + endpointSFN + `. With --clock virtual, waits, retries and timeouts pass at once, but never while a function
runs or a task token is open. With --clock manual, time passes only when a client says so.

Tests in other languages start a server of their own with --json and --port 0: the first line of standard output is a
JSON object with the ports, the environment for clients, and the addresses of the clock and of the messages. All else is
on standard error.`,
		Example: "  connect-async serve examples/balance\n  connect-async serve --clock virtual --table orders=id\n" +
			`  eval "$(connect-async serve --export)"`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			if cmd.Flags().Changed("export") {
				return o.printExports(t)
			}
			return o.run(cmd.Context(), t, len(args) == 1)
		},
	}
	o.addFlags(cmd)
	return cmd
}

func (o *serveOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&o.port, "port", defaultStatesPort, "port of Step Functions and DynamoDB; 0 means any free one")
	flags.IntVar(&o.lambdaPort, "lambda-port", defaultLambdaPort, "port of Lambda; 0 means any free one")
	flags.StringVar(&o.clock, "clock", clockReal,
		"real; virtual: time is skipped while nothing runs; or manual: time passes when a client says so")
	flags.StringVar(&o.data, "data", "", "`folder` in which everything is kept when the server ends")
	flags.StringToStringVar(&o.tables, "table", nil,
		"DynamoDB table to add, as NAME=KEY; KEY is the name of its partition key")
	flags.StringVar(&o.dynamodb, "dynamodb", "",
		"`address` of a DynamoDB to which all its requests are sent, such as http://127.0.0.1:8000")
	flags.BoolVar(&o.logs, "logs", true, "print what functions log and say in errors, personal data included")
	flags.BoolVar(&o.json, "json", false, "print one JSON object that says where the server is, for programs")
	flags.StringVar(&o.export, "export", "", "print the commands that set a client's variables: sh or powershell")
	flags.Lookup("export").NoOptDefVal = shellPOSIX
}

// run serves until ctx is done. named says that the user named the folder, which must hold a project then.
func (o serveOptions) run(ctx context.Context, t *terminal, named bool) error {
	if err := o.check(); err != nil {
		return err
	}
	programs := t.data
	if o.json {
		people := *t
		people.out, t = t.err, &people
	}
	p, found := readOptionalProject(o.dir, named)
	if err := report(t.err, found); err != nil {
		return err
	}
	log := &serveLog{t: t, logs: o.logs}
	states, err := listen(o.port, "--port")
	if err != nil {
		return err
	}
	defer states.Close()
	lambda, err := listen(o.lambdaPort, "--lambda-port")
	if err != nil {
		return err
	}
	defer lambda.Close()
	data, found := openData(o.data)
	if err := report(t.err, found); err != nil {
		return err
	}
	defer data.close()
	tables, err := newDynamoDB(ctx, o.dynamodb)
	if err != nil {
		return err
	}
	s, found := newLocalServer(ctx, o, p, data, tables, "http://"+states.Addr().String(), log)
	defer s.close()
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err := report(t.err, found); err != nil {
		return err
	}
	if o.json {
		s.printJSON(programs, states, lambda)
	}
	s.print(t, o, states, lambda)
	return s.serve(ctx, t, states, lambda)
}

// check checks the flags that depend on each other.
func (o serveOptions) check() error {
	if o.clock != clockReal && o.clock != clockVirtual && o.clock != clockManual {
		return usage("unknown clock %q (supported: real, virtual, manual).", o.clock)
	}
	if o.data != "" && o.clock != clockReal {
		return usage("--data needs real time: the time of other clocks begins with the server.\n" +
			"Leave out --clock or --data.")
	}
	return o.checkDynamoDB()
}

// readOptionalProject reads the project of a folder; nil when there is none and nobody named it.
func readOptionalProject(dir string, named bool) (*project.Project, source.Findings) {
	if _, err := os.Stat(project.File(dir)); errors.Is(err, os.ErrNotExist) && !named {
		return nil, nil
	}
	return project.ReadFunctions(dir)
}

// serve answers on both ports until ctx is done.
func (s *localServer) serve(ctx context.Context, t *terminal, states, lambda net.Listener) error {
	s.lambda = lambdaapi.New(lambdaapi.Options{Clock: clock.Real{}, Functions: s.functions})
	defer s.lambda.Close()
	s.account.Resume()
	api := http.NewServeMux()
	api.Handle("/", s.statesAPI())
	api.Handle(clockPath, loopback.Only(http.HandlerFunc(s.serveClock)))
	api.Handle(messagesPath, loopback.Only(http.HandlerFunc(s.serveMessages)))
	err := serveAll(ctx, s, map[net.Listener]http.Handler{states: api, lambda: s.lambda})
	if lost := s.account.Close(); err == nil && lost != nil {
		err = serveFailed(lost)
	}
	if s.data != nil {
		fmt.Fprintf(t.out, "Stopped. Executions that go on with --data %s: %d.\n", s.options.data, s.account.Running())
	} else {
		fmt.Fprintf(t.out, "Stopped. Executions that were still running: %d.\n", s.account.Running())
	}
	return err
}

// statesAPI answers for Step Functions and DynamoDB.
func (s *localServer) statesAPI() http.Handler {
	api := statesapi.New(s.account)
	if s.dynamodb != nil {
		return s.dynamodb.pass(api)
	}
	return api
}

// serveFailed is the failure of a server that cannot go on.
func serveFailed(err error) error {
	return failure{code: exitFault, text: fmt.Sprintf("connect-async: %v", err)}
}

func listen(port int, flag string) (net.Listener, error) {
	if port < 0 || port > math.MaxUint16 {
		return nil, usage("%s is %d, which is not a port.\nUse 0 to %d; 0 means any free port.",
			flag, port, math.MaxUint16)
	}
	l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, usage("%v\nChoose another port with %s.", err, flag)
	}
	return l, nil
}

// serveAll runs the servers and the virtual clock until ctx is done or one of them fails.
func serveAll(ctx context.Context, s *localServer, handlers map[net.Listener]http.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	failed := make(chan error, len(handlers)+1)
	for listener, handler := range handlers {
		server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		running.Go(func() {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
				stop()
			}
		})
		running.Go(func() {
			<-ctx.Done()
			shutDown(server)
		})
	}
	running.Go(func() {
		select {
		case err := <-s.broken:
			failed <- err
			stop()
		case <-ctx.Done():
		}
	})
	if s.virtual != nil {
		running.Go(func() { s.virtual.Serve(ctx) })
	}
	if s.workspace != nil {
		running.Go(func() { s.watch(ctx) })
	}
	running.Wait()
	select {
	case err := <-failed:
		return serveFailed(err)
	default:
		return nil
	}
}

// shutDown lets a server finish its answers, but not wait for long: a request may be held open.
func shutDown(server *http.Server) {
	real := clock.Real{}
	ctx, cancel := real.WithDeadline(context.Background(), real.Now().Add(time.Second))
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close() // what remains is cut off
	}
}

// notInstalled says which runtimes the project names that are not installed.
func (s *localServer) notInstalled() []string {
	if s.workspace == nil {
		return nil
	}
	var sentences []string
	for _, f := range s.workspace.Functions {
		if sentence := f.NotInstalled(); sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// print says what is served and what to set.
func (s *localServer) print(t *terminal, o serveOptions, states, lambda net.Listener) {
	var b strings.Builder
	for _, sentence := range s.notInstalled() {
		fmt.Fprintln(&b, sentence)
	}
	fmt.Fprintf(&b, "Serving on this machine, in %s time. Stop with Ctrl-C. In another terminal, set\n\n", o.clock)
	for _, v := range clientVariables(states.Addr().String(), lambda.Addr().String()) {
		fmt.Fprintln(&b, "  "+v.set(shellPOSIX))
	}
	fmt.Fprintf(&b, "\nor with one command: %s\n\n", exportCommand(portOf(states), portOf(lambda)))
	for _, m := range s.account.StateMachines() {
		fmt.Fprintln(&b, "  state machine  "+m.ARN)
	}
	for _, f := range s.functions {
		fmt.Fprintln(&b, "  function       "+s.account.FunctionARN(f.Spec.Name))
	}
	if s.dynamodb != nil {
		fmt.Fprintln(&b, "  DynamoDB       "+s.dynamodb.address)
	}
	for _, name := range s.tables {
		fmt.Fprintln(&b, "  table          "+name)
	}
	if s.data != nil {
		fmt.Fprintf(&b, "  data           %s, executions that go on: %d\n", o.data, s.account.Running())
	}
	fmt.Fprintln(t.out, strings.TrimRight(b.String(), "\n"))
}
