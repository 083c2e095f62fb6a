package dataset

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// splitByTime tests on the latest examples, as near to the share as equal times allow. The
// rest, in the order of time, is cut into one window more than there are folds; each but
// the first validates what trained on all before it.
//
// A patient's examples stay together, at the time of the last of them: so nothing that is
// trained on is later than the windows that follow.
func (d *Dataset) splitByTime(c SplitConfig) (Splits, error) {
	at, err := d.moments(c.Column)
	if err != nil {
		return Splits{}, err
	}
	test := d.marked(InTest, c.Pool)
	moments := d.byTime(at, without(d.Len(), test))
	if len(test) > 0 {
		if err := d.checkOwnTest(without(d.Len(), test), test); err != nil {
			return Splits{}, err
		}
	} else if share := *c.Test; share > 0 {
		cut := cutAt(moments, float64(1-share))
		rest := sorted(slices.Concat(moments[:cut]...))
		test = sorted(slices.Concat(moments[cut:]...))
		if err := d.checkTest(rest, test); err != nil {
			return Splits{}, err
		}
		moments = moments[:cut]
	} else {
		test = []int{}
	}
	s := Splits{Test: test}
	if s.Folds, err = d.windows(moments, c.Folds); err != nil {
		return Splits{}, err
	}
	return s, d.checkFolds(s.Folds, "split.folds")
}

// windows makes expanding windows of moments in the order of time.
func (d *Dataset) windows(moments [][]int, folds int) ([]Fold, error) {
	cuts := []int{}
	for k := 1; k <= folds; k++ {
		cuts = append(cuts, cutAt(moments, float64(k)/float64(folds+1)))
	}
	cuts = append(cuts, len(moments))
	var out []Fold
	for k := range folds {
		if cuts[k] == 0 || cuts[k] >= cuts[k+1] {
			return nil, &FieldError{"split.folds", fmt.Sprintf("%s beside the test part don't make %d windows of time and one to begin with",
				count(len(moments), "different time"), folds)}
		}
		out = append(out, Fold{
			Train: sorted(slices.Concat(moments[:cuts[k]]...)),
			Valid: sorted(slices.Concat(moments[cuts[k]:cuts[k+1]]...)),
		})
	}
	return out, nil
}

// cutAt returns how many moments hold, as nearly as can be, the share of the rows.
func cutAt(moments [][]int, share float64) int {
	total := 0
	for _, m := range moments {
		total += len(m)
	}
	want := float64(share * float64(total))
	best, before := 0, 0
	distance := math.Inf(1)
	for i := 0; ; i++ {
		if off := math.Abs(float64(before) - want); off < distance {
			best, distance = i, off
		}
		if i == len(moments) {
			return best
		}
		before += len(moments[i])
	}
}

// byTime returns the rows of each moment in the order of time, a patient's at their last.
func (d *Dataset) byTime(at []float64, rows []int) [][]int {
	last := map[int]float64{}
	if d.Groups != nil {
		for _, i := range rows {
			if t, ok := last[d.Groups[i]]; !ok || at[i] > t {
				last[d.Groups[i]] = at[i]
			}
		}
	}
	when := func(i int) float64 {
		if d.Groups != nil {
			return last[d.Groups[i]]
		}
		return at[i]
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(when(a), when(b)) })
	var moments [][]int
	for k, i := range rows {
		if k == 0 || when(i) != when(rows[k-1]) {
			moments = append(moments, nil)
		}
		moments[len(moments)-1] = append(moments[len(moments)-1], i)
	}
	return moments
}

// dateForms are those of a date, ISO 8601 as it is usually written. A form that reads
// differently in two countries isn't among them.
var dateForms = []string{
	"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05",
	time.RFC3339, "2006-01", "2006/01/02",
}

// moments returns the time of each example: numbers as they are, dates in seconds.
func (d *Dataset) moments(name string) ([]float64, error) {
	a, ok := d.Attribute(name)
	if !ok {
		return nil, &FieldError{"split.column", fmt.Sprintf("the dataset was read without column %q", name)}
	}
	at := make([]float64, d.Len())
	for i := range at {
		if a.Words == nil {
			at[i] = a.Numbers[i]
		} else if a.Codes[i] >= 0 {
			at[i], ok = parseDate(a.Words[a.Codes[i]])
		} else {
			at[i] = math.NaN()
		}
		switch {
		case math.IsNaN(at[i]):
			return nil, &FieldError{"split.column", fmt.Sprintf("example %d has no time in column %s", i+1, oneLine(name))}
		case !ok:
			return nil, &FieldError{"split.column", fmt.Sprintf("example %d has %s in column %s: expected a date as in 2006-01-31 or 2006-01-31 15:04:05, or numbers throughout",
				i+1, quoted(a.Words[a.Codes[i]]), oneLine(name))}
		}
	}
	return at, nil
}

func parseDate(s string) (seconds float64, ok bool) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return float64(t.Unix()) + float64(t.Nanosecond())/1e9, true
		}
	}
	return 0, false
}

// cell returns the attribute of an example as a word, "" where it is missing.
func (a Attribute) cell(i int) string {
	switch {
	case a.Words == nil && math.IsNaN(a.Numbers[i]), a.Words != nil && a.Codes[i] < 0:
		return ""
	case a.Words == nil:
		return strconv.FormatFloat(a.Numbers[i], 'g', -1, 64)
	}
	return a.Words[a.Codes[i]]
}

func sorted(rows []int) []int {
	slices.Sort(rows)
	return rows
}
