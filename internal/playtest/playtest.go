// Package playtest plays contact flows in the tests of packages that write or change them.
//
// It imports internal/clock, internal/flow, internal/flowlang, internal/player and internal/speech, and is imported by
// tests only. It keeps no state.
package playtest

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/speech"
)

// plays is how often Ends plays a flow.
const plays = 4

// Ends plays a flow a few times for a caller who says nothing, with functions that fail at random or return reply, and
// fails the test when one of the plays has no end, or one that the flow cannot have meant.
func Ends(t *testing.T, name string, f *flowlang.Flow, reply string) {
	t.Helper()
	compiled, found := flow.Compile(f)
	if compiled == nil {
		t.Fatalf("%s: %v", name, found)
	}
	for seed := range uint64(plays) {
		virtual := clock.NewVirtual(time.Time{})
		w := &world{random: rand.New(rand.NewPCG(seed, 0)), reply: json.RawMessage(reply)}
		w.player = player.New(flow.NewContact(compiled, flow.Options{CustomerNumber: "+15550100", Seed: seed}),
			player.Options{Clock: virtual, Functions: w, Observer: w,
				Voice: player.Estimate{Rate: speech.DefaultRange().Fast}})
		err := virtual.Run(func() {
			w.player.Connect(context.Background())
			virtual.AfterFunc(time.Hour, w.player.HangUp)
			_ = virtual.Wait(context.Background(), w.player.Done())
		})
		if err != nil || w.ending == "" || w.ending == flow.EndingFatal {
			t.Errorf("%s: seed %d: %v, %s", name, seed, err, w.ending)
		}
	}
}

// world is what a played contact meets.
type world struct {
	random *rand.Rand
	reply  json.RawMessage
	player *player.Player
	ending flow.Ending
}

// Opened implements player.Observer.
func (w *world) Opened(player.Opened) {}

// Closed implements player.Observer.
func (w *world) Closed(player.Opened) {}

// Idle implements player.Observer.
func (w *world) Idle() { w.player.HangUp() }

// Command implements player.Observer.
func (w *world) Command(command flow.Command) {
	if finish, ok := command.(flow.Finish); ok {
		w.ending = finish.Ending
	}
}

// Invoke implements player.Functions.
func (w *world) Invoke(flow.InvokeFunction) player.Reply {
	if w.random.IntN(2) == 0 {
		return player.Reply{Err: errors.New("throttled")}
	}
	return player.Reply{Payload: w.reply}
}
