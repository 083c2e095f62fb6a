package dataset

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Splits are the parts of a dataset as indices of examples, ascending. The test part and
// the validation parts of a k-fold split are disjoint and together hold every example.
type Splits struct {
	// Test is locked away: nothing is learnt or chosen on it.
	Test []int `json:"test"`
	// Folds divide the rest; a hold-out split has one. Those of a repeat follow those of the
	// one before it.
	Folds []Fold `json:"folds"`
}

// Fold is one division of the development part.
type Fold struct {
	Train []int `json:"train"`
	Valid []int `json:"valid"`
}

// Split divides the examples as c says, with what is random drawn from rng: first the
// test part, which doesn't depend on how the rest is divided, then the folds, one repeat
// after the other.
//
// Ungrouped folds differ by one example at most. A stratified part has, of each class,
// its exact share within one example. A grouped split keeps the examples of a patient
// together and comes as near to the shares as the patients' sizes let a greedy choice.
//
// The error is a [*FieldError] where a part would be empty or, in a classification,
// would lack a class, and where a patient would be on two sides. Only the patients and
// sites that are left out in turn may validate on fewer classes than there are.
func (d *Dataset) Split(c SplitConfig, rng *rand.Rand) (Splits, error) {
	c, err := d.settle(c)
	if err != nil {
		return Splits{}, err
	}
	s, err := d.split(c, rng)
	if err != nil {
		return Splits{}, err
	}
	return s, d.checkPatients(s)
}

// settle fills in what the data tell about c and holds it against them.
func (d *Dataset) settle(c SplitConfig) (SplitConfig, error) {
	own := len(d.marked(InTest, c.Pool)) > 0
	kind := splitKinds[c.Kind]
	switch {
	case kind.scheme == nested && d.Parts != nil && !c.Pool:
		return c, &FieldError{"split.pool", "a nested split tests on every example, and the source has parts of its own: expected pool: true"}
	case c.Pool && d.Parts == nil:
		return c, &FieldError{"split.pool", "the source has no parts of its own"}
	case c.External != "" && d.external == 0:
		return c, &FieldError{"split.external", "the dataset was read without " + c.External}
	case own && c.External == "" && c.Test != nil && testPart[kind.scheme] == "":
		return c, &FieldError{"split.test", fmt.Sprintf("the source has a test part of its own, of %s: leave test out, or say pool: true to ignore it",
			count(len(d.marked(InTest, false)), "example"))}
	}
	p := noPatients
	if d.Groups != nil {
		p = havePatients
	}
	c = c.resolved(d.Task, p)
	var found mistakes
	if c.validate(&found, d.Task, p); len(found) > 0 {
		return c, errors.Join(found...)
	}
	if c.Studies() > 1 {
		return c, &FieldError{"split.outer", fmt.Sprintf("a nested split is a study for each outer fold: expected 1 to %d", c.Folds)}
	}
	return c, nil
}

// split divides the examples by a settled configuration.
func (d *Dataset) split(c SplitConfig, rng *rand.Rand) (Splits, error) {
	how := d.division(c)
	switch splitKinds[c.Kind].scheme {
	case nested:
		return d.splitNested(how, c, rng)
	case predefined:
		return d.splitPredefined(how, c, rng)
	case leaveGroupOut:
		return d.leaveGroupsOut(c, rng)
	case byTime:
		return d.splitByTime(c)
	}
	rest, test, err := d.lockAway(how, c, rng)
	if err != nil {
		return Splits{}, err
	}
	folds, err := d.develop(how, rest, c, rng)
	return Splits{Test: test, Folds: folds}, err
}

// lockAway takes the test part from the examples: that of the source or of the external
// file, or else a share of them all, which may be 0.
func (d *Dataset) lockAway(how *division, c SplitConfig, rng *rand.Rand) (rest, test []int, err error) {
	if own := d.marked(InTest, c.Pool); len(own) > 0 {
		rest = without(d.Len(), own)
		return rest, own, d.checkOwnTest(rest, own)
	}
	all := without(d.Len(), nil)
	share := *c.Test
	if share == 0 {
		return all, []int{}, nil
	}
	parts := how.divide(all, []float64{1 - share, share}, rng)
	return parts[0], parts[1], d.checkTest(parts[0], parts[1])
}

// develop divides what isn't tested on into folds, as often as c repeats it.
func (d *Dataset) develop(how *division, rest []int, c SplitConfig, rng *rand.Rand) ([]Fold, error) {
	var folds []Fold
	field := "split.folds"
	if c.folding().scheme == holdOut {
		field = "split.valid"
	} else if err := how.checkEnough(rest, c.Folds, field); err != nil {
		return nil, err
	}
	for range max(1, c.Repeats) {
		if field == "split.valid" {
			parts := how.divide(rest, []float64{1 - c.Valid, c.Valid}, rng)
			folds = append(folds, Fold{Train: parts[0], Valid: parts[1]})
		} else {
			folds = append(folds, foldsOf(how.divideEqually(rest, c.Folds, rng))...)
		}
	}
	return folds, d.checkFolds(folds, field)
}

// divideEqually divides rows into n parts of one size.
func (d *division) divideEqually(rows []int, n int, rng *rand.Rand) [][]int {
	return d.divide(rows, slices.Repeat([]float64{1 / float64(n)}, n), rng)
}

// foldsOf makes a fold of each part: it validates, the others train.
func foldsOf(parts [][]int) []Fold {
	var folds []Fold
	for i := range parts {
		folds = append(folds, Fold{Train: others(parts, i), Valid: parts[i]})
	}
	return folds
}

// others returns the rows of all parts but one.
func others(parts [][]int, i int) []int {
	rows := slices.Concat(slices.Concat(parts[:i]...), slices.Concat(parts[i+1:]...))
	slices.Sort(rows)
	return rows
}

// marked returns the examples that the source puts in a part; with pool, only those of an
// external file.
func (d *Dataset) marked(part Part, pool bool) []int {
	from := 0
	if pool {
		from = d.Len() - d.external
	}
	var rows []int
	for i, p := range d.Parts {
		if p == part && i >= from {
			rows = append(rows, i)
		}
	}
	return rows
}

// without returns the numbers below n that aren't among the rows, which ascend.
func without(n int, rows []int) []int {
	rest := make([]int, 0, n-len(rows))
	for i := range n {
		if len(rows) > 0 && rows[0] == i {
			rows = rows[1:]
		} else {
			rest = append(rest, i)
		}
	}
	return rest
}
