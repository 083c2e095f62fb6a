package trainer

import (
	"fmt"
	"maps"

	"medml"
	"medml/nn"
	"medml/nn/arch"
)

// plan is what a trial's parameters say: the architecture and all settings, those that the
// experiment leaves out at their defaults.
type plan struct {
	arch     arch.Architecture
	settings arch.Settings
}

// plan reads a trial's parameters. A parameter of a branch overrides one of the same name
// outside.
func (t *Trainer) plan(params medml.Params) (plan, error) {
	name, ok := params.Lookup("architecture")
	if !ok {
		return plan{}, fmt.Errorf("the trial names no architecture")
	}
	a, err := arch.Lookup(name.String())
	if err != nil {
		return plan{}, err
	}
	s := arch.Settings{}
	for _, h := range hypers {
		s[h.Name] = h.Default.Any()
	}
	branch := arch.Settings{}
	for _, p := range params {
		into := s
		short := medml.ShortName(p.Name)
		if short != p.Name {
			into = branch
		}
		into[short] = p.Value.Any()
	}
	maps.Copy(s, branch)
	delete(s, "architecture")
	return plan{a, s}, nil
}

// outputs is how many logits the model ends in.
func (t *Trainer) outputs() int { return reading{classes: t.classes}.outputs() }

// loss is the head's loss on a fold.
func (t *Trainer) loss(s arch.Settings, f fold) nn.Loss {
	var weights []float64
	if s.Text("class_weight") == "balanced" {
		weights = f.balance
	}
	switch {
	case t.classes == 0:
		return nn.MSE{}
	case t.classes == 2:
		return &nn.BinaryCrossEntropy{ClassWeights: weights, LabelSmoothing: s.Float("label_smoothing"), Gamma: s.Float("focal_gamma")}
	}
	return &nn.CrossEntropy{ClassWeights: weights, LabelSmoothing: s.Float("label_smoothing"), Gamma: s.Float("focal_gamma")}
}
