package metric_test

import (
	"fmt"
	"math/rand/v2"

	"medml/metric"
)

func Example() {
	m, err := metric.Lookup("auroc")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Two benign, three malignant; a malignant one scores no higher than a benign one.
	p := metric.Predictions{
		Scores:  []float64{0.1, 0.4, 0.4, 0.7, 0.9},
		Classes: 2,
		Labels:  []int32{0, 0, 1, 1, 1},
	}
	low, high := m.Interval(p)
	fmt.Printf("%s %.4f (%.4f–%.4f)\n", m.Name, m.Compute(p), low, high)
	// Output: auroc 0.9167 (0.6857–1.0000)
}

func ExampleLookup() {
	p := metric.Predictions{
		Scores:  []float64{0.1, 0.2, 0.6, 0.3, 0.7, 0.9},
		Classes: 2,
		Labels:  []int32{0, 0, 0, 1, 1, 1},
	}
	// Without a false alarm two of the three are found.
	for _, name := range []string{"sensitivity@specificity=1", "specificity@sensitivity=1", "recall"} {
		m, err := metric.Lookup(name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s %.4f\n", m.Name, m.Compute(p))
	}
	// Output:
	// sensitivity@specificity=1 0.6667
	// specificity@sensitivity=1 0.6667
	// unknown metric "recall"; did you mean sensitivity?
}

// All scores alike make one threshold: the area is that of a coin.
func ExampleMetric_ties() {
	p := metric.Predictions{Scores: []float64{0.5, 0.5, 0.5, 0.5}, Classes: 2, Labels: []int32{0, 0, 0, 1}}
	for _, name := range []string{"auroc", "auprc"} {
		m, err := metric.Lookup(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, m.Compute(p))
	}
	// Output:
	// auroc 0.5
	// auprc 0.25
}

// A fold with one class has no AUROC.
func ExampleMetric_oneClass() {
	m, err := metric.Lookup("auroc")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Compute(metric.Predictions{Scores: []float64{0.2, 0.9}, Classes: 2, Labels: []int32{1, 1}}))
	// Output: NaN
}

func ExampleMeanInterval() {
	m, err := metric.Lookup("auroc")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Five folds of 364 patients to train and 91 to judge.
	low, high := metric.MeanInterval([]float64{0.991, 0.996, 0.989, 0.998, 0.994}, 364, 91, m)
	fmt.Printf("%.4f–%.4f\n", low, high)
	// Output: 0.9868–1.0000
}

// Eight visits of four patients: the interval is by resampling the patients, and what can't
// be said is said so.
func ExampleEvaluate() {
	p := metric.Predictions{
		Scores:  []float64{0.9, 0.3, 0.8, 0.2, 0.4, 0.1, 0.6, 0.2},
		Classes: 2,
		Labels:  []int32{1, 1, 1, 1, 0, 0, 0, 0},
	}
	var ms []metric.Metric
	for _, name := range []string{"accuracy", "brier", "rmse"} {
		m, err := metric.Lookup(name)
		if err == nil && m.Fits(metric.Classification, 2) == nil {
			ms = append(ms, m)
		}
	}
	o := metric.Options{Groups: []int{1, 1, 2, 2, 3, 3, 4, 4}, Rand: rand.New(rand.NewPCG(1, 2))}
	for _, e := range metric.Evaluate(ms, p, o) {
		fmt.Println(e, "by", e.Method)
	}
	p.Labels = []int32{0, 0, 0, 0, 0, 0, 0, 0}
	m, _ := metric.Lookup("auroc")
	fmt.Println(metric.Evaluate([]metric.Metric{m}, p, o)[0])
	// Output:
	// accuracy 0.625 (0.500–0.750) by bca bootstrap over patients
	// brier 0.219 (0.167–0.270) by bca bootstrap over patients
	// auroc undefined: no positive example
}

// The threshold is chosen on out-of-fold predictions, and judged on others.
func ExampleChoose() {
	outOfFold := metric.Predictions{
		Scores:  []float64{0.1, 0.2, 0.3, 0.3, 0.5, 0.6},
		Classes: 2,
		Labels:  []int32{0, 0, 1, 0, 1, 1},
	}
	at, err := metric.Choose(outOfFold, metric.Rule{Kind: "sensitivity", At: 0.9})
	if err != nil {
		fmt.Println(err)
		return
	}
	test := metric.Predictions{Scores: []float64{0.2, 0.4, 0.35, 0.7}, Classes: 2, Labels: []int32{0, 0, 1, 1}}
	op := metric.AtThreshold(test, at, metric.Options{})
	fmt.Println(*op.Threshold, op.Confusion)
	fmt.Println(op.Estimates[2])
	// Output:
	// 0.3 [[1 1] [0 2]]
	// sensitivity 1.000 (0.342–1.000)
}

// Two models that differ on five patients.
func ExampleMcNemarP() {
	p, method := metric.McNemarP(4, 1)
	fmt.Println(p, method)
	// Output: 0.375 mcnemar exact
}
