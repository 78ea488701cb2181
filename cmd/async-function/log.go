package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
)

// logHandler adds to each line what only the Lambda service knows, under the names that Powertools for AWS Lambda uses,
// so that one query finds the lines of both.
type logHandler struct {
	slog.Handler
	version string
	warm    *atomic.Bool // an event was served before
}

func newLogHandler(to io.Writer, getenv func(string) string) logHandler {
	h := slog.NewJSONHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug})
	return logHandler{Handler: h, version: getenv("AWS_LAMBDA_FUNCTION_VERSION"), warm: &atomic.Bool{}}
}

// Handle implements slog.Handler.
func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if h.version != "" {
		line.AddAttrs(slog.String("function_version", h.version))
	}
	if id := traceID(ctx); id != "" {
		line.AddAttrs(slog.String("xray_trace_id", id))
	}
	line.AddAttrs(slog.Bool("cold_start", !h.warm.Load()))
	return h.Handler.Handle(ctx, line)
}

// traceKey is the key under which aws-lambda-go keeps the header.
var traceKey any = "x-amzn-trace-id"

// traceID is the root of the trace that Lambda hands to each invocation, empty without one.
func traceID(ctx context.Context) string {
	header, _ := ctx.Value(traceKey).(string)
	for part := range strings.SplitSeq(header, ";") {
		if root, ok := strings.CutPrefix(part, "Root="); ok {
			return root
		}
	}
	return ""
}
