package messaging

import "fmt"

// batchEntry is one of the messages of a request that sends several.
type batchEntry interface {
	id() text
	check(fifo bool) *Error
}

// rejected is an entry of a batch that was refused.
type rejected struct {
	Code    string `json:"Code"`
	ID      string `json:"Id"`
	Message string `json:"Message"`
	Sender  bool   `json:"SenderFault"`
}

// batch is the answer to several messages.
type batch struct {
	Failed     []rejected `json:"Failed"`
	Successful []any      `json:"Successful"`
}

// sendBatch sends those of the entries that can be sent, unless SQS and SNS refuse the batch as a whole. send makes the
// message of an entry, and what the service answers for it.
func sendBatch[Entry batchEntry](entries []Entry, fifo bool, send func(Entry) (Message, any)) (Sent, error) {
	if err := checkBatch(entries); err != nil {
		return Sent{}, err
	}
	answer := batch{Failed: []rejected{}, Successful: []any{}}
	var messages []Message
	for _, entry := range entries {
		if err := entry.check(fifo); err != nil {
			answer.Failed = append(answer.Failed,
				rejected{Code: err.Code, ID: string(entry.id()), Message: err.Message, Sender: true})
			continue
		}
		m, one := send(entry)
		messages, answer.Successful = append(messages, m), append(answer.Successful, one)
	}
	return respond(messages, answer)
}

// maxBatch is how many messages one request can send (API references of SendMessageBatch, PublishBatch, PutEvents).
const maxBatch = 10

// checkBatch refuses a batch that SQS and SNS refuse as a whole.
func checkBatch[Entry batchEntry](entries []Entry) error {
	seen := map[text]bool{}
	for _, entry := range entries {
		id := entry.id()
		if seen[id] {
			return &Error{Code: "BatchEntryIdsNotDistinct", Message: "Id " + string(id) + " repeated."}
		}
		seen[id] = true
	}
	switch {
	case len(entries) == 0:
		return &Error{Code: "EmptyBatchRequest", Message: "There should be at least one entry in the request."}
	case len(entries) > maxBatch:
		return &Error{Code: "TooManyEntriesInBatchRequest", Message: fmt.Sprintf(
			"Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))}
	}
	return nil
}
