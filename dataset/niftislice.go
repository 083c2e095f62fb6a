package dataset

import "math"

// canonical says how a volume lies: voxel axis v[i] runs along the world's axis i (right,
// anterior, superior), backwards where flip[i].
type canonical struct {
	v    [3]int
	flip [3]bool
}

// canonical finds the voxel axes that are nearest to the world's.
func (n *niftiVolume) canonical() canonical {
	var best canonical
	most := math.Inf(-1)
	for _, v := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		sum := 0.0
		c := canonical{v: v}
		for world, axis := range v {
			x := n.affine[world][axis]
			length := 0.0
			for _, row := range n.affine {
				length += float64(row[axis] * row[axis])
			}
			if length > 0 {
				sum += math.Abs(x) / math.Sqrt(length)
			}
			c.flip[world] = x < 0
		}
		if sum > most+1e-12 {
			most, best = sum, c
		}
	}
	return best
}

// niftiAxes are the directions of slices, by the world's axis that they cut.
var niftiAxes = map[string]int{"sagittal": 0, "coronal": 1, "axial": 2}

// side returns the number of slices, or of rows or columns, along a world's axis.
func (n *niftiVolume) side(c canonical, world int) int { return n.sides[c.v[world]] }

// value returns the value at a place along right, anterior and superior.
func (n *niftiVolume) value(c canonical, right, anterior, superior int) float64 {
	var voxel [3]int
	for world, at := range [3]int{right, anterior, superior} {
		if c.flip[world] {
			at = n.side(c, world) - 1 - at
		}
		voxel[c.v[world]] = at
	}
	return n.at(voxel[0], voxel[1], voxel[2])
}

// slice returns a slice as one looks at it: superior or anterior above, and from left to
// right the patient's left to right, or posterior to anterior.
func (n *niftiVolume) slice(c canonical, axis, at int) (picture, error) {
	across, up := 0, 2
	switch axis {
	case 0:
		across = 1
	case 2:
		up = 1
	}
	p := newPicture(n.side(c, up), n.side(c, across), 1)
	for row := range p.height {
		for column := range p.width {
			var place [3]int
			place[axis], place[across], place[up] = at, column, p.height-1-row
			x := n.value(c, place[0], place[1], place[2])
			if math.Abs(x) > math.MaxFloat32 {
				return p, n.odd("an infinite value, or one above 3.4e38 in size", "numbers, or NaN where they are missing")
			}
			p.pix[row*p.width+column] = float32(x)
		}
	}
	return p, nil
}
