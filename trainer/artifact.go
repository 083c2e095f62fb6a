package trainer

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"medml"
	"medml/dataset"
	"medml/nn"
	"medml/nn/arch"
)

// Artifact is what a trial has kept: a model for each fold, all that it takes to predict
// with them, and what each predicted for the validation part that it had not seen.
type Artifact struct {
	Architecture string
	// Settings are all hyperparameters, by their short names in the order of the alphabet.
	Settings []medml.Setting
	// Shape is that of one example. Features are the names of a table's features, nil for
	// images, signals and volumes.
	Shape    []int
	Features []string
	// Covariates are the names of the numbers beside each image, signal or volume.
	Covariates []string
	// Classes are the names of the classes, the positive of two last; nil for a regression.
	Classes []string
	Folds   []ArtifactFold

	arch     arch.Architecture
	settings arch.Settings
	input    input
	size     nn.Size // of a model for single examples
}

// ArtifactFold is one fold's model and predictions.
type ArtifactFold struct {
	// Preparation prepares an example for the model, as the fold's training part was.
	Preparation *dataset.Preparation
	// Rows are those of the dataset that the fold was validated on, and Scores what the
	// trained model gives for them, [row, Width], as Predict returns it.
	Rows   []int
	Scores []float64
	// Weights is the SHA-256 of the trained weights, as in [medml.Run].
	Weights string

	state []byte
}

// Width is how many scores an example has: the probability of the positive of two classes,
// those of all of more, or a number in the target's units.
func (a *Artifact) Width() int { return reading{classes: len(a.Classes)}.outputs() }

// inputs is how many numbers an example has.
func (a *Artifact) inputs() int {
	return arch.Input{Shape: a.Shape}.Size() + len(a.Covariates)
}

// prepared is how many features, or channels and covariates, are prepared each by itself.
func (a *Artifact) prepared() int {
	if a.Features != nil {
		return len(a.Features)
	}
	return a.Shape[len(a.Shape)-1] + len(a.Covariates)
}

// OutOfFold returns the predictions that the folds' models gave for examples they had not
// been trained on: rows of the dataset, rising, and scores [row, Width].
func (a *Artifact) OutOfFold() (rows []int, scores []float64) {
	type place struct{ row, fold, at int }
	var places []place
	for k, f := range a.Folds {
		for i, row := range f.Rows {
			places = append(places, place{row, k, i})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return a.row - b.row })
	w := a.Width()
	for _, p := range places {
		rows = append(rows, p.row)
		scores = append(scores, a.Folds[p.fold].Scores[p.at*w:][:w]...)
	}
	return rows, scores
}

// Limits of a prediction: how much memory a batch may take, and a single example.
const (
	batchBytes   = 64 << 20
	exampleBytes = 4 << 30
)

// Predict returns what a fold's model gives for the rows of m, which the fold's
// Preparation has prepared: scores [row, Width], the same bits for a row whatever the
// others are.
func (a *Artifact) Predict(fold int, m dataset.Matrix) ([]float64, error) {
	if fold < 0 || fold >= len(a.Folds) {
		return nil, fmt.Errorf("predicting with fold %d: the artifact has %d", fold+1, len(a.Folds))
	}
	if m.Width != a.inputs() || len(m.X)%m.Width != 0 {
		return nil, fmt.Errorf("predicting: rows of %d numbers, and the model takes %d", m.Width, a.inputs())
	}
	model, batch, err := a.model(fold)
	if err != nil {
		return nil, fmt.Errorf("predicting with fold %d: %w", fold+1, err)
	}
	f := &a.Folds[fold]
	read := reading{classes: len(a.Classes), mean: f.Preparation.TargetMean, scale: f.Preparation.TargetSD}
	n, w := m.Len(), a.Width()
	scores := make([]float64, n*w)
	x := a.input.batch(batch)
	rows := make([]int, batch)
	views := newViews(a.settings.Text("tta"), a.input, batch, w)
	for at := 0; at < n; at += batch {
		rows := rows[:min(batch, n-at)]
		for i := range rows {
			rows[i] = at + i
		}
		a.input.gather(x, m, rows)
		model.Forward(x, false)
		views.score(model, x, read, scores[at*w:])
	}
	return scores, nil
}

// model builds a fold's model for batches of the size that it returns.
func (a *Artifact) model(fold int) (*nn.Model, int, error) {
	if a.size.Bytes > exampleBytes {
		return nil, 0, fmt.Errorf("%w: the model takes %d bytes for one example", medml.ErrMemory, a.size.Bytes)
	}
	built, err := a.arch.Build(a.settings, a.input.Input, a.Width())
	if err != nil {
		return nil, 0, err
	}
	f := &a.Folds[fold]
	batch := int(min(max(batchBytes/max(a.size.Bytes, 1), 1), 64))
	model := nn.NewModel(built.Parts, a.input.Tensor(), batch, medml.Stream(0, "prediction"))
	if err := model.RestoreWeights(f.state); err != nil {
		return nil, 0, err
	}
	if model.Hash() != f.Weights {
		return nil, 0, fmt.Errorf("its weights aren't those of %.12s", f.Weights)
	}
	return model, batch, nil
}

// artifact is what the finished training keeps.
func (tr *training) artifact() []byte {
	room := 1 << 10
	for _, name := range slices.Concat(tr.features, tr.beside) {
		room += 8 + len(name)
	}
	for _, p := range tr.parts {
		room += 8 + len(p)
	}
	e := newEncoder(artifactMagic, room)
	e.text(tr.plan.arch.Name)
	settings := tr.plan.resolved()
	e.int(len(settings))
	for _, s := range settings {
		e.text(s.Name)
		e.int(int(s.Value.Kind()))
		if s.Value.Kind() == medml.StringKind {
			e.text(s.Value.String())
		} else {
			e.float(s.Value.Float())
		}
	}
	e.ints(tr.shape)
	e.texts(tr.features)
	e.texts(tr.beside)
	e.texts(tr.names)
	e.int(len(tr.parts))
	for _, p := range tr.parts {
		e.bytes(p)
	}
	return e.seal()
}

// resolved returns all settings of the architecture and the training.
func (p plan) resolved() []medml.Setting {
	known := legalSettings(p.arch.Name)
	out := make([]medml.Setting, 0, len(known))
	for _, name := range slices.Sorted(maps.Keys(known)) {
		v, ok := valueOf(p.settings[name])
		if !ok {
			v = known[name].Default
		}
		out = append(out, medml.Setting{Name: name, Value: v})
	}
	return out
}

// valueOf is the inverse of [medml.Value.Any].
func valueOf(x any) (medml.Value, bool) {
	switch x := x.(type) {
	case float64:
		return medml.FloatValue(x), true
	case int:
		return medml.IntValue(x), true
	case bool:
		return medml.BoolValue(x), true
	case string:
		return medml.StringValue(x), true
	}
	return medml.Value{}, false
}

// part is what an artifact holds of one fold.
type part struct {
	preparation   []byte
	rows          []int
	scores        []float64
	hash, weights []byte
}

func (p *part) encode() []byte {
	e := &encoder{make([]byte, 0, 128+len(p.preparation)+8*(len(p.rows)+len(p.scores))+len(p.hash)+len(p.weights))}
	e.bytes(p.preparation)
	e.ints(p.rows)
	e.floats(p.scores)
	e.bytes(p.hash)
	e.bytes(p.weights)
	return e.b
}

func decodePart(b []byte, version int) (ArtifactFold, error) {
	d := &decoder{b: b}
	p := &dataset.Preparation{}
	if version == 1 {
		p.Fill, p.Center, p.Scale = d.floats(), d.floats(), d.floats()
		p.TargetMean, p.TargetSD = d.float(), d.float()
	} else if err := p.UnmarshalBinary(d.bytes()); err != nil {
		return ArtifactFold{}, err
	}
	f := ArtifactFold{Preparation: p, Rows: d.ints(), Scores: d.floats()}
	f.Weights, f.state = hex.EncodeToString(d.bytes()), d.bytes()
	return f, d.end()
}
