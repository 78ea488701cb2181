package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/term"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/manifest"
)

// terminal is where the program prints and writes to, and how.
type terminal struct {
	in       io.Reader
	keys     *keyboard // nil where standard input is not a terminal
	out, err io.Writer // for people: control characters never pass, see screen
	data     io.Writer // standard output for programs: every byte passes unless it is a terminal
	live     bool      // somebody watches: standard error is a terminal
	shown    bool      // standard output is a terminal
	width    int       // columns that texts for people should fit into
	disk     manifest.Disk
	clock    clock.Clock // of what is asked in AWS

	faint, strong, alarm textStyle
}

// terminalOf reads from a file and prints to others, in colour only where they are terminals and NO_COLOR is not set.
func terminalOf(getenv func(string) string, in, out, err *os.File) *terminal {
	t := plainTerminal(out, err)
	t.in, t.keys = in, keyboardOf(in)
	t.live = term.IsTerminal(int(err.Fd()))
	t.width = columns(getenv("COLUMNS"), out)
	if !term.IsTerminal(int(out.Fd())) {
		return t
	}
	t.data, t.shown = t.out, true
	if getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" {
		t.colour(out)
	}
	return t
}

// plainTerminal prints without colour, into 80 columns.
func plainTerminal(out, err io.Writer) *terminal {
	plain := textStyle{style: lipgloss.NewRenderer(out, termenv.WithProfile(termenv.Ascii)).NewStyle()}
	return &terminal{
		in: strings.NewReader(""), out: screen{w: out}, err: screen{w: err}, data: out, width: usualColumns,
		clock: clock.Real{}, faint: plain, strong: plain, alarm: plain,
	}
}

// colour gives the terminal its styles. Texts of others cannot have any, since they cannot know the mark.
func (t *terminal) colour(out io.Writer) {
	mark := rand.Text()
	t.out = screen{w: out, mark: mark}
	t.data = t.out
	r := lipgloss.NewRenderer(out)
	r.SetColorProfile(termenv.ANSI)
	t.faint = textStyle{style: r.NewStyle().Faint(true), mark: mark}
	t.strong = textStyle{style: r.NewStyle().Bold(true), mark: mark}
	t.alarm = textStyle{style: r.NewStyle().Foreground(lipgloss.Color("1")), mark: mark}
}

// paragraph prints a text in lines that fit, each after an indent.
func (t *terminal) paragraph(indent, text string) {
	for _, line := range wrap(text, t.width-len(indent)) {
		fmt.Fprintln(t.out, indent+line)
	}
}

// Widths in columns.
const (
	usualColumns = 80
	fewColumns   = 60 // less is not worth the trouble: every text would be broken
)

// columns is how wide texts may be: as COLUMNS says, or else as the terminal is.
func columns(given string, out *os.File) int {
	n, err := strconv.Atoi(given)
	if err != nil || n <= 0 {
		if n, _, err = term.GetSize(int(out.Fd())); err != nil || n <= 0 {
			return usualColumns
		}
	}
	return max(n, fewColumns)
}

// textStyle is how a text stands out. It writes a mark for the escape character, which only a screen knows.
type textStyle struct {
	style lipgloss.Style
	mark  string
}

// Render returns the text in its style.
func (s textStyle) Render(text string) string {
	return strings.ReplaceAll(s.style.Render(draw.Printable(text)), "\x1b", s.mark)
}

// screen is a writer for people. It is the one place through which everything goes that is printed for them, texts of
// flows, functions and files included, and it lets no control character through but those of our own styles.
type screen struct {
	w    io.Writer
	mark string // means the escape character; "" where there are no styles
}

// Write implements io.Writer.
func (s screen) Write(text []byte) (int, error) {
	clean := draw.Printable(string(text))
	if s.mark != "" {
		clean = strings.ReplaceAll(clean, s.mark, "\x1b")
	}
	if _, err := io.WriteString(s.w, clean); err != nil {
		return 0, err
	}
	return len(text), nil
}
