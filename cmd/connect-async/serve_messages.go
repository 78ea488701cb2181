package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/messaging"
)

// messagesPath is where a client looks into what state machines have sent.
const messagesPath = "/_messages"

// serveMessages answers with the messages that wait, the oldest first. DELETE takes them away.
func (s *localServer) serveMessages(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	which, problem := chosen(r.URL.Query())
	if problem != "" {
		writeProblem(w, http.StatusBadRequest, problem)
		return
	}
	messages := []messaging.Message{}
	switch r.Method {
	case http.MethodGet:
		messages = append(messages, s.account.Messages(which)...)
	case http.MethodDelete:
		messages = append(messages, s.account.TakeMessages(which)...)
		if err := s.account.Committed(); err != nil {
			writeProblem(w, http.StatusInternalServerError, err.Error())
			return
		}
	default:
		w.Header().Set("Allow", "GET, DELETE")
		writeProblem(w, http.StatusMethodNotAllowed, "use GET to list messages, or DELETE to list and remove them")
		return
	}
	writeJSON(w, map[string]any{"messages": messages})
}

// chosen are the messages that a query asks for, or what is wrong with it.
func chosen(query url.Values) (which func(messaging.Message) bool, problem string) {
	for _, key := range slices.Sorted(maps.Keys(query)) {
		if key != "service" && key != "to" {
			return nil, fmt.Sprintf("unknown parameter %q (supported: service, to)", key)
		}
	}
	service, to := query.Get("service"), query.Get("to")
	services := []string{messaging.SQS, messaging.SNS, messaging.EventBridge}
	if service != "" && !slices.Contains(services, service) {
		return nil, fmt.Sprintf("unknown service %q (supported: %s)", service, strings.Join(services, ", "))
	}
	return func(m messaging.Message) bool {
		return (service == "" || m.Service == service) && (to == "" || m.To == to || nameOf(m.To) == to)
	}, ""
}

// nameOf is the name of a queue, topic or event bus: the end of its URL or ARN.
func nameOf(to string) string { return to[strings.LastIndexAny(to, "/:")+1:] }

// sent prints the line of a message, without anything that it says.
func (l *serveLog) sent(m messaging.Message) {
	to := nameOf(m.To)
	if m.Service == messaging.SNS && to == m.To {
		to = "to a phone number"
	}
	text := fmt.Sprintf("%s %s  state %s", m.Service, to, m.State)
	if len(m.Attributes) > 0 {
		text += "  attributes " + strings.Join(slices.Sorted(maps.Keys(m.Attributes)), ", ")
	}
	l.line("SENT", fmt.Sprintf("%d B", len(m.Body)), text, "")
}
