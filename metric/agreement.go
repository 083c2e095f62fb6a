package metric

import "math"

var mcc = judge(Metric{
	Name: "mcc", Task: Classification, Higher: true, Low: -1, High: 1,
	Doc: "Matthews' correlation of predicted and actual class; 0 where all are called alike",
}, everyClass, compared(matthews))

var kappa = judge(Metric{
	Name: "kappa", Task: Classification, Higher: true, Low: -1, High: 1,
	Doc: "Cohen's kappa: agreement beyond chance",
}, everyClass, compared(cohen))

// matthews returns the correlation of predicted and actual class: Matthews 1975 (BBA
// 405:442) for two classes, R_K of Gorodkin 2004 (Comput. Biol. Chem. 28:367) for more.
// With c right of n, class k occurring a_k times and being said s_k times it is
// (c·n - Σ a_k·s_k) / √((n² - Σ s_k²)·(n² - Σ a_k²)). Where all are called alike it is 0.
func matthews(c counts) float64 {
	var both, saidSquares, actualSquares int
	for k := range c.classes {
		both += c.actual[k] * c.said[k]
		saidSquares += c.said[k] * c.said[k]
		actualSquares += c.actual[k] * c.actual[k]
	}
	spread := float64(c.n*c.n-saidSquares) * float64(c.n*c.n-actualSquares)
	if spread == 0 {
		return 0
	}
	return max(-1, min(1, float64(c.trace()*c.n-both)/math.Sqrt(spread)))
}

// cohen returns (p_o - p_e)/(1 - p_e), p_o being the observed agreement and p_e that of
// chance with the same totals (Cohen 1960, Educ. Psychol. Meas. 20:37), computed in whole
// numbers as (c·n - Σ a_k·s_k)/(n² - Σ a_k·s_k).
func cohen(c counts) float64 {
	chance := 0
	for k := range c.classes {
		chance += c.actual[k] * c.said[k]
	}
	return float64(c.trace()*c.n-chance) / float64(c.n*c.n-chance)
}
