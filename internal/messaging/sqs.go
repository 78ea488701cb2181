package messaging

import (
	"fmt"
	"net/url"
	"strings"
)

// sqsVariant is what the two integrations of SQS differ in: the name of the error when there is no such host.
type sqsVariant string

const (
	optimizedSQS sqsVariant = "SQS.SdkClientException"
	sdkSQS       sqsVariant = "Sqs.SdkClientException"
)

// outgoing is a message in a request of SQS.
type outgoing struct {
	Id                     text // in a batch
	MessageBody            text
	DelaySeconds           text
	MessageAttributes      attributes
	MessageGroupId         text
	MessageDeduplicationId text
}

// accepted is what SQS answers for a message.
type accepted struct {
	ID         string `json:"Id,omitempty"`
	Attributes string `json:"MD5OfMessageAttributes,omitempty"`
	Body       string `json:"MD5OfMessageBody"`
	MessageID  string `json:"MessageId"`
	Sequence   string `json:"SequenceNumber,omitempty"`
}

func sendMessage(v sqsVariant, r struct {
	QueueUrl text
	outgoing
}, from Sender) (Sent, error) {
	fifo, err := v.queue(r.QueueUrl)
	if err != nil {
		return Sent{}, err
	}
	if err := r.check(fifo); err != nil {
		return Sent{}, err
	}
	m, answer := r.send(from, string(r.QueueUrl), fifo)
	return respond([]Message{m}, answer)
}

// send makes the message, and what SQS answers.
func (o outgoing) send(from Sender, queue string, fifo bool) (Message, accepted) {
	m := from.message(SQS, queue, string(o.MessageBody))
	m.Attributes, m.Group, m.Duplicate = o.MessageAttributes.shown(), string(o.MessageGroupId),
		string(o.MessageDeduplicationId)
	m.Delay, _ = o.DelaySeconds.seconds()
	return m, accepted{
		ID: string(o.Id), Attributes: o.MessageAttributes.digest(), Body: md5Of([]byte(o.MessageBody)), MessageID: m.ID,
		Sequence: m.sequence(fifo),
	}
}

// queue checks the URL of a queue, and says whether it is a FIFO queue. A placeholder is taken as a queue.
func (v sqsVariant) queue(address text) (fifo bool, err error) {
	if address == "" {
		return false, missing("QueueUrl")
	}
	fifo = strings.HasSuffix(string(address), fifoSuffix)
	u, err := url.Parse(string(address))
	switch {
	case err != nil || u.Host == "":
		if isPlaceholder(string(address)) {
			return fifo, nil
		}
		return false, &Error{Code: "InvalidAddress", Message: "The address " + string(address) +
			" is not valid for this endpoint."}
	case strings.Trim(u.Path, "/") == "": // recorded
		return false, &Failure{
			Name:  string(v),
			Cause: "Unable to execute HTTP request: " + u.Host + ": Name or service not known",
		}
	}
	return fifo, nil
}

// fifoSuffix ends the names of FIFO queues and topics.
const fifoSuffix = ".fifo"

// isPlaceholder reports whether a text has a part that deploying fills in.
func isPlaceholder(s string) bool { return strings.Contains(s, "${") }

// maxDelay is the most of DelaySeconds (API reference of SendMessage).
const maxDelay = 900

const notNumber = "Can't cast the value of message (user) attribute '%s' to a number." // not recorded

// check refuses what SQS refuses of a message (API reference of SendMessage).
func (o outgoing) check(fifo bool) *Error {
	delay, isNumber := o.DelaySeconds.seconds()
	problem := o.MessageAttributes.problem(notNumber)
	switch {
	case o.MessageBody == "":
		return missing("MessageBody")
	case strings.ContainsFunc(string(o.MessageBody), forbidden):
		const outside = "Message body contains characters outside the allowed set."
		return &Error{Code: "InvalidMessageContents", Message: outside}
	case !isNumber || delay < 0 || delay > maxDelay:
		return invalid(fmt.Sprintf("Value %s for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 "+
			"and <= %d.", o.DelaySeconds, maxDelay))
	case fifo && o.MessageGroupId == "":
		return missing("MessageGroupId")
	case fifo && delay > 0:
		return invalid(fmt.Sprintf("Value %s for parameter DelaySeconds is invalid. Reason: The request include "+
			"parameter that is not valid for this queue type.", o.DelaySeconds))
	case !fifo && o.MessageDeduplicationId != "":
		return invalid(fmt.Sprintf("Value %s for parameter MessageDeduplicationId is invalid. Reason: The request "+
			"includes a parameter that is not valid for this queue type.", o.MessageDeduplicationId))
	case len(o.MessageAttributes) > maxAttributes:
		return invalid(fmt.Sprintf("Number of message attributes [%d] exceeds the allowed maximum [%d].",
			len(o.MessageAttributes), maxAttributes))
	case problem != "":
		return invalid(problem)
	}
	return nil
}

// forbidden are characters that a message of SQS cannot have: those that XML 1.0 does not allow.
func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func missing(parameter string) *Error {
	return &Error{Code: "MissingParameter", Message: "The request must contain the parameter " + parameter + "."}
}

func invalid(message string) *Error { return &Error{Code: "InvalidParameterValue", Message: message} }

func sendMessageBatch(v sqsVariant, r struct {
	QueueUrl text
	Entries  []outgoing
}, from Sender) (Sent, error) {
	fifo, err := v.queue(r.QueueUrl)
	if err != nil {
		return Sent{}, err
	}
	return sendBatch(r.Entries, fifo, func(o outgoing) (Message, any) { return o.send(from, string(r.QueueUrl), fifo) })
}

func (o outgoing) id() text { return o.Id }
