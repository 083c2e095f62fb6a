package experiments

import (
	"slices"

	"medml"
	"medml/trainer"
)

// architectureName is the hyperparameter that picks the model.
const architectureName = "architecture"

// catalog is what can be searched: the hyperparameters of the training and of each
// architecture.
type catalog struct {
	architectures []string
	training      []trainer.Hyper
	own           map[string][]trainer.Hyper // by architecture
}

// trainable returns the catalog of package trainer.
func trainable() catalog {
	c := catalog{
		architectures: trainer.Architectures(),
		training:      trainer.Hyperparameters(),
		own:           map[string][]trainer.Hyper{},
	}
	for _, a := range c.architectures {
		c.own[a] = trainer.ArchitectureHyperparameters(a)
	}
	return c
}

// architecture describes the hyperparameter that picks the model.
func (c catalog) architecture() trainer.Hyper {
	return trainer.Hyper{Name: architectureName, Kind: medml.Categorical, Choices: c.architectures}
}

// owners returns the architectures that have a hyperparameter of that name.
func (c catalog) owners(name string) []string {
	var owners []string
	for _, a := range c.architectures {
		if _, ok := hyperNamed(c.own[a], name); ok {
			owners = append(owners, a)
		}
	}
	return owners
}

// hyperNamed finds a hyperparameter by its name.
func hyperNamed(hypers []trainer.Hyper, name string) (trainer.Hyper, bool) {
	i := slices.IndexFunc(hypers, func(h trainer.Hyper) bool { return h.Name == name })
	if i < 0 {
		return trainer.Hyper{}, false
	}
	return hypers[i], true
}

// hyperNames returns the hyperparameters' names.
func hyperNames(hypers []trainer.Hyper) []string {
	names := make([]string, len(hypers))
	for i, h := range hypers {
		names[i] = h.Name
	}
	return names
}

// withDefaults appends to the definitions, as constants, the hyperparameters that they
// leave out. What stands on a branch of a choice is appended on its other branches.
func (c catalog) withDefaults(ds Definitions, hypers []trainer.Hyper) Definitions {
	for i, d := range ds {
		if d.Name != architectureName {
			continue
		}
		if d.Type == categoricalType {
			d = Definition{Name: d.Name, Type: choiceType, Of: branchesOf(d.Values)}
			ds[i] = d
		}
		for j, b := range d.Of {
			ds[i].Of[j].Hyperparameters = c.withDefaults(b.Hyperparameters, c.own[b.Value.String()])
		}
	}
	for _, h := range hypers {
		ds = withDefault(ds, h)
	}
	return ds
}

// branchesOf makes a branch of each value, with nothing on it yet.
func branchesOf(values []medml.Value) []Branch {
	branches := make([]Branch, len(values))
	for i, v := range values {
		branches[i].Value = v
	}
	return branches
}

// withDefault appends a hyperparameter's default where it is left out.
func withDefault(ds Definitions, h trainer.Hyper) Definitions {
	for i, d := range ds {
		if d.Name == h.Name {
			return ds
		}
		if d.mentions(h.Name) {
			for j, b := range d.Of {
				ds[i].Of[j].Hyperparameters = withDefault(b.Hyperparameters, h)
			}
			return ds
		}
	}
	return append(ds, Definition{Name: h.Name, Type: constantType, Values: []medml.Value{h.Default}})
}

// mentions reports whether a hyperparameter of that name stands on a branch of d.
func (d Definition) mentions(name string) bool {
	for _, b := range d.Of {
		for _, inner := range b.Hyperparameters {
			if inner.Name == name || inner.mentions(name) {
				return true
			}
		}
	}
	return false
}
