package replay

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/player"
)

// ProbeFunction is the name of the function that the probe flows invoke, and probeARN what the flows have for it.
const (
	ProbeFunction = "connect-async-probe"
	probeARN      = "arn:aws:lambda:us-east-1:111122223333:function:" + ProbeFunction
)

//go:embed probes
var probes embed.FS

// Probe is a file that belongs to the probes: a flow to import, or the function that the flows invoke.
type Probe struct {
	File string
	Text []byte
}

// Probes are small flows whose logs settle what nobody has confirmed about Amazon Connect, and the function that they
// invoke. They name it by an ARN, "" for one in an account of the documentation.
func Probes(arn string) ([]Probe, error) {
	entries, err := fs.ReadDir(probes, "probes")
	if err != nil {
		return nil, err
	}
	var list []Probe
	for _, entry := range entries {
		text, err := probes.ReadFile(path.Join("probes", entry.Name()))
		if err != nil {
			return nil, err
		}
		if arn != "" {
			text = []byte(strings.ReplaceAll(string(text), probeARN, arn))
		}
		list = append(list, Probe{File: entry.Name(), Text: text})
	}
	slices.SortFunc(list, func(a, b Probe) int { return strings.Compare(a.File, b.File) })
	return list, nil
}

// asked is what the function of the probes was asked for: what it really did, of which a log shows only what Connect
// made of it.
type asked struct {
	takes   time.Duration
	fails   int // invocations before one that succeeds
	returns json.RawMessage
}

// Parameters of the function of the probes, see probes/function.py.
const (
	askedTakes   = "connect_async_takes"
	askedFails   = "connect_async_fails"
	askedReturns = "connect_async_returns"
	askedBytes   = "connect_async_bytes"
)

// mostAskedBytes bounds the reply that a log can ask for: twice what Connect takes.
const mostAskedBytes = 64 << 10

// readAsked reads the parameters of a function. It reports false for a function that is not that of the probes.
func readAsked(parameters json.RawMessage) (asked, bool) {
	values := valuesOf(parameters)
	var a asked
	isProbe := false
	if text, ok := values[askedTakes]; ok {
		seconds, err := strconv.ParseFloat(text, 64)
		isProbe = err == nil && seconds >= 0 && seconds < awsfacts.FunctionTimeout.Seconds()
		if isProbe {
			a.takes = time.Duration(seconds * float64(time.Second))
		}
	}
	if text, ok := values[askedFails]; ok {
		n, err := strconv.Atoi(text)
		a.fails, isProbe = max(0, n), isProbe || err == nil
	}
	a.returns = json.RawMessage("{}")
	if text, ok := values[askedReturns]; ok && json.Valid([]byte(text)) {
		a.returns, isProbe = json.RawMessage(text), true
	}
	if n, err := strconv.Atoi(values[askedBytes]); err == nil && n > 0 && n <= mostAskedBytes {
		a.returns, isProbe = replyOf(n), true
	}
	return a, isProbe
}

// replyOf is the reply with a number of bytes.
func replyOf(n int) json.RawMessage {
	empty := len(`{"much":""}`)
	return json.RawMessage(fmt.Sprintf(`{"much":%q}`, strings.Repeat("x", max(0, n-empty))))
}

// reply is what the function did when it was invoked for the nth time, 1 for the first.
func (a asked) reply(attempt int) player.Reply {
	if attempt <= a.fails {
		return player.Reply{Failed: true, ErrorType: "RuntimeError"}
	}
	return player.Reply{Payload: a.returns}
}

// quick is how long the function of the probes takes beside what it is asked for.
const quick = 60 * time.Millisecond

// probed is the reply of the function of the probes to an invocation of which the log has an entry. What Connect made
// of it, the play decides. The log says how long a function took that the flow waited for to its end.
func (a asked) probed(attempt int, asynchronous bool, logged time.Duration) (player.Reply, time.Duration) {
	reply := a.reply(attempt)
	switch {
	case asynchronous:
		return reply, a.takes + quick
	case reply.Failed && a.fails < 10: // another attempt may follow
		return reply, min(logged, a.takes+quick)
	}
	return reply, max(logged, a.takes)
}
