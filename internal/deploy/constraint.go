package deploy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// constraint is what the value of a variable must be, so that each tool refuses a wrong one before it creates anything.
// The zero constraint accepts everything.
type constraint struct {
	pattern string      // of a text, as RE2, Java and JavaScript read it; "" for a number
	low     int         // of a number
	high    int         // 0 for no limit
	allowed []int       // numbers, where only some are accepted
	remedy  string      // what to write
	given   *constraint // of a value that is given, where leaving it out is accepted
}

// isNone reports whether the constraint accepts everything.
func (c constraint) isNone() bool { return c.remedy == "" }

// holds reports whether a value keeps the constraint.
func (c constraint) holds(value string) bool {
	switch {
	case c.isNone():
		return true
	case c.pattern != "":
		return regexp.MustCompile(c.pattern).MatchString(value)
	}
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
		return false
	case len(c.allowed) > 0:
		return slices.Contains(c.allowed, n)
	}
	return n >= c.low && (c.high == 0 || n <= c.high)
}

// orEmpty is the constraint of a text that may be left out.
func (c constraint) orEmpty() constraint {
	given := c
	given.remedy += " Leave it out, or write null, for none."
	c.given = &given
	c.pattern = "^$|" + c.pattern
	c.remedy += " Leave it empty for none."
	return c
}

// numbers is the constraint of a whole number.
func numbers(low, high int) constraint {
	return constraint{low: low, high: high, remedy: fmt.Sprintf("Use a whole number from %d to %d.", low, high)}
}

// Parts of the patterns of ARNs. Connect is in two partitions only.
const (
	anyPartition     = "(" + arn.Commercial + "|" + arn.GovCloud + "|" + arn.China + ")"
	connectPartition = "(" + arn.Commercial + "|" + arn.GovCloud + ")"
	placePattern     = ":[a-z0-9-]+:[0-9]{12}:"
	idPattern        = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)

// Constraints of ARNs of one kind.
var (
	instanceRule = constraint{
		pattern: "^arn:" + connectPartition + ":connect" + placePattern + "instance/" + idPattern + "$",
		remedy: "Use arn:aws:connect:REGION:ACCOUNT:instance/ID, as the instance's page in the console shows it; in " +
			"GovCloud it begins with arn:aws-us-gov, and China has no Amazon Connect.",
	}
	functionRule = constraint{pattern: "^arn:" + anyPartition + ":lambda" + placePattern +
		"function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$",
		remedy: "Use arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS where one is used."}
	machineRule = constraint{pattern: "^arn:" + anyPartition + ":states" + placePattern +
		"stateMachine:[A-Za-z0-9_-]+$",
		remedy: "Use arn:aws:states:REGION:ACCOUNT:stateMachine:NAME."}
	// keyRule refuses the ARN of an alias, which means nothing as the resource of a policy.
	keyRule = constraint{pattern: "^arn:" + anyPartition + ":kms" + placePattern + "key/.+$",
		remedy: "Use arn:aws:kms:REGION:ACCOUNT:key/ID."}
	topicRule = constraint{pattern: "^arn:" + anyPartition + ":sns" + placePattern + "[A-Za-z0-9_.-]+$",
		remedy: "Use arn:aws:sns:REGION:ACCOUNT:NAME."}
	boundaryRule = constraint{pattern: "^arn:" + anyPartition + ":iam::([0-9]{12}|aws):policy/.+$",
		remedy: "Use arn:aws:iam::ACCOUNT:policy/NAME."}
	roleRule = constraint{pattern: "^arn:" + anyPartition + ":iam::[0-9]{12}:role/.+$",
		remedy: "Use arn:aws:iam::ACCOUNT:role/NAME."}
	versionRule = constraint{pattern: "^[1-9][0-9]*$", remedy: "Use the number of a published version, such as 7."}
	weightRule  = constraint{pattern: `^0\.[0-9]{1,3}$`,
		remedy: "Use a number between 0 and 1 with up to three decimals, such as 0.1."}
	rolePathRule = constraint{pattern: fmt.Sprintf("^/([!-~]{1,%d}/)?$", awsfacts.RolePath-2),
		remedy: "Begin and end it with a slash, without spaces, such as /teams/voice/."}
	roleNameRule = constraint{pattern: project.RoleNamePattern, remedy: project.RoleNameRemedy}
	accountRule  = constraint{pattern: project.AccountPattern, remedy: "Use the 12 digits of an account."}
	regionRule   = constraint{pattern: project.RegionPattern, remedy: "Use a Region such as us-east-1."}
	// bucketRule and objectRule are those of where S3 has the deployment package (S3 user guide, "General purpose
	// bucket naming rules" and "Naming Amazon S3 objects").
	bucketRule = constraint{pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
		remedy: "Use the name of a bucket: 3 to 63 lowercase letters, digits, hyphens and dots."}
	objectRule  = constraint{pattern: "^.+$", remedy: "Use the package's key, such as bank/async-function.zip."}
	memoryRule  = numbers(awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB)
	callersRule = numbers(1, async.MaxExpectedCallers)
	// concurrencyRule is that of a reserved concurrency; 0 stops the function.
	concurrencyRule = constraint{low: -1, remedy: "Use -1 for none, or a whole number.",
		given: &constraint{low: -1, remedy: "Use a whole number, or null for none."}}
)

// retentionRule is that of the days for which CloudWatch Logs can keep a log.
var retentionRule = constraint{allowed: project.Retentions(),
	remedy: "Use one of " + strings.Trim(fmt.Sprint(project.Retentions()), "[]") + "."}

// thingRule is that of what a placeholder means.
func thingRule(p flowlang.Placeholder) constraint {
	if p.Kind == flowlang.FunctionKind {
		return functionRule
	}
	resource, owned := p.Resource()
	if !owned {
		const thing = ":[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|aws):.+"
		return constraint{pattern: "^(arn:" + anyPartition + thing + "|" + idPattern + ")$",
			remedy: "Use the ARN or ID of the " + p.Kind + "."}
	}
	return constraint{
		pattern: "^(arn:" + connectPartition + ":connect" + placePattern + "instance/" + idPattern + "/" + resource +
			"/.+|" + idPattern + "(:.+)?)$",
		remedy: "Use the ID or ARN: arn:aws:connect:REGION:ACCOUNT:instance/ID/" + resource + "/ID."}
}

// Constraints of names. What is appended to a name must leave it within AWS's limits.
func (s *Stack) nameRule() constraint {
	longest := s.project.LongestName()
	return constraint{pattern: fmt.Sprintf("^[A-Za-z][A-Za-z0-9_-]{0,%d}$", longest-1),
		remedy: fmt.Sprintf("Use 1 to %d letters, digits, hyphens and underscores, and begin with a letter.", longest)}
}

func (s *Stack) rolePrefixRule() constraint {
	most := max(len(s.settings.RolePrefix), awsfacts.RoleName-project.MaxNameLength)
	return constraint{pattern: fmt.Sprintf("^[%s]{0,%d}$", awsfacts.RoleNameCharacters, most),
		remedy: fmt.Sprintf("Use at most %d letters, digits and any of _+=,.@-.", most)}
}

// needsRemedy says that a variable is of no use without another one.
func needsRemedy(name, needs string) string {
	return fmt.Sprintf("Give %s too, or leave %s empty.", needs, name)
}

// message is what a tool says of a value that breaks the constraint.
func (v variable) message(name string) string { return v.accepts.message(name) }

func (c constraint) message(name string) string {
	return "The value of " + name + " is not valid. " + c.remedy
}

// condition is the constraint in HCL, for a variable.
func (c constraint) condition(variable string) string {
	switch {
	case c.pattern != "":
		return fmt.Sprintf("can(regex(%s, %s))", quoted(c.pattern), variable)
	case len(c.allowed) > 0:
		return fmt.Sprintf("contains([%s], %s)", numberList(c.allowed), variable)
	}
	return fmt.Sprintf("floor(%s) == %s && %s", variable, variable, c.bounds(variable))
}

// test is the constraint in TypeScript, for a constant.
func (c constraint) test(constant string) string {
	switch {
	case c.pattern != "":
		return fmt.Sprintf("new RegExp(%s).test(%s)", tsString(c.pattern), constant)
	case len(c.allowed) > 0:
		return fmt.Sprintf("[%s].includes(%s)", numberList(c.allowed), constant)
	}
	return fmt.Sprintf("Number.isInteger(%s) && %s", constant, c.bounds(constant))
}

// bounds are the limits of a number, in HCL as in TypeScript.
func (c constraint) bounds(name string) string {
	bounds := fmt.Sprintf("%s >= %d", name, c.low)
	if c.high > 0 {
		bounds += fmt.Sprintf(" && %s <= %d", name, c.high)
	}
	return bounds
}

func numberList(numbers []int) string {
	var texts []string
	for _, n := range numbers {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ", ")
}
