package search

import (
	"fmt"
	"slices"
)

// SelectEnsemble weighs models so that the weighted mean of their predictions has a low
// loss: greedy forward selection with replacement (Caruana, Niculescu-Mizil, Crew and
// Ksikes, Ensemble Selection from Libraries of Models, 2004), begun with as many of the best
// models as have the lowest loss together (their sorted initialisation), so that the result
// is never worse than the best single model on these predictions. They should be
// out-of-fold: each by a model that hasn't seen the row.
//
// predictions are [model][row·class], each of equal length; loss is lower where predictions
// are better, must be a function of them alone, and doesn't keep them. size is how many
// members the ensemble has at most, a model that is taken twice counted twice.
//
// weights sum to 1, one for each model. curve holds the loss of the ensemble's first 1, 2, …
// members, size of them; weights are those where it is lowest, the fewest members among
// equals. Of models that are equally good the one with the lower number is taken; a loss
// that isn't a number is worse than all. An error says what is wrong with the arguments, or
// that no model has a loss.
func SelectEnsemble(predictions [][]float64, loss func([]float64) float64, size int) (weights, curve []float64, err error) {
	if len(predictions) == 0 || size < 1 {
		return nil, nil, fmt.Errorf("select an ensemble of %d from %d models: both must be positive", size, len(predictions))
	}
	for i, p := range predictions {
		if len(p) != len(predictions[0]) {
			return nil, nil, fmt.Errorf("select an ensemble: model %d has %d predictions, model 0 has %d", i, len(p), len(predictions[0]))
		}
	}
	e := ensemble{predictions: predictions, loss: loss, sum: make([]float64, len(predictions[0])), mean: make([]float64, len(predictions[0]))}
	order, best := e.single()
	if best != best {
		return nil, nil, fmt.Errorf("select an ensemble: none of %d models has a loss", len(predictions))
	}
	e.begin(order, size)
	for len(e.members) < size {
		e.grow()
	}
	weights = make([]float64, len(predictions))
	n := leastAt(e.curve) + 1
	for _, i := range e.members[:n] {
		weights[i] += 1 / float64(n)
	}
	return weights, e.curve, nil
}

// ensemble is members in the order in which they were taken.
type ensemble struct {
	predictions [][]float64
	loss        func([]float64) float64
	members     []int
	sum         []float64 // of the members' predictions
	mean        []float64 // scratch
	curve       []float64
}

// single returns the models from best to worst, and the loss of the best.
func (e *ensemble) single() (order []int, best float64) {
	losses := make([]float64, len(e.predictions))
	for i := range e.predictions {
		losses[i] = e.with(i)
	}
	order = rising(len(losses))
	slices.SortStableFunc(order, func(i, j int) int {
		switch a, b := losses[i], losses[j]; {
		case a < b, a == a && b != b:
			return -1
		case b < a, b == b && a != a:
			return 1
		}
		return 0
	})
	return order, losses[order[0]]
}

// begin takes as many of the best models as have the lowest loss together.
func (e *ensemble) begin(order []int, size int) {
	for _, i := range order[:min(size, len(order))] {
		e.curve = append(e.curve, e.with(i))
		e.take(i)
	}
	n := leastAt(e.curve) + 1
	taken := e.members[:n]
	e.members, e.curve = nil, e.curve[:n]
	clear(e.sum)
	for _, i := range taken {
		e.take(i)
	}
}

// grow takes the model with which the loss is lowest.
func (e *ensemble) grow() {
	losses := make([]float64, len(e.predictions))
	for i := range losses {
		losses[i] = e.with(i)
	}
	best := leastAt(losses)
	e.curve = append(e.curve, losses[best])
	e.take(best)
}

// with returns the loss with one member more.
func (e *ensemble) with(model int) float64 {
	n := float64(len(e.members) + 1)
	for j, p := range e.predictions[model] {
		e.mean[j] = (e.sum[j] + p) / n
	}
	return e.loss(e.mean)
}

func (e *ensemble) take(model int) {
	e.members = append(e.members, model)
	for j, p := range e.predictions[model] {
		e.sum[j] += p
	}
}

// leastAt returns the place of the first lowest number, 0 if there is none.
func leastAt(losses []float64) int {
	least := 0
	for i, l := range losses {
		if l < losses[least] || losses[least] != losses[least] && l == l {
			least = i
		}
	}
	return least
}
