// Package problems holds what searches are judged on: functions whose minimum is known,
// five that the literature uses, a conditional one with mixed parameters, and two made of
// medml's own trainings. A [Problem] is a space and a function to minimise; the regret of
// a search is the best value it has found, less the minimum.
package problems

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"medml"
	"medml/internal/nearest"
)

// Problem is a function to minimise.
type Problem struct {
	Name  string
	About string
	Space medml.Space
	// Minimum is the lowest value that the function takes.
	Minimum float64
	// Value returns the function's value at parameters of the space.
	Value func(medml.Params) float64
}

// problems is the table of problems. A new one is a file and a line.
var problems = map[string]func() Problem{
	"ackley10":    ackley10,
	"branin":      branin,
	"hartmann6":   hartmann6,
	"heart":       heart,
	"mixed":       mixed,
	"rastrigin5":  rastrigin5,
	"rosenbrock5": rosenbrock5,
	"wdbc":        wdbc,
}

// Names returns the names of the problems, sorted.
func Names() []string { return slices.Sorted(maps.Keys(problems)) }

// Lookup returns the problem of that name.
func Lookup(name string) (Problem, error) {
	p, ok := problems[name]
	if !ok {
		hint := ""
		if near := nearest.Names(name, Names()); len(near) > 0 {
			hint = "; did you mean " + strings.Join(near, " or ") + "?"
		}
		return Problem{}, fmt.Errorf("no problem %q: the problems are %s%s", name, strings.Join(Names(), ", "), hint)
	}
	return p(), nil
}

// box is a space of n numbers x1, x2, … between low and high.
func box(n int, low, high float64) medml.Space {
	s := make(medml.Space, n)
	for i := range s {
		s[i] = medml.Param{Name: fmt.Sprintf("x%d", i+1), Kind: medml.Float, Low: low, High: high}
	}
	return s
}

// on makes a function of numbers one of parameters.
func on(f func(x []float64) float64) func(medml.Params) float64 {
	return func(p medml.Params) float64 {
		x := make([]float64, len(p))
		for i, s := range p {
			x[i] = s.Value.Float()
		}
		return f(x)
	}
}

// branin has three minima in two dimensions (Dixon and Szegö 1978).
func branin() Problem {
	space := medml.Space{
		{Name: "x1", Kind: medml.Float, Low: -5, High: 10},
		{Name: "x2", Kind: medml.Float, Low: 0, High: 15},
	}
	return Problem{"branin", "Branin: 2 numbers, 3 equal minima", space, 0.39788735772973816, on(func(x []float64) float64 {
		a := x[1] - 5.1/(4*math.Pi*math.Pi)*x[0]*x[0] + 5/math.Pi*x[0] - 6
		return a*a + 10*(1-1/(8*math.Pi))*math.Cos(x[0]) + 10
	})}
}

// hartmann6 has six minima in six dimensions, one of them the lowest (Dixon and Szegö
// 1978).
func hartmann6() Problem {
	weight := [4]float64{1, 1.2, 3, 3.2}
	scale := [4][6]float64{
		{10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14},
	}
	centre := [4][6]float64{
		{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886}, {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
		{0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650}, {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381},
	}
	return Problem{"hartmann6", "Hartmann: 6 numbers, 6 minima", box(6, 0, 1), -3.322368011415515, on(func(x []float64) float64 {
		sum := 0.0
		for i := range weight {
			d := 0.0
			for j := range x {
				d += scale[i][j] * (x[j] - centre[i][j]) * (x[j] - centre[i][j])
			}
			sum -= weight[i] * math.Exp(-d)
		}
		return sum
	})}
}

// rosenbrock5 is a curved valley (Rosenbrock 1960), in five dimensions.
func rosenbrock5() Problem {
	return Problem{"rosenbrock5", "Rosenbrock: 5 numbers, a curved valley", box(5, -5, 10), 0, on(func(x []float64) float64 {
		sum := 0.0
		for i := range len(x) - 1 {
			a, b := x[i+1]-x[i]*x[i], 1-x[i]
			sum += 100*a*a + b*b
		}
		return sum
	})}
}

// rastrigin5 is a bowl with a regular grid of local minima (Rastrigin 1974), in five
// dimensions.
func rastrigin5() Problem {
	return Problem{"rastrigin5", "Rastrigin: 5 numbers, a grid of local minima", box(5, -5.12, 5.12), 0, on(func(x []float64) float64 {
		sum := 10 * float64(len(x))
		for _, v := range x {
			sum += v*v - 10*math.Cos(2*math.Pi*v)
		}
		return sum
	})}
}

// ackley10 is nearly flat but for a funnel, with ripples (Ackley 1987), in ten dimensions.
// Its space is not centred on the minimum, which would favour samplers that begin there.
func ackley10() Problem {
	return Problem{"ackley10", "Ackley: 10 numbers, ripples and a funnel", box(10, -20, 32.768), 0, on(func(x []float64) float64 {
		squares, waves := 0.0, 0.0
		for _, v := range x {
			squares += v * v
			waves += math.Cos(2 * math.Pi * v)
		}
		n := float64(len(x))
		return -20*math.Exp(-0.2*math.Sqrt(squares/n)) - math.Exp(waves/n) + 20 + math.E
	})}
}
