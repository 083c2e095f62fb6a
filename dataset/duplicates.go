package dataset

import (
	"cmp"
	"slices"
)

// NearDistance is in how many of 64 bits the hashes of two pictures may differ for them to
// be taken for one.
//
// Hashes have 32 bits set. Of two drawn at random, one pair in 1.4e9 is as near as 8.
// Pictures of one organ are far more alike than that. Of the 31,878 pairs of a public
// collection of 253 magnetic resonance images of the head, 92 are within 8: looked at, all
// are copies in another size, compression or brightness. From 10 on, there are brains of
// different patients among them, of those of 12 most.
const NearDistance = 8

// mostDistance bounds the distance that may be asked for.
const mostDistance = 15

// nearDistance is the distance within which this dataset's pictures are taken for one.
func (d *Dataset) nearDistance() int { return cmp.Or(d.distance, NearDistance) }

// Lookalikes numbers pictures so that those that look alike have the same number: that of
// the first of them. Two look alike if their perceptual hashes differ in at most so many
// bits (see [NearDistance]), and if both look like a third, or a chain of them. It returns
// nil for anything but pictures of 8 by 8 pixels or more.
func (d *Dataset) Lookalikes(distance int) []int {
	if len(d.Shape) != 3 || d.Shape[0] < hashWaves || d.Shape[1] < hashWaves || d.IsTable() {
		return nil
	}
	hashes := hashIndex{distance: distance}
	sets := newDisjoint(d.Len())
	for i := range d.Len() {
		hash, ok := perceptualHash(picture{d.Shape[0], d.Shape[1], d.Shape[2], d.Media(i)})
		if !ok {
			continue // an even picture is like an equal one alone, and no rows are compared here
		}
		for _, j := range hashes.near(hash) {
			sets.join(i, j)
		}
		hashes.add(hash, i)
	}
	return sets.numbers()
}

// groupLookalikes returns patients such that pictures that look alike are of one, and so
// are those that were of one before; numbered from 0 in the order of their appearance.
func (d *Dataset) groupLookalikes(distance int) []int {
	sets := newDisjoint(d.Len())
	for i, first := range d.Lookalikes(distance) {
		sets.join(i, first)
	}
	firsts := map[int]int{}
	for i, patient := range d.Groups {
		if first, ok := firsts[patient]; ok {
			sets.join(i, first)
		} else {
			firsts[patient] = i
		}
	}
	groups := sets.numbers()
	order := map[int]int{}
	for i, first := range groups {
		if _, ok := order[first]; !ok {
			order[first] = len(order)
		}
		groups[i] = order[first]
	}
	return groups
}

// hashIndex finds hashes that are near. Of two that differ in at most d bits, one of their
// four quarters differs in at most d/4 (Norouzi, Punjani & Fleet 2012, "Fast Search in
// Hamming Space with Multi-Index Hashing"), so it looks up each quarter and what is that
// near to it.
type hashIndex struct {
	distance int
	hashes   []uint64
	rows     []int
	quarters [4]map[uint16][]int // places in hashes
}

func (x *hashIndex) add(hash uint64, row int) {
	for q := range x.quarters {
		if x.quarters[q] == nil {
			x.quarters[q] = map[uint16][]int{}
		}
		part := uint16(hash >> (16 * q))
		x.quarters[q][part] = append(x.quarters[q][part], len(x.hashes))
	}
	x.hashes, x.rows = append(x.hashes, hash), append(x.rows, row)
}

// near returns the rows of the hashes within the distance, in rising order.
func (x *hashIndex) near(hash uint64) []int {
	var places []int
	for q := range x.quarters {
		if x.quarters[q] == nil {
			continue
		}
		around(uint16(hash>>(16*q)), 16, x.distance/4, func(part uint16) {
			for _, at := range x.quarters[q][part] {
				if hashDistance(hash, x.hashes[at]) <= x.distance {
					places = append(places, at)
				}
			}
		})
	}
	slices.Sort(places)
	places = slices.Compact(places)
	for i, at := range places {
		places[i] = x.rows[at]
	}
	return places
}

// around calls visit with the part and every other that differs in at most so many of its
// lowest bits.
func around(part uint16, bits, changes int, visit func(uint16)) {
	visit(part)
	if changes == 0 {
		return
	}
	for bit := range bits {
		around(part^1<<bit, bit, changes-1, visit)
	}
}

// disjoint are sets of rows that are joined (Tarjan 1975).
type disjoint []int

func newDisjoint(n int) disjoint {
	d := make(disjoint, n)
	for i := range d {
		d[i] = i
	}
	return d
}

// first returns the lowest row of i's set.
func (d disjoint) first(i int) int {
	for d[i] != i {
		d[i] = d[d[i]]
		i = d[i]
	}
	return i
}

func (d disjoint) join(i, j int) {
	i, j = d.first(i), d.first(j)
	d[max(i, j)] = min(i, j)
}

// numbers returns the lowest row of each row's set.
func (d disjoint) numbers() []int {
	out := make([]int, len(d))
	for i := range d {
		out[i] = d.first(i)
	}
	return out
}
