package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/connect-async/connect-async/internal/clock"
)

// events takes events from Lambda's Runtime API, version 2018-06-01, over one connection, and brings the replies back.
// aws-lambda-go has a loop for that, too. It goes through net/http's client, which hands each request to other
// goroutines: a sixth of the CPU time of a reply, measured with bench.
type events struct {
	host     string
	isSingle bool // this environment serves one event at a time
	conn     net.Conn
	reader   *bufio.Reader
}

// traceVariable is where the AWS SDK finds the trace that it passes on. Environments that serve several events at a
// time have it in the context only.
const traceVariable = "_X_AMZN_TRACE_ID"

// serveEvents serves events, as many at a time as the environment is asked to, until one cannot be taken or answered.
func serveEvents(host string, atATime int, h lambda.Handler) error {
	failed := make(chan error, atATime)
	for range atATime {
		e := &events{host: host, isSingle: atATime == 1}
		go func() {
			for {
				if err := e.serve(h); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// serve serves one event. A panic is reported like an error, and ends the process.
func (e *events) serve(h lambda.Handler) error {
	header, event, err := e.ask("GET", "next", "", nil, http.StatusOK)
	if err != nil {
		return err
	}
	id, trace := header.Get("Lambda-Runtime-Aws-Request-Id"), header.Get("Lambda-Runtime-Trace-Id")
	deadline, err := strconv.ParseInt(header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	if err != nil {
		return fmt.Errorf("the deadline of the event: %w", err)
	}
	if e.isSingle {
		_ = os.Setenv(traceVariable, trace)
	}
	ctx, cancel := clock.Real{}.WithDeadline(context.Background(), time.UnixMilli(deadline))
	defer cancel()
	ctx = lambdacontext.NewContext(context.WithValue(ctx, traceKey, trace), &lambdacontext.LambdaContext{
		AwsRequestID: id, InvokedFunctionArn: header.Get("Lambda-Runtime-Invoked-Function-Arn"),
	})
	reply, failed, fatal := call(ctx, h, event)
	if failed == nil {
		_, _, err = e.ask("POST", id+"/response", "", reply, http.StatusAccepted)
		return err
	}
	text, err := json.Marshal(messages.InvokeResponse_Error{Message: failed.Error(), Type: typeOf(failed)})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s\n", text) // Lambda does not log it
	kind := "Lambda-Runtime-Function-Error-Type: " + typeOf(failed) + "\r\n"
	if _, _, err := e.ask("POST", id+"/error", kind, text, http.StatusAccepted); err != nil {
		return err
	}
	return fatal
}

// call hands an event to the handler. fatal is set after a panic: nobody knows what it left behind.
func call(ctx context.Context, h lambda.Handler, event []byte) (reply []byte, failed, fatal error) {
	defer func() {
		if fault := recover(); fault != nil {
			failed = fmt.Errorf("panic: %v", fault)
			fatal = fmt.Errorf("%w\n%s", failed, debug.Stack())
		}
	}()
	reply, failed = h.Invoke(ctx, event)
	return reply, failed, nil
}

// typeOf is the name of an error's type, which Lambda calls its type.
func typeOf(err error) string {
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// ask sends a request about an invocation in one piece, and reads the answer. header is a whole line, or none. Where
// the connection has ended since it was last used, the request is sent once more, over a new one.
func (e *events) ask(method, what, header string, body []byte, want int) (http.Header, []byte, error) {
	request := fmt.Appendf(make([]byte, 0, 512+len(body)),
		"%s /2018-06-01/runtime/invocation/%s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n",
		method, what, e.host, header, len(body))
	request = append(request, body...)
	isUsed := e.conn != nil
	response, err := e.exchange(request)
	if err != nil && isUsed {
		response, err = e.exchange(request)
	}
	if err != nil {
		return nil, nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if response.Close {
		e.hangUp()
	}
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s: %s: %s", method, what, response.Status, answer)
	}
	return response.Header, answer, err
}

// exchange sends a request over the connection, which it opens where there is none, and reads the head of the answer.
func (e *events) exchange(request []byte) (*http.Response, error) {
	if e.conn == nil {
		conn, err := net.Dial("tcp", e.host)
		if err != nil {
			return nil, err
		}
		e.conn, e.reader = conn, bufio.NewReader(conn)
	}
	_, err := e.conn.Write(request)
	if err != nil {
		e.hangUp()
		return nil, err
	}
	response, err := http.ReadResponse(e.reader, nil)
	if err != nil {
		e.hangUp()
	}
	return response, err
}

func (e *events) hangUp() {
	_ = e.conn.Close()
	e.conn = nil
}
