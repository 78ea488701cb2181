package main

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/function"
)

// brokenFunction is a function that failed, and how often in the same way.
type brokenFunction struct {
	name    string
	failure function.Failure
	times   int
}

// brokenFunctions are the failures of functions that ran, each once.
func brokenFunctions(events []call.Event) []brokenFunction {
	var list []brokenFunction
	for _, e := range events {
		if e.Type != call.TypeFailure {
			continue
		}
		known := false
		for i := range list {
			if list[i].name == e.Function && reflect.DeepEqual(list[i].failure, *e.Failure) {
				list[i].times++
				known = true
			}
		}
		if !known {
			list = append(list, brokenFunction{name: e.Function, failure: *e.Failure, times: 1})
		}
	}
	return list
}

// print prints why the function failed: the user's frames, the place of the failure first, and what to do.
func (b brokenFunction) print(w io.Writer, t *terminal) {
	times := ""
	if b.times > 1 {
		times = fmt.Sprintf(" (%d times)", b.times)
	}
	fmt.Fprintln(w)
	for _, line := range wrap(b.name+" failed"+times+": "+b.failure.What(), t.width-2) {
		fmt.Fprintln(w, "  "+t.alarm.Render(line))
	}
	places, functions := 0, 0
	for _, f := range b.failure.Frames {
		places, functions = max(places, width(f.Place())), max(functions, width(f.In))
	}
	for _, f := range b.failure.Frames {
		line := fmt.Sprintf("    %s  %s  %s", pad(f.Place(), places), pad(f.In, functions), f.Code)
		fmt.Fprintln(w, cut(strings.TrimRight(oneLine(line), " "), t.width))
	}
	if b.failure.Remedy != "" {
		for _, line := range wrap(b.failure.Remedy, t.width-4) {
			fmt.Fprintln(w, "    "+line)
		}
	}
}
