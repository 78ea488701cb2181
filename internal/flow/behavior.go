package flow

import (
	"maps"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// behavior is what a contact does at the actions of one type. What Connect accepts of the type is in flowlang.
type behavior struct {
	does   string // for the documentation
	run    func(*Contact, *frame, *flowlang.Action) outcome
	resume func(*Contact, *frame, *flowlang.Action, Event) outcome // nil for actions that never wait
}

// behaviors holds the behavior of every action type that flowlang knows.
var behaviors = func() map[string]behavior {
	index := map[string]behavior{}
	for _, family := range []map[string]behavior{
		participantBehaviors, controlBehaviors, contactBehaviors, interactionBehaviors, campaignBehaviors,
	} {
		maps.Copy(index, family)
	}
	return index
}()
