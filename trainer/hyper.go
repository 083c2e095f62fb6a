package trainer

import (
	"math"
	"slices"

	"medml"
	"medml/nn/arch"
)

// Hyper describes a hyperparameter that an experiment may set or search.
type Hyper struct {
	Name, Doc string
	Kind      medml.Kind
	// Bool says that a Categorical's choices are true and false.
	Bool bool
	// Low and High are the ends of what is legal for a Float or Int, both included.
	Low, High float64
	// Choices are the legal values of a Categorical of words.
	Choices []string
	Default medml.Value
	// Later says that it came after the first studies, whose models its default keeps.
	Later bool
}

// hypers are the training's hyperparameters, which every architecture has.
var hypers = []Hyper{
	{Name: "learning_rate", Doc: "step size of the optimizer at its highest", Kind: medml.Float,
		Low: 1e-9, High: 10, Default: medml.FloatValue(1e-3)},
	{Name: "batch_size", Doc: "examples a step", Kind: medml.Int, Low: 1, High: 65536, Default: medml.IntValue(32)},
	{Name: "dropout", Doc: "share of units silenced while training", Kind: medml.Float,
		Low: 0, High: 0.95, Default: medml.FloatValue(0)},
	{Name: "weight_decay", Doc: "decay of kernels, decoupled in adamw and an L2 penalty in the others", Kind: medml.Float,
		Low: 0, High: 10, Default: medml.FloatValue(0)},
	{Name: "optimizer", Doc: "rule of the weights' updates", Kind: medml.Categorical,
		Choices: []string{"adamw", "adam", "rmsprop", "sgd"}, Default: medml.StringValue("adamw")},
	{Name: "momentum", Doc: "momentum of sgd, with Nesterov's correction", Kind: medml.Float,
		Low: 0, High: 0.9999, Default: medml.FloatValue(0.9)},
	{Name: "schedule", Doc: "course of the learning rate: constant, step (to a tenth after each third of the steps), cosine (to zero), or plateau (halved after three epochs without a better validation loss)",
		Kind: medml.Categorical, Choices: []string{"cosine", "constant", "step", "plateau"}, Default: medml.StringValue("cosine")},
	{Name: "warmup", Doc: "share of the steps over which the learning rate rises from zero", Kind: medml.Float,
		Low: 0, High: 1, Default: medml.FloatValue(0)},
	{Name: "clip_norm", Doc: "largest norm of the gradient; 0 for no limit", Kind: medml.Float,
		Low: 0, High: math.Inf(1), Default: medml.FloatValue(1)},
	{Name: "class_weight", Doc: "balanced gives each class equal weight in the loss", Kind: medml.Categorical,
		Choices: []string{"none", "balanced"}, Default: medml.StringValue("none")},
	{Name: "label_smoothing", Doc: "share of the target spread over all classes", Kind: medml.Float,
		Low: 0, High: 0.5, Default: medml.FloatValue(0)},
	{Name: "focal_gamma", Doc: "focus of the loss on hard examples (Lin et al. 2017); 0 is plain cross-entropy", Kind: medml.Float,
		Low: 0, High: 10, Default: medml.FloatValue(0)},
}

// laterHypers are those that studies begun earlier don't have. They stand behind all others
// in a space, so that what is drawn for these stays.
var laterHypers = later([]Hyper{
	{Name: "positive_weight", Doc: "weight of the positive of two classes in the loss, beside class_weight's", Kind: medml.Float,
		Low: 0.01, High: 100, Default: medml.FloatValue(1)},
	{Name: "sampling", Doc: "rows of an epoch: shuffle takes each once; balanced as many of every class, in as many steps, those of the rarer again and again",
		Kind: medml.Categorical, Choices: []string{"shuffle", "balanced"}, Default: medml.StringValue("shuffle")},
	{Name: "ema", Doc: "decay of a running mean of the weights, which then is what is judged and kept (0.99 forgets a step after about 100); 0 for none",
		Kind: medml.Float, Low: 0, High: 0.99999, Default: medml.FloatValue(0)},
	{Name: "tta", Doc: "views of an image whose scores are averaged when it is predicted: itself alone, or beside it those flipped horizontally, vertically, or both and each",
		Kind: medml.Categorical, Choices: []string{"none", "horizontal", "vertical", "both"}, Default: medml.StringValue("none")},
}, augmentHypers, []Hyper{
	{Name: "covariates", Doc: "what becomes of the numbers beside an image or signal (data.covariates): they join what the model makes of it (the vector models read everything at once), are all that is read, or are ignored",
		Kind: medml.Categorical, Choices: []string{"join", "only", "ignore"}, Default: medml.StringValue("join")},
	{Name: "covariate_units", Doc: "units of a dense layer that covariates go through before they join; 0 for none",
		Kind: medml.Int, Low: 0, High: 8192, Default: medml.IntValue(32)},
})

func later(hypers ...[]Hyper) []Hyper {
	all := slices.Concat(hypers...)
	for i := range all {
		all[i].Later = true
	}
	return all
}

// Hyperparameters returns the training's hyperparameters.
func Hyperparameters() []Hyper { return slices.Concat(hypers, laterHypers) }

// Architectures returns the names of the architectures.
func Architectures() []string { return arch.Names() }

// ArchitectureHyperparameters returns an architecture's own hyperparameters, nil for an
// unknown one.
func ArchitectureHyperparameters(name string) []Hyper {
	a, err := arch.Lookup(name)
	if err != nil {
		return nil
	}
	var out []Hyper
	for _, h := range a.Hypers {
		out = append(out, fromArch(h))
	}
	return out
}

// fromArch puts an architecture's description into medml's words.
func fromArch(h arch.Hyper) Hyper {
	out := Hyper{Name: h.Name, Doc: h.Doc, Low: h.Low, High: h.High, Choices: h.Choices, Later: h.Later}
	switch v := h.Default.(type) {
	case float64:
		out.Kind, out.Default = medml.Float, medml.FloatValue(v)
	case int:
		out.Kind, out.Default = medml.Int, medml.IntValue(v)
	case bool:
		out.Kind, out.Bool, out.Default = medml.Categorical, true, medml.BoolValue(v)
	case string:
		out.Kind, out.Default = medml.Categorical, medml.StringValue(v)
	}
	return out
}
