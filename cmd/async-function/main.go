// Command async-function is the async function as a Lambda function, and the function for ends: the executable
// "bootstrap" of an OS-only runtime, which the variable SERVES makes the one or the other. It wires internal/async to
// AWS, takes events from Lambda's Runtime API, and does nothing else. It must not reach the local engines, since its
// size is its cold start.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/backend"
	"github.com/connect-async/connect-async/internal/clock"
)

func main() {
	loadRoots(useOneProcessor)
	err := serveEvents(os.Getenv("AWS_LAMBDA_RUNTIME_API"), lambdacontext.MaxConcurrency(),
		newHandler(os.Getenv, os.Stdout))
	fmt.Fprintln(os.Stderr, "no more events:", err)
	os.Exit(1)
}

// useOneProcessor keeps all goroutines on one thread, once the start is over. Nearly all that an event takes is waiting
// for AWS, and waking a thread for each step of a request was a tenth of the CPU time of a reply. GOMAXPROCS has the
// last word, and so has an environment that serves several events at a time.
func useOneProcessor() {
	if os.Getenv("GOMAXPROCS") == "" && lambdacontext.MaxConcurrency() == 1 {
		runtime.GOMAXPROCS(1)
	}
}

// newHandler makes the function that the environment asks for, its clients and its log. What is wrong with the
// configuration goes into the log once, and into every reply.
func newHandler(getenv func(string) string, to io.Writer) lambda.Handler {
	log := newLogHandler(to, getenv)
	logger := slog.New(log)
	config, problems := async.ConfigFromEnv(getenv)
	settings, more := backend.SettingsFromEnv(getenv)
	if err := readTexts(&config, getenv); err != nil {
		more = append(more, err)
	}
	for _, err := range more {
		config.Reject(err)
	}
	for _, err := range append(problems, more...) {
		logger.Error("not configured", "reason", err.Error())
	}
	var results async.Results
	var items async.Items
	if config.ResultsTable != "" {
		table := backend.NewResults(settings, config.ResultsTable)
		results, items = table, table
	}
	executions, random := backend.NewExecutions(settings), rand.NewPCG(rand.Uint64(), rand.Uint64())
	options := []async.Option{async.WithLogger(logger), async.WithRandom(random),
		async.WithProgress(executions, items)}
	if config.Ends {
		function := async.NewEnds(config, executions, results, clock.Real{}, options...)
		if config.MindLeavers() {
			function.MindLeavers(backend.NewResults(settings, config.ResultsTable),
				backend.NewEffects(settings, config.InstanceARN, config.LooksQueueURL))
		}
		return &ends{function: function, log: log}
	}
	return &callers{function: async.New(config, executions, results, clock.Real{}, options...), log: log}
}

// callers answers Connect. It implements lambda.Handler.
type callers struct {
	function *async.Function
	log      logHandler
}

// Invoke implements lambda.Handler.
func (h *callers) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	defer h.log.warm.Store(true)
	return h.function.Handle(ctx, requestID(ctx), event)
}

// ends takes the ends of executions from EventBridge, which wants no reply. It implements lambda.Handler.
type ends struct {
	function *async.Ends
	log      logHandler
}

// Invoke implements lambda.Handler.
func (h *ends) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	defer h.log.warm.Store(true)
	return []byte("null"), h.function.Handle(ctx, requestID(ctx), event)
}

// readTexts reads the texts that travel in the deployment package, where they do.
func readTexts(config *async.Config, getenv func(string) string) error {
	if config.TextsFile == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(getenv("LAMBDA_TASK_ROOT"), config.TextsFile))
	if err == nil {
		err = config.ReadTexts(string(text))
	}
	if err != nil {
		return fmt.Errorf("%s: %w; build the package with connect-async build --project", async.EnvTextsFile, err)
	}
	return nil
}

func requestID(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return ""
}
