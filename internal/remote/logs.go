package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"time"

	"github.com/aws/smithy-go"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of a log.
const (
	LogDenied  = "log-denied"  // the credentials lack logs:FilterLogEvents
	LogMissing = "log-missing" // there is no such log group
)

// contactID is the form of a contact's id.
var contactID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// IsContactID reports whether a text is the whole id of a contact.
func IsContactID(id string) bool { return contactID.MatchString(id) }

// FlowLog returns the entries that the contact flow log of an instance has of a contact since a time, one per line.
// Shape: the SDK's service model (CloudWatch Logs 2014-03-28, FilterLogEvents, AWS JSON 1.1).
func (c *Cloud) FlowLog(ctx context.Context, group, contact string, since time.Time) ([]byte, error) {
	if !IsContactID(contact) {
		return nil, fmt.Errorf("%q is not the id of a contact", contact)
	}
	var lines bytes.Buffer
	pattern := fmt.Sprintf("{ $.ContactId = %q }", contact)
	for message, err := range c.logged(ctx, group, pattern, since) {
		if err != nil {
			return nil, explainLog(group, err)
		}
		lines.WriteString(message)
		lines.WriteByte('\n')
	}
	return lines.Bytes(), nil
}

// Logged returns the first entry since a time that a log group has of a filter pattern, and "" for none.
func (c *Cloud) Logged(ctx context.Context, group, pattern string, since time.Time) (string, error) {
	for message, err := range c.logged(ctx, group, pattern, since) {
		return message, asked("logs:FilterLogEvents", group, err)
	}
	return "", nil
}

// logged goes through the entries of a log group page by page, and ends with the first error.
func (c *Cloud) logged(ctx context.Context, group, pattern string, since time.Time) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for next := ""; ; {
			in := map[string]any{"logGroupName": group, "startTime": since.UnixMilli(), "filterPattern": pattern}
			if next != "" {
				in["nextToken"] = next
			}
			var out struct {
				Events    []struct{ Message string }
				NextToken string
			}
			if err := c.logs.call(ctx, "Logs_20140328.FilterLogEvents", in, &out); err != nil {
				yield("", err)
				return
			}
			for _, e := range out.Events {
				if !yield(e.Message, nil) {
					return
				}
			}
			if out.NextToken == "" || out.NextToken == next {
				return
			}
			next = out.NextToken
		}
	}
}

// explainLog gives the errors that the user can do something about their names.
func explainLog(group string, err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	switch {
	case ok && isDenied(api.ErrorCode()):
		return source.Finding{Code: LogDenied, Severity: source.Error, File: group,
			Message: "your credentials lack logs:FilterLogEvents: " + api.ErrorMessage(),
			Remedy:  "Allow it for arn:aws:logs:*:*:log-group:" + group + ":*, or renew them."}
	case ok && api.ErrorCode() == missing:
		return source.Finding{Code: LogMissing, Severity: source.Error, File: group,
			Message: "there is no such log group in this Region and account",
			Remedy:  "Flow logs are in /aws/connect/ALIAS, in the Region of the instance."}
	}
	return fmt.Errorf("%s: %w", group, err)
}
