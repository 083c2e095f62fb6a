package problems

import (
	"embed"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"

	"medml"
)

// tables are what trainings gave: a row a trial, a column a parameter (empty on a branch
// not taken), and the log loss on the parts that weren't trained on. bench/tabulate.sh
// makes them.
//
//go:embed testdata/*.csv
var tables embed.FS

// row is a training: its parameters as coordinates, NaN where absent, and its value.
type row struct {
	at    []float64
	value float64
}

// table reads the trainings of a space.
func table(name string, space medml.Space) []row {
	f, err := tables.Open("testdata/" + name + ".csv")
	if err != nil {
		panic(fmt.Sprintf("problems: %v", err)) // it is part of the binary
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("problems: table %s: %v", name, err))
	}
	rows := make([]row, 0, len(records)-1)
	for _, rec := range records[1:] {
		r := row{at: make([]float64, len(space))}
		for i, p := range space {
			r.at[i] = cell(p, rec[i])
		}
		r.value, err = strconv.ParseFloat(rec[len(space)], 64)
		if err != nil {
			panic(fmt.Sprintf("problems: table %s: %v", name, err))
		}
		rows = append(rows, r)
	}
	return rows
}

// cell returns the coordinate that a cell of a table tells.
func cell(p medml.Param, text string) float64 {
	if text == "" {
		return math.NaN()
	}
	if p.Kind == medml.Categorical {
		i := slices.IndexFunc(p.Choices, func(v medml.Value) bool { return v.String() == text })
		if i < 0 {
			panic(fmt.Sprintf("problems: %s has no choice %q", p.Name, text))
		}
		return float64(i)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("problems: %s: %v", p.Name, err))
	}
	return unit(p, x)
}

// unit maps a number to [0, 1] along its axis.
func unit(p medml.Param, x float64) float64 {
	if p.Log {
		return math.Log(x/p.Low) / math.Log(p.High/p.Low)
	}
	return (x - p.Low) / (p.High - p.Low)
}

// place returns the coordinates of parameters.
func place(space medml.Space, params medml.Params) []float64 {
	at := make([]float64, len(space))
	for i, p := range space {
		v, ok := params.Lookup(p.Name)
		switch {
		case !ok:
			at[i] = math.NaN()
		case p.Kind == medml.Categorical:
			at[i] = float64(slices.Index(p.Choices, v))
		default:
			at[i] = unit(p, v.Float())
		}
	}
	return at
}

// lowest returns the lowest value of the rows.
func lowest(rows []row) float64 {
	low := math.Inf(1)
	for _, r := range rows {
		low = min(low, r.value)
	}
	return low
}

// heart is a grid of 2,304 trainings on the Cleveland heart patients: every value is one
// that was measured.
func heart() Problem {
	floats := func(name string, xs ...float64) medml.Param {
		p := medml.Param{Name: name, Kind: medml.Categorical, Ordered: true}
		for _, x := range xs {
			p.Choices = append(p.Choices, medml.FloatValue(x))
		}
		return p
	}
	ints := func(name string, xs ...int) medml.Param {
		p := medml.Param{Name: name, Kind: medml.Categorical, Ordered: true}
		for _, x := range xs {
			p.Choices = append(p.Choices, medml.IntValue(x))
		}
		return p
	}
	space := medml.Space{
		ints("latent", 2, 4, 8, 16), ints("hidden", 8, 16, 32, 64),
		floats("learning_rate", 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1), ints("batch_size", 8, 32, 128),
		floats("dropout", 0, 0.2, 0.4, 0.6), floats("weight_decay", 1e-6, 1e-2),
	}
	rows := table("heart", space)
	values := map[[6]int]float64{}
	key := func(at []float64) (k [6]int) {
		for i, x := range at {
			k[i] = int(x)
		}
		return k
	}
	for _, r := range rows {
		values[key(r.at)] = r.value
	}
	return Problem{"heart", "log loss of 2,304 trainings on heart patients: a grid of 6 parameters", space, lowest(rows),
		func(p medml.Params) float64 { return values[key(place(space, p))] }}
}

// neighbours is how many trainings wdbc interpolates between.
const neighbours = 6

// wdbc interpolates 2,000 trainings on the Wisconsin breast-cancer patients, with
// parameters drawn at random: between the nearest of the same architecture, weighted by
// the inverse of the squared distance (Shepard 1968). So its lowest value is the lowest
// that was measured.
func wdbc() Problem {
	word, whole := medml.StringValue, medml.IntValue
	branch := func(name, of string, p medml.Param) medml.Param {
		p.Name = "architecture." + of + "." + name
		p.When = &medml.Condition{Param: "architecture", Equals: word(of)}
		return p
	}
	logInt := func(low, high float64) medml.Param {
		return medml.Param{Kind: medml.Int, Low: low, High: high, Log: true}
	}
	space := medml.Space{
		{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{word("cnn"), word("lstm"), word("autoencoder")}},
		branch("filters", "cnn", logInt(4, 32)),
		branch("depth", "cnn", medml.Param{Kind: medml.Int, Low: 1, High: 2}),
		branch("cell", "lstm", medml.Param{Kind: medml.Categorical, Choices: []medml.Value{word("lstm"), word("gru"), word("rnn")}}),
		branch("hidden", "lstm", logInt(4, 32)),
		branch("latent", "autoencoder", logInt(2, 16)),
		branch("hidden", "autoencoder", logInt(8, 64)),
		{Name: "learning_rate", Kind: medml.Float, Low: 1e-4, High: 1e-1, Log: true},
		{Name: "batch_size", Kind: medml.Categorical, Ordered: true, Choices: []medml.Value{whole(16), whole(32), whole(64)}},
		{Name: "dropout", Kind: medml.Float, Low: 0, High: 0.7},
	}
	rows := table("wdbc", space)
	return Problem{"wdbc", "log loss of 2,000 trainings on breast-cancer patients, interpolated: 3 branches", space, lowest(rows),
		func(p medml.Params) float64 { return interpolate(space, rows, place(space, p)) }}
}

// interpolate weighs the nearest rows on the same branches.
func interpolate(space medml.Space, rows []row, at []float64) float64 {
	type near struct{ d, value float64 }
	var nearest []near
	for _, r := range rows {
		d := distance(space, r.at, at)
		if d == 0 {
			return r.value
		}
		if math.IsInf(d, 1) || len(nearest) == neighbours && d >= nearest[neighbours-1].d {
			continue
		}
		i, _ := slices.BinarySearchFunc(nearest, d, func(n near, d float64) int {
			if n.d < d {
				return -1
			}
			return 1
		})
		nearest = slices.Insert(nearest, i, near{d, r.value})
		nearest = nearest[:min(len(nearest), neighbours)]
	}
	sum, weights := 0.0, 0.0
	for _, n := range nearest {
		sum += n.value / n.d
		weights += 1 / n.d
	}
	return sum / weights
}

// distance is the squared distance of two places, infinite where they are on different
// branches. Unordered choices differ by 1 or nothing.
func distance(space medml.Space, a, b []float64) float64 {
	sum := 0.0
	for i, p := range space {
		switch {
		case math.IsNaN(a[i]) && math.IsNaN(b[i]):
			continue
		case math.IsNaN(a[i]) || math.IsNaN(b[i]):
			return math.Inf(1)
		}
		d := a[i] - b[i]
		if p.Kind == medml.Categorical {
			if p.Ordered {
				d /= float64(len(p.Choices) - 1)
			} else if d != 0 {
				d = 1
			}
		}
		sum += d * d
	}
	return sum
}
