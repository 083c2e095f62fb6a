package dataset

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// divideGroups gives whole patients to parts of the given shares. Patients are taken one
// after the other, those with the most uneven classes first (without strata, the largest
// first), equal ones in random order; each goes to the part that leaves the parts most
// evenly filled. For equal shares this is the method of scikit-learn's
// StratifiedGroupKFold; for two unequal ones a part is as full as its count over its
// share.
func (d *division) divideGroups(rows []int, shares []float64, rng *rand.Rand) [][]int {
	patients := d.patientsOf(rows)
	rng.Shuffle(len(patients), func(i, j int) { patients[i], patients[j] = patients[j], patients[i] })
	slices.SortStableFunc(patients, func(a, b patient) int { return cmp.Compare(b.unevenness(), a.unevenness()) })
	f := newFilling(patients, shares)
	parts := make([][]int, len(shares))
	for _, p := range patients {
		at := f.place(p.counts)
		parts[at] = append(parts[at], p.rows...)
	}
	return parts
}

// patient is a group: its rows, and how many of them are of each class.
type patient struct {
	rows   []int
	counts []int
}

// unevenness orders patients as the variance of their counts over the classes does. With
// one class it is the count.
func (p patient) unevenness() int {
	if len(p.counts) == 1 {
		return p.counts[0]
	}
	sum, squares := 0, 0
	for _, n := range p.counts {
		sum += n
		squares += n * n
	}
	return len(p.counts)*squares - sum*sum
}

// patientsOf returns the patients of the rows in the order of their first appearance,
// with all rows as one class where they aren't stratified.
func (d *division) patientsOf(rows []int) []patient {
	classes := 1
	if d.stratified {
		classes = len(d.of.Classes)
	}
	var patients []patient
	number := map[int]int{}
	for _, i := range rows {
		at, ok := number[d.groups[i]]
		if !ok {
			at = len(patients)
			number[d.groups[i]] = at
			patients = append(patients, patient{counts: make([]int, classes)})
		}
		class := 0
		if d.stratified {
			class = int(d.of.label(i))
		}
		patients[at].rows = append(patients[at].rows, i)
		patients[at].counts[class]++
	}
	return patients
}

// filling is how full each part is so far.
type filling struct {
	counts [][]int     // [part][class]
	sizes  []int       // [part], over all classes
	room   [][]float64 // [part][class]: the count that is exactly the part's share
	shares []float64
}

func newFilling(patients []patient, shares []float64) *filling {
	f := &filling{sizes: make([]int, len(shares)), shares: shares}
	for _, share := range shares {
		room := make([]float64, len(patients[0].counts))
		for _, p := range patients {
			for class, n := range p.counts {
				room[class] += float64(n)
			}
		}
		for class := range room {
			room[class] *= share
		}
		f.room = append(f.room, room)
		f.counts = append(f.counts, make([]int, len(room)))
	}
	return f
}

// place puts a patient where the classes are then spread most evenly over the parts;
// among equals, into the emptiest part.
func (f *filling) place(counts []int) int {
	best, bestSpread := 0, math.Inf(1)
	for part := range f.counts {
		spread := f.spread(part, counts)
		// A difference in the last bits comes from the order of a sum alone.
		equal := math.Abs(spread-bestSpread) <= 1e-12
		if !equal && spread < bestSpread || equal && f.level(part) < f.level(best) {
			best, bestSpread = part, spread
		}
	}
	for class, n := range counts {
		f.counts[best][class] += n
		f.sizes[best] += n
	}
	return best
}

func (f *filling) level(part int) float64 { return float64(f.sizes[part]) / f.shares[part] }

// spread is the standard deviation over the parts of how full each is, averaged over the
// classes, once the counts are added to a part.
func (f *filling) spread(to int, counts []int) float64 {
	total := 0.0
	parts := float64(len(f.counts))
	for class, added := range counts {
		mean := 0.0
		for part := range f.counts {
			mean += f.fullness(part, class, to, added)
		}
		mean /= parts
		variance := 0.0
		for part := range f.counts {
			d := f.fullness(part, class, to, added) - mean
			variance += float64(d * d)
		}
		total += math.Sqrt(variance / parts)
	}
	return total / float64(len(counts))
}

func (f *filling) fullness(part, class, to, added int) float64 {
	n := f.counts[part][class]
	if part == to {
		n += added
	}
	if n == 0 {
		return 0 // a class without any row has no room either
	}
	return float64(n) / f.room[part][class]
}
