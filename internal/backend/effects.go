package backend

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsrequest"
	"github.com/connect-async/connect-async/internal/clock"
)

// Effects are SQS, EventBridge and Amazon Connect, as far as the function for ends needs them. It implements
// async.Effects. The clients of the SDK would be larger than the rest of the function, for four requests; their shapes
// are those of the services' API references.
type Effects struct {
	settings Settings
	instance arn.ARN
	queueURL string
}

var _ async.Effects = (*Effects)(nil)

// NewEffects makes the clients for an instance, and for the queue of contacts to look at.
func NewEffects(s Settings, instanceARN, queueURL string) *Effects {
	instance, _ := arn.Parse(instanceARN)
	return &Effects{settings: s, instance: instance, queueURL: queueURL}
}

// contactSummary is what Amazon Connect says of a contact.
type contactSummary struct {
	ContactID, InitialContactID string
	DisconnectTimestamp         float64 // seconds, 0 while it is connected
}

// Left implements async.Effects with ListAssociatedContacts, which lists the contacts that a contact is connected with.
// Those that began under another id, such as tasks that a flow created, do not count. That the contact itself is among
// them is not documented, so that it is asked for where it is not.
func (e *Effects) Left(ctx context.Context, contact string) (since time.Time, err error) {
	tree, err := e.contactTree(ctx, contact)
	itself := func(c contactSummary) bool { return c.ContactID == contact }
	if err == nil && !slices.ContainsFunc(tree, itself) {
		var described struct{ Contact contactSummary }
		known := false
		known, err = e.ask(ctx, "/contacts/"+e.instance.Instance()+"/"+contact, &described)
		if known {
			tree = append(tree, described.Contact)
		}
	}
	since = time.Unix(0, 0)
	if err != nil {
		return since, err
	}
	for _, c := range tree {
		if c.DisconnectTimestamp == 0 {
			return time.Time{}, nil
		}
		if at := timeOf(c.DisconnectTimestamp); at.After(since) {
			since = at
		}
	}
	return since, nil
}

// contactTree lists the contacts that began under an id, none for an id that Amazon Connect does not know.
func (e *Effects) contactTree(ctx context.Context, id string) (tree []contactSummary, err error) {
	query := url.Values{"contactId": {id}, "maxResults": {"100"}}
	for {
		var page struct {
			ContactSummaryList []contactSummary
			NextToken          string
		}
		_, err = e.ask(ctx, "/contact/associated/"+e.instance.Instance()+"?"+query.Encode(), &page)
		for _, c := range page.ContactSummaryList {
			if c.ContactID == id || c.InitialContactID == id {
				tree = append(tree, c)
			}
		}
		if err != nil || page.NextToken == "" {
			return tree, err
		}
		query.Set("nextToken", page.NextToken)
	}
}

// ask asks Amazon Connect about a contact. known is false when it does not know it.
func (e *Effects) ask(ctx context.Context, path string, out any) (known bool, err error) {
	err = e.settings.send(ctx, signed{service: "connect", region: e.instance.Region, method: http.MethodGet,
		path: path}, out)
	if refused, ok := errors.AsType[*async.ServiceError](err); ok && refused.Code == "ResourceNotFoundException" {
		return false, nil
	}
	return err == nil, err
}

// Deliver implements async.Effects with StartTaskContact, SendMessage or PutEvents.
func (e *Effects) Deliver(ctx context.Context, to string, d async.Delivery) error {
	place, _ := arn.Parse(to)
	switch async.DeliverKind(to) {
	case async.DeliverQueue:
		return e.sendMessage(ctx, place, d)
	case async.DeliverBus:
		return e.putEvent(ctx, place, d)
	}
	task := d.Task()
	return e.settings.send(ctx, signed{
		service: "connect", region: place.Region, method: http.MethodPut, path: "/contact/task",
		body: map[string]any{
			"InstanceId": place.Instance(), "ContactFlowId": to[strings.LastIndex(to, "/")+1:], "Name": task.Name,
			"Description": task.Description, "Attributes": task.Attributes, "ClientToken": d.Key,
		},
	}, nil)
}

// sendMessage puts a delivery into a queue. One that keeps an order drops repeats by itself.
func (e *Effects) sendMessage(ctx context.Context, queue arn.ARN, d async.Delivery) error {
	host := e.settings.host("sqs", queue.Region)
	body := map[string]any{"QueueUrl": host + "/" + queue.Account + "/" + queue.Resource, "MessageBody": d.Message()}
	if strings.HasSuffix(queue.Resource, ".fifo") {
		body["MessageGroupId"], body["MessageDeduplicationId"] = d.Key, d.Key
	}
	return e.settings.send(ctx, signed{service: "sqs", region: queue.Region, method: http.MethodPost, path: "/",
		target: "AmazonSQS.SendMessage", version: "1.0", body: body}, nil)
}

// putEvent puts a delivery on an event bus. PutEvents also succeeds when it refuses the event.
func (e *Effects) putEvent(ctx context.Context, bus arn.ARN, d async.Delivery) error {
	var out struct {
		FailedEntryCount int
		Entries          []struct{ ErrorCode, ErrorMessage string }
	}
	err := e.settings.send(ctx, signed{service: "events", region: bus.Region, method: http.MethodPost, path: "/",
		target: "AWSEvents.PutEvents", version: "1.1", body: map[string]any{"Entries": []any{map[string]any{
			"EventBusName": bus.String(), "Source": async.DeliverySource, "DetailType": async.DeliveryType,
			"Detail": d.Message(),
		}}}}, &out)
	if err == nil && out.FailedEntryCount > 0 && len(out.Entries) > 0 {
		err = &async.ServiceError{Code: out.Entries[0].ErrorCode, Message: out.Entries[0].ErrorMessage, Status: 400}
	}
	return err
}

// Look implements async.Effects with a message in the function's own queue, which shows it later by itself.
func (e *Effects) Look(ctx context.Context, message string) error {
	return e.settings.send(ctx, signed{service: "sqs", region: e.settings.region, method: http.MethodPost, path: "/",
		target: "AmazonSQS.SendMessage", version: "1.0",
		body: map[string]any{"QueueUrl": e.queueURL, "MessageBody": message}}, nil)
}

// timeOf is a time in an answer: seconds since 1970, to the millisecond.
func timeOf(seconds float64) time.Time {
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
}

// signed is a request to a service that has no client of the SDK here.
type signed struct {
	service, region, method, path string
	target, version               string // of the AWS JSON protocol, empty for REST
	body                          any    // nil for none
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// send makes a request, signed, and decodes the answer into out, which may be nil.
func (s Settings) send(ctx context.Context, r signed, out any) error {
	var text bytes.Buffer
	if r.body != nil {
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false) // which would make results up to six times as long
		_ = e.Encode(r.body)   // texts
	}
	body := text.Bytes()
	q, err := http.NewRequestWithContext(ctx, r.method, s.host(r.service, r.region)+r.path,
		bytes.NewReader(body))
	if err != nil {
		return serviceError(err)
	}
	switch {
	case r.target != "":
		q.Header.Set("Content-Type", "application/x-amz-json-"+r.version)
		q.Header.Set("X-Amz-Target", r.target)
	case r.body != nil:
		q.Header.Set("Content-Type", "application/json")
	}
	sender := awsrequest.Sender{Client: s.client, Credentials: s.credentials, Service: r.service,
		Region: r.region, MaxAnswer: maxAnswer}
	answer, err := sender.Send(ctx, q, body, clock.Real{}.Now())
	switch {
	case err != nil:
		return serviceError(err)
	case answer.IsRefusal():
		return refusal(answer)
	case out == nil:
		return nil
	}
	return serviceError(json.Unmarshal(answer.Body, out))
}

// refusal is the error that a service answered with.
func refusal(answer awsrequest.Answer) error {
	code, message := answer.Refusal()
	return &async.ServiceError{Code: cmp.Or(code, fmt.Sprintf("HTTP%d", answer.Status)), Message: message,
		Status: answer.Status}
}

// host is where a service is asked in a Region.
func (s Settings) host(service, region string) string {
	if endpoint := s.endpoints[service]; endpoint != "" {
		return strings.TrimSuffix(endpoint, "/")
	}
	if s.fips == aws.FIPSEndpointStateEnabled {
		service += "-fips"
	}
	return "https://" + service + "." + region + "." + arn.DNSSuffix(region)
}
