package load

import (
	"fmt"
	"image/color"
	"io"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// PlotFormats are the endings of files that a plot can be written to.
var PlotFormats = []string{".svg", ".png"}

// The colours of lines, told apart by those who do not see red and green, and in print (Okabe and Ito).
var colours = []color.Color{
	color.RGBA{R: 0, G: 114, B: 178, A: 255}, color.RGBA{R: 213, G: 94, B: 0, A: 255},
	color.RGBA{R: 0, G: 158, B: 115, A: 255}, color.RGBA{R: 204, G: 121, B: 167, A: 255},
	color.RGBA{R: 86, G: 180, B: 233, A: 255}, color.RGBA{R: 230, G: 159, B: 0, A: 255},
	color.RGBA{R: 90, G: 90, B: 90, A: 255},
}

// series is a line of a plot.
type series struct {
	name  string
	at    func(m Moment) float64
	shown func(m Moment) bool // nil for always
}

// WritePlot draws what happened over the day, as SVG or PNG: who waits, what was throttled, how long callers waited.
func (r *Result) WritePlot(w io.Writer, format string) error {
	waiting := []series{
		{name: "wait for a result", at: func(m Moment) float64 { return float64(m.Waiting) }},
		{name: "functions that run", at: func(m Moment) float64 { return float64(m.Busy) }},
		{name: "heard a failure", at: func(m Moment) float64 { return float64(m.Failed) }},
		{name: "hung up", at: func(m Moment) float64 { return float64(m.Abandoned) }},
	}
	var throttled []series
	for _, t := range r.Throttles {
		throttled = append(throttled, series{name: string(t.Quota),
			at: func(m Moment) float64 { return float64(m.Throttled[t.Quota]) / r.Every.Seconds() }})
	}
	told := func(m Moment) bool { return m.Wait.Count > 0 }
	waits := []series{
		{name: "half", at: func(m Moment) float64 { return m.Wait.P50.Seconds() }, shown: told},
		{name: "90 %", at: func(m Moment) float64 { return m.Wait.P90.Seconds() }, shown: told},
		{name: "99 %", at: func(m Moment) float64 { return m.Wait.P99.Seconds() }, shown: told},
	}
	var plots []*plot.Plot
	for _, each := range []struct {
		title, unit string
		lines       []series
	}{
		{"Callers", "at once", waiting}, {"Requests that a quota refused or slowed", "per second", throttled},
		{"Wait of those who were told the result", "seconds", waits},
	} {
		p, err := r.overTheDay(each.title, each.unit, each.lines)
		if err != nil {
			return err
		}
		plots = append(plots, p)
	}
	return writePlots(w, format, plots)
}

// overTheDay is one plot over the moments.
func (r *Result) overTheDay(title, unit string, lines []series) (*plot.Plot, error) {
	p := newPlot(title, unit)
	p.X.Tick.Marker = timeTicks{}
	for i, s := range lines {
		var points plotter.XYs
		highest := 0.0
		for _, m := range r.Timeline {
			if s.shown == nil || s.shown(m) {
				points = append(points, plotter.XY{X: m.At.Seconds(), Y: s.at(m)})
				highest = max(highest, s.at(m))
			}
		}
		if highest == 0 {
			continue
		}
		if err := addLine(p, s.name, points, i); err != nil {
			return nil, err
		}
	}
	p.Y.Max *= legendRoom
	p.X.Min, p.X.Max = r.From.Seconds(), (r.From + time.Duration(len(r.Timeline))*r.Every).Seconds()
	return p, nil
}

// legendRoom leaves room above the lines for their names.
const legendRoom = 1.3

func newPlot(title, unit string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = title, unit
	p.Title.Padding, p.Y.Min = vg.Points(6), 0
	for _, text := range []*text.Style{&p.Title.TextStyle, &p.Y.Label.TextStyle, &p.X.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		text.Font.Variant = "Sans"
	}
	p.Legend.Top, p.Legend.XOffs, p.Legend.YOffs = true, vg.Points(-6), vg.Points(-4)
	p.Add(plotter.NewGrid())
	return p
}

// addLine adds a line with its name.
func addLine(p *plot.Plot, name string, points plotter.XYs, index int) error {
	line, err := plotter.NewLine(points)
	if err != nil {
		return err
	}
	line.Color, line.Width = colours[index%len(colours)], vg.Points(1.5)
	if index >= 2 {
		line.Dashes = []vg.Length{vg.Points(float64(2 * index)), vg.Points(3)}
	}
	p.Add(line)
	p.Legend.Add(name, line)
	return nil
}

// WritePlot draws how long callers wait, and how late results are noticed, against how many callers there are.
func (c Capacity) WritePlot(w io.Writer, format string) error {
	var plots []*plot.Plot
	for _, each := range []struct {
		title string
		of    func(p Point) Percentiles
	}{
		{"Wait for the result, by the number of callers", func(p Point) Percentiles { return p.Wait }},
		{"How late results are noticed", func(p Point) Percentiles { return p.Late }},
	} {
		p := newPlot(each.title, "seconds")
		lines := make([]plotter.XYs, 3)
		for _, point := range c.Points {
			shares := each.of(point)
			for i, d := range []time.Duration{shares.P50, shares.P90, shares.P99} {
				lines[i] = append(lines[i], plotter.XY{X: float64(point.Callers), Y: d.Seconds()})
			}
		}
		for i, name := range []string{"half", "90 %", "99 %"} {
			if err := addLine(p, name, lines[i], i); err != nil {
				return err
			}
		}
		p.Y.Max *= legendRoom
		p.X.Label.Text = "callers"
		plots = append(plots, p)
	}
	return writePlots(w, format, plots)
}

// timeTicks are marks of a time of day.
type timeTicks struct{}

// Ticks implements plot.Ticker.
func (timeTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	steps := []float64{1, 5, 10, 30, 60, 120, 300, 600, quarter.Seconds(), 1800, 3600, 7200, 14400}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if high-low <= 8*s {
			step = s
			break
		}
	}
	for at := step * float64(int(low/step)); at <= high; at += step {
		if at < low {
			continue
		}
		text := TimeOfDay(time.Duration(at) * time.Second)
		if step >= 60 {
			text = text[:5]
		}
		ticks = append(ticks, plot.Tick{Value: at, Label: text})
	}
	return ticks
}

// The size of one of the plots, which are drawn one below the other.
const (
	plotWidth  = 720
	plotHeight = 230
)

// writePlots draws plots one below the other.
func writePlots(w io.Writer, format string, plots []*plot.Plot) error {
	width, height := vg.Points(plotWidth), vg.Points(float64(plotHeight*len(plots)))
	var canvas vg.CanvasWriterTo
	switch format {
	case ".svg":
		canvas = vgsvg.New(width, height)
	case ".png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.New(width, height)}
	default:
		return fmt.Errorf("unknown format %q of a plot", format)
	}
	tiles := draw.Tiles{Rows: len(plots), Cols: 1, PadTop: vg.Points(4), PadRight: vg.Points(14), PadY: vg.Points(8)}
	rows := make([][]*plot.Plot, len(plots))
	for i, p := range plots {
		rows[i] = []*plot.Plot{p}
	}
	for i, row := range plot.Align(rows, tiles, draw.New(canvas)) {
		plots[i].Draw(row[0])
	}
	_, err := canvas.WriteTo(w)
	return err
}
