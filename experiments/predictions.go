package experiments

import (
	"encoding/csv"
	"io"
	"strconv"
)

// PartVerdicts are verdicts on one part of the data.
type PartVerdicts struct {
	// Part is "development" or "test".
	Part string
	Verdicts
}

// WritePredictions writes a line of CSV for each example: its part, its number counted from
// 1, the truth, the calibrated probability of the positive class (of several classes, of
// each; of a regression the predicted value), and of two classes whether it counts as
// positive. There is nothing of the patient in it but the truth.
func (j *Job) WritePredictions(w io.Writer, parts []PartVerdicts) error {
	out := csv.NewWriter(w)
	head := []string{"part", "example", "truth"}
	classes := j.Classes()
	switch {
	case len(classes) > 2:
		for _, c := range classes {
			head = append(head, "probability of "+c)
		}
	case len(classes) == 2:
		head = append(head, "probability of "+classes[1], "decision")
	default:
		head = append(head, "predicted")
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, p := range parts {
		for i := range p.Rows {
			if err := out.Write(p.line(i, classes)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// line is what is said of example i of the part.
func (p PartVerdicts) line(i int, classes []string) []string {
	line := []string{p.Part, strconv.Itoa(p.Rows[i] + 1)}
	if len(classes) > 0 {
		line = append(line, classes[p.Predictions.Labels[i]])
	} else {
		line = append(line, decimal(p.Predictions.Targets[i]))
	}
	width := len(p.Predictions.Scores) / len(p.Rows)
	for _, s := range p.Predictions.Scores[i*width : (i+1)*width] {
		line = append(line, decimal(s))
	}
	if len(classes) == 2 {
		line = append(line, classes[int(p.said[i])])
	}
	return line
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
