package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/connect-async/connect-async/internal/page"
	"github.com/connect-async/connect-async/internal/testrun"
)

// browser is the program that these tests drive.
const browser = "chromium"

// newBrowser starts a browser that ends with the test.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	testrun.Heavy(t)
	testrun.Need(t, browser)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(testrun.Deadline(t), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is a page that is open in a browser. When the test ends, nothing may stand in its console.
type tab struct {
	t   testing.TB
	ctx context.Context
}

// open opens an address in a tab of its own, whose storage is its own, too. Lines with what is expected may stand in
// its console.
func open(t testing.TB, browser context.Context, address string, expected ...string) tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := tab{t: t, ctx: ctx}
	p.must(chromedp.EmulateViewport(1440, 900))
	var mu sync.Mutex
	var console []string
	over := make(chan struct{})
	go func() {
		defer close(over)
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			mu.Lock()
			console = append(console, fmt.Sprintf("%s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line))
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		stop()
		<-over
		for _, line := range console {
			if !slices.ContainsFunc(expected, func(part string) bool { return strings.Contains(line, part) }) {
				t.Errorf("console: %s", line)
			}
		}
	})
	p.must(chromedp.Navigate(address))
	p.wait(`document.querySelectorAll("#flow .block").length > 0`)
	return p
}

func (p tab) must(step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, step); err != nil {
		p.t.Fatal(err)
	}
}

// eval is the value of an expression, into which to may be decoded.
func (p tab) eval(expression string, to any) {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](
		"(async () => JSON.stringify(await ("+expression+") ?? null))()", chromedp.EvalAwaitPromise))
	if err == nil && to != nil {
		err = json.Unmarshal([]byte(text), to)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
}

func (p tab) do(expression string) { p.t.Helper(); p.eval(expression, nil) }

// wait waits until an expression is true, and until the next frame has shown what the page was told by then.
func (p tab) wait(expression string) {
	p.t.Helper()
	p.do(`new Promise((done) => { const look = () => (` + expression + `)
? requestAnimationFrame(() => setTimeout(done)) : setTimeout(look, 20); look(); })`)
}

// text is what an element has, whether it is in sight or not.
func (p tab) text(id string) (text string) {
	p.t.Helper()
	p.eval(fmt.Sprintf("document.getElementById(%q).textContent", id), &text)
	return text
}

// shows waits until an element has a text.
func (p tab) shows(id, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("document.getElementById(%q).textContent.includes(%q)", id, text))
}

// media lets the browser say that its user wants something.
func (p tab) media(feature, value string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p tab) set(id, value string) {
	p.t.Helper()
	p.do(fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; `+
		`e.dispatchEvent(new Event("change")) })()`, id, value))
}

func (p tab) click(id string) {
	p.t.Helper()
	p.do(fmt.Sprintf("document.getElementById(%q).click()", id))
}

// press presses a key of the telephone.
func (p tab) press(key string) {
	p.t.Helper()
	p.do(fmt.Sprintf(`[...document.querySelectorAll("#keypad button")].find((b) => b.textContent === %q).click()`, key))
}

// start starts a call: at a pace, with somebody as the caller.
func (p tab) start(pace, who string) {
	p.t.Helper()
	p.set("pace", pace)
	p.set("who", who)
	p.click("start")
}

func (s served) url() string { return s.address + "/#" + s.token }

func TestInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	t.Run("plays the example to its end", func(t *testing.T) {
		p := open(t, b, copied(t, "balance").url())
		p.start("0", "scenario")
		p.shows("status", "The call is over")
		for id, want := range map[string]string{"events": "Your balance is 42.10 dollars.", "result": "Lambda calls",
			"blocks": "taken"} {
			if got := p.text(id); !strings.Contains(got, want) {
				t.Errorf("%s shows %s", id, got)
			}
		}
	})
	t.Run("reload in the middle", func(t *testing.T) {
		p := open(t, b, copied(t, "balance").url())
		p.start("4", "scenario")
		p.shows("events", "Thanks. I am looking up your balance.")
		p.click("pause")
		p.shows("pause", "Go on")
		p.wait(`document.querySelectorAll("#axis .bar.step, #axis .bar.runs").length === 2`) // while they go on
		p.must(chromedp.Reload())
		p.wait(`document.getElementById("events").textContent.includes("Thanks. I am looking up your balance.")`)
		p.shows("pause", "Go on")
		p.click("pause")
		p.shows("pause", "Pause")
		p.set("pace", "0")
		p.shows("events", "Your balance is 42.10 dollars.")
		p.shows("status", "The call is over")
	})
	t.Run("keys through the menu, and saved as a scenario", func(t *testing.T) { menuOnThePage(t, b) })
	t.Run("keys that are pressed fast arrive in their order", func(t *testing.T) {
		p := open(t, b, copied(t, "menu").url())
		p.start("1", "you")
		p.shows("status", "press a key")
		p.do(`document.getElementById("pause").click()`)
		p.shows("status", "Paused.")
		const keys = "0987654321*#"
		p.do(`[..."` + keys + `"].forEach((key) =>
[...document.querySelectorAll("#keypad button")].find((b) => b.textContent === key).click())`)
		p.wait(`document.getElementById("events").textContent.split("presses ").length > ` + fmt.Sprint(len(keys)))
		var pressed string
		p.eval(`[...document.getElementById("events").textContent.matchAll(/presses (.)/g)].map((m) => m[1]).join("")`,
			&pressed)
		if pressed != keys {
			t.Errorf("the call gets the keys %s, want %s", pressed, keys)
		}
		var labels string
		p.eval(`[...document.querySelectorAll("#axis .bar text")].map((e) => e.textContent).join(" ")`, &labels)
		if strings.Count(labels, "presses") != 1 {
			t.Errorf("texts of keys at the same moment lie on each other: %s", labels)
		}
		p.must(chromedp.Reload())
		p.shows("events", "presses #")
		p.wait(`document.getElementById("who").value === "you"`)
	})
	t.Run("the function takes longer", func(t *testing.T) {
		p := open(t, b, copied(t, "balance").url())
		p.start("4", "you")
		p.shows("events", "Thanks. I am looking up your balance.")
		p.set("change", "takes balance")
		p.set("length", "20")
		p.click("change-button")
		p.shows("events", "Your balance is 42.10 dollars.")
		p.shows("result", "The function took 20.0 s")
	})
	t.Run("a moment and its block", func(t *testing.T) { momentsOnThePage(t, b) })
	t.Run("the suite", func(t *testing.T) {
		p := open(t, b, copied(t, "balance").url())
		p.click("show-suite")
		p.click("run-suite")
		p.shows("suite-heading", "0 failed")
		p.do(`document.querySelector("#results tbody tr:last-child button").click()`)
		p.shows("status", "The call is over")
	})
	t.Run("many callers", func(t *testing.T) {
		p := open(t, b, serveWith(t, page.Options{Project: "../../examples/balance", Load: manyCallers}).url())
		p.click("show-load")
		p.set("load-takes", "20s..60s")
		p.click("run-load")
		p.shows("load-text", "burst 400 1m, 20s..60s")
		var fill string
		p.eval(`getComputedStyle(document.querySelector("#load-plot rect")).fill`, &fill)
		if fill != "rgb(0, 114, 178)" {
			t.Errorf("a part of the plot has the colour %s", fill)
		}
		p.set("load-patience", "0s") // which is played for ever
		p.click("run-load")
		p.shows("load-status", "Playing")
		p.click("cancel-load")
		p.shows("load-status", "Cancelled.")
		p.set("load-patience", "")
		p.set("load-takes", "9s")
		p.click("run-load")
		p.shows("load-text", "burst 400 1m, 9s")
	})
	t.Run("typing in a chat", func(t *testing.T) {
		p := open(t, b, copied(t, "chat").url())
		p.start("4", "you")
		p.shows("events", "Danke. Ich buche Ihren Platz.")
		var keys int
		if p.eval(`document.querySelectorAll("#keypad button:enabled").length`, &keys); keys != 0 {
			t.Errorf("in a chat %d keys can be pressed", keys)
		}
		p.set("words", "Hallo")
		p.click("say-button")
		p.shows("events", "says Hallo")
		if got := p.text("events"); strings.Contains(got, "undefined") || !strings.Contains(got, "waits") {
			t.Errorf("the events are %s", got)
		}
	})
	t.Run("the tabs follow the call into other flows", func(t *testing.T) { transfersOnThePage(t, b) })
	t.Run("without the key", func(t *testing.T) {
		p := open(t, b, copied(t, "balance").url(), "403 (Forbidden)")
		p.do(`sessionStorage.setItem("token", "wrong")`)
		p.must(chromedp.Reload())
		p.wait(`performance.getEntriesByType("resource").filter((e) => e.name.includes("/api/project")).length > 2`)
		p.wait(`new Promise((done) => setTimeout(() => done(true)))`) // the page reads the answer
		if got := p.text("notice"); !strings.Contains(got, "open the whole address") {
			t.Errorf("the page says %s", got)
		}
	})
	t.Run("an edit is picked up", func(t *testing.T) {
		project := copied(t, "chat").project
		file := filepath.Join(project, "flow.json")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		length := func() string { text, _ := os.ReadFile(file); return fmt.Sprint(len(text)) }
		p := open(t, b, serveWith(t, page.Options{Project: project, Version: length}).url())
		changed := strings.Replace(string(text), "Danke. Ich buche Ihren Platz.", "Einen Moment bitte.", 1)
		if err := os.WriteFile(file, []byte(changed), 0o600); err != nil || changed == string(text) {
			t.Fatal(err)
		}
		p.wait(`document.getElementById("flow").textContent.includes("Einen Moment bitte.")`)
	})
}

// menuOnThePage asks the menu for the balance, says goodbye, and saves that.
func menuOnThePage(t *testing.T, b context.Context) {
	s := copied(t, "menu")
	p := open(t, b, s.url())
	p.start("0", "you")
	p.shows("status", "The flow waits for you: press a key.")
	p.press("1")
	p.shows("events", "Your balance is 42.10 dollars.")
	p.shows("status", "The flow waits for you")
	p.press("9")
	p.shows("events", "Goodbye.")
	p.shows("status", "The call is over")
	p.click("save")
	p.shows("saved", "It passes.")
	if _, err := os.Stat(filepath.Join(s.project, "scenarios", "played-1.yaml")); err != nil {
		t.Error(err)
	}
	var tabs int
	p.eval(`document.querySelectorAll("#tabs [role=tab]").length`, &tabs)
	if tabs != 3 {
		t.Errorf("%d flows have tabs, want the menu and two modules", tabs)
	}
}

// inSight is true when all of the current block is, also below what is told of it.
const inSight = `(() => {
const block = document.querySelector("#flow .block.current").getBoundingClientRect();
const view = document.getElementById("flow").getBoundingClientRect();
return block.top >= view.top && block.bottom <= view.bottom && block.left >= view.left && block.right <= view.right;
})()`

// momentsOnThePage chooses a moment, and then a block.
func momentsOnThePage(t *testing.T, b context.Context) {
	p := open(t, b, copied(t, "balance").url())
	p.start("0", "scenario")
	p.shows("status", "The call is over")
	p.do(`[...document.querySelectorAll("#events tbody tr")]
.find((r) => r.textContent.includes("Your balance is")).click()`)
	if got := p.text("block"); !strings.Contains(got, "Say the result") {
		t.Errorf("at the balance the block is %s", got)
	}
	p.wait(inSight)
	var lengths []string
	p.eval(`[...document.querySelectorAll("#axis .silence text")].map((e) => e.textContent)`, &lengths)
	if len(lengths) == 0 || slices.Contains(lengths, "") {
		t.Errorf("the silences have the lengths %q", lengths)
	}
	p.do(`document.querySelector('[data-block="Run"]').dispatchEvent(new MouseEvent("click", {bubbles: true}))`)
	if got := p.text("time"); got == "0.0 s" {
		return
	}
	p.do(`document.querySelector('[data-block="Run"]').dispatchEvent(new MouseEvent("click", {bubbles: true}))`)
	p.shows("time", "0.0 s")
}

// transfersOnThePage plays a flow that leads to another one, which asks for a key: its tab is shown meanwhile.
func transfersOnThePage(t *testing.T, b context.Context) {
	const end = `{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}`
	p := open(t, b, made(t, map[string]string{
		"connect-async.yaml": `{name: bank, scenario: scenario.yaml, flows: [{file: main.json}, {file: other.json}],
jobs: {b: {steps: [b]}}, functions: {b: {arn: "arn:aws:lambda:eu-west-1:111122223333:function:b"}}}`,
		"scenario.yaml": `{functions: {b: {takes: 1s}}, flows: {other: other.json}}`,
		"main.json": `{"Version": "2019-10-30", "StartAction": "go", "Metadata": {"name": "Main"}, "Actions": [
{"Identifier": "go", "Type": "TransferToFlow", "Parameters": {"ContactFlowId": "other"},
"Transitions": {"NextAction": "end",
"Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}}, ` + end + `]}`,
		"other.json": `{"Version": "2019-10-30", "StartAction": "ask", "Metadata": {"name": "Other"}, "Actions": [
{"Identifier": "ask", "Type": "GetParticipantInput", "Parameters": {"Text": "Press 1.", "StoreInput": "False",
"InputTimeLimitSeconds": "5"}, "Transitions": {"NextAction": "end", "Conditions": [{"NextAction": "end",
"Condition": {"Operator": "Equals", "Operands": ["1"]}}], "Errors": [
{"NextAction": "end", "ErrorType": "InputTimeLimitExceeded"}, {"NextAction": "end", "ErrorType": "NoMatchingCondition"},
{"NextAction": "end", "ErrorType": "NoMatchingError"}]}}, ` + end + `]}`,
	}).url())
	shown := func() (name string) {
		p.eval(`document.querySelector('[role="tab"][aria-selected="true"]').textContent`, &name)
		return name
	}
	p.shows("flow", "Transfer to flow")
	if got := shown(); got != "Main" {
		t.Errorf("before the call the tab of %q is shown", got)
	}
	p.start("0", "you")
	p.shows("status", "The flow waits for you")
	if got := shown(); got != "Other" {
		t.Errorf("in the other flow the tab of %q is shown", got)
	}
	p.press("1")
	p.shows("status", "The call is over")
}

// TestHostileFlowInTheBrowser plays a project in which every text, name and attribute is a script.
func TestHostileFlowInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	const script = `</title></script><img src=x onerror=hacked=1><script>hacked=1</script>`
	quoted, _ := json.Marshal(script)
	scripted := func(text string) string { return strings.ReplaceAll(text, "SCRIPT", string(quoted)) }
	p := open(t, b, made(t, map[string]string{
		"connect-async.yaml": `{name: bank, scenario: scenario.yaml, flows: [{file: flow.json}],
jobs: {balance: {steps: [balance]}}, functions: {balance: {arn: "arn:aws:lambda:eu-west-1:111122223333:function:b"}}}`,
		"scenario.yaml": scripted(`{name: SCRIPT, caller: {number: SCRIPT, attributes: {a: SCRIPT},
does: [{at: 1s, say: SCRIPT}]}, functions: {balance: {takes: 1s}}}`),
		"flow.json": scripted(`{"Version": "2019-10-30", "StartAction": "x", "Metadata": {"name": SCRIPT}, "Actions": [
{"Identifier": "x", "Type": "UpdateContactAttributes", "Parameters": {"Attributes": {"b": SCRIPT}},
"Transitions": {"NextAction": SCRIPT, "Errors": [{"NextAction": SCRIPT, "ErrorType": "NoMatchingError"}]}},
{"Identifier": SCRIPT, "Type": "MessageParticipant", "Parameters": {"Text": SCRIPT},
"Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`),
	}).url())
	p.start("0", "scenario")
	p.shows("status", "The call is over")
	if got := p.text("events"); strings.Count(got, script) < 2 {
		t.Errorf("the events are %s", got)
	}
	var found struct{ Hacked, Images, Scripts int }
	p.eval(`({hacked: typeof hacked === "undefined" ? 0 : 1, images: document.querySelectorAll("img, iframe").length,
scripts: document.querySelectorAll("script").length})`, &found)
	if found.Hacked != 0 || found.Images != 0 || found.Scripts != 1 {
		t.Errorf("a text became more than a text: %+v", found)
	}
}

// TestAccessibleInTheBrowser lets axe-core look at the page in its states, on light and dark ground.
func TestAccessibleInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	file := os.Getenv("AXE_CORE")
	if file == "" {
		t.Skip("axe-core is not here: AXE_CORE names its axe.min.js, as .ci/run does where it can fetch it")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		p := open(t, b, copied(t, "menu").url())
		p.media("prefers-color-scheme", scheme)
		if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[chromedp.Void](string(axe))); err != nil {
			t.Fatal(err)
		}
		look := func(state string) {
			t.Helper()
			var violations []struct {
				ID, Help string
				Nodes    []struct{ HTML string }
			}
			p.eval(`axe.run({rules: {"target-size": {enabled: true}}}).then((r) => r.violations)`, &violations)
			for _, v := range violations {
				t.Errorf("%s, %s: %s: %s, such as %s", scheme, state, v.ID, v.Help, v.Nodes[0].HTML)
			}
		}
		p.states(look)
	}
}

// states brings a page of the menu into each of its states, and calls look there.
func (p tab) states(look func(state string)) {
	p.t.Helper()
	look("nothing is played")
	p.start("0", "you")
	p.shows("status", "The flow waits for you")
	look("a call goes on")
	p.press("9")
	p.shows("status", "The call is over")
	p.do(`document.querySelector("#events tbody tr").click()`)
	look("a call is over")
	p.do(`document.getElementById("blocks").scrollIntoView()`)
	look("the list of blocks")
	p.click("show-suite")
	p.click("run-suite")
	p.shows("suite-heading", "0 failed")
	look("all scenarios")
	p.click("show-load")
	look("many callers")
}

// TestTabOrderInTheBrowser walks through the page with the Tab key: each view is one stop.
func TestTabOrderInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	p := open(t, b, copied(t, "menu").url())
	p.start("0", "you")
	p.shows("status", "The flow waits for you")
	p.do("document.activeElement.blur()")
	var order []string
	for range 60 {
		p.must(chromedp.KeyEvent(kb.Tab))
		var at string
		p.eval(`(() => { const e = document.activeElement; return e === document.body ? "" :
e.id || e.closest("[id]").id })()`, &at)
		if at == "" || len(order) > 1 && at == order[0] {
			break
		}
		order = append(order, at)
	}
	want := []string{"show-call", "show-suite", "show-load", "scenario", "pace", "who", "start", "pause", "sound",
		"tab-0", "smaller", "larger", "fit", "follow", "flow"}
	want = append(want, slices.Repeat([]string{"keypad"}, 12)...)
	want = append(want, "words", "hang-up", "change", "length", "change-button", "moment", "axis",
		"events", "blocks")
	if !slices.Equal(order, want) {
		t.Errorf("the order is\n%q, want\n%q", order, want)
	}
}
