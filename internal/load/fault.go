package load

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/local"
)

// Fault is a service of AWS that fails for a part of the day.
type Fault struct {
	text      string
	Service   local.Service
	Operation string        // one of the service's operations, for Lambda the name of a function; "" for all
	From, To  time.Duration // times of day
	Share     float64       // of the requests that fail
	Error     string        // the service's error code
}

// String is the fault as it was written.
func (f Fault) String() string { return f.text }

// faultErrors are what the services answer when they fail.
var faultErrors = map[local.Service]string{
	local.StepFunctions: "InternalFailure", local.DynamoDB: "InternalServerError", local.Lambda: "ServiceException",
	local.EventBridge: "lost",
}

const faultForms = `write "lambda 09:10-09:14" or "step_functions/describe 09:10-09:14 20%%", ` +
	`with lambda, step_functions, dynamodb or event_bridge`

// ParseFault reads a fault: the service, or one of its operations (of Lambda: one function) after a slash, from when to
// when, and, unless all requests fail, which share of them.
func ParseFault(text string) (Fault, error) {
	wrong := fmt.Errorf("%q does not say what fails and when: "+faultForms, text)
	words := strings.Fields(text)
	if len(words) != 2 && len(words) != 3 {
		return Fault{}, wrong
	}
	service, operation, named := strings.Cut(words[0], "/")
	f := Fault{text: text, Service: local.Service(service), Operation: operation, Share: 1,
		Error: faultErrors[local.Service(service)]}
	from, to, _ := strings.Cut(words[1], "-")
	var errs [2]error
	f.From, errs[0] = ParseTime(from)
	f.To, errs[1] = ParseTime(to)
	if f.Error == "" || named && operation == "" || errs[0] != nil || errs[1] != nil || f.To <= f.From {
		return Fault{}, wrong
	}
	if known := operationsOf(f.Service); operation != "" && known != nil && !slices.Contains(known, operation) {
		return Fault{}, fmt.Errorf("%q is not an operation of %s: use one of %s", operation, service,
			strings.Join(known, ", "))
	}
	if len(words) == 3 {
		share, err := strconv.ParseFloat(strings.TrimSuffix(words[2], "%"), 64)
		if err != nil || !strings.HasSuffix(words[2], "%") || !(share > 0 && share <= 100) {
			return Fault{}, wrong
		}
		f.Share = share / 100
	}
	return f, nil
}

// operationsOf are the operations of a service; those of Lambda are functions, which the project names.
func operationsOf(service local.Service) []string {
	if service == local.Lambda {
		return nil
	}
	for _, served := range local.Operations {
		if served.Service == service {
			return served.Operations
		}
	}
	return nil
}

// status is the HTTP status of the fault's error.
func (f Fault) status() int {
	switch {
	case f.Error == throttledByLambda:
		return 429
	case strings.HasPrefix(f.Error, "Internal"), strings.HasPrefix(f.Error, "Service"):
		return 500
	}
	return 400
}

// fault returns what goes wrong with a request now, the zero Fault when nothing does.
func (s *simulation) fault(service local.Service, operation string) Fault {
	if len(s.settings.Faults) == 0 {
		return Fault{}
	}
	at := s.now().Sub(day)
	for i, f := range s.settings.Faults {
		if f.Service == service && (f.Operation == "" || f.Operation == operation) &&
			f.lasts(at, s.settings.Arrivals.From) && (f.Share == 1 || s.faults.Float64() < f.Share) {
			s.result.failing[i]++
			return f
		}
	}
	return Fault{}
}

// lasts reports whether the fault lasts at a time of a run that begins at another one. What is over by then comes on
// the next day.
func (f Fault) lasts(at, began time.Duration) bool {
	if f.To <= began {
		at -= wholeDay
	}
	return at >= f.From && at < f.To
}

const wholeDay = 24 * time.Hour
