package search

import (
	"math/rand/v2"
	"slices"
)

// samples are rows with a value each. Columns are coordinates; nominal ones are split by one
// value against all others, the others below and above a threshold.
type samples struct {
	dims    []*dimension
	columns [][]float64
	values  []float64
}

// node of a regression tree. A leaf has no children.
type node struct {
	feature     int
	at          float64 // left is below it, or for a nominal feature equal to it
	left, right *node
	value       float64 // mean of the samples
}

// growTree grows a regression tree on a bootstrap sample until its leaves are pure (Breiman,
// Random Forests, 2001, with all features at every split, as scikit-learn's forests have
// it).
func growTree(s samples, r *rand.Rand) *node {
	n := len(s.values)
	g := grower{samples: s, rows: make([]int32, n), left: make([]bool, n), scratch: make([]int32, 0, n)}
	for i := range g.rows {
		g.rows[i] = int32(r.IntN(n))
	}
	for f := range s.dims {
		order := make([]int32, n)
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortStableFunc(order, func(i, j int32) int {
			switch a, b := g.x(f, i), g.x(f, j); {
			case a < b:
				return -1
			case a > b:
				return 1
			}
			return 0
		})
		g.orders = append(g.orders, order)
	}
	return g.grow(0, n)
}

// grower grows a tree. A node's samples are at the same places of every order.
type grower struct {
	samples
	rows    []int32   // of the bootstrap sample
	orders  [][]int32 // for each feature, the sample by rising coordinate
	left    []bool    // of the sample: where the node that is being split sends it
	scratch []int32
}

func (g *grower) x(feature int, i int32) float64 { return g.columns[feature][g.rows[i]] }
func (g *grower) y(i int32) float64              { return g.values[g.rows[i]] }

// grow makes a node of the samples at places from to to.
func (g *grower) grow(from, to int) *node {
	sum := 0.0
	for _, i := range g.orders[0][from:to] {
		sum += g.y(i)
	}
	nd := &node{value: sum / float64(to-from)}
	if !g.split(nd, from, to) {
		return nd
	}
	middle := from
	for _, i := range g.orders[0][from:to] {
		x := g.x(nd.feature, i)
		if g.left[i] = x < nd.at; g.dims[nd.feature].nominal() {
			g.left[i] = x == nd.at
		}
		if g.left[i] {
			middle++
		}
	}
	for _, order := range g.orders {
		g.partition(order[from:to])
	}
	nd.left, nd.right = g.grow(from, middle), g.grow(middle, to)
	return nd
}

// partition moves what goes left to the front and keeps the order otherwise.
func (g *grower) partition(order []int32) {
	right := g.scratch[:0]
	kept := order[:0]
	for _, i := range order {
		if g.left[i] {
			kept = append(kept, i)
		} else {
			right = append(right, i)
		}
	}
	copy(order[len(kept):], right)
}

// split finds the split that leaves the least variance, the first among equals. It is false
// if there is none that leaves less than there is.
func (g *grower) split(nd *node, from, to int) bool {
	best, found := 0.0, false
	for f := range g.dims {
		try := g.thresholds
		if g.dims[f].nominal() {
			try = g.categories
		}
		try(f, nd.value, from, to, func(at, gain float64) {
			if gain > best {
				best, found = gain, true
				nd.feature, nd.at = f, at
			}
		})
	}
	return found
}

// gain is by how much a split lowers the sum of squares, if the values on the left differ
// from the mean of all by that sum.
func gain(sum float64, left, all int) float64 {
	return float64(sum*sum) * (1/float64(left) + 1/float64(all-left))
}

// thresholds offers the splits of a feature between neighbouring coordinates.
func (g *grower) thresholds(f int, mean float64, from, to int, offer func(at, gain float64)) {
	order, sum := g.orders[f][from:to], 0.0
	for k := 0; k+1 < len(order); k++ {
		sum += g.y(order[k]) - mean
		x, next := g.x(f, order[k]), g.x(f, order[k+1])
		if at := x/2 + next/2; x < next && at > x {
			offer(at, gain(sum, k+1, len(order)))
		}
	}
}

// categories offers the splits of one value of a nominal feature from all others.
func (g *grower) categories(f int, mean float64, from, to int, offer func(at, gain float64)) {
	order, sum, n := g.orders[f][from:to], 0.0, 0
	for k, i := range order {
		sum += g.y(i) - mean
		n++
		x := g.x(f, i)
		if k+1 == len(order) || g.x(f, order[k+1]) != x {
			if n < len(order) {
				offer(x, gain(sum, n, len(order)))
			}
			sum, n = 0, 0
		}
	}
}
