package main

import (
	"io"
	"os"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

// keyboard is a terminal whose keys can be read one by one, as they are pressed. A nil keyboard is none.
type keyboard struct {
	in  io.Reader
	raw func() (restore func() error, err error) // from then on keys are not shown and send no signals

	mu      sync.Mutex
	restore func() error // nil while the terminal is as it was
}

// keyboardOf is the keyboard of a file, nil when the file is not a terminal.
func keyboardOf(in *os.File) *keyboard {
	fd := int(in.Fd())
	if !term.IsTerminal(fd) {
		return nil
	}
	return &keyboard{in: in, raw: func() (func() error, error) {
		before, err := term.MakeRaw(fd)
		return func() error { return term.Restore(fd, before) }, err
	}}
}

// open begins to read keys one by one.
func (k *keyboard) open() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	restore, err := k.raw()
	if err == nil {
		k.restore = restore
	}
	return err
}

// close makes the terminal what it was before open. It may be called at any time, and again.
func (k *keyboard) close() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.restore != nil {
		_ = k.restore() // the terminal is gone
		k.restore = nil
	}
}

// Keys without a character of their own.
const (
	keyInterrupt = '\x03' // Ctrl-C
	keyEnd       = '\x04' // Ctrl-D
	keyErase     = '\x7f' // and keyBack
	keyBack      = '\b'
	keyEnter     = '\r'
	keyEscape    = '\x1b'
)

// read sends each key that is pressed until the terminal is gone, or stop is closed. The reader may be left waiting for
// a key when the program ends.
func (k *keyboard) read(stop <-chan struct{}) <-chan rune {
	keys := make(chan rune)
	go func() {
		defer close(keys)
		buffer, kept := make([]byte, 256), 0
		for {
			n, err := k.in.Read(buffer[kept:])
			if err != nil {
				return
			}
			pressed, rest := decodeKeys(buffer[:kept+n])
			kept = copy(buffer, rest)
			for _, key := range pressed {
				select {
				case keys <- key:
				case <-stop:
					return
				}
			}
		}
	}()
	return keys
}

// decodeKeys returns the keys that bytes from a terminal are, and what may be the beginning of a character. Keys such
// as those with arrows, which a terminal sends as an escape sequence, are left out.
func decodeKeys(text []byte) (keys []rune, rest []byte) {
	for len(text) > 0 {
		if text[0] == keyEscape && len(text) > 1 && (text[1] == '[' || text[1] == 'O') {
			text = afterSequence(text[2:])
			continue
		}
		if !utf8.FullRune(text) {
			return keys, text
		}
		key, size := utf8.DecodeRune(text)
		if text = text[size:]; key == '\n' {
			key = keyEnter
		}
		if key != utf8.RuneError {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// afterSequence is what comes after the rest of an escape sequence, which ends with a letter or ~.
func afterSequence(text []byte) []byte {
	for i, b := range text {
		if b >= '@' && b <= '~' {
			return text[i+1:]
		}
	}
	return nil
}
