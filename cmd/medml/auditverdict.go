package main

import (
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/metric"
)

// countJSON is a count of audited trials as a share of them, with its 95 % interval.
type countJSON struct {
	Count int    `json:"count"`
	Share number `json:"share"`
	Low   number `json:"ci_low"`
	High  number `json:"ci_high"`
}

func countOf(k, n int) countJSON {
	low, high := metric.Wilson(k, n)
	return countJSON{k, number(float64(k) / float64(n)), number(low), number(high)}
}

// auditedJSON is a pruned trial that was trained to the end.
type auditedJSON struct {
	Number int    `json:"number"`
	Epochs int    `json:"pruned_after"`
	Pruned number `json:"pruned_value"`
	Value  number `json:"value"`
	// Rank is its place among the complete trials, from 1; 0 where it has none.
	Rank   int    `json:"rank"`
	Reason string `json:"reason,omitempty"`
}

// pruningJSON is what `audit --json` prints.
type pruningJSON struct {
	Study    string    `json:"study"`
	Metric   string    `json:"metric"`
	Pruned   int       `json:"pruned"`
	Audited  int       `json:"audited"`
	Best     number    `json:"best"` // of the study's complete trials
	BeatBest countJSON `json:"beat_best"`
	TopTenth countJSON `json:"top_tenth"`
	// Regret is by how much the best audited trial would have been better than the best.
	Regret number `json:"regret"`
	// Saved is how many epochs the pruned trials weren't trained, SavedShare which share of
	// all that the study would have trained without pruning.
	Saved      int           `json:"epochs_saved"`
	SavedShare number        `json:"epochs_saved_share"`
	Trials     []auditedJSON `json:"trials"`
}

// judgePruning holds the audited trials against the complete ones.
func judgePruning(s medml.Snapshot, audits map[int]medml.Repeat) pruningJSON {
	v := pruningJSON{Study: s.Study, Metric: s.Metric, Best: number(math.NaN()), Trials: []auditedJSON{}}
	v.count(s)
	complete := completeValues(s)
	if len(complete) > 0 {
		v.Best = number(complete[0])
	}
	best, top := 0, 0
	for _, t := range s.Trials {
		rep, ok := audits[t.Number]
		if !ok {
			continue
		}
		a := auditedJSON{Number: t.Number, Epochs: t.Epochs(), Pruned: number(t.Value), Value: number(rep.Value), Reason: rep.Reason}
		if rep.Reason == "" && rep.Value == rep.Value {
			a.Rank = rankAmong(s.Direction, complete, rep.Value)
		}
		if a.Rank == 1 && len(complete) > 0 {
			best++
			v.Regret = number(max(float64(v.Regret), math.Abs(rep.Value-complete[0])))
		}
		if a.Rank > 0 && 10*(a.Rank-1) < len(complete)+1 {
			top++
		}
		v.Trials = append(v.Trials, a)
	}
	v.Audited = len(v.Trials)
	v.BeatBest, v.TopTenth = countOf(best, v.Audited), countOf(top, v.Audited)
	return v
}

// count counts the pruned trials, and the epochs that they weren't trained.
func (v *pruningJSON) count(s medml.Snapshot) {
	full, length := 0, s.Folds*s.Epochs
	for _, t := range s.Trials {
		if t.State == medml.Complete {
			length = t.Epochs() // also where a step is a share of the data
		}
	}
	for _, t := range s.Trials {
		full += t.Epochs()
		if wasPruned(t) {
			saved := max(0, length-t.Epochs())
			v.Pruned, v.Saved, full = v.Pruned+1, v.Saved+saved, full+saved
		}
	}
	v.SavedShare = number(float64(v.Saved) / float64(max(1, full)))
}

// completeValues returns the values of the trials that could be best, the best first.
func completeValues(s medml.Snapshot) []float64 {
	var values []float64
	for _, t := range s.Trials {
		if t.State == medml.Complete && t.Feasible() && t.Value == t.Value {
			values = append(values, t.Value)
		}
	}
	slices.Sort(values)
	if s.Direction == medml.Maximize {
		slices.Reverse(values)
	}
	return values
}

// rankAmong returns the place, from 1, that a value would have behind its equals.
func rankAmong(d medml.Direction, values []float64, value float64) int {
	rank := 1
	for _, v := range values {
		if !d.Better(value, v) {
			rank++
		}
	}
	return rank
}

func (v pruningJSON) print(e *env, asJSON bool) error {
	if asJSON {
		return printJSON(e.out, v)
	}
	out := fmt.Sprintf("%s: %d of %d pruned trials audited\n", v.Study, v.Audited, v.Pruned)
	line := func(what string, c countJSON) {
		out += fmt.Sprintf("  %s  %d, %.1f %% (95 %% interval %.1f to %.1f %%)\n", what, c.Count, 100*c.Share, 100*c.Low, 100*c.High)
	}
	if v.Audited > 0 {
		line("would have been the best        ", v.BeatBest)
		line("would have been in the top tenth", v.TopTenth)
		out += fmt.Sprintf("  %s lost by pruning %.4f (the best has %.4f)\n", v.Metric, v.Regret, v.Best)
	}
	out += fmt.Sprintf("  epochs saved by pruning  %d, %.1f %% of what all trials would have taken\n", v.Saved, 100*v.SavedShare)
	_, err := fmt.Fprint(e.out, out)
	return err
}
