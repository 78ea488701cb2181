package page_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// traced is an entry of a browser's trace. Times are in microseconds.
type traced struct {
	Name    string
	Process int     `json:"pid"`
	Thread  int     `json:"tid"`
	Began   float64 `json:"ts"`
	Took    float64 `json:"dur"`
	Used    float64 `json:"tdur"` // of the processor, by this thread
}

func (e traced) sameThread(o traced) bool { return e.Process == o.Process && e.Thread == o.Thread }

// task is one turn of the main thread of a page, which answers to nothing meanwhile.
type task struct {
	used  time.Duration // of the processor
	parts string        // what used most of it
}

// trace does something, and returns what kept the page's main thread busy meanwhile.
func (p tab) trace(do func()) []task {
	p.t.Helper()
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	var list []traced
	complete := make(chan bool, 1)
	listen := func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			for _, text := range e.Value {
				var one traced
				_ = json.Unmarshal(text, &one) // entries of other kinds have other fields
				list = append(list, one)
			}
		case *tracing.EventTracingComplete:
			complete <- !e.DataLossOccurred
		}
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		p.t.Fatal(err)
	}
	_, err := chromedp.Call(p.ctx, tracing.Start, tracing.StartParams{TraceConfig: &tracing.TraceConfig{
		IncludedCategories: []string{"toplevel", "blink.user_timing", "devtools.timeline"}}})
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(fmt.Sprintf("void performance.mark(%q)", mainThread))
	do()
	if _, err := chromedp.Call(p.ctx, tracing.End, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	select {
	case ok := <-complete:
		if !ok {
			p.t.Fatal("the browser lost a part of the trace")
		}
	case <-p.ctx.Done():
		p.t.Fatal(p.ctx.Err())
	}
	tasks := tasksOf(list)
	if len(tasks) == 0 {
		p.t.Fatalf("the trace has %d entries, and no task of the page", len(list))
	}
	return tasks
}

// mainThread is a mark that the page's main thread sets, to be found in a trace.
const mainThread = "main thread"

// tasksOf are the tasks of the thread that set the mark, those that used most first.
func tasksOf(list []traced) (tasks []task) {
	at := slices.IndexFunc(list, func(e traced) bool { return e.Name == mainThread })
	if at < 0 {
		return nil
	}
	mark := list[at]
	list = slices.DeleteFunc(list, func(e traced) bool { return !e.sameThread(mark) })
	slices.SortStableFunc(list, func(a, b traced) int {
		return cmp.Or(cmp.Compare(a.Began, b.Began), cmp.Compare(b.Took, a.Took))
	})
	for end, i := 0.0, 0; i < len(list); i++ { // what promises run is no part of a RunTask, but keeps the page as busy
		if e := list[i]; e.Began >= end {
			end = e.Began + e.Took
			tasks = append(tasks, task{used: micros(e.Used), parts: partsOf(e, list)})
		}
	}
	slices.SortStableFunc(tasks, func(a, b task) int { return cmp.Compare(b.used, a.used) })
	return tasks
}

// used is what tasks used of the processor, together.
func used(tasks []task) (sum time.Duration) {
	for _, one := range tasks {
		sum += one.used
	}
	return sum
}

func millis(d time.Duration) float64 { return d.Seconds() * 1000 }

func micros(n float64) time.Duration { return time.Duration(n * float64(time.Microsecond)) }

// partsOf names what used a millisecond of a task and more.
func partsOf(of traced, list []traced) string {
	var parts []string
	for _, e := range list {
		if e.Began >= of.Began && e.Began+e.Took <= of.Began+of.Took && e.Used > 1000 && e != of {
			parts = append(parts, fmt.Sprintf("%s %.0f", e.Name, e.Used/1000))
		}
	}
	return strings.Join(parts, ", ")
}
