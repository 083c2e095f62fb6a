package search

import "math"

// lbfgsMemory is how many steps the quasi-Newton approximation remembers.
const lbfgsMemory = 10

// lbfgs minimises a smooth function in a box.
type lbfgs struct {
	// f returns the value at x and writes the gradient.
	f         func(x, gradient []float64) float64
	low, high []float64
	steps     int     // at most
	tolerance float64 // on the largest element of the projected gradient

	s, y [][]float64 // the latest steps and changes of the gradient
}

// minimise starts at x and returns where it ended and the value there. It is the method of
// Nocedal (Updating quasi-Newton matrices with limited storage, 1980) on the variables that
// no bound holds, with steps projected into the box and shortened until the value falls
// enough (Bertsekas, Projected Newton methods, 1982).
func (m *lbfgs) minimise(x []float64) ([]float64, float64) {
	n := len(x)
	x = append([]float64(nil), x...)
	g, next, nextG, d := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	m.s, m.y = nil, nil
	fx := m.f(x, g)
	for range m.steps {
		if m.free(x, g, d) <= m.tolerance {
			break
		}
		m.direct(d)
		if slope := dot(d, g); !(slope < 0) {
			m.s, m.y = nil, nil
			m.free(x, g, d)
		}
		value, ok := m.search(x, fx, g, d, next, nextG)
		if !ok {
			if len(m.s) == 0 {
				break
			}
			m.s, m.y = nil, nil // the approximation is no good; try steepest descent
			continue
		}
		m.remember(x, g, next, nextG)
		done := fx-value <= 1e-12*(math.Abs(fx)+1e-12)
		x, next, g, nextG, fx = next, x, nextG, g, value
		if done {
			break
		}
	}
	return x, fx
}

// free writes the negative gradient of the variables that no bound holds, and returns its
// largest element.
func (m *lbfgs) free(x, g, d []float64) (largest float64) {
	for i := range x {
		d[i] = -g[i]
		if x[i] <= m.low[i] && g[i] > 0 || x[i] >= m.high[i] && g[i] < 0 {
			d[i] = 0
		}
		largest = max(largest, math.Abs(d[i]))
	}
	return largest
}

// direct multiplies d by the approximate inverse Hessian, leaving held variables at 0.
func (m *lbfgs) direct(d []float64) {
	k := len(m.s)
	if k == 0 {
		return
	}
	held := make([]bool, len(d))
	for i := range d {
		held[i] = d[i] == 0
	}
	a := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		a[i] = dot(m.s[i], d) / dot(m.s[i], m.y[i])
		addScaled(d, -a[i], m.y[i])
	}
	last := k - 1
	scale := dot(m.s[last], m.y[last]) / dot(m.y[last], m.y[last])
	for i := range d {
		d[i] *= scale
	}
	for i := range k {
		b := dot(m.y[i], d) / dot(m.s[i], m.y[i])
		addScaled(d, a[i]-b, m.s[i])
	}
	for i := range d {
		if held[i] {
			d[i] = 0
		}
	}
}

// search shortens the step until the value falls by a share of what the slope promises.
func (m *lbfgs) search(x []float64, fx float64, g, d, next, nextG []float64) (float64, bool) {
	length := 1.0
	if len(m.s) == 0 {
		length = min(1, 1/math.Sqrt(dot(d, d)))
	}
	for range 25 {
		promised := 0.0
		for i := range x {
			next[i] = min(max(x[i]+float64(length*d[i]), m.low[i]), m.high[i])
			promised += float64(g[i] * (next[i] - x[i]))
		}
		if promised >= 0 {
			return 0, false
		}
		value := m.f(next, nextG)
		if value <= fx+float64(1e-4*promised) {
			return value, true
		}
		// The minimum of the parabola through both values and the slope.
		shorter := 0.5
		if value-fx-promised > 0 && !math.IsInf(value, 0) {
			shorter = min(max(-promised/(2*(value-fx-promised)), 0.1), 0.5)
		}
		length *= shorter
	}
	return 0, false
}

// remember adds a step whose curvature is positive.
func (m *lbfgs) remember(x, g, next, nextG []float64) {
	s, y := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		s[i], y[i] = next[i]-x[i], nextG[i]-g[i]
	}
	if !(dot(s, y) > 1e-14*math.Sqrt(float64(dot(s, s)*dot(y, y)))) {
		return
	}
	if len(m.s) == lbfgsMemory {
		m.s, m.y = m.s[1:], m.y[1:]
	}
	m.s, m.y = append(m.s, s), append(m.y, y)
}
