package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// Sizes within a block, in the units of the designer.
const (
	padding   = 10
	titleY    = 20
	typeY     = 36
	textY     = 56
	textLines = 3
	lineSize  = 15
	rowHeight = 28 // of a branch, as layout.Height has it
	margin    = 40
	titleLine = 21 // columns of text
	textLine  = 27
	rowLine   = 30
)

// style is readable on light and on dark ground. Marks differ in more than colour: lines are broken, words added.
const style = `
text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1b2733; unicode-bidi: isolate }
.ground { fill: #ffffff }
.block { fill: #f4f7fa; stroke: #7b8a99; stroke-width: 1 }
.title { font-weight: 600; font-size: 13px }
.faint { fill: #5c6b7a }
.line { fill: none; stroke: #5c6b7a; stroke-width: 1.2; stroke-linejoin: round }
.error { stroke: #a3afba }
.tip { fill: #5c6b7a }
.new { stroke: #18794e; stroke-width: 3 }
.changed { stroke: #b45309; stroke-width: 3 }
.never { stroke: #c2255c; stroke-dasharray: 5 4 }
text.new { fill: #18794e; stroke: none }
text.changed { fill: #b45309; stroke: none }
text.never { fill: #c2255c; stroke: none }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.ground { fill: #11161c }
.block { fill: #1d2630; stroke: #6b7a89 }
.faint { fill: #9aa8b5 }
.line { stroke: #9aa8b5 }
.error { stroke: #5c6b7a }
.tip { fill: #9aa8b5 }
.new { stroke: #4cc38a }
.changed { stroke: #f1a10d }
.never { stroke: #ff7ba9 }
text.new { fill: #4cc38a }
text.changed { fill: #f1a10d }
text.never { fill: #ff7ba9 }
}
`

// SVG draws a flow.
func SVG(f *flowlang.Flow, m Marks) []byte {
	s := NewScene(f, m)
	w := &writer{}
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%d" height="%d" viewBox="%d %d %d %d">`+"\n",
		s.Width, s.Height, s.Left, s.Top, s.Width, s.Height)
	w.printf(`<title>%s</title>`+"\n", escaped(s.Name))
	w.printf("<style>%s</style>\n", style)
	w.printf(`<rect class="ground" x="%d" y="%d" width="100%%" height="100%%"/>`+"\n", s.Left, s.Top)
	for _, l := range s.Lines {
		w.line(l)
	}
	for _, b := range s.Blocks {
		w.block(b)
	}
	if s.gone != "" {
		w.text("changed", s.Left+margin, s.Top+s.Height-2*lineSize, s.gone)
	}
	w.printf("</svg>\n")
	return w.b.Bytes()
}

// writer writes an image.
type writer struct{ b bytes.Buffer }

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) line(l Line) {
	class := "line"
	if l.Error {
		class += " error"
	}
	if l.From == "" {
		w.printf(`<circle class="tip" cx="%d" cy="%d" r="6"/>`+"\n", l.X-margin, l.Y)
	}
	w.printf(`<path class="%s" d="%s"/>`+"\n", strings.TrimSpace(class+" "+l.Mark.class()), l.Path)
	w.printf(`<path class="tip" d="M%d,%d l-7,-4 v8 z"/>`+"\n", l.X, l.Y)
}

func (w *writer) block(b Block) {
	w.printf("<g>\n")
	w.printf("<title>%s</title>\n", escaped(b.Action+"\n"+b.Type+"\n"+b.Full))
	w.printf(`<rect class="block %s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n",
		b.Mark.class(), b.X, b.Y, b.Width, b.Height)
	w.text("title", b.X+padding, b.Y+titleY, b.Title)
	w.text("faint", b.X+padding, b.Y+typeY, b.Below)
	if b.Mark != "" {
		w.text(b.Mark.class(), b.X, b.Y-padding/2, string(b.Mark))
	}
	for i, line := range b.Said {
		w.text("", b.X+padding, b.Y+textY+i*lineSize, line)
	}
	for _, r := range b.Rows {
		class := "faint"
		if r.Mark != "" {
			class = r.Mark.class()
		}
		w.endText(class, b.X+b.Width-padding, r.Y+padding/2, r.Label)
		if r.To != "" {
			w.printf(`<circle class="tip" cx="%d" cy="%d" r="3"/>`+"\n", b.X+b.Width, r.Y)
		}
	}
	w.printf("</g>\n")
}

func (w *writer) text(class string, x, y int, text string) {
	w.printf(`<text class="%s" x="%d" y="%d">%s</text>`+"\n", class, x, y, escaped(text))
}

// endText writes a text that ends at x.
func (w *writer) endText(class string, x, y int, text string) {
	w.printf(`<text class="%s" x="%d" y="%d" text-anchor="end">%s</text>`+"\n", class, x, y, escaped(text))
}

// class is the class of a mark's style: its first word.
func (m Mark) class() string {
	word, _, _ := strings.Cut(string(m), " ")
	return word
}

// escaped is a text for an image.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(Printable(text))) // a buffer takes everything
	return b.String()
}
