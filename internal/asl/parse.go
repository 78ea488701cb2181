package asl

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings about a definition: the service's own diagnostic codes.
const (
	codeSchema    = "SCHEMA_VALIDATION_FAILED"
	codeTarget    = "MISSING_TRANSITION_TARGET"
	codeNoEnd     = "MISSING_END_STATE"
	codeDuplicate = "DUPLICATE_STATE_NAME"
	codeJSON      = "INVALID_JSON_DESCRIPTION"
	codeVariable  = "INVALID_VARIABLE_NAME"
	codeReserved  = "RESERVED_VARIABLE_NAME"
)

// maxNameCharacters is the length of a state's name (AWS developer guide, state machine structure).
const maxNameCharacters = awsfacts.NameCharacters

// Parse checks a definition and makes a Machine of it, nil when there are errors. The findings carry the place, and
// the codes that ValidateStateMachineDefinition uses. The checks are those for a STANDARD state machine.
func Parse(file string, doc *source.Node) (*Machine, source.Findings) {
	p := parseMachine(file, doc, Standard)
	findings := p.warned
	for _, d := range p.found {
		findings = append(findings, d.Finding)
	}
	findings.Sort()
	return p.sound(), findings
}

// parser collects the machine and what is wrong with its definition.
type parser struct {
	file    string
	kind    Kind
	machine *Machine
	jsonata bool // the machine's query language
	found   []Diagnostic
	warned  source.Findings // what Step Functions does not say when a machine is created
	depth   int
	// inMapRun says that the scope being parsed belongs to the executions of a Distributed Map.
	inMapRun bool
	// targets are the states that the scope being parsed refers to.
	targets []target
	// current is the scope being parsed; outer holds the scope around each.
	current  int
	outer    []int
	assigned []assignment
	named    map[string]bool // states, of every scope
	// variables are the names that states assign; used are those that expressions refer to.
	variables map[string]bool
	used      []usedVariable
	single    bool // the machine is one state, whose targets are states elsewhere
}

// assignment is a variable that a state of a scope assigns.
type assignment struct {
	scope int
	name  string
	place place
}

// target is a reference to a state: its place and what it names.
type target struct {
	from  string // the state that refers to it, "" for StartAt
	name  string
	place place
}

// place is a place in the definition: position and JSON pointer.
type place struct {
	pos      source.Pos
	location string
}

func parseMachine(file string, doc *source.Node, kind Kind) *parser {
	p := newParser(file, kind)
	p.parse(doc)
	return p
}

// sound is the machine, nil when there are errors in its definition.
func (p *parser) sound() *Machine {
	if slices.ContainsFunc(p.found, func(d Diagnostic) bool { return d.Severity == source.Error }) {
		return nil
	}
	return p.machine
}

func newParser(file string, kind Kind) *parser {
	return &parser{file: file, kind: kind, machine: &Machine{}, variables: map[string]bool{},
		named: map[string]bool{}}
}

func (p *parser) parse(doc *source.Node) {
	if !doc.Is(source.Object) {
		p.report(place{pos: doc.Place()}, codeSchema, notAnObject, "Write an object with StartAt and States.")
		return
	}
	o := &object{p: p, node: doc}
	p.queryLanguage(o)
	p.scope(o)
	p.checkVariables()
	p.checkUsed()
	p.machine.comment = o.text("Comment")
	if seconds := o.int("TimeoutSeconds", 0, maxSeconds); seconds != nil {
		p.machine.timeoutSeconds = *seconds
	}
	o.done("Version")
}

// queryLanguage reads the query language of the whole machine, which its states have unless they say otherwise.
func (p *parser) queryLanguage(o *object) {
	language := o.text("QueryLanguage")
	p.jsonata = language != "" && language != "JSONPath"
	o.checkLanguage(language)
}

// checkLanguage reports a query language that does not exist.
func (o *object) checkLanguage(language string) {
	if language != "" && language != "JSONPath" && language != "JSONata" {
		o.report("QueryLanguage", codeSchema, "Value should be one of the following: [JSONPath, JSONata]",
			"Write one of the two, or leave the field out.")
	}
}

// stateLanguage reads the query language of a state. A machine with JSONata cannot have states with JSONPath
// (recorded).
func (o *object) stateLanguage() {
	language := o.text("QueryLanguage")
	o.checkLanguage(language)
	switch {
	case language == "JSONata":
		o.jsonata = true
	case language == "JSONPath" && o.p.jsonata:
		o.report("", codeSchema, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
			"Use one query language.")
		o.jsonata = false
	}
}

// noQueryLanguage reports a query language where none can be set: only machines and states have one.
func (o *object) noQueryLanguage() {
	if n := o.get("QueryLanguage"); n != nil {
		o.p.report(place{pos: n.Pos, location: o.location}, codeSchema, "Field 'QueryLanguage' is not supported",
			"Set the query language of the states, or of the whole state machine.")
	}
}

func (p *parser) report(at place, code, message, remedy string) {
	p.found = append(p.found, Diagnostic{Location: at.location,
		Finding: source.Finding{Code: code, Severity: source.Error,
			File: p.file, Pos: at.pos, Message: message, Remedy: remedy}})
}

// scope parses StartAt and States of a machine, a branch or a processor, and returns the scope's number.
func (p *parser) scope(o *object) int {
	number := len(p.machine.scopes)
	s := &scope{states: map[string]state{}, inMapRun: p.inMapRun}
	p.machine.scopes = append(p.machine.scopes, s)
	p.outer = append(p.outer, p.current)
	p.current = number
	outer := p.targets
	p.targets = nil
	p.depth++
	defer func() { p.targets, p.depth, p.current = outer, p.depth-1, p.outer[number] }()

	if p.depth > maxDepth {
		o.report("", codeSchema, "Parallel and Map states are nested more than 50 deep", "Nest fewer states.")
		return number
	}
	if !o.required("States", "StartAt") {
		return number
	}
	s.startAt = o.target("StartAt")
	states := o.object("States")
	for _, m := range states.node.Members {
		p.checkName(states, m)
		if _, twice := s.states[m.Key]; !twice {
			s.names = append(s.names, m.Key)
		}
		s.states[m.Key] = p.state(states, m)
	}
	p.checkTargets(s, states)
	return number
}

// checkName reports a name that another state of the machine has, however deep in it (awslabs/statelint#39).
func (p *parser) checkName(states *object, m source.Member) {
	if p.named[m.Key] {
		at := place{pos: m.Pos, location: states.location + "/" + m.Key}
		p.report(at, codeDuplicate, "Duplicate State name: "+m.Key, "Rename one of the states.")
	}
	p.named[m.Key] = true
}

// canEnd reports whether a state of the outermost scope is a terminal one. The others need none (measured by
// floci-io/floci#2786). A machine with broken states may look as if it had none.
func (p *parser) canEnd(states *object) bool {
	if p.depth > 1 || slices.ContainsFunc(p.found, func(d Diagnostic) bool { return d.Code == codeSchema }) {
		return true
	}
	return slices.ContainsFunc(states.node.Members, func(m source.Member) bool {
		kind := m.Value.Get("Type").Str()
		return kind == "Succeed" || kind == "Fail" || m.Value.Get("End").Value() == true
	})
}

// checkTargets reports references to states that do not exist, a machine that cannot end, and otherwise the states that
// nothing leads to.
func (p *parser) checkTargets(s *scope, states *object) {
	if p.single && p.depth == 1 {
		return
	}
	leads := map[string][]string{}
	for _, t := range p.targets {
		if _, ok := s.states[t.name]; !ok {
			p.report(t.place, codeTarget, "Missing 'Next' target: "+t.name,
				"Name a state of the same States object.")
		}
		leads[t.from] = append(leads[t.from], t.name)
	}
	if !p.canEnd(states) {
		p.report(place{pos: states.node.Place()}, codeNoEnd, "Workflow has no terminal state",
			"Add \"End\": true to a state, or a Succeed or Fail state.")
		return
	}
	reached := map[string]bool{}
	for todo := leads[""]; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if !reached[name] {
			reached[name] = true
			todo = append(todo, leads[name]...)
		}
	}
	for _, name := range s.names {
		if !reached[name] {
			p.report(states.place(name), codeTarget, fmt.Sprintf("State \"%s\" is not reachable.", name),
				"Lead to the state with Next, or remove it.")
		}
	}
}

// checkVariables reports variables of a branch or processor that have the name of one around it (AWS developer guide,
// variables).
func (p *parser) checkVariables() {
	assigned := map[int]map[string]bool{}
	for _, a := range p.assigned {
		if assigned[a.scope] == nil {
			assigned[a.scope] = map[string]bool{}
		}
		assigned[a.scope][a.name] = true
	}
	for _, a := range p.assigned {
		for scope := a.scope; scope != 0; {
			if scope = p.outer[scope]; assigned[scope][a.name] {
				p.report(a.place, codeSchema, fmt.Sprintf("The variable '%s' is assigned in an outer scope too",
					a.name), "Use another name.")
				break
			}
		}
	}
}

// parseState makes a state of its object, by Type.
func parseState(o *object, base stateBase) (state, bool) {
	switch base.kind {
	case "Pass":
		return parsePass(o, base), true
	case "Task":
		return parseTask(o, base), true
	case "Choice":
		return parseChoice(o, base), true
	case "Wait":
		return parseWait(o, base), true
	case "Succeed":
		return parseSucceed(o, base), true
	case "Fail":
		return parseFail(o, base), true
	case "Parallel":
		return parseParallel(o, base), true
	case "Map":
		return parseMap(o, base), true
	}
	return &succeedState{stateBase: base}, false
}

func (p *parser) state(states *object, m source.Member) state {
	location := states.location + "/" + m.Key
	o := &object{p: p, node: m.Value, location: location, home: location, state: m.Key, jsonata: p.jsonata}
	base := stateBase{name: m.Key, kind: o.text("Type"), pos: m.Value.Place()}
	if !m.Value.Is(source.Object) {
		o.report("", codeSchema, "Expected value of type Object", "Write the state as an object.")
		return &succeedState{stateBase: base}
	}
	if n := utf8.RuneCountInString(m.Key); n == 0 || n > maxNameCharacters {
		o.report("", codeSchema, fmt.Sprintf("The name of a state must have 1 to %d characters", maxNameCharacters),
			"Rename the state.")
	}
	o.stateLanguage()
	parsed, ok := parseState(o, base)
	if !ok {
		o.report("Type", codeSchema, "The field 'Type' should have one of these values: "+
			"[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "Write one of these types.")
		o.leadAnywhere()
		return parsed
	}
	o.done("Type", "Comment", "QueryLanguage")
	return parsed
}
