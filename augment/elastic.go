package augment

import "math/rand/v2"

// cells is how many cells of the grid of an elastic map lie along a side.
const cells = 4

// knots is how many control points a cubic B-spline has over them.
const knots = cells + 3

// smoothing is what a cubic B-spline in two dimensions leaves of the standard deviation of
// its control points, on average over a cell: the mean of Σw² along a side.
const smoothing = 0.4793650794

// elastic is a smooth displacement of an image's pixels.
type elastic struct {
	rows, columns []spline
	points        [2][knots][knots]float32 // displacements down and right at the control points
	line          [2][knots]float32        // along the row at hand
}

// spline is a pixel's place on the grid: four control points from first on with weights.
type spline struct {
	first int
	w     [4]float32
}

func newElastic(s size) *elastic { return &elastic{rows: splines(s.h), columns: splines(s.w)} }

// splines are the places of n pixels.
func splines(n int) []spline {
	all := make([]spline, n)
	for i := range all {
		u := float64(cells) * (float64(i) + 0.5) / float64(n)
		cell := min(int(u), cells-1)
		u -= float64(cell)
		v := 1 - u
		all[i] = spline{cell, [4]float32{
			float32(v * v * v / 6),
			float32((float64(3*u*u*u) - float64(6*u*u) + 4) / 6),
			float32((float64(3*v*v*v) - float64(6*v*v) + 4) / 6),
			float32(u * u * u / 6),
		}}
	}
	return all
}

// draw draws a displacement whose standard deviation is so many pixels.
func (e *elastic) draw(sd float32, r *rand.Rand) {
	sd /= smoothing
	for k := range e.points {
		for i := range e.points[k] {
			for j := range e.points[k][i] {
				e.points[k][i][j] = sd * nearlyNormal(r)
			}
		}
	}
}

// row goes to a row of pixels.
func (e *elastic) row(i int) {
	s := &e.rows[i]
	for k := range e.line {
		for j := range e.line[k] {
			p := &e.points[k]
			a := float32(s.w[0]*p[s.first][j]) + float32(s.w[1]*p[s.first+1][j])
			b := float32(s.w[2]*p[s.first+2][j]) + float32(s.w[3]*p[s.first+3][j])
			e.line[k][j] = a + b
		}
	}
}

// at returns the displacement of a pixel of the row.
func (e *elastic) at(j int) (down, right float32) {
	s := &e.columns[j]
	return s.of(&e.line[0]), s.of(&e.line[1])
}

func (s *spline) of(line *[knots]float32) float32 {
	p := line[s.first : s.first+4 : s.first+4]
	a := float32(s.w[0]*p[0]) + float32(s.w[1]*p[1])
	b := float32(s.w[2]*p[2]) + float32(s.w[3]*p[3])
	return a + b
}
