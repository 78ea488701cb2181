package function

import (
	"bytes"
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
	output         []byte
}

// result turns an outcome into what the caller gets.
func (r *report) result(out *outcome) Result {
	if out.err != nil {
		return Result{RequestID: r.id, Log: r.output, Err: out.err}
	}
	res := Result{
		Payload: out.answer.payload, RequestID: r.id,
		Duration: r.duration, InitDuration: r.init, BilledDuration: billed(r.init + r.duration), PeakMemoryBytes: r.peak,
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
	var b bytes.Buffer
	fmt.Fprintf(&b, "START RequestId: %s Version: %s\n", r.id, r.spec.Version)
	b.Write(r.output)
	if n := len(r.output); n > 0 && r.output[n-1] != '\n' {
		b.WriteByte('\n')
	}
	if out.status == "timeout" {
		fmt.Fprintf(&b, "%s %s\n", r.id, timedOutText(r.spec.Timeout))
	}
	fmt.Fprintf(&b, "END RequestId: %s\n", r.id)
	b.WriteString(r.line(out))
	return b.Bytes()
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
	if out.status != "" {
		fields = append(fields, "Status: "+out.status)
	}
	if out.status == "error" && out.answer.errType != "" {
		fields = append(fields, "Error Type: "+out.answer.errType)
	}
	return strings.Join(fields, "\t") + "\t\n"
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}

func itoa(n int) string { return strconv.Itoa(n) }
