package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/connect-async/connect-async/internal/testrun"
)

// openTerminal opens a terminal of the kernel: what is written to the user's side is typed in the program's.
func openTerminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		testrun.Missing(t, "a pseudo-terminal: "+err.Error())
	}
	t.Cleanup(func() { user.Close() })
	fd := int(user.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return user, program
}

// TestKeysOnATerminal plays the menu in a terminal of the kernel: a key counts without Enter and is not echoed, and
// Ctrl-C ends the call. Afterwards the terminal is what it was.
func TestKeysOnATerminal(t *testing.T) {
	user, program := openTerminal(t)
	fd := int(program.Fd())
	before, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() {
		getenv := func(name string) string { return map[string]string{"NO_COLOR": "1"}[name] }
		terminal := terminalOf(getenv, program, program, program)
		ended <- run(t.Context(), []string{"call", "../../examples/menu", "--keys", "--fast"}, terminal)
	}()
	seen, buffer := "", make([]byte, 4096)
	until := func(text string) {
		t.Helper()
		for !strings.Contains(seen, text) {
			n, err := user.Read(buffer)
			if err != nil {
				t.Fatalf("%v, after %q", err, seen)
			}
			seen += string(buffer[:n])
		}
		_, seen, _ = strings.Cut(seen, text)
	}
	for _, turn := range []turn{{"Your turn.", "1"}, {"presses 1", ""}, {"Your turn.", "\x03"}, {"hangs up", ""}} {
		until(turn.after)
		if _, err := user.WriteString(turn.keys); err != nil {
			t.Fatal(err)
		}
	}
	until("Unconfirmed assumptions")
	if code := <-ended; code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	after, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("%v: the terminal was %+v, and is %+v", err, before, after)
	}
}
