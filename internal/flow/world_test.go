package flow_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestWorldChanges closes the hours of operation while the contact listens to a text, and opens them again. The maps
// that the world was given with stay as they are.
func TestWorldChanges(t *testing.T) {
	f := build(t, flowlang.ContactFlow, `
		hi MessageParticipant {"Text":"hello"} >h !NoMatchingError=h
		h CheckHoursOfOperation {} >hi True=open False=closed !NoMatchingError=hi
		open MessageParticipant {"Text":"open"} >hi !NoMatchingError=hi
		closed MessageParticipant {"Text":"closed"} >hi !NoMatchingError=hi`)
	world := func(results ...string) flow.World {
		var outcomes []flow.Outcome
		for _, r := range results {
			outcomes = append(outcomes, flow.Outcome{Result: r})
		}
		return flow.World{Outcomes: map[string][]flow.Outcome{"h": outcomes}}
	}
	given := world("True", "False")
	c := flow.NewContact(f, flow.Options{World: given})
	heard := func(commands []flow.Command) (say flow.Say) {
		for _, command := range commands {
			if s, ok := command.(flow.Say); ok {
				say = s
			}
		}
		return say
	}
	say := heard(c.Advance(flow.Connected{At: epoch}))
	next := func() string {
		say = heard(c.Advance(flow.Said{At: epoch, ID: say.ID}))
		return say.Text
	}
	for i, change := range []struct {
		world flow.World
		want  string
	}{{flow.World{}, "open"}, {world("False", "True"), "closed"}, {flow.World{}, "open"}, {world("False"), "closed"}} {
		c.Advance(flow.WorldChanged{At: epoch, World: change.world})
		if got := next(); got != change.want {
			t.Errorf("%d: heard %q, expected %q", i, got, change.want)
		}
		next()
	}
	if len(given.Outcomes["h"]) != 2 || given.Outcomes["h"][0].Result != "True" {
		t.Errorf("the world of all contacts is now %v", given)
	}
}
