// Package arch has the architectures that medml searches: one file each, and the table of
// them.
//
// An [Architecture] lists its hyperparameters, each a [Hyper] with what is legal and a
// default, and builds the parts of a model from [Settings]. [Lookup] finds one by name.
// The training's own hyperparameters (learning rate, batch size, …) are the trainer's.
package arch

import (
	"fmt"
	"maps"
	"slices"

	"medml/internal/nearest"
	"medml/nn"
)

// architectures is the table. To add one, write its file and its line.
var architectures = map[string]Architecture{
	"cnn":         cnn,
	"lstm":        lstm,
	"autoencoder": autoencoder,
	"inception":   inception,
	"mlp":         mlp,
}

// Architecture is a family of models with hyperparameters.
type Architecture struct {
	Name string
	// Doc says in a line what it is for.
	Doc string
	// Hypers are its hyperparameters, the most telling first.
	Hypers []Hyper
	// vector says that it reads an example as a vector, whatever its shape.
	vector bool
	// Check says whether it can read examples of shape in with these settings.
	check func(s Settings, in []int) error
	build func(s Settings, in []int, out int) Built
}

// Built is a model's parts and how its decoder, if any, is trained.
type Built struct {
	nn.Parts
	// ReconstructionWeight multiplies the reconstruction's mean squared error in the loss.
	ReconstructionWeight float64
}

// Names returns the architectures' names in the order of the alphabet.
func Names() []string { return slices.Sorted(maps.Keys(architectures)) }

// Lookup returns the architecture of that name.
func Lookup(name string) (Architecture, error) {
	a, ok := architectures[name]
	if !ok {
		return Architecture{}, fmt.Errorf("unknown architecture %q%s", name, nearest.Hint(name, Names()))
	}
	a.Name = name
	return a, nil
}

// Build makes the parts of a model that maps examples (without the batch) to out logits.
// Settings that are missing take their defaults; those of "dropout" and "covariate_units"
// come from the training's hyperparameters.
func (a Architecture) Build(s Settings, in Input, out int) (Built, error) {
	full := Settings{"dropout": 0.0, "covariate_units": 0}
	for _, h := range a.Hypers {
		full[h.Name] = h.Default
	}
	maps.Copy(full, s)
	if len(in.Shape) == 0 || slices.Min(in.Shape) < 1 {
		return Built{}, fmt.Errorf("%s: examples of shape %v are empty", a.Name, in.Shape)
	}
	shape := in.Shape
	if a.vector {
		shape = in.Tensor()
	}
	if a.check != nil {
		if err := a.check(full, shape); err != nil {
			return Built{}, fmt.Errorf("%s: %w", a.Name, err)
		}
	}
	built := a.build(full, shape, out)
	if in.Covariates > 0 && !a.vector {
		built.Body = joined(built.Body, full, in)
	}
	return built, nil
}
