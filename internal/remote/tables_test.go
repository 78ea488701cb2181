package remote

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
)

func TestTables(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		wanted := r.Header.Get("X-Amz-Target") + " " + r.Header.Get("Content-Type") + " " + string(body)
		if strings.HasPrefix(wanted, "DynamoDB_20120810.PutItem") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
				"message":"no","Item":{"id":{"S":"a"}}}`)
			return
		}
		if wanted != `DynamoDB_20120810.Scan application/x-amz-json-1.0 {"TableName":"t"}` ||
			!strings.Contains(r.Header.Get("Authorization"), "Credential=key/") ||
			!strings.Contains(r.Header.Get("Authorization"), "/eu-west-3/dynamodb/") {
			t.Errorf("%s, signed %s", wanted, r.Header.Get("Authorization"))
		}
		_, _ = io.WriteString(w, `{"Count":0}`)
	}))
	defer server.Close()
	own := &LocalCredentials{ID: "key", Secret: "key", Region: "eu-west-3"}
	tables, err := NewTables(context.Background(), server.URL+"/", own, clock.Real{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := tables.Do(context.Background(), "Scan", []byte(`{"TableName":"t"}`))
	if err != nil || string(answer) != `{"Count":0}` {
		t.Errorf("%s %v", answer, err)
	}
	_, err = tables.Do(context.Background(), "PutItem", []byte(`{}`))
	refused, ok := errors.AsType[*TablesError](err)
	if !ok || refused.Error() != "ConditionalCheckFailedException: no" || string(refused.Item) != `{"id":{"S":"a"}}` {
		t.Errorf("%#v", err)
	}
}

func TestRegionAt(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://dynamodb.eu-west-1.amazonaws.com":     "eu-west-1",
		"https://dynamodb.cn-north-1.amazonaws.com.cn": "cn-north-1",
		"https://dynamodb.example.com":                 "mine",
		"https://%":                                    "mine",
	} {
		if got := regionAt(endpoint, "mine"); got != want {
			t.Errorf("%s is in %s, not %s", endpoint, got, want)
		}
	}
}
