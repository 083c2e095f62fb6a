package dataset

import (
	"fmt"
	"math"
	"slices"
)

// aamiClass is the class of a beat by ANSI/AAMI EC57 (2012, table 3 of the beat labels), as
// de Chazal, O'Dwyer & Reilly 2004 ("Automatic classification of heartbeats using ECG
// morphology and heartbeat interval features", table I) apply it to the MIT-BIH codes;
// what isn't a beat has none.
var aamiClass = map[string]string{
	"N": "N", "L": "N", "R": "N", "B": "N", "e": "N", "j": "N", // normal, bundle branch blocks, atrial and nodal escape
	"A": "S", "a": "S", "J": "S", "S": "S", "n": "S", // supraventricular ectopic
	"V": "V", "E": "V", "r": "V", // ventricular ectopic
	"F": "F",                               // fusion of ventricular and normal
	"/": "Q", "f": "Q", "Q": "Q", "?": "Q", // paced, fusion with paced, unclassifiable
}

// isPaced reports whether a recording has paced beats: EC57 leaves such records out.
func isPaced(notes []wfdbNote) bool {
	return slices.ContainsFunc(notes, func(n wfdbNote) bool { return n.symbol == "/" })
}

// rrChannels are the channels that [SignalConfig.RR] adds.
const rrChannels = 5

// cutBeats makes an example of each beat of the classes that are kept.
func (k *cutter) cutBeats(r *recording, signals [][]float64) error {
	var beats []wfdbNote
	for _, n := range r.notes {
		if aamiClass[n.symbol] != "" {
			beats = append(beats, n)
		}
	}
	before := k.samples(k.config.Before)
	width := len(k.values) / k.steps
	times := make([]float64, len(beats))
	for i, b := range beats {
		times[i] = float64(b.at) / r.rate
	}
	starts := make([]int, len(beats))
	for i, at := range times {
		starts[i] = int(math.Round(at*k.rate)) - before
	}
	var typical [][]float32
	if k.config.Typical {
		typical = k.typical(signals, starts, width)
	}
	for i, b := range beats {
		class := aamiClass[b.symbol]
		if !slices.Contains(k.config.Classes, class) {
			continue
		}
		k.cut(signals, starts[i], width)
		for c, beat := range typical {
			for t, x := range beat {
				k.values[t*width+len(signals)+c] = k.values[t*width+c] - x
			}
		}
		if k.config.RR {
			rr := rrFeatures(times, i)
			for t := range k.steps {
				copy(k.values[(t+1)*width-rrChannels:(t+1)*width], rr[:])
			}
		}
		e := example{
			where: fmt.Sprintf("%s:beat %d", r.where, i+1), values: k.values, label: class,
			patient: r.patient, facts: r.facts,
		}
		if err := k.into.add(e); err != nil {
			return err
		}
		k.count++
	}
	return nil
}

// mostTypical is how many beats of a recording its typical one is made of: of more, evenly
// spaced ones.
const mostTypical = 400

// typical returns the typical beat of a recording that begins its beats at these samples:
// [signal][step], the median over the beats, whatever their class.
func (k *cutter) typical(signals [][]float64, starts []int, width int) [][]float32 {
	every := 1 + (len(starts)-1)/mostTypical
	seen := make([][]float32, len(signals)*k.steps)
	for i := 0; i < len(starts); i += every {
		k.cut(signals, starts[i], width)
		for c := range signals {
			for t := range k.steps {
				if x := k.values[t*width+c]; x == x {
					seen[c*k.steps+t] = append(seen[c*k.steps+t], x)
				}
			}
		}
	}
	beats := make([][]float32, len(signals))
	for c := range beats {
		for _, xs := range seen[c*k.steps : (c+1)*k.steps] {
			slices.Sort(xs)
			middle := nan32
			if len(xs) > 0 {
				middle = xs[len(xs)/2]
			}
			beats[c] = append(beats[c], middle)
		}
	}
	return beats
}

// rrFeatures returns the intervals around beat i as de Chazal et al. 2004 use them: the one
// before it and the one after it in seconds, each over the mean of the ten around it, and
// the one before over the mean of all; NaN where there is no such beat.
func rrFeatures(times []float64, i int) [rrChannels]float32 {
	interval := func(j int) float64 { // before beat j
		if j < 1 || j >= len(times) {
			return nan64
		}
		return times[j] - times[j-1]
	}
	mean := func(first, last int) float64 { // of the intervals before these beats
		first, last = max(first, 1), min(last, len(times)-1)
		if first > last || times[last] == times[first-1] {
			return nan64
		}
		return (times[last] - times[first-1]) / float64(last-first+1)
	}
	local := mean(i-4, i+5)
	before, after := interval(i), interval(i+1)
	return [rrChannels]float32{
		float32(before), float32(after), float32(before / local), float32(after / local),
		float32(before / mean(1, len(times)-1)),
	}
}
