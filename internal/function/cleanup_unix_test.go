//go:build unix

package function_test

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"testing"
)

func number(t testing.TB, payload []byte) int {
	t.Helper()
	n, err := strconv.Atoi(string(payload))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lives reports whether a process runs. A zombie does not: it waits for its parent, which for an orphan is nobody of ours.
func lives(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return true // not Linux
	}
	_, fields, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(fields, []byte("Z"))
}

// gone waits until a process has ended.
func gone(t testing.TB, pid int) {
	t.Helper()
	eventually(t, func() bool { return !lives(pid) }, "process %d lives", pid)
}

func killAndWait(t testing.TB, payload []byte) {
	t.Helper()
	pid := number(t, payload)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	gone(t, pid)
}

// What a function starts and leaves behind ends with its environment, even when it holds the log's pipe open.
func TestDescendantsEnd(t *testing.T) {
	each(t, func(t *testing.T, l language) {
		f := open(t, l.spec)
		child := number(t, f.Invoke(soon(t), []byte(`{"do":"child"}`)).Payload)
		if !lives(child) {
			t.Fatal("the child does not live")
		}
		f.Invoke(soon(t), []byte(`{"do":"exit","code":1}`))
		gone(t, child)
		child = number(t, f.Invoke(soon(t), []byte(`{"do":"child"}`)).Payload)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		gone(t, child)
	})
}

// A process that ends while it is idle is replaced, and its end is nobody's error.
func TestIdleProcessThatEnds(t *testing.T) {
	f := open(t, goSpec())
	r := f.Invoke(soon(t), []byte(`{"do":"pid"}`))
	killAndWait(t, r.Payload)
	expectValue(t, f.Invoke(soon(t), []byte(`{"do":"count"}`)), "1")
}
