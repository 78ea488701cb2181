//go:build unix && !linux

package function

import "syscall"

// dieWithParent does nothing: only Linux has such a signal. The watchdog does the work alone.
func dieWithParent(*syscall.SysProcAttr) {}
