package asl

import (
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// errorHandling parses Retry and Catch.
func (o *object) errorHandling() errorHandling {
	var handling errorHandling
	retriers := o.objects("Retry", false)
	for i, r := range retriers {
		handling.retriers = append(handling.retriers, r.retrier(i == len(retriers)-1))
	}
	catchers := o.objects("Catch", false)
	for i, c := range catchers {
		handling.catchers = append(handling.catchers, c.catcher(i == len(catchers)-1))
	}
	return handling
}

func (o *object) retrier(last bool) retrier {
	r := retrier{errors: o.errorNames(last), intervalSeconds: defaultIntervalSeconds, maxAttempts: defaultMaxAttempts}
	if seconds := o.int("IntervalSeconds", 0, maxSeconds); seconds != nil {
		r.intervalSeconds = float64(*seconds)
	}
	if attempts := o.int("MaxAttempts", 0, maxSeconds); attempts != nil {
		r.maxAttempts = int(*attempts)
	}
	if seconds := o.int("MaxDelaySeconds", 1, 31622400); seconds != nil {
		r.maxDelaySeconds = float64(*seconds)
	}
	r.backoffRate = o.float("BackoffRate", defaultBackoffRate, 1, 1e9)
	switch o.text("JitterStrategy") {
	case "FULL":
		r.fullJitter = true
	case "NONE", "":
	default:
		o.report("JitterStrategy", codeSchema, "Value should be one of the following: [NONE, FULL]",
			"Write FULL or NONE.")
	}
	o.done("Comment")
	return r
}

func (o *object) catcher(last bool) catcher {
	c := catcher{errors: o.errorNames(last), next: o.requiredTarget("Next")}
	o.inCatch = true
	if o.jsonata {
		c.query = o.queryFlow("OutputPath", "Assign")
	} else {
		c.resultPath, c.assign = o.resultPath(), o.assignment()
	}
	o.done("Comment")
	return c
}

// errorNames parses ErrorEquals. States.ALL must stand alone, and in the last element (AWS developer guide, handling
// errors).
func (o *object) errorNames(last bool) []string {
	o.required("ErrorEquals")
	names := o.texts("ErrorEquals")
	if list := o.node.Get("ErrorEquals"); list.Is(source.Array) && len(list.Items) == 0 {
		o.report("ErrorEquals", codeSchema, "Value cannot be empty",
			"Name an error, or States.ALL.")
	}
	if slices.Contains(names, errAll) && (len(names) > 1 || !last) {
		o.report("ErrorEquals", codeSchema, "States.ALL must appear alone and at end of list",
			"Move it to its own element at the end.")
	}
	return names
}
