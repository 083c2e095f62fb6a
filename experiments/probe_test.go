package experiments

import (
	"errors"
	"testing"
	"time"

	"medml"
)

func TestAProbeMeasuresTheStepsAfterTheFirst(t *testing.T) {
	now := time.Unix(0, 0)
	p := &probe{clock: func() time.Time { return now }, begun: now}
	now = now.Add(5 * time.Second) // the model is built
	steps := 0
	for {
		now = now.Add(10 * time.Millisecond)
		if steps++; steps == 4 {
			now = now.Add(100 * time.Millisecond) // the machine does something else
		}
		if _, err := p.Step(); err != nil {
			if !errors.Is(err, errProbed) {
				t.Fatal(err)
			}
			break
		}
	}
	if steps != probeSteps+1 || p.step() != 10*time.Millisecond {
		t.Errorf("%v a step after %d steps", p.step(), steps)
	}
}

func TestAProbeOfSlowStepsEndsAfterOne(t *testing.T) {
	now := time.Unix(0, 0)
	p := &probe{clock: func() time.Time { return now }, begun: now}
	for want := range 2 {
		now = now.Add(3 * time.Second)
		if _, err := p.Step(); (err != nil) != (want == 1) {
			t.Fatalf("step %d: %v", want, err)
		}
	}
	if p.step() != 3*time.Second {
		t.Errorf("%v a step", p.step())
	}
}

func TestAProbeEndsWithTheFirstEpoch(t *testing.T) {
	now := time.Unix(0, 0)
	p := &probe{clock: func() time.Time { return now }, begun: now}
	now = now.Add(time.Second)
	if err := p.Report(0, medml.Epoch{Step: 1}); !errors.Is(err, errProbed) || p.epoch != time.Second {
		t.Errorf("%v, %v", p.epoch, err)
	}
}
