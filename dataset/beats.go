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
	for i, b := range beats {
		class := aamiClass[b.symbol]
		if !slices.Contains(k.config.Classes, class) {
			continue
		}
		k.cut(signals, int(math.Round(times[i]*k.rate))-before, width)
		if k.config.RR {
			rr := rrFeatures(times, i)
			for t := range k.steps {
				copy(k.values[t*width+len(signals):(t+1)*width], rr[:])
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
