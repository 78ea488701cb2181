package main

import (
	"errors"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// used is what a process took.
type used struct {
	cpu    time.Duration
	memory int64 // the most that was resident, in bytes
}

// usedByLoad runs `load` in a process of its own, which may say that the account does not do.
func usedByLoad(t *testing.T, arguments ...string) used {
	t.Helper()
	cmd := testrun.Command(t, "connect-async-process", append([]string{"load"}, arguments...)...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == exitFailed) {
		t.Fatalf("%v: %v\n%s", arguments, err, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	u := used{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), memory: usage.Maxrss << 10}
	t.Logf("%v: %.1f s of processor time, %d MB", arguments, u.cpu.Seconds(), u.memory>>20)
	return u
}

// TestLoadOfTenThousand: 10,000 callers of two minutes each take less than 500 MB and 20 s on two processors, whether
// quotas refuse nobody or most; and their time grows with the callers, not faster. The limits of time are for
// processors that do other things beside.
func TestLoadOfTenThousand(t *testing.T) {
	testrun.Heavy(t)
	const memory, cpu = 500 << 20, 2 * 20 * time.Second
	const example, takes = "../../examples/balance", "--takes=110s"
	free := []string{example, takes}
	for _, quota := range []string{"lambda_concurrency", "lambda_environments", "start_execution", "describe_execution",
		"stop_execution", "state_transition"} {
		free = append(free, "--quota="+quota+"=none")
	}
	few := usedByLoad(t, append(free, "--arrivals=burst 2000 2m")...)
	for _, u := range []used{
		usedByLoad(t, append(free, "--arrivals=burst 10000 2m")...),
		usedByLoad(t, example, takes, "--arrivals=burst 10000 2m"),
	} {
		if u.memory > memory || u.cpu > cpu {
			t.Errorf("10,000 callers take %.1f s and %d MB", u.cpu.Seconds(), u.memory>>20)
		}
		if few.cpu > 0 && u.cpu > 25*few.cpu {
			t.Errorf("10,000 callers take %.1f s, 2,000 without quotas %.1f s", u.cpu.Seconds(), few.cpu.Seconds())
		}
	}
}

// TestCapacityTakes: how many callers an account serves is answered in less than two minutes on two processors. The
// search takes as long as some runs with that many callers, and not much more memory than one: it forgets what the runs
// before have learned.
func TestCapacityTakes(t *testing.T) {
	testrun.Heavy(t)
	const example, takes = "../../examples/balance", "--takes=20s..60s"
	once := usedByLoad(t, example, takes, "--arrivals=burst 1400 1m")
	u := usedByLoad(t, example, takes, "--capacity")
	if u.cpu > 2*2*time.Minute || u.cpu > 12*once.cpu || u.memory > 3*once.memory {
		t.Errorf("a capacity takes %.1f s and %d MB, a load of 1,400 callers %.1f s and %d MB", u.cpu.Seconds(),
			u.memory>>20, once.cpu.Seconds(), once.memory>>20)
	}
}
