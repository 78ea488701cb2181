package page

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

// Sizes of the time axis, in pixels.
const (
	axisLeft    = 90   // the names of the lanes
	axisWidth   = 1000 // of a call that is neither short nor long
	narrowest   = 16   // a second
	widest      = 60
	foldedWidth = 60 // of a stretch that is folded
	laneHeight  = 30
	barHeight   = 22
	axisTop     = 24 // the times
	letterWidth = 7
	markLetters = 14 // beside something without a length
)

// Where less than this happens, a second has its whole width.
const (
	longest = 25 * time.Second // of one thing, before its middle is folded
	edge    = 5 * time.Second  // at its ends, which stay as they are
)

// lanes are the rows of the axis.
var lanes = []string{"Caller", "Hears", "Silence", "Lambda", "Work"}

const (
	laneCaller = iota
	laneHears
	laneSilence
	laneLambda
	laneWork
	laneSteps // this and the next on the live page only
	laneFunction
)

// liveLanes are those of the live page.
var liveLanes = append(lanes[:len(lanes):len(lanes)], "Steps", "Function")

// bar is a thing with a length.
type bar struct {
	lane       int
	at, took   time.Duration
	class      string
	text, long string
	open       bool          // it has not ended
	free       time.Duration // until when its text may stand beside it, where it has no room in it; 0: no limit
}

// axis draws a caller's call on a time axis. The list of events beside it says the same in words.
func axis(c Caller, m call.Mask) template.HTML {
	bars := barsOf(c, m)
	s := scaleOf(bars, c.Summary.Duration)
	var b strings.Builder
	width, height := s.x(c.Summary.Duration)+axisLeft, axisTop+len(lanes)*laneHeight+8
	fmt.Fprintf(&b, `<svg class="axis" width="%d" height="%d" viewBox="0 0 %d %d" role="img" `+
		`aria-label="The call on a time axis; the table below has the same events">`, width, height, width, height)
	b.WriteString(`<defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" ` +
		`patternTransform="rotate(45)"><rect width="6" height="6" class="stripe-ground"/>` +
		`<rect width="2" height="6" class="stripe"/></pattern></defs>`)
	for i, name := range lanes {
		fmt.Fprintf(&b, `<text class="lane" x="0" y="%d">%s</text>`, axisTop+i*laneHeight+barHeight-6, name)
	}
	ticks(&b, s, c.Summary.Duration, height)
	for _, one := range bars {
		one.draw(&b, s)
	}
	marks(&b, s, c.Summary, height)
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// barsOf are the things that the axis shows, in the order of events.
func barsOf(c Caller, m call.Mask) []bar {
	list := barList{heard: -1}
	for _, e := range c.Events {
		list.add(m.Event(e))
	}
	gaps := c.Summary.Silences
	for i, gap := range gaps {
		one := silence(gap)
		if one.free = c.Summary.Duration; i+1 < len(gaps) {
			one.free = gaps[i+1].At
		}
		list.bars = append(list.bars, one)
	}
	last := map[int]int{} // bar of each lane
	for i, one := range list.bars {
		if before, found := last[one.lane]; found && list.bars[before].took == 0 {
			list.bars[before].free = one.at
		}
		last[one.lane] = i
	}
	return list.bars
}

// silence is a stretch in which nothing was heard.
func silence(gap call.Gap) bar {
	took := call.Spell(gap.Took)
	return bar{lane: laneSilence, at: gap.At, took: gap.Took, class: strings.TrimSpace("silence " + string(gap.Level)),
		text: took, long: moment(gap.At, "silence of "+took)}
}

// barList turns the events of one caller into what the axis shows, one after the other.
type barList struct {
	bars  []bar
	heard int           // index of the text or recording that sounds, -1 for none
	began time.Duration // of the work
	open  bool          // show work that has not ended
	work  int           // index of the work that has not ended
}

// add takes an event, and returns the index of the bar that it adds or changes, -1 when there is none.
func (l *barList) add(e call.Event) int {
	verb, words := e.Words()
	one := bar{at: e.Began(), took: e.Took, text: words, long: moment(e.Began(), verb+" "+words)}
	switch e.Type {
	case call.TypeSays, call.TypePlays:
		one.lane, one.class = laneHears, string(e.Type)
		l.heard = len(l.bars)
	case call.TypeCut:
		if l.heard >= 0 {
			l.bars[l.heard].took = e.At - l.bars[l.heard].at
		}
		return l.heard
	case call.TypeFunction:
		one.lane, one.class, one.text = laneLambda, "calls", verb
		if e.Error != "" {
			one.class = "failed"
		}
	case call.TypeCaller, call.TypeAsks:
		one.lane, one.class, one.took = laneCaller, string(e.Type), 0
		if e.Type == call.TypeAsks {
			one.text = verb
		}
	case call.TypeExecution:
		return l.execution(e)
	case call.TypeStep, call.TypeRuns, call.TypeLog:
		return l.step(e)
	default:
		return -1
	}
	l.bars = append(l.bars, one)
	return len(l.bars) - 1
}

// execution takes the start or the end of the work.
func (l *barList) execution(e call.Event) int {
	running := e.Runs()
	one := bar{lane: laneWork, class: "work", at: l.began, took: e.At - l.began, text: e.Status}
	one.long = fmt.Sprintf("the work: %s after %s", e.Status, call.Spell(one.took))
	if running {
		l.began, l.work = e.At, len(l.bars)
		one.at, one.took, one.open, one.long = e.At, 0, true, moment(e.At, "the work began")
	}
	switch {
	case running && !l.open:
		return -1
	case running || !l.open:
		l.bars = append(l.bars, one)
		return len(l.bars) - 1
	}
	l.bars[l.work] = one
	return l.work
}

// step takes the start or the end of a state, or of a function. The log of a function that really runs tells of its
// end, too, and better than the state that waited for it.
func (l *barList) step(e call.Event) int {
	one := bar{lane: laneFunction, class: "runs", at: e.At, took: e.Took, text: e.Function, open: e.Runs()}
	what, past := e.Function, " ran for "
	switch e.Type {
	case call.TypeStep:
		one.lane, one.class, one.text = laneSteps, "step", e.Text
		what, past = "the state "+e.Text, " took "
	case call.TypeLog:
		one.at -= e.Took
	}
	one.long = moment(one.at, strings.TrimSpace(what+past+call.Spell(e.Took)+" "+e.Error))
	if one.open {
		one.long = moment(one.at, what+" began")
	}
	begun := slices.IndexFunc(l.bars, func(o bar) bool { return o.open && o.lane == one.lane && o.text == one.text })
	switch {
	case one.open, begun < 0 && e.Type == call.TypeLog: // a function that the flow invokes itself
		l.bars = append(l.bars, one)
		return len(l.bars) - 1
	case begun < 0: // the log has told of its end
		return -1
	}
	l.bars[begun] = one
	return begun
}

// moment says what happened when.
func moment(at time.Duration, what string) string { return call.Spell(at) + ": " + what }

func (o bar) draw(b *strings.Builder, s scale) {
	x, y := s.x(o.at), axisTop+o.lane*laneHeight
	width := max(s.x(o.at+o.took)-x, 3)
	fmt.Fprintf(b, `<g><title>%s</title><rect class="bar %s" x="%d" y="%d" width="%d" height="%d" rx="2"/>`,
		html.EscapeString(o.long), strings.TrimSpace(o.class), x, y, width, barHeight)
	room := width
	switch {
	case o.took == 0:
		if room = markLetters * letterWidth; o.free > 0 {
			room = min(room, s.x(o.free)-x)
		}
		x += 4
	case o.free > 0 && (len(o.text)+1)*letterWidth > width: // the length of a short silence
		room, x = s.x(o.free)-x-width, x+width
	}
	if text := shortened(o.text, room/letterWidth-1); text != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, x+4, y+barHeight-7, html.EscapeString(text))
	}
	b.WriteString(`</g>`)
}

// shortened is as much of a text as fits, "" when nothing worth reading does.
func shortened(text string, letters int) string {
	all := []rune(text)
	switch {
	case len(all) <= letters:
		return text
	case letters < 4:
		return ""
	}
	return string(all[:letters-1]) + "…"
}

// ticks marks the time, every five seconds where time is not folded.
func ticks(b *strings.Builder, s scale, end time.Duration, height int) {
	free := 0
	for at := time.Duration(0); at <= end; at += 5 * time.Second {
		x := s.x(at)
		if x < free {
			continue
		}
		free = x + 5*letterWidth
		fmt.Fprintf(b, `<line class="tick" x1="%d" y1="%d" x2="%d" y2="%d"/>`, x, axisTop-6, x, height)
		fmt.Fprintf(b, `<text class="time" x="%d" y="12">%d s</text>`, x, int(at.Seconds()))
	}
	for _, f := range s.folds {
		fmt.Fprintf(b, `<text class="fold" x="%d" y="%d">⋯ %s ⋯</text>`, s.x(f.from)+4, height-2,
			call.Spell(f.to-f.from))
	}
}

// marks shows when the result was there, and when the flow noticed.
func marks(b *strings.Builder, s scale, of call.Summary, height int) {
	if !of.Detected {
		return
	}
	for _, mark := range []struct {
		at    time.Duration
		class string
		text  string
	}{{readyAt(of), "ready", "the result was there"}, {of.DetectedAt, "noticed", "the flow noticed"}} {
		x := s.x(mark.at)
		fmt.Fprintf(b, `<g><title>%s</title><line class="mark %s" x1="%d" y1="%d" x2="%d" y2="%d"/></g>`,
			moment(mark.at, mark.text), mark.class, x, axisTop-4, x, height-4)
	}
}

// readyAt is when the result was there, in a call that noticed it.
func readyAt(s call.Summary) time.Duration { return max(s.DetectedAt-s.DetectionDelay, 0) }

// fold is a stretch of time in which nothing begins or ends.
type fold struct{ from, to time.Duration }

// scale maps times to places. Folds have a width of their own, however long they are.
type scale struct {
	folds  []fold
	second float64 // its width
}

// scaleOf folds what is long: whatever happens, the time around it keeps its width.
func scaleOf(bars []bar, end time.Duration) scale {
	moments := []time.Duration{0, end}
	for _, b := range bars {
		moments = append(moments, b.at, b.at+b.took)
	}
	slices.Sort(moments)
	var s scale
	wide := end
	for i, at := range moments[1:] {
		before := moments[i]
		if at-before > longest {
			s.folds = append(s.folds, fold{from: before + edge, to: at - edge})
			wide -= at - before - 2*edge
		}
	}
	s.second = min(max(axisWidth/max(wide.Seconds(), 1), narrowest), widest)
	return s
}

func (s scale) x(at time.Duration) int {
	x := float64(axisLeft)
	from := time.Duration(0)
	for _, f := range s.folds {
		if at <= f.from {
			break
		}
		x += (f.from - from).Seconds() * s.second
		inside := min(at, f.to) - f.from
		x += foldedWidth * inside.Seconds() / (f.to - f.from).Seconds()
		from = min(at, f.to)
	}
	return int(math.Round(x + (at-from).Seconds()*s.second))
}
