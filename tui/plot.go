package tui

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
)

// stroke says how a series is drawn; without colour it tells series apart.
type stroke uint8

const (
	solid  stroke = iota // connected
	points               // single dots
	dashed               // connected, with gaps
)

// series is one curve of a plot. A NaN is a gap.
type series struct {
	xs, ys []float64
	stroke stroke
	ink    ink
	mark   string // of one cell, in ASCII
}

// level is a horizontal line with a one-letter tag at its right end.
type level struct {
	y   float64
	tag string
}

// plot draws series over a range in w × h cells, its y axis included.
type plot struct {
	theme
	w, h       int
	x0, x1     float64
	y0, y1     float64
	levels     []level
	series     []series
	cells      [][]string
	inks       [][]ink
	axis, area int // cells of the labels, and of the drawing
}

// lines returns the plot, h lines of w cells.
func (p *plot) lines() []string {
	labels := p.labels()
	for _, l := range labels {
		p.axis = max(p.axis, len(l))
	}
	p.area = p.w - p.axis - 1
	out := make([]string, p.h)
	if p.area < 2 || p.h < 1 {
		return p.fill(nil, p.w, p.h)
	}
	p.cells, p.inks = make([][]string, p.h), make([][]ink, p.h)
	for y := range p.h {
		p.cells[y], p.inks[y] = make([]string, p.area), make([]ink, p.area)
	}
	for _, l := range p.levels {
		p.drawLevel(l)
	}
	for _, s := range p.series {
		p.draw(s)
	}
	p.drawTags()
	for y := range out {
		r := p.row(p.w)
		r.cell(p.dim, labels[y], p.axis, true).add(p.dim, p.bar)
		p.paint(r, y)
		out[y] = r.line()
	}
	return out
}

// paint adds a line of cells, one run of equal ink at a time.
func (p *plot) paint(r *row, y int) {
	for x := 0; x < p.area; {
		k := p.inks[y][x]
		var b strings.Builder
		for ; x < p.area && p.inks[y][x] == k; x++ {
			if c := p.cells[y][x]; c != "" {
				b.WriteString(c)
			} else {
				b.WriteByte(' ')
			}
		}
		r.add(k, b.String())
	}
}

// labels names the top, the middle and the bottom of the range.
func (p *plot) labels() []string {
	labels := make([]string, p.h)
	decimals := 0
	if span := p.y1 - p.y0; span > 0 {
		decimals = int(min(8, max(0, 1-math.Floor(math.Log10(span)))))
	}
	name := func(y float64) string {
		if a := math.Abs(y); a >= 1e6 || a > 0 && a < 1e-6 {
			return strconv.FormatFloat(y, 'g', 3, 64)
		}
		return strconv.FormatFloat(y, 'f', decimals, 64)
	}
	if p.h > 0 {
		labels[0] = name(p.y1)
	}
	if p.h > 1 {
		labels[p.h-1] = name(p.y0)
	}
	if p.h > 4 {
		middle := p.h / 2
		labels[middle] = name(p.y1 - (p.y1-p.y0)*float64(middle)/float64(p.h-1))
	}
	return labels
}

// at returns the place of a value on a grid of w × h, the origin at the top left.
func (p *plot) at(x, y float64, w, h int) canvas.Point {
	g := canvas.Point{X: 0, Y: h - 1}
	if p.x1 > p.x0 {
		g.X = int(math.Round((x - p.x0) / (p.x1 - p.x0) * float64(w-1)))
	}
	if p.y1 > p.y0 {
		share := min(1, max(0, (y-p.y0)/(p.y1-p.y0)))
		g.Y = h - 1 - int(math.Round(share*float64(h-1)))
	}
	return g
}

// holds reports whether y, if it is a number, lies within the range.
func (p *plot) holds(y float64) bool { return y >= p.y0 && y <= p.y1 }

func (p *plot) drawLevel(l level) {
	if !p.holds(l.y) {
		return
	}
	y := p.at(p.x0, l.y, p.area, p.h).Y
	for x := range p.area {
		if p.cells[y][x] == "" {
			p.cells[y][x], p.inks[y][x] = p.dashed, p.dim
		}
	}
}

// drawTags writes the levels' tags at the right edge, side by side where they share a
// line.
func (p *plot) drawTags() {
	taken := make([]int, p.h)
	for _, l := range slices.Backward(p.levels) {
		if !p.holds(l.y) {
			continue
		}
		y := p.at(p.x0, l.y, p.area, p.h).Y
		if taken[y]++; taken[y] <= p.area {
			x := p.area - taken[y]
			p.cells[y][x], p.inks[y][x] = l.tag, p.alert
		}
	}
}

// draw puts a series on the cells.
func (p *plot) draw(s series) {
	w, h := p.area*2, p.h*4
	if p.ascii {
		w, h = p.area, p.h
	}
	dots := p.trace(s, w, h)
	if p.ascii {
		for _, d := range dots {
			p.put(d.X, d.Y, s.mark, s.ink)
		}
		return
	}
	grid := graph.NewBrailleGrid(p.area, p.h, 0, 1, 0, 1)
	for _, d := range dots {
		grid.Set(d)
	}
	for y, line := range grid.BraillePatterns() {
		for x, cell := range line {
			if cell != blankBraille {
				p.put(x, y, string(cell), s.ink)
			}
		}
	}
}

// trace returns the dots of a series on a grid of w × h. What lies outside the range is
// left out, but for the way into it and out of it.
func (p *plot) trace(s series, w, h int) []canvas.Point {
	var dots []canvas.Point
	var last canvas.Point
	connected, inside := false, false
	for i, y := range s.ys {
		if y-y != 0 {
			connected = false
			continue
		}
		at, in := p.at(s.xs[i], y, w, h), p.holds(y)
		stretch := []canvas.Point{at}
		if !in {
			stretch = nil
		}
		if connected && s.stroke != points && (in || inside) {
			stretch = graph.GetLinePoints(last, at)
		}
		for _, d := range stretch {
			if s.stroke != dashed || d.X%4 < 2 {
				dots = append(dots, d)
			}
		}
		last, connected, inside = at, true, in
	}
	return dots
}

// blankBraille is the braille pattern without dots, the first of its block.
const blankBraille = '\u2800'

// put writes a cell; dots join the dots that are there, and take over their ink.
func (p *plot) put(x, y int, s string, k ink) {
	if y < 0 || y >= p.h || x < 0 || x >= p.area {
		return
	}
	if old := []rune(p.cells[y][x]); !p.ascii && len(old) == 1 && old[0] > blankBraille && old[0] <= blankBraille+0xFF {
		s = string(old[0] | []rune(s)[0])
	}
	p.cells[y][x], p.inks[y][x] = s, k
}
