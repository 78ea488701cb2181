package asl

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// Headers with the id of a request, as the services spell them (recorded).
const (
	requestIDHeader = "x-amzn-RequestId"
	// readRequestIDHeader is that of DynamoDB's GetItem.
	readRequestIDHeader = "x-amzn-requestid"
)

// httpDate is the layout of the header Date (RFC 9110, section 5.6.7).
const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

// httpOK is the HTTP status of success.
const httpOK = 200

// headers are the headers of a service's response, as an optimized integration shows them in the task's result.
type headers struct {
	requestID string
	list      []header
}

type header struct{ name, value string }

// headers begins the headers of a response of length bytes. idHeader is the spelling of the header with the request's
// id, which differs between services.
func (t *turn) headers(contentType string, length int, idHeader string) *headers {
	h := &headers{requestID: t.uuid()}
	h.add("Content-Type", contentType)
	h.add("Content-Length", strconv.Itoa(length))
	h.add("Date", t.at.UTC().Format(httpDate))
	h.add(idHeader, h.requestID)
	return h
}

func (h *headers) add(name, text string) { h.list = append(h.list, header{name: name, value: text}) }

// headerOrder is the order in which the services show headers with their lists of values (recorded).
var headerOrder = []string{"Server", "X-Amz-Log-Result", "x-amzn-requestid", "X-Amz-Executed-Version",
	"x-amzn-Remapped-Content-Length", "Connection", "x-amzn-RequestId", "connection", "x-amz-crc32", "Content-Length",
	"Date",
	"X-Amzn-Trace-Id", "Content-Type"}

// metadata returns the members that a task's result has for the headers.
func (h *headers) metadata() (httpMetadata, response value.Member) {
	all, plain := make([]value.Member, len(h.list)), make([]value.Member, len(h.list))
	slices.SortFunc(h.list, func(a, b header) int {
		return cmp.Compare(slices.Index(headerOrder, a.name), slices.Index(headerOrder, b.name))
	})
	for i, header := range h.list {
		all[i] = value.M(header.name, []any{header.value})
	}
	slices.SortFunc(h.list, func(a, b header) int {
		return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name))
	})
	for i, header := range h.list {
		plain[i] = value.M(header.name, header.value)
	}
	httpMetadata = value.M("SdkHttpMetadata", value.NewObject(
		value.M("AllHttpHeaders", value.NewObject(all...)),
		value.M("HttpHeaders", value.NewObject(plain...)),
		value.M("HttpStatusCode", number(httpOK)),
	))
	return httpMetadata, value.M("SdkResponseMetadata", value.NewObject(value.M("RequestId", h.requestID)))
}

// traceID returns an X-Ray trace header.
func (t *turn) traceID() string {
	return fmt.Sprintf("Root=1-%08x-%016x%08x;Sampled=0", t.at.Unix(), t.draw(), t.draw()>>32)
}
