package trainer

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"medml"
	"medml/nn"
	"medml/nn/arch"
)

// artifactMagic begins an artifact; the earlier versions are read, too.
const (
	artifactMagic  = "medml artifact 3\n"
	artifactMagic2 = "medml artifact 2\n"
	artifactMagic1 = "medml artifact 1\n"
)

// OpenArtifact reads an artifact. The artifact refers to b, which must not be changed.
func OpenArtifact(b []byte) (*Artifact, error) {
	a, err := openArtifact(b)
	if err != nil {
		return nil, fmt.Errorf("reading an artifact: %w", err)
	}
	return a, nil
}

func openArtifact(b []byte) (*Artifact, error) {
	magic, version := artifactMagic, 3
	for i, earlier := range []string{artifactMagic1, artifactMagic2} {
		if bytes.HasPrefix(b, []byte(earlier)) {
			magic, version = earlier, i+1
		}
	}
	d := unseal(magic, b)
	a := &Artifact{Architecture: d.text()}
	a.Settings = list(d, 3*8, d.setting)
	a.Shape, a.Features = d.ints(), d.texts()
	if version > 2 {
		a.Covariates = d.texts()
	}
	a.Classes = d.texts()
	if len(a.Features) == 0 {
		a.Features = nil
	}
	parts := list(d, 8, d.bytes)
	if err := d.end(); err != nil {
		return nil, err
	}
	if err := a.understand(); err != nil {
		return nil, err
	}
	for i, part := range parts {
		f, err := decodePart(part, version)
		if err == nil {
			err = a.checkFold(f)
		}
		if err != nil {
			return nil, fmt.Errorf("fold %d: %w", i+1, err)
		}
		a.Folds = append(a.Folds, f)
	}
	return a, nil
}

func (d *decoder) setting() medml.Setting {
	s := medml.Setting{Name: d.text()}
	switch kind := medml.ValueKind(d.int()); kind {
	case medml.StringKind:
		s.Value = medml.StringValue(d.text())
	case medml.FloatKind:
		s.Value = medml.FloatValue(d.float())
	case medml.IntKind:
		x := d.float()
		if x != math.Trunc(x) || math.Abs(x) > math.MaxInt32 {
			d.fail("setting %s isn't a whole number", s.Name)
			return s
		}
		s.Value = medml.IntValue(int(x))
	case medml.BoolKind:
		s.Value = medml.BoolValue(d.float() == 1)
	default:
		d.fail("setting %s has no value", s.Name)
	}
	return s
}

// understand finds the architecture, checks that the settings are legal, and measures the
// model without making it.
func (a *Artifact) understand() error {
	var err error
	if a.arch, err = arch.Lookup(a.Architecture); err != nil {
		return err
	}
	legal := legalSettings(a.Architecture)
	a.settings = arch.Settings{}
	for _, s := range a.Settings {
		p, ok := legal[s.Name]
		if !ok || !p.legal(s.Value) || a.settings[s.Name] != nil {
			return fmt.Errorf("%s can't be %v", s.Name, s.Value)
		}
		a.settings[s.Name] = s.Value.Any()
	}
	for name, h := range legal { // one that was kept before they were there
		if h.Later && a.settings[name] == nil {
			a.settings[name] = h.Default.Any()
		}
	}
	if len(a.settings) != len(legal) {
		return fmt.Errorf("it has %d settings of %d", len(a.settings), len(legal))
	}
	if err := a.checkShape(); err != nil {
		return err
	}
	if a.settings.Text("tta") != "none" && len(a.Shape) != 3 {
		return fmt.Errorf("examples of shape %v aren't images that can be flipped", a.Shape)
	}
	if err := checkCovariates(a.settings, len(a.Covariates)); err != nil {
		return err
	}
	a.input = inputOf(a.settings, a.Shape, len(a.Covariates))
	built, err := a.arch.Build(a.settings, a.input.Input, a.Width())
	if err != nil {
		return err
	}
	a.size = nn.Measure(built.Parts, a.input.Tensor(), 1)
	return nil
}

// checkShape returns an error unless an example has as many numbers as features have names.
func (a *Artifact) checkShape() error {
	const most = 1 << 24 // as a dataset's
	n := 1
	for _, side := range a.Shape {
		if side < 1 || side > most/n {
			return fmt.Errorf("examples of shape %v are empty or too large", a.Shape)
		}
		n *= side
	}
	if len(a.Features) > 0 && len(a.Covariates) > 0 {
		return fmt.Errorf("a table of %d features has %d covariates", len(a.Features), len(a.Covariates))
	}
	if len(a.Shape) == 0 || len(a.Features) > 0 && n != len(a.Features) {
		return fmt.Errorf("examples of shape %v don't have %d features", a.Shape, len(a.Features))
	}
	return nil
}

func (a *Artifact) checkFold(f ArtifactFold) error {
	p := f.Preparation
	for _, xs := range [...][]float64{p.Fill, p.Center, p.Scale} {
		if len(xs) != a.prepared() {
			return fmt.Errorf("it is prepared for %d features of %d", len(xs), a.prepared())
		}
	}
	switch {
	case len(f.Scores) != len(f.Rows)*a.Width():
		return fmt.Errorf("it has %d scores for %d rows", len(f.Scores), len(f.Rows))
	case len(f.state) != a.size.WeightsSize():
		return errors.New("its weights aren't those of the architecture")
	}
	return nil
}

// legalSettings are the hyperparameters of an architecture and the training by their short
// names. The architecture's hide those of the training.
func legalSettings(architecture string) map[string]Hyper {
	legal := map[string]Hyper{}
	for _, h := range append(Hyperparameters(), ArchitectureHyperparameters(architecture)...) {
		legal[h.Name] = h
	}
	return legal
}

// legal reports whether v is a value that the hyperparameter may have.
func (h Hyper) legal(v medml.Value) bool {
	p := medml.Param{Kind: h.Kind, Low: h.Low, High: h.High}
	for _, c := range h.Choices {
		p.Choices = append(p.Choices, medml.StringValue(c))
	}
	if h.Bool {
		p.Choices = []medml.Value{medml.BoolValue(false), medml.BoolValue(true)}
	}
	return p.Contains(v)
}
