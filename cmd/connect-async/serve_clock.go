package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// The clocks of `serve`.
const (
	clockReal    = "real"
	clockVirtual = "virtual"
	clockManual  = "manual"
)

// clockPath is where a client asks for the time of the server, and lets it pass on a clock that is moved by hand. No
// API of AWS on the same port uses paths.
const clockPath = "/_clock"

// longestStep is the most by which a client may move the clock at once, in seconds. It is 30 years.
const longestStep = 1e9

// serveClock answers with the time. A POST of {"seconds": N} lets time pass first, and is answered when all that
// happens in it has happened.
func (s *localServer) serveClock(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost {
		if problem := s.moveClock(r); problem != "" {
			writeProblem(w, http.StatusBadRequest, problem)
			return
		}
	}
	writeJSON(w, map[string]string{"now": s.clock().Now().UTC().Format(time.RFC3339Nano)})
}

// moveClock does what a request asks for and says why it cannot.
func (s *localServer) moveClock(r *http.Request) (problem string) {
	if s.options.clock != clockManual {
		return fmt.Sprintf("time passes by itself with --clock %s; start the server with --clock %s",
			s.options.clock, clockManual)
	}
	var step struct {
		Seconds *float64 `json:"seconds"`
	}
	err := json.NewDecoder(io.LimitReader(r.Body, 1<<10)).Decode(&step)
	if err != nil || step.Seconds == nil || *step.Seconds < 0 || *step.Seconds > longestStep {
		return fmt.Sprintf(`send {"seconds": N}, where N is from 0 to %.0f`, longestStep)
	}
	if err := s.virtual.Advance(r.Context(), time.Duration(*step.Seconds*float64(time.Second))); err != nil {
		return err.Error()
	}
	return ""
}

// writeProblem refuses a request of a client.
func writeProblem(w http.ResponseWriter, status int, problem string) {
	w.WriteHeader(status)
	writeJSON(w, map[string]string{"error": problem})
}

// writeJSON writes a value as a line of JSON. Whoever does not read it is told nothing.
func writeJSON(w io.Writer, v any) { _ = json.NewEncoder(w).Encode(v) }

// printJSON prints for programs where the server is, as one line.
func (s *localServer) printJSON(w io.Writer, states, lambda net.Listener) {
	environment := map[string]string{}
	for _, v := range clientVariables(states.Addr().String(), lambda.Addr().String()) {
		environment[v.name] = v.value
	}
	machines := []string{}
	for _, m := range s.account.StateMachines() {
		machines = append(machines, m.ARN)
	}
	writeJSON(w, struct {
		Port        int               `json:"port"`
		LambdaPort  int               `json:"lambda_port"`
		Clock       string            `json:"clock"`
		Messages    string            `json:"messages"`
		Environment map[string]string `json:"environment"`
		Machines    []string          `json:"state_machines"`
	}{
		Port:        portOf(states),
		LambdaPort:  portOf(lambda),
		Clock:       s.url + clockPath,
		Messages:    s.url + messagesPath,
		Environment: environment,
		Machines:    machines,
	})
}
