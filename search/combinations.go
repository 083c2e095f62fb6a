package search

import (
	"encoding/binary"

	"medml"
)

// maxCombinations is how many combinations of a finite space are listed at most.
const maxCombinations = 100_000

// combinations lists the combinations of a finite space, those of its branches included.
type combinations struct {
	dims []dimension
	// positions hold, one combination after the other, the position of each dimension's
	// value, or -1 for a parameter that has a single value or is absent.
	positions []int32
	index     map[string]int // of a combination, by the key of its positions
}

// combinationsOf lists the combinations, the last parameter changing fastest. It returns
// false if there are too many or infinitely many.
func combinationsOf(dims []dimension) (*combinations, bool) {
	c := &combinations{dims: dims, index: map[string]int{}}
	return c, c.extend(make([]int32, len(dims)), 0, nil)
}

// extend adds the combinations that begin with the first i positions of row, whose values
// are params.
func (c *combinations) extend(row []int32, i int, params medml.Params) bool {
	if i == len(row) {
		c.index[string(rowKey(nil, row))] = len(c.index)
		c.positions = append(c.positions, row...)
		return len(c.index) <= maxCombinations
	}
	d, n := &c.dims[i], 1
	row[i] = -1
	if !active(d, params) {
		return c.extend(row, i+1, params)
	}
	if d.distribution != nil {
		if d.scale == continuous {
			return false
		}
		n = d.n
	}
	for j := range n {
		if d.distribution != nil {
			row[i] = int32(j)
		}
		v := medml.Setting{Name: d.Name, Value: d.value(d.number(j))}
		if !c.extend(row, i+1, append(params, v)) {
			return false
		}
	}
	return true
}

func (c *combinations) size() int { return len(c.index) }

// params returns a combination's searched parameters in their internal form.
func (c *combinations) params(i int) map[string]float64 {
	params := map[string]float64{}
	for j, position := range c.positions[i*len(c.dims) : (i+1)*len(c.dims)] {
		if d := &c.dims[j]; position >= 0 {
			params[d.Name] = d.number(int(position))
		}
	}
	return params
}

// settings returns a combination as a trial is given it.
func (c *combinations) settings(i int) medml.Params {
	var params medml.Params
	for j, position := range c.positions[i*len(c.dims) : (i+1)*len(c.dims)] {
		if d := &c.dims[j]; active(d, params) {
			params = append(params, medml.Setting{Name: d.Name, Value: d.value(d.number(int(max(position, 0))))})
		}
	}
	return params
}

// used says of each combination whether a trial before has it.
func (c *combinations) used(p *past) []bool {
	used := make([]bool, c.size())
	row := make([]int32, len(c.dims))
	var k []byte
	for number := p.warm; number < min(p.now, len(p.trials)); number++ {
		for i := range c.dims {
			row[i] = -1
			if column := p.columns[i]; column != nil && column[number] == column[number] {
				row[i] = int32(c.dims[i].position(c.dims[i].at(column[number])))
			}
		}
		k = rowKey(k[:0], row)
		if i, ok := c.index[string(k)]; ok {
			used[i] = true
		}
	}
	return used
}

// rowKey appends a row of positions as bytes.
func rowKey(b []byte, row []int32) []byte {
	for _, position := range row {
		b = binary.LittleEndian.AppendUint32(b, uint32(position))
	}
	return b
}

// active reports whether the parameter exists in a trial whose earlier ones are params.
func active(d *dimension, params medml.Params) bool {
	return medml.Space(nil).Active(d.Param, params)
}
