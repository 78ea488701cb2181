package async

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestCallersWhoHangUp plays random contacts against the protocol of left.go: the caller hangs up before the work ends,
// after it or at the same instant, perhaps after a transfer, and with the same request under way. Where no event is
// lost, the result is told, delivered or cancelled, exactly one of them and once. Where events and answers are lost and
// environments die, at least one is within 15 minutes, and what is delivered again has the same key. Nothing is done as
// long as somebody is there.
func TestCallersWhoHangUp(t *testing.T) {
	seen := map[string]int{}
	for seed := range testrun.Soak(t, 100) {
		d := newDeparture(t, uint64(seed))
		play(t, d.world, d.run)
		d.check()
		kind := d.outcome()
		if len(d.deliveries) > 1 {
			kind += " again"
		}
		seen[kind]++
		if d.together {
			seen["together"]++
		}
		if t.Failed() {
			t.Fatalf("trial %d (lossy: %v)", seed, d.lossy)
		}
	}
	t.Log("the trials ended with", seen)
	for _, kind := range []string{OutcomeTold, OutcomeDelivered, OutcomeCancelled, OutcomeDelivered + " again",
		"together"} {
		if seen[kind] == 0 {
			t.Errorf("no trial ended with %s", kind)
		}
	}
}

// within is how long after hang-up and end the result may take where events are lost.
const within = 15 * time.Minute

// departure is one contact whose caller hangs up. It implements Contacts and Effects.
type departure struct {
	*flow
	random *rand.Rand
	lossy  bool
	ends   *Ends

	started    bool
	atEnd      bool      // the caller hangs up at the instant when the work ends
	left       time.Time // when the caller hung up; zero before
	moved      time.Time // when a transfer ended the contact
	shows      time.Time // when the next contact shows
	told       bool      // a reply with FINISHED came back before
	deliveries []Delivery
	times      []time.Time // of deliveries
	first      time.Time   // when the first effect was made
	together   bool        // the caller hung up and the work ended at the same instant
	busy       int         // messages that are being handled
	waiting    [][]byte    // messages that wait for an invocation
}

func newDeparture(t *testing.T, seed uint64) *departure {
	random := rand.New(rand.NewPCG(seed, 21))
	w := newWorld()
	d := &departure{flow: newFlow(t, w, manyCallers), random: random, lossy: random.IntN(2) == 0}
	w.takes, w.silent = d.upTo(60), random.IntN(3) == 0
	if random.IntN(10) == 0 {
		w.takes = d.upTo(900)
	}
	if random.IntN(4) == 0 {
		w.outcome = Execution{Status: "FAILED", Error: "Declined"}
	}
	job := &d.f.config.Jobs[0]
	if job.Leave = LeaveDeliver; random.IntN(3) == 0 {
		job.Leave = LeaveCancel
	}
	w.ends = NewEnds(d.f.config, w, w, w.clock, WithLogger(d.f.logger)).MindLeavers(d, d)
	d.ends, w.events = w.ends, d.travels
	w.before, w.after = d.before, d.after
	return d
}

func (d *departure) upTo(seconds int) time.Duration {
	return time.Duration(d.random.IntN(1000*seconds)) * time.Millisecond
}

// travels is how long an event travels, once for each time that it arrives.
func (d *departure) travels() (times []time.Duration) {
	count := []int{1, 1, 1, 2}[d.random.IntN(4)]
	if d.lossy {
		count = d.random.IntN(3)
	}
	for range count {
		times = append(times, d.upTo([]int{1, 3, 100}[d.random.IntN(3)]))
	}
	return times
}

// before and after fail calls, lose answers and let environments die. A start that the table does not take is not
// listed anywhere, which docs/hanging-up.md says.
func (d *departure) before(ctx context.Context, op string) error {
	if !d.lossy || op == "Pending" {
		return d.world.clock.Sleep(ctx, d.upTo(1)/4)
	}
	return d.world.mishap(ctx, d.random, 0.05, 3, errThrottled, errLost)
}

func (d *departure) after(ctx context.Context, op string) error {
	switch op {
	case "Start":
		for _, r := range d.world.runs {
			if d.atEnd {
				d.world.clock.AfterFunc(r.ends.Sub(d.world.clock.Now()), d.hangsUp)
			}
		}
	case "Stop":
		d.acted()
	}
	if !d.lossy || op == "Pending" {
		return nil
	}
	return d.world.mishap(ctx, d.random, 0.05, 3, errLost)
}

// run is the whole contact, and half an hour more.
func (d *departure) run() {
	clock := d.world.clock
	d.world.clock.Go(func() { d.sweeps(60 * time.Minute) })
	hangUp := d.upTo(70)
	if d.random.IntN(4) == 0 {
		hangUp = d.upTo(2) // while the start is under way
	}
	if d.atEnd = d.random.IntN(4) == 0; d.atEnd {
		hangUp = d.world.takes + time.Minute // where nothing is started
	}
	if d.random.IntN(4) == 0 {
		clock.AfterFunc(time.Duration(d.random.Int64N(int64(hangUp)+1)), d.transferred)
	}
	clock.AfterFunc(hangUp, d.hangsUp)
	d.poll()
	d.world.sleep(60 * time.Minute)
}

// hangsUp ends the call, unless that has ended.
func (d *departure) hangsUp() {
	if d.left.IsZero() {
		d.left = d.world.clock.Now()
		d.disconnected()
	}
}

// poll is the flow: it goes on until its caller has gone or knows the result.
func (d *departure) poll() {
	every := time.Second + d.upTo(4)
	count := "0"
	for d.left.IsZero() && !d.told {
		p := parametersOf{"action": "run", "count_max": "999"}
		if count != "0" {
			p["count"] = count
		}
		reply := d.tryCall(p)
		d.started = d.started || reply["execution_id"] != ""
		count = reply["count"]
		if reply["status"] == "FINISHED" && d.left.IsZero() {
			d.told = true
		}
		d.world.sleep(every)
	}
}

// tryCall is a call whose environment may die.
func (d *departure) tryCall(p parametersOf) (reply map[string]string) {
	defer survive()
	return d.call(p)
}

// transferred ends a contact, after which the next one shows a little later.
func (d *departure) transferred() {
	d.moved = d.world.clock.Now()
	d.shows = d.moved.Add(d.upTo(8))
	d.disconnected()
}

// disconnected sends the contact event.
func (d *departure) disconnected() {
	event, err := json.Marshal(map[string]any{"source": ContactSource, "detail-type": ContactType,
		"detail": map[string]any{"eventType": Disconnected, "contactId": contactID, "initialContactId": contactID}})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, travels := range d.travels() {
		d.send(event, travels)
	}
}

func (d *departure) sweeps(until time.Duration) {
	for d.world.clock.Now().Sub(epoch) < until {
		d.world.sleep(SweepEvery)
		d.send([]byte(scheduled(d.world.clock.Now())), 0)
	}
}

// scheduled is the event that a schedule sends.
func scheduled(at time.Time) string {
	return fmt.Sprintf(`{"source":"aws.events","detail-type":"Scheduled Event","time":%q,"detail":{}}`,
		at.Format(time.RFC3339))
}

// send puts a message into the queue, which shows it LookAfter later.
func (d *departure) send(body []byte, after time.Duration) {
	d.world.clock.AfterFunc(after+LookAfter, func() {
		d.waiting = append(d.waiting, body)
		d.next()
	})
}

// next hands messages to as many invocations as there may be. One that fails is shown again.
func (d *departure) next() {
	for d.busy < LooksAtOnce && len(d.waiting) > 0 {
		body := d.waiting[0]
		d.waiting = d.waiting[1:]
		d.busy++
		got := d.world.clock.Now()
		d.world.clock.Go(func() {
			err := d.handle(body)
			d.busy--
			if err != nil {
				d.world.clock.AfterFunc(got.Add(MessageHidden).Sub(d.world.clock.Now()), func() {
					d.waiting = append(d.waiting, body)
					d.next()
				})
			}
			d.next()
		})
	}
}

func (d *departure) handle(body []byte) (err error) {
	err = errLost
	defer survive()
	event, _ := json.Marshal(map[string]any{
		"Records": []any{map[string]any{"eventSource": QueueSource, "body": string(body)}}})
	ctx, cancel := d.world.clock.WithDeadline(context.Background(), d.world.clock.Now().Add(EndsTimeout))
	defer cancel()
	return d.ends.Handle(ctx, "message", event)
}

// acted notes an effect, which must not be made while somebody is there.
func (d *departure) acted() {
	if d.left.IsZero() {
		d.t.Error("something was done although the caller is there")
	}
	if d.first.IsZero() {
		d.first = d.world.clock.Now()
	}
}

// Contact implements Contacts.
func (d *departure) Contact(ctx context.Context, id string) (c Contact, found bool, err error) {
	err = d.world.call(ctx, "Contact", func() error { c, found = d.world.contacts[id]; return nil })
	return c, found, err
}

// Close implements Contacts.
func (d *departure) Close(ctx context.Context, c Contact) error {
	return d.world.call(ctx, "Close", func() error {
		if slices.Equal(d.world.contacts[c.ID].Executions, c.Executions) {
			delete(d.world.contacts, c.ID)
		}
		return nil
	})
}

// Waiting implements Contacts.
func (d *departure) Waiting(ctx context.Context, before, now time.Time) (ids []string, err error) {
	err = d.world.call(ctx, "Waiting", func() error {
		for id, c := range d.world.contacts {
			if d.world.started[id].Before(before) && c.Expires.After(now) {
				ids = append(ids, id)
			}
		}
		return nil
	})
	return ids, err
}

// Left implements Effects.
func (d *departure) Left(ctx context.Context, _ string) (since time.Time, err error) {
	err = d.world.call(ctx, "Left", func() error {
		if since = d.left; since.IsZero() && d.world.clock.Now().Before(d.shows) {
			since = d.moved
		}
		return nil
	})
	return since, err
}

// Deliver implements Effects.
func (d *departure) Deliver(ctx context.Context, _ string, delivery Delivery) error {
	return d.world.call(ctx, "Deliver", func() error {
		d.acted()
		d.deliveries, d.times = append(d.deliveries, delivery), append(d.times, d.world.clock.Now())
		return nil
	})
}

// Look implements Effects.
func (d *departure) Look(ctx context.Context, message string) error {
	return d.world.call(ctx, "Look", func() error { d.send([]byte(message), 0); return nil })
}

// record is the record of the contact's execution.
func (d *departure) record() Record {
	for _, r := range d.world.table {
		return r
	}
	return Record{}
}

func (d *departure) outcome() string { return d.record().Outcome }

// check checks what became of the result.
func (d *departure) check() {
	if len(d.world.runs) == 0 {
		return // it was not started
	}
	outcome := d.outcome()
	for _, delivery := range d.deliveries {
		if delivery.Key != d.deliveries[0].Key || delivery.Status != d.world.outcome.Status {
			d.t.Errorf("delivered %+v and %+v", d.deliveries[0], delivery)
		}
	}
	if (outcome == OutcomeDelivered) != (len(d.deliveries) > 0) && !d.lossy {
		d.t.Errorf("%s, and there were %d deliveries", outcome, len(d.deliveries))
	}
	if !d.lossy && (len(d.deliveries) > 1 || d.told && outcome != OutcomeTold) || outcome == "" {
		d.t.Errorf("told: %v, delivered: %d, outcome: %s", d.told, len(d.deliveries), outcome)
	}
	if len(d.world.contacts) > 0 || outcome == outcomeDelivering || outcome == outcomeCancelling {
		d.t.Errorf("not settled: %q, %v", outcome, d.world.contacts)
	}
	var r *run
	for _, r = range d.world.runs {
	}
	if outcome == OutcomeCancelled && r.outcome.Status != "ABORTED" && r.ends.After(d.record().Decided) {
		d.t.Errorf("cancelled, but it ran until %v", r.ends)
	}
	if d.atEnd && r.ends.Equal(d.left) {
		d.together = true
	}
	last := d.left
	if r.ends.After(last) {
		last = r.ends
	}
	if !d.told && outcome != OutcomeTold && d.record().Decided.After(last.Add(within)) {
		d.t.Errorf("decided %v after hang-up and end", d.record().Decided.Sub(last))
	}
}

// TestManyLostContacts loses every event of as many contacts as a sweep can look at: each is found in time, and at most
// two results are delivered in a second.
func TestManyLostContacts(t *testing.T) {
	d := newDeparture(t, 0)
	d.lossy, d.left = false, epoch.Add(time.Second)
	d.f.config.Jobs[0].Leave, d.world.takes = LeaveDeliver, 10*time.Second
	d.world.events = func() []time.Duration { return nil }
	var last time.Time
	play(t, d.world, func() {
		d.world.clock.Go(func() { d.world.sleep(time.Second); d.sweeps(30 * time.Minute) })
		d.world.sleep(2 * time.Second)
		for i := range maxSweep {
			id := fmt.Sprintf("4a573372-1f28-4e26-b97b-%012d", i)
			d.contact["InitialContactId"], d.contact["ContactId"] = id, id
			d.call(parametersOf{})
		}
		last = d.world.clock.Now().Add(d.world.takes)
		d.world.sleep(35 * time.Minute)
	})
	if len(d.deliveries) != maxSweep {
		t.Fatalf("%d deliveries", len(d.deliveries))
	}
	for i, at := range d.times {
		if at.After(last.Add(within)) || i > 1 && at.Sub(d.times[i-2]) < time.Second {
			t.Errorf("delivery %d is %v after the end, the one two before it %v", i, at.Sub(last),
				d.times[max(0, i-2)].Sub(last))
		}
	}
}
