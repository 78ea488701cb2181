package project

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// What an export creates is named by the functions below. base is the name of the project, or the variable that stands
// for it in an export.

// MachineName is the name of the state machine of a job, by the job's name in AWS.
func MachineName(base, job string) string { return base + "-" + job }

// MachineRole is the name of the role of that state machine.
func (d Deploy) MachineRole(base, job string) string {
	return d.RolePrefix + base + "-" + job + "-states"
}

// AsyncRole is the name of the role of the async function.
func (d Deploy) AsyncRole(base string) string { return d.RolePrefix + base + AsyncSuffix }

// EndsRole is the name of the role of the function for ends.
func (d Deploy) EndsRole(base string) string { return d.RolePrefix + base + EndsSuffix }

// awsName is the name of something that is created, for which AWS has a limit that it could exceed.
type awsName struct {
	kind, name string
	most       int
	at         source.Pos // of the job
}

// Kinds of names.
const (
	machineKind = "state machine"
	roleKind    = "role"
)

// awsNames are all of them. The names of project, job and role prefix add up in them.
func (p *Project) awsNames(jobs []jobEntry) []awsName {
	var list []awsName
	role := func(name string, at source.Pos) {
		list = append(list, awsName{kind: roleKind, name: name, most: awsfacts.RoleName, at: at})
	}
	for _, j := range jobs {
		list = append(list, awsName{kind: machineKind, name: MachineName(p.Name, j.NameInAWS()),
			most: awsfacts.StateMachineName, at: j.at})
		if p.Deploy.StateMachineRoleARN == "" {
			role(p.Deploy.MachineRole(p.Name, j.NameInAWS()), j.at)
		}
	}
	if p.Deploy.RoleARN == "" {
		role(p.Deploy.AsyncRole(p.Name), source.Pos{})
	}
	if p.ResultsTable() != "" && p.Deploy.EndsRoleARN == "" {
		role(p.Deploy.EndsRole(p.Name), source.Pos{})
	}
	return list
}

// LongestName is how long the name of a deployment may be, so that AWS accepts every name that is made of it.
func (p *Project) LongestName() int {
	var jobs []jobEntry
	for _, j := range p.Jobs {
		jobs = append(jobs, jobEntry{Job: j})
	}
	longest := MaxNameLength
	for _, n := range p.awsNames(jobs) {
		longest = min(longest, n.most-(utf8.RuneCountInString(n.name)-len(p.Name)))
	}
	return longest
}

// checkAWSNames reports names that AWS would refuse. Each place is reported once: at the job, or at the prefix or the
// name where the job does not matter.
func (r *reader) checkAWSNames(in *source.Reader, jobs []jobEntry, p *Project) {
	if p.Name != "" && !BeginsWithLetter(p.Name) {
		in.Report(source.CodeBadValue, in.Place("name"),
			fmt.Sprintf("the project's name %q does not begin with a letter, and a stack's must", p.Name),
			"Choose another name.")
	}
	var reported []source.Pos
	for _, n := range p.awsNames(jobs) {
		at := n.at
		switch {
		case at != source.Pos{}:
		case p.Deploy.RolePrefix != "":
			at = in.Node("deploy").Get("role_prefix").Place()
		default:
			at = in.Place("name")
		}
		length := utf8.RuneCountInString(n.name)
		if length <= n.most || slices.Contains(reported, at) {
			continue
		}
		reported = append(reported, at)
		in.Report(source.CodeBadValue, at,
			fmt.Sprintf("the %s %s would have %d characters, and AWS allows %d", n.kind, n.name, length, n.most),
			shorten(p, n.kind))
	}
}

// shorten is the remedy for a name that is too long.
func shorten(p *Project, kind string) string {
	if kind == roleKind && p.Deploy.RolePrefix != "" {
		return "Choose a shorter name for the project or the job, or a shorter role_prefix."
	}
	return "Choose a shorter name for the project or the job."
}

// BeginsWithLetter reports whether a name can be that of a project, which a stack of CloudFormation may be called.
func BeginsWithLetter(name string) bool {
	first := name[0]
	return first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z'
}

// What AWS takes as the path of a role.
const (
	rolePathPattern = `^/([!-~]+/)?$`
	rolePathRemedy  = "Begin and end it with a slash, without spaces, such as /teams/voice/."
)

var rolePath = regexp.MustCompile(rolePathPattern)

var rolePathForm = form.Text().Checked(func(path string) (message, remedy string) {
	switch {
	case !rolePath.MatchString(path):
		return fmt.Sprintf("the role path is %q", path), rolePathRemedy
	case len(path) > awsfacts.RolePath:
		return fmt.Sprintf("the role path has %d characters, and AWS allows %d", len(path), awsfacts.RolePath),
			"Write a shorter one."
	}
	return "", ""
}).Described(func(s *form.Schema) { s.Pattern, s.PatternRemedy = rolePathPattern, rolePathRemedy })

// rolePrefixPattern is what AWS takes as a part of the name of a role.
var rolePrefixPattern = fmt.Sprintf("^[%s]*$", awsfacts.RoleNameCharacters)

const rolePrefixRemedy = "Use letters, digits and any of _+=,.@-."

var rolePrefix = regexp.MustCompile(rolePrefixPattern)

var rolePrefixForm = form.Text().Checked(func(prefix string) (message, remedy string) {
	if rolePrefix.MatchString(prefix) {
		return "", ""
	}
	return fmt.Sprintf("%q cannot be a part of the name of a role", prefix), rolePrefixRemedy
}).Described(func(s *form.Schema) { s.Pattern, s.PatternRemedy = rolePrefixPattern, rolePrefixRemedy })

// RoleNamePattern is what the name of a role looks like.
var RoleNamePattern = fmt.Sprintf("^[%s]{1,%d}$", awsfacts.RoleNameCharacters, awsfacts.RoleName)

// RoleNameRemedy says what to do about a name of another form.
const RoleNameRemedy = "Use the name of the role, without its path and ARN, such as rate-role."

var roleName = regexp.MustCompile(RoleNamePattern)

var roleNameForm = form.Text().Checked(func(name string) (message, remedy string) {
	if name == "" || roleName.MatchString(name) {
		return "", ""
	}
	return fmt.Sprintf("%q is not the name of a role", name), RoleNameRemedy
}).Described(func(s *form.Schema) { s.Words, s.Pattern, s.PatternRemedy = "name", RoleNamePattern, RoleNameRemedy })

// What the ARN of a role looks like, roughly.
const (
	rolePattern = `^arn:[^:]*:iam::[^:]*:role/.+$`
	roleRemedy  = "Write arn:aws:iam::ACCOUNT:role/NAME."
)

var roleForm = form.Text().Checked(func(written string) (message, remedy string) {
	a, ok := arn.Parse(written)
	if written == "" || ok && a.Service == "iam" && a.Region == "" && strings.HasPrefix(a.Resource, "role/") {
		return "", ""
	}
	return fmt.Sprintf("%q is not the ARN of a role", written), roleRemedy
}).Described(func(s *form.Schema) { s.Words, s.Pattern, s.PatternRemedy = "ARN", rolePattern, roleRemedy })

// tagItem is a tag, which AWS refuses for its length and its characters.
var tagItem = form.Item[Tag]{
	Schema: func() *form.Schema { return form.Text().Schema("") },
	Read: func(f form.File, m source.Member) Tag {
		t := Tag{Key: m.Key, Value: form.TextItem.Read(f, m)}
		checkTag(f, m.Pos, t)
		return t
	},
}

// tagPattern is what the key of a tag may be, but for the prefix of AWS's own, and tagPrefix is that prefix.
var (
	tagPattern = fmt.Sprintf("^[%s]{1,%d}$", awsfacts.TagCharacters, awsfacts.TagKey)
	tagPrefix  = "^[aA][wW][sS]:"
	tagText    = regexp.MustCompile("^[" + awsfacts.TagCharacters + "]*$")
)

// tagsForm is that of the tags.
var tagsForm = form.InOrder("TAG", tagItem).Checked(func(tags []Tag) (message, remedy string) {
	if len(tags) > awsfacts.Tags {
		return fmt.Sprintf("there are %d tags, and AWS allows %d", len(tags), awsfacts.Tags), "Leave some out."
	}
	return "", ""
}).Described(func(s *form.Schema) { s.KeyPattern, s.KeyRefused = tagPattern, tagPrefix })

// checkTag refuses a tag that AWS refuses.
func checkTag(f form.File, at source.Pos, t Tag) {
	key, value := utf8.RuneCountInString(t.Key), utf8.RuneCountInString(t.Value)
	switch {
	case strings.HasPrefix(strings.ToLower(t.Key), awsfacts.TagPrefix):
		f.Report(source.CodeBadValue, at, fmt.Sprintf("the tag %q begins with %s, which is AWS's own", t.Key,
			awsfacts.TagPrefix), "Choose another key.")
	case key == 0 || key > awsfacts.TagKey || value > awsfacts.TagValue:
		f.Report(source.CodeBadValue, at,
			fmt.Sprintf("the tag %q has a key of %d characters and a value of %d", t.Key, key, value),
			fmt.Sprintf("Write a key of 1 to %d characters and a value of at most %d.", awsfacts.TagKey,
				awsfacts.TagValue))
	case !tagText.MatchString(t.Key + t.Value):
		f.Report(source.CodeBadValue, at, fmt.Sprintf("the tag %q: %q has characters that AWS refuses", t.Key, t.Value),
			"Use letters, digits, spaces and any of _.:/=+-@.")
	}
}

var flowTagKey = regexp.MustCompile("^[" + awsfacts.FlowTagKeyCharacters + "]*$")

// checkFlowTags refuses keys of tags that the flows of the project cannot have.
func checkFlowTags(in *source.Reader, p *Project) {
	if !slices.ContainsFunc(p.Flows, func(f Flow) bool { return f.Managed }) {
		return
	}
	for _, tag := range in.Node("deploy").Get("tags").Entries() {
		if tagText.MatchString(tag.Key) && !flowTagKey.MatchString(tag.Key) {
			in.Report(source.CodeBadValue, tag.Pos,
				fmt.Sprintf("the tag %q has a key that Amazon Connect refuses for a managed flow", tag.Key),
				"Use letters from A to Z, digits and any of _.:/=+-, without spaces.")
		}
	}
}
