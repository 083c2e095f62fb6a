package metric

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// sample is which rows are of which patient and which patients are of which stratum.
type sample struct {
	patient  []int32 // [n] of each row, from 0 on in the order of their first rows
	patients int
	repeated bool      // whether a patient has several rows
	strata   [][]int32 // the patients of each
}

// newSample sorts the rows by patient and the patients by the rarest of their classes.
func newSample(p Predictions, groups []int) *sample {
	n := p.rows()
	if groups != nil && len(groups) != n {
		panic(fmt.Sprintf("metric: %d patients for %d rows", len(groups), n))
	}
	s := &sample{patient: make([]int32, n)}
	seen := map[int]int32{}
	for row := range n {
		group := row
		if groups != nil {
			group = groups[row]
		}
		at, known := seen[group]
		if !known {
			at = int32(len(seen))
			seen[group] = at
		}
		s.repeated = s.repeated || known
		s.patient[row] = at
	}
	s.patients = len(seen)
	s.stratify(p.rarities())
	return s
}

// rarities returns for each row a number that is higher the rarer its class is, nil for
// numbers: [n].
func (p Predictions) rarities() []int {
	if p.Classes == 0 {
		return nil
	}
	sizes := make([]int, p.Classes)
	for _, l := range p.Labels {
		sizes[l]++
	}
	common := make([]int, p.Classes)
	for c := range common {
		common[c] = c
	}
	slices.SortStableFunc(common, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	rarity := make([]int, p.Classes)
	for r, c := range common {
		rarity[c] = r
	}
	rows := make([]int, len(p.Labels))
	for i, l := range p.Labels {
		rows[i] = rarity[l]
	}
	return rows
}

// stratify puts each patient into the stratum of the highest of the rows' keys, all into
// one where there are no keys. It may be called again with others.
func (s *sample) stratify(keys []int) {
	highest := make([]int, s.patients)
	for row, k := range keys {
		highest[s.patient[row]] = max(highest[s.patient[row]], k)
	}
	strata := make([][]int32, 1)
	for patient, k := range highest {
		for k >= len(strata) {
			strata = append(strata, nil)
		}
		strata[k] = append(strata[k], int32(patient))
	}
	s.strata = slices.DeleteFunc(strata, func(of []int32) bool { return len(of) == 0 })
}

// draw fills weights with how often each row is in a resample; times is scratch for each
// patient.
func (s *sample) draw(rng *rand.Rand, times, weights []int32) {
	clear(times)
	for _, stratum := range s.strata {
		n := uint64(len(stratum))
		for range stratum {
			times[stratum[rng.Uint64N(n)]]++
		}
	}
	s.spread(times, weights)
}

// spread gives each row its patient's weight.
func (s *sample) spread(times, weights []int32) {
	for row, patient := range s.patient {
		weights[row] = times[patient]
	}
}

// blocks divides each stratum into equal parts, as many as it has patients, but of all
// strata together not many more than most.
func (s *sample) blocks(most int) [][][]int32 {
	strata := make([][][]int32, len(s.strata))
	for i, stratum := range s.strata {
		many := min(len(stratum), max(2, len(stratum)*most/max(most, s.patients)))
		for b := range many {
			strata[i] = append(strata[i], stratum[b*len(stratum)/many:(b+1)*len(stratum)/many])
		}
	}
	return strata
}
