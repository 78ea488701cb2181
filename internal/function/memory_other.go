//go:build !linux

package function

// peakMemory is 0: this system does not tell it of a program that runs without a program of its own.
func (p *process) peakMemory() int64 { return 0 }
