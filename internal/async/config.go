package async

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// InputMode says what of the event becomes the execution's input.
type InputMode string

// The input modes.
const (
	InputEvent   InputMode = "event"   // the whole event, as it came
	InputMinimal InputMode = "minimal" // the parameters and the contact's ids
)

// Job is one thing that is wrapped.
type Job struct {
	Name            string        // empty for the one of STATE_MACHINE_ARN
	StateMachineARN string        // may name a version or an alias
	Timeout         time.Duration // of the execution; when it has passed, a record without a result is overdue
	ReadOnly        bool          // its executions may be checked, but none may be started or stopped
	Reuse           string        // ReuseAlways or ReuseRunning; empty is ReuseAlways
	ReuseFor        time.Duration // how long an end is always the answer; less than MinReuse is MinReuse
	Leave           string        // what happens when the caller hangs up; empty is LeaveFinish
	DeliverTo       string        // with LeaveDeliver the ARN of a flow, a queue or an event bus
	Was             string        // its name before it was renamed: flows may still say it, and executions keep it
	Progress        bool          // its replies say how far the work is
	Steps           []string      // the states that are its steps, where its history tells which one runs
	StepsVary       bool          // an execution may leave some of them out
	Reports         []string      // the steps whose functions report how far they are
}

// reuseFor is ReuseFor, never less than what Connect may repeat.
func (j Job) reuseFor() time.Duration { return max(j.ReuseFor, MinReuse) }

// Config is what the async function is told when it is made.
type Config struct {
	Jobs            []Job // in the order of their names
	ResultsTable    string
	Input           InputMode
	OwnContactOnly  bool          // refuse executions that another contact started
	LogData         bool          // log events and replies, personal data included
	ExpectedCallers int           // how many callers may hold a check at once
	Deployment      string        // names its metrics, so that staging and production share none
	PrefixedNames   bool          // the short names of parameters that are not the original's are data
	NameAsUUID      bool          // execution.name in the input is a UUID made of the execution's name
	LogRunning      bool          // log checks of running work, too
	Retain          time.Duration // how long a result is told after its end; DefaultRetain when it is 0
	Texts           []JobTexts
	TextsFile       string // in the deployment package, for whoever makes the function to read
	Ends            bool   // it is the function for ends
	InstanceARN     string // of Amazon Connect, for the function for ends where a job minds when its caller hangs up
	LooksQueueURL   string // the queue of contacts to look at, likewise

	problems []error // why it cannot work; every reply then says so
}

// ConfigFromEnv reads the configuration from environment variables. Each error names the variable and the remedy. A
// Config that comes with errors is usable: every reply then is NotConfigured.
func ConfigFromEnv(getenv func(string) string) (Config, []error) {
	c := Config{Input: InputEvent, ExpectedCallers: DefaultExpectedCallers}
	read := func(variable string, parse func(value string) error) {
		if value := getenv(variable); value != "" {
			c.note(variable, parse(value))
		}
	}
	common := Job{Timeout: DefaultTimeout}
	read(EnvTimeoutSeconds, common.readTimeout)
	read(EnvReuse, common.readReuse)
	read(EnvReuseSeconds, common.readReuseSeconds)
	read(EnvStateMachineARN, func(v string) error {
		job := common
		job.StateMachineARN = v
		return c.addJob(job)
	})
	read(EnvStateMachines, func(v string) error { return c.addJobs(v, common) })
	read(EnvResultsTable, func(v string) error { c.ResultsTable = v; return nil })
	read(EnvExpectedCallers, func(v string) error { return readInt(&c.ExpectedCallers, v, 1, MaxExpectedCallers) })
	read(EnvInput, c.readInputMode)
	read(EnvParameters, c.readNames)
	read(EnvOwnContactOnly, func(v string) error { return readSwitch(&c.OwnContactOnly, v) })
	read(EnvServes, c.readServes)
	read(EnvLogData, func(v string) error { return readSwitch(&c.LogData, v) })
	read(EnvRetainSeconds, c.readRetain)
	read(EnvExecutionName, c.readExecutionName)
	read(EnvLogLevel, c.readLogLevel)
	c.Deployment = getenv(envFunctionName)
	read(EnvDeployment, c.readDeployment)
	read(EnvTexts, c.ReadTexts)
	read(EnvTextsFile, func(v string) error { c.TextsFile = v; return nil })
	read(EnvInstanceARN, c.readInstance)
	read(EnvLooksQueueURL, func(v string) error { c.LooksQueueURL = v; return nil })
	c.checkRegion(cmp.Or(getenv(envRegion), getenv(envDefaultRegion)))
	if getenv(EnvStateMachineARN) == "" && getenv(EnvStateMachines) == "" {
		c.Reject(errors.New("STATE_MACHINE_ARN: is not set, and neither is STATE_MACHINES; set one of them"))
	}
	if c.Ends && c.ResultsTable == "" {
		c.Reject(errors.New("RESULTS_TABLE: is not set, and the function for ends writes into it; set it"))
	}
	c.checkLeaving()
	c.checkProgress()
	return c, c.problems
}

// The variables of the AWS SDKs for the Region; Lambda sets the first.
const (
	envRegion        = "AWS_REGION"
	envDefaultRegion = "AWS_DEFAULT_REGION"
)

// envFunctionName is the Lambda function's own name, which Lambda sets.
const envFunctionName = "AWS_LAMBDA_FUNCTION_NAME"

// readDeployment keeps the deployment's name, which becomes the value of a metric's dimension.
func (c *Config) readDeployment(value string) error {
	if len(value) > maxName || !consistsOf(value, letters+digits+"-_.") {
		return fmt.Errorf("%q is not a name of 1 to %d letters, digits, -, _ and .", value, maxName)
	}
	c.Deployment = value
	return nil
}

// The values of EXECUTION_NAME.
const (
	ExecutionNameReal = "name" // the input is left alone, and the state machine adds the real name
	ExecutionNameUUID = "uuid"
)

func (c *Config) readExecutionName(value string) error {
	c.NameAsUUID = value == ExecutionNameUUID
	return oneOf(value, ExecutionNameReal, ExecutionNameUUID)
}

// readLogLevel sets whether the log has lines of level debug. Higher levels would cost metrics, which are in the lines.
func (c *Config) readLogLevel(value string) error {
	c.LogRunning = strings.EqualFold(value, "debug")
	if !c.LogRunning && !strings.EqualFold(value, "info") {
		return fmt.Errorf("%q is not one of debug, info", value)
	}
	return nil
}

func (c *Config) readNames(value string) error {
	c.PrefixedNames = value == NamesPrefixed
	return oneOf(value, NamesShort, NamesPrefixed)
}

// checkRegion refuses state machines of another Region than the function's own, where every request goes.
func (c *Config) checkRegion(region string) {
	for _, job := range c.Jobs {
		if region != "" && job.region() != region {
			c.note(job.variable(), fmt.Errorf("%q is in another Region than the function, which is in %s",
				job.StateMachineARN, region))
		}
	}
}

// timeout is how long an execution of the job may take.
func (j Job) timeout() time.Duration { return cmp.Or(j.Timeout, DefaultTimeout) }

// variable is the environment variable that the job comes from.
func (j Job) variable() string {
	if j.Name == "" {
		return EnvStateMachineARN
	}
	return EnvStateMachines
}

// Reject keeps a reason why the function cannot work, which every reply will then give. The error's text begins with
// the name of a variable.
func (c *Config) Reject(err error) { c.problems = append(c.problems, err) }

// note keeps an error of a variable.
func (c *Config) note(variable string, err error) {
	if err != nil {
		c.problems = append(c.problems, fmt.Errorf("%s: %w", variable, err))
	}
}

// addJobs reads STATE_MACHINES: a JSON object, for each job an ARN, or an object with arn and what differs from the
// other variables.
func (c *Config) addJobs(text string, common Job) error {
	var machines object
	if json.Valid([]byte(text)) {
		machines, _ = readObject(json.RawMessage(text))
	}
	if len(machines) == 0 {
		return errors.New(`is not a JSON object such as {"balance": "arn:aws:states:…"}`)
	}
	for _, name := range slices.Sorted(maps.Keys(machines)) {
		job, err := readJob(name, machines[name], common)
		if err == nil {
			err = c.addJob(job)
		}
		if err != nil {
			return fmt.Errorf("job %q: %w", name, err)
		}
	}
	for _, job := range c.Jobs {
		others := slices.DeleteFunc(slices.Clone(c.Jobs), func(other Job) bool { return other.Name == job.Name })
		if job.Was != "" && slices.ContainsFunc(others, func(other Job) bool { return other.answersTo(job.Was) }) {
			return fmt.Errorf("job %q: %s: %q is another job", job.Name, MachineWas, job.Was)
		}
	}
	return nil
}

// answersTo reports whether a flow that says a name means the job.
func (j Job) answersTo(name string) bool { return name == j.Name || name == j.Was && name != "" }

// validJobName reports whether a job may be called so: 1 to 64 letters, digits, - and _.
func validJobName(name string) bool {
	return len(name) <= 64 && consistsOf(name, letters+digits+"-_")
}

func readJob(name string, raw json.RawMessage, job Job) (Job, error) {
	job.Name = name
	if !validJobName(name) {
		return job, errors.New("a job's name has 1 to 64 letters, digits, - and _")
	}
	if json.Unmarshal(raw, &job.StateMachineARN) == nil {
		return job, nil
	}
	machine, ok := readObject(raw)
	if !ok {
		return job, errors.New("is neither an ARN nor an object with arn and timeout_seconds")
	}
	job.StateMachineARN = textOf(machine[MachineARN])
	for _, member := range []struct {
		name string
		read func(value string) error
	}{
		{name: MachineTimeout, read: job.readTimeout},
		{name: MachineReuse, read: job.readReuse},
		{name: MachineReuseSeconds, read: job.readReuseSeconds},
		{name: MachineReadOnly, read: func(value string) error { return readSwitch(&job.ReadOnly, value) }},
		{name: MachineLeave, read: job.readLeave},
		{name: MachineDeliverTo, read: func(value string) error { job.DeliverTo = value; return nil }},
		{name: MachineWas, read: job.readWas},
		{name: MachineProgress, read: func(value string) error { return readSwitch(&job.Progress, value) }},
		{name: MachineSteps, read: func(value string) error { return readStepNames(&job.Steps, value) }},
		{name: MachineReports, read: func(value string) error { return readStepNames(&job.Reports, value) }},
		{name: MachineStepsVary, read: func(value string) error { return readSwitch(&job.StepsVary, value) }},
	} {
		raw := machine[member.name]
		if value := cmp.Or(textOf(raw), string(raw)); !unset(raw) {
			if err := member.read(value); err != nil {
				return job, fmt.Errorf("%s: %w", member.name, err)
			}
		}
	}
	return job, nil
}

func (j *Job) readTimeout(value string) error {
	return readSeconds(&j.Timeout, value, time.Second, awsfacts.ExecutionTimeout)
}

func (j *Job) readReuseSeconds(value string) error {
	return readSeconds(&j.ReuseFor, value, MinReuse, MaxReuse)
}

func (j *Job) readReuse(value string) error {
	j.Reuse = value
	return oneOf(value, ReuseAlways, ReuseRunning)
}

func (j *Job) readWas(value string) error {
	j.Was = value
	if !validJobName(value) {
		return fmt.Errorf("%q is not the name of a job: 1 to 64 letters, digits, - and _", value)
	}
	return nil
}

func (c *Config) addJob(job Job) error {
	if job.executionPrefix() == "" {
		return fmt.Errorf("%q is not the ARN of a state machine (arn:aws:states:REGION:ACCOUNT:stateMachine:NAME)",
			job.StateMachineARN)
	}
	c.Jobs = append(c.Jobs, job)
	return nil
}

func (c *Config) readInputMode(value string) error {
	c.Input = InputMode(value)
	return oneOf(value, string(InputEvent), string(InputMinimal))
}

func (c *Config) readServes(value string) error {
	c.Ends = value == ServesEnds
	return oneOf(value, ServesCallers, ServesEnds)
}

// oneOf refuses every other value.
func oneOf(value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%q is not one of %s", value, strings.Join(allowed, ", "))
}

func readSwitch(to *bool, value string) error {
	switch strings.ToLower(value) {
	case "true":
		*to = true
	case "false":
		*to = false
	default:
		return fmt.Errorf("%q is not one of true, false", value)
	}
	return nil
}

func readInt(to *int, value string, least, most int) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return fmt.Errorf("%q is not a whole number from %d to %d", value, least, most)
	}
	*to = n
	return nil
}

func readSeconds(to *time.Duration, value string, least, most time.Duration) error {
	var seconds int
	if err := readInt(&seconds, value, int(least/time.Second), int(most/time.Second)); err != nil {
		return err
	}
	*to = time.Duration(seconds) * time.Second
	return nil
}

// job finds a job by the name that a flow gave. Without a name it is the one of STATE_MACHINE_ARN, or the only one.
func (c *Config) job(name string) (Job, *refusal) {
	jobs := c.startable()
	if !c.namesJobs() || name == "" && len(jobs) == 1 {
		return jobs[0], nil
	}
	for _, job := range jobs {
		if job.answersTo(name) {
			return job, nil
		}
	}
	return Job{}, refuse(UnknownJob, "The parameter job names no job of STATE_MACHINES; jobs are: "+c.jobNames()+".")
}

// startable are the jobs that are not there to be read only.
func (c *Config) startable() []Job {
	return slices.DeleteFunc(slices.Clone(c.Jobs), func(j Job) bool { return j.ReadOnly })
}

// namesJobs reports whether the parameter job means anything. Without STATE_MACHINES it is data of the wrapped
// function.
func (c *Config) namesJobs() bool {
	jobs := c.startable()
	return len(jobs) > 1 || jobs[0].Name != ""
}

func (c *Config) jobNames() string {
	var names []string
	for _, job := range c.startable() {
		if job.Name != "" {
			names = append(names, job.Name)
		}
	}
	return strings.Join(names, ", ")
}

// problem says in a sentence why nothing can work, or is empty.
func (c *Config) problem() string {
	if len(c.problems) > 0 {
		var reasons []string
		for _, err := range c.problems {
			reasons = append(reasons, err.Error())
		}
		return "The function is not configured: " + strings.Join(reasons, "; ") + "."
	}
	if len(c.startable()) == 0 {
		return "The function is not configured: there is no state machine that it may start."
	}
	return ""
}
