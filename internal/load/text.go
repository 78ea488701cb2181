package load

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// WriteText writes a result for people, and which quotas are too small.
func (r *Result) WriteText(w io.Writer, short []Short) error {
	var b strings.Builder
	b.WriteString(r.Verdict() + "\n\n")
	r.writeCallers(&b)
	r.writeTimes(&b)
	r.writeThrottles(&b)
	r.writeOrdered(&b)
	fmt.Fprintf(&b, "  At most at once: %d calls, %d callers who wait for a result, %d functions that run.\n",
		r.Peak.Calls, r.Peak.Waiting, r.Peak.Functions)
	if r.AnyCalls && r.Peak.Calls > awsfacts.ConcurrentCalls {
		fmt.Fprintf(&b, "  A new instance of Amazon Connect takes %d calls at once: check the quota of yours.\n",
			awsfacts.ConcurrentCalls)
	}
	b.WriteString("  " + r.Cost.words() + "\n")
	writeShort(&b, short)
	_, err := io.WriteString(w, b.String())
	return err
}

// late is how late a result may be noticed before it is worth a word: two clips.
const late = 6 * time.Second

// Verdict says in a sentence whether the account will do.
func (r *Result) Verdict() string {
	switch {
	case r.Callers == 0:
		return "Nobody called."
	case r.Refused > 0 && r.Failed == 0:
		return fmt.Sprintf("No: %d of %d callers got a busy tone.", r.Refused, r.Callers)
	case r.Failed > 0:
		return fmt.Sprintf("No: %d of %d callers heard a failure, the first at %s.", r.Failed, r.Callers,
			TimeOfDay(r.Failures[0].First))
	case r.Abandoned == r.Callers:
		return fmt.Sprintf("No: all %d callers hung up before they were told the result.", r.Callers)
	case len(r.Throttles) > 0 && r.DetectionDelay.P99 > late:
		return fmt.Sprintf("Yes, but with delays: every caller was served, and one in a hundred was told the result "+
			"more than %.0f s late, since quotas throttle.", r.DetectionDelay.P99.Seconds())
	}
	if r.Abandoned > 0 {
		return fmt.Sprintf("Yes: no caller heard a failure, but %d of %d hung up before they were told the result.",
			r.Abandoned, r.Callers)
	}
	return "Yes: no caller heard a failure."
}

// Suffices reports whether every caller was served who did not hang up.
func (r *Result) Suffices() bool { return r.Failed == 0 && r.Refused == 0 }

// Proves reports whether anybody called who did not hang up: else nothing is known.
func (r *Result) Proves() bool { return r.Callers > r.Abandoned }

func (r *Result) writeCallers(b *strings.Builder) {
	share := func(n int) string { return fmt.Sprintf("%6d  %5.1f %%", n, 100*float64(n)/float64(max(1, r.Callers))) }
	fmt.Fprintf(b, "  Told the result    %s\n", share(r.Served))
	fmt.Fprintf(b, "  Heard a failure    %s\n", share(r.Failed))
	if r.Abandoned > 0 {
		fmt.Fprintf(b, "  Hung up            %s\n", share(r.Abandoned))
	}
	if r.Refused > 0 {
		fmt.Fprintf(b, "  Got a busy tone    %s\n", share(r.Refused))
	}
	for _, f := range r.Failures {
		fmt.Fprintf(b, "    %d heard a failure from %s on: %s\n", f.Callers, TimeOfDay(f.First), f.Reason)
	}
	b.WriteByte('\n')
}

func (r *Result) writeTimes(b *strings.Builder) {
	if r.Wait.Count == 0 && r.Silence.Count == 0 {
		return
	}
	b.WriteString("  seconds              half of them   90 %    99 %  longest\n")
	for _, row := range []struct {
		name string
		p    Percentiles
	}{
		{"wait for the result", r.Wait}, {"result noticed late", r.DetectionDelay}, {"silence in a call", r.Silence},
		{"longest silence", r.LongestSilence},
	} {
		if row.p.Count > 0 {
			fmt.Fprintf(b, "  %-19s  %12.1f  %5.1f  %6.1f  %7.1f\n", row.name, row.p.P50.Seconds(),
				row.p.P90.Seconds(), row.p.P99.Seconds(), row.p.Max.Seconds())
		}
	}
	b.WriteByte('\n')
}

func (r *Result) writeThrottles(b *strings.Builder) {
	for _, t := range r.Throttles {
		fmt.Fprintf(b, "  Throttled by %s: %d times, from %s to %s\n", t.Quota, t.Count, TimeOfDay(t.First),
			TimeOfDay(t.Last))
	}
	if len(r.Throttles) == 0 {
		b.WriteString("  No quota was reached.\n")
	}
}

// writeOrdered says what failed because the settings say so. A fault that meets nothing proves nothing.
func (r *Result) writeOrdered(b *strings.Builder) {
	for _, f := range r.Ordered {
		if f.Requests == 0 {
			fmt.Fprintf(b, "  No request met %q: nothing was asked of it at that time.\n", f.Fault)
			continue
		}
		fmt.Fprintf(b, "  Requests that failed by %q: %d\n", f.Fault, f.Requests)
	}
}

func (c Cost) words() string {
	text := fmt.Sprintf("Cost: $%.2f of Step Functions, Lambda and DynamoDB, $%.2f of Amazon Connect for %.0f minutes",
		c.Orchestration, c.Connect, c.Minutes)
	if c.TelephonyKnown {
		return text + fmt.Sprintf(", $%.2f of telephony.", c.Telephony)
	}
	return text + ", without telephony."
}

// WriteText writes a capacity for people, in a sentence or two.
func (c Capacity) WriteText(w io.Writer) error {
	var b strings.Builder
	switch {
	case c.Failing == 0:
		fmt.Fprintf(&b, "No caller hears a failure with up to %d callers.\n", c.Callers)
	case c.Callers == 0:
		fmt.Fprintf(&b, "Even one caller alone hears a failure (%s).\n", c.Reason)
	default:
		fmt.Fprintf(&b, "The first caller hears a failure with about %d callers (%s); %d are served.\n", c.Failing,
			c.Reason, c.Callers)
	}
	if c.Throttled > 0 {
		fmt.Fprintf(&b, "The first request is throttled with about %d callers, by %s.\n", c.Throttled, c.By)
	}
	if c.Callers > 0 {
		fmt.Fprintf(&b, "With %d callers at most %d wait at once; half of them wait %.1f s, 99 %% at most %.1f s.\n",
			c.Callers, c.Waiting, c.Wait.P50.Seconds(), c.Wait.P99.Seconds())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeShort(b *strings.Builder, short []Short) {
	for _, s := range short {
		fmt.Fprintf(b, "\n%s is too small", s.Quota)
		if s.Needed > s.Served && s.Served > 0 {
			fmt.Fprintf(b, ": %.1f needed, %s there", s.Needed, strconv.FormatFloat(s.Served, 'f', -1, 64))
		}
		b.WriteString(".\n")
		if s.Remedy != "" {
			fmt.Fprintf(b, "  %s\n", s.Remedy)
		}
		if s.Request != "" {
			fmt.Fprintf(b, "  Text of the request, in Service Quotas:\n  %s\n", s.Request)
		}
	}
}

// TimeOfDay writes a time of day, which may be one of the next day.
func TimeOfDay(at time.Duration) string {
	at = at.Round(time.Second)
	return fmt.Sprintf("%02d:%02d:%02d", int(at.Hours())%24, int(at.Minutes())%60, int(at.Seconds())%60)
}
