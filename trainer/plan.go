package trainer

import (
	"fmt"
	"maps"
	"slices"

	"medml"
	"medml/nn"
	"medml/nn/arch"
)

// plan is what a trial's parameters say: the architecture and all settings, those that the
// experiment leaves out at their defaults.
type plan struct {
	arch     arch.Architecture
	settings arch.Settings
	input    input
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
	for _, h := range Hyperparameters() {
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
	return plan{a, s, inputOf(s, t.shape, len(t.beside))}, t.suits(s)
}

// Suits returns an error if a parameter has values that are for other data than these: an
// angle by which images are turned, where the examples are signals.
func (t *Trainer) Suits(p medml.Param) error {
	i := slices.IndexFunc(laterHypers, func(h Hyper) bool { return h.Name == p.Short() })
	if i < 0 || p.Kind != laterHypers[i].Kind {
		return nil
	}
	values := p.Choices
	if p.Kind == medml.Float {
		values = []medml.Value{medml.FloatValue(p.Low), medml.FloatValue(p.High)}
	}
	for _, v := range values {
		s := arch.Settings{}
		for _, h := range laterHypers {
			s[h.Name] = h.Default.Any()
		}
		s[p.Short()] = v.Any()
		if err := t.suits(s); err != nil {
			return err
		}
	}
	return nil
}

// suits returns an error where settings are for other data than these.
func (t *Trainer) suits(s arch.Settings) error {
	if s.Float("positive_weight") != 1 && t.classes != 2 {
		return fmt.Errorf("positive_weight is for two classes, and there are %d", t.classes)
	}
	if s.Text("tta") != "none" && len(t.shape) != 3 {
		return fmt.Errorf("tta is for images [H, W, C]: the examples are of shape %v", t.shape)
	}
	if err := checkCovariates(s, len(t.beside)); err != nil {
		return err
	}
	return augmentConfig(s).Check(t.shape)
}

// outputs is how many logits the model ends in.
func (t *Trainer) outputs() int { return reading{classes: t.classes}.outputs() }

// loss is the head's loss on a fold.
func (t *Trainer) loss(s arch.Settings, f fold) nn.Loss {
	var weights []float64
	if s.Text("class_weight") == "balanced" {
		weights = f.balance
	}
	if w := s.Float("positive_weight"); w != 1 {
		weights = weighted(weights, w)
	}
	switch {
	case t.classes == 0:
		return nn.MSE{}
	case t.classes == 2:
		return &nn.BinaryCrossEntropy{ClassWeights: weights, LabelSmoothing: s.Float("label_smoothing"), Gamma: s.Float("focal_gamma")}
	}
	return &nn.CrossEntropy{ClassWeights: weights, LabelSmoothing: s.Float("label_smoothing"), Gamma: s.Float("focal_gamma")}
}

// weighted returns the weights of two classes, nil for none, with the positive's multiplied.
func weighted(weights []float64, positive float64) []float64 {
	if weights == nil {
		return []float64{1, positive}
	}
	return []float64{weights[0], weights[1] * positive}
}
