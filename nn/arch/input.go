package arch

import "medml/nn"

// Input is what a model reads of an example: numbers of a Shape, and so many Covariates
// beside them.
type Input struct {
	Shape      []int
	Covariates int
}

// Size is how many numbers there are in the shape.
func (in Input) Size() int {
	n := 1
	for _, side := range in.Shape {
		n *= side
	}
	return n
}

// Tensor is the shape of an example as the model gets it: the input's, or where there are
// covariates a vector of all numbers, these last.
func (in Input) Tensor() []int {
	if in.Covariates == 0 {
		return in.Shape
	}
	return []int{in.Size() + in.Covariates}
}

// joined puts what a dense layer makes of the covariates beside what the body makes of the
// rest, for one head to predict from both (joint fusion; Huang et al. 2020, npj Digit. Med.
// 3:136). With covariate_units 0 they come as they are.
func joined(body nn.Layer, s Settings, in Input) nn.Layer {
	n := in.Size()
	beside := nn.Sequential{&nn.Slice{From: n, To: n + in.Covariates}}
	if units := s.Int("covariate_units"); units > 0 {
		beside = append(beside, &nn.Dense{Units: units, Init: nn.HeUniform}, &nn.ReLU{}, &nn.Dropout{Rate: s.Float("dropout")})
	}
	return &nn.Concat{Branches: []nn.Layer{
		nn.Sequential{&nn.Slice{To: n}, &nn.Reshape{Shape: in.Shape}, body}, beside,
	}}
}
