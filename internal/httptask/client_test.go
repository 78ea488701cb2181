package httptask_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/httptask"
	"github.com/connect-async/connect-async/internal/value"
)

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Two", "a")
	w.Header().Add("X-Two", "b")
	w.Header()["Date"] = nil
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"),
		strings.Join(r.Header.Values("X-Mine"), "+"), r.Header.Get("User-Agent"), r.Header.Get("Range"), string(body)})
}

// server has a path for each kind of answer.
func server(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/text", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"a":1}`) })
	mux.HandleFunc("/problem", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		fmt.Fprint(w, `{"a": 1.50}`)
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "{\xff")
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not here", http.StatusGone) })
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", awsfacts.DataBytes+1))
	})
	mux.HandleFunc("/near", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r,
			"/text", http.StatusFound)
	})
	mux.HandleFunc("/far", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://api.example.com/", http.StatusFound)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r,
			"/round", http.StatusFound)
	})
	mux.HandleFunc("/half", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "8")
		fmt.Fprint(w, "half")
	})
	mux.HandleFunc("/cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// TestInvoke makes requests. … is any text.
func TestInvoke(t *testing.T) {
	url := server(t)
	asked := func(method, uri, contentType, mine, body string) string {
		text := value.Encode([]any{method, uri, contentType, mine, "Amazon|StepFunctions|HttpInvoke|eu-west-1",
			"bytes=0-262144", body})
		return `{"Headers":{"content-length":["…"],"content-type":["application/json"],"x-two":["a","b"]},` +
			`"ResponseBody":` +
			string(text) + `,"StatusCode":201,"StatusText":"Created"}`
	}
	const form = `"RequestBody":{"b":{"c":1},"a":["x","y z"]},"Transform":{"RequestBodyEncoding":"URL_ENCODED"`
	const isForm, isJSON = "application/x-www-form-urlencoded", "application/json; charset=UTF-8"
	for _, c := range []struct{ name, path, parameters, want string }{
		{"a query", "/echo?z=1",
			`"Method":"GET","QueryParameters":{"q":"a b","l":[1,true]},"Headers":{"x-mine":["1","2"]}`,
			asked("GET", "/echo?z=1&q=a+b&l=1&l=true", "", "1+2", "")},
		{"JSON", "/echo", `"Method":"post","RequestBody":{"b":1,"a":[]},"Authentication":{"ConnectionArn":"c"}`,
			asked("POST", "/echo", isJSON, "", `{"b":1,"a":[]}`)},
		{"a text", "/echo", `"Method":"PUT","RequestBody":"hello","Headers":{"Content-Type":"text/plain"}`,
			asked("PUT", "/echo", "text/plain", "", "hello")},
		{"a null body", "/echo", `"Method":"DELETE","RequestBody":null,"InvocationConfig":{"ConnectionArn":"c"}`,
			asked("DELETE", "/echo", "", "", "")},
		{"a form", "/echo", `"Method":"POST",` + form + `}`,
			asked("POST", "/echo", isForm, "", `b%5Bc%5D=1&a%5B0%5D=x&a%5B1%5D=y+z`)},
		{"repeated", "/echo", `"Method":"POST",` + form + `,"RequestEncodingOptions":{"ArrayFormat":"REPEAT"}}`,
			asked("POST", "/echo", isForm, "", `b%5Bc%5D=1&a=x&a=y+z`)},
		{"brackets", "/echo", `"Method":"POST",` + form + `,"RequestEncodingOptions":{"ArrayFormat":"BRACKETS"}}`,
			asked("POST", "/echo", isForm, "", `b%5Bc%5D=1&a%5B%5D=x&a%5B%5D=y+z`)},
		{"commas", "/echo", `"Method":"POST",` + form + `,"RequestEncodingOptions":{"ArrayFormat":"COMMAS"}}`,
			asked("POST", "/echo", isForm, "", `b%5Bc%5D=1&a=x%2Cy+z`)},
		{"not JSON by its type", "/text", `"Method":"GET"`,
			`…"ResponseBody":"{\"a\":1}","StatusCode":200,"StatusText":"OK"}`},
		{"JSON of another kind", "/problem", `"Method":"GET"`, `…"ResponseBody":{"a":1.50},…`},
		{"not JSON", "/broken", `"Method":"GET"`, "…\"ResponseBody\":\"{\uFFFD\",…"},
		{"no body", "/text", `"Method":"HEAD"`, `…"ResponseBody":"",…`},
		{"a redirect", "/near", `"Method":"GET"`, `…"ResponseBody":"{\"a\":1}",…`},
		{"a redirect to elsewhere", "/far", `"Method":"GET"`, `States.Http.StatusCode.302: …api.example.com…`},
		{"redirects without end", "/round", `"Method":"GET"`, `States.Http.Socket: …stopped after 10 redirects`},
		{"an error", "/gone", `"Method":"GET"`, "States.Http.StatusCode.410: not here\n"},
		{"too large", "/large", `"Method":"GET"`,
			`…"ResponseBody":"xxx…xxx",…`},
		{"cut", "/cut", `"Method":"GET"`, `States.Http.Socket: …EOF`},
		{"a method", "/text", `"Method":"TRACE"`,
			`States.Runtime: the field 'Method' must be one of GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD, not ` +
				`"TRACE"`},
		{"no method", "/text", `"Headers":{}`, `States.Runtime: the field 'Method' must be one of …`},
		{"a header", "/text", `"Method":"GET","Headers":{"authorization":"x"}`,
			`States.Runtime: the header "authorization" cannot be set by an HTTP Task`},
		{"a header of AWS", "/text", `"Method":"GET","Headers":{"x-amz-date":"x"}`, `States.Runtime: the header …`},
		{"a wrong header", "/text", `"Method":"GET","Headers":{"a b":"\n"}`,
			`States.Http.Socket: …invalid header field…`},
		{"an encoding", "/text", `"Method":"POST","RequestBody":{},"Transform":{"RequestBodyEncoding":"XML"}`,
			`States.Runtime: the field 'RequestBodyEncoding' must be URL_ENCODED or NONE, not "XML"`},
		{"a form of text", "/text",
			`"Method":"POST","RequestBody":"a","Transform":{"RequestBodyEncoding":"URL_ENCODED"}`,
			`States.Runtime: the field 'RequestBody' must be an object to be URL-encoded`},
		{"a format", "/text", `"Method":"POST",` + form + `,"RequestEncodingOptions":{"ArrayFormat":"X"}}`,
			`States.Runtime: the field 'ArrayFormat' must be INDICES, REPEAT, COMMAS or BRACKETS, not "X"`},
	} {
		got := invoke(t, `{"ApiEndpoint":"`+url+c.path+`",`+c.parameters+`}`)
		want := regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(c.want), "…", ".*") + "$")
		if !want.MatchString(got) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// invoke makes a request and returns the result, or the error.
func invoke(t *testing.T, parameters string) string {
	t.Helper()
	r := httptask.New("eu-west-1").Invoke(context.Background(), []byte(parameters))
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if r.FunctionError != "" {
		return r.ErrorType + ": " + string(r.Payload)
	}
	return string(r.Payload)
}

// TestRequestsThatAreNotMade asks for what is not a server on this machine.
func TestRequestsThatAreNotMade(t *testing.T) {
	for parameters, want := range map[string]string{
		`[]`:               `States.Runtime: the parameters of an HTTP Task must be an object`,
		`{"Method":"GET"}`: `States.Runtime: the field 'ApiEndpoint' is required but was missing`,
		`{"Method":"GET","ApiEndpoint":"http://%"}`:           `States.Runtime: the field 'ApiEndpoint' is not a URL: `,
		`{"Method":"GET","ApiEndpoint":"http://192.0.2.1/"}`:  `States.Http.Socket: `,
		`{"Method":"GET","ApiEndpoint":"http://127.0.0.1:1"}`: `States.Http.Socket: `,
	} {
		if got := invoke(t, parameters); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", parameters, got, want)
		}
	}
	refused := invoke(t, `{"Method":"GET","ApiEndpoint":"http://192.0.2.1/"}`)
	if !strings.Contains(refused, "192.0.2.1:80 is not this machine") {
		t.Error(refused)
	}
}

// TestCancelled ends a request with its task.
func TestCancelled(t *testing.T) {
	asked, ended := make(chan struct{}), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
		close(ended)
	}))
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-asked
		cancel()
	}()
	r := httptask.New("eu-west-1").Invoke(ctx, []byte(`{"Method":"GET","ApiEndpoint":"`+s.URL+`"}`))
	if r.ErrorType != "States.Http.Socket" {
		t.Errorf("%+v", r)
	}
	<-ended
}
