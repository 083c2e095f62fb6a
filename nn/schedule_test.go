package nn_test

import (
	"math"
	"testing"

	"medml/nn"
)

func mustSchedule(t *testing.T, name string, c nn.ScheduleConfig) nn.Schedule {
	t.Helper()
	s, err := nn.NewSchedule(name, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchedulesGiveTheirRates(t *testing.T) {
	tests := []struct {
		name, schedule string
		config         nn.ScheduleConfig
		want           map[int]float64 // step: rate
	}{
		{"constant", "constant", nn.ScheduleConfig{Rate: 0.1}, map[int]float64{0: 0.1, 1e6: 0.1}},
		{"constant after a warm-up", "constant", nn.ScheduleConfig{Rate: 1, Warmup: 4},
			map[int]float64{0: 0.25, 1: 0.5, 2: 0.75, 3: 1, 4: 1}},
		{"step, by default two drops in the whole training", "step", nn.ScheduleConfig{Rate: 1, Steps: 30},
			map[int]float64{0: 1, 9: 1, 10: 0.1, 19: 0.1, 20: 0.01, 29: 0.01}},
		{"step with everything", "step", nn.ScheduleConfig{Rate: 1, Warmup: 2, Every: 3, Factor: 0.5, Floor: 0.2},
			map[int]float64{0: 0.5, 1: 1, 2: 1, 4: 1, 5: 0.5, 8: 0.25, 11: 0.2, 1e6: 0.2}},
		{"cosine", "cosine", nn.ScheduleConfig{Rate: 2, Steps: 100},
			map[int]float64{0: 2, 25: 1 + math.Sqrt2/2, 50: 1, 75: 1 - math.Sqrt2/2, 100: 0, 200: 0}},
		{"cosine with a warm-up and a floor", "cosine", nn.ScheduleConfig{Rate: 2, Steps: 110, Warmup: 10, Floor: 1},
			map[int]float64{0: 0.2, 9: 2, 10: 2, 60: 1.5, 110: 1}},
		{"cosine that is all warm-up", "cosine", nn.ScheduleConfig{Rate: 1, Steps: 2, Warmup: 4},
			map[int]float64{0: 0.25, 4: 1, 5: 0, 9: 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := mustSchedule(t, tt.schedule, tt.config)
			for step, want := range tt.want {
				if got := s.Rate(step); math.Abs(got-want) > 1e-12 {
					t.Errorf("step %d: rate %v, want %v", step, got, want)
				}
			}
			before := s.Rate(5)
			for range 100 {
				s.EpochEnded(1)
			}
			if got := s.Rate(5); got != before {
				t.Errorf("a schedule of steps went from %v to %v with the epochs", before, got)
			}
		})
	}
}

func TestCosineNeverRisesAfterTheWarmUp(t *testing.T) {
	s := mustSchedule(t, "cosine", nn.ScheduleConfig{Rate: 0.3, Steps: 1000, Warmup: 50, Floor: 0.01})
	for step := 51; step < 1100; step++ {
		if s.Rate(step) > s.Rate(step-1) {
			t.Fatalf("the rate rises at step %d", step)
		}
	}
}

func TestThePlateauDropsAfterItsPatience(t *testing.T) {
	s := mustSchedule(t, "plateau", nn.ScheduleConfig{Rate: 1, Patience: 2, Factor: 0.5, Threshold: 0.01, Floor: 0.3, Warmup: 2})
	epochs := []struct{ loss, rate float64 }{
		{1.0, 1},           // the first is the best
		{0.9, 1},           // progress
		{0.895, 1},         // less than 1 %: the first bad epoch
		{math.NaN(), 1},    // the second
		{0.9, 0.5},         // the third: more than the patience
		{0.9, 0.5},         // one
		{0.5, 0.5},         // progress
		{0.5, 0.5},         // one
		{0.5, 0.5},         // two
		{math.Inf(1), 0.3}, // three: down to the floor
		{0.5, 0.3}, {0.5, 0.3}, {0.5, 0.3},
	}
	for i, e := range epochs {
		s.EpochEnded(e.loss)
		if got := s.Rate(100); got != e.rate {
			t.Errorf("after epoch %d with loss %v the rate is %v, want %v", i, e.loss, got, e.rate)
		}
	}
	if got := s.Rate(0); got != 0.15 {
		t.Errorf("in the warm-up the rate is %v, want half of 0.3", got)
	}
}

func TestThePlateausDefaultsArePyTorchs(t *testing.T) {
	s := mustSchedule(t, "plateau", nn.ScheduleConfig{Rate: 1})
	s.EpochEnded(1)
	for epoch := range 11 {
		if s.Rate(0) != 1 {
			t.Fatalf("the rate dropped after %d bad epochs", epoch)
		}
		s.EpochEnded(0.99995)
	}
	if got := s.Rate(0); got != 0.1 {
		t.Errorf("after 11 bad epochs the rate is %v, want 0.1", got)
	}
}

func TestAnUnknownScheduleIsAnError(t *testing.T) {
	_, err := nn.NewSchedule("cosin", nn.ScheduleConfig{})
	if err == nil || err.Error() != `unknown schedule "cosin"; did you mean cosine?` {
		t.Errorf("got %v", err)
	}
}
