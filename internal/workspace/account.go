package workspace

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/httptask"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// Role is the role of every state machine. Nobody asks what it allows.
const Role = "arn:aws:iam::000000000000:role/connect-async"

// Account makes an account with everything in it. The findings are about the tasks of the state machines; they are the
// same for every account. ended, which may be nil, is told of every invocation of a function that really runs.
func (w *Workspace) Account(o local.Options, ended func(Invocation)) (*local.Account, source.Findings) {
	account := NewAccount(o, w.options.Virtual)
	return account, w.PutInto(account, o, ended)
}

// NewAccount returns an empty account whose tasks can call Step Functions and, unless everything in it is virtual,
// servers on this machine. Its clock stands still while they do.
func NewAccount(o local.Options, virtual bool) *local.Account {
	account := local.New(o)
	statesapi.Perform(account)
	if !virtual {
		account.ServeHTTP(local.Outside{Clock: o.Clock, Function: httptask.New(account.Region())})
	}
	return account
}

// PutInto puts everything into an account. What is there under the same names is replaced.
func (w *Workspace) PutInto(account *local.Account, o local.Options, ended func(Invocation)) source.Findings {
	if w.Table != "" {
		account.AddResultsTable(w.Table)
	}
	for i, f := range w.Functions {
		account.AddFunction(f.Name, w.observed(f.spec, o.Clock, f.in(account, o, uint64(i), ended)))
	}
	var found source.Findings
	account.SetTaskStandIns(w.tasks(o))
	for _, m := range w.Machines {
		found = append(found, account.CheckTasks(m.File, m.Machine)...)
		if err := m.putInto(account); err != nil {
			found = append(found, source.AsFinding(m.File, err))
		}
	}
	if w.options.AsyncFunction == "" {
		account.AddFunction(w.AsyncName, w.observed(w.asyncSpec(), o.Clock, w.async(account, o)))
	}
	if err := w.release(account); err != nil {
		found = append(found, source.AsFinding(w.projectFile(), err))
	}
	if w.Table != "" {
		account.AddFunction(w.EndsName, w.ends(account, o))
		account.SendEnds(w.EndsName)
	}
	return found
}

// release publishes a version of the async function, which the alias invokes from now on, where the project has its
// releases in one.
func (w *Workspace) release(account *local.Account) error {
	if w.options.Project == nil || w.options.Project.Deploy.Qualifier() == "" {
		account.Unpublish(w.AsyncName)
		return nil
	}
	version, err := account.PublishVersion(w.AsyncName)
	if err != nil {
		return err
	}
	return account.SetFunctionAlias(w.AsyncName, project.AsyncAlias, local.FunctionAlias{Version: version})
}

// putInto creates the state machine, or changes the one of its name.
func (m Machine) putInto(account *local.Account) error {
	machine := local.StateMachine{
		ARN: account.StateMachineARN(m.Name), Name: m.Name, Definition: m.definition, RoleARN: Role, Machine: m.Machine,
	}
	if _, err := account.StateMachine(machine.ARN); err == nil {
		_, err = account.Update(machine)
		return err
	}
	_, err := account.Create(machine)
	return err
}

// in is the function as it works in an account. Functions that run take real time, whatever the account's clock is.
func (f Function) in(
	account *local.Account, o local.Options, index uint64, ended func(Invocation),
) local.Function {
	switch {
	case f.runner != nil:
		outside := local.Outside{Clock: o.Clock, Function: f.runner}
		return local.Altered{Account: account, Name: f.Name, Function: observed(f.spec, o.Clock, outside, ended)}
	case len(f.standIn.Outcomes) == 0:
		return missing{name: f.Name}
	}
	random := rand.New(rand.NewPCG(o.Seed, index))
	return local.StandIn{
		Clock: o.Clock, Timeout: f.spec.Timeout, Next: inTurn(f.standIn, random), Account: account, Name: f.Name,
	}
}

// Invocation is one invocation of a function that has ended.
type Invocation struct {
	Function string
	Took     time.Duration
	Result   function.Result
	Failure  *function.Failure // why it failed; nil when it succeeded
}

// observed is a function whose invocations are told to the options of the workspace.
func (w *Workspace) observed(spec function.Spec, c clock.Clock, f local.Function) local.Function {
	return observed(spec, c, f, w.options.Invoked)
}

// observed is a function of whose invocations somebody is told, or nobody when tell is nil.
func observed(spec function.Spec, c clock.Clock, f local.Function, tell func(Invocation)) local.Function {
	if tell == nil {
		return f
	}
	return told{Function: f, spec: spec, clock: c, tell: tell}
}

// told is a function that tells of every invocation.
type told struct {
	local.Function
	spec  function.Spec
	clock clock.Clock
	tell  func(Invocation)
}

// Invoke implements local.Function.
func (f told) Invoke(ctx context.Context, payload []byte) function.Result {
	began := f.clock.Now()
	r := f.Function.Invoke(ctx, payload)
	f.tell(invocation(f.spec, f.clock.Now().Sub(began), r))
	return r
}

// invocation took as long as its caller waited. Real functions do not take the time of a virtual clock: what they say
// themselves counts.
func invocation(spec function.Spec, took time.Duration, r function.Result) Invocation {
	i := Invocation{Function: spec.Name, Took: max(took, r.InitDuration+r.Duration), Result: r}
	if failure, failed := spec.Failure(r); failed {
		i.Failure = &failure
	}
	return i
}

// missing is a function that lives in AWS only. Its invocations fail as those of one that does not exist.
type missing struct{ name string }

// Invoke implements local.Function.
func (m missing) Invoke(context.Context, []byte) function.Result {
	message := "Function not found: " + m.name
	return function.Result{Err: &local.Error{Code: "ResourceNotFoundException", Message: message}}
}

// async is the async function, which lives in the account's time.
func (w *Workspace) async(account *local.Account, o local.Options) local.Function {
	var results async.Results
	if w.Table != "" {
		results = local.Results{Account: account, Table: w.Table}
	}
	random := async.WithRandom(rand.NewPCG(o.Seed, 1))
	handler := async.New(w.AsyncConfig(), local.States{Account: account}, results, o.Clock, random,
		w.withProgress(account))
	return local.AsyncFunction{Account: account, Handler: handler, Timeout: async.FunctionTimeout}
}

// ends is the function for ends, which lives in the account's time.
func (w *Workspace) ends(account *local.Account, o local.Options) local.Function {
	config := w.AsyncConfig()
	config.Ends = true
	handler := async.NewEnds(config, local.States{Account: account}, local.Results{Account: account, Table: w.Table},
		o.Clock, async.WithRandom(rand.NewPCG(o.Seed, 2)), w.withProgress(account))
	if o.Contacts != nil && config.MindLeavers() {
		handler.MindLeavers(local.Results{Account: account, Table: w.Table},
			local.Effects{Account: account, Contacts: o.Contacts})
	}
	return local.EndsFunction{Account: account, Handler: handler}
}

// withProgress lets the async function say how far work of an account is.
func (w *Workspace) withProgress(account *local.Account) async.Option {
	var items async.Items
	if w.Table != "" {
		items = local.Results{Account: account, Table: w.Table}
	}
	return async.WithProgress(local.States{Account: account}, items)
}

// AsyncConfig is what the async function is told.
func (w *Workspace) AsyncConfig() async.Config {
	c := async.Config{Input: async.InputEvent, ResultsTable: w.Table, ExpectedCallers: max(1, w.options.Callers)}
	if p := w.options.Project; p != nil && w.options.StateMachine == "" {
		c.Texts, c.Retain = p.Texts, p.Retain
		asDeployed(&c, p.Deploy)
	}
	for _, m := range w.Machines {
		arn := w.arns.StateMachineARN(m.Name)
		c.Jobs = append(c.Jobs, async.Job{Name: m.job, StateMachineARN: arn, Timeout: m.timeout, Reuse: m.reuse,
			ReuseFor: m.reuseFor, Was: m.was, Leave: m.leave, DeliverTo: m.deliverTo,
			Progress: m.progress, Steps: m.steps, StepsVary: m.stepsVary, Reports: m.reports})
	}
	return c
}

// asDeployed takes over what the section deploy says about the async function, so that a call that works here works in
// AWS, too.
func asDeployed(c *async.Config, d project.Deploy) {
	if d.Input == string(async.InputMinimal) {
		c.Input = async.InputMinimal
	}
	c.OwnContactOnly = d.OwnContactOnly
	c.NameAsUUID = d.ExecutionName == async.ExecutionNameUUID
	c.PrefixedNames = d.PrefixedNames()
}

// asyncEnv is the configuration as variables, for the async function as a process (docs/contract.md).
func (w *Workspace) asyncEnv() []string {
	c := w.AsyncConfig()
	env := []string{
		async.EnvResultsTable + "=" + c.ResultsTable,
		async.EnvExpectedCallers + "=" + strconv.Itoa(c.ExpectedCallers),
	}
	if len(c.Texts) > 0 {
		env = append(env, async.EnvTexts+"="+async.MarshalTexts(c.Texts))
	}
	env = append(env, deployedEnv(c)...)
	if len(c.Jobs) == 1 && c.Jobs[0].Name == "" {
		return append(env, async.EnvStateMachineARN+"="+c.Jobs[0].StateMachineARN)
	}
	return append(env, async.EnvStateMachines+"="+async.MarshalJobs(c.Jobs))
}

// deployedEnv are the variables for what asDeployed takes over, and for how long a result is told. The
// first two are always there, the others when they are set.
func deployedEnv(c async.Config) []string {
	env := []string{async.EnvInput + "=" + string(c.Input),
		async.EnvOwnContactOnly + "=" + strconv.FormatBool(c.OwnContactOnly)}
	if c.Retain > 0 {
		env = append(env, async.EnvRetainSeconds+"="+strconv.Itoa(int(c.Retain/time.Second)))
	}
	if c.PrefixedNames {
		env = append(env, async.EnvParameters+"="+async.NamesPrefixed)
	}
	if c.NameAsUUID {
		env = append(env, async.EnvExecutionName+"="+async.ExecutionNameUUID)
	}
	return env
}

// Served are the functions for Lambda's API. Without an account they are those that run by themselves; with one, those
// that live in its time too. Missing functions are not among them, nor is the async function when there is no job.
func (w *Workspace) Served(account *local.Account, c clock.Clock) []lambdaapi.Function {
	var served []lambdaapi.Function
	for _, f := range w.Functions {
		f.spec.ARN = w.arns.FunctionARN(f.Name)
		switch {
		case f.runner != nil:
			served = append(served, w.outside(c, f))
		case account != nil && len(f.standIn.Outcomes) > 0:
			served = append(served, inside(account, f.spec))
		}
	}
	if account == nil || w.options.AsyncFunction != "" || len(w.Machines) == 0 {
		return served
	}
	return append(served, inside(account, w.asyncSpec()))
}

// asyncSpec is what is told about the async function.
func (w *Workspace) asyncSpec() function.Spec {
	return function.Spec{
		Name: w.AsyncName, ARN: w.arns.FunctionARN(w.AsyncName), Runtime: "provided.al2023", Handler: "bootstrap",
		Timeout: async.FunctionTimeout, MemoryMB: awsfacts.MinMemoryMB,
	}
}

// outside is a function that takes real time, for Lambda's API.
func (w *Workspace) outside(c clock.Clock, f Function) lambdaapi.Function {
	return lambdaapi.Function{Spec: f.spec, Invoke: func(ctx context.Context, r function.Request) function.Result {
		defer c.Hold()()
		began := c.Now()
		result := f.runner.Do(ctx, r)
		if w.options.Invoked != nil {
			w.options.Invoked(invocation(f.spec, c.Now().Sub(began), result))
		}
		return result
	}}
}

// inside is a function that lives in the account's time, for Lambda's API.
func inside(account *local.Account, spec function.Spec) lambdaapi.Function {
	return lambdaapi.Function{Spec: spec, Invoke: func(ctx context.Context, r function.Request) function.Result {
		result := account.Ask(ctx, r.InvokedARN, r.Payload)
		result.RequestID = r.RequestID
		if refused, ok := errors.AsType[*local.Error](result.Err); ok && refused.Code == "ResourceNotFoundException" {
			result.Err = function.ErrNotFound // a version or an alias: the function is there
		}
		return result
	}}
}
