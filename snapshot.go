package medml

import "time"

// StudyState is where a study stands.
type StudyState string

// The states of a study. An interrupted study goes on when its sweep is run again.
const (
	StudyRunning     StudyState = "running"
	StudyInterrupted StudyState = "interrupted"
	StudyComplete    StudyState = "complete"
	// StudyPaused is a running study whose trials are held up; it is never recorded.
	StudyPaused StudyState = "paused"
)

// Goal is one of the objectives of a study.
type Goal struct {
	Metric    string    `json:"metric"`
	Direction Direction `json:"direction"`
}

// Reference is a published or separately measured result to hold a study against.
type Reference struct {
	Name   string  `json:"name"`   // "logistic regression"
	Metric string  `json:"metric"` // the metric's name
	Value  float64 `json:"value"`
	SD     float64 `json:"sd,omitempty"` // standard deviation over folds; 0 where unknown
	Source string  `json:"source,omitempty"`
}

// About is what a study is, apart from its trials. It doesn't change while a study runs.
type About struct {
	Study       string    `json:"study"`
	Description string    `json:"description,omitempty"`
	Metric      string    `json:"metric"`
	Direction   Direction `json:"direction"`
	// Goals are the objectives of a study with several, the first of them Metric and
	// Direction; nil where there is one.
	Goals []Goal `json:"objectives,omitempty"`
	// Constraints are the conditions that results should meet, as the file has them.
	Constraints []string `json:"constraints,omitempty"`
	// Leaders is how many of the best trials are trained from further seeds once the search
	// is over; 0 where none are.
	Leaders    int         `json:"leaders,omitempty"`
	Sampler    string      `json:"sampler"`
	Pruner     string      `json:"pruner"`
	Seed       uint64      `json:"seed"`
	Space      Space       `json:"space"`
	Folds      int         `json:"folds"`  // runs of a trial
	Epochs     int         `json:"epochs"` // of a run, at most
	References []Reference `json:"references,omitempty"`
}

// Snapshot is a study at a moment: a copy that nobody changes any more.
type Snapshot struct {
	About
	State  StudyState
	Reason string // why the study ended or was interrupted
	// Trials are in the order of their numbers. A running one holds its epochs so far.
	Trials []Trial
	// Budget is how many trials the study is to have, 0 for no limit; TimeBudget how long
	// this session may take, or for a past study all of them together, 0 for no limit.
	Budget     int
	TimeBudget time.Duration
	Workers    int // 0 for a study that isn't running
	// Elapsed is how long the study has run: this session, or for a past study all of them.
	Elapsed time.Duration
	// Taken is when the snapshot was taken; the age of a running trial is counted from it.
	Taken time.Time
	// Resumed is how many trials had ended before this session.
	Resumed int
}

// Counts are the numbers of trials in each state.
type Counts struct{ Waiting, Running, Complete, Pruned, Failed int }

// Finished returns how many trials have ended.
func (c Counts) Finished() int { return c.Complete + c.Pruned + c.Failed }

// Counts counts the trials by state.
func (s Snapshot) Counts() Counts {
	var c Counts
	for _, t := range s.Trials {
		switch t.State {
		case Waiting:
			c.Waiting++
		case Running:
			c.Running++
		case Complete:
			c.Complete++
		case Pruned:
			c.Pruned++
		case Failed:
			c.Failed++
		}
	}
	return c
}

// Remaining estimates how long the study will still run: by the pace of this session's
// trials, and no longer than its time budget. It is false while nothing has ended, and
// without a budget.
func (s Snapshot) Remaining() (time.Duration, bool) {
	if s.State != StudyRunning {
		return 0, false
	}
	left, known := time.Duration(0), false
	done := s.Counts().Finished() - s.Resumed
	if s.Budget > 0 && done > 0 {
		// A running trial counts by the share of its epochs that is done.
		ended := float64(done)
		for _, t := range s.Trials {
			if t.State == Running && s.Folds*s.Epochs > 0 {
				ended += float64(t.Epochs()) / float64(s.Folds*s.Epochs)
			}
		}
		todo := float64(s.Budget-s.Resumed) - ended
		left, known = time.Duration(max(0, todo)*float64(s.Elapsed)/ended), true
	}
	if s.TimeBudget > 0 {
		if untilEnd := max(0, s.TimeBudget-s.Elapsed); !known || untilEnd < left {
			left, known = untilEnd, true
		}
	}
	return left, known
}
