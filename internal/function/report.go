package function

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// report gathers what is told about one invocation.
type report struct {
	spec           *Spec
	id             string
	init, duration time.Duration
	peak           int64
	early          []byte // the log of the init phase
	printed        []byte // during the invocation
}

// result turns an outcome into what the caller gets.
func (r *report) result(out *outcome) Result {
	if out.err != nil {
		return Result{RequestID: r.id, Log: append(r.early, r.printed...), Err: out.err}
	}
	res := Result{
		Payload: out.answer.payload, RequestID: r.id,
		Duration: r.duration, InitDuration: r.init, BilledDuration: billed(r.init + r.duration),
		PeakMemoryBytes: r.peak,
	}
	if out.answer.failed {
		res.FunctionError, res.ErrorType = "Unhandled", out.answer.errType
	}
	res.Log = r.log(out)
	return res
}

// billed rounds up to whole milliseconds, Lambda's unit of billing.
func billed(d time.Duration) time.Duration {
	return (d + time.Millisecond - 1).Truncate(time.Millisecond)
}

// log writes the lines that Lambda writes around an invocation's output.
func (r *report) log(out *outcome) []byte {
	b := endLine(r.early)
	b = fmt.Appendf(b, "START RequestId: %s Version: %s\n", r.id, r.spec.Version)
	b = endLine(append(b, r.printed...))
	if out.status == statusTimeout {
		b = fmt.Appendf(b, "%s %s\n", r.id, timedOutText(r.spec.Timeout))
	}
	b = fmt.Appendf(b, "END RequestId: %s\n", r.id)
	return append(b, r.line(out)...)
}

// endLine ends the last line of a log.
func endLine(b []byte) []byte {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		return append(b, '\n')
	}
	return b
}

// line is the REPORT line.
func (r *report) line(out *outcome) string {
	fields := []string{
		"REPORT RequestId: " + r.id,
		"Duration: " + milliseconds(r.duration),
		"Billed Duration: " + itoa(int(billed(r.init+r.duration).Milliseconds())) + " ms",
		"Memory Size: " + itoa(r.spec.MemoryMB) + " MB",
	}
	if r.peak > 0 {
		fields = append(fields, "Max Memory Used: "+itoa(int((r.peak+1<<20-1)>>20))+" MB")
	}
	if r.init > 0 {
		fields = append(fields, "Init Duration: "+milliseconds(r.init))
	}
	return strings.Join(append(fields, out.fields()...), "\t") + "\t\n"
}

// fields are the last fields of a REPORT and an INIT_REPORT line.
func (o *outcome) fields() []string {
	var fields []string
	if o.status != "" {
		fields = append(fields, "Status: "+o.status)
	}
	if o.status == statusError && o.answer.errType != "" {
		fields = append(fields, "Error Type: "+o.answer.errType)
	}
	return fields
}

// initReport is the line about an init phase that did not succeed, in the phase init or invoke.
func initReport(phase string, took time.Duration, out *outcome) string {
	fields := []string{"INIT_REPORT Init Duration: " + milliseconds(took), "Phase: " + phase}
	return strings.Join(append(fields, out.fields()...), "\t") + "\n"
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

func itoa(n int) string { return strconv.Itoa(n) }
