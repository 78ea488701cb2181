package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
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
	tables     map[string]string
}

func newServe(t *terminal) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Serve the APIs of Step Functions, DynamoDB items and Lambda on this machine",
		Long: `Serve the APIs of Step Functions, of DynamoDB's items and of Lambda on 127.0.0.1, for the AWS CLI and
SDKs: set the variables that are printed. DIR is a folder with a ` + project.FileName + `, by default the current one.
Its functions, state machines and async function are there from the start. Functions that are only in AWS, or are not to
be run, have the stand-ins of the project's scenario. Without the file the server starts empty. Nothing is kept when it
ends.

Functions that run here use this Step Functions, too, to return task tokens, unless their env_file sets
` + endpointSFN + `. With --clock virtual, waits, retries and timeouts pass at once, but never while a function
runs or a task token is open.`,
		Example: "  connect-async serve examples/balance\n  connect-async serve --clock virtual --table orders=id",
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.dir = "."; len(args) == 1 {
				o.dir = args[0]
			}
			return o.run(cmd.Context(), t, len(args) == 1)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.port, "port", 8083, "port of Step Functions and DynamoDB; 0 means any free one")
	flags.IntVar(&o.lambdaPort, "lambda-port", 3001, "port of Lambda; 0 means any free one")
	flags.StringVar(&o.clock, "clock", "real", "real, or virtual: time is skipped while nothing runs")
	flags.StringToStringVar(&o.tables, "table", nil,
		"DynamoDB table to add, as NAME=KEY; KEY is the name of its partition key")
	return cmd
}

// run serves until ctx is done. named says that the user named the folder, which must hold a project then.
func (o serveOptions) run(ctx context.Context, t *terminal, named bool) error {
	if o.clock != "real" && o.clock != "virtual" {
		return usage("unknown clock %q (supported: real, virtual).", o.clock)
	}
	p, found := o.readProject(named)
	if err := report(t.err, found); err != nil {
		return err
	}
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
	s, found := newLocalServer(ctx, o, p, "http://"+states.Addr().String(), &executionLog{t: t})
	defer s.close()
	if err := report(t.err, found); err != nil {
		return err
	}
	s.print(t, o, "http://"+lambda.Addr().String())
	return s.serve(ctx, t, states, lambda)
}

// readProject reads the project of the folder; nil when there is none and nobody asked for it.
func (o serveOptions) readProject(named bool) (*project.Project, source.Findings) {
	if _, err := os.Stat(project.File(o.dir)); errors.Is(err, os.ErrNotExist) && !named {
		return nil, nil
	}
	return project.Read(o.dir)
}

// serve answers on both ports until ctx is done.
func (s *localServer) serve(ctx context.Context, t *terminal, states, lambda net.Listener) error {
	functions := lambdaapi.New(lambdaapi.Options{Clock: clock.Real{}, Functions: s.functions})
	defer functions.Close()
	err := serveAll(ctx, s, map[net.Listener]http.Handler{states: statesapi.New(s.account), lambda: functions})
	fmt.Fprintf(t.out, "Stopped. Executions that were still running: %d.\n", s.account.Running())
	return err
}

func listen(port int, flag string) (net.Listener, error) {
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
	failed := make(chan error, len(handlers))
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
	if s.virtual != nil {
		running.Go(func() { s.virtual.Serve(ctx) })
	}
	running.Wait()
	select {
	case err := <-failed:
		return failure{code: exitFault, text: fmt.Sprintf("connect-async: %v", err)}
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

// print says what is served and what to set.
func (s *localServer) print(t *terminal, o serveOptions, lambda string) {
	var b strings.Builder
	fmt.Fprintf(&b, "Serving on this machine, in %s time. Set these, and stop with Ctrl-C:\n\n", o.clock)
	for _, variable := range []string{
		endpointSFN + "=" + s.url,
		"AWS_ENDPOINT_URL_DYNAMODB=" + s.url,
		"AWS_ENDPOINT_URL_LAMBDA=" + lambda,
		"AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
	} {
		fmt.Fprintln(&b, "  export "+variable)
	}
	b.WriteString("\n")
	for _, m := range s.account.StateMachines() {
		fmt.Fprintln(&b, "  state machine  "+m.ARN)
	}
	for _, f := range s.functions {
		fmt.Fprintln(&b, "  function       "+s.account.FunctionARN(f.Spec.Name))
	}
	for _, name := range s.tables {
		fmt.Fprintln(&b, "  table          "+name)
	}
	fmt.Fprintln(t.out, strings.TrimRight(b.String(), "\n"))
}

// executionLog prints one line for each execution that ends. Nothing of its data is in it; of its error only a name
// that AWS gave.
type executionLog struct {
	mu sync.Mutex
	t  *terminal
}

func (l *executionLog) observe(e *local.Execution) {
	d := e.Describe()
	if d.Stopped.IsZero() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	took := d.Stopped.Sub(d.Started).Seconds()
	fmt.Fprintf(l.t.out, "%-9s  %8.1f s  %3d transitions  %s  %s%s\n",
		d.Status, took, d.Transitions, e.StateMachine().Name, printable(d.Name), awsError(d.Error))
}

// awsErrors is what the names of errors begin with that AWS gives, and no function.
var awsErrors = regexp.MustCompile(`^(States|Lambda|Sandbox|Runtime|DynamoDB|StepFunctions)\.[A-Za-z]+$`)

func awsError(name string) string {
	if !awsErrors.MatchString(name) {
		return ""
	}
	return "  " + name
}
