package flow_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// playground plays one flow many times.
type playground struct {
	flow    *flow.Flow
	log     bool               // play with a flow log
	actions []*flowlang.Action // by identifier, so that the same is drawn however the flow is written
	facts   facts
	taken   map[string]bool
	guarded int
	steered map[string]string // by identifier: the branch that this play is led to take
	prefer  map[string]string // values that lead there
	between func(*flow.Contact) *flow.Contact
	faulty  map[string]bool // messages whose SSML is broken in the flow itself: their NextAction is never taken
}

func newPlayground(f *flow.Flow, found source.Findings) *playground {
	actions := slices.SortedStableFunc(slices.Values(f.Actions), func(a, b *flowlang.Action) int {
		return strings.Compare(a.Identifier, b.Identifier)
	})
	p := &playground{flow: f, actions: actions, facts: gather(actions), taken: map[string]bool{},
		faulty: map[string]bool{}}
	for _, a := range actions {
		for _, finding := range found {
			refused := finding.Code == "ssml" || strings.HasPrefix(finding.Code, "parameter-") ||
				finding.Code == "missing-parameter" || finding.Code == "empty-value"
			p.faulty[a.Identifier] = p.faulty[a.Identifier] || refused && finding.Subject == a.Identifier
		}
	}
	return p
}

// facts are what random plays draw from: the references that a flow reads, and the values that it compares them with.
type facts struct {
	references []string
	values     map[string][]string
	becomes    map[string]string // attribute → reference that it is set from
}

func gather(actions []*flowlang.Action) facts {
	all := facts{values: map[string][]string{}, becomes: map[string]string{}}
	for _, a := range actions {
		walk(a.Parameters, func(text string) {
			for _, part := range strings.FieldsFunc(text, func(r rune) bool {
				return strings.ContainsRune(" ,<>\"'!?", r)
			}) {
				if strings.HasPrefix(part, "$.") {
					all.references = append(all.references, strings.TrimRight(part, "."))
				}
			}
		})
		if reference := a.Param("ComparisonValue").Str(); reference != "" {
			for _, c := range compared(a) {
				all.values[reference] = append(all.values[reference], c.Operand())
			}
		}
	}
	for _, a := range actions {
		attributes := a.Param("Attributes")
		if a.Type != flowlang.UpdateContactAttributes || attributes == nil {
			continue
		}
		for _, m := range attributes.Members { // what becomes an attribute is compared later
			all.values[m.Value.Str()] = append(all.values[m.Value.Str()], all.values["$.Attributes."+m.Key]...)
			all.becomes["$.Attributes."+m.Key] = m.Value.Str()
		}
	}
	slices.Sort(all.references)
	all.references = slices.Compact(all.references)
	return all
}

func walk(n *source.Node, visit func(string)) {
	if n == nil {
		return
	}
	if n.Kind == source.String {
		visit(n.Text)
	}
	for _, item := range n.Items {
		walk(item, visit)
	}
	for _, m := range n.Members {
		walk(m.Value, visit)
	}
}

// found are the namespaces that actions fill with what they find outside.
var found = []string{"Lex", "Views", "Customer", "Case", "Metrics"}

// finders are the actions that fill them.
var finders = []string{
	flowlang.ConnectParticipantWithLexBot, flowlang.ShowView, flowlang.GetCustomerProfile,
	flowlang.CreateCustomerProfile, flowlang.GetCase, flowlang.CreateCase, flowlang.GetMetricData,
}

func (p *playground) finds(r *rand.Rand, a *flowlang.Action) map[string]string {
	if !slices.Contains(finders, a.Type) {
		return nil
	}
	return p.data(r, found...)
}

// data makes up values for the references of some namespaces, mostly such as the flow compares them with.
func (p *playground) data(r *rand.Rand, namespaces ...string) map[string]string {
	values := map[string]string{}
	for _, reference := range p.facts.references {
		namespace, _, _ := strings.Cut(strings.TrimPrefix(reference, "$."), ".")
		if !slices.Contains(namespaces, namespace) || r.IntN(20) == 0 {
			continue
		}
		if value, ok := p.prefer[reference]; ok {
			values[reference] = value
			continue
		}
		candidates := p.facts.values[reference]
		if len(candidates) == 0 || r.IntN(4) == 0 {
			candidates = []string{"<speak>5</speak>", "5", "+15550100", "<speak>hello</speak>"}
		}
		values[reference] = candidates[r.IntN(len(candidates))]
	}
	return values
}

func (p *playground) play(t *testing.T, seed uint64) *driver {
	r := rand.New(rand.NewPCG(seed, 7))
	p.steer(r)
	options := flow.Options{
		Seed:           seed,
		Log:            p.log,
		Channel:        p.channel(r),
		Assumptions:    p.assumptions(r),
		CustomerNumber: "+15550100",
		SystemNumber:   "+15550199",
		Attributes:     trimmed(p.data(r, "Attributes"), "$.Attributes."),
		World:          p.world(r),
		References:     p.data(r, append(found, "External")...),
	}
	if r.IntN(4) > 0 {
		options.Queue = "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q"
	}
	d := &driver{
		contact: flow.NewContact(p.flow, options),
		observe: p.observe,
		hangUp:  time.Duration(10+r.IntN(600)) * time.Second,
	}
	d.lasts = func(flow.Say) time.Duration { return time.Duration(500+r.IntN(8000)) * time.Millisecond }
	d.function = func(_ time.Duration, call flow.InvokeFunction) reply { return p.reply(r, call.Action) }
	d.answer = func(_ time.Duration, ask flow.Ask) (flow.Input, bool) { return p.answer(r, ask) }
	d.between = p.between
	d.play()
	switch {
	case d.finished == nil:
		t.Fatalf("seed %d: the play stopped without an end", seed)
	case d.finished.Ending == flow.EndingGuard:
		p.guarded++
	}
	return d
}

// ways are the branches that a contact can take: the errors sorted, as the rest of the draws are.
func ways(a *flowlang.Action) []*flowlang.Branch {
	list := a.Ways()
	slices.SortStableFunc(list, func(a, b *flowlang.Branch) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
	return list
}

// channelOf names the actions that work on one channel only.
var channelOf = map[string]flow.Channel{
	flowlang.ShowView:                            flow.Chat,
	flowlang.UpdateContactMediaProcessing:        flow.Chat,
	flowlang.GetParticipantInput:                 flow.Voice,
	flowlang.MessageParticipantIteratively:       flow.Voice,
	flowlang.CreateCallbackContact:               flow.Voice,
	flowlang.UpdateContactCallbackNumber:         flow.Voice,
	flowlang.TransferParticipantToThirdParty:     flow.Voice,
	flowlang.UpdateContactMediaStreamingBehavior: flow.Voice,
}

// channel draws a channel on which the flow makes sense.
func (p *playground) channel(r *rand.Rand) flow.Channel {
	var channels []flow.Channel
	for _, a := range p.actions {
		channel := channelOf[a.Type]
		if a.Type == flowlang.MessageParticipant && a.Param("Text") == nil {
			channel = flow.Voice
		}
		if channel != "" && !slices.Contains(channels, channel) {
			channels = append(channels, channel)
		}
	}
	if len(channels) == 0 {
		channels = []flow.Channel{flow.Voice, flow.Voice, flow.Chat, flow.Task}
	}
	return channels[r.IntN(len(channels))]
}

// assumptions changes some of them.
func (p *playground) assumptions(r *rand.Rand) *flow.Assumptions {
	assumed := flow.DefaultAssumptions()
	for _, row := range flow.AssumptionTable() {
		if len(row.Values) > 1 && row.Name != "timeout_error" && r.IntN(10) == 0 {
			_ = assumed.Set(row.Name, row.Values[r.IntN(len(row.Values))]) // a value of the table can be set
		}
	}
	return &assumed
}

// world makes up outcomes: results and errors of the actions' own branches, or none.
func (p *playground) world(r *rand.Rand) flow.World {
	w := flow.World{
		Outcomes:   map[string][]flow.Outcome{},
		Metrics:    map[string]string{"Agents.Staffed.Count": itoa(r.IntN(2)), "Queue.Size": itoa(r.IntN(3))},
		AgentAfter: time.Duration(r.IntN(300)-20) * time.Second,
	}
	calm := []int{40, 10, 2}[r.IntN(3)]
	for _, a := range p.actions {
		branches := ways(a)
		if branch, ok := p.steered[a.Identifier]; ok && len(branches) > 0 {
			w.Outcomes[a.Identifier] = append(w.Outcomes[a.Identifier], p.led(r, a, branch))
		}
		for len(branches) > 0 && len(p.steered) == 0 && r.IntN(calm) == 0 {
			w.Outcomes[a.Identifier] = append(w.Outcomes[a.Identifier], p.outcome(r, a, branches))
		}
		w.Outcomes[a.Identifier] = append(w.Outcomes[a.Identifier], flow.Outcome{Data: p.finds(r, a)})
	}
	return w
}

func (p *playground) outcome(r *rand.Rand, a *flowlang.Action, branches []*flowlang.Branch) flow.Outcome {
	o := p.led(r, a, branches[r.IntN(len(branches))].Name)
	if r.IntN(4) == 0 {
		o.Takes = time.Duration(r.IntN(3000)) * time.Millisecond
	}
	return o
}

// led is the outcome that takes a branch.
func (p *playground) led(r *rand.Rand, a *flowlang.Action, branch string) flow.Outcome {
	o := flow.Outcome{Data: p.finds(r, a)}
	isError := a.Error(branch) != nil
	switch {
	case isError && branch != flowlang.NoMatchingCondition:
		o.Error = branch
	case branch != flowlang.NextAction && branch != "Continue":
		o.Result = leading(a, branch)
	}
	return o
}

func (p *playground) reply(r *rand.Rand, a *flowlang.Action) reply {
	answer := reply{takes: time.Duration(r.IntN(9000)) * time.Millisecond}
	fate := r.IntN(40)
	if p.steered[a.Identifier] == flowlang.NextAction {
		answer.takes, fate = answer.takes/20, 39
	}
	switch fate {
	case 0:
		answer.error = "Runtime.ExitError"
	case 1:
		answer.error, answer.retryable = "TooManyRequestsException", true
	case 2:
		answer.payload = `[`
	case 3:
		answer.never = true
	default:
		text, _ := json.Marshal(trimmed(p.data(r, "External"), "$.External."))
		answer.payload = string(text)
	}
	return answer
}

func (p *playground) answer(r *rand.Rand, ask flow.Ask) (flow.Input, bool) {
	in := flow.Input{
		At:     epoch.Add(time.Duration(r.IntN(12000)) * time.Millisecond),
		Digits: string("0123456789*#"[r.IntN(12)]),
	}
	if ask.Kind == flow.AskDigits {
		in.Digits = fmt.Sprintf("%d#", r.IntN(20_000_000))
	}
	if branches := ways(ask.Action); r.IntN(2) == 0 && len(compared(ask.Action)) > 0 {
		in.Text = branches[r.IntN(len(branches))].Name
	}
	if branch, ok := p.steered[ask.Action.Identifier]; ok {
		in.Text = branch
		if ask.Kind == flow.AskKey {
			in.Digits = branch[:1]
		}
		return in, branch != flowlang.InputTimeLimitExceeded
	}
	return in, r.IntN(5) > 0
}

// compared are the branches of an action that compare its result.
func compared(a *flowlang.Action) []*flowlang.Branch {
	return slices.DeleteFunc(slices.Clone(a.Branches), func(b *flowlang.Branch) bool {
		return b.Kind != flowlang.Condition
	})
}

func trimmed(values map[string]string, prefix string) map[string]string {
	short := map[string]string{}
	for _, reference := range slices.Sorted(maps.Keys(values)) {
		short[strings.TrimPrefix(reference, prefix)] = values[reference]
	}
	return short
}

func (p *playground) observe(command flow.Command) {
	if take, ok := command.(flow.Take); ok {
		p.taken[take.Action.Identifier+" / "+take.Branch] = true
	}
}

// steer leads two plays of three towards a branch that no play has taken yet, on the shortest way.
func (p *playground) steer(r *rand.Rand) {
	p.steered, p.prefer = nil, nil
	missing := p.missing()
	if len(missing) == 0 || r.IntN(3) == 0 {
		return
	}
	p.steered, p.prefer = map[string]string{}, map[string]string{}
	target := missing[r.IntN(len(missing))]
	for way := &target; way != nil; way = way.before {
		a := p.flow.Action(way.action)
		p.steered[way.action] = way.branch
		if reference := a.Param("ComparisonValue").Str(); reference != "" {
			p.prefer[reference] = leading(a, way.branch)
			if from := p.facts.becomes[reference]; from != "" {
				p.prefer[from] = p.prefer[reference]
			}
		}
	}
}

// leading is a value that makes a Compare take a branch.
func leading(a *flowlang.Action, branch string) string {
	for _, c := range compared(a) {
		switch {
		case c.Name != branch:
		case strings.HasPrefix(c.Operator, "NumberGreater"):
			return c.Operand() + "5"
		default:
			return c.Operand()
		}
	}
	return "<speak>something else</speak>"
}

// way is a branch that can be reached, and how.
type way struct {
	action, branch string
	before         *way
}

// missing lists the branches that can be reached from the start and were not taken.
func (p *playground) missing() []way { return p.untaken(false) }

// broken lists those that no contact can take, since the action always fails.
func (p *playground) broken() []way { return p.untaken(true) }

func (p *playground) untaken(faulty bool) []way {
	var missing []way
	seen := map[string]bool{}
	waiting := []way{{branch: p.flow.Start.Identifier}}
	to := []string{p.flow.Start.Identifier}
	for i := 0; i < len(to); i++ {
		id := to[i]
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, b := range ways(p.flow.Action(id)) {
			if p.faulty[id] && !p.taken[id+" / "+b.Name] {
				if faulty {
					missing = append(missing, way{action: id, branch: b.Name})
				}
				continue
			}
			step := way{action: id, branch: b.Name}
			if waiting[i].action != "" {
				step.before = &waiting[i]
			}
			waiting, to = append(waiting, step), append(to, b.To.Identifier)
			if !faulty && !p.taken[id+" / "+b.Name] {
				missing = append(missing, step)
			}
		}
	}
	return missing
}

func (p *playground) describe(missing []way) string {
	var lines []string
	for _, w := range missing {
		lines = append(lines, fmt.Sprintf("%s %q %s", p.flow.Action(w.action).Type, w.action, w.branch))
	}
	return strings.Join(lines, "; ")
}

func itoa(n int) string { return strconv.Itoa(n) }
