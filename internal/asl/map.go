package asl

import (
	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// mapState runs its processor for each element of an array. Its result is the list of the outputs.
type mapState struct {
	stateBase
	errorHandling
	itemsPath   *jsonpath.Path // nil: the whole input
	selector    *jsonpath.Template
	processor   int // scope
	batcher     *itemBatcher
	concurrency countField
	tolerance   tolerance
	distributed *distributedMap // nil for an inline Map state

	itemsQuery, selectorQuery payload // instead of the first two in a state with JSONata
}

func parseMap(o *object, base stateBase) state {
	s := &mapState{stateBase: base}
	processor := o.processor()
	s.distributed = o.distributed(processor)
	o.flow(&s.dataFlow, "InputPath", "ResultSelector", "ResultPath", "OutputPath", "Assign")
	s.errorHandling = o.errorHandling()
	if o.jsonata {
		s.itemsQuery, s.selectorQuery = o.queryItems(), o.payload("ItemSelector")
	} else {
		s.itemsPath = o.referencePath("ItemsPath", true)
		o.atMostOne("ItemSelector", "Parameters")
		if s.selector = o.template("ItemSelector"); s.selector == nil {
			s.selector = o.template("Parameters")
		}
	}
	s.concurrency = o.countField("MaxConcurrency")
	s.tolerance = o.tolerance()
	s.batcher = o.itemBatcher()
	s.next = o.transition()
	processor.state = ""
	around := o.p.inMapRun
	o.p.inMapRun = around || s.distributed != nil
	s.processor = o.p.scope(processor)
	o.p.inMapRun = around
	processor.noQueryLanguage()
	processor.done("Comment", "ProcessorConfig")
	return s
}

// processor returns the object in ItemProcessor, or in Iterator, its name until 2022.
func (o *object) processor() *object {
	o.exactlyOne("ItemProcessor", "Iterator")
	if o.get("Iterator") != nil {
		return o.object("Iterator")
	}
	return o.object("ItemProcessor")
}

func (s *mapState) handling() *errorHandling { return &s.errorHandling }

func (s *mapState) run(t *turn, f *frame) *failure {
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	if t.test != nil {
		return s.test(t, f, input)
	}
	limit, fail := s.limit(t, f, input)
	if fail != nil {
		return fail
	}
	if s.distributed != nil && s.distributed.reader {
		return s.read(t, f, input)
	}
	items, fail := s.items(t, f, input)
	if fail != nil {
		return fail
	}
	length := len(items)
	t.follow(f, "MapStateStarted", &EventDetails{Length: &length})
	allowed, fail := s.tolerance.evaluate(t, f, input, length)
	if fail != nil {
		return fail
	}
	if s.distributed != nil {
		s.distributed.start(t, f, s, input)
		return nil
	}
	f.Group, fail = s.group(t, f, input, items)
	if fail != nil {
		return fail
	}
	f.Group.Limit, f.Group.Allowed = limit, allowed
	return s.begin(t, f)
}

// read starts a map run whose items are not known yet.
func (s *mapState) read(t *turn, f *frame, input any) *failure {
	t.follow(f, "MapStateStarted", nil)
	if _, fail := s.tolerance.evaluate(t, f, input, 0); fail != nil {
		return fail
	}
	s.distributed.start(t, f, s, input)
	return nil
}

// begin begins as many iterations as may run at once.
func (s *mapState) begin(t *turn, f *frame) *failure {
	if len(f.Group.Results) == 0 {
		return s.conclude(t, f)
	}
	for range min(f.Group.Limit, len(f.Group.Results)) {
		if fail := s.iterate(t, f, f.Previous); fail != nil {
			return fail
		}
	}
	return nil
}

// limit is how many iterations may run at once: MaxConcurrency, where 0 means as many as an inline Map state allows.
func (s *mapState) limit(t *turn, f *frame, input any) (int, *failure) {
	limit, fail := s.concurrency.evaluate(t, f, input)
	if limit == 0 || limit > maxInlineConcurrency {
		limit = maxInlineConcurrency
	}
	return int(limit), fail
}

func (s *mapState) items(t *turn, f *frame, input any) ([]any, *failure) {
	if s.query != nil {
		return s.queryItems(t, f)
	}
	found := input
	if s.itemsPath != nil {
		var err error
		if found, err = s.itemsPath.Find(t.data(f, input)); err != nil {
			return nil, f.runtime("%v", err)
		}
	}
	items, ok := found.([]any)
	if !ok {
		path := "$"
		if s.itemsPath != nil {
			path = s.itemsPath.String()
		}
		return nil, f.runtime("Reference path \"%s\" must point to array.", path)
	}
	return items, nil
}

// group prepares the iterations: one for each item, or one for each batch.
func (s *mapState) group(t *turn, f *frame, input any, items []any) (*group, *failure) {
	if s.batcher != nil {
		return s.batches(t, f, input, items)
	}
	return &group{Items: data{value: items}, Results: make([]data, len(items))}, nil
}

// batches selects all items at once, since the batches are made of what was selected.
func (s *mapState) batches(t *turn, f *frame, input any, items []any) (*group, *failure) {
	selected := make([]any, len(items))
	total := 0
	for i, item := range items {
		var fail *failure
		if selected[i], fail = s.selectItem(t, f, input, i, item); fail != nil {
			return nil, fail
		}
		if total += value.Size(selected[i]); total > maxBatchedBytes {
			return nil, tooLarge(f.State)
		}
	}
	batches, fail := s.batcher.batches(t, f, input, selected)
	if fail != nil {
		return nil, fail
	}
	return &group{Items: data{value: batches}, Batched: true, Results: make([]data, len(batches))}, nil
}

// selectItem applies ItemSelector, which sees the item in the context object, to one item.
func (s *mapState) selectItem(t *turn, f *frame, input any, index int, item any) (any, *failure) {
	if s.selector == nil && s.selectorQuery == nil {
		return item, nil
	}
	view := *f
	view.Iteration, view.Item, view.Index = true, data{value: item}, index
	if s.selectorQuery != nil {
		selected, fail := s.selectorQuery.evaluate(t.query(&view))
		f.Previous = view.Previous
		return selected, fail
	}
	return t.template(&view, "ItemSelector", s.selector, input)
}

// iterate begins the next iteration. Its event follows event previous.
func (s *mapState) iterate(t *turn, f *frame, previous int64) *failure {
	index := f.Group.Started
	item := data{value: f.Group.item(index)}
	child := &frame{Scope: s.processor, Input: item, Iteration: true, Item: item}
	if !f.Group.Batched {
		input, fail := t.input(f, &s.dataFlow)
		if fail != nil {
			return fail
		}
		if child.Input.value, fail = s.selectItem(t, f, input, index, item.value); fail != nil {
			return fail
		}
	}
	child.Previous = t.emit(previous, "MapIterationStarted", s.iteration(index))
	t.add(f, child)
	return nil
}

// iteration returns the details of the events of an iteration.
func (s *mapState) iteration(index int) *EventDetails {
	return &EventDetails{Name: s.name, Index: &index}
}

func (s *mapState) childSucceeded(t *turn, f, child *frame) {
	f.Group.Results[child.Index] = child.Input
	f.Previous = t.emit(child.Previous, "MapIterationSucceeded", s.iteration(child.Index))
	s.childEnded(t, f, child)
}

func (s *mapState) childFailed(t *turn, f, child *frame, fail failure) {
	t.emit(child.Previous, "MapIterationFailed", s.iteration(child.Index))
	f.Group.Failed = append(f.Group.Failed, child.Index)
	if f.Group.Allowed == nil || fail.Error == errRuntime {
		t.failGroup(f, child, fail)
		return
	}
	if len(f.Group.Failed) > *f.Group.Allowed {
		t.failGroup(f, child, failure{Error: errThreshold,
			Cause: thresholdExceeded})
		return
	}
	f.Previous = child.Previous
	s.childEnded(t, f, child)
}

// thresholdExceeded is the cause of errThreshold.
const thresholdExceeded = "The specified tolerated failure threshold was exceeded"

// childEnded begins the next iteration or, after the last, leaves the state.
func (s *mapState) childEnded(t *turn, f, child *frame) {
	var fail *failure
	t.dropGroup(child)
	delete(t.r.Frames, child.ID)
	last := f.Group.remove(child)
	switch {
	case f.Group.Started < len(f.Group.Results):
		fail = s.iterate(t, f, child.Previous)
	case last:
		fail = s.conclude(t, f)
	}
	if fail != nil {
		t.fail(f, *fail)
	}
}

func (s *mapState) conclude(t *turn, f *frame) *failure {
	t.emit(f.Previous, "MapStateSucceeded", nil)
	return t.conclude(f, &s.dataFlow, s.next, f.Group.output())
}
