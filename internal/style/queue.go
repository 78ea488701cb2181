package style

import (
	"strconv"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
)

const queueChecks = "72" // bounds the checks: 30 minutes

// queue is: start, then messages that are interrupted for a check and resumed. The messages must come before anything
// that plays a prompt or asks something, so that a start that fails is tried again at the first interrupt. What is
// told, is told once; the caller stays in the queue, and hears nothing there that a result would make wrong.
func (b *builder) queue() {
	b.save("Begin", object{pair("state", "new")}, "Start", "Start")
	b.function("Start", b.startParameters(), "Was it started", "Wait in the queue")
	b.compare("Was it started", reply(async.KeyResult), "Save the execution",
		equals(async.ResultFailure, "Wait in the queue"))
	started := append(startValues(), pair("state", "started"))
	b.save("Save the execution", started, "Wait in the queue", "Wait in the queue")
	b.messages("Wait in the queue", b.queueMessages(musicInQueue), "Wait without music")
	b.messages("Wait without music", b.queueMessages(0), b.end(noService))
	b.compare("What is there to do", b.saved("state"), "Back to the queue", equals("started", "Check"),
		equals("new", "Start again"))
	b.function("Start again", b.startParameters(), "Is it started now", b.end(noService))
	b.compare("Is it started now", reply(async.KeyResult), "Save the late execution",
		equals(async.ResultFailure, b.end(noService)))
	b.save("Save the late execution", started, "Back to the queue", b.end(noService))
	b.check(queueChecks, "Back to the queue", "Back to the queue")
	b.ends(result, failed, unreadable, tooLong, noService)
	b.save("Nothing more to do", object{pair("state", "done")}, "Back to the queue", "Back to the queue")
	b.add("Back to the queue", flowlang.EndFlowExecution, nil, transitions{})
}

// musicInQueue is how often the recording is heard before each sentence.
const musicInQueue = 3

// messages plays messages in turn and for ever, interrupted for what there is to do. When one cannot be played, none
// is.
func (b *builder) messages(identifier string, list []object, onError string) {
	b.add(identifier, flowlang.MessageParticipantIteratively, object{
		pair("Messages", list),
		pair("InterruptFrequencySeconds", strconv.Itoa(QueueSeconds)),
		pair("ContinueMessagingDuringInterrupt", "True"), // else the first message comes again after every check
	}, transitions{
		Errors:     []errorBranch{{NextAction: onError, ErrorType: flowlang.NoMatchingError}},
		Conditions: []condition{equals("MessagesInterrupted", "What is there to do")},
	})
}

// queueMessages are the sentences for a queue, the recording n times before each.
func (b *builder) queueMessages(n int) []object {
	var list []object
	for _, text := range b.texts.Queue {
		for range n {
			list = append(list, object{pair("PromptId", b.options.Prompt)})
		}
		list = append(list, object{spoken(text)})
	}
	return list
}
