package httptask

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// methods are those that an HTTP Task can use.
var methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}

// Headers that a definition cannot set: these, and those that begin with the second ones.
var (
	reservedHeaders = []string{"Authorization", "Connection", "Content-Md5", "Date", "Expect", "Host", "Max-Forwards",
		"Proxy-Authenticate", "Server", "Te", "Transfer-Encoding", "Trailer", "Upgrade", "Via", "Www-Authenticate"}
	reservedPrefixes = []string{"X-Forwarded", "X-Amz", "X-Amzn"}
)

// The headers that Step Functions sets.
const (
	userAgent = "User-Agent"
	byteRange = "Range"
)

// The values of Transform.
const (
	urlEncoded  = "URL_ENCODED"
	notEncoded  = "NONE"
	contentType = "Content-Type"
)

// request makes the request that a task's parameters describe. The context's trace has it, too.
func (c *Client) request(ctx context.Context, parameters []byte) (*http.Request, error) {
	decoded, err := value.Decode(parameters)
	p, isObject := decoded.(*value.Object)
	if err != nil || !isObject {
		return nil, fmt.Errorf("the parameters of an HTTP Task must be an object")
	}
	endpoint, method := text(p, "ApiEndpoint"), strings.ToUpper(text(p, "Method"))
	switch {
	case endpoint == "":
		return nil, fmt.Errorf("the field 'ApiEndpoint' is required but was missing")
	case !slices.Contains(methods, method):
		return nil, fmt.Errorf("the field 'Method' must be one of %s, not %q", strings.Join(methods, ", "), method)
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("the field 'ApiEndpoint' is not a URL: %w", err)
	}
	given, _ := member(p, "Headers").(*value.Object)
	headers, err := headersOf(given)
	if err != nil {
		return nil, err
	}
	if query, ok := member(p, "QueryParameters").(*value.Object); ok {
		u.RawQuery = strings.Trim(u.RawQuery+"&"+encoded(query, repeat), "&")
	}
	body, err := bodyOf(p, headers)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body == "" {
		request.Body = nil
	}
	request.Header = headers
	request.Header.Set(userAgent, "Amazon|StepFunctions|HttpInvoke|"+c.region)
	request.Header.Set(byteRange, "bytes=0-262144")
	keep(ctx, func(e *Exchange) { e.Request = shownRequest(request, given, body) })
	return request, nil
}

func member(o *value.Object, name string) any {
	v, _ := o.Get(name)
	return v
}

func text(o *value.Object, name string) string {
	s, _ := member(o, name).(string)
	return s
}

// headersOf are the headers that the parameters give: each a text, or a list of them.
func headersOf(given *value.Object) (http.Header, error) {
	headers := http.Header{}
	for name, v := range given.All() {
		key := http.CanonicalHeaderKey(name)
		if slices.Contains(reservedHeaders, key) || slices.ContainsFunc(reservedPrefixes, func(prefix string) bool {
			return strings.HasPrefix(key, prefix)
		}) {
			return nil, fmt.Errorf("the header %q cannot be set by an HTTP Task", name)
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, one := range list {
			headers.Add(key, plain(one))
		}
	}
	return headers, nil
}

// bodyOf is the body of the request: a text as it is, anything else as JSON or, when Transform asks for it,
// URL-encoded.
func bodyOf(p *value.Object, headers http.Header) (string, error) {
	body, given := p.Get("RequestBody")
	transform, _ := member(p, "Transform").(*value.Object)
	if !given || body == nil {
		return "", nil
	}
	encoding := notEncoded
	if transform != nil && text(transform, "RequestBodyEncoding") != "" {
		encoding = text(transform, "RequestBodyEncoding")
	}
	switch encoding {
	case notEncoded:
		if headers.Get(contentType) == "" {
			headers.Set(contentType, "application/json; charset=UTF-8")
		}
		return plain(body), nil
	case urlEncoded:
		return form(body, transform, headers)
	}
	return "", fmt.Errorf("the field 'RequestBodyEncoding' must be %s or %s, not %q", urlEncoded, notEncoded, encoding)
}

// form is a body that is URL-encoded.
func form(body any, transform *value.Object, headers http.Header) (string, error) {
	object, isObject := body.(*value.Object)
	if !isObject {
		return "", fmt.Errorf("the field 'RequestBody' must be an object to be URL-encoded")
	}
	format := "INDICES"
	if options, ok := member(transform, "RequestEncodingOptions").(*value.Object); ok && text(options,
		"ArrayFormat") != "" {
		format = text(options, "ArrayFormat")
	}
	of, ok := arrayFormats[format]
	if !ok {
		return "", fmt.Errorf("the field 'ArrayFormat' must be INDICES, REPEAT, COMMAS or BRACKETS, not %q", format)
	}
	if headers.Get(contentType) == "" {
		headers.Set(contentType, "application/x-www-form-urlencoded")
	}
	return encoded(object, of), nil
}

// arrayFormat is how the elements of a list are written: each under a key of its own, or all under one.
type arrayFormat func(key string, index int) string

var arrayFormats = map[string]arrayFormat{
	"INDICES":  func(key string, index int) string { return key + "[" + strconv.Itoa(index) + "]" },
	"BRACKETS": func(key string, _ int) string { return key + "[]" },
	"REPEAT":   repeat,
	"COMMAS":   nil,
}

func repeat(key string, _ int) string { return key }

// encoded is an object as a query; objects in it have keys such as a[b].
func encoded(o *value.Object, format arrayFormat) string {
	var pairs []string
	add := func(key, v string) { pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(v)) }
	var put func(key string, v any)
	put = func(key string, v any) {
		switch v := v.(type) {
		case *value.Object:
			for name, inner := range v.All() {
				put(key+"["+name+"]", inner)
			}
		case []any:
			if format == nil {
				var list []string
				for _, one := range v {
					list = append(list, plain(one))
				}
				add(key, strings.Join(list, ","))
				return
			}
			for i, one := range v {
				put(format(key, i), one)
			}
		default:
			add(key, plain(v))
		}
	}
	for name, v := range o.All() {
		put(name, v)
	}
	return strings.Join(pairs, "&")
}

// plain is a value as text: a text as it is, anything else as JSON.
func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(value.Encode(v))
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
