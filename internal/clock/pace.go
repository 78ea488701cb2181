package clock

import (
	"container/heap"
	"time"
)

// Speed is how much faster the time of a paced clock passes than the machine's.
type Speed float64

// AtOnce is the speed of time that is skipped.
const AtOnce Speed = 0

// pace makes the time of a Virtual pass with the machine's, so that a person can watch what happens and take part.
type pace struct {
	speed  Speed
	paused bool
	since  time.Time // on the machine's clock, when the speed was set or time went on
	from   time.Time // what the virtual clock showed then
	alarm  *time.Timer
}

// NewPaced returns a virtual clock that shows start and whose time passes at a speed. A task or a timer sees the same
// times as on a clock that jumps: how fast time passes changes nothing of what happens. The clock is never stuck:
// where no timer is left it waits for Insert. It is for Run.
func NewPaced(start time.Time, speed Speed) *Virtual {
	v := NewVirtual(start)
	v.pace = &pace{speed: max(speed, AtOnce), since: time.Now(), from: start}
	return v
}

// Insert runs f as soon as possible, as a timer's function, at an instant at which nothing else happens: after all
// that has happened and before all that is to come. Whoever plays the same again with a timer set to that instant gets
// the same course. It works on a paused clock, too, and may be called by any goroutine.
func (v *Virtual) Insert(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.inserted = append(v.inserted, f)
	v.kick()
}

// SetSpeed changes how fast the time of a paced clock passes from now on.
func (v *Virtual) SetSpeed(speed Speed) {
	v.repace(func(p *pace) { p.speed = max(speed, AtOnce) })
}

// Pause stops the time of a paced clock: no timer fires before Resume.
func (v *Virtual) Pause() { v.repace(func(p *pace) { p.paused = true }) }

// Resume lets the time of a paced clock go on.
func (v *Virtual) Resume() { v.repace(func(p *pace) { p.paused = false }) }

// repace changes the pace. What the clock shows goes on from where it is.
func (v *Virtual) repace(change func(*pace)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pace == nil {
		return
	}
	v.pace.from, v.pace.since = v.shown(), time.Now()
	change(v.pace)
	v.kick()
}

// Unpace makes a paced clock one that jumps, from now on.
func (v *Virtual) Unpace() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pace == nil {
		return
	}
	v.pace.silence()
	v.pace = nil
	v.kick()
}

// Shown is the time that somebody sees who looks at the clock, also between two timers. Now is when the latest of them
// was set for.
func (v *Virtual) Shown() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.shown()
}

// shown is never before what has happened, and never after what is to come. The lock is held.
func (v *Virtual) shown() time.Time {
	at := v.now
	if v.pace == nil {
		return at
	}
	if passed := v.pace.passed(); passed.After(at) {
		at = passed
	}
	if len(v.timers) > 0 && v.timers[0].at.Before(at) && v.timers[0].at.After(v.now) {
		at = v.timers[0].at
	}
	return at
}

// passed is how far time has come by itself.
func (p *pace) passed() time.Time {
	if p.paused || p.speed == AtOnce {
		return p.from
	}
	return p.from.Add(time.Duration(float64(time.Since(p.since)) * float64(p.speed)))
}

// early reports whether a timer has to wait for the machine's time, and sees to it that the clock looks again then.
// The lock is held.
func (v *Virtual) early(timer *virtualTimer) bool {
	p := v.pace
	if p == nil || p.speed == AtOnce && !p.paused {
		return false
	}
	p.silence()
	if p.paused {
		return timer.at.After(v.now)
	}
	left := timer.at.Sub(p.passed())
	if left <= 0 || !timer.at.After(v.now) {
		return false
	}
	p.alarm = time.AfterFunc(time.Duration(float64(left)/float64(p.speed))+1, v.wake)
	return true
}

// wake lets an idle clock look again whether something is due.
func (v *Virtual) wake() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kick()
}

func (p *pace) silence() {
	if p.alarm != nil {
		p.alarm.Stop()
	}
}

// insert returns the next inserted function, to run at an instant of its own. Where there is none before the next
// timer, it fires that first. The lock is held.
func (v *Virtual) insert() func() {
	if at, ok := v.free(); ok {
		heap.Push(&v.timers, &virtualTimer{clock: v, at: at, f: v.inserted[0]})
		v.inserted = v.inserted[1:]
	}
	return v.fire()
}

// free is an instant at which nothing else happens: the one that the clock shows, in whole milliseconds where that can
// be. ok is false when the next timer comes at once.
func (v *Virtual) free() (at time.Time, ok bool) {
	next := v.now.Add(1)
	shown := v.shown()
	if shown.Before(next) {
		shown = next
	}
	whole := shown.Add(time.Millisecond - 1).Truncate(time.Millisecond)
	for _, at := range []time.Time{whole, shown, next} {
		if len(v.timers) == 0 || at.Before(v.timers[0].at) {
			return at, true
		}
	}
	return v.now, false
}
