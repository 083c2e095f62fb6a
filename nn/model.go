package nn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
)

// Model is a network ready to train: a body, a head that turns the body's output into
// logits, and, in an architecture that also reconstructs its input, a decoder beside the
// head.
type Model struct {
	plan                *Plan
	body, head, decoder Layer
	in, out             []int

	code, logits, reconstruction *Tensor
	dcode                        *Tensor // sum of head's and decoder's gradients
}

// Parts are the layers a model is made of. Head or Decoder may be nil, not both.
type Parts struct {
	Body    Layer // input [N, in...] to a representation
	Head    Layer // representation to logits
	Decoder Layer // representation to a reconstruction of the input, of as many elements
}

// NewModel builds the parts for examples of shape in and batches of up to batch examples,
// and draws the weights from rng.
func NewModel(parts Parts, in []int, batch int, rng *rand.Rand) *Model {
	return newModel(NewPlan(batch, rng), parts, in)
}

// newModel builds the parts on a plan that nobody has used.
func newModel(p *Plan, parts Parts, in []int) *Model {
	m := declare(p, parts, in)
	p.Allocate()
	return m
}

// declare declares the parts on a plan.
func declare(p *Plan, parts Parts, in []int) *Model {
	m := &Model{plan: p, body: parts.Body, head: parts.Head, decoder: parts.Decoder, in: in}
	code := p.scoped("body", m.body, in)
	p.inputGrad = p.inputGrad || p.trainable()
	if m.head != nil {
		m.out = p.scoped("head", m.head, code)
	}
	if m.decoder != nil {
		if out := p.scoped("decoder", m.decoder, code); size(out) != size(in) {
			panic("nn: a decoder must give as many elements as the model's input")
		}
	}
	if m.head != nil && m.decoder != nil {
		m.dcode = p.Tensor(code...)
	}
	return m
}

// Split spreads the large pieces of every step, of the model and of an optimizer of its
// weights, over so many threads until stop is called. The bits stay the same. A model whose
// step takes less than some milliseconds gains nothing; several of them at once do.
func (m *Model) Split(threads int) (stop func()) { return m.plan.split(threads) }

// Out returns the shape of one example's logits.
func (m *Model) Out() []int { return m.out }

// Weights returns the model's weights in the order of the layers.
func (m *Model) Weights() []*Weight { return m.plan.weights }

// WeightCount returns how many trainable numbers the model has.
func (m *Model) WeightCount() int { return len(m.plan.data) }

// Bytes estimates the memory a training of the model takes.
func (m *Model) Bytes() int { return m.plan.Bytes() }

// Forward runs a batch x of [n, in...] through the model.
func (m *Model) Forward(x *Tensor, train bool) {
	m.code = m.body.Forward(x, train)
	if m.head != nil {
		m.logits = m.head.Forward(m.code, train)
	}
	if m.decoder != nil {
		m.reconstruction = m.decoder.Forward(m.code, train)
	}
}

// Logits returns what the last Forward's head gave, nil without a head.
func (m *Model) Logits() *Tensor { return m.logits }

// Reconstruction returns what the last Forward's decoder gave, nil without a decoder.
func (m *Model) Reconstruction() *Tensor { return m.reconstruction }

// Backward sets the gradients of all weights from those of the last Forward's logits and
// reconstruction; nil leaves that part out.
func (m *Model) Backward(dlogits, dreconstruction *Tensor) {
	m.plan.startGradients()
	defer m.plan.endGradients()
	var d *Tensor
	if dlogits != nil {
		d = m.head.Backward(dlogits)
	}
	if dreconstruction != nil {
		dr := m.decoder.Backward(dreconstruction)
		if d == nil {
			d = dr
		} else {
			d = m.sum(d, dr)
		}
	}
	if d != nil {
		m.body.Backward(d)
	}
}

// sum adds two gradients of the representation.
func (m *Model) sum(a, b *Tensor) *Tensor {
	m.dcode.Resize(a.Len())
	for i, x := range a.Data {
		m.dcode.Data[i] = x + b.Data[i]
	}
	return m.dcode
}

// Hash returns the SHA-256, in hexadecimal, of the weights' bits and of the statistics
// that layers keep.
func (m *Model) Hash() string {
	h := sha256.New()
	buf := make([]byte, 0, 4*1024)
	write := func(data []float32) {
		for len(data) > 0 {
			n := min(len(data), 1024)
			buf = buf[:0]
			for _, x := range data[:n] {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
			}
			h.Write(buf)
			data = data[n:]
		}
	}
	write(m.plan.data)
	for _, s := range m.plan.states {
		write(s.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}
