package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// account sends requests to the emulator, which believes whoever asks. It sends one at a time, since a list of the
// emulator breaks when something is added meanwhile.
type account struct {
	mu               sync.Mutex
	endpoint, region string
	number           string
	partition        string
}

// apiError is a refusal.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string { return fmt.Sprintf("%s (%d): %s", e.code, e.status, e.message) }

// errMissing says that something is not there.
var errMissing = errors.New("it does not exist")

// isMissing reports whether something is not there.
func isMissing(err error) bool {
	var refused *apiError
	if !errors.As(err, &refused) {
		return errors.Is(err, errMissing)
	}
	for _, word := range []string{"NotFound", "NoSuchEntity", "DoesNotExist", "NonExistentQueue"} {
		if strings.Contains(refused.code, word) {
			return true
		}
	}
	return refused.status == http.StatusNotFound
}

// identify asks whose account it is.
func (a *account) identify() error {
	answer, err := a.query("sts", "2011-06-15", "GetCallerIdentity", nil)
	if err != nil {
		return err
	}
	a.number = element(answer, "Account")
	a.partition = strings.Split(element(answer, "Arn")+"::", ":")[1]
	return nil
}

// arn is the ARN of something in the account's Region.
func (a *account) arn(service, resource string) string {
	return strings.Join([]string{"arn", a.partition, service, a.region, a.number, resource}, ":")
}

// data are the attributes of a data source.
func (a *account) data(name string) (record, error) {
	switch name {
	case "aws_caller_identity":
		return record{"id": a.number, "account_id": a.number}, nil
	case "aws_partition":
		return record{"id": a.partition, "partition": a.partition, "dns_suffix": "amazonaws.com"}, nil
	case "aws_region":
		return record{"id": a.region, "region": a.region, "name": a.region}, nil
	}
	return nil, errors.New("nothing reads this data source; add it to account.data")
}

// query sends a request of the query protocol and returns the answer in XML.
func (a *account) query(service, version, action string, form url.Values) (string, error) {
	all := url.Values{"Action": {action}, "Version": {version}}
	for name, values := range form {
		all[name] = values
	}
	answer, err := a.send(service, http.MethodPost, "/", []byte(all.Encode()),
		map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	return string(answer), err
}

// call sends a request of the JSON protocol. The target is the service's prefix and the operation.
func (a *account) call(service, target string, in record) (record, error) {
	return a.json(service, http.MethodPost, "/", in, map[string]string{
		"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target})
}

// rest sends a request to a path.
func (a *account) rest(service, method, path string, in record) (record, error) {
	return a.json(service, method, path, in, map[string]string{"Content-Type": "application/json"})
}

func (a *account) json(service, method, path string, in record, headers map[string]string) (record, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	answer, err := a.send(service, method, path, body, headers)
	if err != nil || len(bytes.TrimSpace(answer)) == 0 {
		return nil, err
	}
	var out map[string]any
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, fmt.Errorf("%s %s: %w in %s", service, path, err, answer)
	}
	return out, nil
}

func (a *account) send(service, method, path string, body []byte, headers map[string]string) ([]byte, error) {
	r, err := http.NewRequest(method, a.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=key/20261127/"+a.region+"/"+service+
		"/aws4_request, SignedHeaders=host, Signature=0")
	a.mu.Lock()
	defer a.mu.Unlock()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = refusal(answer, string(text))
	}
	return text, err
}

// refusal reads an error of any of the protocols.
func refusal(answer *http.Response, text string) error {
	e := &apiError{status: answer.StatusCode, code: answer.Header.Get("X-Amzn-Errortype"), message: text}
	var out map[string]any
	if json.Unmarshal([]byte(text), &out) == nil {
		if kind := record(out).text("__type"); kind != "" {
			e.code = kind
		}
	} else if code := element(text, "Code"); code != "" {
		e.code = code
	}
	return e
}

// element is the text of the first element of a name, "" when there is none.
func element(text, name string) string {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == name {
			var content string
			if d.DecodeElement(&content, &start) != nil {
				return ""
			}
			return content
		}
	}
}
