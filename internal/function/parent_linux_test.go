package function_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// holdEnv makes the test program be a program that runs functions and then waits to be killed.
const holdEnv = "FUNCTION_TEST_HOLD"

// hold starts every language's function, has it start a child, prints the ids of both, and waits.
func hold() {
	for _, l := range languages() {
		f, err := function.New(clock.Real{}, l.spec)
		if err != nil {
			continue // the interpreter is missing
		}
		for _, event := range []string{`{"do":"pid"}`, `{"do":"child"}`} {
			var pid int
			if err := json.Unmarshal(f.Invoke(context.Background(), []byte(event)).Payload, &pid); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(pid)
		}
		go f.Invoke(context.Background(), []byte(`{"do":"sleep","seconds":60}`))
	}
	fmt.Println(0)
	select {}
}

// When the program that runs functions is killed, nothing is left of it: no process of a function, nothing that such
// a process started, no watchdog, no temporary file.
func TestKilledParentLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	cmd := testrun.Command(t, os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+goHandler)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "0"; {
		pids = append(pids, number(t, lines.Bytes()))
	}
	for _, pid := range pids {
		if !lives(pid) {
			t.Errorf("process %d does not live", pid)
		}
	}
	if len(pids) < 2 || len(children(t)) < len(pids)+1 {
		t.Errorf("the processes are %v, their descendants %v", pids, children(t))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, func() bool { return len(children(t)) == 0 }, "processes are left of %v", pids)
	eventually(t, func() bool { left, _ := filepath.Glob(filepath.Join(temp, "*")); return len(left) == 0 },
		"temporary files are left")
}
