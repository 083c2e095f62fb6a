package nn

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// averaged is a model with a norm's statistics, and its mean.
func averaged(decay float64) (*Model, *Average) {
	m := NewModel(Parts{Body: Sequential{&Dense{Units: 5}, &BatchNorm{}}, Head: &Dense{Units: 1}}, []int{3}, 4, testStream(1))
	return m, NewAverage(m, decay)
}

// move sets all of the model's numbers.
func move(m *Model, to float32) {
	for i := range m.plan.data {
		m.plan.data[i] = to * float32(1+i)
	}
	for _, s := range m.plan.states {
		for i := range s.Data {
			s.Data[i] = to * float32(100+i)
		}
	}
}

func TestAnAverageIsTheRunningMean(t *testing.T) {
	m, _ := averaged(0.5)
	move(m, 1)
	a := NewAverage(m, 0.5)
	want := 1.0
	for step := 1; step <= 20; step++ {
		move(m, float32(step))
		a.Update(step)
		d := min(0.5, float64(1+step)/float64(10+step))
		want = d*want + (1-d)*float64(step)
	}
	a.Swap()
	if got := float64(m.plan.data[2]) / 3; math.Abs(got-want) > 1e-5*want {
		t.Errorf("a weight's mean is %v, want %v", got, want)
	}
	if got := float64(m.plan.states[1].Data[1]) / 101; math.Abs(got-want) > 1e-5*want {
		t.Errorf("a statistic's mean is %v, want %v", got, want)
	}
	a.Swap()
	if m.plan.data[2] != 60 {
		t.Errorf("after two swaps a weight is %v, and was 60", m.plan.data[2])
	}
}

func TestAnAverageOfNoDecayIsTheWeights(t *testing.T) {
	m, a := averaged(0)
	move(m, 3)
	a.Update(1)
	before := m.Hash()
	a.Swap()
	if m.Hash() != before {
		t.Error("the mean of the last weights alone isn't these")
	}
}

func TestAnAverageGoesOnFromItsState(t *testing.T) {
	m, a := averaged(0.9)
	move(m, 3)
	a.Update(1)
	state := a.Append(nil)
	if len(state) != a.Size() {
		t.Errorf("a state of %d bytes, said to be %d", len(state), a.Size())
	}
	n, b := averaged(0.9)
	if err := b.Restore(state); err != nil || !slices.Equal(a.data, b.data) {
		t.Errorf("restored as %v: %v", b.data, err)
	}
	for name, bad := range map[string][]byte{
		"nothing": nil, "a part": state[:len(state)-4], "a model's weights": n.AppendWeights(nil),
	} {
		if err := b.Restore(bad); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := testing.AllocsPerRun(5, func() { a.Update(7) }); n != 0 {
		t.Errorf("an update allocates %v times", n)
	}
}
