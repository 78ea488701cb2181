package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
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
	d := &drawing{flow: f, marks: m, places: places(f)}
	d.frame()
	name := f.Name
	if name == "" {
		name = "Contact flow"
	}
	d.printf(`<title>%s</title>`+"\n", escaped(name))
	d.printf("<style>%s</style>\n", style)
	d.printf(`<rect class="ground" x="%d" y="%d" width="100%%" height="100%%"/>`+"\n", d.left, d.top)
	for _, a := range f.Actions {
		d.lines(a)
	}
	d.start()
	for _, a := range f.Actions {
		d.block(a)
	}
	d.gone()
	d.printf("</svg>\n")
	return d.b.Bytes()
}

// drawing is an image under way.
type drawing struct {
	b         bytes.Buffer
	flow      *flowlang.Flow
	marks     Marks
	places    []layout.Point
	left, top int
	bottom    int
	lanes     map[*flowlang.Action]lane // by the block that lines go back to
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

func height(a *flowlang.Action) int { return layout.Height(len(a.Drawn())) }

// frame begins the image: as large as its blocks.
func (d *drawing) frame() {
	right := 0
	for i, a := range d.flow.Actions {
		p := d.places[i]
		if i == 0 {
			d.left, d.top, right, d.bottom = p.X, p.Y, p.X, p.Y
		}
		d.left, d.top = min(d.left, p.X), min(d.top, p.Y)
		right, d.bottom = max(right, p.X+layout.Width), max(d.bottom, p.Y+height(a))
	}
	d.lanes = d.laneOf()
	for _, l := range d.lanes {
		d.bottom = max(d.bottom, l.y)
	}
	d.left, d.top = d.left-2*margin, d.top-margin
	width, tall := right+margin-d.left, d.bottom+margin-d.top
	if len(d.marks.Gone) > 0 {
		tall += 2 * lineSize
	}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%d" height="%d" viewBox="%d %d %d %d">`+"\n",
		width, tall, d.left, d.top, width, tall)
}

// block draws an action.
func (d *drawing) block(a *flowlang.Action) {
	p := d.places[a.Index]
	mark := d.marks.Actions[a.Identifier]
	d.printf("<g>\n")
	d.printf("<title>%s</title>\n", escaped(a.Identifier+"\n"+a.Type+"\n"+said(a)))
	d.printf(`<rect class="block %s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n",
		mark.class(), p.X, p.Y, layout.Width, height(a))
	title, below := names(a)
	d.text("title", p.X+padding, p.Y+titleY, cut(title, titleLine))
	d.text("faint", p.X+padding, p.Y+typeY, cut(below, textLine))
	if mark != "" {
		d.text(mark.class(), p.X, p.Y-padding/2, string(mark))
	}
	for i, line := range wrapped(said(a), textLine, textLines) {
		d.text("", p.X+padding, p.Y+textY+i*lineSize, line)
	}
	for i, b := range a.Drawn() {
		d.row(a, b, p.X, p.Y+rowY(i))
	}
	d.printf("</g>\n")
}

// rowY is the middle of the row of a branch, from the top of its block.
func rowY(i int) int { return layout.Height(i) + rowHeight/2 - padding/2 }

// row names a branch at the right of its block.
func (d *drawing) row(a *flowlang.Action, b *flowlang.Branch, x, y int) {
	class, label := "faint", b.Name
	if b.Kind == flowlang.Next {
		label = "Success"
	}
	if mark := d.markOf(a, b); mark != "" {
		class, label = mark.class(), mark.class()+": "+label
	}
	if b.To == nil {
		label += " → nowhere"
	}
	d.endText(class, x+layout.Width-padding, y+padding/2, cut(label, rowLine))
	if b.To != nil {
		d.printf(`<circle class="tip" cx="%d" cy="%d" r="3"/>`+"\n", x+layout.Width, y)
	}
}

func (d *drawing) markOf(a *flowlang.Action, b *flowlang.Branch) Mark {
	return d.marks.Branches[Branch{Action: a.Identifier, Name: b.Name}]
}

// gone lists the actions that the flow no longer has.
func (d *drawing) gone() {
	if len(d.marks.Gone) > 0 {
		d.text("changed", d.left+margin, d.bottom+margin, "gone: "+strings.Join(d.marks.Gone, ", "))
	}
}

func (d *drawing) text(class string, x, y int, text string) {
	d.printf(`<text class="%s" x="%d" y="%d">%s</text>`+"\n", class, x, y, escaped(text))
}

// endText writes a text that ends at x.
func (d *drawing) endText(class string, x, y int, text string) {
	d.printf(`<text class="%s" x="%d" y="%d" text-anchor="end">%s</text>`+"\n", class, x, y, escaped(text))
}

// class is the class of a mark's style: its first word.
func (m Mark) class() string {
	word, _, _ := strings.Cut(string(m), " ")
	return word
}

// escaped is a text for an image.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(plain(text))) // a buffer takes everything
	return b.String()
}
