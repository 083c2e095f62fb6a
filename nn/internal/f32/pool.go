package f32

import "math"

// Window is a max pool's: windows of Rows × 2 pixels side by side, without overlap, over a
// line of Rows rows of pixels of C channels.
type Window struct {
	Rows int // 1 or 2
	N    int // windows in a line
	C    int // channels
	Row  int // how many numbers the second row begins after the first
}

// at is where the channels of a place of window j begin.
func (w Window) at(j, place int) int { return (2*j+place%2)*w.C + place/2*w.Row }

// split calls f for the channels from, to that the kernels of a path take in whole
// vectors: most with the widest, what is left over with the next, down to the portable
// loop, whose kernels are nil.
func split(c int, f func(k *vectorKernels, from, to int)) {
	from := 0
	for p := active; p > generic; p-- {
		k := &vectors[p]
		if to := c - (c-from)%k.lanes; to > from {
			f(k, from, to)
			from = to
		}
	}
	if from < c {
		f(nil, from, c)
	}
}

// PoolReLU sets y [N, C] to the maxima of ReLU(x + bias) over the windows of x, and winner
// to the place in its window, by row and column, that each came from. Of equal numbers
// before the ReLU the first wins; the last NaN wins over all.
func PoolReLU(w Window, x, bias, y []float32, winner []uint8) {
	if w.N == 0 {
		return
	}
	_, bias, y, winner = x[w.at(w.N-1, 2*w.Rows-1)+w.C-1], bias[:w.C], y[:w.N*w.C], winner[:w.N*w.C]
	split(w.C, func(k *vectorKernels, from, to int) {
		if k != nil {
			k.pool[w.Rows-1](w.N, to-from, w.C, &x[from], w.Row, &bias[from], &y[from], &winner[from])
			return
		}
		for j := range w.N {
			for c := from; c < to; c++ {
				best, place := x[w.at(j, 0)+c]+bias[c], uint8(0)
				for i := 1; i < 2*w.Rows; i++ {
					if v := x[w.at(j, i)+c] + bias[c]; v > best || v != v {
						best, place = v, uint8(i)
					}
				}
				y[j*w.C+c], winner[j*w.C+c] = relu(best), place
			}
		}
	})
}

// Unpool sets the windows of dx to 0, but to dy [N, C] in the places of the winners.
func Unpool(w Window, dx, dy []float32, winner []uint8) {
	if w.N == 0 {
		return
	}
	_, dy, winner = dx[w.at(w.N-1, 2*w.Rows-1)+w.C-1], dy[:w.N*w.C], winner[:w.N*w.C]
	split(w.C, func(k *vectorKernels, from, to int) {
		if k != nil {
			k.unpool[w.Rows-1](w.N, to-from, w.C, &dx[from], w.Row, &dy[from], &winner[from])
			return
		}
		for j := range w.N {
			for i := range 2 * w.Rows {
				for c := from; c < to; c++ {
					v := float32(0)
					if int(winner[j*w.C+c]) == i {
						v = dy[j*w.C+c]
					}
					dx[w.at(j, i)+c] = v
				}
			}
		}
	})
}

// Overtake puts each number of x that is greater than best's, or NaN, into best, and place
// into winner beside it, over len(x).
func Overtake(best []float32, winner []uint16, x []float32, place uint16) {
	best, winner = best[:len(x)], winner[:len(x)]
	split(len(x), func(k *vectorKernels, from, to int) {
		if k != nil {
			k.overtake(&best[from], &winner[from], &x[from], int(place), to-from)
			return
		}
		overtake(best[from:to], winner[from:to], x[from:to], place)
	})
}

// overtake chooses among integers, which takes no branch.
func overtake(best []float32, winner []uint16, x []float32, place uint16) {
	best, winner = best[:len(x)], winner[:len(x)]
	for i, v := range x {
		b, w, c := math.Float32bits(best[i]), winner[i], math.Float32bits(v)
		over := v > best[i]
		if over {
			b = c
		}
		if over {
			w = place
		}
		if v != v {
			b, w = c, place
		}
		best[i], winner[i] = math.Float32frombits(b), w
	}
}
