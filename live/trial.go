package live

import (
	"math"
	"slices"
	"time"

	"medml"
)

// trial is a medml.Trial in a page.
type trial struct {
	Number      int          `json:"number"`
	State       medml.State  `json:"state"`
	Paused      bool         `json:"paused,omitempty"`
	Params      medml.Params `json:"params,omitempty"`
	Value       number       `json:"value"`
	Low         number       `json:"ci_low"`
	High        number       `json:"ci_high"`
	Objectives  []number     `json:"objectives,omitempty"`
	Constraints []number     `json:"constraints,omitempty"`
	Runs        []run        `json:"runs,omitempty"`
	Repeats     []repeat     `json:"repeats,omitempty"`
	Weights     string       `json:"weights,omitempty"`
	WeightCount int          `json:"weight_count,omitempty"`
	Reason      string       `json:"reason,omitempty"`
	Artifact    string       `json:"artifact,omitempty"`
	Retries     int          `json:"retries,omitempty"`
	Crashes     int          `json:"crashes,omitempty"`
	Started     time.Time    `json:"started,omitzero"`
	Ended       time.Time    `json:"ended,omitzero"`
	// Generation stands for the run of a running trial, which goes on by epochs alone. A
	// client that has Skipped epochs of it is sent those that follow.
	Generation uint64 `json:"generation,omitempty"`
	Skipped    int    `json:"skipped,omitempty"`
}

type run struct {
	Fold     int       `json:"fold"`
	Epochs   epochs    `json:"epochs,omitempty"`
	Value    number    `json:"value"`
	Measures []measure `json:"metrics,omitempty"`
	Weights  string    `json:"weights,omitempty"`
}

type measure struct {
	Name  string `json:"name"`
	Value number `json:"value"`
}

type repeat struct {
	Seed    int    `json:"seed"`
	Value   number `json:"value"`
	Runs    []run  `json:"runs,omitempty"`
	Weights string `json:"weights,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

func toTrial(t medml.Trial) trial {
	out := trial{
		Number: t.Number, State: t.State, Paused: t.Paused, Params: t.Params,
		Value: number(t.Value), Low: number(t.Low), High: number(t.High),
		Objectives: toNumbers(t.Objectives), Constraints: toNumbers(t.Constraints),
		Runs: toRuns(t.Runs), Weights: t.Weights, WeightCount: t.WeightCount, Reason: t.Reason,
		Artifact: t.Artifact, Retries: t.Retries, Crashes: t.Crashes, Started: t.Started, Ended: t.Ended,
	}
	for _, r := range t.Repeats {
		out.Repeats = append(out.Repeats, repeat{r.Seed, number(r.Value), toRuns(r.Runs), r.Weights, r.Reason})
	}
	return out
}

func (t trial) trial() medml.Trial {
	out := medml.Trial{
		Number: t.Number, State: t.State, Paused: t.Paused, Params: t.Params,
		Value: float64(t.Value), Low: float64(t.Low), High: float64(t.High),
		Objectives: fromNumbers(t.Objectives), Constraints: fromNumbers(t.Constraints),
		Runs: fromRuns(t.Runs), Weights: t.Weights, WeightCount: t.WeightCount, Reason: t.Reason,
		Artifact: t.Artifact, Retries: t.Retries, Crashes: t.Crashes, Started: t.Started, Ended: t.Ended,
	}
	for _, r := range t.Repeats {
		out.Repeats = append(out.Repeats, medml.Repeat{
			Seed: r.Seed, Value: float64(r.Value), Runs: fromRuns(r.Runs), Weights: r.Weights, Reason: r.Reason,
		})
	}
	return out
}

func toRuns(rs []medml.Run) []run {
	var out []run
	for _, r := range rs {
		w := run{Fold: r.Fold, Epochs: r.Epochs, Value: number(r.Value), Weights: r.Weights}
		for _, m := range r.Measures {
			w.Measures = append(w.Measures, measure{m.Name, number(m.Value)})
		}
		out = append(out, w)
	}
	return out
}

func fromRuns(rs []run) []medml.Run {
	var out []medml.Run
	for _, r := range rs {
		m := medml.Run{Fold: r.Fold, Epochs: r.Epochs, Value: float64(r.Value), Weights: r.Weights}
		for _, x := range r.Measures {
			m.Measures = append(m.Measures, medml.Measure{Name: x.Name, Value: float64(x.Value)})
		}
		out = append(out, m)
	}
	return out
}

// rest returns the runs without the first n epochs; a run that is left without any goes,
// but for one that has none to begin with.
func rest(rs []medml.Run, n int) []medml.Run {
	var out []medml.Run
	for _, r := range rs {
		skip := min(n, len(r.Epochs))
		n -= skip
		if r.Epochs = r.Epochs[skip:]; len(r.Epochs) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// join returns runs with the epochs of more behind them. Snapshots that hold the runs
// don't change: what they see is copied or lies before what is appended.
func join(rs, more []medml.Run) []medml.Run {
	rs = slices.Clone(rs)
	for _, m := range more {
		if len(rs) == 0 || rs[len(rs)-1].Fold != m.Fold {
			rs = append(rs, medml.Run{Fold: m.Fold, Value: math.NaN()})
		}
		last := &rs[len(rs)-1]
		last.Epochs = append(last.Epochs, m.Epochs...)
	}
	return rs
}
