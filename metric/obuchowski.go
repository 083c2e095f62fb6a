package metric

import (
	"math"

	"medml/internal/elementary"
)

// Obuchowski returns the area under the ROC curve for two classes, of all rows as if each
// were a patient's, and the variance of that estimate where patients have several rows,
// of one class or of both (Obuchowski 1997, Biometrics 53:567). Scores are [n],
// labels [n] with 1 the positive class, patients [n] any numbers. Where each patient has one
// row it is [DeLong]'s, without a factor between them. The variance needs two patients with
// a row of each class, the area one; they are NaN otherwise, and where a score is NaN.
func Obuchowski(scores []float64, labels []int32, patients []int) (area, variance float64) {
	p := Predictions{Scores: scores, Classes: 2, Labels: labels}
	p.checkLabels()
	if len(scores) == 0 || anyNaN(scores) {
		return math.NaN(), math.NaN()
	}
	area = areaUnderROC(curve(scores, labels, 1))
	variance, _ = p.clusteredVariance(centred(p.placements(), area), newSample(p, patients))
	return area, variance
}

// clusteredVariance is that of the mean of what each row adds to an area, or to the
// difference of two, counted from that mean: [n]; with how many patients have a row of the
// class that fewer have.
//
// With P and N a patient's sums over the positives and the negatives, M and K how many of
// these there are, I₁₀, I₀₁ and I how many patients have a positive, a negative, any, it is
// S₁₀/M + S₀₁/K + 2·S₁₁/(M·K), where S₁₀ = I₁₀/((I₁₀-1)·M)·ΣP², S₀₁ alike and S₁₁ =
// I/(I-1)·ΣPN. It isn't below 0, as I₁₀ and I₀₁ aren't above I; NaN where one of them is
// below 2.
func (p Predictions) clusteredVariance(adds []float64, s *sample) (variance float64, fewest int) {
	var sums, patients, rows [2]float64
	var of [2][]float64
	var has [2][]bool
	for class := range of {
		of[class], has[class] = make([]float64, s.patients), make([]bool, s.patients)
	}
	for row, x := range adds {
		class, patient := p.Labels[row], s.patient[row]
		of[class][patient] += x
		has[class][patient] = true
		rows[class]++
	}
	both := 0.0
	for i := range s.patients {
		for class := range sums {
			sums[class] += float64(of[class][i] * of[class][i])
			if has[class][i] {
				patients[class]++
			}
		}
		both += float64(of[0][i] * of[1][i])
	}
	fewest = int(min(patients[0], patients[1]))
	if fewest < 2 {
		return math.NaN(), fewest
	}
	for class := range sums {
		variance += float64(patients[class]/(patients[class]-1)*sums[class]) / float64(rows[class]*rows[class])
	}
	all := float64(s.patients)
	variance += float64(2*all/(all-1)*both) / float64(rows[0]*rows[1])
	return max(0, variance), fewest // below 0 by rounding alone
}

// placements returns of each positive the share of negatives below it, and of each
// negative the share of positives above it, ties half: [n], DeLong's structural components.
func (p Predictions) placements() []float64 {
	r := rank(p.Scores, p.Labels, 1)
	all := thresholds(p.Scores, p.Labels, 1)
	m, n := all[len(all)-1].tp, all[len(all)-1].fp
	of := make([]float64, len(p.Labels))
	at := 1
	for i, row := range r.row {
		last, now := all[at-1].point, all[at].point
		if r.positive[i] {
			of[row] = float64(2*(n-now.fp)+now.fp-last.fp) / float64(2*n)
		} else {
			of[row] = float64(2*last.tp+now.tp-last.tp) / float64(2*m)
		}
		if r.last[i] {
			at++
		}
	}
	return of
}

// centred returns the numbers counted from x.
func centred(numbers []float64, x float64) []float64 {
	out := make([]float64, len(numbers))
	for i, v := range numbers {
		out[i] = v - x
	}
	return out
}

// obuchowskiInterval is that of two classes over patients with several rows, with Obuchowski's
// variance on the logit scale, where the error of an area close to 1 doesn't lean so far to
// one side (Pepe 2003, The Statistical Evaluation of Medical Tests, chapter 5), and
// Student's t, as few patients leave the variance uncertain: of as many degrees as patients
// have a row of the class that fewer have, less one. Area ± z·√variance holds the truth too
// seldom (testdata/coverage_study.py). There is none for an area or a variance of 0, nor for
// an area of 1.
func obuchowskiInterval(p Predictions, s *sample) (low, high float64) {
	p.checkLabels()
	if p.Classes != 2 {
		return math.NaN(), math.NaN()
	}
	area := areaUnderROC(curve(p.Scores, p.Labels, 1))
	variance, fewest := p.clusteredVariance(centred(p.placements(), area), s)
	if !(variance > 0) || area == 0 || area == 1 {
		return math.NaN(), math.NaN()
	}
	centre := elementary.Log(area / (1 - area))
	half := float64(studentQuantile(level, fewest-1) * math.Sqrt(variance) / float64(area*(1-area)))
	return elementary.Sigmoid(centre - half), elementary.Sigmoid(centre + half)
}

// around is area ± z·√variance within [0, 1]. Where the variance comes out as 0, as it does
// for a perfect separation, there is no interval: that no example crossed over doesn't mean
// that none would.
func around(area, variance float64) (low, high float64) {
	if !(variance > 0) {
		return math.NaN(), math.NaN()
	}
	half := float64(elementary.NormQuantile(0.5+level/2) * math.Sqrt(variance))
	return max(0, area-half), min(1, area+half)
}
