package function_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing/iotest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do      string
	Value   any
	Seconds float64
	Code    int
	Bytes   int
	Text    string
	Names   []string
}

// CustomError is an error class of the user's own.
type CustomError struct{ message string }

func (e *CustomError) Error() string { return e.message }

var invocations int

var goBehaviours = map[string]func(ctx context.Context, e event) (any, error){
	"value":        func(_ context.Context, e event) (any, error) { return e.Value, nil },
	"raise":        func(_ context.Context, e event) (any, error) { return nil, errors.New(e.Text) },
	"raise-custom": func(_ context.Context, e event) (any, error) { return nil, &CustomError{e.Text} },
	"raise-nested": func(_ context.Context, e event) (any, error) { return nested(e) },
	"panic":        func(_ context.Context, e event) (any, error) { panic(e.Text) },
	"raise-async": func(_ context.Context, e event) (any, error) {
		go func() { panic(e.Text) }()
		select {}
	},
	"sleep": func(_ context.Context, e event) (any, error) {
		if e.Text != "" {
			_ = os.WriteFile(e.Text, nil, 0o600) // tells that it has begun
		}
		time.Sleep(time.Duration(e.Seconds * float64(time.Second)))
		return "slept", nil
	},
	"exit":           func(_ context.Context, e event) (any, error) { os.Exit(e.Code); return nil, nil },
	"kill":           kill,
	"large":          func(_ context.Context, e event) (any, error) { return strings.Repeat("a", e.Bytes), nil },
	"unserialisable": func(context.Context, event) (any, error) { return func() {}, nil },
	"print": func(_ context.Context, e event) (any, error) {
		fmt.Println("out", e.Text)
		fmt.Fprintln(os.Stderr, "err", e.Text)
		fmt.Print("no newline")
		return "printed", nil
	},
	"break-off": func(_ context.Context, e event) (any, error) {
		return io.MultiReader(strings.NewReader("begin"), iotest.ErrReader(&CustomError{e.Text})), nil
	},
	"env":       env,
	"context":   contextFields,
	"remaining": remaining,
	"count":     func(context.Context, event) (any, error) { invocations++; return invocations, nil },
	"pid":       func(context.Context, event) (any, error) { return os.Getpid(), nil },
	"child": func(context.Context, event) (any, error) {
		cmd := exec.Command("sleep", "1000")
		cmd.Stdout = os.Stdout // holds the log's pipe open
		err := cmd.Start()
		return cmd.Process.Pid, err
	},
}

func nested(e event) (any, error) { return nil, fmt.Errorf("outer: %w", &CustomError{e.Text}) }

func kill(context.Context, event) (any, error) {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Signal(syscall.SIGKILL)
	}
	time.Sleep(time.Minute)
	return nil, err
}

func env(_ context.Context, e event) (any, error) {
	values := map[string]string{}
	for _, name := range e.Names {
		if value, ok := os.LookupEnv(name); ok {
			values[name] = value
		}
	}
	return values, nil
}

func contextFields(ctx context.Context, _ event) (any, error) {
	lc, _ := lambdacontext.FromContext(ctx)
	return map[string]any{
		"request_id": lc.AwsRequestID, "arn": lc.InvokedFunctionArn, "name": lambdacontext.FunctionName,
		"version": lambdacontext.FunctionVersion, "memory": fmt.Sprint(lambdacontext.MemoryLimitInMB),
		"log_group": lambdacontext.LogGroupName, "client": lc.ClientContext.Client.AppTitle,
	}, nil
}

func remaining(ctx context.Context, _ event) (any, error) {
	deadline, _ := ctx.Deadline()
	return time.Until(deadline).Milliseconds(), nil
}

func handle(ctx context.Context, e event) (any, error) {
	behave, ok := goBehaviours[e.Do]
	if !ok {
		return nil, fmt.Errorf("no behaviour %q", e.Do)
	}
	return behave(ctx, e)
}

// startHandler is the function of the behaviour tests, in Go. It does what the event's field "do" says.
func startHandler() {
	if text, ok := os.LookupEnv("FAIL_AT_START"); ok {
		fmt.Println(text)
		os.Exit(3)
	}
	if os.Getenv("SLOW_START") != "" {
		time.Sleep(time.Minute)
	}
	lambda.Start(handle)
}
