package nn

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// A state is a kind and a version, eight bytes of a hash over the names and shapes of what
// follows, and the numbers, little-endian. Its length follows from the model that it is of,
// so that foreign bytes are refused before anything is read from them.
const (
	weightsKind   = 'W' // weights, then the layers' statistics
	stateKind     = 'S' // the same, then the streams
	optimizerKind = 'O' // the number of updates, then the moments

	stateVersion = 1
	headerSize   = 2 + layoutSize
	layoutSize   = 8
	streamSize   = 20 // of a PCG's binary form
)

// ErrState is wrapped by the error about a state that isn't one of the model or optimizer
// that it is restored into. These are left as they were.
var ErrState = errors.New("not a state of this model")

// AppendWeights appends what a trained model predicts with: its weights and the statistics
// that layers keep.
func (m *Model) AppendWeights(to []byte) []byte {
	to = m.plan.appendHeader(to, weightsKind)
	return m.plan.appendNumbers(to)
}

// RestoreWeights sets what AppendWeights wrote of a model of the same parts.
func (m *Model) RestoreWeights(from []byte) error {
	numbers, err := m.plan.body(from, weightsKind, m.WeightsSize())
	if err != nil {
		return fmt.Errorf("restoring weights: %w", err)
	}
	m.plan.restoreNumbers(numbers)
	return nil
}

// WeightsSize returns how many bytes AppendWeights appends.
func (m *Model) WeightsSize() int {
	return Size{Weights: len(m.plan.data), States: m.plan.stateCount()}.WeightsSize()
}

// AppendState appends all that a model needs to go on training to the same bits: what
// AppendWeights does, and where the layers' random streams stand. It is taken between two
// steps; gradients are not part of it.
func (m *Model) AppendState(to []byte) []byte {
	to = m.plan.appendHeader(to, stateKind)
	to = m.plan.appendNumbers(to)
	for _, s := range m.plan.streams {
		to, _ = s.AppendBinary(to) // its error is always nil
	}
	return to
}

// RestoreState sets what AppendState wrote of a model of the same parts, however that was
// seeded.
func (m *Model) RestoreState(from []byte) error {
	body, err := m.plan.body(from, stateKind, m.StateSize())
	if err != nil {
		return fmt.Errorf("restoring a model: %w", err)
	}
	streams := make([]rand.PCG, len(m.plan.streams))
	at := len(body) - streamSize*len(streams)
	for i := range streams {
		if err := streams[i].UnmarshalBinary(body[at+i*streamSize:][:streamSize]); err != nil {
			return fmt.Errorf("restoring a model: %w: random stream %d: %w", ErrState, i, err)
		}
	}
	m.plan.restoreNumbers(body[:at])
	for i, s := range m.plan.streams {
		*s = streams[i]
	}
	return nil
}

// StateSize returns how many bytes AppendState appends.
func (m *Model) StateSize() int { return m.WeightsSize() + streamSize*len(m.plan.streams) }

// AppendOptimizer appends all that an optimizer needs to go on to the same bits: the number
// of its updates and its moments.
func AppendOptimizer(to []byte, o Optimizer) []byte {
	layout := momentLayout(o)
	to = append(append(to, optimizerKind, stateVersion), layout[:layoutSize]...)
	to = binary.LittleEndian.AppendUint64(to, uint64(*o.Steps()))
	for _, m := range o.State() {
		to = appendFloats(to, m.Data)
	}
	return to
}

// maxSteps bounds the number of updates in a state. More than this take decades.
const maxSteps = 1 << 40

// RestoreOptimizer sets what AppendOptimizer wrote of an optimizer of the same kind for a
// model of the same parts.
func RestoreOptimizer(o Optimizer, from []byte) error {
	layout := momentLayout(o)
	body, err := checked(from, optimizerKind, layout[:layoutSize], OptimizerSize(o))
	if err != nil {
		return fmt.Errorf("restoring an optimizer: %w", err)
	}
	steps := binary.LittleEndian.Uint64(body)
	if steps > maxSteps {
		return fmt.Errorf("restoring an optimizer: %w: %d updates", ErrState, steps)
	}
	*o.Steps() = int(steps)
	body = body[8:]
	for _, m := range o.State() {
		body = restoreFloats(m.Data, body)
	}
	return nil
}

// OptimizerSize returns how many bytes AppendOptimizer appends.
func OptimizerSize(o Optimizer) int {
	n := headerSize + 8
	for _, m := range o.State() {
		n += 4 * len(m.Data)
	}
	return n
}

func momentLayout(o Optimizer) [sha256.Size]byte {
	var b []byte
	for _, m := range o.State() {
		b = append(append(b, m.Name...), 0)
		b = binary.LittleEndian.AppendUint64(b, uint64(len(m.Data)))
	}
	return sha256.Sum256(b)
}

// layout is a hash over the names and shapes of the weights and the sizes of the states.
func (p *Plan) layout() [sha256.Size]byte {
	var b []byte
	for _, w := range p.weights {
		b = append(append(b, w.Name...), 0)
		for _, n := range w.Shape {
			b = binary.LittleEndian.AppendUint64(b, uint64(n))
		}
	}
	b = append(b, 0)
	for _, s := range p.states {
		b = binary.LittleEndian.AppendUint64(b, uint64(s.n))
	}
	return sha256.Sum256(b)
}

func (p *Plan) stateCount() int {
	n := 0
	for _, s := range p.states {
		n += s.n
	}
	return n
}

func (p *Plan) appendHeader(to []byte, kind byte) []byte {
	layout := p.layout()
	return append(append(to, kind, stateVersion), layout[:layoutSize]...)
}

func (p *Plan) appendNumbers(to []byte) []byte {
	to = appendFloats(to, p.data)
	for _, s := range p.states {
		to = appendFloats(to, s.Data)
	}
	return to
}

func (p *Plan) restoreNumbers(from []byte) {
	from = restoreFloats(p.data, from)
	for _, s := range p.states {
		from = restoreFloats(s.Data, from)
	}
}

// body returns what follows a header of this plan.
func (p *Plan) body(from []byte, kind byte, size int) ([]byte, error) {
	layout := p.layout()
	return checked(from, kind, layout[:layoutSize], size)
}

// checked returns what follows the header of a state that must have this one and this
// size.
func checked(from []byte, kind byte, layout []byte, size int) ([]byte, error) {
	switch {
	case len(from) < headerSize:
		return nil, fmt.Errorf("%w: it ends after %d bytes", ErrState, len(from))
	case from[0] != kind || from[1] != stateVersion:
		return nil, fmt.Errorf("%w: kind %q of version %d, want %q of version %d", ErrState, from[0], from[1], kind, stateVersion)
	case !bytes.Equal(from[2:headerSize], layout):
		return nil, fmt.Errorf("%w: it has other layers", ErrState)
	case len(from) != size:
		return nil, fmt.Errorf("%w: it has %d bytes, want %d", ErrState, len(from), size)
	}
	return from[headerSize:], nil
}

func appendFloats(to []byte, data []float32) []byte {
	at := len(to)
	to = append(to, make([]byte, 4*len(data))...) // grows in place
	for i, x := range data {
		binary.LittleEndian.PutUint32(to[at+4*i:], math.Float32bits(x))
	}
	return to
}

// restoreFloats fills data and returns what follows it.
func restoreFloats(data []float32, from []byte) []byte {
	for i := range data {
		data[i] = math.Float32frombits(binary.LittleEndian.Uint32(from[4*i:]))
	}
	return from[4*len(data):]
}
