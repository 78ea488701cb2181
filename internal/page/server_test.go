package page_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/page"
	"github.com/connect-async/connect-async/internal/testrun"
)

// served is a server of a project, and what a browser knows of it.
type served struct {
	t              testing.TB
	address, token string
	project        string
}

// copied is a copy of the examples, in which files may be written, and serves one of them.
func copied(t testing.TB, example string) served {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"balance", "menu", "chat", "wait"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join("../../examples", name))); err != nil {
			t.Fatal(err)
		}
	}
	return serve(t, filepath.Join(folder, example))
}

// made serves a project of these files.
func made(t testing.TB, files map[string]string) served {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return serve(t, folder)
}

// serve serves a project until the test ends.
func serve(t testing.TB, project string) served {
	t.Helper()
	return serveWith(t, page.Options{Project: project})
}

// serveWith serves what options say.
func serveWith(t testing.TB, o page.Options) served {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := page.NewServer(listener, o)
	over := make(chan error, 1)
	go func() { over <- s.Serve(t.Context()) }()
	t.Cleanup(func() {
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
	address, token, _ := strings.Cut(s.Address(), "#")
	return served{t: t, address: strings.TrimSuffix(address, "/"), token: token, project: o.Project}
}

// ask makes a request as the page does, with changed headers: "" leaves one out.
func (s served) ask(method, path, body string, headers map[string]string) *http.Response {
	s.t.Helper()
	answer, err := http.DefaultClient.Do(s.request(testrun.Deadline(s.t), method, path, body, headers))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// request is what the page would ask, with other headers.
func (s served) request(ctx context.Context, method, path, body string, headers map[string]string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, s.address+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("X-Page-Token", s.token)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		r.Header.Set("Origin", s.address)
	}
	for key, value := range headers {
		if r.Header.Del(key); value != "" {
			r.Header.Set(key, value)
		}
	}
	if host := headers["Host"]; host != "" {
		r.Host = host
	}
	return r
}

// post asks for something that must work, and reads the answer.
func (s served) post(path string, body any, to any) {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	answer := s.ask(http.MethodPost, path, string(text), nil)
	got, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || to != nil && json.Unmarshal(got, to) != nil {
		s.t.Fatalf("%s: %d %s (%v)", path, answer.StatusCode, got, err)
	}
}

type fields = map[string]any

func (s served) start(body fields) (call string) {
	s.t.Helper()
	var started struct{ ID string }
	s.post("/api/calls", body, &started)
	return "/api/calls/" + started.ID
}

// told is one message of a call.
type told struct {
	Event *struct {
		Type, Text, Verb, Words, Flow, Action string
		At                                    float64
	}
	Clock *struct {
		Speed               float64
		Paused, Waits, Over bool
	}
	End *struct {
		Failures []string
		Callers  []struct {
			Lines   []string
			Figures []figure
		}
	}
}

// figure is a number that a reader looks for first.
type figure struct{ Name, Value string }

// watch reads the messages of a call until enough says so or the call is over.
func (s served) watch(call string, enough func(told) bool) []told {
	s.t.Helper()
	answer := s.ask(http.MethodGet, call+"/events", "", nil)
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	var list []told
	for lines.Scan() {
		text, isData := strings.CutPrefix(lines.Text(), "data: ")
		if !isData {
			continue
		}
		var m told
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			s.t.Fatal(err)
		}
		if list = append(list, m); enough(m) {
			break
		}
	}
	return list
}

func ended(m told) bool { return m.End != nil }

func waits(m told) bool { return m.Clock != nil && m.Clock.Waits || m.End != nil }

// heard are the texts that were said.
func heard(list []told) (texts []string) {
	for _, m := range list {
		if m.Event != nil && m.Event.Type == "says" {
			texts = append(texts, m.Event.Text)
		}
	}
	return texts
}

// happened lists the events that were told.
func happened(list []told) string {
	var b strings.Builder
	for _, m := range list {
		if m.Event != nil {
			fmt.Fprintf(&b, "%v\n", *m.Event)
		}
	}
	return b.String()
}

func TestGuard(t *testing.T) {
	s := copied(t, "balance")
	host := strings.TrimPrefix(s.address, "http://")
	for _, test := range []struct {
		what, method, path string
		headers            map[string]string
		want               int
	}{
		{"the page, opened by its address", "GET", "/",
			map[string]string{"Sec-Fetch-Site": "none", "X-Page-Token": ""}, 200},
		{"a module", "GET", "/app.js", map[string]string{"X-Page-Token": ""}, 200},
		{"the project", "GET", "/api/project", nil, 200},
		{"a client that is no browser", "GET", "/api/project", map[string]string{"Sec-Fetch-Site": ""}, 200},
		{"another name", "GET", "/", map[string]string{"Host": "evil.example"}, 403},
		{"localhost, which is another origin", "GET", "/",
			map[string]string{"Host": strings.Replace(host, "127.0.0.1", "localhost", 1)}, 403},
		{"another port", "GET", "/", map[string]string{"Host": "127.0.0.1"}, 403},
		{"another page", "GET", "/api/project", map[string]string{"Origin": "https://evil.example"}, 403},
		{"a sandboxed page", "POST", "/api/suite", map[string]string{"Origin": "null"}, 403},
		{"a page that hides where it is from", "POST", "/api/suite", map[string]string{"Origin": ""}, 403},
		{"another site", "GET", "/app.js", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"another port of this machine", "GET", "/app.js", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"without a token", "GET", "/api/project", map[string]string{"X-Page-Token": ""}, 403},
		{"with a wrong token", "POST", "/api/suite", map[string]string{"X-Page-Token": "x"}, 403},
		{"a start by GET", "GET", "/api/calls", nil, 405},
		{"a suite by GET", "GET", "/api/suite", nil, 405},
		{"a load without a token", "POST", "/api/load", map[string]string{"X-Page-Token": ""}, 403},
		{"a file that is not there", "GET", "/live/app.js", nil, 404},
	} {
		answer := s.ask(test.method, test.path, "{}", test.headers)
		if answer.StatusCode != test.want {
			t.Errorf("%s: %d, want %d", test.what, answer.StatusCode, test.want)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
			strings.Contains(policy, "unsafe") || answer.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: the headers are %v", test.what, answer.Header)
		}
	}
}

func TestPlaysAScenario(t *testing.T) {
	s := copied(t, "balance")
	call := s.start(fields{"scenario": "scenario.yaml", "speed": 0})
	list := s.watch(call, ended)
	if texts := heard(list); !slices.Contains(texts, "Your balance is 42.10 dollars.") {
		t.Errorf("heard %q", texts)
	}
	if last := list[len(list)-1]; last.End == nil || len(last.End.Failures) > 0 || len(last.End.Callers) != 1 {
		t.Errorf("the call ended as %+v", last)
	}
	if first, again := happened(list), happened(s.watch(call, ended)); len(first) == 0 || first != again {
		t.Errorf("a page that is loaded again is told\n%s\ninstead of\n%s", again, first)
	}
}

// TestBeTheCaller presses keys in the menu, makes a function slower, hangs up and saves that twice.
func TestBeTheCaller(t *testing.T) {
	s := copied(t, "menu")
	call := s.start(fields{"scenario": "scenario.yaml", "speed": 0, "attend": true})
	s.watch(call, waits)
	if answer := s.ask("POST", call+"/save", "{}", nil); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a call that goes on is saved: %d", answer.StatusCode)
	}
	s.post(call+"/change", fields{"change": "takes balance", "seconds": 30}, nil)
	s.post(call+"/do", fields{"press": "1"}, nil)
	list := s.watch(call, func(m told) bool {
		return ended(m) || m.Event != nil && strings.HasPrefix(m.Event.Text, "Your balance is")
	})
	if last := list[len(list)-1].Event; last == nil || last.At < 30 {
		t.Errorf("the balance was said at %+v", last)
	}
	s.post(call+"/do", fields{"hang_up": true}, nil)
	s.watch(call, ended)
	for n := 1; n <= 2; n++ {
		var saved struct {
			File     string
			Passed   bool
			Problems []string
		}
		s.post(call+"/save", fields{}, &saved)
		if want := fmt.Sprintf("scenarios/played-%d.yaml", n); saved.File != want || !saved.Passed {
			t.Errorf("%+v, want %s", saved, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(s.project, "scenarios", "played-1.yaml"))
	if err != nil || !bytes.Contains(text, []byte("press")) {
		t.Errorf("%s (%v)", text, err)
	}
}

// TestPace changes the speed of a call that is paused, and then pauses it no more: each leaves the other as it is.
func TestPace(t *testing.T) {
	s := copied(t, "balance")
	call := s.start(fields{"scenario": "scenario.yaml", "speed": 0.01})
	s.post(call+"/pace", fields{"paused": true}, nil)
	s.post(call+"/pace", fields{"speed": 4}, nil)
	s.watch(call, func(m told) bool { return m.Clock != nil && m.Clock.Paused && m.Clock.Speed == 4 })
	s.post(call+"/pace", fields{"paused": false}, nil)
	list := s.watch(call, func(m told) bool { return ended(m) || m.Clock != nil && !m.Clock.Paused })
	if last := list[len(list)-1].Clock; last == nil || last.Speed != 4 {
		t.Errorf("the clock is %+v", last)
	}
}

// TestSavesInsideTheProject makes the folder of scenarios a link to elsewhere.
func TestSavesInsideTheProject(t *testing.T) {
	s := copied(t, "balance")
	elsewhere := t.TempDir()
	folder := filepath.Join(s.project, "scenarios")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, folder); err != nil {
		t.Skip(err)
	}
	call := s.start(fields{"scenario": "scenario.yaml", "speed": 0, "attend": true})
	s.watch(call, ended)
	answer := s.ask("POST", call+"/save", "{}", nil)
	if files, err := os.ReadDir(elsewhere); answer.StatusCode != http.StatusBadRequest || len(files) > 0 || err != nil {
		t.Errorf("%d; outside of the project there are %v (%v)", answer.StatusCode, files, err)
	}
}

func TestSuiteOnThePage(t *testing.T) {
	s := copied(t, "balance")
	var suite struct {
		Heading string
		Results []struct {
			File, Length string
			Passed       bool
			Words        float64
		}
	}
	s.post("/api/suite", fields{}, &suite)
	if len(suite.Results) < 15 || !strings.HasSuffix(suite.Heading, " 0 failed") {
		t.Fatalf("%+v", suite)
	}
	one := suite.Results[0]
	list := s.watch(s.start(fields{"scenario": one.File, "speed": 0, "words": one.Words}), ended)
	figures := list[len(list)-1].End.Callers[0].Figures
	if i := slices.IndexFunc(figures, func(f figure) bool { return f.Name == "Length" }); i < 0 ||
		figures[i].Value != one.Length {
		t.Errorf("a scenario that takes %s among all takes, opened as a call, %v", one.Length, figures)
	}
}

// manyCallers repeats what it is asked. It plays for ever when nobody waits long.
func manyCallers(ctx context.Context, q page.LoadQuestion) (page.LoadAnswer, error) {
	if q.Patience == "0s" {
		<-ctx.Done()
		return page.LoadAnswer{}, ctx.Err()
	}
	if q.Takes == "soon" {
		return page.LoadAnswer{}, errors.New("soon are not times")
	}
	const plot = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:x="y" x:z="1"><script>1</script>
		<rect width="9" height="9" style="fill:#0072B2; stroke:none"/><g><text>half</text></g></svg>`
	return page.LoadAnswer{Text: q.Arrivals + ", " + q.Takes, Plot: []byte(plot), Shows: "callers"}, nil
}

func TestLoadOnThePage(t *testing.T) {
	s := serveWith(t, page.Options{Project: "../../examples/balance", Load: manyCallers})
	var answer map[string]any
	s.post("/api/load", fields{"arrivals": "burst 4 1m", "takes": "5s"}, &answer)
	none, nothing := fields{}, []any{}
	text := fields{"name": "text", "attributes": none, "style": none, "text": "half", "children": nothing}
	want := fields{"text": "burst 4 1m, 5s", "shows": "callers", "plot": fields{
		"name": "svg", "attributes": none, "style": none, "text": "", "children": []any{
			fields{"name": "rect", "attributes": fields{"width": "9", "height": "9"}, "text": "", "children": nothing,
				"style": fields{"fill": "#0072B2", "stroke": "none"}},
			fields{"name": "g", "attributes": none, "style": none, "text": "", "children": []any{text}},
		}}}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Error(diff)
	}
	for body, at := range map[string]served{
		`{"takes": "soon"}`: s, `{"file": "x"}`: s, `{}`: serveWith(t, page.Options{Project: "../../examples/balance"}),
	} {
		if r := at.ask("POST", "/api/load", body, nil); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", body, r.StatusCode)
		}
	}
}

// TestLoadIsDropped takes back one question that is played and one that waits for it: then the third is answered.
func TestLoadIsDropped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	begin := sync.OnceFunc(func() { close(began) })
	s := serveWith(t, page.Options{Project: "../../examples/balance",
		Load: func(ctx context.Context, q page.LoadQuestion) (page.LoadAnswer, error) {
			if q.Patience == "0s" {
				begin()
			}
			return manyCallers(ctx, q)
		}})
	var dropped sync.WaitGroup
	ask := func() {
		r := s.request(ctx, http.MethodPost, "/api/load", `{"patience": "0s"}`, nil)
		if answer, err := http.DefaultClient.Do(r); err == nil {
			t.Errorf("it was answered: %d", answer.StatusCode)
		}
	}
	dropped.Go(ask)
	<-began
	dropped.Go(ask)
	cancel()
	dropped.Wait()
	var answer map[string]any
	s.post("/api/load", fields{"arrivals": "burst 4 1m"}, &answer)
	if answer["text"] != "burst 4 1m, " {
		t.Error(answer)
	}
}

// TestDrawsWhatCannotBePlayed takes the stand-in of a function away.
func TestDrawsWhatCannotBePlayed(t *testing.T) {
	s := copied(t, "wait")
	if err := os.WriteFile(filepath.Join(s.project, "scenario.yaml"), []byte("name: bare\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	answer := s.ask("GET", "/api/flows?scenario=scenario.yaml", "", nil)
	var shown struct {
		Flows []struct {
			File  string
			Scene struct{ Blocks []any }
		}
		Problems []string
	}
	if err := json.NewDecoder(answer.Body).Decode(&shown); err != nil {
		t.Fatal(err)
	}
	if len(shown.Problems) == 0 || len(shown.Flows) != 1 || shown.Flows[0].File != "flow.json" ||
		len(shown.Flows[0].Scene.Blocks) < 5 {
		t.Errorf("%+v", shown)
	}
}

// TestRefusals asks for what cannot be.
func TestRefusals(t *testing.T) {
	s := copied(t, "balance")
	call := s.start(fields{"scenario": "scenario.yaml", "speed": 0})
	s.watch(call, ended)
	for _, test := range []struct{ path, body, want string }{
		{"/api/calls", `{"scenario":"../menu/scenario.yaml"}`, "no such scenario"},
		{"/api/calls", `{"flow":"x"}`, "unknown field"},
		{"/api/calls", "x", "cannot be read"},
		{"/api/calls/x/do", `{"press":"1"}`, "not remembered"},
		{call + "/do", `{"press":"1"}`, "only watched"},
		{call + "/change", `{"change":"x"}`, "no such change"},
		{call + "/change", `{"change":"takes balance","seconds":-5}`, "between 0 and 3600 seconds"},
		{call + "/change", `{"change":"takes balance","seconds":1e10}`, "between 0 and 3600 seconds"},
		{call + "/do", `{"say":"` + strings.Repeat("x", 1<<17) + `"}`, "too large"},
	} {
		answer := s.ask("POST", test.path, test.body, nil)
		text, err := io.ReadAll(answer.Body)
		if answer.StatusCode < 400 || !strings.Contains(string(text), test.want) || err != nil {
			t.Errorf("%s %.40s: %d %s (%v)", test.path, test.body, answer.StatusCode, text, err)
		}
	}
}

// TestNothingGrowsWithCalls makes many calls, one after the other, and counts what is left of them.
func TestNothingGrowsWithCalls(t *testing.T) {
	s := copied(t, "wait")
	measured := func(calls int) (goroutines int, bytes uint64) {
		t.Run("calls", func(t *testing.T) { // what the test keeps of its requests is gone after it
			s := s
			s.t = t
			for range calls {
				s.watch(s.start(fields{"scenario": "scenario.yaml", "speed": 0}), ended)
			}
		})
		http.DefaultClient.CloseIdleConnections()
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	goroutines, before := measured(8)
	n := testrun.Count(t, 12, 100)
	more, after := measured(n)
	t.Logf("%d calls: %d goroutines became %d, %d kB became %d kB", n, goroutines, more, before/1024, after/1024)
	if more > goroutines+2 || after > before+256<<10 {
		t.Errorf("%d calls: %d goroutines became %d, %d bytes became %d", n, goroutines, more, before, after)
	}
}
