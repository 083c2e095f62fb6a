package metric

import "math"

// value is a metric on some predictions as a function of how often each row counts, [n]
// whole numbers. What doesn't depend on that, the order of the scores above all, has been
// done when it is made: a bootstrap asks it thousands of times. It is NaN where undefined,
// and keeps scratch of its own, so that one goroutine at a time may call it.
type value func(weights []int32) float64

// judge makes the metric whose predictions must pass a check, which says in a few words
// what is wrong with them, and whose value is had from over.
func judge(m Metric, check func(Predictions) string, over func(Predictions) value) Metric {
	m.check, m.over = check, over
	m.Compute = func(p Predictions) float64 {
		if check(p) != "" {
			return math.NaN()
		}
		return over(p)(once(p.rows()))
	}
	return m
}

// once is the weights of n rows that count once each.
func once(n int) []int32 {
	w := make([]int32, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// counted is the value of a metric on the table of actual against predicted classes.
func counted(f func(counts) float64) func(Predictions) value {
	return func(p Predictions) value {
		c, cells := newCounts(p.Classes), p.cells()
		return func(w []int32) float64 {
			c.fill(cells, w)
			return f(c)
		}
	}
}

// ranked is the value of a metric on the curve of a class's scores against the rest: with
// two classes of class 1, with more the unweighted mean over all (macro average). It is
// NaN where a class, or its rest, is missing.
func ranked(f func([]point) float64) func(Predictions) value {
	return func(p Predictions) value {
		classes := []ranking{rank(p.column(1), p.Labels, 1)}
		if p.Classes > 2 {
			classes = make([]ranking, p.Classes)
			for c := range classes {
				classes[c] = rank(p.column(c), p.Labels, c)
			}
		}
		return func(w []int32) float64 {
			sum := 0.0
			for c := range classes {
				sum += twoSided(f, classes[c].points(w))
			}
			return sum / float64(len(classes))
		}
	}
}

// twoSided is f of a curve with both positives and negatives, NaN of another.
func twoSided(f func([]point) float64, points []point) float64 {
	if len(points) == 0 {
		return math.NaN()
	}
	if all := points[len(points)-1]; all.tp == 0 || all.fp == 0 {
		return math.NaN()
	}
	return f(points)
}

// averaged is the value of a metric on the mean of a loss, which losses has of each row:
// [n], of a row with several numbers their sum.
func averaged(losses func(Predictions) []float64, finish func(mean float64) float64) func(Predictions) value {
	return func(p Predictions) value {
		of, width := losses(p), p.width()
		return func(w []int32) float64 {
			sum, n := 0.0, 0
			for i, x := range of {
				sum += float64(float64(w[i]) * x)
				n += int(w[i])
			}
			return finish(sum / float64(n*width))
		}
	}
}

func same(x float64) float64 { return x }
