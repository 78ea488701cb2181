// Package httptask makes the requests of http:invoke, the HTTP Task of Step Functions, to servers on this machine: the
// names and addresses of standin.OnThisMachine, and nothing else, whatever a name or a redirect leads to. No proxy is
// used. An EventBridge connection is accepted and not resolved, so its credentials are not sent.
//
// Parameters, defaults, results and error names are those of the developer guide ("Call HTTPS APIs in Step Functions
// workflows"); plain HTTP is accepted, too.
//
// It imports internal/awsfacts, internal/function, internal/standin and internal/value. A Client and a Trace may be
// used by any number of goroutines; a Trace is made for one request.
package httptask
