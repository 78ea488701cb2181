package messaging

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// notification is a message in a request of SNS.
type notification struct {
	Id                     text // in a batch
	Message                text
	Subject                *text
	MessageStructure       text
	MessageAttributes      attributes
	MessageGroupId         text
	MessageDeduplicationId text
}

// published is what SNS answers for a message.
type published struct {
	ID        string `json:"Id,omitempty"`
	MessageID string `json:"MessageId"`
	Sequence  string `json:"SequenceNumber,omitempty"`
}

func publish(_ struct{}, r struct {
	TopicArn, TargetArn, PhoneNumber text
	notification
}, from Sender) (Sent, error) {
	to, err := target(r.TopicArn, r.TargetArn, r.PhoneNumber)
	if err != nil {
		return Sent{}, err
	}
	fifo := strings.HasSuffix(to, fifoSuffix)
	if err := r.check(fifo); err != nil {
		return Sent{}, err
	}
	m, answer := r.publish(from, to, fifo)
	return respond([]Message{m}, answer)
}

// publish makes the message, and what SNS answers.
func (n notification) publish(from Sender, to string, fifo bool) (Message, published) {
	m := from.message(SNS, to, string(n.Message))
	m.Structure, m.Attributes = string(n.MessageStructure), n.MessageAttributes.shown()
	m.Group, m.Duplicate = string(n.MessageGroupId), string(n.MessageDeduplicationId)
	if n.Subject != nil {
		m.Subject = string(*n.Subject)
	}
	return m, published{ID: string(n.Id), MessageID: m.ID, Sequence: m.sequence(fifo)}
}

var (
	topicARN    = regexp.MustCompile(`^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$`)
	phoneNumber = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{2,19}$`)
)

// target is where a message is published: exactly one of the three.
func target(topic, endpoint, phone text) (to string, err error) {
	given := 0
	for _, one := range []text{topic, endpoint, phone} {
		if one != "" {
			given++
			to = string(one)
		}
	}
	switch {
	case given == 0:
		return "", wrong("TopicArn or TargetArn Reason: no value for required parameter")
	case given > 1:
		return "", wrong("Only one of TopicArn, TargetArn and PhoneNumber can be given")
	case isPlaceholder(to):
		return to, nil
	case phone != "" && !phoneNumber.MatchString(to):
		return "", wrong("PhoneNumber Reason: " + to + " is not valid to publish to")
	case phone == "" && !topicARN.MatchString(to):
		return "", wrong("TopicArn Reason: " + to + " is not the ARN of a topic")
	}
	return to, nil
}

// maxSubject is the length of a subject (API reference of Publish).
const maxSubject = 100

// check refuses what SNS refuses of a message (API reference of Publish).
func (n notification) check(fifo bool) *Error {
	problem := n.MessageAttributes.problem("Could not cast message attribute '%s' value to number.") // not recorded
	switch {
	case n.Message == "":
		return wrong("Empty message")
	case !utf8.ValidString(string(n.Message)):
		return wrong("Message must be UTF-8")
	case n.Subject != nil && !isSubject(string(*n.Subject)):
		return wrong("Subject")
	case n.MessageStructure != "" && n.MessageStructure != "json":
		return wrong("MessageStructure Reason: Only json is supported")
	case n.MessageStructure == "json" && !hasDefault(string(n.Message)):
		return wrong("Message Structure - No default entry in JSON message body")
	case fifo && n.MessageGroupId == "":
		return wrong("The MessageGroupId parameter is required for FIFO topics")
	case !fifo && n.MessageDeduplicationId != "":
		return wrong("The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	case problem != "":
		return &Error{Code: "InvalidParameterValue", Message: problem}
	}
	return nil
}

// isSubject reports whether SNS takes a subject: printable ASCII on one line, which does not begin with a blank.
func isSubject(s string) bool {
	outside := func(r rune) bool { return r < ' ' || r > '~' }
	return s != "" && len(s) <= maxSubject && s[0] != ' ' && !strings.ContainsFunc(s, outside)
}

func hasDefault(message string) bool {
	var byProtocol map[string]any
	if json.Unmarshal([]byte(message), &byProtocol) != nil {
		return false
	}
	_, has := byProtocol["default"].(string)
	return has
}

func wrong(what string) *Error {
	return &Error{Code: "InvalidParameter", Message: "Invalid parameter: " + what}
}

func publishBatch(_ struct{}, r struct {
	TopicArn                   text
	PublishBatchRequestEntries []notification
}, from Sender) (Sent, error) {
	to, err := target(r.TopicArn, "", "")
	if err != nil {
		return Sent{}, err
	}
	fifo := strings.HasSuffix(to, fifoSuffix)
	return sendBatch(r.PublishBatchRequestEntries, fifo, func(n notification) (Message, any) {
		return n.publish(from, to, fifo)
	})
}

func (n notification) id() text { return n.Id }
