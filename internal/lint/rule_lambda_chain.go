package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleLambdaChain = Rule{
	ID: "lambda-chain", Group: GroupSilence, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "Functions in a row may take more than " + chainLimit + " together, with no prompt between them.",
	Why: "The caller hears silence the whole time, and after " + chainLimit + " Connect takes the error branch " +
		"whatever the functions do.",
	Remedy: "Play a prompt between the functions, lower their limits, or put the slow ones behind the async " +
		"function.",
	Evidence: "Admin guide, Lambda functions: " + chainLimit + " for a sequence of functions; only Play prompt is " +
		"documented to restart it. Input, Lex and Wait are assumed to restart it too.",
	Check: checkChains,
}

// checkChains adds up the limits along every path without a prompt, and reports where the sum first exceeds the limit.
func checkChains(p *Pass) {
	c := &chains{before: make([]int, len(p.Flow.Actions)), seen: map[chain]bool{}}
	for _, a := range p.Flow.Actions {
		if isSynchronous(a) && p.Flow.Reaches(a) {
			c.follow(a, chain{})
		}
	}
	for _, a := range p.Flow.Actions {
		before, most := c.before[a.Index], flowlang.MaxChainSeconds
		if total := before + limit(a); before > 0 && before <= most && total > most {
			p.on(a, a.Param("InvocationTimeLimitSeconds"),
				"functions in a row may take %d s together up to here; Connect allows %d s", total, most)
		}
	}
}

// chains holds by index how many seconds functions may have taken before an action, at most, and what has been
// followed.
type chains struct {
	before []int
	seen   map[chain]bool
}

// chain is a way to an action, as far as it matters for what follows.
type chain struct {
	action    int
	functions string // a byte for each action up to the last function on the way, 1 for a function
	spent     int    // seconds, by these functions
}

// maxChains is how many chains of a flow are followed. Flows that people write have a few hundred.
const maxChains = 50_000

// follow continues from an action. Sums above the limit are not followed: they are reported where they arise. A
// function that is called again in a loop is not a chain, but polled.
func (c *chains) follow(a *flowlang.Action, way chain) {
	way.action = a.Index
	isAgain := a.Index < len(way.functions) && way.functions[a.Index] == 1
	if breaksChain(a) || isAgain || way.spent > flowlang.MaxChainSeconds || c.seen[way] || len(c.seen) == maxChains {
		return
	}
	c.seen[way] = true
	c.before[a.Index] = max(c.before[a.Index], way.spent)
	if isSynchronous(a) {
		functions := make([]byte, max(len(way.functions), a.Index+1))
		copy(functions, way.functions)
		functions[a.Index] = 1
		way.functions, way.spent = string(functions), way.spent+limit(a)
	}
	for _, b := range ways(a) {
		c.follow(b.To, way)
	}
}

// ways returns the branches by which a chain can continue. Of the error branches only those of functions count: they
// are taken after the time limit.
func ways(a *flowlang.Action) []*flowlang.Branch {
	if isSynchronous(a) {
		return a.Out()
	}
	return a.Usual()
}

func breaksChain(a *flowlang.Action) bool {
	return a.Has(flowlang.BreaksChain) || listens(a) || flowlang.FilledIn(a.Type)
}

// limit returns how many seconds Connect waits for a synchronous function, 0 for any other action and where only the
// deployment knows it.
func limit(a *flowlang.Action) int {
	if !isSynchronous(a) || isModeFilledIn(a) || flowlang.FilledIn(a.Text("InvocationTimeLimitSeconds")) {
		return 0
	}
	seconds, _ := a.InvocationLimit()
	return seconds
}
