package function

import (
	"os"
	"os/exec"
	"runtime"
)

// process is a started program and everything that it started itself.
type process struct {
	cmd    *exec.Cmd
	guard  *guard
	exited chan struct{} // closed when the program has ended, and its descendants with it
}

// startProcess starts the program with standard output and error going to out.
func startProcess(s *starter, g *guard, cmd *exec.Cmd, out *os.File) (*process, error) {
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = g.attributes()
	if err := s.run(cmd.Start); err != nil {
		return nil, err
	}
	g.add(cmd.Process)
	p := &process{cmd: cmd, guard: g, exited: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // cmd.ProcessState tells how it ended
		g.remove(cmd.Process.Pid)
		close(p.exited)
	}()
	return p, nil
}

// kill ends the program and its descendants, and waits until they are gone.
func (p *process) kill() {
	p.guard.kill(p.cmd.Process)
	<-p.exited
}

// state tells how the program ended. It may be called when exited is closed.
func (p *process) state() *os.ProcessState { return p.cmd.ProcessState }

// starter starts programs on one operating-system thread, which lives until close: Linux sends the parent-death
// signal when the thread ends that started the program, not when its process does.
type starter struct{ jobs chan func() }

func newStarter() *starter {
	s := &starter{jobs: make(chan func())}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread() // an unlocked thread goes back to the scheduler and does not end
		for job := range s.jobs {
			job()
		}
	}()
	return s
}

func (s *starter) run(start func() error) error {
	done := make(chan error, 1)
	s.jobs <- func() { done <- start() }
	return <-done
}

func (s *starter) close() { close(s.jobs) }
