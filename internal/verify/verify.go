// Package verify compares a deployed set-up with what a project wants there, and checks that it works.
//
// It goes through the resources of internal/deploy's model one by one, reads each as it is deployed, and compares the
// two by meaning. What the model cannot say it asks besides: whether roles may do what they must, whether flows are
// published, whether quotas suffice, and with a run whether a result comes back. It takes a small interface for what it
// asks, Cloud, and knows no SDK.
//
// It imports internal/arn, internal/deploy, internal/flowlang and internal/flowdiff for flows, internal/style,
// internal/project, internal/async for the contract, internal/awsfacts for quotas, and internal/clock. Runs share
// nothing.
package verify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
)

// Cloud is what is asked of AWS. Its errors may have the methods ErrorCode and ErrorMessage, as those of the SDK have,
// and Action and Resource, which say what was asked for in IAM's words.
type Cloud interface {
	// Region is the Region that is asked.
	Region() string
	// Account is the account of the credentials.
	Account(ctx context.Context) (string, error)
	// Resource reads a resource of one of CloudFormation's types, with the properties that the type has there, and its
	// State and Status where the service tells them. named are texts that find it, by property, and Arn.
	Resource(ctx context.Context, kind string, named map[string]string) (map[string]any, error)
	// Tags are the tags of resources by their ARNs, but for those of roles and flows, which Resource says as Tags.
	Tags(ctx context.Context, arns []string) (map[string]map[string]string, error)
	// Function describes a Lambda function by its ARN, with a version or alias where one is used.
	Function(ctx context.Context, arn string) (Function, error)
	// NewestVersion is the version of a function, by its name, that was published last, "" for none.
	NewestVersion(ctx context.Context, function string) (string, error)
	// Concurrency is how many functions the account may run at once.
	Concurrency(ctx context.Context) (int, error)
	// Quotas are the account's quotas of a service, by their names.
	Quotas(ctx context.Context, service string) (map[string]float64, error)
	// Invoke invokes a function and returns what it answered.
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
	// Logged returns the first entry since a time that a log group has of a filter pattern, and "" for none.
	Logged(ctx context.Context, group, pattern string, since time.Time) (string, error)
	// Simulate asks whether a role may do something: allowed, implicitDeny or explicitDeny.
	Simulate(ctx context.Context, role, action, resource string) (string, error)
}

// Function is a Lambda function as it is deployed.
type Function struct {
	ARN     string
	Role    string // its ARN
	Timeout time.Duration
}

// State says how a check ended.
type State string

// The states of a check.
const (
	OK      State = "OK"
	Fail    State = "FAIL"    // wrong; the remedy says what to do
	Unknown State = "UNKNOWN" // it could not be looked at; the remedy says what to do
	Skip    State = "SKIP"    // not looked at, for the reason in the detail
)

// Check is one thing that was looked at.
type Check struct {
	Code     string `json:"code,omitempty"` // of what is wrong or could not be looked at: one of Findings
	Group    string `json:"group"`          // what of the set-up it is about
	Title    string `json:"title"`
	State    State  `json:"state"`
	Region   string `json:"region"`
	Resource string `json:"resource,omitempty"` // its name
	Property string `json:"property,omitempty"` // which one differs, in CloudFormation's words
	Want     any    `json:"want,omitempty"`     // what the project wants there
	Detail   string `json:"detail"`             // what was found, or why nothing was looked at
	Remedy   string `json:"remedy,omitempty"`
}

// Options say what is verified.
type Options struct {
	// Site is where the deployment is. An account that is given must be that of the credentials. The variables of the
	// export that have no value may have any, the same everywhere. Without the ARN of an instance the checks of Connect
	// are skipped.
	Site    deploy.Site
	Callers int    // how many may wait at once, default: the site's callers
	Run     bool   // start executions; without it nothing is changed or started
	Event   []byte // what a run sends, a Connect event; default: a sample without parameters
	Code    string // the SHA-256 of the package that our functions must have, in base64; "" for any
}

// Run compares a deployed set-up with what a stack wants, and checks that it works. The checks are in the order in
// which a call goes through what they are about. Those whose ground another check found missing are skipped. The
// context ends it.
func Run(ctx context.Context, s *deploy.Stack, cloud Cloud, c clock.Clock, o Options) []Check {
	v := &verifier{ctx: ctx, want: s.Deployment(o.Site), cloud: cloud, clock: c, options: o,
		found: map[string]map[string]any{}}
	if o.Callers == 0 {
		v.options.Callers = v.want.Callers
	}
	if v.identity() {
		at := o.Site
		at.Account, at.Region = v.account, cloud.Region()
		v.values = s.Values(at)
		list := s.Wanted(at)
		v.askForTags(list)
		v.resources(list)
		v.wrappedFunctions()
		v.roles()
		v.capacity()
		v.runs()
	}
	return v.inOrder()
}

// verifier collects checks.
type verifier struct {
	ctx     context.Context
	want    deploy.Deployment
	cloud   Cloud
	clock   clock.Clock
	options Options
	account string
	checks  []Check
	group   string

	values map[string]string         // of the stack's variables, names and ARNs, as they become known
	found  map[string]map[string]any // the resources that are there, by key
	tags   map[string]map[string]string
}

func (v *verifier) ok(title, detail string, values ...any) {
	v.add(Check{Title: title, State: OK, Detail: fmt.Sprintf(detail, values...)})
}

func (v *verifier) fail(code, title, remedy, detail string, values ...any) {
	v.add(Check{Code: code, Title: title, State: Fail, Detail: fmt.Sprintf(detail, values...), Remedy: remedy})
}

func (v *verifier) skip(title, reason string) {
	v.add(Check{Title: title, State: Skip, Detail: reason})
}

func (v *verifier) add(c Check) {
	c.Group, c.Region = v.group, v.cloud.Region()
	v.checks = append(v.checks, c)
}

// The groups of checks beside those of the jobs.
const (
	groupAccount   = "account"
	groupFunctions = "functions"
	groupTable     = "results table"
	groupAsync     = "async function"
	groupEnds      = "ends"
	groupConnect   = "Amazon Connect"
	groupWatching  = "watching"
	groupCapacity  = "capacity"
)

// asyncKey is the key of the async function in the model.
const asyncKey = "function." + project.AsyncFunction

func groupOfJob(job string) string { return "job " + job }

func groupOfRun(job string) string { return "run of " + job }

// inOrder returns the checks in the order in which a call goes through what they are about.
func (v *verifier) inOrder() []Check {
	order := []string{groupAccount, groupFunctions}
	for _, m := range v.want.Machines {
		order = append(order, groupOfJob(m.Job.Name))
	}
	order = append(order, groupTable, groupAsync, groupEnds, groupConnect, groupWatching, groupCapacity)
	for _, m := range v.want.Machines {
		order = append(order, groupOfRun(m.Job.Name))
	}
	slices.SortStableFunc(v.checks, func(a, b Check) int {
		return slices.Index(order, a.Group) - slices.Index(order, b.Group)
	})
	return v.checks
}

// identity asks who is asking, without which nothing can be looked at.
func (v *verifier) identity() bool {
	v.group = groupAccount
	account, err := v.cloud.Account(v.ctx)
	if err != nil {
		v.unknown("credentials", err)
		return false
	}
	if wanted := v.options.Site.Account; wanted != "" && wanted != account {
		v.add(Check{Code: CodeWrongAccount, Title: "credentials", State: Unknown,
			Detail: fmt.Sprintf("these are credentials of the account %s, and the stage is in %s", account, wanted),
			Remedy: "Log in to the account " + wanted + " (AWS_PROFILE), or correct the stage in the project file."})
		return false
	}
	v.account = account
	v.ok("credentials", "account %s, %s", account, v.cloud.Region())
	return true
}

// wrappedFunctions asks for the functions that are wrapped.
func (v *verifier) wrappedFunctions() {
	v.group = groupFunctions
	for _, f := range v.want.Functions {
		arn := v.values[f.Variable]
		if arn == "" {
			v.skip(f.Name, "neither the project file nor what is deployed says where it lives")
			continue
		}
		v.wrappedFunction(f, arn)
	}
}

func (v *verifier) wrappedFunction(f deploy.DeployedFunction, arn string) {
	deployed, err := v.cloud.Function(v.ctx, arn)
	role, wanted := roleName(deployed.Role), v.values[f.Role]
	switch {
	case isMissing(err):
		v.fail(CodeWrappedMissing, f.Name, "Deploy the function "+arn+", or correct its ARN in the project file.",
			"%s: %s", arn, reasonOf(err))
	case err != nil:
		v.unknown(f.Name, err)
	case deployed.Timeout > f.Timeout:
		v.fail(CodeWrappedTimeout, f.Name,
			fmt.Sprintf("Give the function a timeout of at most %s, or write timeout: %s in the project file and "+
				"export again.", f.Timeout, deployed.Timeout),
			"it may run for %s, and its step allows %s", deployed.Timeout, f.Timeout)
	case wanted != "" && role != wanted:
		v.fail(CodeWrappedRole, f.Name,
			fmt.Sprintf("Write progress_role: %s for the function in the project file, or %s under variables of the "+
				"stage, and deploy the export again.", role, strings.TrimPrefix(f.Role, "var.")),
			"its role is %s, and the role %s may report how far it is", role, wanted)
	default:
		v.ok(f.Name, "%s, at most %s", arn, deployed.Timeout)
	}
}
