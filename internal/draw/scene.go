package draw

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/layout"
)

// Scene is a flow as it is drawn: what stands where. Its texts are safe to show, but not escaped.
type Scene struct {
	Left   int     `json:"left"`
	Top    int     `json:"top"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Name   string  `json:"name"`
	Blocks []Block `json:"blocks"`
	Lines  []Line  `json:"lines"` // the last is the entry of the flow, if it has one
	gone   string  // the actions that the flow no longer has
}

// Block is an action.
type Block struct {
	Action string   `json:"action"` // its identifier
	Type   string   `json:"type"`
	Title  string   `json:"title"`
	Below  string   `json:"below"` // what stands below the title
	Said   []string `json:"said"`  // what it says, or is about, in lines
	Full   string   `json:"full"`  // the same, all of it
	X      int      `json:"x"`
	Y      int      `json:"y"`
	Width  int      `json:"width"`
	Height int      `json:"height"`
	Rows   []Row    `json:"rows"`
	Mark   Mark     `json:"mark,omitempty"`
}

// Row is a branch, at the right of its block.
type Row struct {
	Branch string `json:"branch"`       // its name
	Label  string `json:"label"`        // in the console's words
	To     string `json:"to,omitempty"` // the action that it leads to, "" for none
	Y      int    `json:"y"`
	Mark   Mark   `json:"mark,omitempty"`
}

// Line is a branch that leads to a block, or the entry of the flow, which is no action's.
type Line struct {
	From   string `json:"from,omitempty"`
	Branch string `json:"branch,omitempty"`
	To     string `json:"to"`
	Path   string `json:"path"`
	X      int    `json:"x"` // where it ends
	Y      int    `json:"y"`
	Error  bool   `json:"error,omitempty"` // taken where something failed
	Mark   Mark   `json:"mark,omitempty"`
}

// NewScene places a flow.
func NewScene(f *flowlang.Flow, m Marks) Scene {
	d := &drawing{flow: f, marks: m, places: places(f)}
	d.frame()
	if d.scene.Name = Printable(f.Name); d.scene.Name == "" {
		d.scene.Name = "Contact flow"
	}
	if len(m.Gone) > 0 {
		d.scene.gone = "gone: " + strings.Join(m.Gone, ", ")
	}
	for _, a := range f.Actions {
		d.lines(a)
		d.block(a)
	}
	d.start()
	return d.scene
}

// drawing is a scene under way.
type drawing struct {
	scene  Scene
	flow   *flowlang.Flow
	marks  Marks
	places []layout.Point
	bottom int
	lanes  map[*flowlang.Action]lane // by the block that lines go back to
}

func height(a *flowlang.Action) int { return layout.Height(len(a.Drawn())) }

// frame finds out how large the drawing is: as large as its blocks, and the lines below them.
func (d *drawing) frame() {
	left, top, right := 0, 0, 0
	for i, a := range d.flow.Actions {
		p := d.places[i]
		if i == 0 {
			left, top, right, d.bottom = p.X, p.Y, p.X, p.Y
		}
		left, top = min(left, p.X), min(top, p.Y)
		right, d.bottom = max(right, p.X+layout.Width), max(d.bottom, p.Y+height(a))
	}
	d.lanes = d.laneOf()
	for _, l := range d.lanes {
		d.bottom = max(d.bottom, l.y)
	}
	d.scene.Left, d.scene.Top = left-2*margin, top-margin
	d.scene.Width, d.scene.Height = right+margin-d.scene.Left, d.bottom+margin-d.scene.Top
	if len(d.marks.Gone) > 0 {
		d.scene.Height += 2 * lineSize
	}
}

// block places an action.
func (d *drawing) block(a *flowlang.Action) {
	p := d.places[a.Index]
	title, below := names(a)
	text := said(a)
	b := Block{
		Action: a.Identifier, Type: a.Type, Title: cut(title, titleLine), Below: cut(below, textLine),
		Said: wrapped(called(d.flow, a, text), textLine, textLines), Full: Printable(text),
		X: p.X, Y: p.Y, Width: layout.Width, Height: height(a), Mark: d.marks.Actions[a.Identifier],
	}
	for i, branch := range a.Drawn() {
		b.Rows = append(b.Rows, d.row(a, branch, p.Y+rowY(i)))
	}
	d.scene.Blocks = append(d.scene.Blocks, b)
}

// rowY is the middle of the row of a branch, from the top of its block.
func rowY(i int) int { return layout.Height(i) + rowHeight/2 - padding/2 }

// row names a branch.
func (d *drawing) row(a *flowlang.Action, b *flowlang.Branch, y int) Row {
	r := Row{Branch: b.Name, Label: a.Label(b), Y: y, Mark: d.markOf(a, b)}
	if r.Mark != "" {
		r.Label = r.Mark.class() + ": " + r.Label
	}
	if b.To != nil {
		r.To = b.To.Identifier
	} else {
		r.Label += " → nowhere"
	}
	r.Label = cut(r.Label, rowLine)
	return r
}

func (d *drawing) markOf(a *flowlang.Action, b *flowlang.Branch) Mark {
	return d.marks.Branches[Branch{Action: a.Identifier, Name: b.Name}]
}
