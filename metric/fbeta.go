package metric

var f1 = named("f1", fBeta(1))

func named(name string, m Metric) Metric {
	m.Name = name
	return m
}

var f1Macro = judge(Metric{
	Name: "f1_macro", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "mean over the classes of F1, the harmonic mean of precision and recall",
}, everyClass, compared(overClasses(fOf(1))))

var f1Weighted = judge(Metric{
	Name: "f1_weighted", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "mean over the classes of F1, each class weighing as much as it has examples",
}, everyClass, compared(func(c counts) float64 {
	sum := 0.0
	for k := range c.classes {
		sum += float64(float64(c.actual[k]) * fOf(1)(c, k))
	}
	return sum / float64(c.n)
}))

// fBeta is van Rijsbergen's F (1979, Information Retrieval, ch. 7): the harmonic mean of
// precision and recall, recall weighing beta times as much.
func fBeta(beta float64) Metric {
	one := fOf(beta)
	return judge(Metric{
		Task: Classification, Higher: true, Low: 0, High: 1,
		Doc: "weighted harmonic mean of precision and recall; the mean over the classes where there are more than two",
	}, everyClass, compared(func(c counts) float64 {
		if c.classes == 2 {
			return one(c, 1)
		}
		return overClasses(one)(c)
	}))
}

// fOf returns F of one class against the rest.
func fOf(beta float64) func(c counts, class int) float64 {
	b2 := float64(beta * beta)
	return func(c counts, k int) float64 {
		tp := float64(c.at(k, k))
		weighted := float64((1 + b2) * tp)
		missed := float64(c.actual[k]) - tp
		wrong := float64(c.said[k]) - tp
		return weighted / (weighted + float64(b2*missed) + wrong)
	}
}
