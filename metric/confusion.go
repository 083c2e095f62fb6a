package metric

import "math"

// counts is the table of actual against predicted classes.
type counts struct {
	n, classes   int
	cells        []int // [classes, classes]: actual, predicted
	actual, said []int // [classes]: the sums of rows and columns
}

func newCounts(classes int) counts {
	return counts{classes: classes, cells: make([]int, classes*classes), actual: make([]int, classes), said: make([]int, classes)}
}

// cells returns where in the table each example stands: [n].
func (p Predictions) cells() []int32 {
	at := make([]int32, len(p.Labels))
	for i, l := range p.Labels {
		at[i] = l*int32(p.Classes) + int32(p.predicted(i))
	}
	return at
}

// fill counts examples that stand at cells, each as often as its weight says.
func (c *counts) fill(cells, w []int32) {
	clear(c.cells)
	for i, at := range cells {
		c.cells[at] += int(w[i])
	}
	clear(c.actual)
	clear(c.said)
	c.n = 0
	for k := range c.classes {
		for j := range c.classes {
			x := c.at(k, j)
			c.actual[k] += x
			c.said[j] += x
			c.n += x
		}
	}
}

func count(p Predictions) counts {
	c := newCounts(p.Classes)
	c.fill(p.cells(), once(len(p.Labels)))
	return c
}

func (c counts) at(actual, said int) int { return c.cells[actual*c.classes+said] }

// trace is how many are right.
func (c counts) trace() int {
	sum := 0
	for k := range c.classes {
		sum += c.at(k, k)
	}
	return sum
}

// others is how many examples that aren't of class k are said not to be.
func (c counts) others(k int) int { return c.n - c.actual[k] - c.said[k] + c.at(k, k) }

// Each of these returns how many of how many.

func (c counts) right() (k, n int)                  { return c.trace(), c.n }
func (c counts) found(class int) (k, n int)         { return c.at(class, class), c.actual[class] }
func (c counts) cleared(class int) (k, n int)       { return c.others(class), c.n - c.actual[class] }
func (c counts) rightlySaid(class int) (k, n int)   { return c.at(class, class), c.said[class] }
func (c counts) rightlyDenied(class int) (k, n int) { return c.others(class), c.n - c.said[class] }

// quotient returns k/n, NaN for n = 0.
func quotient(k, n int) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(k) / float64(n)
}

// compared is counted for what compares classes: NaN where one has no example.
func compared(f func(counts) float64) func(Predictions) value {
	return counted(func(c counts) float64 {
		for _, n := range c.actual {
			if n == 0 {
				return math.NaN()
			}
		}
		return f(c)
	})
}

// overClasses is the mean of f over the classes.
func overClasses(f func(c counts, class int) float64) func(counts) float64 {
	return func(c counts) float64 {
		sum := 0.0
		for k := range c.classes {
			sum += f(c, k)
		}
		return sum / float64(c.classes)
	}
}
