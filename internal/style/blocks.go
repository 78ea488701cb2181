package style

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// The blocks that more than one kind of action is made of.

// say says a text and goes on, also when it cannot be said.
func (b *builder) say(identifier, text, next string) {
	b.add(identifier, flowlang.MessageParticipant, object{spoken(text)}, to(next, next))
}

// spoken is the parameter of a text, which may be SSML.
func spoken(text string) member {
	if isSSML(text) {
		return pair("SSML", text)
	}
	return pair("Text", text)
}

func isSSML(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "<speak") }

// music plays the recording.
func (b *builder) music(identifier, next, onError string) {
	b.add(identifier, flowlang.MessageParticipant, object{pair("PromptId", b.options.Prompt)}, to(next, onError))
}

// compare goes to the branch whose text a reference equals, and otherwise on.
func (b *builder) compare(identifier, reference, otherwise string, branches ...condition) {
	b.add(identifier, flowlang.Compare, object{pair("ComparisonValue", reference)},
		transitions{NextAction: otherwise,
			Errors:     []errorBranch{{NextAction: otherwise, ErrorType: flowlang.NoMatchingCondition}},
			Conditions: branches})
}

// sentences goes to the sentence whose turn it is: to the action called first and the turn, which add adds with all
// that follows. After the last sentence it is otherwise's turn.
func (b *builder) sentences(list []string, first, otherwise string, add func(turn, text string)) {
	var branches []condition
	for i := range list {
		turn := strconv.Itoa(i + 1)
		branches = append(branches, equals(turn, first+turn))
	}
	b.compare("Which sentence", b.saved("turn"), otherwise, branches...)
	for i, text := range list {
		add(strconv.Itoa(i+1), text)
	}
}

// next is the turn after a turn.
func next(turn string) string {
	n, _ := strconv.Atoi(turn) // written by sentences
	return strconv.Itoa(n + 1)
}

// save keeps values until the flow ends. A flow attribute is seen by this flow only. A module does not have any (flow
// attributes: administrator guide), so that it keeps contact attributes.
func (b *builder) save(identifier string, values object, next, onError string) {
	if b.options.Type == flowlang.Module {
		b.saveInContact(identifier, values, next, onError)
		return
	}
	var attributes object
	for _, v := range values {
		attributes = append(attributes, pair(v.key, object{pair("Value", v.value)}))
	}
	b.add(identifier, flowlang.UpdateFlowAttributes, object{pair("FlowAttributes", attributes)}, to(next, onError))
}

// saved refers to a value that save keeps.
func (b *builder) saved(key string) string {
	if b.options.Type == flowlang.Module {
		return b.savedInContact(key)
	}
	return "$.FlowAttributes." + key
}

// saveInContact keeps values as long as the contact, under the job's name.
func (b *builder) saveInContact(identifier string, values object, next, onError string) {
	var attributes object
	for _, v := range values {
		attributes = append(attributes, pair(b.attribute(v.key), v.value))
	}
	b.add(identifier, flowlang.UpdateContactAttributes,
		object{pair("Attributes", attributes), pair("TargetContact", "Current")}, to(next, onError))
}

// savedInContact refers to a value that saveInContact keeps.
func (b *builder) savedInContact(key string) string { return "$.Attributes." + b.attribute(key) }

func (b *builder) attribute(key string) string { return b.options.Job + "_" + key }

// synchronousLimit is how long a check may take. The async function answers within a second; each second more is
// silence.
const synchronousLimit = "3"

// function calls the async function.
func (b *builder) function(identifier string, parameters object, next, onError string) {
	b.invoke(identifier, flowlang.TypeSynchronous, synchronousLimit, parameters, to(next, onError))
}

func (b *builder) invoke(identifier, invocation, limit string, parameters object, t transitions) {
	if b.options.LongNames {
		parameters = withLongNames(parameters)
	}
	b.add(identifier, flowlang.InvokeLambdaFunction, object{
		pair("LambdaFunctionARN", b.options.FunctionARN),
		pair("InvocationTimeLimitSeconds", limit),
		pair("InvocationType", invocation),
		pair("LambdaInvocationAttributes", parameters),
		pair("ResponseValidation", object{pair("ResponseType", flowlang.StringMap)}),
	}, t)
}

// withLongNames are parameters of the async function under their long names, among the function's own.
func withLongNames(parameters object) object {
	long := slices.Clone(parameters)
	for i, m := range long {
		if async.IsParameter(m.key) {
			long[i].key = async.LongName(m.key)
		}
	}
	return long
}

// reply refers to a key of the async function's latest reply.
func reply(key string) string { return "$.External." + key }

// startParameters are the same for every attempt, so that at most one of them starts anything.
func (b *builder) startParameters() object {
	p := append(object{pair(async.ParamAction, async.ActionStart)}, b.question(b.saved(async.ParamAgain))...)
	return append(p, pair(async.ParamTimeLimit, synchronousLimit))
}

// question is what makes a call one about the same work: a repeated one is no new question, and one with the token of
// an answer is.
func (b *builder) question(again string) object {
	p := object{pair(async.ParamJob, b.options.Job), pair(async.ParamAgain, again)}
	if b.options.Request != "" {
		p = append(p, pair(async.ParamRequest, b.options.Request))
	}
	return append(p, sorted(b.options.Data)...)
}

// start starts the execution, tries once more when that fails, and saves the execution's id beside other values.
func (b *builder) start(next string, values ...member) {
	b.function("Start", b.startParameters(), "Was it started", "Say one moment")
	b.compare("Was it started", reply(async.KeyResult), "Save the execution",
		equals(async.ResultFailure, "Say one moment"))
	b.say("Say one moment", b.texts.Moment, "Start again")
	b.function("Start again", b.startParameters(), "Is it started now", b.end(noService))
	b.compare("Is it started now", reply(async.KeyResult), "Save the execution",
		equals(async.ResultFailure, b.end(noService)))
	b.save("Save the execution", append(startValues(), values...), next, b.end(noService))
}

func startValues() object {
	return object{pair(async.ParamExecutionID, reply(async.KeyExecutionID)), pair(async.ParamCount, "0"),
		pair("failed_checks", "0")}
}

// check checks the execution without holding. While it runs the flow goes to waiting, after a check without an answer
// to silent, since the caller has heard nothing for a while; after the second in a row it ends.
func (b *builder) check(limit, waiting, silent string) {
	b.function("Check", object{
		pair(async.ParamAction, async.ActionCheck),
		pair(async.ParamJob, b.options.Job),
		pair(async.ParamExecutionID, b.saved(async.ParamExecutionID)),
		pair(async.ParamCount, b.saved(async.ParamCount)),
		pair(async.ParamAgain, b.saved(async.ParamAgain)),
		pair(async.ParamCountMax, limit),
		pair(async.ParamResponseType, async.StringMap),
	}, "Save the count", "Did the last check fail too")
	b.compare("Did the last check fail too", b.saved("failed_checks"), "Note the failed check",
		equals("1", b.end(noService)))
	b.save("Note the failed check", object{pair("failed_checks", "1")}, silent, b.end(noService))
	b.save("Save the count", object{pair(async.ParamCount, reply(async.KeyCount)),
		pair(async.ParamAgain, reply(async.KeyAgain)), pair("failed_checks", "0")}, "What came of it", b.end(noService))
	b.compare("What came of it", reply(async.KeyResult), b.sayProgress(waiting),
		equals(async.ResultSuccess, b.end(result)), equals(async.ResultFailure, "Why did it fail"))
	b.compare("Why did it fail", reply(async.KeyError), b.end(failed),
		equals(async.GaveUp, b.end(tooLong)), equals(async.ResultNotDeliverable, b.end(unreadable)))
}

// sayProgress is where a flow goes that waits: to what a check has found out about progress, if anything, and then on.
func (b *builder) sayProgress(waiting string) string {
	if !b.options.Progress {
		return waiting
	}
	b.compare("Is there progress", reply(async.KeyNext), waiting, equals(async.NextProgress, "Say the progress"))
	b.say("Say the progress", reply(async.KeySay), waiting)
	return "Is there progress"
}

// ending is one way in which a flow ends.
type ending struct {
	name      string // in the identifier
	text      func(Texts) string
	code      string // Result of a module
	isFailure bool   // of the work, or of what the work needs
}

// The first two results of a module are the async function's own; the others tell apart what it calls a failure, or
// what happens in the flow only.
var (
	result = ending{name: "the result", text: func(t Texts) string { return t.Result }, code: async.ResultSuccess}
	failed = ending{name: "it failed", text: func(t Texts) string { return t.Failed }, code: async.ResultFailure,
		isFailure: true}
	unreadable = ending{name: "cannot read it", text: func(t Texts) string { return t.Unreadable },
		code: "NOT_DELIVERABLE", isFailure: true}
	tooLong   = ending{name: "too long", text: func(t Texts) string { return t.TooLong }, code: "GAVE_UP"}
	noService = ending{name: "no service", text: func(t Texts) string { return t.NoService }, code: "NO_SERVICE",
		isFailure: true}
	stopped = ending{name: "stopped", code: "CANCELLED"} // of a module

	// told is every end of which the async function knows what to say; the others are those after which the flow
	// continues elsewhere.
	told        = ending{name: "how it ended", text: saidInReply}
	toldFailure = ending{name: "that it failed", text: saidInReply, isFailure: true}
	toldTooLong = ending{name: "that it takes too long", text: saidInReply, code: tooLong.code}
)

func saidInReply(Texts) string { return reply(async.KeySay) }

// end is the identifier of an ending's action.
func (b *builder) end(e ending) string {
	if b.options.Type == flowlang.Module {
		return "Return " + e.name
	}
	return "Say " + e.name
}

// ends adds the endings of a style: a flow says a text and goes on, a module returns what the caller's flow needs to
// say.
func (b *builder) ends(list ...ending) {
	for _, e := range list {
		if b.options.Type != flowlang.Module {
			b.say(b.end(e), e.text(b.texts), b.continueAt(e))
			continue
		}
		returned := object{pair("Result", e.code)}
		if data := b.returns(e); len(data) > 0 {
			returned = append(returned, pair("ResultData", data))
		}
		b.add(b.end(e), flowlang.EndFlowModuleExecution, returned, transitions{})
	}
	if b.options.Type != flowlang.Module && b.options.Style != Queue {
		b.goOn(list...)
	}
}

// returns is what a module returns to the flow that called it.
func (b *builder) returns(e ending) object {
	switch e.code {
	case result.code:
		return sorted(b.options.Returns)
	case failed.code:
		return object{pair("error", reply(async.KeyError))}
	}
	return nil
}
