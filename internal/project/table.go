package project

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// contents are what a project file says, as its table reads it. What follows from several parts of it is worked out
// afterwards.
type contents struct {
	Project
	jobs  []jobEntry
	flows []flowEntry
}

// jobEntry is a job as it is written.
type jobEntry struct {
	Job
	repeatable *bool
	texts      []async.Texts
	at         source.Pos
}

// table is the form of the whole file. lint describes the section that package lint reads.
func table(lint func() *form.Schema) form.Fields[contents] {
	return form.Fields[contents]{
		form.At("name", "names everything that is created in AWS", func(c *contents) *string { return &c.Name },
			nameForm("project")).Required().Example("bank"),
		form.At("jobs", "what is wrapped, by a name that you choose: each job is a function or a chain of functions",
			func(c *contents) *[]jobEntry { return &c.jobs }, form.InOrder("JOB", jobItem).Described(names)),
		form.At("functions", "your functions: their code here, where they live in AWS, or both, by a name that you "+
			"choose",
			func(c *contents) *[]Function { return &c.Functions },
			form.InOrder("FUNCTION", functionItem).Described(names)),
		form.At("flows", "the contact flows and modules of the project; `call` plays the first flow",
			func(c *contents) *[]flowEntry { return &c.flows }, form.List(flowItem)),
		form.At("prompts", "recordings (WAV files), by the name, id or ARN of the prompt that plays them: calls take "+
			"their length from them", func(c *contents) *map[string]string { return &c.Prompts },
			form.Named("PROMPT", promptItem)).Example("{hold-music: audio/hold.wav}"),
		form.At("scenario", "the scenario that `call` plays", func(c *contents) *string { return &c.Scenario },
			form.Path()).Otherwise("a call in which nothing special happens").Example("scenario.yaml"),
		form.At("callers", "how many callers wait at once at the busiest time, for lint, cost, verify and export",
			func(c *contents) *int { return &c.Callers }, CallersForm()),
		form.At("retain", "how long the result of an execution can be fetched after its end",
			func(c *contents) *time.Duration { return &c.Retain },
			form.DurationFrom("retain", async.MinRetain, async.MaxRetain)),
		form.At("lint", "which findings of `lint` count", func(c *contents) **source.Node { return &c.Lint },
			form.Raw(lint)),
		form.At("deploy", "what `export` creates in AWS, where there is a choice",
			func(c *contents) *Deploy { return &c.Deploy }, form.Object(deployFields)),
		form.At("stages", "where the project is deployed, such as dev, test and prod, by a name that you choose: what "+
			"differs between them, for the same flows", func(c *contents) *[]Stage { return &c.Stages },
			form.InOrder("STAGE", stageItem()).Described(names)),
	}
}

// Form describes a project file. lint describes the section that package lint reads.
func Form(lint *form.Schema) *form.Schema {
	usual := standard()
	return table(func() *form.Schema { return lint }).Schema(&usual)
}

// Defaults of fields that are left out. Lambda's own default timeout is 3 s, too short for anything worth wrapping.
const (
	defaultJobTimeout      = 5 * time.Minute
	defaultFunctionTimeout = 30 * time.Second
)

// standard is a project file that says nothing.
func standard() contents {
	return contents{Project: Project{
		Prompts: map[string]string{}, Callers: async.DefaultExpectedCallers, Retain: async.DefaultRetain,
		Deploy: standardDeploy(),
	}}
}

func standardJob() jobEntry {
	return jobEntry{Job: Job{Timeout: defaultJobTimeout, Results: ResultsDescribed, ReuseFor: async.DefaultReuse,
		Leave: async.LeaveFinish}}
}

func standardFunction() Function {
	return Function{Timeout: defaultFunctionTimeout, MemoryMB: awsfacts.MinMemoryMB}
}

var jobFields = form.Fields[jobEntry]{
	form.At("steps", "one function, or a chain in which each gets the result of the one before; a job has either this "+
		"or definition", func(j *jobEntry) *[]string { return &j.Steps }, form.TextList()).Example("[look-up, format]"),
	form.At("definition", "a state machine of your own (Amazon States Language), instead of steps",
		func(j *jobEntry) *string { return &j.Definition }, form.Path()).Example("payment.asl.json"),
	form.At(async.MachineWas, "the name that the job had when it was first deployed, if it is called otherwise now: "+
		"its resources in AWS keep that name, so that nothing is replaced, and flows that still say it are understood",
		func(j *jobEntry) *string { return &j.Was }, form.Text()).Example("look-up"),
	form.At("timeout", "how long the whole execution may take", func(j *jobEntry) *time.Duration { return &j.Timeout },
		form.DurationFrom("the timeout of a job", time.Second, awsfacts.ExecutionTimeout)).Example("2m"),
	form.At("texts", "what callers hear, by language and by occasion; what is left out is "+
		"built in for "+strings.Join(async.BuiltInLanguages(), ", "),
		func(j *jobEntry) *[]async.Texts { return &j.texts },
		form.InOrder("LANGUAGE", textsItem)).Example("{en: {first: Thanks. I am looking up your balance.}}"),
	form.At("results", "how the end of an execution is noticed. describe: by asking Step Functions, for a few callers "+
		"at once. table: in a DynamoDB table, for many. event: in that table, written by the event of the end alone, "+
		"for a definition of your own", func(j *jobEntry) *string { return &j.Results },
		form.OneOf(ResultsDescribed, ResultsInTable, ResultsByEvent)),
	form.At(async.MachineProgress, "whether replies say how far the work is: which step runs, and, where there is a "+
		"results table, how long such work usually takes; see docs/progress.md",
		func(j *jobEntry) *bool { return &j.Progress }, form.Bool()),
	form.At("repeatable", "whether the job may safely run twice", func(j *jobEntry) **bool { return &j.repeatable },
		form.OptionalBool()).Otherwise("true if all of its steps are repeatable"),
	form.At(async.MachineReuse, "what answers a question that the contact asked before. always: the execution there "+
		"was. running: only one that still runs, or that ended not longer than reuse_seconds ago",
		func(j *jobEntry) *string { return &j.Reuse }, form.OneOf(async.ReuseAlways, async.ReuseRunning)).
		Otherwise("running if the job is repeatable, else always"),
	form.At(async.MachineReuseSeconds, "for how many seconds after its end an execution answers the same question in "+
		"any case",
		func(j *jobEntry) *time.Duration { return &j.ReuseFor }, secondsForm(async.MinReuse, async.MaxReuse)),
	form.At(async.MachineLeave, "what happens when the caller hangs up before the result was told. finish: the work "+
		"goes on, and nobody is told. cancel: its execution is stopped. deliver: its result goes to deliver_to. Needs "+
		"results: table or event", func(j *jobEntry) *string { return &j.Leave },
		form.OneOf(async.LeaveFinish, async.LeaveCancel, async.LeaveDeliver)),
	form.At(async.MachineDeliverTo, "where results go whose caller has hung up: the ARN of a flow, which a new task "+
		"for an agent begins in, of a queue of SQS, or of an event bus of EventBridge",
		func(j *jobEntry) *string { return &j.DeliverTo }, form.Text()).Otherwise("required with deliver"),
}

var jobItem = form.Entry(jobFields, standardJob, func(in *source.Reader, m source.Member, j *jobEntry) {
	j.Name, j.at = m.Key, m.Pos
	checkName(in, m.Pos, "job", j.Name)
	if written := m.Value.Get("steps"); written != nil && written.Kind != source.Array {
		return // which is reported
	}
	if (len(j.Steps) == 0) == (j.Definition == "") {
		in.Report(CodeMissing, m.Pos, "the job "+j.Name+" must have either steps or a definition",
			"Write steps: [FUNCTION, …], or definition: FILE.")
	}
})

var functionFields = form.Fields[Function]{
	form.At("code", "the folder or file with its code, which `call` and `serve` run; without it a stand-in is played",
		func(f *Function) *string { return &f.Code }, form.Path()).Example("./function"),
	form.At("runtime", "what runs the code: python, nodejs or provided with a version, as in Lambda, or go; required "+
		"with code", func(f *Function) *string { return &f.Runtime }, form.Text()).Example("python3.14"),
	form.At("handler", "the function to call in the code, as in Lambda: file and name; not for go and provided",
		func(f *Function) *string { return &f.Handler }, form.Text()).Example("app.lambda_handler"),
	form.At("timeout", "its own timeout in Lambda", func(f *Function) *time.Duration { return &f.Timeout },
		form.DurationFrom("the timeout of a function", time.Second, awsfacts.FunctionTimeout)).Example("90s"),
	form.At("memory_mb", "its memory in Lambda, in MB", func(f *Function) *int { return &f.MemoryMB },
		form.Whole[int](awsfacts.MinMemoryMB, awsfacts.MaxMemoryMB)).Example("512"),
	form.At("env_file", "a file of environment variables for it here, one NAME=VALUE per line; keep secrets out of Git",
		func(f *Function) *string { return &f.EnvFile }, form.Path()).Example(".env.local"),
	form.At("repeatable", "whether it may safely run twice: decides what is retried",
		func(f *Function) *bool { return &f.Repeatable }, form.Bool()),
	form.At("arn", "where it lives in AWS, for `export`, `verify` and remote; with version or alias where one is used",
		func(f *Function) *string { return &f.ARN }, form.Text()).
		Example("arn:aws:lambda:us-east-1:111122223333:function:slow:live"),
	form.At("progress_role", "the name of its role in AWS, if it reports how far it is while it runs: `export` then "+
		"lets the role write that; see docs/progress.md", func(f *Function) *string { return &f.ProgressRole },
		roleNameForm).Otherwise("it does not report"),
	form.At("remote", "`call` invokes it in AWS, with your credentials, instead of running code or a stand-in",
		func(f *Function) *bool { return &f.Remote }, form.Bool()),
}

var functionItem = form.Entry(functionFields, standardFunction, func(in *source.Reader, m source.Member, f *Function) {
	f.Name, f.Node = m.Key, m.Value
	checkFunction(in, m.Pos, *f)
})

// textsItem is what the replies of a job say in one language.
var textsItem = form.Item[async.Texts]{
	Schema: func() *form.Schema {
		s := &form.Schema{Types: []string{"object"}, Closed: true}
		for _, kind := range async.TextKinds {
			text := form.Either(form.Text().Schema(""), form.TextList().Schema(nil))
			if !kind.Several {
				text.Words = "text" // or a list of one
			}
			text.Description, text.Otherwise = kind.Meaning, "built in"
			s.Properties = append(s.Properties, form.Property{Key: kind.Name, Schema: text})
		}
		s.Properties = append(s.Properties, progressTexts()...)
		return s
	},
	Read: readTexts,
}

// readTexts reads a text or a list of texts for each occasion.
func readTexts(f form.File, m source.Member) async.Texts {
	language := async.Texts{Language: m.Key, Sentences: map[string][]string{}}
	of := source.Read(f.Name, m.Value, f.Found)
	for _, kind := range async.TextKinds {
		if node := of.Node(kind.Name); node.Is(source.Array) {
			language.Sentences[kind.Name] = of.Strings(kind.Name)
		} else if node != nil {
			language.Sentences[kind.Name] = []string{of.String(kind.Name, "")}
		}
	}
	language.Steps = textsByKey(of, async.TextSteps)
	remaining, err := async.RemainingTexts(textsByKey(of, async.TextRemaining))
	of.Done()
	if language.Remaining = remaining; err == nil {
		err = language.Check()
	}
	if err != nil {
		of.Report(source.CodeBadValue, m.Pos, "the texts in "+m.Key+": "+err.Error(),
			"docs/contract.md says under \"What to say\" which texts there are.")
	}
	return language
}

// promptItem is the path of a recording, which those who play it miss when it does not exist.
var promptItem = form.Item[string]{
	Schema: func() *form.Schema { return form.PathToBe().Schema("") },
	Read: func(f form.File, m source.Member) string {
		if !m.Value.Is(source.String) {
			f.Report(source.CodeWrongKind, m.Value.Pos, m.Key+" must be a path, but is "+m.Value.Kind.String(),
				"Write the path of a WAV file.")
		}
		return f.Path(m.Value.Str())
	},
}

// secondsForm is the form of a time span that is written as a whole number of seconds.
func secondsForm(low, high time.Duration) form.Form[time.Duration] {
	whole := form.Whole[int](int(low/time.Second), int(high/time.Second))
	return form.Form[time.Duration]{
		Schema: func(time.Duration) *form.Schema { return whole.Schema(0) },
		Read: func(f form.File, in *source.Reader, key string, to *time.Duration) {
			seconds := int(*to / time.Second)
			whole.Read(f, in, key, &seconds)
			*to = time.Duration(seconds) * time.Second
		},
		Write: func(_ form.File, value, _ time.Duration) any { return int(value / time.Second) },
	}
}
