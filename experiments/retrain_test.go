package experiments

import (
	"context"
	"math"
	"testing"

	"medml"
)

// unwatched is a monitor of a run that nobody looks at.
type unwatched struct{}

func (unwatched) Report(int, medml.Epoch) error { return nil }
func (unwatched) Step() (bool, error)           { return false, nil }
func (unwatched) Save([]byte) error             { return nil }
func (unwatched) Resume() ([]byte, []medml.Run) { return nil, nil }

// A model of several seeds says the mean of what the models of each say, in and out of fold,
// and what is kept of the first seed is taken for it.
func TestAModelOfSeveralSeedsIsTheirMean(t *testing.T) {
	j := job(t)
	study, err := j.Study(nil)
	if err != nil {
		t.Fatal(err)
	}
	trial, err := study.Ask()
	if err != nil {
		t.Fatal(err)
	}
	alone := make([]*Predictor, 3)
	var kept []byte
	for seed := range alone {
		r, err := j.Trainer.Keeping().Objective(context.Background(), medml.Trial{Number: trial.Number, Params: trial.Params, Seed: seed}, unwatched{})
		if err != nil {
			t.Fatal(err)
		}
		searched := medml.Trial{Number: trial.Number, Params: trial.Params, Weights: r.Weights}
		if seed == 0 {
			kept, trial.Weights = r.Artifact, r.Weights
		}
		if alone[seed], err = j.Retrain(context.Background(), searched, 1, r.Artifact, nil); err != nil {
			t.Fatal(err)
		}
	}
	together, err := j.Retrain(context.Background(), trial, len(alone), kept, func(int) medml.Monitor { return unwatched{} })
	if err != nil {
		t.Fatal(err)
	}
	rows := []int{0, 3, 7}
	for name, says := range map[string]func(p *Predictor) []float64{
		"on new cases": func(p *Predictor) []float64 {
			scores, err := p.predict(j.data, rows)
			if err != nil {
				t.Fatal(err)
			}
			return scores
		},
		"out of fold": func(p *Predictor) []float64 { return p.outOfFold().scores },
	} {
		got := says(together)
		mean, differ := make([]float64, len(got)), false
		for _, p := range alone {
			for i, x := range says(p) {
				mean[i] += x / float64(len(alone))
			}
		}
		for i, x := range got {
			if math.Abs(x-mean[i]) > 1e-12 {
				t.Errorf("%s: number %d is %v, the mean of the seeds %v", name, i, x, mean[i])
			}
			differ = differ || math.Abs(x-says(alone[0])[i]) > 1e-3
		}
		if !differ {
			t.Errorf("%s: the seeds say the same", name)
		}
	}
}
