package project

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Stage is one place that the project is deployed to: an account, a Region and an instance, and what is called there
// what the flows name by placeholders. The flows are the same in all stages.
type Stage struct {
	Name      string // dev, test, prod
	Deployed  string // names what is created there
	Account   string
	Region    string
	Instance  string            // its ARN, "" for none
	Callers   int               // how many callers wait at once at the busiest time
	Functions map[string]string // ARN of a function, by its name in the project
	Variables []StageVariable   // others of the export
	Replica   Replica           // of its instance
	At        source.Pos        // in the project file

	qualifier string                       // of the async function, as Deploy.Qualifier
	resources map[string]map[string]string // ARN or ID by name, by kind of placeholder
}

// StageVariable is the value that a stage gives to a variable of the export.
type StageVariable struct {
	Name, Value string
	At          source.Pos
}

// Replica is a second Region that serves the same callers: the instance of Amazon Connect is replicated there (Global
// Resiliency), and everything else is deployed there, too, under the same names.
type Replica struct {
	Region    string          // "" for no replica
	Variables []StageVariable // that differ there
}

// as returns the project as a stage deploys it.
func (p *Project) as(s Stage) *Project {
	deployed := *p
	deployed.Name = s.Deployed
	return &deployed
}

// IsReplicated reports whether the instance has a replica.
func (s Stage) IsReplicated() bool { return s.Replica.Region != "" }

// replicaName is what the stage is called in the Region of its replica, in the names of files and stacks.
func (s Stage) replicaName() string { return s.Name + "-" + s.Replica.Region }

// InReplica returns the stage as it is in the Region of its replica. The instance has the same ID there, and functions
// must have the same names (administrator guide, "Create a replica of your existing instance").
func (s Stage) InReplica() (Stage, bool) {
	if !s.IsReplicated() {
		return Stage{}, false
	}
	there := func(text string) string {
		a, ok := arn.Parse(text)
		if !ok || a.Region != s.Region {
			return text
		}
		a.Region = s.Replica.Region
		return a.String()
	}
	all := func(things map[string]string) map[string]string {
		out := map[string]string{}
		for name, text := range things {
			out[name] = there(text)
		}
		return out
	}
	r := s
	r.Name = s.replicaName()
	r.Region, r.Replica, r.Instance = s.Replica.Region, Replica{}, there(s.Instance)
	r.Functions, r.resources = all(s.Functions), map[string]map[string]string{}
	for kind, things := range s.resources {
		r.resources[kind] = all(things)
	}
	r.Variables = nil
	for _, v := range s.Variables {
		v.Value = there(v.Value)
		r.Variables = append(r.Variables, v)
	}
	r.Variables = append(r.Variables, s.Replica.Variables...) // of two of one name the last counts
	return r, true
}

// Stage returns the stage of that name. Without one the error names those that there are.
func (p *Project) Stage(name string) (Stage, error) {
	var names []string
	for _, s := range p.Stages {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	remedy := "The stages are " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		remedy = "Add it: stages: {" + name + ": {instance: ARN}}."
	}
	return Stage{}, source.Finding{Code: CodeUnknown, Severity: source.Error, File: p.File,
		Message: fmt.Sprintf("unknown stage %q", name), Remedy: remedy}
}

// ARN puts together the ARN of something of the stage's account and Region.
func (s Stage) ARN(service, resource string) string {
	return arn.ARN{Partition: arn.Partition(s.Region), Service: service, Region: s.Region, Account: s.Account,
		Resource: resource}.String()
}

// Value is what a placeholder means in the stage: an ARN, or the ID of what has none. ok is false when the stage does
// not say it.
func (s Stage) Value(p flowlang.Placeholder) (value string, ok bool) {
	switch p.Kind {
	case flowlang.AsyncKind:
		return s.ARN("lambda", "function:"+s.Deployed+AsyncSuffix+s.qualifier), true
	case flowlang.FunctionKind:
		value, ok = s.Functions[p.Name]
	default:
		value, ok = s.resources[p.Kind][p.Name]
	}
	return value, ok
}

// Placeholder is the placeholder that means an ARN or ID in the stage, for a value that takes it. It is the inverse of
// Value; of several names for the same thing the first in the alphabet counts.
func (s Stage) Placeholder(id flowlang.Identity) (flowlang.Placeholder, bool) {
	text := id.Node.Str()
	for _, p := range s.Placeholders() {
		if value, _ := s.Value(p); id.Takes(p) && (value == text || value == p.ARN(s.Instance, text)) {
			return p, true
		}
	}
	return flowlang.Placeholder{}, false
}

// Placeholders are all that the stage knows the value of, the async function first.
func (s Stage) Placeholders() []flowlang.Placeholder {
	list := []flowlang.Placeholder{flowlang.Async}
	add := func(kind string, things map[string]string) {
		for name := range things {
			list = append(list, flowlang.Placeholder{Kind: kind, Name: name})
		}
	}
	add(flowlang.FunctionKind, s.Functions)
	for kind, things := range s.resources {
		add(kind, things)
	}
	slices.SortFunc(list[1:], func(a, b flowlang.Placeholder) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
	return list
}
