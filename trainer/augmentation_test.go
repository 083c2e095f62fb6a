package trainer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/augment"
	"medml/dataset"
	"medml/metric"
	"medml/nn"
	"medml/trainer"
)

// imaged makes a trainer on images of a pixel's height and width in each of two halves: the
// six features of the table as [3, 2, 1].
func imaged(t testing.TB, csv, metricName string) *trainer.Trainer {
	t.Helper()
	c := dataset.Config{Source: "test.csv", Target: "y", Positive: "ill", Shape: []int{3, 2, 1}}
	c.Split.Folds = 3
	c = c.Resolved(dataset.Classification)
	d, err := dataset.Read("test.csv", strings.NewReader(csv), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	splits, err := d.Split(c.Split, medml.Stream(5, "split"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := metric.Lookup(metricName)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trainer.New(trainer.Config{Seed: 9, Task: dataset.Classification, Metric: m, Epochs: 2}, d, splits.Folds, c.Preprocess)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// amounts are every hyperparameter that changes examples, with a value that does, and what
// examples it is for.
var amounts = []struct {
	name   string
	value  any
	signal bool
	image  bool
}{
	{"flip", "both", false, true}, {"rotate", 20.0, false, true}, {"shift", 0.3, false, true}, {"zoom", 0.3, false, true},
	{"elastic", 0.1, false, true}, {"brightness", 0.3, true, true}, {"contrast", 0.3, true, true}, {"cutout", 0.5, true, true},
	{"mixup", 0.4, true, true}, {"jitter", 0.2, true, true}, {"scaling", 0.2, true, true}, {"warp", 0.5, true, false},
	{"crop", 0.5, true, false}, {"channel_dropout", 0.5, true, false}, // of the image's one channel nothing can be dropped
	{"sampling", "balanced", true, true}, {"positive_weight", 3.0, true, true},
	{"ema", 0.9, true, true},
}

func TestEveryAmountChangesTheTrainingAndIsTheSameAgain(t *testing.T) {
	csv := table(60, twoClasses)
	for kind, tr := range map[string]*trainer.Trainer{
		"signal": setup(t, dataset.Classification, csv, "auroc", 2), "image": imaged(t, csv, "auroc"),
	} {
		plain := train(t, tr, trial(0, "mlp", "batch_size", 16)).Weights
		seen := map[string]string{plain: "nothing"}
		for _, a := range amounts {
			fits := kind == "signal" && a.signal || kind == "image" && a.image
			of := trial(0, "mlp", "batch_size", 16, a.name, a.value)
			if _, err := tr.Need(of); (err == nil) != (fits || a.name == "channel_dropout") {
				t.Errorf("%s of a %s: %v", a.name, kind, err)
			}
			if !fits {
				continue
			}
			got := train(t, tr, of).Weights
			if other, ok := seen[got]; ok {
				t.Errorf("%s of a %s trains as %s does", a.name, kind, other)
			}
			seen[got] = a.name
			if again := train(t, tr, of).Weights; again != got {
				t.Errorf("%s of a %s trains to other bits when it trains again", a.name, kind)
			}
		}
	}
	names := 0
	for _, h := range trainer.Hyperparameters() {
		if h.Later {
			names++
		}
	}
	if names != len(amounts)+3 { // tta changes no training, and there are no covariates here
		t.Errorf("%d of %d hyperparameters are tested", len(amounts), names)
	}
}

// With a learning rate of next to nothing the weights stay the same, and so do the scores:
// unless what is judged is changed like what is trained on.
func TestWhatIsJudgedIsNeverChanged(t *testing.T) {
	tr := setup(t, dataset.Classification, table(60, twoClasses), "log_loss", 1)
	of := []any{"learning_rate", 1e-9, "optimizer", "sgd"}
	plain := train(t, tr, trial(0, "mlp", of...)).Value
	for _, a := range amounts {
		if a.signal {
			if v := train(t, tr, trial(0, "mlp", append(slices.Clone(of), a.name, a.value)...)).Value; math.Abs(v-plain) > 1e-6 {
				t.Errorf("%s: the validation part's loss is %v, and %v without", a.name, v, plain)
			}
		}
	}
}

// Folds and trials draw from streams of their own, and a repeat from others.
func TestAugmentationDrawsFromTheTrialsOwnStream(t *testing.T) {
	tr := setup(t, dataset.Classification, table(60, twoClasses), "auroc", 1)
	seen := map[uint64]bool{}
	for fold := range 3 {
		for _, of := range []medml.Trial{{Number: 0}, {Number: 1}, {Number: 0, Seed: 1}} {
			seen[tr.Stream("augment", of, fold).Uint64()] = true
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d streams of 9", len(seen))
	}
}

func TestSettingsForOtherDataAreNamed(t *testing.T) {
	three := setup(t, dataset.Classification, table(60, threeClasses), "accuracy", 1)
	for want, of := range map[string]medml.Trial{
		"positive_weight is for two classes, and there are 3":             trial(0, "mlp", "positive_weight", 2.0),
		"rotate is for images [H, W, C]: the examples are of shape [3 2]": trial(0, "mlp", "rotate", 5.0),
		"flip is for images [H, W, C]: the examples are of shape [3 2]":   trial(0, "mlp", "flip", "vertical"),
	} {
		if _, err := three.Objective(t.Context(), of, ignore); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, _, err := three.Cost(of); err == nil || err.Error() != want {
			t.Errorf("its cost: %v, want %s", err, want)
		}
	}
}

// The loss of mixup is the cross-entropy with the mixed targets (Zhang et al. 2018).
func TestTheLossOfMixupIsThatOfMixedTargets(t *testing.T) {
	const lambda = 0.3
	logits := nn.TensorOf([]float32{0.5, -1, 2, 0.1}, 4, 1)
	labels, others := []int32{0, 1, 1, 0}, []int32{1, 1, 0, 0}
	got, want := nn.NewTensor(4, 1), nn.NewTensor(4, 1)
	loss := trainer.MixedLoss(&nn.BinaryCrossEntropy{}, logits, labels, others, lambda, got)
	mixed := make([]float32, 4)
	for i := range mixed {
		mixed[i] = lambda*float32(labels[i]) + (1-lambda)*float32(others[i])
	}
	whole := (&nn.BinaryCrossEntropy{}).Compute(logits, nn.Target{Values: mixed}, want)
	if math.Abs(loss-whole) > 1e-6 {
		t.Errorf("the loss is %v, want %v", loss, whole)
	}
	for i, g := range got.Data {
		if math.Abs(float64(g-want.Data[i])) > 1e-6 {
			t.Errorf("gradient %d is %v, want %v", i, g, want.Data[i])
		}
	}
}

// Missing values are filled before a model sees them, also those of a feature that nearly
// always lacks; and numbers at the ends of their range stay numbers.
func TestNoModelIsGivenWhatIsNotANumber(t *testing.T) {
	lines := strings.Split(table(60, twoClasses), "\n")
	for i := 1; i < len(lines)-1; i++ {
		v := strings.Split(lines[i], ",")
		if i%9 > 0 {
			v[1] = ""
		}
		switch i % 7 {
		case 0:
			v[0] = "NA"
		case 1:
			v[2] = "3e38"
		case 2:
			v[3], v[5] = "", "-3e38"
		}
		lines[i] = strings.Join(v, ",")
	}
	tr := setup(t, dataset.Classification, strings.Join(lines, "\n"), "auroc", 1)
	check := func(what string, x []float32, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range x {
			if v != v || math.IsInf(float64(v), 0) {
				t.Fatalf("%s: number %d is %v", what, i, v)
			}
		}
	}
	for fold := range 3 {
		check("the inputs", tr.Inputs(fold), nil)
	}
	for _, a := range amounts {
		if a.signal {
			x, err := tr.Augmented(trial(0, "mlp", "batch_size", 16, a.name, a.value))
			check(a.name, x, err)
		}
	}
}

func TestAParameterIsRefusedForItsFarthestValue(t *testing.T) {
	tr := setup(t, dataset.Classification, table(60, threeClasses), "accuracy", 1)
	word := func(words ...string) (all []medml.Value) {
		for _, w := range words {
			all = append(all, medml.StringValue(w))
		}
		return all
	}
	for _, c := range []struct {
		param medml.Param
		suits bool
	}{
		{medml.Param{Name: "rotate", Low: 0, High: 5}, false},
		{medml.Param{Name: "rotate", Low: 0, High: 0}, true},
		{medml.Param{Name: "architecture.cnn.rotate", Low: 0, High: 5}, false},
		{medml.Param{Name: "warp", Low: 0, High: 0.5}, true},
		{medml.Param{Name: "positive_weight", Low: 1, High: 1}, true},
		{medml.Param{Name: "positive_weight", Low: 0.5, High: 1}, false},
		{medml.Param{Name: "flip", Kind: medml.Categorical, Choices: word("none")}, true},
		{medml.Param{Name: "flip", Kind: medml.Categorical, Choices: word("none", "both")}, false},
		{medml.Param{Name: "dropout", Low: 0, High: 0.5}, true},
	} {
		if err := tr.Suits(c.param); (err == nil) != c.suits {
			t.Errorf("%+v: %v", c.param, err)
		}
	}
}

// The scores of several views are their mean, in the artifact too; the weights are the same.
func TestPredictionsAreMeansOverTheViews(t *testing.T) {
	tr := imaged(t, table(60, twoClasses), "auroc").Keeping()
	results := map[string]medml.Result{}
	scores := map[string][]float64{}
	for _, tta := range []string{"none", "horizontal", "vertical", "both"} {
		r := train(t, tr, trial(0, "cnn", "architecture.cnn.filters", 4, "learning_rate", 0.03, "tta", tta, "batch_size", 16))
		results[tta] = r
		if r.Weights != results["none"].Weights {
			t.Errorf("%s changes the training", tta)
		}
		a := open(t, r.Artifact)
		f := a.Folds[0]
		scores[tta] = f.Scores
		x := tr.Prepared(0)
		if got, err := a.Predict(0, x); err != nil || !slices.Equal(got, f.Scores) {
			t.Errorf("%s: the artifact predicts other scores than were judged: %v", tta, err)
		}
		flipped := dataset.Matrix{Width: x.Width, X: slices.Clone(x.X)}
		for i := range flipped.Len() {
			if row := flipped.X[i*6:][:6]; tta == "horizontal" || tta == "both" {
				augment.Mirror(row, []int{3, 2, 1}, false, make([]float32, 2))
			}
			if row := flipped.X[i*6:][:6]; tta == "vertical" || tta == "both" {
				augment.Mirror(row, []int{3, 2, 1}, true, make([]float32, 2))
			}
		}
		got, err := a.Predict(0, flipped)
		if err != nil {
			t.Fatal(err)
		}
		if tta == "horizontal" || tta == "vertical" { // the mean of what the same weights say of both views
			other, err := open(t, results["none"].Artifact).Predict(0, flipped)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range other {
				if mean := (scores["none"][i] + v) / 2; math.Abs(mean-f.Scores[i]) > 1e-15 {
					t.Fatalf("%s: example %d is predicted as %v, and the views' mean is %v", tta, i, f.Scores[i], mean)
				}
			}
		}
		for i, v := range got { // but for the order of the sum
			if math.Abs(v-f.Scores[i]) > 1e-15 {
				t.Fatalf("%s: example %d is predicted as %v, and flipped as %v", tta, i, f.Scores[i], v)
			}
		}
	}
	if slices.Equal(scores["none"], scores["horizontal"]) || slices.Equal(scores["horizontal"], scores["both"]) {
		t.Error("further views change no score")
	}
	_, one, _ := tr.Cost(trial(0, "mlp"))
	if _, four, _ := tr.Cost(trial(0, "mlp", "tta", "both")); four != 4*one {
		t.Errorf("four views cost %d products, one %d", four, one)
	}
	if err := setup(t, dataset.Classification, table(60, twoClasses), "auroc", 1).Suits(medml.Param{
		Name: "tta", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("both")},
	}); err == nil {
		t.Error("signals are flipped")
	}
}
