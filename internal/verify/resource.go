package verify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// resources goes through all resources. Those whose names are not known come last: what uses them says which they are.
func (v *verifier) resources(list []deploy.Wanted) {
	users := map[string]deploy.Wanted{} // of roles, by the key of the role
	var unnamed []deploy.Wanted
	for _, w := range list {
		kind, name, _ := strings.Cut(w.Key, ".")
		if kind == "function" || kind == "machine" {
			users["role."+name] = w
		}
		if w.Name == "" {
			unnamed = append(unnamed, w)
			continue
		}
		v.resource(w)
	}
	for _, w := range unnamed {
		_, name, _ := strings.Cut(w.Key, ".")
		if v.name(&w, users["role."+name]) {
			v.resource(w)
		}
	}
}

// name completes the name of a role or its policy, whose prefix may be a variable without a known value: the function
// or state machine says which role it has. It reports one that has the role of something else.
func (v *verifier) name(w *deploy.Wanted, user deploy.Wanted) bool {
	v.group = v.groupOf(*w)
	_, of, _ := strings.Cut(w.Key, ".")
	key := "role." + of
	role, used := v.values[key+".arn"]
	if !used {
		v.skip(w.Noun, "nothing says what it is called")
		return false
	}
	property, c := w.NameProperty(), &comparison{values: v.values}
	name := roleName(role)
	if pattern, _ := w.Properties[property].(deploy.Pattern); !c.matches(pattern, name) {
		delete(v.values, key+".arn")
		right := strings.TrimSuffix(role, name) + scalar(c.filled(pattern))
		for property, value := range user.Properties {
			if reference, ok := value.(deploy.Pattern); ok && reference[0].Variable == key+".arn" {
				v.differs(user, []difference{{path: property, want: right, found: role}})
			}
		}
		return false
	}
	w.Name, w.Named[property], v.values[key+".name"] = name, name, name
	return true
}

// resource reads a resource as it is deployed, and compares it with what is wanted.
func (v *verifier) resource(w deploy.Wanted) {
	v.group = v.groupOf(w)
	if reason := v.groundless(w); reason != "" {
		v.skip(w.Noun, reason)
		return
	}
	found, err := v.cloud.Resource(v.ctx, w.Type, w.Named)
	switch {
	case isMissing(err):
		v.add(Check{Code: codeOf(w.Noun, suffixMissing), Title: titleOf(w, ""), State: Fail, Resource: w.Name,
			Detail: fmt.Sprintf("%s: %s", w.Name, reasonOf(err)), Remedy: "Create it: " + createRemedy})
		return
	case err != nil:
		v.unknown(w.Noun, err)
		return
	}
	v.found[w.Key] = found
	if arn, ok := found["Arn"].(string); ok {
		v.values[w.Key+".arn"] = arn
	}
	before := len(v.checks)
	if w.Kind() == "alias" {
		v.newest(w)
	}
	v.compare(w, found)
	v.compareTags(w, found)
	v.compareCode(w, found)
	v.state(w, found)
	if w.Kind() == "alias" {
		v.release(w, found)
	}
	if len(v.checks) == before {
		v.ok(titleOf(w, ""), "%s", w.Name)
	}
	if w.Kind() == "alias" {
		v.throughAlias(w)
	}
}

const createRemedy = "deploy the export again (docs/verifying.md: what mends it)."

// groupOf is the group of the checks of a resource.
func (v *verifier) groupOf(w deploy.Wanted) string {
	kind, name, _ := strings.Cut(w.Key, ".")
	switch {
	case slices.Contains([]string{"alarm", "dashboard", "query"}, kind):
		return groupWatching
	case isOfConnect(w):
		return groupConnect
	case kind == "table":
		return groupTable
	case name == project.AsyncFunction:
		return groupAsync
	}
	for _, m := range v.want.Machines {
		if m.ID == name {
			return groupOfJob(m.Job.Name)
		}
	}
	for _, f := range v.want.Functions {
		if f.Policy == w.Key {
			return groupFunctions
		}
	}
	return groupEnds
}

// isOfConnect reports whether a resource is of an instance, or for one.
func isOfConnect(w deploy.Wanted) bool {
	return w.Kind() == "association" || w.Kind() == "flow" || w.Named["Principal"] == "connect.amazonaws.com"
}

// groundless is why a resource need not be looked for: what it belongs to is not there, or not known.
func (v *verifier) groundless(w deploy.Wanted) string {
	if isOfConnect(w) && v.values["var.instance_arn"] == "" {
		return "give the instance with --instance ARN"
	}
	owners := map[string]string{"policy": "role", "permission": "function", "invoke": "function",
		"alias": "function", "queuepolicy": "queue"}
	owner := owners[w.Kind()]
	for _, c := range v.checks {
		if owner != "" && c.Code == codeOf(owner, suffixMissing) && c.Resource == w.Named[ownerName(owner)] {
			return fmt.Sprintf("there is no %s %s", owner, c.Resource)
		}
	}
	return ""
}

// ownerName is the property that names an owner.
func ownerName(owner string) string { return strings.ToUpper(owner[:1]) + owner[1:] + "Name" }

// compare reports the properties of a resource that are not as they should be: each variable of an environment by
// itself, everything else by its outermost property.
func (v *verifier) compare(w deploy.Wanted, found map[string]any) {
	c := &comparison{values: v.values}
	properties := w.Properties
	if w.Kind() == "flow" {
		properties = v.flow(w, found)
	}
	c.object("", properties, found)
	for _, group := range byProperty(c.differences) {
		v.differs(w, group)
	}
}

// byProperty puts differences together that are reported as one.
func byProperty(differences []difference) (groups [][]difference) {
	last := ""
	for _, d := range differences {
		property := outermost(d.path)
		if property == environment {
			property = d.path
		}
		if property != last {
			groups = append(groups, nil)
		}
		last = property
		groups[len(groups)-1] = append(groups[len(groups)-1], d)
	}
	return groups
}

const environment = "Environment"

// titles are those of properties that people know as something of their own.
var titles = map[string]string{environment: "environment", "Targets": "target"}

func titleOf(w deploy.Wanted, path string) string {
	if title := titles[outermost(path)]; title != "" {
		return title
	}
	return w.Noun
}

// fixed are properties that AWS does not change once a resource is there.
var fixed = []string{"AttributeDefinitions", "KeySchema", "Path", "StateMachineType"}

// differs reports differences of one property. Of several the first is told, and the remedy is for all of them.
func (v *verifier) differs(w deploy.Wanted, group []difference) {
	c := &comparison{values: v.values}
	d := group[0]
	property := outermost(d.path)
	detail, title := d.text(), titleOf(w, d.path)
	if more := len(group) - 1; more > 0 {
		detail += fmt.Sprintf("; %d more like this", more)
		d = difference{path: property, want: c.filled(w.Properties[property])}
	}
	remedy := d.remedy(w)
	switch {
	case w.Kind() == "alias" && property == "FunctionVersion":
		remedy += fmt.Sprintf(" If it is to stay at %v, write previous_version under variables of the stage.", d.found)
	case slices.Contains(fixed, property):
		remedy = fmt.Sprintf("AWS cannot change it: delete the %s %s, and %s", w.Noun, w.Name, createRemedy)
	}
	v.add(Check{Code: codeOf(w.Noun, suffixDiffers), Title: title, State: Fail, Resource: w.Name, Property: d.path,
		Want: d.want, Detail: w.Name + ": " + detail, Remedy: remedy})
}

// outermost is the property of a resource that a path begins with.
func outermost(path string) string {
	property, _, _ := strings.Cut(path, ".")
	property, _, _ = strings.Cut(property, "[")
	return property
}

// text says what is different.
func (d difference) text() string {
	switch {
	case d.want == nil:
		return fmt.Sprintf("%s is %s, and the project does not set it", d.path, shown(d.found))
	case d.found == nil:
		return fmt.Sprintf("%s is not set, and the project wants %s", d.path, shown(d.want))
	}
	return fmt.Sprintf("%s is %s, and the project wants %s", d.path, shown(d.found), shown(d.want))
}

// remedy says how to make it as it should be.
func (d difference) remedy(w deploy.Wanted) string {
	if d.want == nil {
		return fmt.Sprintf("Remove %s from the %s %s.", d.path, w.Noun, w.Name)
	}
	if text := shown(d.want); !strings.HasSuffix(text, cut) {
		return fmt.Sprintf("Set %s of the %s %s to %s.", d.path, w.Noun, w.Name, text)
	}
	return fmt.Sprintf("Set %s of the %s %s to what the export has there, which verify --json prints whole.", d.path,
		w.Noun, w.Name)
}

// state reports what is there but not in use.
func (v *verifier) state(w deploy.Wanted, found map[string]any) {
	state, _ := found["State"].(string)
	status, _ := found["Status"].(string)
	switch w.Kind() {
	case "flow":
		if state == "ARCHIVED" || status != "PUBLISHED" {
			v.inactive(w, CodeUnpublished, strings.TrimPrefix(state+" and "+status, " and "), "Publish it.")
		}
	case "rule":
		if state != "ENABLED" {
			v.inactive(w, CodeInactive, state, "Enable it.")
		}
	case "queue":
		if w.Properties["DelaySeconds"] != nil {
			return // what waits in it has not been lost
		}
		if n, _ := strconv.Atoi(scalar(found["ApproximateNumberOfMessages"])); n > 0 {
			v.add(Check{Code: CodeEndsLost, Title: w.Noun, State: Fail, Resource: w.Name,
				Remedy: "See docs/runbook.md: mend the cause, then invoke the function with each event.",
				Detail: fmt.Sprintf("%s has %d events whose ends were not written", w.Name, n)})
		}
	case "function", "machine", "table":
		if state != "" && !strings.EqualFold(state, "active") && state != "UPDATING" {
			v.inactive(w, CodeInactive, state,
				"Wait until it is active; if it stays so, delete it and "+createRemedy)
		}
	}
}

func (v *verifier) inactive(w deploy.Wanted, code, state, remedy string) {
	v.add(Check{Code: code, Title: w.Noun, State: Fail, Resource: w.Name, Remedy: remedy,
		Detail: fmt.Sprintf("%s is %s", w.Name, state)})
}
