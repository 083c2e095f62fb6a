package metric_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"medml/internal/elementary"
	"medml/metric"
)

// world is a truth that studies are drawn from: what each metric is of everybody, seen in
// millions drawn once; the long form draws them again.
type world struct {
	name      string
	truths    map[string]float64
	size      int // patients of a study
	everybody int
	least     float64 // the coverage that the long form asks for, of at most
	most      float64
	study     func(rng *rand.Rand, patients int) (metric.Predictions, []int)
}

func gauss(rng *rand.Rand) float64 { return elementary.NormQuantile(rng.Float64()) }

// separable are patients of whom 2 of 5 are ill and whose log odds are normal, apart by as
// much as makes the probabilities right.
func separable() world {
	study := func(rng *rand.Rand, n int) (metric.Predictions, []int) {
		p := metric.Predictions{Classes: 2}
		for i := range n {
			label := float64(i % 5 / 3)
			odds := math.Log(2.0/3) + 1.5*(1.5*(label-0.5)+gauss(rng))
			p.Labels = append(p.Labels, int32(label))
			p.Scores = append(p.Scores, elementary.Sigmoid(odds))
		}
		return p, nil
	}
	return world{"two classes", map[string]float64{
		"auroc": 0.85539, "accuracy": 0.78123, "sensitivity": 0.68447, "balanced_accuracy": 0.76510, "auprc": 0.80232, "f1": 0.71453, "mcc": 0.53911,
		"kappa": 0.53775, "brier": 0.15015, "log_loss": 0.45980, "min_se_ppv": 0.72484, "sensitivity@specificity=0.9": 0.58593,
	}, 200, 4_000_000, 0.93, 0.97, study}
}

// clustered are patients with four rows each, alike within a patient.
func clustered() world {
	study := func(rng *rand.Rand, patients int) (metric.Predictions, []int) {
		p := metric.Predictions{Classes: 2}
		var groups []int
		for i := range patients {
			label := int32(i % 2)
			own := gauss(rng)
			for range 4 {
				p.Labels, groups = append(p.Labels, label), append(groups, i)
				p.Scores = append(p.Scores, elementary.Sigmoid(1.5*float64(label)-0.75+own+0.7*gauss(rng)))
			}
		}
		return p, groups
	}
	return world{"four rows a patient", map[string]float64{"auroc": 0.80753, "accuracy": 0.73019, "auprc": 0.80315, "brier": 0.17906},
		120, 1_000_000, 0.93, 0.97, study}
}

// lesions are patients with one to six rows, some of them ill, alike within a patient: the
// patient's own level moves the scores of both classes.
func lesions() world {
	study := func(rng *rand.Rand, patients int) (metric.Predictions, []int) {
		p := metric.Predictions{Classes: 2}
		var groups []int
		for i := range patients {
			own, risk := gauss(rng), rng.Float64()
			for range 1 + i%6 {
				label := int32(0)
				if rng.Float64() < risk {
					label = 1
				}
				p.Labels, groups = append(p.Labels, label), append(groups, i)
				p.Scores = append(p.Scores, elementary.Sigmoid(1.2*float64(label)+0.8*(risk-0.5)+0.8*own+0.6*gauss(rng)))
			}
		}
		return p, groups
	}
	return world{"both classes in a patient", map[string]float64{"auroc": 0.84588, "auroc@class=0": 0.84588, "brier": 0.17880}, 60, 1_200_000, 0.93, 0.97, study}
}

// overconfident are patients whose odds are said twice as far from even as they are. How
// many are ill is left to chance.
func overconfident() world {
	study := func(rng *rand.Rand, n int) (metric.Predictions, []int) {
		p := metric.Predictions{Classes: 2}
		for range n {
			add(&p, rng, 1.5*gauss(rng)-0.4, 2, 0)
		}
		return p, nil
	}
	return world{"overconfident", map[string]float64{"ece": 0.10089, "ece@bins=5": 0.09876}, 200, 4_000_000, 0.93, 0.98, study}
}

// overestimated are patients with four rows, for whom all risks are said too high.
func overestimated() world {
	study := func(rng *rand.Rand, n int) (metric.Predictions, []int) {
		p, groups := metric.Predictions{Classes: 2}, []int{}
		for patient := range n {
			own := gauss(rng)
			for range 4 {
				add(&p, rng, own+gauss(rng)-0.4, 1, 0.7)
				groups = append(groups, patient)
			}
		}
		return p, groups
	}
	return world{"risks too high, four rows a patient", map[string]float64{"ece": 0.12684}, 100, 1_000_000, 0.93, 0.98, study}
}

// add appends a row of those log odds, said to be so many times that, and as much more.
func add(p *metric.Predictions, rng *rand.Rand, odds, times, more float64) {
	label := int32(0)
	if rng.Float64() < elementary.Sigmoid(odds) {
		label = 1
	}
	p.Labels = append(p.Labels, label)
	p.Scores = append(p.Scores, elementary.Sigmoid(times*odds+more))
}

// threeKinds are three classes with probabilities.
func threeKinds() world {
	study := func(rng *rand.Rand, n int) (metric.Predictions, []int) {
		p := metric.Predictions{Classes: 3}
		for i := range n {
			var z [3]float64
			for c := range z {
				z[c] = gauss(rng)
			}
			z[i%3] += 1.2
			sum := elementary.Exp(z[0]) + elementary.Exp(z[1]) + elementary.Exp(z[2])
			p.Labels = append(p.Labels, int32(i%3))
			for _, x := range z {
				p.Scores = append(p.Scores, elementary.Exp(x)/sum)
			}
		}
		return p, nil
	}
	return world{"three classes", map[string]float64{
		"auroc": 0.85935, "balanced_accuracy": 0.69018, "f1_macro": 0.68959, "sensitivity@class=2": 0.69018, "kappa": 0.53439, "log_loss": 0.72218,
	}, 210, 3_000_000, 0.93, 0.97, study}
}

// few are the same as separable, but 30 of them.
func few() world {
	w := separable()
	w.name, w.size = "30 patients", 30
	w.truths = map[string]float64{"auprc": w.truths["auprc"], "brier": w.truths["brier"], "log_loss": w.truths["log_loss"], "balanced_accuracy": w.truths["balanced_accuracy"]}
	return w
}

// measured are numbers with normal errors.
func measured() world {
	return world{"numbers", map[string]float64{
		"mae": 0.31916, "rmse": 0.40003, "mse": 0.16002, "r2": 0.84013, "pearson": 0.92856, "spearman": 0.92207, "mape": 0.03224,
	}, 200, 4_000_000, 0.93, 0.97, erring(func(rng *rand.Rand) float64 { return 0.4 * gauss(rng) })}
}

// strayed are numbers with errors of a heavy and a light tail.
func strayed() world {
	return world{"numbers with a heavy tail", map[string]float64{"mae": 0.31230, "rmse": 0.41260, "mse": 0.17024, "r2": 0.82998},
		150, 4_000_000, 0.93, 0.97, erring(func(rng *rand.Rand) float64 {
			z := gauss(rng)
			return 0.3*gauss(rng) + 0.2*(z*z-1)
		})}
}

// fewMeasured are the same as measured, but 30 of them.
func fewMeasured() world {
	w := measured()
	w.name, w.size = "30 numbers", 30
	w.truths = map[string]float64{"mae": w.truths["mae"], "rmse": w.truths["rmse"], "mse": w.truths["mse"], "r2": w.truths["r2"]}
	return w
}

// visited are patients with one to seven numbers each, alike within a patient, as are the
// errors.
func visited() world {
	study := func(rng *rand.Rand, patients int) (metric.Predictions, []int) {
		var p metric.Predictions
		var groups []int
		for i := range patients {
			level, wrong := gauss(rng), gauss(rng)
			for range 1 + i%7 {
				y := 10 + 0.8*level + 0.6*gauss(rng)
				p.Targets, groups = append(p.Targets, y), append(groups, i)
				p.Scores = append(p.Scores, y+0.3*wrong+0.25*gauss(rng))
			}
		}
		return p, groups
	}
	return world{"numbers, one to seven a patient", map[string]float64{"mae": 0.31158, "rmse": 0.39051, "mse": 0.15250, "r2": 0.84750},
		80, 1_000_000, 0.93, 0.97, study}
}

func erring(by func(rng *rand.Rand) float64) func(rng *rand.Rand, n int) (metric.Predictions, []int) {
	return func(rng *rand.Rand, n int) (p metric.Predictions, _ []int) {
		for range n {
			y := 10 + gauss(rng)
			p.Targets = append(p.Targets, y)
			p.Scores = append(p.Scores, y+by(rng))
		}
		return p, nil
	}
}

// Of 100 intervals 95 are to hold the truth. The short form draws 150 studies a world and
// can see only what is far off; with MEDML_LONG they are at least 2,000, and 95 ± 2 is
// asked for.
func TestBootstrapIntervalsCoverTheTruth(t *testing.T) {
	studies, draws, slack := 150, 300, 0.05
	long, _ := strconv.Atoi(os.Getenv("MEDML_LONG"))
	if long > 0 {
		studies, draws, slack = max(2000, long), 1000, 0
	}
	for _, w := range []world{separable(), few(), clustered(), lesions(), overconfident(), overestimated(), threeKinds(), measured(), fewMeasured(), visited(), strayed()} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			var ms []metric.Metric
			for _, name := range slices.Sorted(maps.Keys(w.truths)) {
				ms = append(ms, lookup(t, name))
			}
			if long > 0 {
				everybody, _ := w.study(stream(1), w.everybody)
				for _, m := range ms {
					near(t, m.Name+" of everybody", w.truths[m.Name], m.Compute(everybody), 0.002)
				}
			}
			below, above := map[string]int{}, map[string]int{}
			rng := stream(11)
			for range studies {
				p, groups := w.study(rng, w.size)
				for _, e := range metric.Evaluate(ms, p, metric.Options{Groups: groups, Draws: draws, Rand: rng}) {
					if truth := w.truths[e.Metric]; truth < e.Low {
						below[e.Metric]++
					} else if !(truth <= e.High) {
						above[e.Metric]++
					}
				}
			}
			for _, m := range ms {
				under, over := float64(below[m.Name])/float64(studies), float64(above[m.Name])/float64(studies)
				t.Logf("%-28s %.4f; the truth is below in %.4f and above in %.4f", m.Name, 1-under-over, under, over)
				if held := 1 - under - over; held < w.least-slack-1e-9 || held > w.most+slack/2 {
					t.Errorf("the interval of %s holds the truth in %.4f of %d studies", m.Name, held, studies)
				}
			}
		})
	}
}
