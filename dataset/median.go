package dataset

import "slices"

// medianFilter returns the medians of the window of samples, an odd number, around each;
// beyond the ends stands the first or the last. De Chazal et al. 2004 take what is left
// behind windows of 200 and then 600 ms for an ECG's baseline.
func medianFilter(x []float64, window int) []float64 {
	half := window / 2
	at := func(i int) float64 { return x[min(max(i, 0), len(x)-1)] }
	y := make([]float64, len(x))
	if len(x) == 0 {
		return y
	}
	sorted := make([]float64, 0, window+1)
	for i := -half; i <= half; i++ {
		sorted = append(sorted, at(i))
	}
	slices.Sort(sorted)
	for i := range x {
		y[i] = sorted[half]
		out, _ := slices.BinarySearch(sorted, at(i-half))
		sorted = slices.Delete(sorted, out, out+1)
		in, _ := slices.BinarySearch(sorted, at(i+half+1))
		sorted = slices.Insert(sorted, in, at(i+half+1))
	}
	return y
}
