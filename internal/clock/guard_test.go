package clock_test

import (
	"context"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// TestGuarded lets a task and a timer panic: the others go on, at their times.
func TestGuarded(t *testing.T) {
	v := clock.NewVirtual(start)
	var caught []any
	g := clock.Guarded{Clock: v, Caught: func(fault any) { caught = append(caught, fault) }}
	err := v.Run(func() {
		g.Go(func() {
			_ = g.Sleep(context.Background(), time.Second)
			panic("a task")
		})
		g.AfterFunc(2*time.Second, func() { panic("a timer") })
		_ = g.Sleep(context.Background(), time.Minute)
	})
	if err != nil || len(caught) != 2 || caught[0] != "a task" || caught[1] != "a timer" ||
		!v.Now().Equal(start.Add(time.Minute)) {
		t.Errorf("%v at %v: caught %v", err, v.Now(), caught)
	}
}
