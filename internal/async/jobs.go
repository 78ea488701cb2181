package async

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// MarshalJobs writes named jobs as STATE_MACHINES has them. What a job leaves at its zero is left out.
func MarshalJobs(jobs []Job) string {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, j := range jobs {
		writeKey(&b, i, j.Name)
		j.write(&b)
	}
	b.WriteByte('}')
	return b.String()
}

// write writes the job as an object that readJob reads.
func (j Job) write(b *bytes.Buffer) {
	b.WriteByte('{')
	writeKey(b, 0, MachineARN)
	b.Write(quote(j.StateMachineARN))
	for _, member := range []struct {
		name, value string
		given       bool
	}{
		{name: MachineTimeout, value: seconds(j.Timeout), given: j.Timeout != 0},
		{name: MachineReuse, value: quoted(j.Reuse), given: j.Reuse != ""},
		{name: MachineReuseSeconds, value: seconds(j.ReuseFor), given: j.ReuseFor != 0},
		{name: MachineReadOnly, value: "true", given: j.ReadOnly},
		{name: MachineLeave, value: quoted(j.Leave), given: j.Leave != ""},
		{name: MachineDeliverTo, value: quoted(j.DeliverTo), given: j.DeliverTo != ""},
		{name: MachineWas, value: quoted(j.Was), given: j.Was != ""},
		{name: MachineProgress, value: "true", given: j.Progress},
		{name: MachineSteps, value: listOf(j.Steps), given: len(j.Steps) > 0},
		{name: MachineReports, value: listOf(j.Reports), given: len(j.Reports) > 0},
		{name: MachineStepsVary, value: "true", given: j.StepsVary},
	} {
		if member.given {
			writeKey(b, 1, member.name)
			b.WriteString(member.value)
		}
	}
	b.WriteByte('}')
}

func quoted(text string) string { return string(quote(text)) }

// listOf is a list of texts as JSON.
func listOf(texts []string) string {
	var list []string
	for _, text := range texts {
		list = append(list, quoted(text))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
