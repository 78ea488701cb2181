package style

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Style is a way of waiting.
type Style string

// The styles. Poll is the default; Wait is experimental, because it rests on behaviour of Connect that nobody has
// confirmed.
const (
	Poll  Style = project.Poll  // short clips with a check between them, in any flow in which prompts can be played
	Wait  Style = project.Wait  // Connect's Wait action, ended by a held check; inbound voice only
	Queue Style = project.Queue // in a customer queue flow: the messages are interrupted every 25 s for a check
	Chat  Style = project.Chat  // a Wait of 5 s between two checks, a message every 20 s at most
)

// PollSeconds, ChatSeconds and QueueSeconds are the time from one check to the next in the styles that do not hold
// checks.
const (
	PollSeconds  = 3  // about: as long as a clip
	ChatSeconds  = 5  // of a Wait
	QueueSeconds = 25 // between two interrupts; above the 20 s in which an agent may accept the call (admin guide)
)

// ChatQuiet is how many checks of a chat pass without a message before one with a message.
const ChatQuiet = 3

// Codes of the findings that Generate gives as errors.
const (
	CodeRefused = "style-refused" // the style does not work in that type of flow
	CodeMissing = "style-missing" // something that cannot be left out
	CodeUnknown = "style-unknown" // an unknown style or language
)

// Options say what flow is written. Style, FunctionARN and Job must be given. A Prompt lasts at most 3 s, except in a
// queue.
type Options struct {
	Style       Style
	Type        flowlang.Type     // of the flow; default: what the style is for; flowlang.Module writes a module
	Name        string            // of the flow, default: Job
	Description string            // of the flow
	FunctionARN string            // of the async function
	Job         string            // of the async function
	Request     string            // a label, only where two questions of a contact have the same Data
	Data        map[string]string // what else the start hands to the wrapped function, by parameter
	Prompt      string            // id or ARN of a recording that is played between sentences, "" for none
	Language    string            // of the texts: en, de or es; default: en. Another one needs all texts
	Texts       Texts             // texts that replace those of the language
	Progress    bool              // replies say how far the work is
	LongNames   bool              // the short names of the async function's parameters are data
	Returns     map[string]string // of a module: ResultData of success, by key, such as balance: $.External.balance

	LanguageCode string // that the flow gives the contact, such as de-DE; "" leaves that of the contact
	Voice        Voice  // that the flow gives the contact
	Then         Next   // what follows the result
	OnFailure    Next   // what follows a failure
	OnGivingUp   Next   // what follows giving up
}

// Voice is a voice as Connect's Set voice action has it. The zero Voice leaves that of the contact.
type Voice struct{ Name, Engine, Style string }

// DefaultLanguage is the language of the texts when none is chosen.
const DefaultLanguage = "en"

// Languages are the languages that there are texts in.
func Languages() []string { return slices.Sorted(maps.Keys(languages)) }

// Generate writes the flow or module of a style. An error is a source.Finding that says what to change.
func Generate(o Options) ([]byte, error) {
	w, ok := writers[o.Style]
	if !ok {
		return nil, problem(CodeUnknown, fmt.Sprintf("unknown style %q", o.Style),
			"Choose one of "+strings.Join(project.Styles(), ", ")+".")
	}
	o.Type = cmp.Or(o.Type, w.types[0])
	if err := check(o, w); err != nil {
		return nil, err
	}
	language := cmp.Or(o.Language, DefaultLanguage)
	texts, ok := textsIn(language, o.Style == Chat)
	texts = texts.replacedBy(o.Texts)
	if missing := texts.missing(o.Style); !ok && missing != "" {
		return nil, problem(CodeUnknown, fmt.Sprintf("unknown language %q: %s is missing", language, missing),
			"Choose one of "+strings.Join(Languages(), ", ")+", or give all texts.")
	}
	o.Name = cmp.Or(o.Name, o.Job)
	b := &builder{options: o, texts: texts}
	b.begin(w.first)
	w.write(b)
	return b.document()
}

// check says what is wrong with options, or missing.
func check(o Options, w writer) error {
	if reason, remedy := refuse(o, w); reason != "" {
		return problem(CodeRefused, reason, remedy)
	}
	if o.FunctionARN == "" || o.Job == "" {
		return problem(CodeMissing, "the async function's ARN and the job cannot be left out", "Give both.")
	}
	switch {
	case o.Style == Queue && o.Prompt == "":
		return problem(CodeMissing, "a queue needs a recording: sentences alone would come again too often",
			"Give the name, ID or ARN of a prompt (--prompt, or prompt in the project file).")
	case o.Style == Queue && (o.Then != Next{} || o.OnFailure != Next{} || o.OnGivingUp != Next{}):
		return problem(CodeRefused, "in a customer queue flow the caller stays in the queue, whatever is said",
			"Leave out what follows.")
	case o.Style == Chat && isSSML(o.Texts.Result):
		return problem(CodeRefused, "a chat cannot show SSML", "Write the text without tags.")
	}
	return nil
}

// writer writes the flows of one style.
type writer struct {
	types []flowlang.Type // the first is the default
	first string          // the action that it begins with
	write func(*builder)
}

var writers = map[Style]writer{
	Poll: {types: []flowlang.Type{flowlang.ContactFlow, flowlang.Module, flowlang.AgentTransfer,
		flowlang.QueueTransfer}, first: RunIdentifier, write: (*builder).poll},
	Wait:  {types: []flowlang.Type{flowlang.ContactFlow, flowlang.Module}, first: "Start", write: (*builder).wait},
	Queue: {types: []flowlang.Type{flowlang.CustomerQueue}, first: "Begin", write: (*builder).queue},
	Chat:  {types: []flowlang.Type{flowlang.ContactFlow, flowlang.Module}, first: "Start", write: (*builder).chat},
}

// refuse says why a style does not work in a type of flow, and what to do instead; "" when it does. The reasons are
// those of the administrator guide (Play prompt, Wait, Loop prompts; flow types).
func refuse(o Options, w writer) (reason, remedy string) {
	switch {
	case slices.Contains(w.types, o.Type):
		return "", ""
	case o.Type.IsHold():
		return "a hold flow can only loop prompts: it cannot tell a result, and ends when the agent resumes the call",
			"Start the work before the caller is put on hold, and check it in a flow that can speak."
	case o.Type == flowlang.CustomerWhisper || o.Type == flowlang.AgentWhisper || o.Type == flowlang.OutboundWhisper:
		return "a whisper flow must end within 2 minutes, or the call is disconnected before the sides hear each other",
			"Start and check the work in the flow before the queue, or in the customer queue flow."
	case o.Type == flowlang.CustomerQueue:
		return fmt.Sprintf("the style %s does not fit a customer queue flow: an agent may come at any time", o.Style),
			"Choose the style queue."
	}
	return fmt.Sprintf("the style %s does not work in a flow of type %s", o.Style, o.Type),
		fmt.Sprintf("Write a flow of type %s, or choose the style poll.", w.types[0])
}

func problem(code, message, remedy string) error {
	return source.Finding{Code: code, Severity: source.Error, File: "connect-async", Message: message, Remedy: remedy}
}
