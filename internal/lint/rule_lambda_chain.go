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
	c := &chains{before: make([]int, len(p.Flow.Actions)), onWay: make([]bool, len(p.Flow.Actions))}
	for _, a := range p.Flow.Actions {
		if isSynchronous(a) && p.Flow.Reaches(a) {
			c.follow(a, 0, 0)
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

// chains holds by index how many seconds functions may have taken before an action, at most, and which actions are on
// the way that is being followed.
type chains struct {
	before []int
	onWay  []bool
}

// follow continues from an action with the seconds spent so far. Sums above the limit are not followed: they are
// reported where they arise, so every action is entered at most once per second of the limit. A function that is
// called again in a loop is not a chain, but polled.
func (c *chains) follow(a *flowlang.Action, spent, depth int) {
	known := depth > 0 && spent <= c.before[a.Index]
	if breaksChain(a) || c.onWay[a.Index] || known || spent > flowlang.MaxChainSeconds {
		return
	}
	c.onWay[a.Index] = true
	c.before[a.Index] = max(c.before[a.Index], spent)
	for _, b := range ways(a) {
		c.follow(b.To, spent+limit(a), depth+1)
	}
	c.onWay[a.Index] = false
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
