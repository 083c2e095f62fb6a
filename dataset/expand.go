package dataset

import "math"

// block is a run of features that came of one column of words.
type block struct{ first, end int }

// isIndicator reports whether a feature says that another is missing.
func (d *Dataset) isIndicator(feature int) bool { return d.indicators != nil && d.indicators[feature] }

// cellFeatures says which features the cells of a column become.
type cellFeatures struct {
	place     []int // of each word's code; nil for a number
	indicator bool  // one more: is it missing?
}

// expand names the features, turns each column of words into one feature a word, and adds
// the indicators.
func (g *gatherer) expand(d *Dataset, n int) error {
	as := make([]cellFeatures, len(g.features))
	plain := true
	for i, f := range g.features {
		first := len(d.Features)
		switch {
		case f.firstNumber > 0:
			d.Features = append(d.Features, f.name)
		case f.words != nil && f.kind != ranks:
			var words []string
			words, as[i].place = f.words.sorted()
			for _, w := range words {
				d.Features = append(d.Features, f.name+"="+w)
			}
			d.blocks = append(d.blocks, block{first, len(d.Features)})
		default:
			return &CellError{File: g.file, Column: f.name, Found: "no value in any line", Expected: "values, or the column left out of the features"}
		}
		if g.config.Preprocess.Indicator && g.hasGaps(i) {
			as[i].indicator = true
			d.Features = append(d.Features, f.name+"=NA")
			d.indicators = append(d.indicators, make([]bool, len(d.Features)-len(d.indicators))...)
			d.indicators[len(d.Features)-1] = true
		}
		plain = plain && as[i].place == nil && !as[i].indicator
	}
	if d.indicators != nil {
		d.indicators = append(d.indicators, make([]bool, len(d.Features)-len(d.indicators))...)
	}
	if plain {
		d.values = g.values
		return nil
	}
	if len(d.Features) > g.lim.values/n {
		return g.tooMany()
	}
	d.values = make([]float64, 0, n*len(d.Features))
	for i, x := range g.values {
		d.values = as[i%len(g.features)].append(d.values, x)
	}
	return nil
}

// hasGaps reports whether a column lacks a value.
func (g *gatherer) hasGaps(feature int) bool {
	for at := feature; at < len(g.values); at += len(g.features) {
		if math.IsNaN(g.values[at]) {
			return true
		}
	}
	return false
}

// append appends a number, or the word of code x as one value for each word; a missing
// word is missing in all of them.
func (c cellFeatures) append(values []float64, x float64) []float64 {
	if c.place == nil {
		values = append(values, x)
	}
	for i := range c.place {
		switch {
		case math.IsNaN(x):
			values = append(values, x)
		case c.place[int(x)] == i:
			values = append(values, 1)
		default:
			values = append(values, 0)
		}
	}
	if c.indicator {
		missing := 0.0
		if math.IsNaN(x) {
			missing = 1
		}
		values = append(values, missing)
	}
	return values
}
