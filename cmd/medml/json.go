package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"medml"
)

// number is a float64 whose NaN and infinities are null in JSON.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// trialJSON is a trial as `sweep`, `leaderboard` and `show` print it.
type trialJSON struct {
	Number       int               `json:"number"`
	State        medml.State       `json:"state"`
	Value        number            `json:"value"`
	Low          number            `json:"ci_low"`
	High         number            `json:"ci_high"`
	Architecture string            `json:"architecture"`
	Params       medml.Params      `json:"params"`
	Epochs       int               `json:"epochs"`
	Seconds      float64           `json:"seconds"`
	Measures     map[string]number `json:"metrics,omitempty"`
	Reason       string            `json:"reason,omitempty"`
	Weights      string            `json:"weights,omitempty"`
	Paused       bool              `json:"paused,omitempty"`
	Objectives   []number          `json:"objectives,omitempty"`
	Constraints  []number          `json:"constraints,omitempty"` // at most 0 where met
	Seeds        []number          `json:"seeds,omitempty"`       // values of the repeats
	Score        *number           `json:"score,omitempty"`       // the mean over all seeds, of a repeated trial
}

func toTrialJSON(t medml.Trial) trialJSON {
	out := trialJSON{
		Number: t.Number, State: t.State, Value: number(t.Value), Low: number(t.Low), High: number(t.High),
		Architecture: t.Architecture(), Params: t.Params, Epochs: t.Epochs(),
		Seconds: math.Round(t.Seconds()*1000) / 1000, Reason: t.Reason, Weights: t.Weights,
	}
	out.Paused, out.Objectives, out.Constraints = t.Paused, numbers(t.Objectives), numbers(t.Constraints)
	for _, r := range t.Repeats {
		out.Seeds = append(out.Seeds, number(r.Value))
	}
	if score := number(t.Score()); len(t.Repeats) > 0 {
		out.Score = &score
	}
	for _, m := range meanMeasures(t) {
		if out.Measures == nil {
			out.Measures = map[string]number{}
		}
		out.Measures[m.Name] = number(m.Value)
	}
	return out
}

func numbers(xs []float64) []number {
	var out []number
	for _, x := range xs {
		out = append(out, number(x))
	}
	return out
}

// meanMeasures averages a trial's metrics over its runs, in their order.
func meanMeasures(t medml.Trial) []medml.Measure {
	var out []medml.Measure
	n := 0
	for _, r := range t.Runs {
		if len(r.Measures) == 0 {
			continue
		}
		if n == 0 {
			out = make([]medml.Measure, len(r.Measures))
		}
		n++
		for i, m := range r.Measures {
			out[i].Name = m.Name
			out[i].Value += m.Value
		}
	}
	for i := range out {
		out[i].Value /= float64(n)
	}
	return out
}

// studyJSON is a study with its leaderboard.
type studyJSON struct {
	Study     string           `json:"study"`
	State     medml.StudyState `json:"state"`
	Metric    string           `json:"metric"`
	Direction medml.Direction  `json:"direction"`
	// Objectives and Constraints name what the trials' lists of numbers are of; Front are the
	// numbers of the trials on the Pareto front.
	Objectives  []medml.Goal `json:"objectives,omitempty"`
	Constraints []string     `json:"constraints,omitempty"`
	Front       []int        `json:"front,omitempty"`
	Trials      []trialJSON  `json:"trials"`
	Best        *trialJSON   `json:"best"`
}

func toStudyJSON(s medml.Snapshot) studyJSON {
	out := studyJSON{Study: s.Study, State: s.State, Metric: s.Metric, Direction: s.Direction,
		Objectives: s.Goals, Constraints: s.Constraints, Front: s.Front(), Trials: []trialJSON{}}
	for _, t := range s.Ranked() {
		out.Trials = append(out.Trials, toTrialJSON(t))
	}
	if best, ok := s.Best(); ok {
		b := toTrialJSON(best)
		out.Best = &b
	}
	return out
}

// printJSON writes v on a line.
func printJSON(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", b)
	return err
}

func quote(s string) string { return strconv.Quote(s) }
