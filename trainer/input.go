package trainer

import (
	"fmt"

	"medml/dataset"
	"medml/nn"
	"medml/nn/arch"
)

// input is what a trial's models read of an example: all of it, its covariates alone, or
// all but these.
type input struct {
	arch.Input
	part string // a choice of the hyperparameter covariates
}

// inputOf returns what models of these settings read of examples that have a shape and so
// many covariates.
func inputOf(s arch.Settings, shape []int, covariates int) input {
	in := input{arch.Input{Shape: shape, Covariates: covariates}, s.Text("covariates")}
	switch {
	case covariates == 0:
		in.part = "join"
	case in.part == "only":
		in.Input = arch.Input{Shape: []int{covariates}}
	case in.part == "ignore":
		in.Covariates = 0
	}
	return in
}

// batch is a tensor for so many examples.
func (in input) batch(n int) *nn.Tensor { return nn.NewTensor(append([]int{n}, in.Tensor()...)...) }

// gather copies rows of a matrix into x.
func (in input) gather(x *nn.Tensor, m dataset.Matrix, rows []int) {
	x.Resize(len(rows))
	for i, row := range rows {
		switch in.part {
		case "only":
			m.CopyCovariates(x.Row(i), row)
		case "ignore":
			m.CopyMedia(x.Row(i), row)
		default:
			m.Copy(x.Row(i), row)
		}
	}
}

// shown is how many numbers of a gathered example, the first, are of the image or signal
// itself: those that may be turned, shifted and made noisy.
func (in input) shown() int {
	if in.part == "only" {
		return 0
	}
	return in.Size()
}

// checkCovariates returns an error where settings are about covariates that there aren't.
func checkCovariates(s arch.Settings, covariates int) error {
	if part := s.Text("covariates"); part != "join" && covariates == 0 {
		return fmt.Errorf("covariates is %s, and the examples have none (data.covariates names them)", part)
	}
	return nil
}
