package asl

import (
	"hash/crc32"
	"strconv"

	"github.com/connect-async/connect-async/internal/value"
)

// dynamoDB is arn:aws:states:::dynamodb:getItem, putItem, updateItem and deleteItem: the response, with metadata
// beside it (recorded).
type dynamoDB struct{ plainService }

func (dynamoDB) result(t *turn, s *taskState, ev TaskSucceeded) (any, *failure) {
	idHeader := requestIDHeader
	if s.resource.action == "getItem" {
		idHeader = readRequestIDHeader
	}
	headers := t.headers("application/x-amz-json-1.0", len(ev.Output), idHeader)
	headers.add("Connection", "keep-alive")
	headers.add("Server", "Server")
	headers.add("x-amz-crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(ev.Output)), 10))
	response, _ := decodeResult(ev.Output).(*value.Object)
	httpMetadata, responseMetadata := headers.metadata()
	return response.With(httpMetadata, responseMetadata), nil
}
