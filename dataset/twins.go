package dataset

import (
	"encoding/binary"
	"hash/maphash"
	"math"
)

// twins numbers the examples so that those with the same features, bit for bit, have the
// same number; missing values are alike. The numbers are those of the first of them.
func (d *Dataset) twins() []int {
	width := d.Width()
	seed := maphash.MakeSeed() // of the buckets alone: equality decides
	numbers := make([]int, d.Len())
	buckets := make(map[uint64][]int, d.Len())
	cells := make([]byte, 0, 8*width)
	for i := range numbers {
		cells = d.appendBits(cells[:0], i)
		key := maphash.Bytes(seed, cells)
		numbers[i] = i
		for _, first := range buckets[key] {
			if d.sameFeatures(first, i) {
				numbers[i] = first
				break
			}
		}
		if numbers[i] == i {
			buckets[key] = append(buckets[key], i)
		}
	}
	return numbers
}

// appendBits appends the features of an example as bytes.
func (d *Dataset) appendBits(b []byte, i int) []byte {
	if !d.IsTable() {
		for _, x := range d.Media(i) {
			b = binary.LittleEndian.AppendUint64(b, valueBits(float64(x)))
		}
		return b
	}
	for _, x := range d.Row(i) {
		b = binary.LittleEndian.AppendUint64(b, valueBits(x))
	}
	return b
}

func (d *Dataset) sameFeatures(i, j int) bool {
	if !d.IsTable() {
		x, y := d.Media(i), d.Media(j)
		for k := range x {
			if valueBits(float64(x[k])) != valueBits(float64(y[k])) {
				return false
			}
		}
		return true
	}
	x, y := d.Row(i), d.Row(j)
	for k := range x {
		if valueBits(x[k]) != valueBits(y[k]) {
			return false
		}
	}
	return true
}

// valueBits are those of a number, the same for 0 and -0 and for all that is missing.
func valueBits(x float64) uint64 {
	if math.IsNaN(x) {
		x = math.NaN()
	}
	return math.Float64bits(x + 0)
}
