package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"medml"
	"medml/dataset"
	"medml/trainer"
)

// Predictor is a study's finished model: for each member the models of all folds, whose
// predictions are averaged, and over the members their weighted mean.
type Predictor struct {
	members []predicting
	// Trial is the heaviest member's.
	Trial int
	// Text says what it is, as "the 5 models of trial 7".
	Text string
	// Weights is the SHA-256 over those of the members.
	Weights string
}

// predicting is a member of a predictor.
type predicting struct {
	artifact *trainer.Artifact
	weight   float64
}

// predictorOf makes a predictor of members whose weights add up to 1.
func predictorOf(members []predicting, trial int, text string) *Predictor {
	h := sha256.New()
	for _, m := range members {
		for _, f := range m.artifact.Folds {
			h.Write([]byte(f.Weights))
		}
	}
	return &Predictor{members: members, Trial: trial, Text: text, Weights: hex.EncodeToString(h.Sum(nil))}
}

// Retrain trains a complete trial again, from as many seeds, and returns its models. kept
// is the artifact of the first seed's, nil where none is kept. The error says so if the
// models aren't those of the search.
func (j *Job) Retrain(ctx context.Context, t medml.Trial, seeds int, kept []byte, m func(seed int) medml.Monitor) (*Predictor, error) {
	var members []predicting
	for seed := range max(1, seeds) {
		artifact := kept
		if seed > 0 || kept == nil {
			again := medml.Trial{Number: t.Number, Params: t.Params, Seed: seed}
			r, err := j.Trainer.Keeping().Objective(ctx, again, m(seed))
			if err != nil {
				return nil, err
			}
			if seed == 0 && r.Weights != t.Weights {
				return nil, fmt.Errorf("trial %d trained again has other weights than the search's; medml reproduce %s/%d says where they part",
					t.Number, j.about.Study, t.Number)
			}
			artifact = r.Artifact
		}
		a, err := trainer.OpenArtifact(artifact)
		if err != nil {
			return nil, fmt.Errorf("the models of trial %d: %w", t.Number, err)
		}
		members = append(members, predicting{a, 1 / float64(max(1, seeds))})
	}
	folds := len(members[0].artifact.Folds)
	text := fmt.Sprintf("the %s of trial %d", counted(folds, "model"), t.Number)
	if seeds > 1 {
		text = fmt.Sprintf("the %s of trial %d, from %d seeds", counted(folds*seeds, "model"), t.Number, seeds)
	}
	return predictorOf(members, t.Number, text), nil
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Ensemble returns the models of an ensemble's members.
func (j *Job) Ensemble(c Combination, artifact func(number int) ([]byte, error)) (*Predictor, error) {
	var members []predicting
	for _, m := range c.Members {
		b, err := artifact(m.Trial)
		if err != nil {
			return nil, err
		}
		a, err := trainer.OpenArtifact(b)
		if err != nil {
			return nil, fmt.Errorf("the models of trial %d: %w", m.Trial, err)
		}
		members = append(members, predicting{a, m.Weight})
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("the ensemble has no member")
	}
	return predictorOf(members, c.Members[0].Trial, fmt.Sprintf("an ensemble of %s", counted(len(members), "trial"))), nil
}

// outOfFold are predictions for examples that the models hadn't been trained on, one for
// each example: where there are several, of repeats, their mean.
type outOfFold struct {
	rows   []int     // rising
	scores []float64 // [row, width]
	folds  []int     // [row]: the first fold that was judged on it
}

// outOfFold returns the members' mean.
func (p *Predictor) outOfFold() outOfFold {
	width := p.members[0].artifact.Width()
	at := map[int]int{}
	var o outOfFold
	for k, f := range p.members[0].artifact.Folds {
		for _, row := range f.Rows {
			if _, seen := at[row]; !seen {
				at[row] = -1
				o.rows = append(o.rows, row)
				o.folds = append(o.folds, k)
			}
		}
	}
	order := make([]int, len(o.rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return o.rows[a] - o.rows[b] })
	rows, folds := make([]int, len(order)), make([]int, len(order))
	for i, from := range order {
		rows[i], folds[i] = o.rows[from], o.folds[from]
		at[rows[i]] = i
	}
	o.rows, o.folds = rows, folds
	o.scores = make([]float64, len(rows)*width)
	times := make([]float64, len(rows))
	for _, m := range p.members {
		for _, f := range m.artifact.Folds {
			for i, row := range f.Rows {
				to := at[row]
				times[to] += m.weight
				for c := range width {
					o.scores[to*width+c] += float64(m.weight * f.Scores[i*width+c])
				}
			}
		}
	}
	for i := range rows {
		for c := range width {
			o.scores[i*width+c] /= times[i]
		}
	}
	return o
}

// predict returns the scores of rows that no model was trained on: [row, width].
func (p *Predictor) predict(d *dataset.Dataset, rows []int) ([]float64, error) {
	var mean []float64
	for _, m := range p.members {
		share := m.weight / float64(len(m.artifact.Folds))
		for k, f := range m.artifact.Folds {
			scores, err := m.artifact.Predict(k, f.Preparation.Of(d, rows))
			if err != nil {
				return nil, err
			}
			if mean == nil {
				mean = make([]float64, len(scores))
			}
			for i, s := range scores {
				mean[i] += float64(share * s)
			}
		}
	}
	return mean, nil
}
