package page_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// small is what of the page is harder to hit than it must be: controls of less than 24 pixels, those in a label with
// it.
const small = `[...document.querySelectorAll("button, select, input, a, tbody[role] tr, #flow .block")]
.map((e) => e.closest("label") || e).filter((e) => e.checkVisibility()).filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && Math.min(box.width, box.height) < 24;
}).map((e) => e.outerHTML.slice(0, 100))`

// TestNarrowInTheBrowser looks at the page on a telephone, and on a screen of 1,280 pixels at 400 %: it is as wide as
// the screen, and everything can be hit.
func TestNarrowInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	for _, width := range []int64{360, 320} {
		p := open(t, b, copied(t, "menu").url())
		p.must(chromedp.EmulateViewport(width, 640))
		look := func(state string) {
			t.Helper()
			var got struct {
				Wide, Screen int
				Small        []string
			}
			p.eval(`({wide: document.documentElement.scrollWidth, screen: innerWidth, small: `+small+`})`, &got)
			if got.Wide > int(width) || got.Screen != int(width) {
				t.Errorf("%d px, %s: the page is %d px wide on %d", width, state, got.Wide, got.Screen)
			}
			if len(got.Small) > 0 {
				t.Errorf("%d px, %s: too small are %q", width, state, got.Small)
			}
		}
		p.states(look)
	}
}

// TestReducedMotionInTheBrowser: what moves by itself otherwise is there at once.
func TestReducedMotionInTheBrowser(t *testing.T) {
	b := newBrowser(t)
	for wants, smooth := range map[string]bool{"reduce": false, "no-preference": true} {
		p := open(t, b, copied(t, "balance").url())
		p.media("prefers-reduced-motion", wants)
		p.do(`(() => { const view = document.getElementById("flow"), to = view.scrollTo; window.moves = [];
view.scrollTo = (where) => { window.moves.push(where.behavior); to.call(view, where); }; })()`)
		p.start("0", "scenario")
		p.shows("status", "The call is over")
		p.start("1", "scenario")
		p.shows("status", "The call goes on") // the events are the new call's, not those of the call before
		p.shows("events", "Thanks. I am looking up your balance.")
		p.click("larger")
		p.do(`document.querySelector("#events tbody tr").click()`)
		p.do(`document.getElementById("flow").scrollTo({left: 9999, top: 9999})`)
		p.do(`new Promise(requestAnimationFrame)`)
		p.do(`document.querySelector("#events tbody tr").click()`)
		var moves []string
		p.eval("moves", &moves)
		if slices.Contains(moves, "smooth") != smooth {
			t.Errorf("%s: the drawing moved %q", wants, moves)
		}
		var lasts string
		p.eval(`getComputedStyle(document.querySelector("#flow .block.current")).transitionDuration`, &lasts)
		if lasts != "0s" != smooth {
			t.Errorf("%s: the current block changes in %s", wants, lasts)
		}
	}
}

// forced are colours and lines as somebody sees them who has colours of their own.
const forced = `(() => {
const look = (query, ...names) => { const style = getComputedStyle(document.querySelector(query));
  return names.map((name) => style[name]).join(" "); };
const probe = document.createElement("p");
probe.style.color = "Highlight";
probe.style.background = "Canvas";
document.body.append(probe);
const canvas = getComputedStyle(probe);
return { active: matchMedia("(forced-colors: active)").matches, highlight: getComputedStyle(probe).color,
  current: look(".block.current", "outlineStyle", "outlineWidth"),
  other: look(".block:not(.current, .entered, .selected)", "outlineStyle"),
  entered: look(".block.entered:not(.current)", "outlineStyle"),
  taken: look(".line.taken", "stroke"), never: look(".line:not(.taken)", "stroke", "strokeDasharray"),
  silence: look("#axis .silence rect", "fill"), says: look("#axis .says rect", "fill"),
  canvas: canvas.backgroundColor, row: look("tr.current", "outlineStyle") };
})()`

// TestForcedColoursInTheBrowser: with colours of the user, marks and the focus are seen all the same.
func TestForcedColoursInTheBrowser(t *testing.T) {
	p := open(t, newBrowser(t), copied(t, "balance").url())
	p.media("forced-colors", "active")
	p.start("0", "scenario")
	p.shows("status", "The call is over")
	p.do(`[...document.querySelectorAll("#events tbody tr")].find((r) => r.textContent.includes("looking up")).click()`)
	var got struct {
		Active                                    bool
		Highlight, Current, Other, Entered, Taken string
		Never, Silence, Says, Canvas, Row         string
	}
	p.eval(forced, &got)
	if !got.Active || got.Current != "solid 4px" || got.Other != "none" || got.Entered != "solid" ||
		got.Taken != got.Highlight || got.Never == got.Highlight+" none" || got.Silence != `url("#stripes")` ||
		got.Says != got.Canvas || got.Row != "solid" {
		t.Errorf("the marks are %+v", got)
	}
	for _, at := range []string{"#start", "#moment", "#flow .block", "#events tbody tr", "#sound"} {
		var outline string
		p.do(fmt.Sprintf(`document.querySelector(%q).focus()`, at))
		p.must(chromedp.KeyEvent(kb.Shift)) // the keyboard is used
		p.eval(fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).outlineStyle`, at), &outline)
		if outline == "none" {
			t.Errorf("the focus at %s cannot be seen", at)
		}
	}
}
