package dataset

import "math"

// Bounds of imputation by neighbours: of its time and of what an artifact holds.
const (
	mostNeighbours = 1000
	mostDonors     = 1 << 13 // of more training rows, every second, third, …
)

// donors impute by nearest neighbours (Troyanskaya et al. 2001, Bioinformatics 17, 520):
// a missing value becomes the mean of the k nearest training examples that have it. The
// distance is Euclidean over the features that both examples have, each divided by its
// standard deviation in the training part, and scaled up by the share of features that
// they have (Dixon 1979); it is what scikit-learn's KNNImputer computes on standardised
// features. Of equally near examples the earlier counts.
type donors struct {
	k int
	// sd is the standard deviation of each feature, 0 for one that doesn't vary, and
	// negative for one that doesn't count.
	sd     []float64 // [feature]
	values []float64 // [donor, feature], NaN where missing
}

// newDonors learns from the training rows: SDs over the values there are.
func newDonors(d *Dataset, k int, train []int) *donors {
	n := len(d.Features)
	o := &donors{k: k, sd: make([]float64, n)}
	step := 1 + (len(train)-1)/mostDonors
	for at := 0; at < len(train); at += step {
		o.values = append(o.values, d.Row(train[at])...)
	}
	for j := range n {
		if known := d.known(nil, j, train); d.isIndicator(j) || len(known) == 0 {
			o.sd[j] = -1
		} else {
			_, o.sd[j] = standard(known)
		}
	}
	return o
}

// fill replaces the missing values of row. fallback is for a feature that no example has
// which shares another with the row.
func (o *donors) fill(row, fallback []float64) {
	n := len(row)
	var gaps []int
	for j, x := range row {
		if math.IsNaN(x) {
			gaps = append(gaps, j)
		}
	}
	if len(gaps) == 0 {
		return
	}
	distance := make([]float64, len(o.values)/n)
	for i := range distance {
		distance[i] = o.distance(row, o.values[i*n:(i+1)*n])
	}
	nearest := make([]neighbour, 0, o.k)
	filled := make([]float64, len(gaps))
	for g, j := range gaps {
		nearest = nearest[:0]
		for i, at := range distance {
			if x := o.values[i*n+j]; !math.IsNaN(at) && !math.IsNaN(x) {
				nearest = keepNearest(nearest, neighbour{at, x})
			}
		}
		filled[g] = meanValue(nearest, fallback[j])
	}
	for g, j := range gaps {
		row[j] = filled[g]
	}
}

// neighbour is an example that may lend its value.
type neighbour struct{ distance, value float64 }

// keepNearest inserts a neighbour behind those that are as near; the last falls out where
// there is no more room.
func keepNearest(nearest []neighbour, n neighbour) []neighbour {
	at := len(nearest)
	if at < cap(nearest) {
		nearest = append(nearest, n)
	} else if at--; nearest[at].distance <= n.distance {
		return nearest
	}
	for ; at > 0 && nearest[at-1].distance > n.distance; at-- {
		nearest[at] = nearest[at-1]
	}
	nearest[at] = n
	return nearest
}

func meanValue(nearest []neighbour, fallback float64) float64 {
	if len(nearest) == 0 {
		return fallback
	}
	sum := 0.0
	for _, n := range nearest {
		sum += n.value
	}
	return sum / float64(len(nearest))
}

// distance returns the squared distance of two examples, NaN if they share no feature.
func (o *donors) distance(a, b []float64) float64 {
	sum, shared, all := 0.0, 0, 0
	for j, sd := range o.sd {
		if sd < 0 {
			continue
		}
		all++
		d := a[j] - b[j]
		if math.IsNaN(d) {
			continue
		}
		shared++
		if sd > 0 {
			d /= sd
			sum += float64(d * d)
		}
	}
	if shared == 0 {
		return math.NaN()
	}
	return sum / float64(shared) * float64(all)
}
