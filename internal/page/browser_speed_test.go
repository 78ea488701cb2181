package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// What the page may take. The tests look at the processor's time, since the machine may be busy with other things; how
// long tasks took by the clock is reported, and on a machine that does nothing else none takes more than taskMillis.
const (
	openMillis   = 1000 // a flow of manyBlocks actions
	taskMillis   = 50   // a step of what somebody does, or a frame
	eventMillis  = 8    // an event, of which some tens come in a second
	manyBlocks   = 250
	manyMessages = 650 // each is three events: the block, what it says, and its branch
)

// longFlow writes a project whose flow says something in many blocks, one after the other, each for so long.
func longFlow(t *testing.T, blocks int, each string) served {
	t.Helper()
	folder := t.TempDir()
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
	for name, text := range map[string]string{
		"flow.json": string(flow),
		"connect-async.yaml": `{name: long, scenario: scenario.yaml, flows: [{file: flow.json}],
jobs: {b: {steps: [b]}}, functions: {b: {arn: "arn:aws:lambda:eu-west-1:111122223333:function:b"}}}`,
		"scenario.yaml": "functions: {b: {takes: 1s}}\nlengths:\n" + lengths,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return serve(t, folder)
}

// used is what the page has used of the processor since it was opened, in milliseconds.
func (p tab) used() (millis float64) {
	p.t.Helper()
	got, err := chromedp.Call(p.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, m := range got.Metrics {
		if m.Name == "TaskDuration" {
			millis = m.Value * 1000
		}
	}
	return millis
}

// counts counts the processor's time of the page from now on.
func (p tab) counts() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"})
	if err != nil {
		p.t.Fatal(err)
	}
}

// measured does something in so many steps, and checks what one takes at most.
func (p tab) measured(what string, steps, most float64, do func()) {
	p.t.Helper()
	p.do(`(() => { window.tasks = []; new PerformanceObserver((list) => {
for (const e of list.getEntries()) window.tasks.push(e.duration); }).observe({type: "longtask"}); })()`)
	before := p.used()
	do()
	after := p.used()
	var tasks []float64
	p.eval(`new Promise((done) => setTimeout(() => done(window.tasks), 100))`, &tasks)
	longest := slices.Max(append(tasks, 0))
	each := (after - before) / steps
	p.t.Logf("%s: %.1f ms of the processor for each of %.0f; by the clock, %d tasks took over %d ms, the longest %.0f",
		what, each, steps, len(tasks), taskMillis, longest)
	if each > most {
		p.t.Errorf("%s takes %.1f ms each, want %.0f at most", what, each, most)
	}
}

// TestManyBlocksInTheBrowser opens a large flow and moves it about.
func TestManyBlocksInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	p := open(t, b, longFlow(t, manyBlocks, "1s").url())
	p.counts()
	p.must(chromedp.Reload())
	p.wait(`document.querySelectorAll("#flow .block").length > 200`)
	var shown float64
	p.eval(`performance.now()`, &shown)
	used := p.used()
	t.Logf("a flow of %d actions is drawn after %.0f ms, with %.0f ms of the processor", manyBlocks, shown, used)
	if used > openMillis {
		t.Errorf("it takes %.0f ms to open, want %d at most", used, openMillis)
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
	p.measured("zooming", zooms, 3*taskMillis, func() {
		p.do(fmt.Sprintf(`new Promise((done) => { let step = 0; const zoom = () => {
document.getElementById(step %% 8 < 4 ? "smaller" : "larger").click();
if (++step < %d) requestAnimationFrame(zoom); else done(); }; zoom(); })`, zooms))
	})
}

// TestManyEventsInTheBrowser plays a call of many events at four times the speed of a real one.
func TestManyEventsInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	p := open(t, b, longFlow(t, manyMessages, "0.1s").url())
	p.counts()
	p.measured("events at ×4", 3*manyMessages, eventMillis, func() {
		p.start("4", "scenario")
		p.shows("status", "The call is over")
	})
}
