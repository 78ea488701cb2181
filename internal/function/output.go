package function

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

// maxLog is how much of what a process prints during one invocation is kept: the newest part.
const maxLog = 1 << 20

// output collects what a process and its children print. Both standard streams are one pipe, so that their order is
// kept.
//
// Its writing end stays open on our side too. To know that everything printed so far has been read, take writes a
// mark into the pipe and waits until the reader meets it; it never waits for a time to pass, and a child that holds
// the pipe open after its parent's end does no harm.
type output struct {
	w    *os.File
	mark []byte

	mu      sync.Mutex
	kept    []byte
	dropped int

	closing atomic.Bool   // the next mark is the last
	marks   chan struct{} // one for every mark that the reader met
	done    chan struct{} // closed when the reader has ended
}

func newOutput() (*output, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	// The mark begins with a byte that it does not hold again, so that it cannot overlap with itself.
	o := &output{
		w:     w,
		mark:  []byte("\x00" + hex.EncodeToString(id[:])),
		marks: make(chan struct{}, 1),
		done:  make(chan struct{}),
	}
	go o.read(r)
	return o, nil
}

// read runs until the last mark.
func (o *output) read(r *os.File) {
	defer close(o.done)
	defer r.Close()
	buffer := make([]byte, 32<<10)
	var pending []byte // may be the beginning of a mark
	for {
		n, err := r.Read(buffer)
		pending = o.keep(append(pending, buffer[:n]...))
		if err != nil || o.ended() {
			return
		}
	}
}

// keep keeps what certainly is output, tells of the marks in it, and returns the rest.
func (o *output) keep(b []byte) []byte {
	for {
		i := bytes.Index(b, o.mark)
		if i < 0 {
			break
		}
		o.add(b[:i])
		b = b[i+len(o.mark):]
		o.marks <- struct{}{}
	}
	rest := beginsMark(b, o.mark)
	o.add(b[:len(b)-rest])
	return append([]byte(nil), b[len(b)-rest:]...)
}

// ended reports whether the mark that was just met is the last.
func (o *output) ended() bool { return o.closing.Load() && len(o.marks) == cap(o.marks) }

// beginsMark is the length of the longest end of b with which the mark begins.
func beginsMark(b, mark []byte) int {
	for n := min(len(b), len(mark)-1); n > 0; n-- {
		if bytes.HasPrefix(mark, b[len(b)-n:]) {
			return n
		}
	}
	return 0
}

func (o *output) add(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, b...)
	if over := len(o.kept) - maxLog; over > 0 {
		o.kept = append(o.kept[:0], o.kept[over:]...)
		o.dropped += over
	}
}

// take returns what has been printed since it was last called.
func (o *output) take() []byte {
	if _, err := o.w.Write(o.mark); err == nil {
		select {
		case <-o.marks:
		case <-o.done:
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	text, dropped := o.kept, o.dropped
	o.kept, o.dropped = nil, 0
	if dropped > 0 {
		return append(fmt.Appendf(nil, "(%d earlier bytes of output were dropped)\n", dropped), text...)
	}
	return text
}

// close ends the reader, also when a stray process still holds the pipe.
func (o *output) close() {
	o.closing.Store(true)
	if _, err := o.w.Write(o.mark); err == nil {
		<-o.done
	}
	o.w.Close()
}
