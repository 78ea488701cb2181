package httptask

import (
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/standin"
	"github.com/connect-async/connect-async/internal/value"
)

// The names of errors (developer guide, "Handling errors").
const (
	errSocket  = "States.Http.Socket"
	errStatus  = "States.Http.StatusCode."
	errRuntime = "States.Runtime"
)

// Limits of our own.
const (
	maxRedirects  = 10
	maxCauseBytes = 32_000 // of what a server says about an error
)

// Client makes requests.
type Client struct {
	region string
	http   http.Client
}

// New returns a client that says it is in a Region.
func New(region string) *Client {
	dialer := net.Dialer{Control: onlyHere}
	return &Client{region: region, http: http.Client{
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: checkRedirect,
		Timeout:       awsfacts.HTTPTaskTimeout,
	}}
}

// onlyHere refuses connections to other machines, to which a name may lead.
func onlyHere(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%s is not this machine", address)
	}
	return nil
}

// checkRedirect follows redirects on this machine; another one is the response.
func checkRedirect(next *http.Request, before []*http.Request) error {
	switch {
	case !standin.OnThisMachine(next.URL.String()):
		return http.ErrUseLastResponse
	case len(before) >= maxRedirects:
		return fmt.Errorf("stopped after %d redirects", maxRedirects)
	}
	return nil
}

// Invoke makes the request of a task, and returns the task's result. A Trace of the context has the exchange.
func (c *Client) Invoke(ctx context.Context, parameters []byte) function.Result {
	request, err := c.request(ctx, parameters)
	if err != nil {
		return failed(errRuntime, err.Error())
	}
	response, err := c.http.Do(request)
	if err != nil {
		return failed(errSocket, err.Error())
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, awsfacts.DataBytes+1)) // which is too large for a task
	text := valid(string(body))
	keep(ctx, func(e *Exchange) { e.Response = shownResponse(response, text) })
	if err != nil {
		return failed(errSocket, err.Error())
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		cause := valid(string(body[:min(len(body), maxCauseBytes)]))
		return failed(fmt.Sprint(errStatus, response.StatusCode), cause)
	}
	return function.Result{Payload: value.Encode(result(response, text))}
}

// valid is a text with everything replaced that is not UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func failed(name, cause string) function.Result {
	return function.Result{FunctionError: "Unhandled", ErrorType: name, Payload: []byte(cause)}
}

// result is what the task gets of a response.
func result(response *http.Response, text string) *value.Object {
	var headers []value.Member
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		var values []any
		for _, v := range response.Header[name] {
			values = append(values, valid(v))
		}
		headers = append(headers, value.M(strings.ToLower(name), values))
	}
	var body any = text
	if decoded, err := value.Decode([]byte(text)); err == nil && isJSON(response.Header.Get("Content-Type")) {
		body = decoded
	}
	return value.NewObject(
		value.M("Headers", value.NewObject(headers...)),
		value.M("ResponseBody", body),
		value.M("StatusCode", number(response.StatusCode)),
		value.M("StatusText", statusText(response)),
	)
}

// statusText is the text that comes with the status code.
func statusText(r *http.Response) string {
	return strings.TrimSpace(strings.TrimPrefix(r.Status, fmt.Sprint(r.StatusCode)))
}

// isJSON reports whether a content type is JSON: application/json, application/problem+json and the like.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
