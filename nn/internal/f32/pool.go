package f32

import "math"

// Windows are a max pool's: Lines lines of N windows of Rows × 2 pixels of C channels, side
// by side without overlap, over rows of pixels that are Row numbers apart.
type Windows struct {
	Lines, N int
	Rows     int // 1 or 2
	C, Row   int
}

// at is where the channels of a place of window j of the first line begin.
func (w Windows) at(j, place int) int { return (2*j+place%2)*w.C + place/2*w.Row }

// line returns where line i begins in the pixels and in the pooled ones.
func (w Windows) line(i int) (pixels, pooled int) { return i * w.Rows * w.Row, i * w.N * w.C }

// check panics where a buffer is too short, and returns whether there is anything to do.
func (w Windows) check(pixels, pooled []float32, winner []uint8) bool {
	if w.Lines == 0 || w.N == 0 || w.C == 0 {
		return false
	}
	last, _ := w.line(w.Lines - 1)
	_, _, _ = pixels[last+w.at(w.N-1, 2*w.Rows-1)+w.C-1], pooled[w.Lines*w.N*w.C-1], winner[w.Lines*w.N*w.C-1]
	return true
}

// PoolReLU sets y [Lines, N, C] to the maxima of ReLU(x + bias) over the windows of x, and
// winner to the place in its window, by row and column, that each came from. Of equal
// numbers before the ReLU the first wins; the last NaN wins over all.
func PoolReLU(w Windows, x, bias, y []float32, winner []uint8) {
	if !w.check(x, y, winner) {
		return
	}
	bias = bias[:w.C]
	from := 0
	for p := active; p > generic; p-- {
		k := &vectors[p]
		to := w.C - (w.C-from)%k.lanes
		for i := 0; to > from && i < w.Lines; i++ {
			at, pooled := w.line(i)
			k.pool[w.Rows-1](w.N, to-from, w.C, &x[at+from], w.Row, &bias[from], &y[pooled+from], &winner[pooled+from])
		}
		from = to
	}
	for i := 0; from < w.C && i < w.Lines; i++ {
		at, pooled := w.line(i)
		w.pool(x[at:], bias, y[pooled:], winner[pooled:], from)
	}
}

// pool pools a line's channels from one on.
func (w Windows) pool(x, bias, y []float32, winner []uint8, from int) {
	for j := range w.N {
		for c := from; c < w.C; c++ {
			best, place := x[w.at(j, 0)+c]+bias[c], uint8(0)
			for i := 1; i < 2*w.Rows; i++ {
				if v := x[w.at(j, i)+c] + bias[c]; v > best || v != v {
					best, place = v, uint8(i)
				}
			}
			y[j*w.C+c], winner[j*w.C+c] = relu(best), place
		}
	}
}

// Unpool sets the windows of dx to 0, but to dy [Lines, N, C] in the places of the winners.
func Unpool(w Windows, dx, dy []float32, winner []uint8) {
	if !w.check(dx, dy, winner) {
		return
	}
	from := 0
	for p := active; p > generic; p-- {
		k := &vectors[p]
		to := w.C - (w.C-from)%k.lanes
		for i := 0; to > from && i < w.Lines; i++ {
			at, pooled := w.line(i)
			k.unpool[w.Rows-1](w.N, to-from, w.C, &dx[at+from], w.Row, &dy[pooled+from], &winner[pooled+from])
		}
		from = to
	}
	for i := 0; from < w.C && i < w.Lines; i++ {
		at, pooled := w.line(i)
		w.unpool(dx[at:], dy[pooled:], winner[pooled:], from)
	}
}

// unpool fills a line's channels from one on.
func (w Windows) unpool(dx, dy []float32, winner []uint8, from int) {
	for j := range w.N {
		for i := range 2 * w.Rows {
			for c := from; c < w.C; c++ {
				v := float32(0)
				if int(winner[j*w.C+c]) == i {
					v = dy[j*w.C+c]
				}
				dx[w.at(j, i)+c] = v
			}
		}
	}
}

// Overtake puts each number of x that is greater than best's, or NaN, into best, and place
// into winner beside it, over len(x).
func Overtake(best []float32, winner []uint16, x []float32, place uint16) {
	best, winner = best[:len(x)], winner[:len(x)]
	from := 0
	for p := active; p > generic; p-- {
		k := &vectors[p]
		if n := (len(x) - from) / k.lanes * k.lanes; n > 0 {
			k.overtake(&best[from], &winner[from], &x[from], int(place), n)
			from += n
		}
	}
	overtake(best[from:], winner[from:], x[from:], place)
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
