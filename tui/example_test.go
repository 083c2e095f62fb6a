package tui_test

import (
	"fmt"
	"os"
	"time"

	"medml"
	"medml/tui"
)

func ExampleTable() {
	cnn := medml.Params{{Name: "architecture", Value: medml.StringValue("cnn")}, {Name: "architecture.cnn.filters", Value: medml.IntValue(32)}}
	lstm := medml.Params{{Name: "architecture", Value: medml.StringValue("lstm")}, {Name: "architecture.lstm.hidden", Value: medml.IntValue(48)}}
	s := medml.Snapshot{
		About: medml.About{
			Study: "diagnosis", Metric: "auroc", Direction: medml.Maximize,
			References: []medml.Reference{{Name: "logistic regression", Value: 0.9947, SD: 0.0056}},
		},
		State: medml.StudyComplete, Budget: 2, Elapsed: 41 * time.Second,
		Trials: []medml.Trial{
			{Number: 0, State: medml.Complete, Params: lstm, Value: 0.9931, Low: 0.9882, High: 0.9969},
			{Number: 1, State: medml.Complete, Params: cnn, Value: 0.9951, Low: 0.9921, High: 0.9975},
		},
	}
	if err := tui.Table(os.Stdout, s, tui.TableOptions{}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(tui.ProgressLine(s))
	// Output:
	//   rank  trial  arch  state        auroc  95 % CI        epochs    time  parameters
	// ★    1      1  cnn   ✓ complete  0.9951  0.9921–0.9975       0          filters 32
	// ≈    2      0  lstm  ✓ complete  0.9931  0.9882–0.9969       0          hidden 48
	//
	// ★ best auroc 0.9951, 95 % CI 0.9921–0.9975, trial 1, cnn
	// ≈ 1 further trial whose interval holds the best value
	//   for comparison: logistic regression 0.9947 ± 0.0056
	//   2/2 trials: 2 complete, 0 running, 0 pruned, 0 failed, 0 waiting
	//   cnn      1 trials     1 complete  best 0.9951 (trial 1)
	//   lstm     1 trials     1 complete  best 0.9931 (trial 0)
	// 2/2 trials  best 0.9951 (trial 1, cnn)  complete  00:41 elapsed
}
