package main

import (
	"bytes"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/draw"
)

// board is a screen whose last line is a prompt: what is printed appears above it. While keys are read one by one, a
// terminal does not begin a new line at its left edge by itself; the board does.
type board struct {
	mu    sync.Mutex
	out   io.Writer // what prints, without control characters
	plain bool      // not a terminal: no prompt
	width int
	shown string // the prompt
}

// newBoard is a board over what a terminal prints to.
func newBoard(t *terminal) *board {
	b := &board{out: t.out, plain: !t.shown, width: t.width}
	if s, ok := t.out.(screen); ok {
		b.out = s.w
	}
	return b
}

// terminal prints above the prompt.
func (b *board) terminal(t *terminal) *terminal {
	above := *t
	if s, ok := t.out.(screen); ok {
		s.w = b
		above.out = s
	}
	return &above
}

// Write prints whole lines above the prompt.
func (b *board) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.plain {
		return b.out.Write(text)
	}
	lines := append([]byte(b.erase()), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...)
	if _, err := b.out.Write(append(lines, b.shown...)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// erase is what clears the prompt.
func (b *board) erase() string {
	if b.shown == "" {
		return ""
	}
	return "\r\x1b[K"
}

// prompt changes the last line. Of a text that is too long the end is seen.
func (b *board) prompt(text string) {
	text = draw.Printable(text)
	for width(text) >= b.width {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.plain || text == b.shown {
		return
	}
	_, _ = io.WriteString(b.out, b.erase()+text)
	b.shown = text
}

// note prints a line for the caller.
func (b *board) note(text string) { _, _ = b.Write([]byte("  " + draw.Printable(text) + "\n")) }

// clear removes the prompt.
func (b *board) clear() { b.prompt("") }
