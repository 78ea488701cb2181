package replay

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// given is a flow or module that a log may have entries of.
type given struct {
	*flowlang.Flow
	file   string
	called string   // its name in an instance, unless it was renamed
	keys   []string // what flows may call it
}

// givenFlows reads the flows of files and of the scenario. Who plays them reports those that cannot be read.
func (p *playing) givenFlows(files []string) []*given {
	var list []*given
	add := func(file, key string) {
		file = filepath.Clean(file)
		i := slices.IndexFunc(list, func(g *given) bool { return g.file == file })
		if i < 0 {
			read, err := workspace.ReadFlow(p.options.Project, file)
			if err != nil {
				return
			}
			i = len(list)
			name := call.FlowName(&flow.Flow{Flow: read.Flow})
			list = append(list, &given{Flow: read.Flow, file: file, called: name,
				keys: []string{name, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))}})
		}
		if key != "" {
			list[i].keys = append(list[i].keys, key)
		}
	}
	for _, file := range files {
		add(file, "")
	}
	for _, key := range slices.Sorted(maps.Keys(p.options.Scenario.Flows)) {
		add(p.options.Scenario.Flows[key], key)
	}
	return list
}

// files are those of the flows that the log is laid over.
func (p *playing) files() ([]string, *source.Finding) {
	files := slices.Clone(p.options.Flows)
	if len(files) == 0 && p.options.Scenario.Flow != "" {
		files = append(files, p.options.Scenario.Flow)
	}
	if p.options.Project != nil && len(p.options.Flows) == 0 {
		for _, f := range p.options.Project.Flows {
			files = append(files, f.File)
		}
	}
	if len(files) == 0 {
		return nil, &source.Finding{Code: call.CodeNoFlow, Severity: source.Error, File: "connect-async",
			Message: "there is no flow to lay the log over",
			Remedy:  "Add --flow FILE, the flow as it was published, or name the folder of a project."}
	}
	return files, nil
}

// loggedFlow is a flow as entries of a log name it. A flow and a module may have the same name.
type loggedFlow struct{ name, id string }

func (e Entry) flow() loggedFlow { return loggedFlow{name: e.FlowName, id: e.FlowID} }

// flowsOf finds the flow that each of those in a log is: the one of its name or, where none has it, the one that has
// most of its actions, under another name by now. It is nil where none is. Entries of older logs do not name theirs.
func flowsOf(entries []Entry, all []*given) map[loggedFlow]*given {
	groups := map[loggedFlow][]Entry{}
	var order []loggedFlow
	for _, e := range entries {
		if e.FlowName == "" {
			continue
		}
		if groups[e.flow()] == nil {
			order = append(order, e.flow())
		}
		groups[e.flow()] = append(groups[e.flow()], e)
	}
	found := map[loggedFlow]*given{}
	for _, in := range order {
		var most float64
		found[in] = nil
		for _, g := range all {
			if _, likeness := g.likeness(groups[in], len(all) == 1); g.called == in.name && (found[in] == nil ||
				likeness > most) {
				found[in], most = g, likeness
			}
		}
	}
	for range order {
		in, g := mostAlike(groups, order, all, found)
		if g == nil {
			break
		}
		found[in] = g
	}
	return found
}

// mostAlike are the two that are most alike of the flows in a log that have not been found and those that none is.
func mostAlike(groups map[loggedFlow][]Entry, order []loggedFlow, all []*given, found map[loggedFlow]*given,
) (renamed loggedFlow, now *given) {
	taken := slices.Collect(maps.Values(found))
	var most float64
	for _, in := range order {
		for _, g := range all {
			if found[in] != nil || slices.Contains(taken, g) {
				continue
			}
			if share, likeness := g.likeness(groups[in], len(all) == 1); share > half && likeness > most {
				renamed, now, most = in, g, likeness
			}
		}
	}
	return renamed, now
}

// half is the share of entries that must be of actions of a flow for it to be theirs under another name.
const half = 0.5

// likeness is the share of entries that are of actions of the flow, and that with the share of its actions which these
// are. Entries that do not name their action tell something only where it is the only flow.
func (g *given) likeness(entries []Entry, only bool) (share, likeness float64) {
	same, seen := 0, map[*flowlang.Action]bool{}
	for _, e := range entries {
		a := g.action(e)
		if a != nil && (only || e.Identifier != "" && (a.Kind == nil || a.Kind.Logged == e.ModuleType)) {
			same++
			seen[a] = true
		}
	}
	share = float64(same) / float64(len(entries))
	return share, share + float64(len(seen))/float64(max(1, len(g.Actions)))
}

// action is the action of an entry in the flow, the first that may be it, nil for none.
func (g *given) action(e Entry) *flowlang.Action {
	if e.Identifier != "" {
		return g.Action(e.Identifier)
	}
	if i := slices.IndexFunc(g.Actions, func(a *flowlang.Action) bool { return fitsAction(e, a) }); i >= 0 {
		return g.Actions[i]
	}
	return nil
}

// name adds what the log calls the flows to what other flows may call them: the ARN and id of each and, where an action
// leads to a flow by a name that none of them has, the flow that the log goes on in.
func (p *playing) name() {
	for in, g := range p.of {
		if g == nil || in.id == "" {
			continue
		}
		alone := true // an id that the log has for several flows names none of them
		for other := range p.of {
			alone = alone && (other.id != in.id || other == in)
		}
		if alone {
			g.keys = append(g.keys, in.id, lastPart(in.id))
		}
	}
	for i, e := range p.entries[:len(p.entries)-1] {
		from, to := p.of[e.flow()], p.of[p.entries[i+1].flow()]
		if from == nil || to == nil || from == to {
			continue
		}
		p.means(leadsAway(from.action(e)), to)
	}
}

// means adds what an action calls a flow to what flows may call it, unless another is called so, or the call itself
// says which is meant.
func (p *playing) means(target string, g *given) {
	known := func(other *given) bool { return other.isCalled(target) }
	if target != "" && !strings.HasPrefix(target, "$.") && !slices.ContainsFunc(p.given, known) {
		g.keys = append(g.keys, lastPart(target))
	}
}

// leadsAway is what an action calls the flow or module that it leads to, "" for none.
func leadsAway(a *flowlang.Action) string {
	if a == nil {
		return ""
	}
	switch a.Type {
	case flowlang.InvokeFlowModule:
		return plainTarget(a.Text("FlowModuleId"))
	case flowlang.TransferToFlow:
		return plainTarget(a.Text("ContactFlowId"))
	}
	return ""
}

// plainTarget is the name in a placeholder, or what is written instead of one.
func plainTarget(written string) string {
	if p, ok := flowlang.ReadPlaceholder(written); ok {
		return p.Name
	}
	return written
}

// isCalled reports whether a flow may call the flow so.
func (g *given) isCalled(target string) bool {
	id, _, _ := strings.Cut(lastPart(target), ":")
	return target != "" && (slices.Contains(g.keys, target) || slices.Contains(g.keys, lastPart(target)) ||
		slices.Contains(g.keys, id))
}

// renamed says which flows have another name than in the log.
func (p *playing) renamed() (sentences []string) {
	for in, g := range p.of {
		if g != nil && in.name != g.called {
			sentences = append(sentences, fmt.Sprintf("The flow %q of the log is taken for %q, which has its actions.",
				in.name, g.called))
		}
	}
	slices.Sort(sentences)
	return slices.Compact(sentences)
}

// lastPart is the id at the end of an ARN, without its version or alias.
func lastPart(target string) string { return target[strings.LastIndexByte(target, '/')+1:] }

// logged are the flows that entries are of. Entries that name none may be of any.
type logged map[loggedFlow]*flow.Flow

// has reports whether an entry may be of a flow.
func (l logged) has(e Entry, f *flow.Flow) bool {
	own, named := l[e.flow()]
	return !named || own == f
}

// compiled are the flows of the entries, as they are played.
func (p *playing) compiled() logged {
	flows := map[string]*flow.Flow{}
	for file, f := range p.call.Flows() {
		flows[filepath.Clean(file)] = f
	}
	of := logged{}
	for in, g := range p.of {
		if of[in] = nil; g != nil {
			of[in] = flows[g.file]
		}
	}
	return of
}
