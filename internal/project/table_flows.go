package project

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// flowEntry is a flow as it is written.
type flowEntry struct {
	Flow
	generate *generateEntry
	node     *source.Node
}

// generateEntry is a section generate as it is written.
type generateEntry struct {
	Generate
	then, onFailure, onGivingUp *Next
	node                        *source.Node
}

var flowFields = form.Fields[flowEntry]{
	form.At("file", "the file of the flow or module", func(f *flowEntry) *string { return &f.File }, form.PathToBe()).
		Required().Example("flow.json"),
	form.At("type", "the type of the flow", func(f *flowEntry) *flowlang.Type { return &f.Type }, typeForm).
		Otherwise("what the file says").Example("inbound"),
	form.At("managed", "`export` ships the flow with everything else", func(f *flowEntry) *bool { return &f.Managed },
		form.Bool()),
	form.At("generate", "what `connect-async generate` writes the file from; without it the flow is written by hand",
		func(f *flowEntry) **generateEntry { return &f.generate }, generateForm),
}

var flowItem = form.Entry(flowFields, form.Zero, func(in *source.Reader, m source.Member, f *flowEntry) {
	f.node = m.Value
	if f.File == "" {
		in.Report(CodeMissing, m.Pos, "this flow has no file", "Add file: FILE.")
	}
})

// typeForm is the form of the type of a flow.
var typeForm = form.Form[flowlang.Type]{
	Schema: func(flowlang.Type) *form.Schema {
		s := &form.Schema{}
		for _, word := range flowlang.TypeWords() {
			s.Enum = append(s.Enum, word)
		}
		s.Words = "`" + strings.Join(flowlang.TypeWords(), "`, `") + "`"
		for _, word := range flowlang.TypeWords() {
			if t, ok := flowlang.TypeOf(word); ok { // the API's own name
				s.Enum = append(s.Enum, string(t))
			}
		}
		return s
	},
	Read: func(_ form.File, in *source.Reader, key string, to *flowlang.Type) {
		written := in.String(key, "")
		if written == "" {
			return
		}
		t, ok := flowlang.TypeOf(written)
		if *to = t; !ok {
			in.Report(source.CodeBadValue, in.Place(key), fmt.Sprintf("%q is not a flow type", written),
				"Write "+strings.Join(flowlang.TypeWords(), ", ")+", or the type of CreateContactFlow.")
		}
	},
}

var generateFields = form.Fields[generateEntry]{
	form.At("job", "the job that the flow runs", func(g *generateEntry) *string { return &g.Job }, form.Text()).
		Otherwise("the only job").Example("balance"),
	form.At("style", "how the flow waits. poll: short clips with a check between them. wait: Connect's Wait action, "+
		"on inbound voice. queue: in a customer queue flow. chat: messages in a chat",
		func(g *generateEntry) *string { return &g.Style }, styleForm),
	form.At("say", "what the caller hears with the result; $.External.KEY is what the function returned under KEY; "+
		"SSML within `<speak>`",
		func(g *generateEntry) *string { return &g.Say }, form.Text().Checked(faultIn(FaultyText))).
		Otherwise("the text `done` of the job").Example("Your balance is $.External.balance dollars."),
	form.At("parameters", "what the function gets in Details.Parameters: texts and references",
		func(g *generateEntry) *map[string]string { return &g.Parameters }, form.Named("PARAMETER", form.TextItem)).
		Example("{customer_number: $.CustomerEndpoint.Address}"),
	form.At("language", "the language of the texts, and of the contact",
		func(g *generateEntry) *string { return &g.Language }, languageForm).Otherwise("that of the contact").
		Example("en-GB"),
	form.At("voice", "the voice that speaks: its name, or an object with name, engine and style",
		func(g *generateEntry) *Voice { return &g.Voice }, voiceForm).Otherwise("that of the contact").
		Example("Joanna"),
	form.At("prompt", "a recording of at most 3 s that is played between sentences; in a queue, the music that is "+
		"interrupted", func(g *generateEntry) *string { return &g.Prompt }, inInstance("prompt")).Example("hold-music"),
	form.At("messages", "of the style queue: what callers hear in turn",
		func(g *generateEntry) *[]string { return &g.Messages }, form.CheckedTexts(faultIn(FaultyText))).
		Otherwise("built in").
		Example(`["Thank you for waiting.", "We will be with you soon."]`),
	form.At("returns", "of a module, which says nothing: its ResultData, by key",
		func(g *generateEntry) *map[string]string { return &g.Returns }, form.Named("KEY", referenceItem)).
		Example("{balance: $.External.balance}"),
	form.At("then", "where the contact goes after the result",
		func(g *generateEntry) **Next { return &g.then }, nextForm).Default(HangUp).Example("{queue: agents}"),
	form.At("on_failure", "where the contact goes after a failure, an unreadable result, or when there is no service",
		func(g *generateEntry) **Next { return &g.onFailure }, nextForm).Otherwise("as then").
		Example("{queue: agents}"),
	form.At("on_giving_up", "where the contact goes when the flow gives up waiting",
		func(g *generateEntry) **Next { return &g.onGivingUp }, nextForm).Otherwise("as on_failure").
		Example("{flow: sorry}"),
	form.At("name", "what the flow is called in Connect",
		func(g *generateEntry) *string { return &g.Name }, form.Text()).
		Otherwise("the name of the job").Example("Balance enquiry"),
	form.At("description", "the flow's description in Connect",
		func(g *generateEntry) *string { return &g.Description }, form.Text()).Example("Looks up a balance."),
}

// The styles in which a generated flow can wait. docs/flows.md compares them.
const (
	Poll  = "poll"
	Wait  = "wait"
	Queue = "queue"
	Chat  = "chat"
)

var styleForm = form.Text().Checked(func(style string) (message, remedy string) {
	if slices.Contains(Styles(), style) {
		return "", ""
	}
	return fmt.Sprintf("unknown style %q", style), "Choose one of " + strings.Join(Styles(), ", ") + "."
}).Described(func(s *form.Schema) { *s = *form.OneOf(Styles()...).Schema("") })

// Styles are all of them, the default first.
func Styles() []string { return []string{Poll, Wait, Queue, Chat} }

func standardGenerate() generateEntry { return generateEntry{Generate: Generate{Style: Poll}} }

// generateForm is that of the section generate, nil when there is none.
var generateForm = form.Form[*generateEntry]{
	Schema: func(*generateEntry) *form.Schema {
		usual := standardGenerate()
		return generateFields.Schema(&usual)
	},
	Read: func(f form.File, in *source.Reader, key string, to **generateEntry) {
		if node := in.Node(key); node != nil {
			of := source.Read(f.Name, node, f.Found)
			g := standardGenerate()
			g.node, g.At, g.SayAt = node, node.Pos, of.Place("say")
			generateFields.Read(f, of, &g)
			*to = &g
		}
	},
}

// faultIn makes a check of what says what is wrong with a text.
func faultIn(faulty func(text string) *Fault) func(string) (message, remedy string) {
	return func(text string) (message, remedy string) {
		if fault := faulty(text); fault != nil {
			return fault.Message, fault.Remedy
		}
		return "", ""
	}
}

// languagePattern is what the tag of a language looks like, such as de or de-CH.
const languagePattern = `^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`

const languageRemedy = "Write a tag such as en, en-GB or de-DE."

var languageForm = form.Text().Checked(func(tag string) (message, remedy string) {
	if tag == "" || IsLanguage(tag) {
		return "", ""
	}
	return fmt.Sprintf("%q is not a language", tag), languageRemedy
}).Described(func(s *form.Schema) {
	s.Words, s.Pattern, s.PatternRemedy = "language tag", languagePattern, languageRemedy
})

var voiceFields = form.Fields[Voice]{
	form.At("name", "the name of an Amazon Polly voice", func(v *Voice) *string { return &v.Name }, form.Text()).
		Required().Example("Amy"),
	form.At("engine", "the engine of the voice", func(v *Voice) *string { return &v.Engine }, form.Text()).
		Otherwise("Connect's").Example("Neural"),
	form.At("style", "the speaking style of the voice", func(v *Voice) *string { return &v.Style }, form.Text()).
		Example("Conversational"),
}

// voiceForm is the name of a voice, or an object with its name, engine and style.
var voiceForm = form.Form[Voice]{
	Schema: func(Voice) *form.Schema {
		return form.Either(form.Text().Schema(""), voiceFields.Schema(&Voice{}))
	},
	Read: func(f form.File, of *source.Reader, key string, to *Voice) {
		node := of.Node(key)
		if !node.Is(source.Object) {
			*to = Voice{Name: of.String(key, "")}
			return
		}
		in := source.Read(f.Name, node, f.Found)
		voiceFields.Read(f, in, to)
		if to.Name == "" {
			in.Report(CodeMissing, node.Pos, "the voice has no name", "Add name: VOICE, such as Joanna.")
		}
	},
}

var nextFields = form.Fields[Next]{
	form.At("queue", "the name, ID or ARN of a queue, or a reference to it",
		func(n *Next) *string { return &n.Queue }, inInstance("queue")).Example("agents"),
	form.At("flow", "the name, ID or ARN of a flow, or a reference to it",
		func(n *Next) *string { return &n.Flow }, inInstance("flow")).Example("sorry"),
}

// nextForm is where a flow continues: hang_up, or the queue or flow that the contact goes to.
var nextForm = form.Form[*Next]{
	Schema: func(*Next) *form.Schema {
		return form.Either(form.OneOf(HangUp).Schema(""), nextFields.Schema(&Next{}))
	},
	Read: func(f form.File, of *source.Reader, key string, to **Next) {
		const remedy = "Write hang_up, {queue: NAME} or {flow: NAME}."
		node := of.Node(key)
		switch {
		case node == nil:
			return
		case !node.Is(source.Object):
			if word := of.String(key, HangUp); word != HangUp {
				of.Report(source.CodeBadValue, node.Pos, fmt.Sprintf("%s is %q", key, word), remedy)
			}
			*to = &Next{}
			return
		}
		in, n := source.Read(f.Name, node, f.Found), Next{}
		nextFields.Read(f, in, &n)
		if (n.Queue == "") == (n.Flow == "") {
			in.Report(source.CodeBadValue, node.Pos, key+" needs either a queue or a flow", remedy)
		}
		*to = &n
	},
}

// inInstance is the form of what is in the instance: a name that becomes a placeholder of this kind, a placeholder, an
// ID, an ARN or a reference.
func inInstance(kind string) form.Form[string] {
	return form.Text().Checked(func(given string) (message, remedy string) {
		placeholder, isPlaceholder := flowlang.ReadPlaceholder(given)
		switch {
		case given == "", flowlang.IsPlaceholderName(given), flowlang.IsID(given), strings.HasPrefix(given, "arn:"),
			isPlaceholder && placeholder.Kind == kind, len(flowlang.References(given)) > 0:
			return "", ""
		}
		return fmt.Sprintf("%q cannot be a %s", given, kind), "Write a name of letters, digits, dashes and " +
			"underscores, of which an export makes a variable, or the ID or ARN."
	}).Described(func(s *form.Schema) { s.Words = "name, ID or ARN" })
}

// referenceItem is a text with references.
var referenceItem = form.Item[string]{
	Schema: form.TextItem.Schema,
	Read: func(f form.File, m source.Member) string {
		text := form.TextItem.Read(f, m)
		if fault := FaultyReference(text); fault != nil {
			f.Report(source.CodeBadValue, m.Value.Place(), fault.Message, fault.Remedy)
		}
		return text
	},
}
