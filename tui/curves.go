package tui

import (
	"slices"

	"medml"
)

// drawCurves returns a trial's learning curves by epoch in w × h cells: of the metric,
// the folds as dots and their mean as a line; of the loss, the means over the folds.
func (th theme) drawCurves(f *facts, t medml.Trial, losses bool, w, h int) []string {
	title, note := metricName(f)+" by epoch", "line mean, dots folds"
	if losses {
		title, note = "loss by epoch", "line train, dashed valid"
	}
	if len(t.Runs) < 2 && !losses {
		note = ""
	}
	lines := []string{th.rule(w, title, note)}
	p := plot{theme: th, w: w, h: h - 2}
	if losses {
		p.series = th.lossSeries(t)
	} else {
		p.series = th.metricSeries(t)
	}
	longest := 0
	var all []float64
	for _, s := range p.series {
		longest = max(longest, len(s.ys))
		all = append(all, finite(s.ys)...)
	}
	if len(all) == 0 || p.h < 2 {
		return th.fill(append(lines, th.note(w, "nothing trained yet")), w, h)
	}
	p.x0, p.x1 = 1, float64(max(2, longest))
	p.y0, p.y1 = curveRange(all, losses || f.Direction == medml.Minimize)
	lines = append(lines, p.lines()...)
	lines = append(lines, th.epochAxis(&p, longest))
	return th.fill(lines, w, h)
}

// curveRange returns the y range of learning curves. The worst tenth, mostly the first
// epochs, is left out where it would take more than half of the height.
func curveRange(all []float64, minimize bool) (low, high float64) {
	slices.Sort(all)
	n := len(all)
	low, high = all[0], all[n-1]
	if minimize && all[n-1-n/10]-low < (high-low)/2 {
		high = all[n-1-n/10]
	} else if !minimize && high-all[n/10] < (high-low)/2 {
		low = all[n/10]
	}
	if low == high {
		pad := max(1e-6, 0.01*max(high, -high))
		low, high = low-pad, high+pad
	}
	return low, high
}

// epochAxis names the first and the last epoch below a plot.
func (th theme) epochAxis(p *plot, longest int) string {
	r := th.row(p.w).space(p.axis+1).add(th.dim, "1")
	return r.end(th.dim, plural(longest, "epoch")).line()
}

func (th theme) metricSeries(t medml.Trial) []series {
	var all []series
	for _, run := range t.Runs {
		ys := make([]float64, len(run.Epochs))
		for i, e := range run.Epochs {
			ys[i] = e.Value
		}
		all = append(all, series{xs: epochs(len(ys)), ys: ys, stroke: points, ink: th.points, mark: "."})
	}
	ys := learningCurve(t)
	return append(all, series{xs: epochs(len(ys)), ys: ys, stroke: solid, ink: th.curve, mark: "*"})
}

func (th theme) lossSeries(t medml.Trial) []series {
	train := meanByEpoch(t, func(e medml.Epoch) float64 { return e.Loss })
	valid := meanByEpoch(t, func(e medml.Epoch) float64 { return e.ValidLoss })
	return []series{
		{xs: epochs(len(valid)), ys: valid, stroke: dashed, ink: th.alert, mark: "o"},
		{xs: epochs(len(train)), ys: train, stroke: solid, ink: th.curve, mark: "*"},
	}
}

// epochs returns 1, 2, …, n.
func epochs(n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(i + 1)
	}
	return xs
}
