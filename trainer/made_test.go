package trainer_test

import (
	"math"
	"slices"
	"testing"

	"medml/dataset"
	"medml/trainer"
)

func TestPositiveWeightStandsBesideTheClassWeights(t *testing.T) {
	if got := trainer.Weighted([]float64{0.5, 2}, 3); !slices.Equal(got, []float64{0.5, 6}) {
		t.Errorf("balanced: %v", got)
	}
	if got := trainer.Weighted(nil, 3); !slices.Equal(got, []float64{1, 3}) {
		t.Errorf("alone: %v", got)
	}
}

func TestMomentumIsOfSGDAloneAndNesterovs(t *testing.T) {
	tr := setup(t, dataset.Classification, table(30, twoClasses), "auroc", 1)
	for _, c := range []struct {
		optimizer string
		momentum  float64
		want      float64
		nesterov  bool
	}{{"sgd", 0.9, 0.9, true}, {"sgd", 0, 0, false}, {"adamw", 0.9, 0, false}} {
		got, err := tr.OptimizerConfig(trial(0, "mlp", "optimizer", c.optimizer, "momentum", c.momentum, "weight_decay", 0.01))
		if err != nil || got.Momentum != c.want || got.Nesterov != c.nesterov || got.WeightDecay != 0.01 {
			t.Errorf("%s with %v: %+v, %v", c.optimizer, c.momentum, got, err)
		}
	}
}

// Amounts are in standard deviations of the channels of what is trained on.
func TestLevelsAreThoseOfTheTrainingPart(t *testing.T) {
	tr := setup(t, dataset.Classification, table(60, twoClasses), "auroc", 1)
	for row := range 10 {
		tr.Spoil(0, row)
	}
	m, l := tr.Train(0), tr.Levels(0)
	for c := range 2 { // of examples [3, 2]
		var of []float64
		for i := c; i < len(m.X); i += 2 {
			of = append(of, float64(m.X[i]))
		}
		mean, square := 0.0, 0.0
		for _, x := range of {
			mean += x / float64(len(of))
		}
		for _, x := range of {
			square += math.Pow(x-mean, 2) / float64(len(of))
		}
		if len(l.Mean) != 2 || math.Abs(float64(l.Mean[c])-mean) > 1e-6 || math.Abs(float64(l.SD[c])-math.Sqrt(square)) > 1e-6 {
			t.Errorf("channel %d: %+v, want %v and %v", c, l, mean, math.Sqrt(square))
		}
	}
	if l.Mean[0] < 0.1 {
		t.Error("the examples are around 0, which hides mistakes")
	}
}
