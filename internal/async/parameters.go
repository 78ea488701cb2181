package async

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// parameter is one parameter of the protocol. docs/contract.md has the same table, held equal by a test.
type parameter struct {
	name    string
	absent  string // what it is when it is absent, null or empty
	meaning string
	read    func(in *invocation, raw json.RawMessage) *refusal
}

// parameters are all parameters of the protocol. Every other one is data of the wrapped function. execution_id
// and those with count are the original's, but for count_offer.
var parameters = []parameter{
	{
		name: ParamExecutionID, absent: "start", read: readExecutionID,
		meaning: "the execution to check or cancel, as the start replied it; null or empty is refused; a run has none",
	},
	{
		name: ParamCount, absent: "0", read: readCount,
		meaning: "how many calls came before; `DONE` begins a new round",
	},
	{
		name: ParamCountMax, absent: "5", read: readCountMax,
		meaning: "the last call number that is answered with RUNNING; below 1 is 1",
	},
	{
		name: ParamCountComfort, absent: "10", read: readCountComfort,
		meaning: "`comfort` is true on every call whose number it divides; below 1 is never",
	},
	{
		name: ParamCountOffer, absent: "0", read: readCountOffer,
		meaning: "`sfn_next` is `way_out` on every call whose number it divides; below 1 is never",
	},
	{
		name: ParamAction, absent: "by `execution_id`", read: readAction,
		meaning: "`start`, `run`, `check` or `cancel`",
	},
	{
		name: ParamRequest, absent: "a hash of the data", read: readRequest,
		meaning: "what makes a start unique in its contact",
	},
	{
		name: ParamAgain, absent: "none", read: readAgain,
		meaning: "`sfn_again` of the latest reply: asks the same question again",
	},
	{
		name: ParamJob, absent: "the only one", read: readJobName,
		meaning: "which job to start, where STATE_MACHINES names several",
	},
	{
		name: ParamHold, absent: "0", read: readHold,
		meaning: "how long a check stays open, at most 58, or a start, at most 2",
	},
	{
		name: ParamTimeLimit, absent: "8", read: readTimeLimit,
		meaning: "seconds that the Lambda block allows, 1 to 60; a call stays within it, a check only when it is sent",
	},
	{
		name: ParamCancelOnGiveUp, absent: "false", read: readCancelOnGiveUp,
		meaning: "`true`: stop the execution when giving up",
	},
	{
		name: ParamSelect, absent: "everything", read: readSelect,
		meaning: "comma-separated names or paths: which parts of the result to return",
	},
	{
		name: ParamResponseType, absent: "JSON", read: readResponseType,
		meaning: "`JSON` keeps types; `STRING_MAP` makes a flat map of strings",
	},
	{
		name: ParamIncludeOutput, absent: "false", read: readIncludeOutput,
		meaning: "`true`: `sfn_output` holds the whole result",
	},
	{
		name: ParamKeys, absent: "short", read: readKeys,
		meaning: "`prefixed`: the reply's own keys all begin with `sfn_`, see [Names](#names)",
	},
}

// readParameters reads all that are given. It goes on after a bad one, so that the reply can repeat the good ones, and
// returns the first refusal.
func (in *invocation) readParameters(prefixed bool) *refusal {
	var first *refusal
	for _, p := range parameters {
		raw, twice := in.sent(p.name, prefixed)
		first = cmp.Or(first, twice, p.read(in, raw))
	}
	return first
}

func readExecutionID(in *invocation, raw json.RawMessage) *refusal {
	if raw == nil {
		if in.misspelled(ParamExecutionID) {
			return refuse(InvalidParameter,
				"The parameter execution_id is spelled with other letters; names are case sensitive.")
		}
		return nil
	}
	in.action, in.named = ActionCheck, true
	if json.Unmarshal(raw, &in.executionID) != nil {
		in.executionID = ""
	}
	return nil
}

func readCount(in *invocation, raw json.RawMessage) *refusal {
	if textOf(raw) == Done {
		in.counted, in.beginsRound = true, true
		return nil
	}
	n, err := readNumber(ParamCount, raw, 0)
	in.count, in.counted, in.beginsRound = n+1, !unset(raw), unset(raw)
	return err
}

func readCountMax(in *invocation, raw json.RawMessage) *refusal {
	n, err := readNumber(ParamCountMax, raw, DefaultCountMax)
	in.countMax = max(n, 1)
	return err
}

func readCountComfort(in *invocation, raw json.RawMessage) *refusal {
	n, err := readNumber(ParamCountComfort, raw, DefaultCountComfort)
	in.countComfort = n
	return err
}

func readCountOffer(in *invocation, raw json.RawMessage) *refusal {
	n, err := readNumber(ParamCountOffer, raw, 0)
	in.countOffer = n
	return err
}

func readHold(in *invocation, raw json.RawMessage) *refusal {
	n, err := readNumber(ParamHold, raw, 0)
	in.hold = time.Duration(min(max(n, 0), int64(MaxHold/time.Second))) * time.Second
	return err
}

func readTimeLimit(in *invocation, raw json.RawMessage) *refusal {
	n, err := readNumber(ParamTimeLimit, raw, int64(DefaultTimeLimit/time.Second))
	in.timeLimit = time.Duration(min(max(n, 1), int64(MaxTimeLimit/time.Second))) * time.Second
	in.limited = !unset(raw)
	return err
}

func readAction(in *invocation, raw json.RawMessage) *refusal {
	switch given := action(strings.ToLower(textOf(raw))); {
	case given == ActionStart, given == ActionRun, given == ActionCheck, given == ActionCancel:
		in.action = given
	case !unset(raw):
		return refuse(InvalidParameter, "The parameter action is not one of start, run, check, cancel.")
	}
	return nil
}

func readRequest(in *invocation, raw json.RawMessage) *refusal {
	in.request = textOf(raw)
	if in.request == "" && !unset(raw) {
		return refuse(InvalidParameter, "The parameter request is neither text nor a number.")
	}
	return nil
}

func readAgain(in *invocation, raw json.RawMessage) *refusal {
	in.again = textOf(raw)
	if in.again == "" && !unset(raw) {
		return refuse(InvalidParameter, "The parameter again is neither text nor a number.")
	}
	if len(in.again) > maxCause {
		in.again = "" // which the reply could not take
		return refuse(InvalidParameter, "The parameter again is longer than 1 KB; send sfn_again of a reply.")
	}
	if in.again == None {
		in.again = ""
	}
	return nil
}

func readJobName(in *invocation, raw json.RawMessage) *refusal {
	in.jobName = textOf(raw)
	if in.jobName == "" && !unset(raw) {
		in.jobName = string(raw) // names no job
	}
	return nil
}

func readSelect(in *invocation, raw json.RawMessage) *refusal {
	if textOf(raw) == "" && !unset(raw) {
		return refuse(InvalidParameter, "The parameter select is not text.")
	}
	for name := range strings.SplitSeq(textOf(raw), ",") {
		if name = strings.TrimSpace(name); name != "" {
			in.selected = append(in.selected, name)
		}
	}
	return nil
}

func readResponseType(in *invocation, raw json.RawMessage) *refusal {
	switch given := textOf(raw); {
	case given == StringMap:
		in.stringMap = true
	case given != JSON && !unset(raw):
		return refuse(InvalidParameter, "The parameter response_type is not one of JSON, STRING_MAP.")
	}
	return nil
}

func readIncludeOutput(in *invocation, raw json.RawMessage) *refusal {
	return readTruth(ParamIncludeOutput, raw, &in.includeOutput)
}

func readCancelOnGiveUp(in *invocation, raw json.RawMessage) *refusal {
	return readTruth(ParamCancelOnGiveUp, raw, &in.cancelOnGiveUp)
}

func readKeys(in *invocation, raw json.RawMessage) *refusal {
	in.prefixed = textOf(raw) == NamesPrefixed
	if !in.prefixed && !unset(raw) && textOf(raw) != NamesShort {
		return refuse(InvalidParameter, "The parameter "+ParamKeys+" is not one of short, prefixed.")
	}
	return nil
}

// readNumber reads a number, or takes the default. A bad one counts as the default, too.
func readNumber(name string, raw json.RawMessage, absent int64) (int64, *refusal) {
	n, given, ok := parseNumber(raw)
	if !ok {
		return absent, refuse(InvalidNumber, "The parameter "+name+" is not a whole number.")
	}
	if !given {
		return absent, nil
	}
	return n, nil
}

// readTruth reads true or false, as JSON or as text.
func readTruth(name string, raw json.RawMessage, to *bool) *refusal {
	if unset(raw) {
		return nil
	}
	value, err := strconv.ParseBool(strings.ToLower(cmp.Or(textOf(raw), string(raw))))
	if err != nil {
		return refuse(InvalidParameter, "The parameter "+name+" is not one of true, false.")
	}
	*to = value
	return nil
}

// unset reports whether a parameter is absent, null or empty: which of them a flow sends for an attribute that is not
// set is not documented.
func unset(raw json.RawMessage) bool {
	return len(raw) == 0 || string(raw) == "null" || string(raw) == `""`
}
