package local

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/messaging"
)

// TestOldMessagesAreForgotten fills the space for messages several times, and then takes all of them.
func TestOldMessagesAreForgotten(t *testing.T) {
	a := New(Options{Clock: clock.Real{}})
	a.messages.most = 10_000
	for n := range 100 {
		a.keepMessage(messaging.Message{Number: uint64(n ^ 1), Body: strings.Repeat("x", 500)})
	}
	every := func(messaging.Message) bool { return true }
	left := a.Messages(every)
	if len(left) < 10 || len(left) > 20 || left[len(left)-1].Number != 99 || a.messages.size > 10_000 {
		t.Errorf("%d messages of %d bytes are left", len(left), a.messages.size)
	}
	for i, m := range left {
		if m.Number != left[0].Number+uint64(i) {
			t.Errorf("message %d has number %d", i, m.Number)
		}
	}
	if a.TakeMessages(every); a.messages.size != 0 || len(a.Messages(every)) != 0 {
		t.Errorf("%d bytes are left", a.messages.size)
	}
}
