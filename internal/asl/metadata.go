package asl

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
)

// headers are the headers of a service's response, as an optimized integration shows them in the task's result.
type headers struct {
	requestID string
	values    map[string]any
}

// headers begins the headers of a response of length bytes.
func (t *turn) headers(contentType string, length int) *headers {
	h := &headers{requestID: t.uuid(), values: map[string]any{}}
	h.add("Content-Type", contentType)
	h.add("Content-Length", strconv.Itoa(length))
	h.add("Date", t.at.UTC().Format(http.TimeFormat))
	h.add("x-amzn-RequestId", h.requestID)
	return h
}

func (h *headers) add(name, value string) { h.values[name] = value }

// addTo adds the headers to a task's result.
func (h *headers) addTo(result map[string]any) {
	all := map[string]any{}
	for name, value := range h.values {
		all[name] = []any{value}
	}
	result["SdkHttpMetadata"] = map[string]any{"AllHttpHeaders": all, "HttpHeaders": h.values, "HttpStatusCode": number(200)}
	result["SdkResponseMetadata"] = map[string]any{"RequestId": h.requestID}
}

// traceID returns an X-Ray trace header.
func (t *turn) traceID() string {
	return fmt.Sprintf("Root=1-%08x-%016x%08x;Sampled=0", t.at.Unix(), t.draw(), t.draw()>>32)
}

// dynamoDB is arn:aws:states:::dynamodb:getItem and the like: the response, with metadata beside it (recorded).
type dynamoDB struct{ plainService }

func (dynamoDB) result(t *turn, _ *taskState, ev TaskSucceeded) (any, *failure) {
	headers := t.headers("application/x-amz-json-1.0", len(ev.Output))
	headers.add("Connection", "keep-alive")
	headers.add("Server", "Server")
	headers.add("x-amz-crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(ev.Output)), 10))
	response := map[string]any{}
	for name, value := range members(decodeResult(ev.Output)) {
		response[name] = value
	}
	headers.addTo(response)
	return response, nil
}
