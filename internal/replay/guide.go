package replay

import (
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
)

// Thresholds of what counts as the same.
const (
	apart     = 500 * time.Millisecond // the log and the play are not at the same time
	nearLimit = 300 * time.Millisecond // a function that failed this near to a limit has exceeded it
	fewBlocks = 2                      // as many blocks in a row may be missing in the log
)

// guide lets a contact go the way that a log says. It is a call.Record.
type guide struct {
	entries []Entry
	used    []bool
	foreign []bool             // of an action that no flow has: one of another version, or of a flow that was not given
	again   []int              // of which other entry each is a repetition, -1 for none
	actions []*flowlang.Action // of the entries
	learned *learned
	length  func(Entry) time.Duration // of what an entry says
	stops   bool                      // the call goes no further than the log
	logged  logged
	given   map[loggedFlow]*given
	missing bool // entries before the first one are

	began  time.Time                // of the call, in the play
	shift  time.Duration            // from the time of the play to that of the log
	placed bool                     // shift is known: an entry was met
	of     map[*flowlang.Action]int // the entry of each action, the latest; -1 for none
	waits  []int                    // entries of the Waits that are under way
	chain  time.Duration            // what functions in a row have taken
	beyond flow.Beginning           // the action that the contact came to after the end of the log

	differences []Difference

	begun  []begun                  // what the contact came to
	latest map[*flowlang.Action]int // of each action in it
	calls  []invoked
}

// begun is an action that the contact came to, and what the log knows of how it turned out.
type begun struct {
	action  *flowlang.Action
	at      time.Time
	outcome flow.Outcome
}

// invoked is an invocation of a function, and what it came to.
type invoked struct {
	arn          string
	asynchronous bool
	reply        player.Reply
	takes        time.Duration
}

func newGuide(p *playing) *guide {
	n := len(p.entries)
	g := &guide{
		entries: p.entries, used: make([]bool, n), foreign: p.foreign, again: p.again, learned: p.learned,
		logged: p.logged, given: p.of, actions: make([]*flowlang.Action, n),
		of: map[*flowlang.Action]int{}, latest: map[*flowlang.Action]int{}, missing: p.begins.isMissing(),
	}
	if p.begins.over >= 0 {
		g.used[p.begins.over] = true
	}
	if a := p.begins.wait; a != nil {
		g.used[p.begins.ends], g.actions[p.begins.ends], g.of[a] = true, a, p.begins.ends
		g.waits = []int{p.begins.ends}
	}
	return g
}

// at is the time of an entry in the play.
func (g *guide) at(i int) time.Time { return g.entries[i].Time.Add(-g.shift) }

// next is the first entry that no action has had, -1 when there is none. Entries that were delivered twice are passed
// over, unless an action follows that they may be meant for.
func (g *guide) next(expected *flowlang.Action) int {
	for i, e := range g.entries {
		switch {
		case g.used[i] || g.foreign[i]:
		case g.again[i] >= 0 && g.used[g.again[i]] && !fitsAction(e, expected):
			g.used[i] = true
		default:
			return i
		}
	}
	return -1
}

// fitsAction reports whether an entry may be one of an action.
func fitsAction(e Entry, a *flowlang.Action) bool {
	switch {
	case a == nil:
		return false
	case e.Identifier != "":
		return e.Identifier == a.Identifier
	case a.Kind != nil:
		return e.ModuleType == a.Kind.Logged
	}
	return e.ModuleType == a.Type
}

// fits reports whether an entry may be one of an action in a flow.
func (g *guide) fits(i int, a *flowlang.Action, in *flow.Flow) bool {
	return g.logged.has(g.entries[i], in) && fitsAction(g.entries[i], a)
}

// foreign reports, for each entry, whether it is of an action that no flow has.
func foreign(entries []Entry, flows []*flow.Flow, of logged) []bool {
	list := make([]bool, len(entries))
	for i, e := range entries {
		list[i] = !slices.ContainsFunc(flows, func(f *flow.Flow) bool {
			return of.has(e, f) &&
				slices.ContainsFunc(f.Actions, func(a *flowlang.Action) bool { return fitsAction(e, a) })
		})
	}
	return list
}

// find is the entry of an action that begins, -1 when the log has none there. Entries with the same time may be in any
// order, and a Wait has its entry when it is over.
func (g *guide) find(b flow.Beginning) int {
	first := g.next(b.Action)
	if first < 0 {
		return -1
	}
	for i := first; i < len(g.entries); i++ {
		tied := g.entries[i].Time.Equal(g.entries[first].Time)
		if !tied && b.Action.Type != flowlang.Wait {
			break
		}
		if !g.used[i] && g.fits(i, b.Action, b.Flow) {
			return i
		}
	}
	return -1
}

// Begins implements flow.Guide.
func (g *guide) Begins(b flow.Beginning) *flow.Outcome {
	if g.began.IsZero() {
		g.began = b.At
	}
	i := g.find(b)
	g.of[b.Action] = i
	g.latest[b.Action] = len(g.begun)
	g.begun = append(g.begun, begun{action: b.Action, at: b.At})
	if b.Action.Has(flowlang.BreaksChain) {
		g.chain = 0
	}
	if i < 0 {
		g.unlogged(b)
		if g.stops && b.At.Equal(g.beyond.At) && b.Action == g.beyond.Action {
			return &flow.Outcome{Takes: beyond}
		}
		return nil
	}
	g.used[i], g.actions[i] = true, b.Action
	if !g.placed {
		g.placed, g.shift = true, g.entries[i].Time.Sub(b.At)
	}
	if b.Action.Type == flowlang.Wait {
		g.waits = append(g.waits, i)
	}
	given := flow.Outcome{Data: g.learned.data[i]}
	if isWorld(b.Action) {
		given.Result = g.entries[i].Results
	}
	if g.missing && b.Action.Type == flowlang.Loop {
		given.Result = flow.LoopResult(g.entries[i].Results)
	}
	if late := g.at(i).Sub(b.At); isInstant(b.Action) {
		given.Takes = max(0, late)
		if late.Abs() > apart {
			g.differs(b, Difference{Kind: DiffersInTime, Logged: call.Spell(late), Took: late})
		}
	}
	g.begun[g.latest[b.Action]].outcome = given
	return &given
}

// beyond is longer than what is left of a call that is over.
const beyond = time.Hour

// unlogged notes an action of which the log has no entry: one that is missing, or one that the call did not come to.
func (g *guide) unlogged(b flow.Beginning) {
	switch {
	case !b.Logged || !g.placed:
	case g.next(nil) >= 0:
		g.differs(b, Difference{Kind: DiffersInEntries})
	case g.beyond.Action == nil:
		g.beyond = b
	}
}

// isInstant reports whether the entry of an action has the time at which it begins: it takes no time, or it is a
// message, which is logged when it begins.
func isInstant(a *flowlang.Action) bool {
	switch a.Type {
	case flowlang.MessageParticipant, flowlang.MessageParticipantIteratively:
		return true
	case flowlang.InvokeLambdaFunction:
		return a.Has(flowlang.Asynchronous)
	case flowlang.ShowView:
		return false
	}
	return !a.Has(flowlang.Listens) && !slices.Contains(conversations, a.Type)
}

// conversations take their time with somebody else.
var conversations = []string{
	flowlang.ConnectParticipantWithLexBot, flowlang.ConnectParticipantWithAgentic,
	flowlang.TransferParticipantToThirdParty,
}

// isWorld reports whether neither the flow nor the caller decides what an action comes to.
func isWorld(a *flowlang.Action) bool {
	switch a.Type {
	case flowlang.Compare, flowlang.Loop, flowlang.Wait, flowlang.GetParticipantInput, flowlang.InvokeFlowModule,
		flowlang.ConnectParticipantWithLexBot, flowlang.MessageParticipantIteratively, flowlang.ShowView,
		flowlang.LoadLambdaFunctionResult, flowlang.InvokeLambdaFunction:
		return false
	}
	return a.HasResult()
}

// Says implements flow.Guide: what the log says was said.
func (g *guide) Says(say flow.Say) flow.Say {
	i, ok := g.of[say.Action]
	if !ok || i < 0 || say.Action.Type == flowlang.MessageParticipantIteratively {
		return say
	}
	text := g.entries[i].parameter("Text")
	switch {
	case text == "":
	case say.SSML != "":
		say.SSML = text
	case say.Text != "":
		say.Text = text
	}
	return say
}

// Follows implements flow.Guide.
func (g *guide) Follows(b flow.Beginning, own *flowlang.Branch) *flowlang.Action {
	var expected *flowlang.Action
	if own != nil {
		expected = own.To
	}
	i := g.next(expected)
	if i < 0 || g.inContinue(b, i) || expected != nil && g.leadsTo(expected, b, i) {
		return nil
	}
	next := g.wayTo(b, i)
	if next == nil || next == expected {
		return nil
	}
	g.forced(b.Action, next)
	difference := Difference{Kind: DiffersInBranch, Logged: branchTo(b.Action, next)}
	if own != nil {
		difference.Played = own.Name
	}
	if entry := g.entryOf(b.Action); entry >= 0 {
		difference.Results = g.entries[entry].Results
	}
	if !isWorld(b.Action) && !g.unknowable(b.Action) {
		g.differs(b, difference)
	}
	return next
}

// unknowable reports whether an action goes by what only entries tell that are missing: it has begun before the log
// did, or counts.
func (g *guide) unknowable(a *flowlang.Action) bool {
	_, begun := g.latest[a]
	return g.missing && (!begun || readsLoop(a))
}

// forced notes the result or the error for which an action goes another way than it does by itself.
func (g *guide) forced(a, next *flowlang.Action) {
	latest, known := g.latest[a]
	if !known { // it had begun before the log did
		return
	}
	outcome := &g.begun[latest].outcome
	for _, branch := range a.Branches {
		switch {
		case branch.To != next || !branch.Taken:
		case branch.Kind == flowlang.Condition:
			outcome.Result, outcome.Error = branch.Operand(), ""
			return
		case branch.Kind == flowlang.Failure:
			outcome.Result, outcome.Error = "", branch.Name
			return
		}
	}
}

// inContinue reports whether a contact is in the Continue branch of a Wait that the log has ended before its next
// entry. It also notes that a Wait is over.
func (g *guide) inContinue(b flow.Beginning, next int) bool {
	if b.Action.Type == flowlang.Wait {
		if n := len(g.waits); n > 0 {
			g.waits = g.waits[:n-1]
		}
		return false
	}
	return len(g.waits) > 0 && next > g.waits[len(g.waits)-1]
}

// leadsTo reports whether an action is that of an entry, or leads there over a few that have none. Where flow logs are
// off all may be without.
func (g *guide) leadsTo(a *flowlang.Action, b flow.Beginning, i int) bool {
	if g.find(flow.Beginning{Flow: b.Flow, Action: a}) >= 0 {
		return true
	}
	if slices.ContainsFunc(b.Action.Branches, func(o *flowlang.Branch) bool {
		return o.To != nil && g.fits(i, o.To, b.Flow)
	}) {
		return false // another branch leads there at once
	}
	most := fewBlocks
	if !b.Logged || a.Has(flowlang.SwitchesLogs) {
		most = len(b.Flow.Actions)
	}
	return g.reaches([]*flowlang.Action{a}, b.Flow, i, most)
}

// reaches reports whether an entry is of an action that others lead to, over a number of actions at most. Where the
// others may leave the flow nothing else can be said.
func (g *guide) reaches(from []*flowlang.Action, in *flow.Flow, i, most int) bool {
	seen := map[*flowlang.Action]bool{}
	for range most {
		var after []*flowlang.Action
		for _, a := range from {
			if a.Ends() || a.Type == flowlang.InvokeFlowModule {
				return true
			}
			for _, next := range a.After() {
				if !seen[next] {
					seen[next] = true
					after = append(after, next)
				}
			}
		}
		if slices.ContainsFunc(after, func(a *flowlang.Action) bool { return g.fits(i, a, in) }) {
			return true
		}
		from = after
	}
	return false
}

// wayTo is where a contact goes on so that it comes to the action of an entry: a branch that leads there, else that
// action itself. It is nil where the entry is of another flow.
func (g *guide) wayTo(b flow.Beginning, i int) *flowlang.Action {
	for _, branch := range b.Action.Branches {
		if branch.To != nil && g.fits(i, branch.To, b.Flow) {
			return branch.To
		}
	}
	for _, a := range b.Flow.Actions {
		if g.fits(i, a, b.Flow) {
			return a
		}
	}
	return nil
}

// branchTo names the branches of an action that lead to another, "" when none does.
func branchTo(a, to *flowlang.Action) string {
	var names []string
	for _, b := range a.Branches {
		if b.To == to && b.Taken {
			names = append(names, b.Name)
		}
	}
	return strings.Join(names, " or ")
}

func (g *guide) differs(b flow.Beginning, d Difference) {
	d.Flow, d.Action, d.ActionType, d.when = b.Flow.File, b.Action.Identifier, b.Action.Type, b.At
	if i := g.entryOf(b.Action); i >= 0 && d.Kind != DiffersInEntries {
		d.when = g.at(i)
	}
	g.differences = append(g.differences, d)
}
