package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of an Instance.
const (
	InstanceDenied    = "instance-denied"    // the credentials lack an action of IAM
	InstanceMissing   = "instance-missing"   // the instance, or what is in it, does not exist
	InstanceThrottled = "instance-throttled" // the account's requests are used up, and stay so

	InstanceUnreachable = "instance-unreachable" // there is no way to the API
)

// InstanceActions are the actions of IAM that the credentials of an Instance need, for what it reads and for what it
// writes.
var InstanceActions = struct{ Read, Write []string }{
	Read: []string{
		"connect:DescribeContactFlow", "connect:DescribeContactFlowModule", "connect:ListContactFlowModules",
		"connect:ListContactFlows", "connect:ListHoursOfOperations", "connect:ListPrompts", "connect:ListQueues",
		"connect:ListTaskTemplates", "connect:ListUsers",
	},
	Write: []string{
		"connect:CreateContactFlow", "connect:CreateContactFlowModule", "connect:UpdateContactFlowContent",
		"connect:UpdateContactFlowModuleContent",
	},
}

// Instance is an instance of Amazon Connect with its flows and what they name. It makes a request at most every
// RequestEvery, and repeats those that AWS cannot serve at the moment. It is for one caller at a time, and needs no
// Close.
type Instance struct {
	api   signedClient
	id    string
	clock clock.Clock
	due   time.Time // when the next request may be made
}

// RequestEvery is how long there is between two requests of an Instance: it leaves half of the account's requests to
// others.
func RequestEvery() time.Duration {
	return time.Duration(2 / awsfacts.ConnectRequestRate().PerSecond * float64(time.Second))
}

// NewInstance reads the user's AWS configuration, as every AWS tool does: variables, ~/.aws, single sign-on. The Region
// is that of the instance's ARN. getenv reads variables; requests wait on the clock.
func NewInstance(ctx context.Context, instanceARN string, getenv func(string) string, c clock.Clock) (*Instance,
	error) {
	name, _ := arn.Parse(instanceARN)
	id, ok := strings.CutPrefix(name.Resource, "instance/")
	if !ok {
		return nil, fmt.Errorf("%q is not the ARN of an instance", instanceARN)
	}
	cfg, err := withCredentials(ctx, "an instance cannot be asked", config.WithRegion(name.Region))
	if err != nil {
		return nil, err
	}
	client := signedClient{service: "connect", endpoint: "https://" + regionalHost("connect", name.Region),
		region: name.Region, retry: instanceRetry}
	return &Instance{api: newSigned(cfg, getenv, c, client), id: id, clock: c}, nil
}

// instanceRetry is for requests of an Instance that AWS cannot serve at the moment. No pause is shorter than
// RequestEvery.
var instanceRetry = retry{again: isMomentary, tries: 5, pause: 2 * time.Second}

// request is one request of an operation of Connect's API.
type request struct {
	operation    string
	method, path string
	body         any // nil for none
}

// ask makes a request as soon as the pace allows it, and reads the answer. One that AWS cannot serve at the moment is
// repeated. Where out is nil there is nothing to read.
func (i *Instance) ask(ctx context.Context, r request, out any) error {
	var body []byte
	contentType := ""
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return err
		}
		contentType = "application/json"
	}
	if err := i.clock.Sleep(ctx, i.due.Sub(i.clock.Now())); err != nil {
		return err
	}
	answer, err := i.api.send(ctx, r.method, r.path, contentType, body)
	i.due = i.clock.Now().Add(RequestEvery())
	switch {
	case err == nil && out == nil:
		return nil
	case err == nil:
		return json.Unmarshal(answer, out)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return explainInstance(r.operation, err)
}

// isMomentary reports whether AWS refused a request that may succeed a little later.
func isMomentary(err error) bool {
	refused, ok := errors.AsType[*refusal](err)
	return ok && (isThrottled(refused) || refused.status >= http.StatusInternalServerError)
}

// Refused is the error of a flow or module that Amazon Connect refuses to publish.
type Refused struct{ problems []string }

// Error implements error.
func (r Refused) Error() string {
	return "Amazon Connect refuses to publish it: " + strings.Join(r.problems, "; ")
}

// Problems are what the service found, in its words.
func (r Refused) Problems() []string { return r.problems }

// explainInstance gives the errors that the user can do something about their names.
func explainInstance(operation string, err error) error {
	refused, ok := errors.AsType[*refusal](err)
	found := source.Finding{Severity: source.Error, File: "Amazon Connect"}
	switch {
	case !ok:
		found.Code, found.Message = InstanceUnreachable, err.Error()
		found.Remedy = "Check the network, and the Region in the instance's ARN."
	case refused.Code == "InvalidContactFlowException", refused.Code == "InvalidContactFlowModuleException":
		return Refused{problems: refused.problems}
	case isThrottled(refused):
		found.Code = InstanceThrottled
		found.Message = fmt.Sprintf("%s was throttled %d times in a row", operation, instanceRetry.tries)
		found.Remedy = "Try again when nothing else in the account uses Amazon Connect's API."
	case isDenied(refused.Code):
		found.Code, found.Message = InstanceDenied, operation+" was refused: "+refused.Message
		found.Remedy = "Allow connect:" + operation + " for your credentials, or renew them."
	case refused.Code == missing:
		found.Code, found.Message = InstanceMissing, operation+": "+refused.Message
		found.Remedy = "Check the instance's ARN, its Region, and that the credentials are of its account."
	default:
		return fmt.Errorf("%s: %w", operation, err)
	}
	return found
}
