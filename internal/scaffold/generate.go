package scaffold

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// CodeNotReturned is the code of the finding that a flow refers to a key that its function does not return.
const CodeNotReturned = "generate-key-not-returned"

// Flow writes the flow that a section generate of a project describes. An error is a source.Finding with its place.
func Flow(p *project.Project, f project.Flow) ([]byte, error) {
	content, err := style.Generate(options(p, f))
	if found, ok := errors.AsType[source.Finding](err); ok {
		found.File, found.Pos = p.File, f.Generate.At
		return nil, found
	}
	return content, err
}

// options are what the flow is written from.
func options(p *project.Project, f project.Flow) style.Options {
	g := f.Generate
	language, texts := textsOf(p, g)
	o := style.Options{
		Style: style.Style(g.Style), Type: f.Type, Name: g.Name,
		Description: g.Description, FunctionARN: flowlang.Async.String(), Job: g.Job, Data: g.Parameters,
		Prompt: Named("prompt", g.Prompt), Language: language, Texts: texts, Returns: g.Returns,
		Voice: style.Voice(g.Voice), Progress: tellsProgress(p, g.Job),
		LongNames: p.Deploy.PrefixedNames(),
		Then:      next(g.Then), OnFailure: next(g.OnFailure), OnGivingUp: next(g.OnGivingUp),
	}
	if g.Language != "" {
		o.LanguageCode = cmp.Or(usualRegions[strings.ToLower(g.Language)], g.Language)
	}
	return o
}

// tellsProgress reports whether a job's replies say how far the work is.
func tellsProgress(p *project.Project, job string) bool {
	return slices.ContainsFunc(p.Jobs, func(j project.Job) bool { return j.Name == job && j.Progress })
}

// next is where a flow goes, with placeholders for what has only a name.
func next(n project.Next) style.Next {
	return style.Next{Queue: Named("queue", n.Queue), Flow: Named("flow", n.Flow)}
}

// Named is something of the instance as a flow has it: its ID or ARN or a reference or, for a name, a placeholder.
func Named(kind, given string) string {
	if flowlang.IsID(given) || !flowlang.IsPlaceholderName(given) {
		return given
	}
	return flowlang.Placeholder{Kind: kind, Name: given}.String()
}

// usualRegions complete a language that has no region, since Connect expects one.
var usualRegions = map[string]string{"en": "en-US", "de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT"}

// textsOf is the language of a flow, and what its job says in it: the replies of the async function say the same.
func textsOf(p *project.Project, g *project.Generate) (language string, t style.Texts) {
	own, ok := async.OwnTexts(p.Texts, g.Job, g.Language)
	if language = async.PrimaryLanguage(g.Language); ok {
		language = async.PrimaryLanguage(own.Language)
	}
	one := func(kind string) string {
		if list := own.Sentences[kind]; len(list) > 0 {
			return list[0]
		}
		return ""
	}
	t = style.Texts{
		Thanks: one(async.TextFirst), Sentences: own.Sentences[async.TextWaiting], Failed: one(async.TextFailed),
		Unreadable: one(async.TextUnreadable), TooLong: one(async.TextTooLong), NoService: one(async.TextNoService),
		Result: cmp.Or(g.Say, one(async.TextDone)), Queue: g.Messages,
	}
	if !slices.Contains(style.Languages(), cmp.Or(language, style.DefaultLanguage)) {
		t.Moment = one(async.TextWaiting)
	}
	return language, t
}

// NotReturned reports the keys of $.External that a flow says or returns, and that the stand-in of its function in the
// project's scenario does not return.
func NotReturned(p *project.Project, f project.Flow) source.Findings {
	keys := returnedKeys(p, f.Generate.Job)
	if keys == nil {
		return nil
	}
	var found source.Findings
	texts := append([]string{f.Generate.Say}, slices.Sorted(maps.Values(f.Generate.Returns))...)
	for _, path := range flowlang.References(strings.Join(texts, " ")) {
		if path[0] != "External" || len(path) < 2 || isReturned(path[1], keys) {
			continue
		}
		at := f.Generate.SayAt
		if f.Generate.Say == "" {
			at = f.Generate.At
		}
		found = append(found, source.Finding{Code: CodeNotReturned, Severity: source.Warning, File: p.File, Pos: at,
			Message: fmt.Sprintf("$.External.%s: the function does not return %q", path[1], path[1]),
			Remedy:  "In " + p.Scenario + " it returns " + strings.Join(keys, ", ") + ". Correct either."})
	}
	return found
}

// NotInCode reports the keys of $.External that are said and that the code of the function does not return, as far as
// it shows them. It is a warning, since what a function returns is guessed.
func (n Project) NotInCode() source.Findings {
	f, err := n.Inspect(n.Dir)
	if err != nil || len(f.Returns) == 0 {
		return nil
	}
	var found source.Findings
	for _, path := range flowlang.References(n.Say) {
		if path[0] == "External" && len(path) > 1 && !isReturned(path[1], f.Returns) {
			found = append(found, source.Finding{Code: CodeNotReturned, Severity: source.Warning, File: n.Function,
				Message: fmt.Sprintf("$.External.%s: the code shows no such key; it returns %s", path[1],
					strings.Join(f.Returns, ", ")),
				Remedy: "Correct say in " + project.FileName + " and the scenario, unless the function returns it."})
		}
	}
	return found
}

// isReturned reports whether a key is the async function's own, or one of a result, or below one.
func isReturned(key string, keys []string) bool {
	return async.ReservedKey(key) ||
		slices.ContainsFunc(keys, func(k string) bool { return key == k || strings.HasPrefix(key, k+"_") })
}

// returnedKeys are the keys that the stand-in of a job's last step returns, nil when they are not known.
func returnedKeys(p *project.Project, job string) []string {
	i := slices.IndexFunc(p.Jobs, func(j project.Job) bool { return j.Name == job })
	if i < 0 || len(p.Jobs[i].Steps) == 0 || p.Scenario == "" {
		return nil
	}
	played, found := scenario.Read(p.Scenario)
	if found.HasErrors() {
		return nil
	}
	steps := p.Jobs[i].Steps
	var keys []string
	for _, o := range played.Functions[steps[len(steps)-1]].Outcomes {
		var object map[string]any
		if json.Unmarshal(o.Returns, &object) != nil {
			continue
		}
		keys = slices.AppendSeq(keys, maps.Keys(object))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
