package page_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// What the page may use. The tests look at the processor's time, since the machine may be busy with other things; how
// long tasks took by the clock is reported.
const (
	openMillis   = 1000 // a flow of manyBlocks actions
	taskMillis   = 50   // a task of the main thread, during which the page answers to nothing
	eventMillis  = 8    // an event, of which some tens come in a second
	manyBlocks   = 250
	manyMessages = 650 // each is three events: the block, what it says, and its branch
)

// longFlow writes a project whose flow says something in many blocks, one after the other, each for so long.
func longFlow(t *testing.T, blocks int, each string) served {
	t.Helper()
	var actions []any
	for i := range blocks {
		next := fmt.Sprint("say ", i+1)
		if i == blocks-1 {
			next = "end"
		}
		actions = append(actions, fields{
			"Identifier": fmt.Sprint("say ", i), "Type": flowlang.MessageParticipant,
			"Parameters": fields{"Text": fmt.Sprint("This is sentence number ", i)},
			"Transitions": fields{"NextAction": next, "Errors": []fields{
				{"NextAction": "end", "ErrorType": "NoMatchingError"}}},
		})
	}
	actions = append(actions, fields{"Identifier": "end", "Type": flowlang.DisconnectParticipant,
		"Parameters": fields{}, "Transitions": fields{}})
	flow, err := json.Marshal(fields{"Version": "2019-10-30", "StartAction": "say 0", "Actions": actions})
	if err != nil {
		t.Fatal(err)
	}
	lengths := ""
	for i := range blocks {
		lengths += fmt.Sprintf("  This is sentence number %d: %s\n", i, each)
	}
	return made(t, map[string]string{
		"flow.json": string(flow),
		"connect-async.yaml": `{name: long, scenario: scenario.yaml, flows: [{file: flow.json}],
jobs: {b: {steps: [b]}}, functions: {b: {arn: "arn:aws:lambda:eu-west-1:111122223333:function:b"}}}`,
		"scenario.yaml": "functions: {b: {takes: 1s}}\nlengths:\n" + lengths,
	})
}

// measured does something in so many steps. It checks what one takes at most, and that the page's main thread is never
// busy for so long with one task that the page would be felt to stop.
func (p tab) measured(what string, steps, most float64, do func()) {
	p.t.Helper()
	p.do(`(() => { window.tasks = []; new PerformanceObserver((list) => {
for (const e of list.getEntries()) window.tasks.push(e.duration); }).observe({type: "longtask"}); })()`)
	tasks := p.trace(do)
	var slow []float64
	p.eval(`new Promise((done) => setTimeout(() => done(window.tasks), 100))`, &slow)
	longest, each := tasks[0], millis(used(tasks))/steps
	p.t.Logf("%s: each of %.0f used %.1f ms of the processor, the longest task %.0f ms (%s); by the clock, "+
		"%d tasks took over %d ms, the longest %.0f", what, steps, each, millis(longest.used), longest.parts,
		len(slow), taskMillis, slices.Max(append(slow, 0)))
	if each > most {
		p.t.Errorf("%s uses %.1f ms each, want %.0f at most", what, each, most)
	}
	if millis(longest.used) > taskMillis {
		p.t.Errorf("%s: a task uses %v, want %d ms at most: %s", what, longest.used, taskMillis, longest.parts)
	}
}

// TestManyBlocksInTheBrowser opens a large flow and moves it about.
func TestManyBlocksInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	p := open(t, b, longFlow(t, manyBlocks, "1s").url())
	var shown float64
	opening := used(p.trace(func() {
		p.must(chromedp.Reload())
		p.wait(`document.querySelectorAll("#flow .block").length > 200`)
		p.eval(`performance.now()`, &shown)
	}))
	t.Logf("a flow of %d actions is drawn after %.0f ms, with %v of the processor", manyBlocks, shown, opening)
	if millis(opening) > openMillis {
		t.Errorf("opening it uses %v, want %d ms at most", opening, openMillis)
	}
	const drags, zooms = 120, 24
	p.measured("dragging", drags, taskMillis, func() {
		p.do(fmt.Sprintf(`new Promise((done) => {
const view = document.getElementById("flow"); let step = 0;
const at = (type) => view.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerType: "mouse", button: 0,
clientX: 900 - 7 * (step %% 100), clientY: 500 - 3 * (step %% 60)}));
at("pointerdown");
const move = () => { at("pointermove");
if (++step < %d) requestAnimationFrame(move); else { at("pointerup"); done(); } };
move(); })`, drags))
	})
	p.measured("zooming", zooms, taskMillis, func() {
		p.do(fmt.Sprintf(`new Promise((done) => { let step = 0; const zoom = () => {
document.getElementById(step %% 8 < 4 ? "smaller" : "larger").click();
if (++step < %d) requestAnimationFrame(zoom); else done(); }; zoom(); })`, zooms))
	})
}

// TestManyEventsInTheBrowser plays a call of many events at four times the speed of a real one.
func TestManyEventsInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	p := open(t, b, longFlow(t, manyMessages, "0.1s").url())
	p.measured("events at ×4", 3*manyMessages, eventMillis, func() {
		p.start("4", "scenario")
		p.shows("status", "The call is over")
	})
}
