package experiments

import (
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/search"
	"medml/trainer"
)

// Combination is an ensemble of a study's trials: the weighted mean of their predictions.
type Combination struct {
	Members []Member // the heaviest first
	// Value is the objective of the mean of the members' predictions out of fold, with its
	// interval. The members were chosen on the same predictions, which flatters it.
	Value, Low, High float64
	// Candidates is how many trials there were to choose from, Best the best of them alone
	// and Single its value.
	Candidates, Best int
	Single           float64
}

// Member is a trial of an ensemble.
type Member struct {
	Trial  int     `json:"trial"`
	Weight float64 `json:"weight"` // of 1
}

// Combine selects an ensemble of at most size members, a trial that is taken twice counted
// twice, from the trials whose models are kept; artifact returns what is kept of a trial.
func (j *Job) Combine(trials []medml.Trial, artifact func(number int) ([]byte, error), size int) (Combination, error) {
	var library []kept
	for _, t := range trials {
		if t.State != medml.Complete || t.Artifact == "" || !t.Feasible() {
			continue
		}
		k, err := openKept(t.Number, artifact)
		if err != nil {
			return Combination{}, err
		}
		library = append(library, k)
	}
	if len(library) == 0 {
		return Combination{}, fmt.Errorf("no complete trial's models are kept: write ensemble: {size: %d} into the experiment before its sweep", size)
	}
	predictions := make([][]float64, len(library))
	for i, k := range library {
		if !slices.Equal(k.lengths(), library[0].lengths()) {
			return Combination{}, fmt.Errorf("trials %d and %d were not judged on the same folds", library[0].number, k.number)
		}
		predictions[i] = slices.Concat(k.folds...)
	}
	weights, _, err := search.SelectEnsemble(predictions, j.loss(library[0]), size)
	if err != nil {
		return Combination{}, err
	}
	return j.combined(library, weights)
}

// combined judges the ensemble of these weights.
func (j *Job) combined(library []kept, weights []float64) (Combination, error) {
	c := Combination{Candidates: len(library), Best: -1, Single: math.NaN()}
	mean := make([]float64, len(slices.Concat(library[0].folds...)))
	for i, k := range library {
		value, _, _, err := j.Trainer.Assess(k.folds)
		if err != nil {
			return c, fmt.Errorf("trial %d: %w", k.number, err)
		}
		if j.spec.Objective.Direction.Better(value, c.Single) {
			c.Best, c.Single = k.number, value
		}
		if weights[i] == 0 {
			continue
		}
		c.Members = append(c.Members, Member{k.number, weights[i]})
		for at, p := range slices.Concat(k.folds...) {
			mean[at] += float64(weights[i] * p)
		}
	}
	slices.SortStableFunc(c.Members, func(a, b Member) int {
		switch {
		case a.Weight > b.Weight:
			return -1
		case a.Weight < b.Weight:
			return 1
		}
		return a.Trial - b.Trial
	})
	var err error
	c.Value, c.Low, c.High, err = j.Trainer.Assess(library[0].cut(mean))
	return c, err
}

// loss is what the selection lowers: the objective, turned so that less is better.
func (j *Job) loss(like kept) func([]float64) float64 {
	return func(predictions []float64) float64 {
		value, _, _, err := j.Trainer.Assess(like.cut(predictions))
		if err != nil {
			return math.NaN()
		}
		if j.spec.Objective.Direction == medml.Maximize {
			return -value
		}
		return value
	}
}

// kept are the predictions out of fold of a trial whose models are kept.
type kept struct {
	number int
	folds  [][]float64 // [fold][row·class]
}

func openKept(number int, artifact func(int) ([]byte, error)) (kept, error) {
	k := kept{number: number}
	b, err := artifact(number)
	if err != nil {
		return k, err
	}
	a, err := trainer.OpenArtifact(b)
	if err != nil {
		return k, fmt.Errorf("the models of trial %d: %w", number, err)
	}
	for _, f := range a.Folds {
		k.folds = append(k.folds, f.Scores)
	}
	return k, nil
}

func (k kept) lengths() []int {
	n := make([]int, len(k.folds))
	for i, f := range k.folds {
		n[i] = len(f)
	}
	return n
}

// cut divides predictions of all rows into those of the folds.
func (k kept) cut(predictions []float64) [][]float64 {
	folds := make([][]float64, len(k.folds))
	for i, n := range k.lengths() {
		folds[i], predictions = predictions[:n:n], predictions[n:]
	}
	return folds
}

// EnsembleSize is how many members the experiment's ensemble has at most, 0 without one.
func (j *Job) EnsembleSize() int { return j.spec.Ensemble.Size }
