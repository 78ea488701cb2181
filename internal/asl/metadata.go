package asl

import (
	"fmt"
	"strconv"
)

// Headers with the id of a request, as the services spell them (recorded).
const (
	requestIDHeader = "x-amzn-RequestId"
	// readRequestIDHeader is that of DynamoDB's GetItem.
	readRequestIDHeader = "x-amzn-requestid"
)

// httpDate is the layout of the header Date (RFC 9110, section 5.6.7).
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// headers are the headers of a service's response, as an optimized integration shows them in the task's result.
type headers struct {
	requestID string
	values    map[string]any
}

// headers begins the headers of a response of length bytes. idHeader is the spelling of the header with the request's id,
// which differs between services.
func (t *turn) headers(contentType string, length int, idHeader string) *headers {
	h := &headers{requestID: t.uuid(), values: map[string]any{}}
	h.add("Content-Type", contentType)
	h.add("Content-Length", strconv.Itoa(length))
	h.add("Date", t.at.UTC().Format(httpDate))
	h.add(idHeader, h.requestID)
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
