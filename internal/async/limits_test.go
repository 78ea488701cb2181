package async

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// The tests of this file are about where exactly a limit lies: the last value on one side, and the first on the other.

// TestSlotsBeginAndEnd: an execution without a readable record may be asked about in the first 4 s of its slots.
func TestSlotsBeginAndEnd(t *testing.T) {
	f := newFlow(t, newWorld(), map[string]string{"EXPECTED_CALLERS": "300"}).f // slots of a minute
	in := &invocation{job: f.config.Jobs[0], execution: contactID + "-0123456789abcdef"}
	slot := f.slot(in.job)
	begins := epoch.Truncate(slot).Add(slotOffset(in.execution, slot))
	for _, c := range []struct {
		after time.Duration
		want  bool
	}{{-1, false}, {0, true}, {maxEvery - 1, true}, {maxEvery, false}, {slot - 1, false}, {slot, true}} {
		if got := inSlot(in, begins.Add(c.after), f.currentSlot(in.job), maxEvery); got != c.want {
			t.Errorf("%v after a slot of %v began: %v", c.after, slot, got)
		}
	}
}

// TestUnsureAfterTwoSlots: one doubt without an answer changes nothing, two slots of them do.
func TestUnsureAfterTwoSlots(t *testing.T) {
	const slot = 10 * time.Second
	r := Record{Execution: "x", Started: epoch, Asked: epoch.Add(15 * time.Second), Answered: epoch}
	for after, want := range map[time.Duration]bool{2*slot - 1: false, 2 * slot: true} {
		if got := r.unsure(epoch.Add(after), slot); got != want {
			t.Errorf("%v after the last answer: %v", after, got)
		}
	}
}

// TestDoubtThatIsNotNoted: what the table did not take shows in the log.
func TestDoubtThatIsNotNoted(t *testing.T) {
	for want, fault := range map[float64]error{0: nil, 1: errThrottled} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"RESULTS_TABLE": "results"})
		play(t, w, func() {
			id := f.call(parametersOf{})["execution_id"]
			w.before = failing("Doubted", fault)
			w.sleep(10 * time.Second)
			expect(t, f.call(parametersOf{"execution_id": id, "count": "9"}), "sfn_error=GaveUp sfn_degraded=false")
		})
		if line := f.lines()[1]; w.calls["Doubted"] != 1 || line["Degraded"] != want {
			t.Errorf("%v: the line is %v", fault, line)
		}
	}
}

// TestDataThatIsNotNoted: what the table did not take shows in the reply.
func TestDataThatIsNotNoted(t *testing.T) {
	for want, fault := range map[string]error{"sfn_degraded=false": nil, "sfn_degraded=true": errThrottled} {
		w := newWorld()
		w.before = failing("NoteData", fault)
		f := newFlow(t, w, manyCallers)
		play(t, w, func() { expect(t, f.call(parametersOf{"request": "1"}), "status=CREATED "+want) })
	}
}

// TestSuccessorOfAClockThatIsAhead: whoever found an execution outdated may have had a clock that is ahead, so that
// its successor is looked for a second early.
func TestSuccessorOfAClockThatIsAhead(t *testing.T) {
	in := &invocation{generation: 1, job: Job{Reuse: ReuseRunning}}
	w := newWorld()
	f := newFlow(t, w, nil).f
	for after, want := range map[time.Duration]bool{MinReuse - clockSkew: false, MinReuse - clockSkew + 1: true} {
		e := Execution{Status: ExecutionFailed, Stopped: epoch.Add(-after)}
		if got := f.mayHaveSuccessor(in, e); got != want {
			t.Errorf("%v after its end: %v", after, got)
		}
	}
	for after, want := range map[time.Duration]bool{MinReuse: false, MinReuse + 1: true} {
		e := Execution{Status: ExecutionFailed, Stopped: epoch.Add(-after)}
		if got := f.outdated(in, e); got != want {
			t.Errorf("outdated %v after its end: %v", after, got)
		}
	}
	e := Execution{Status: ExecutionFailed, Stopped: epoch.Add(-time.Hour)}
	for generation, want := range []bool{false, true, true, true, true, false} {
		in.generation = generation // 0 is one that the flow named
		if got := f.mayHaveSuccessor(in, e); got != want {
			t.Errorf("generation %d: %v", generation, got)
		}
	}
}

// TestStopDatesOfEvents: the first and the last that a record can hold.
func TestStopDatesOfEvents(t *testing.T) {
	w, e, _, arn := endsOf(t, manyCallers)
	for stop, want := range map[int64]bool{0: false, 1: true, latestStop: true, latestStop + 1: false} {
		end := Execution{Status: ExecutionSucceeded, Output: "1", Started: epoch, Stopped: time.UnixMilli(stop)}
		ours, _, err := e.read(&invocation{began: w.clock.Now()}, statusEvent(arn, end))
		if ours != want || (err == nil) != want {
			t.Errorf("a stopDate of %d: %v, %v", stop, ours, err)
		}
	}
}

// TestEndLeavesTimeToWriteIt: the output is asked for until there is just enough time left to write it.
func TestEndLeavesTimeToWriteIt(t *testing.T) {
	w, e, _, arn := endsOf(t, manyCallers)
	w.before = func(ctx context.Context, op string) error {
		if op == "Describe" {
			return w.clock.Sleep(ctx, time.Hour)
		}
		return nil
	}
	began := w.clock.Now()
	bare := Execution{Status: ExecutionSucceeded, Started: epoch, Stopped: w.runs[arn].ends}
	if err := handle(t, w, e, statusEvent(arn, bare)); err == nil {
		t.Error("it did not fail")
	}
	if took := w.clock.Now().Sub(began); took > EndsTimeout-deadlineMargin-lookLimit {
		t.Errorf("the output was asked for until %v", took)
	}
}

// TestRingIsLongEnough: no sentence comes within 30 s of its span, the longest one included.
func TestRingIsLongEnough(t *testing.T) {
	for short, want := range map[time.Duration]bool{0: true, 1: false} {
		r := ring{{lasts: 10 * time.Second}, {lasts: 20 * time.Second}, {lasts: 20*time.Second - short}}
		if got := r.longEnough(); got != want {
			t.Errorf("%v less than enough: %v", short, got)
		}
	}
}

// TestRingTurns: each sentence has the clock for as long as it takes, one after the other, round and round.
func TestRingTurns(t *testing.T) {
	r := ring{{sentence: "a", lasts: 2 * time.Millisecond}, {sentence: "b", lasts: 3 * time.Millisecond}}
	var heard strings.Builder
	for ms := range 20 {
		heard.WriteString(r.at(contactID, epoch.Add(time.Duration(ms)*time.Millisecond)).sentence)
	}
	if !strings.Contains(heard.String(), "aabbbaabbbaabbb") {
		t.Errorf("the ring turns as %s", heard.String())
	}
}

// TestSentencesOfAnAge: the first sentence is said until it may have been heard, and those for a long wait from a
// minute on.
func TestSentencesOfAnAge(t *testing.T) {
	f := newFlow(t, newWorld(), nil).f
	first := leastTime(builtInText("en", TextFirst))
	for _, c := range []struct {
		action action
		age    time.Duration
		want   string
	}{
		{ActionStart, first - 1, TextFirst}, {ActionStart, first, TextWaiting},
		{ActionCheck, longWait - 1, TextWaiting}, {ActionCheck, longWait, TextLongWait},
	} {
		in := &invocation{action: c.action, record: Record{Started: epoch.Add(-c.age)}}
		r := in.running(nil)
		if f.say(t.Context(), in, r); r.next != c.want {
			t.Errorf("%s of work that is %v old: %s, want %s", c.action, c.age, r.next, c.want)
		}
	}
}

// TestLargestNumbers: what a parameter may hold.
func TestLargestNumbers(t *testing.T) {
	for raw, want := range map[string]bool{
		`1000000000000000`: true, `1000000000000001`: false, `-1000000000000000`: true, `-1000000000000001`: false,
		`"1000000000000000"`: true, `"1000000000000001"`: false, `"-1000000000000000"`: true,
		`"-1000000000000001"`: false,
	} {
		if n, given, ok := parseNumber(json.RawMessage(raw)); ok != want || !given || want && max(n, -n) != maxNumber {
			t.Errorf("%s is %d, %v", raw, n, ok)
		}
	}
}

// TestDigits: the first and the last of each kind, and their neighbours.
func TestDigits(t *testing.T) {
	for _, c := range "09afAF" {
		if !isHex(byte(c)) {
			t.Errorf("%q is a hexadecimal digit", c)
		}
	}
	for _, c := range "/:`g@G" {
		if isHex(byte(c)) {
			t.Errorf("%q is no hexadecimal digit", c)
		}
	}
	for raw, want := range map[string]string{"0": "0", "9": "9", "-1": "-1", "true": "", "[1]": ""} {
		if got := textOf(json.RawMessage(raw)); got != want {
			t.Errorf("%s is read as %q", raw, got)
		}
	}
}

// TestLongestNames: the longest name of an execution, of each part of an ARN, and one character more.
func TestLongestNames(t *testing.T) {
	name := func(characters int) string { return strings.Repeat("n", characters) }
	end := "-" + contactID + "-0123456789abcdef"
	for text, want := range map[string]bool{
		name(jobPart) + end: true, name(jobPart+1) + end: false, end[1:]: true, end: false, name(1) + end: true,
		end[1 : len(end)-1]: false, end[2:]: false,
	} {
		if _, got := contactInName(text); got != want {
			t.Errorf("%s is one of ours: %v", text, got)
		}
	}
	const prefix = "arn:aws:states:eu-west-2:111122223333:"
	for arn, want := range map[string]bool{
		prefix + "stateMachine:" + name(80): true, prefix + "stateMachine:" + name(81): false,
		prefix + "stateMachine:" + strings.Repeat("ä", 80): true,
		prefix + "stateMachine:x:" + name(80):              true, prefix + "stateMachine:x:" + name(81): false,
		prefix + "stateMachine": false, prefix + "stateMachine:x:1:": false,
	} {
		if got := validMachineARN(arn); got != want {
			t.Errorf("%s is a state machine: %v", arn, got)
		}
	}
	for arn, want := range map[string]bool{
		prefix + "stateMachine:x": true, prefix + "stateMachine:x:1": false, "arn:aws:states:x": false,
	} {
		if got := IsStateMachineARN(arn); got != want {
			t.Errorf("%s is a state machine without a version: %v", arn, got)
		}
	}
	for arn, want := range map[string]bool{
		prefix + "execution:x:" + name(80): true, prefix + "execution:x:" + name(81): false,
	} {
		if got := wellFormed(arn); got != want {
			t.Errorf("%s is an execution: %v", arn, got)
		}
	}
}

// TestRegionOfAnything: what is no ARN has no Region, and is no Express execution.
func TestRegionOfAnything(t *testing.T) {
	for arn, want := range map[string]string{"arn:aws:states:x": "", "": "", machineARN: "eu-west-2"} {
		if got := (Job{StateMachineARN: arn}).region(); got != want {
			t.Errorf("%s is in %q", arn, got)
		}
	}
	for arn, want := range map[string]bool{
		"arn:b:c:d:e": false, "a:b:c:d:e:express": false, "arn:b:c:d:e:express:x:y": true, "": false,
	} {
		if got := isExpress(arn); got != want {
			t.Errorf("%s is Express: %v", arn, got)
		}
	}
}

// TestLimitsOfTheConfiguration: the least and the most of every variable that has them.
func TestLimitsOfTheConfiguration(t *testing.T) {
	for variable, limits := range map[string][2]int{
		EnvTimeoutSeconds:  {1, int(awsfacts.ExecutionTimeout / time.Second)},
		EnvReuseSeconds:    {60, 86_400},
		EnvExpectedCallers: {1, 1_000_000},
		EnvRetainSeconds:   {3600, 90 * 86_400},
	} {
		for value, want := range map[int]bool{
			limits[0] - 1: false, limits[0]: true, limits[1]: true, limits[1] + 1: false,
		} {
			_, errs := fromMap(map[string]string{EnvStateMachineARN: machineARN, variable: strconv.Itoa(value)})
			if (errs == nil) != want {
				t.Errorf("%s=%d: %v", variable, value, errs)
			}
		}
	}
	for characters, want := range map[int]bool{maxName: true, maxName + 1: false} {
		value := strings.Repeat("d", characters)
		_, errs := fromMap(map[string]string{EnvStateMachineARN: machineARN, EnvDeployment: value})
		if (errs == nil) != want {
			t.Errorf("a deployment's name of %d characters: %v", characters, errs)
		}
	}
	for characters, want := range map[int]bool{0: false, 64: true, 65: false} {
		if got := validJobName(strings.Repeat("j", characters)); got != want {
			t.Errorf("a job's name of %d characters: %v", characters, got)
		}
	}
}

// TestTrim cuts after 1 KB, and never within a character.
func TestTrim(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("x", 1024), strings.Repeat("x", 1024)},
		{strings.Repeat("x", 1025), strings.Repeat("x", 1024)},
		{strings.Repeat("x", 1023) + "ä", strings.Repeat("x", 1023)},
		{strings.Repeat("\x80", 1025), ""}, // no character begins anywhere
	} {
		if got := trim(c.text); got != c.want {
			t.Errorf("%d bytes are cut to %d, want %d", len(c.text), len(got), len(c.want))
		}
	}
}

// TestLargestReply: Connect takes less than 32 KB.
func TestLargestReply(t *testing.T) {
	empty := reply{members: []member{{key: "blob", value: quote("")}}, outputOnly: true}
	room := maxReply - len(empty.encode())
	for more, want := range map[int]int{0: maxReply, 1: 0} {
		r := empty
		r.members = []member{{key: "blob", value: quote(strings.Repeat("x", room+more))}}
		got := len(r.encode())
		if want > 0 && got != want || want == 0 && r.sfnError != ResultNotDeliverable {
			t.Errorf("%d bytes more than the most: a reply of %d bytes, %s", more, got, r.sfnError)
		}
		if would := strconv.Itoa(maxReply+1) + " bytes"; want == 0 && !strings.Contains(r.sfnCause, would) {
			t.Errorf("the cause does not say that it would have %s: %s", would, r.sfnCause)
		}
	}
}

// TestLargestFlatMap: a member counts with its quotes, colon and comma, and a key with what is before it.
func TestLargestFlatMap(t *testing.T) {
	none := func(string) bool { return false }
	for more, want := range map[int]bool{0: false, 1: true} {
		value := quote(strings.Repeat("x", maxReply-len(`"a":"",`)+more))
		if got := flatten([]member{{key: "a", value: value}}, none).tooLarge; got != want {
			t.Errorf("%d bytes more than the most: too large is %v", more, got)
		}
	}
	deep := strings.Repeat(`{"a":`, maxFlat+1) + "1" + strings.Repeat("}", maxFlat+1)
	flat := flatten([]member{{key: "a", value: json.RawMessage(deep)}}, none)
	if key := strings.Repeat("a_", maxFlat-1) + "a"; len(flat.members) != 1 || flat.members[0].key != key {
		t.Errorf("the members are %s", flat.members)
	}
}

// TestEveryByteIsQuoted compares with what encoding/json makes of each byte.
func TestEveryByteIsQuoted(t *testing.T) {
	for c := range 256 {
		text := string([]byte{byte(c)})
		want, _ := json.Marshal(text)
		var is, should string
		if !utf8.Valid(quote(text)) || json.Unmarshal(quote(text), &is) != nil ||
			json.Unmarshal(want, &should) != nil || is != should {
			t.Errorf("byte %d is quoted as %s", c, quote(text))
		}
	}
}

// TestEndsOfAList: its first and its last member, and what lies beyond.
func TestEndsOfAList(t *testing.T) {
	for step, want := range map[string]string{"0": "7", "1": "8", "2": "", "-1": ""} {
		if got, ok := child(json.RawMessage(`[7,8]`), step); string(got) != want || ok != (want != "") {
			t.Errorf("member %s is %s", step, got)
		}
	}
}
