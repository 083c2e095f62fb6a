package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// mostBands is how many groups a column may make.
const mostBands = 20

// Bands divides rows by a subgroup's column: of[i] is the group of rows[i] as an index in
// names, -1 where the column has no value.
func (d *Dataset) Bands(s Subgroup, rows []int) (of []int, names []string, err error) {
	a, ok := d.Attribute(s.Column)
	if !ok {
		return nil, nil, fmt.Errorf("subgroups: no column %q was kept", s.Column)
	}
	if a.Words != nil {
		for _, row := range rows {
			of = append(of, int(a.Codes[row]))
		}
		return of, a.Words, bounded(s, len(a.Words))
	}
	if len(s.Cuts) == 0 {
		return values(s, a.Numbers, rows)
	}
	for i := range len(s.Cuts) + 1 {
		names = append(names, bandName(s.Cuts, i))
	}
	for _, row := range rows {
		x := a.Numbers[row]
		band := 0
		for band < len(s.Cuts) && x >= s.Cuts[band] {
			band++
		}
		if math.IsNaN(x) {
			band = -1
		}
		of = append(of, band)
	}
	return of, names, nil
}

// values makes a group of each number that the whole column has.
func values(s Subgroup, numbers []float64, rows []int) (of []int, names []string, err error) {
	known := slices.DeleteFunc(slices.Clone(numbers), math.IsNaN)
	slices.Sort(known)
	known = slices.Compact(known)
	if err := bounded(s, len(known)); err != nil {
		return nil, nil, err
	}
	for _, x := range known {
		names = append(names, short(x))
	}
	for _, row := range rows {
		at, found := slices.BinarySearch(known, numbers[row])
		if !found {
			at = -1
		}
		of = append(of, at)
	}
	return of, names, nil
}

func bounded(s Subgroup, groups int) error {
	if groups > mostBands {
		return &FieldError{"subgroups", fmt.Sprintf("column %q has %d different values, more than %d groups: expected cuts", s.Column, groups, mostBands)}
	}
	return nil
}

// bandName names the i-th band between cuts.
func bandName(cuts []float64, i int) string {
	switch i {
	case 0:
		return "below " + short(cuts[0])
	case len(cuts):
		return "from " + short(cuts[i-1])
	}
	return short(cuts[i-1]) + " to below " + short(cuts[i])
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
