package function

import (
	"bytes"
	"os"
	"strconv"
)

// peakMemory is the largest resident set of the program so far, in bytes; 0 when it has ended. The figure from
// wait cannot be used: Linux adds the memory of the program that started it.
func (p *process) peakMemory() int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return kilobytes << 10
}
