package statesapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/local"
)

// Where the types of errors are defined, a prefix of their names on the wire.
const (
	stateTypes      = "com.amazonaws.swf.service.v2.model#"
	tableTypes      = "com.amazonaws.dynamodb.v20120810#"
	validationTypes = "com.amazon.coral.validate#"
	serviceTypes    = "com.amazon.coral.service#"
)

// typesOf are the errors that are not defined by one service.
var typesOf = map[string]string{
	"ValidationException":            validationTypes,
	"SerializationException":         serviceTypes,
	"UnknownOperationException":      serviceTypes,
	"RequestEntityTooLargeException": serviceTypes,
}

// write answers a request. types is where the service's own errors are defined.
func write(w http.ResponseWriter, response any, err error, types string) {
	if err != nil {
		refused, ok := err.(*local.Error)
		if !ok {
			writeError(w, http.StatusInternalServerError, &local.Error{Code: "InternalFailure", Message: err.Error()})
			return
		}
		writeTyped(w, http.StatusBadRequest, types, refused)
		return
	}
	if response == nil {
		response = struct{}{}
	}
	writeJSON(w, http.StatusOK, response)
}

func writeError(w http.ResponseWriter, status int, e *local.Error) {
	writeTyped(w, status, serviceTypes, e)
}

func writeTyped(w http.ResponseWriter, status int, types string, e *local.Error) {
	if general, ok := typesOf[e.Code]; ok {
		types = general
	}
	document := struct {
		Type    string          `json:"__type"`
		Message string          `json:"message"`
		Item    json.RawMessage `json:"Item,omitempty"`
		Reasons json.RawMessage `json:"CancellationReasons,omitempty"`
	}{Type: types + e.Code, Message: e.Message, Item: e.Item, Reasons: e.Reasons}
	writeJSON(w, status, document)
}

func writeJSON(w http.ResponseWriter, status int, document any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(document); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client may be gone
}

// epoch is a time as the protocol writes it: seconds since 1970, with milliseconds as a fraction.
type epoch time.Time

// MarshalJSON implements json.Marshaler.
func (t epoch) MarshalJSON() ([]byte, error) {
	ms := time.Time(t).UnixMilli()
	return fmt.Appendf(nil, "%d.%03d", ms/1000, ms%1000), nil
}

// epochOf returns the time for a member that may be absent.
func epochOf(t time.Time) *epoch {
	if t.IsZero() {
		return nil
	}
	e := epoch(t)
	return &e
}

// included says that data were sent whole.
type included struct {
	Included bool `json:"included"`
}

// validation is the refusal of a member that breaks the service's model (wording recorded).
func validation(value, member, constraint string) error {
	return &local.Error{Code: "ValidationException",
		Message: fmt.Sprintf("1 validation error detected: Value %s at '%s' failed to satisfy constraint: %s",
			value, member, constraint)}
}

// oneOf refuses a member that has none of the allowed values; it may be absent.
func oneOf(member, value string, allowed []string) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return validation("'"+value+"'", member, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

// required refuses a request without a member.
func required(member, value string) error {
	if value == "" {
		return validation("null", member, "Member must not be null")
	}
	return nil
}

// notNegative refuses a number below 0; it may be absent.
func notNegative(member string, n *int) error {
	if n == nil || *n >= 0 {
		return nil
	}
	return validation(fmt.Sprintf("'%d'", *n), member, "Member must have value greater than or equal to 0")
}

// find looks up the resource that a member of a request names.
func find[T any](member, arn string, lookUp func(arn string) (T, error)) (found T, err error) {
	if err := required(member, arn); err != nil {
		return found, err
	}
	return lookUp(arn)
}

// paging is the part of a request that asks for one page of a list.
type paging struct {
	MaxResults int    `json:"maxResults"`
	NextToken  string `json:"nextToken"`
}

const defaultPage, maxPage = 100, 1000 // API reference

// check refuses what the service refuses; maxToken is the length of its tokens.
func (p paging) check(maxToken int) error {
	switch {
	case p.MaxResults > maxPage:
		return validation(fmt.Sprintf("'%d'", p.MaxResults), "maxResults",
			fmt.Sprintf("Member must have value less than or equal to %d", maxPage))
	case p.MaxResults < 0:
		return validation(fmt.Sprintf("'%d'", p.MaxResults), "maxResults",
			"Member must have value greater than or equal to 0")
	case len(p.NextToken) > maxToken:
		return validation("'"+p.NextToken+"'", "nextToken",
			fmt.Sprintf("Member must have length less than or equal to %d", maxToken))
	}
	return nil
}

// cut returns a page of a list and the token of the next one, "" at the end. key tells an element of the list from
// the others: a token is the key of the last element of its page, so that elements which come or go do no harm.
func cut[T any](list []T, p paging, key func(T) string) (page []T, next string, err error) {
	if list, err = after(list, p.NextToken, key); err != nil {
		return nil, "", err
	}
	page, next = begin(list, p.MaxResults, key)
	return page, next, nil
}

// after returns what comes after the page that has the token; all of the list when there is none.
func after[T any](list []T, token string, key func(T) string) ([]T, error) {
	if token == "" {
		return list, nil
	}
	last, err := base64.StdEncoding.DecodeString(token)
	at := slices.IndexFunc(list, func(element T) bool { return key(element) == string(last) })
	if err != nil || at < 0 {
		return nil, &local.Error{Code: "InvalidToken", Message: "Invalid Token: 'Invalid token'"}
	}
	return list[at+1:], nil
}

// begin returns the first page of a list, of size elements or, for 0, as many as AWS has, and the token of the next.
func begin[T any](list []T, size int, key func(T) string) (page []T, next string) {
	if size == 0 {
		size = defaultPage
	}
	if len(list) <= size {
		return list, ""
	}
	return list[:size], base64.StdEncoding.EncodeToString([]byte(key(list[size-1])))
}
