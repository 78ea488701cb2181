// Command async-function is the async function as a Lambda function: the executable "bootstrap" of an OS-only
// runtime. It wires internal/async to AWS and does nothing else. It must not reach the local engines, since its size
// is its cold start.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/backend"
	"github.com/connect-async/connect-async/internal/clock"
)

func main() {
	loadRoots()
	lambda.Start(newHandler(os.Getenv, os.Stdout))
}

// handler answers Lambda's invocations. It implements lambda.Handler.
type handler struct {
	function *async.Function
	log      logHandler
}

// newHandler makes the function, its clients and its log. What is wrong with the configuration goes into the log once,
// and into every reply.
func newHandler(getenv func(string) string, to io.Writer) *handler {
	log := newLogHandler(to, getenv)
	logger := slog.New(log)
	config, problems := async.ConfigFromEnv(getenv)
	settings, more := backend.SettingsFromEnv(getenv)
	for _, err := range more {
		config.Reject(err)
	}
	if err := readTexts(&config, getenv); err != nil {
		more = append(more, err)
		config.Reject(err)
	}
	for _, err := range append(problems, more...) {
		logger.Error("not configured", "reason", err.Error())
	}
	var results async.Results
	if config.ResultsTable != "" {
		results = backend.NewResults(settings, config.ResultsTable)
	}
	function := async.New(config, backend.NewExecutions(settings), results, clock.Real{},
		async.WithLogger(logger), async.WithRandom(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	return &handler{function: function, log: log}
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

// Invoke implements lambda.Handler.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	requestID := ""
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		requestID = lc.AwsRequestID
	}
	defer h.log.warm.Store(true)
	return h.function.Handle(ctx, requestID, event)
}
