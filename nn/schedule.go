package nn

// Schedule says how the learning rate changes while a model trains.
type Schedule interface {
	// Rate returns the learning rate of the optimizer's update number step, from 0.
	Rate(step int) float64
	// EpochEnded tells the loss on the validation part after an epoch. What a schedule
	// makes of it depends on nothing else, so that a resumed run tells the losses again.
	EpochEnded(loss float64)
}

// ScheduleConfig is what a schedule made by [NewSchedule] may be told. Zero values are the
// defaults; a schedule reads the fields that concern it. All schedules warm up if asked:
// step s of the first Warmup has (s+1)/Warmup of the rate.
type ScheduleConfig struct {
	Rate   float64 // the learning rate after the warm-up
	Steps  int     // updates in the whole training, with the warm-up
	Warmup int     // updates with a rate that rises linearly
	Floor  float64 // the rate doesn't fall below it; 0 by default

	Every  int     // step: updates between two drops; 0: a third of Steps
	Factor float64 // step and plateau: what a drop multiplies the rate by; 0: 0.1

	Patience  int     // plateau: epochs without progress before a drop; 0: 10
	Threshold float64 // plateau: the relative decrease that is progress; 0: 1e-4
}

var schedules = map[string]func(c ScheduleConfig) Schedule{
	"constant": func(c ScheduleConfig) Schedule { return constantRate{c} },
	"step":     func(c ScheduleConfig) Schedule { return steppedRate{c} },
	"cosine":   func(c ScheduleConfig) Schedule { return cosineRate{c} },
	"plateau":  newPlateau,
}

// NewSchedule returns the schedule with a name; the error on an unknown name gives the
// nearest ones.
func NewSchedule(name string, c ScheduleConfig) (Schedule, error) {
	make, err := lookup("schedule", name, schedules)
	if err != nil {
		return nil, err
	}
	return make(c), nil
}

// warm scales the rate of a step in the warm-up.
func (c ScheduleConfig) warm(step int, rate float64) float64 {
	if step >= c.Warmup {
		return rate
	}
	return rate * float64(step+1) / float64(c.Warmup)
}

// after returns how many steps lie between the end of the warm-up and step.
func (c ScheduleConfig) after(step int) int { return max(step-c.Warmup, 0) }

// constantRate keeps the rate as it is.
type constantRate struct{ c ScheduleConfig }

func (s constantRate) Rate(step int) float64 { return s.c.warm(step, s.c.Rate) }

func (constantRate) EpochEnded(float64) {}
