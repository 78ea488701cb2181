package page

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/source"
)

//go:embed live
var live embed.FS

// assets are the files of the page, by path.
var assets = func() map[string]string {
	files, _ := fs.Glob(live, "live/*")
	list := map[string]string{"/{$}": "live/index.html"}
	for _, file := range files {
		list[strings.TrimPrefix(file, "live")] = file
	}
	return list
}()

func isAsset(path string) bool { return path == "/" || assets[path] != "" }

// Options say what a page shows. Project is needed.
type Options struct {
	Project  string       // its folder or file
	Scenario string       // file of the scenario to begin with, "" for the project's
	Call     call.Options // of each call: its Verdict, Prices and Remote

	Lint    func() source.Findings // finds what is wrong with the project's flows; nil finds nothing
	Load    Load                   // plays many callers; nil plays none
	Version func() string          // is another text when a file has changed; nil: none ever does
}

// Server serves the page of one project on a listener of this machine.
type Server struct {
	options  Options
	listener net.Listener
	token    string
	calls    *calls
	loading  chan struct{} // holds one while many callers are played
}

// NewServer returns a server on a listener. Serve answers; Address is what to open.
func NewServer(listener net.Listener, o Options) *Server {
	if o.Lint == nil {
		o.Lint = func() source.Findings { return nil }
	}
	if o.Version == nil {
		o.Version = func() string { return "unchanged" }
	}
	return &Server{options: o, listener: listener, token: rand.Text(), calls: &calls{},
		loading: make(chan struct{}, 1)}
}

// Address is the page's. The token follows a #, so that no server, log or other page sees it.
func (s *Server) Address() string { return "http://" + s.listener.Addr().String() + "/#" + s.token }

// Serve answers until ctx is done. Calls under way are hung up then.
func (s *Server) Serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	server := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stop()
	s.calls.close()
	real := clock.Real{}
	limited, cancel := real.WithDeadline(context.Background(), real.Now().Add(time.Second))
	defer cancel()
	if server.Shutdown(limited) != nil {
		_ = server.Close() // what remains is cut off
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for path, file := range assets {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, live, file)
		})
	}
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET /api/project":            s.project,
		"GET /api/flows":              s.flows,
		"POST /api/calls":             s.start,
		"POST /api/calls/{id}/do":     s.do,
		"POST /api/calls/{id}/pace":   s.pace,
		"POST /api/calls/{id}/change": s.change,
		"POST /api/calls/{id}/save":   s.save,
		"POST /api/suite":             s.suite,
		"POST /api/load":              s.load,
	} {
		mux.HandleFunc(pattern, answer(handle))
	}
	mux.HandleFunc("GET /api/calls/{id}/events", s.events)
	mux.HandleFunc("GET /api/prompt", s.prompt)
	return guard{host: s.listener.Addr().String(), token: s.token, next: mux}
}

// maxBody is how much a request of the page may hold: words that somebody types.
const maxBody = 64 << 10

// problem is an error that the page shows, with what to do.
type problem struct {
	status int
	text   string
}

// Error implements error.
func (p problem) Error() string { return p.text }

// refused is a problem with what was asked.
func refused(text string) error { return problem{status: http.StatusBadRequest, text: text} }

// answer answers with what a function returns, as JSON.
func answer(handle func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		result, err := handle(r)
		status := http.StatusOK
		if err != nil {
			var p problem
			if status = http.StatusInternalServerError; errors.As(err, &p) {
				status = p.status
			}
			result = map[string]string{"error": err.Error()}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(result) // the browser may be gone
	}
}

// read reads the JSON that a request holds.
func read(r *http.Request, to any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return refused("the request cannot be read: " + err.Error())
	}
	return nil
}
