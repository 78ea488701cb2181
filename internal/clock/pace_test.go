package clock_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// paced runs a task on a paced clock until it is over. Meanwhile somebody acts, in the machine's time; after that time
// is skipped.
func paced(t *testing.T, speed clock.Speed, task func(*clock.Virtual), act func(*clock.Virtual)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := clock.NewPaced(start, speed)
		var acting sync.WaitGroup
		acting.Go(func() {
			act(v)
			v.Unpace()
		})
		if err := v.Run(func() { task(v) }); err != nil {
			t.Error(err)
		}
		acting.Wait()
	})
}

// TestPace watches timers on the machine's clock while somebody changes the speed, pauses, and looks at the clock.
func TestPace(t *testing.T) {
	var mu sync.Mutex
	var got []string
	var began time.Time
	add := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, fmt.Sprintf(format, args...))
	}
	note := func(v *clock.Virtual, what string) {
		add("%v %v %s", time.Since(began).Round(time.Millisecond), v.Now().Sub(start), what)
	}
	shown := func(v *clock.Virtual) { add("shown %v", v.Shown().Sub(start).Round(time.Millisecond)) }
	paced(t, 1, func(v *clock.Virtual) {
		began = time.Now()
		for range 4 {
			v.Sleep(context.Background(), 4*time.Second)
			note(v, "slept")
		}
	}, func(v *clock.Virtual) {
		time.Sleep(3 * time.Second)
		shown(v)
		time.Sleep(2 * time.Second)
		v.SetSpeed(4) // at 5 s
		time.Sleep(time.Second)
		shown(v) // 9 s
		v.Pause()
		time.Sleep(time.Hour)
		shown(v)
		v.Insert(func() { note(v, "inserted") })
		v.Insert(func() { note(v, "inserted") })
		time.Sleep(time.Hour)
		v.Resume()
		time.Sleep(500 * time.Millisecond)
		shown(v)
		v.SetSpeed(clock.AtOnce)
		time.Sleep(time.Second)
	})
	expect(t, got, "shown 3s", "4s 4s slept", "5.75s 8s slept", "shown 9s", "shown 9s", "1h0m6s 9s inserted",
		"1h0m6s 9.001s inserted", "shown 11.001s", "2h0m6.5s 12s slept", "2h0m6.5s 16s slept")
}

// TestPacedIsNeverStuck lets a task wait for what only somebody outside brings.
func TestPacedIsNeverStuck(t *testing.T) {
	var asked clock.Signal
	paced(t, 1, func(v *clock.Virtual) {
		_ = v.Wait(context.Background(), &asked)
		if at := v.Now().Sub(start); at != time.Minute {
			t.Errorf("asked at %v", at)
		}
	}, func(v *clock.Virtual) {
		time.Sleep(time.Minute)
		v.Insert(asked.Set)
		synctest.Wait()
	})
}

// TestInsertHasAnInstantOfItsOwn inserts at random moments, also at those of timers, and plays the same again with
// timers for what was inserted: everything happens in the same order at the same times.
func TestInsertHasAnInstantOfItsOwn(t *testing.T) {
	for seed := range uint64(testrun.Soak(t, 20)) {
		random := rand.New(rand.NewPCG(seed, 0))
		var inserted []time.Duration
		watched := crowd(t, seed, func(v *clock.Virtual, acts func(i int)) {
			for i := range 8 {
				if random.IntN(3) > 0 {
					time.Sleep(time.Duration(random.IntN(8)) * 250 * time.Millisecond)
				}
				switch random.IntN(6) {
				case 0:
					v.Pause()
				case 1:
					v.Resume()
				case 2:
					v.SetSpeed([]clock.Speed{clock.AtOnce, 1, 4}[random.IntN(3)])
				}
				v.Insert(func() {
					inserted = append(inserted, v.Now().Sub(start))
					acts(i)
				})
			}
			synctest.Wait()
		})
		again := crowd(t, seed, func(v *clock.Virtual, acts func(i int)) {
			for i, at := range inserted {
				v.AfterFunc(at, func() { acts(i) })
			}
		})
		if !slices.Equal(watched, again) {
			t.Fatalf("seed %d\nwatched %q\nagain   %q", seed, watched, again)
		}
	}
}

// crowd lets tasks sleep for whole quarters of a second, for no time, and until somebody acts, and returns what
// happened.
func crowd(t *testing.T, seed uint64, act func(v *clock.Virtual, acts func(i int))) (notes []string) {
	random := rand.New(rand.NewPCG(seed, 1))
	var signals [8]clock.Signal
	var current *clock.Virtual
	note := func(format string, args ...any) {
		notes = append(notes, fmt.Sprintf("%v ", current.Now().Sub(start))+fmt.Sprintf(format, args...))
	}
	acts := func(i int) {
		note("somebody acts: %d", i)
		signals[i].Set()
		current.Go(func() { note("what comes of %d", i) })
	}
	paced(t, 1, func(v *clock.Virtual) {
		current = v
		for who := range 3 {
			v.Go(func() {
				for range 6 {
					v.Sleep(context.Background(), time.Duration(random.IntN(4))*250*time.Millisecond)
					note("task %d", who)
				}
			})
		}
		for i := range signals {
			v.Go(func() {
				_ = v.Wait(context.Background(), &signals[i])
				note("woken by %d", i)
			})
		}
	}, func(v *clock.Virtual) { act(v, acts) })
	return notes
}
