package function

import (
	"os"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// guard keeps processes from outliving this program. Each program is put into its own job object, whose only
// handle we hold: when it is closed, by us or because we are gone, Windows ends every process in the job. A process
// that the program starts in the instant before it is put into the job escapes.
type guard struct {
	mu   sync.Mutex
	jobs map[int]windows.Handle
}

func newGuard(string) (*guard, error) { return &guard{jobs: map[int]windows.Handle{}}, nil }

func (g *guard) attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// add puts the program into a job. Without one, which no supported Windows refuses, only the program itself can be
// killed.
func (g *guard) add(p *os.Process) {
	job, err := newJob(p.Pid)
	if err != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.jobs[p.Pid] = job
}

func newJob(pid int) (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err == nil {
		err = assign(job, pid)
	}
	if err != nil {
		windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	return windows.AssignProcessToJobObject(job, process)
}

// remove ends what the ended program left behind.
func (g *guard) remove(pid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if job, ok := g.jobs[pid]; ok {
		windows.CloseHandle(job)
		delete(g.jobs, pid)
	}
}

func (g *guard) kill(p *os.Process) {
	_ = p.Kill() // it fails when the program has ended
	g.remove(p.Pid)
}

func (g *guard) close() {}
