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
		for _, x := range d.whole(i) {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(plain(x)))
		}
		return b
	}
	for _, x := range d.Row(i) {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(plain(x)))
	}
	return b
}

func (d *Dataset) sameFeatures(i, j int) bool {
	if !d.IsTable() {
		x, y := d.whole(i), d.whole(j)
		for k := range x {
			if math.Float32bits(plain(x[k])) != math.Float32bits(plain(y[k])) {
				return false
			}
		}
		return true
	}
	x, y := d.Row(i), d.Row(j)
	for k := range x {
		if math.Float64bits(plain(x[k])) != math.Float64bits(plain(y[k])) {
			return false
		}
	}
	return true
}

// plain gives 0 and -0 the same bits, and all that is missing.
func plain[T float32 | float64](x T) T {
	if x != x {
		return T(math.NaN())
	}
	return x + 0
}
