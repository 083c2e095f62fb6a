package medml_test

import (
	"context"
	"fmt"

	"medml"
)

// An executor runs any study and objective.
func ExampleExecutor() {
	e := &medml.Executor{
		Study: &queue{n: 4},
		Objective: func(_ context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
			x, _ := t.Params.Lookup("x")
			if err := m.Report(0, medml.Epoch{Step: 1, Report: x.Float()}); err != nil {
				return medml.Result{}, err
			}
			return medml.Result{Value: -(x.Float() - 2) * (x.Float() - 2)}, nil
		},
		Recorder: &tape{},
		About:    medml.About{Study: "bowl", Direction: medml.Maximize},
		Workers:  2,
	}
	end, err := e.Run(context.Background())
	if err != nil {
		panic(err)
	}
	s, _ := e.Snapshot()
	best, _ := s.Best()
	fmt.Println(end.Reason, "- best is trial", best.Number, "with", best.Value)
	// Output: all done - best is trial 2 with -0
}
