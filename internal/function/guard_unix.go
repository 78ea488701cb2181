//go:build unix

package function

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// guard keeps processes from outliving this program. Each program that it guards leads a process group, so that
// killing the group reaches its descendants. A watchdog, which is a shell in its own group, holds the list of
// groups and a pipe from us; when we are gone, however that happened, the pipe ends, and the watchdog kills the
// groups and removes our folder of temporary files. On Linux the kernel kills the leaders as well. A descendant that
// leaves its group escapes.
type guard struct {
	watchdog *exec.Cmd
	groups   io.WriteCloser
}

// watch reads "+ PID" and "- PID" lines until the pipe ends. $1 is the folder to remove.
const watch = `trap '' HUP INT TERM QUIT
groups=' '
while read -r op pid; do
	case $op in
	+) groups="$groups$pid " ;;
	-) groups="${groups%% $pid *} ${groups#* $pid }" ;;
	esac
done
for pid in $groups; do kill -s KILL -- "-$pid"; done
rm -rf -- "$1"`

func newGuard(folder string) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", watch, "connect-async-watchdog", folder)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	groups, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the watchdog cannot be started: %w", err)
	}
	return &guard{watchdog: cmd, groups: groups}, nil
}

func (g *guard) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(attr)
	return attr
}

// add tells the watchdog of a new group. One write of a short line is atomic.
func (g *guard) add(p *os.Process) { fmt.Fprintf(g.groups, "+ %d\n", p.Pid) }

// remove kills what the ended leader of a group left behind, and forgets the group. The number cannot belong to
// anybody else while a member lives; if none does, the kernel has had no time to give it out again.
func (g *guard) remove(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL)
	fmt.Fprintf(g.groups, "- %d\n", pid)
}

func (g *guard) kill(p *os.Process) {
	if err := p.Signal(syscall.SIGKILL); err == nil { // it fails when the leader has been waited for
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}

// close ends the watchdog. Everything that was guarded must have ended.
func (g *guard) close() {
	g.groups.Close()
	_ = g.watchdog.Wait()
}
