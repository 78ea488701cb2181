package main

import (
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/term"
)

// terminal is where the program prints to, and how.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	live     bool // somebody watches: standard error is a terminal

	faint, strong, alarm lipgloss.Style
}

// terminalOf prints to files, in colour only where they are terminals and NO_COLOR is not set.
func terminalOf(getenv func(string) string, out, err *os.File) *terminal {
	t := plainTerminal(out, err)
	t.in = os.Stdin
	t.live = term.IsTerminal(int(err.Fd()))
	if term.IsTerminal(int(out.Fd())) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" {
		r := lipgloss.NewRenderer(out, termenv.WithProfile(termenv.ANSI))
		t.faint = r.NewStyle().Faint(true)
		t.strong = r.NewStyle().Bold(true)
		t.alarm = r.NewStyle().Foreground(lipgloss.Color("1"))
	}
	return t
}

// printable is a text without the control characters that could disturb a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '\uFFFD'
		}
		return r
	}, text)
}

// plainTerminal prints without colour.
func plainTerminal(out, err io.Writer) *terminal {
	r := lipgloss.NewRenderer(out, termenv.WithProfile(termenv.Ascii))
	plain := r.NewStyle()
	return &terminal{in: strings.NewReader(""), out: out, err: err, faint: plain, strong: plain, alarm: plain}
}
