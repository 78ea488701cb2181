package call

import (
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
)

func (r *scenarioReader) expectations(in *source.Reader) Expectations {
	e := Expectations{
		NeverHeard: in.Strings("never_heard"), LongestSilence: limit(in, "longest_silence"), DeadAir: limit(in, "dead_air"),
		DetectionDelay: limit(in, "detection_delay"), LambdaCalls: r.amount(in, "lambda_calls"), Executions: r.amount(in, "executions"),
		Function: in.OneOf("function", "", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"),
		Ending: flow.Ending(in.OneOf("ending", "", string(flow.EndingDisconnected), string(flow.EndingHungUp),
			string(flow.EndingTransferred), string(flow.EndingCompleted), string(flow.EndingFatal), string(flow.EndingGuard))),
		Attributes: r.texts(in, "attributes"), Within: limit(in, "within"),
	}
	for _, item := range in.Items("heard") {
		e.Heard = append(e.Heard, r.heardBy(item))
	}
	for _, item := range in.Items("branches") {
		e.Branches = append(e.Branches, r.branch(item))
	}
	in.Done()
	return e
}

func limit(in *source.Reader, key string) *time.Duration {
	if in.Node(key) == nil {
		return nil
	}
	d := in.Duration(key, 0)
	return &d
}

// amount reads a number, or the ends of a range.
func (r *scenarioReader) amount(in *source.Reader, key string) *Range {
	node := in.Node(key)
	if node == nil {
		return nil
	}
	if node.Kind != source.Object {
		n := in.Int(key, 0, 0, maxAmount)
		return &Range{n, n}
	}
	spread := in.Object(key)
	amount := &Range{spread.Int("min", 0, 0, maxAmount), spread.Int("max", maxAmount, 0, maxAmount)}
	spread.Done()
	if amount.Low > amount.High {
		spread.Report(source.CodeBadValue, node.Pos, key+" can never hold: min is more than max", "Correct the range.")
	}
	return amount
}

const maxAmount = 1 << 30

// heardBy reads a text, or an object with text and by.
func (r *scenarioReader) heardBy(node *source.Node) HeardBy {
	h := HeardBy{Text: node.Text}
	if node.Kind == source.Object {
		in := source.Read(r.file, node, r.found)
		h = HeardBy{Text: in.String("text", ""), By: in.Duration("by", 0)}
		in.Done()
	}
	if h.Text == "" {
		r.refuse(node.Pos, "no text is expected to be heard here", "Write a part of the text, or {text: TEXT, by: TIME}.")
	}
	return h
}

func (r *scenarioReader) branch(node *source.Node) Taken {
	in := source.Read(r.file, node, r.found)
	t := Taken{Action: in.String("action", ""), Branch: in.String("branch", "")}
	in.Done()
	if t.Action == "" || t.Branch == "" {
		r.refuse(node.Pos, "no branch of an action is named here", "Write {action: IDENTIFIER, branch: NAME}; `test --coverage` lists the names.")
	}
	return t
}

func (r *scenarioReader) refuse(at source.Pos, message, remedy string) {
	*r.found = append(*r.found, source.Finding{Code: source.CodeBadValue, Severity: source.Error, File: r.file, Pos: at, Message: message, Remedy: remedy})
}
