package search

import "slices"

// marginals are the leaves of a regression tree as boxes of the space, from which the
// variance that a feature explains alone follows (Hutter et al. 2014, section 3).
type marginals struct {
	dims   []*dimension
	leaves []leaf
	mean   float64
}

// leaf is a box with one value.
type leaf struct {
	value  float64
	volume float64 // share of the space
	sides  []side
}

// side is the part of a feature that belongs to a box: an interval of its axis, or some of
// its choices.
type side struct {
	low, high float64
	has       []bool
}

// share returns which share of the feature the side is.
func (s side) share(d *dimension) float64 {
	if s.has == nil {
		return (s.high - s.low) / (d.high - d.low)
	}
	n := 0
	for _, has := range s.has {
		if has {
			n++
		}
	}
	return float64(n) / float64(len(s.has))
}

func newMarginals(dims []*dimension, root *node) *marginals {
	m := &marginals{dims: dims}
	sides := make([]side, len(dims))
	for f, d := range dims {
		if sides[f] = (side{low: d.low, high: d.high}); d.nominal() {
			sides[f] = side{has: slices.Repeat([]bool{true}, d.n)}
		}
	}
	m.collect(root, sides)
	for _, l := range m.leaves {
		m.mean += float64(l.volume * l.value)
	}
	return m
}

// collect adds the leaves below a node whose box has those sides.
func (m *marginals) collect(nd *node, sides []side) {
	if nd.left == nil {
		l := leaf{nd.value, 1, slices.Clone(sides)}
		for f, s := range sides {
			l.volume *= s.share(m.dims[f])
		}
		m.leaves = append(m.leaves, l)
		return
	}
	was := sides[nd.feature]
	left, right := was, was
	if was.has == nil {
		left.high, right.low = nd.at, nd.at
	} else {
		left.has, right.has = make([]bool, len(was.has)), slices.Clone(was.has)
		left.has[int(nd.at)], right.has[int(nd.at)] = true, false
	}
	sides[nd.feature] = left
	m.collect(nd.left, sides)
	sides[nd.feature] = right
	m.collect(nd.right, sides)
	sides[nd.feature] = was
}

// of returns the variance of the tree's mean over all other features, as one feature
// changes.
func (m *marginals) of(f int) float64 {
	if m.dims[f].nominal() {
		return m.ofChoices(f)
	}
	var cuts []float64
	for _, l := range m.leaves {
		cuts = append(cuts, l.sides[f].low, l.sides[f].high)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	// steps[i] is by how much the mean changes at cuts[i].
	steps := make([]float64, len(cuts))
	for _, l := range m.leaves {
		from, _ := slices.BinarySearch(cuts, l.sides[f].low)
		to, _ := slices.BinarySearch(cuts, l.sides[f].high)
		part := l.value * l.volume / l.sides[f].share(m.dims[f])
		steps[from] += part
		steps[to] -= part
	}
	sum, mean, d := 0.0, 0.0, m.dims[f]
	for i := range len(cuts) - 1 {
		mean += steps[i]
		width := (cuts[i+1] - cuts[i]) / (d.high - d.low)
		sum += float64(width * float64((mean-m.mean)*(mean-m.mean)))
	}
	return sum
}

func (m *marginals) ofChoices(f int) float64 {
	means := make([]float64, m.dims[f].n)
	for _, l := range m.leaves {
		part := l.value * l.volume / l.sides[f].share(m.dims[f])
		for c, has := range l.sides[f].has {
			if has {
				means[c] += part
			}
		}
	}
	sum := 0.0
	for _, mean := range means {
		sum += float64((mean-m.mean)*(mean-m.mean)) / float64(len(means))
	}
	return sum
}
