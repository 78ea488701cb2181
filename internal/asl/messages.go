package asl

import (
	"github.com/connect-async/connect-async/internal/value"
)

// messages is arn:aws:states:::sqs:sendMessage and sns:publish: the response, with metadata beside it (recorded).
type messages struct {
	plainService
	contentType string
	length      func(response *value.Object, asJSON int) int // of the response on the wire
}

// sequenceNumber is the member of a response that only FIFO queues and topics have.
const sequenceNumber = "SequenceNumber"

func (m messages) result(t *turn, _ *taskState, ev TaskSucceeded) (any, *failure) {
	response, isObject := decodeResult(ev.Output).(*value.Object)
	if !isObject {
		return decodeResult(ev.Output), nil
	}
	headers := t.headers(m.contentType, m.length(response, len(ev.Output)), requestIDHeader)
	headers.add("connection", "keep-alive")
	httpMetadata, responseMetadata := headers.metadata()
	var result []value.Member
	for name, v := range response.All() {
		if name != sequenceNumber {
			result = append(result, value.M(name, v))
		}
	}
	result = append(result, httpMetadata, responseMetadata)
	if number, isFIFO := response.Get(sequenceNumber); isFIFO {
		result = append(result, value.M(sequenceNumber, number))
	}
	return value.NewObject(result...), nil
}

func lengthOfJSON(_ *value.Object, asJSON int) int { return asJSON }

// lengthOfXML is how long the response of Publish is, without and with a sequence number (recorded).
func lengthOfXML(response *value.Object, _ int) int {
	if _, isFIFO := response.Get(sequenceNumber); isFIFO {
		return 352
	}
	return 294
}
