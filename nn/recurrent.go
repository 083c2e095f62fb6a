package nn

import (
	"fmt"

	"medml/nn/internal/f32"
)

// recurrent runs cells over time. It is what RNN, LSTM and GRU share: the order of the
// steps, unequal lengths, one or two directions, sequences or last states.
//
// The examples of a batch are packed as PyTorch's pack_padded_sequence does it: sorted by
// falling length, so that those still alive at step s are the first alive[s], and all
// their steps are one matrix of R rows, step by step. What lies beyond an example's length
// is thus never computed; its state ends as the last real step left it. A backward
// direction starts at each example's last real step.
type recurrent struct {
	units, in, time int
	sequences       bool
	ways            []*direction

	order     []int     // [N] the example in each place of the pack
	lengths   []int     // [N] its length
	alive     []int     // [T+1] how many places have a step s
	start     []int     // [T+1] the first row of step s
	stretches []stretch // of the last Forward
	next      []int     // scratch of the sort
	rows      int       // R of the last Forward

	y, dx  *Tensor // [N, T, D·H] or [N, D·H]; [N, T, I]
	wantDx bool
}

// direction is a cell with its way through time.
type direction struct {
	cell
	reverse   bool
	x, before rows    // [R, I] and [R, H] each row's state before its step; 0 at step 0
	h         rows    // [N, H] the state a step gave, unless it is the next one's before
	dx        *Buffer // [R, I]
	dh        *Buffer // [N, H] the gradient of the state
}

// rows are a matrix in a buffer: its rows begin at from and are so far apart.
type rows struct {
	*Buffer
	from, apart int
}

// at returns the numbers from row i on.
func (r rows) at(i int) []float32 { return r.Data[r.from+i*r.apart:] }

// cell is the arithmetic of one step. Rows are those of the pack: a step has the rows at
// to at+n, and its first n examples had the rows prev to prev+n in the step before, with
// prev = -1 at the first step.
type cell interface {
	// build declares weights, and buffers for so many rows and examples.
	build(p *Plan, in, rows, n int)
	// joint says whether an input and the state before it stand side by side as one row of
	// I+H numbers; if not, each has a matrix of its own.
	joint() bool
	// begin begins a way through time with the weights as they are.
	begin()
	// project computes the inputs' share x·W of the gates of rows from at on, unless steps do.
	project(at, rows int, x []float32)
	// step computes the state h [n, H] from the input x [n, I] and the state before [n, H].
	step(at, n, prev int, x, before, h []float32)
	// clear begins a way back: it forgets the gradients of later steps, and readies the
	// kernels' transposes, that of the input's only for a dx.
	clear(wantDx bool)
	// stepBack turns the gradient of a step's state into that of the state before, in dh
	// [n, H], and keeps the gradients of the gates.
	stepBack(at, n, prev int, before, dh []float32)
	// gradients adds up the weights' gradients over rows from at on, of which the first
	// stateless belong to step 0, and sets dx [rows, I] unless it is nil. x is [rows, I] and
	// before [rows, H].
	gradients(at, rows, stateless int, x, before, dx []float32)
	// end ends a way back, once all rows' gradients are added up.
	end()
}

// stretch is a run of steps, from first to before last, whose inputs and gradients are worked
// on together: long enough for products of good size, and short enough for the gates of its
// rows to be in the second cache still when the next product wants them.
type stretch struct{ first, last int }

// rowsOfStretch is from how many rows on a stretch ends.
const rowsOfStretch = 256

// build declares what the layer needs. newCell makes a direction's cell.
func (r *recurrent) build(p *Plan, layer string, in []int, units int, sequences, both bool, newCell func() cell) []int {
	mustRank(layer, in, 2, "[T, C]")
	if units < 1 {
		panic(fmt.Sprintf("nn: %s wants Units of 1 or more, got %d", layer, units))
	}
	r.time, r.in, r.units, r.sequences = in[0], in[1], units, sequences
	r.wantDx = p.InputGrad()
	n := p.Batch()
	rows := n * r.time
	r.order, r.lengths = make([]int, n), make([]int, n)
	r.alive, r.start, r.next = make([]int, r.time+1), make([]int, r.time+1), make([]int, r.time+1)
	r.stretches = make([]stretch, 0, r.time)
	r.ways = []*direction{{cell: newCell()}}
	if both {
		r.ways = append(r.ways, &direction{cell: newCell(), reverse: true})
	}
	for i, d := range r.ways {
		if both {
			p.path = append(p.path, [...]string{"forward", "backward"}[i])
		}
		d.build(p, r.in, rows, n)
		if both {
			p.path = p.path[:len(p.path)-1]
		}
		d.lay(p, r.in, units, rows, n)
		d.dh = p.Buffer(n * units)
		if r.wantDx {
			d.dx = p.Buffer(rows * r.in)
		}
	}
	if r.wantDx {
		r.dx = p.Tensor(in...)
	}
	out := []int{units * len(r.ways)}
	if sequences {
		out = []int{r.time, units * len(r.ways)}
	}
	r.y = p.Tensor(out...)
	return out
}

// lay declares the inputs and states. Those of a step are as far apart as those before.
func (d *direction) lay(p *Plan, in, units, count, n int) {
	if d.joint() {
		w := in + units
		d.x = rows{p.Buffer(count * w), 0, w}
		d.before = rows{d.x.Buffer, in, w}
	} else {
		d.x = rows{p.Buffer(count * in), 0, in}
		d.before = rows{p.Buffer(count * units), 0, units}
	}
	d.h = rows{p.Buffer(n * d.before.apart), 0, d.before.apart}
}

// Forward runs x [N, T, I] through time.
func (r *recurrent) Forward(x *Tensor, _ bool) *Tensor {
	r.pack(x)
	r.y.Resize(x.Len())
	r.y.Lengths = nil
	if r.sequences {
		r.y.Lengths = x.Lengths
	}
	if r.rows < x.Len()*r.time {
		clear(r.y.Data)
	}
	for way, d := range r.ways {
		d.begin()
		for j := range r.alive[0] {
			clear(d.before.at(j)[:r.units])
		}
		for _, sp := range r.stretches {
			r.forward(d, way, sp, x)
		}
	}
	return r.y
}

// forward runs a direction through a stretch.
func (r *recurrent) forward(d *direction, way int, sp stretch, x *Tensor) {
	r.gather(d, sp, x)
	at, rows := r.rowsOf(sp)
	d.project(at, rows, d.x.at(at))
	for s := sp.first; s < sp.last; s++ {
		at, n := r.start[s], r.alive[s]
		h := r.after(d, s)
		d.step(at, n, r.previous(s), d.x.at(at), d.before.at(at), h.at(0))
		r.spread(d, way, s, h)
	}
}

// rowsOf returns the first row of a stretch, and how many it has.
func (r *recurrent) rowsOf(sp stretch) (at, n int) {
	at = r.start[sp.first]
	return at, r.start[sp.last] - at
}

// previous returns the first row of the step before, -1 where there is none.
func (r *recurrent) previous(s int) int {
	if s == 0 {
		return -1
	}
	return r.start[s-1]
}

// pack sorts the examples by falling length, keeping the order of equals, and lays out the
// rows.
func (r *recurrent) pack(x *Tensor) {
	n := x.Len()
	clear(r.alive)
	for i := range n {
		for s := range r.length(x, i) {
			r.alive[s]++
		}
	}
	r.rows = 0
	for s, m := range r.alive {
		r.start[s], r.next[s] = r.rows, m // those longer than s come before those of length s
		r.rows += m
	}
	for i := range n {
		l := r.length(x, i)
		at := r.next[l]
		r.next[l]++
		r.order[at], r.lengths[at] = i, l
	}
	r.divide()
}

// divide makes the stretches of the steps that any example has.
func (r *recurrent) divide() {
	r.stretches = r.stretches[:0]
	first := 0
	for s := 0; s < r.time && r.alive[s] > 0; s++ {
		ends := s+1 == r.time || r.alive[s+1] == 0
		if ends || r.start[s+1]-r.start[first] >= rowsOfStretch {
			r.stretches = append(r.stretches, stretch{first, s + 1})
			first = s + 1
		}
	}
}

func (r *recurrent) length(x *Tensor, i int) int {
	if x.Lengths == nil {
		return r.time
	}
	l := x.Lengths[i]
	if l < 0 || l > r.time {
		panic(fmt.Sprintf("nn: example %d has %d time steps of %d", i, l, r.time))
	}
	return l
}

// moment returns the time of step s of the example in place j.
func (r *recurrent) moment(d *direction, j, s int) int {
	if d.reverse {
		return r.lengths[j] - 1 - s
	}
	return s
}

// gather packs a stretch of x.
func (r *recurrent) gather(d *direction, sp stretch, x *Tensor) {
	for s := sp.first; s < sp.last; s++ {
		for j := range r.alive[s] {
			from := x.Row(r.order[j])[r.moment(d, j, s)*r.in:]
			copy(d.x.at(r.start[s] + j)[:r.in], from)
		}
	}
}

// output returns where in a tensor shaped as y the state belongs that the example in place
// j has after step s, or nil where only last states are given and this isn't it.
func (r *recurrent) output(y *Tensor, d *direction, way, j, s int) []float32 {
	row := y.Row(r.order[j])
	if r.sequences {
		row = row[r.moment(d, j, s)*r.units*len(r.ways):]
	} else if s != r.lengths[j]-1 {
		return nil
	}
	return row[way*r.units:][:r.units]
}

// after returns where the states of step s go: to the next step at once, where as many
// examples have it.
func (r *recurrent) after(d *direction, s int) rows {
	if r.alive[s+1] < r.alive[s] {
		return d.h
	}
	next := d.before
	next.from += r.start[s+1] * next.apart
	return next
}

// spread copies the states of step s to the output, and to the next step.
func (r *recurrent) spread(d *direction, way, s int, h rows) {
	for j := range r.alive[s] {
		state := h.at(j)[:r.units]
		copy(r.output(r.y, d, way, j, s), state)
		if r.alive[s+1] < r.alive[s] && j < r.alive[s+1] {
			copy(d.before.at(r.start[s+1]+j), state)
		}
	}
}

// Backward runs back through time from dy, of y's shape.
func (r *recurrent) Backward(dy *Tensor) *Tensor {
	if r.wantDx {
		r.dx.Resize(dy.Len())
		if r.rows < dy.Len()*r.time {
			clear(r.dx.Data)
		}
	}
	for way, d := range r.ways {
		d.clear(r.wantDx)
		clear(d.dh.Data)
		for i := len(r.stretches) - 1; i >= 0; i-- {
			r.back(d, way, r.stretches[i], dy)
		}
		d.end()
	}
	if !r.wantDx {
		return nil
	}
	return r.dx
}

// back runs a direction's steps of a stretch in reverse.
func (r *recurrent) back(d *direction, way int, sp stretch, dy *Tensor) {
	for s := sp.last - 1; s >= sp.first; s-- {
		at, n := r.start[s], r.alive[s]
		dh := d.dh.Data[:n*r.units]
		for j := range n {
			if g := r.output(dy, d, way, j, s); g != nil {
				row := dh[j*r.units:][:r.units]
				f32.Add(row, row, g)
			}
		}
		d.stepBack(at, n, r.previous(s), d.before.at(at), dh)
	}
	at, rows := r.rowsOf(sp)
	stateless := 0
	if sp.first == 0 {
		stateless = r.alive[0]
	}
	var dx []float32
	if r.wantDx {
		dx = d.dx.Data[at*r.in:]
	}
	d.gradients(at, rows, stateless, d.x.at(at), d.before.at(at), dx)
	if r.wantDx {
		r.scatter(d, way, sp)
	}
}

// scatter unpacks a stretch of a direction's gradient of the input into dx, to which the
// second direction's is added.
func (r *recurrent) scatter(d *direction, way int, sp stretch) {
	for s := sp.first; s < sp.last; s++ {
		packed := d.dx.Data[r.start[s]*r.in:]
		for j := range r.alive[s] {
			to, from := r.dx.Row(r.order[j])[r.moment(d, j, s)*r.in:][:r.in], packed[j*r.in:]
			if way == 0 {
				copy(to, from)
			} else {
				f32.Add(to, to, from)
			}
		}
	}
}
