package dataset

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
)

// recording is what a record of wfdb or a file of edf holds.
type recording struct {
	where    string // for errors
	name     string // its path in the source without extension
	patient  string
	rate     float64   // samples a second
	rates    []float64 // of each channel where they differ
	channels []string
	signals  [][]float64 // [channel][time] in physical units, NaN where missing
	notes    []wfdbNote  // in the order of time
	facts    map[string]string
	spans    []labelSpan // of an edf's annotations
}

// labelSpan is a stretch of a recording that has a label, in seconds.
type labelSpan struct {
	start, end float64
	label      string
	facts      map[string]string
}

// cutter cuts recordings into examples.
type cutter struct {
	config  SignalConfig
	group   string            // the labels' column of patients, "" where they have none
	patient map[string]string // the name that stands for all of a patient's recordings
	labels  *windowLabels     // nil where the annotations have them
	into    *cases
	lim     limits
	rate    float64 // of the first recording, resampled
	from    string  // its name
	steps   int     // of an example
	values  []float32
	count   int
}

func newCutter(o *origin, c Config, lim limits, into *cases) (*cutter, error) {
	k := &cutter{config: c.Signal, group: c.groupColumn(), patient: map[string]string{}, into: into, lim: lim}
	for _, p := range c.Signal.Patients {
		records := strings.Split(p, "+")
		for _, r := range records {
			k.patient[r] = records[0]
		}
	}
	if c.Signal.Labels == "" {
		return k, nil
	}
	var err error
	k.labels, err = readWindowLabels(o, c, lim)
	return k, err
}

// take cuts a recording.
func (k *cutter) take(r *recording) error {
	if k.config.Patient == "folder" {
		r.patient = path.Dir(r.name)
	}
	if name, ok := k.patient[r.name]; ok {
		r.patient = name
	}
	if k.config.Layout == "beats" && k.config.Paced == "drop" && isPaced(r.notes) {
		return nil
	}
	chosen, err := r.choose(k.config.Channels)
	if err != nil {
		return err
	}
	rate, err := k.commonRate(r, chosen)
	if err != nil {
		return err
	}
	if k.rate == 0 {
		k.rate, k.from = rate, r.name
		if err := k.begin(len(chosen)); err != nil {
			return err
		}
	}
	if rate != k.rate {
		return &FieldError{"signal.rate", fmt.Sprintf("missing: %s has %v samples a second and %s %v: expected a rate to resample all to", k.from, k.rate, r.where, rate)}
	}
	signals := make([][]float64, len(chosen))
	for i, at := range chosen {
		x, own := r.signals[at], r.rateOf(at)
		if float64(len(x))*rate > own*float64(k.lim.values) {
			return &CellError{File: r.where, Found: fmt.Sprintf("%d samples at %v a second", len(x), own), Expected: fmt.Sprintf("at most %d at %v", k.lim.values, rate)}
		}
		if signals[i], err = conditioned(x, own, k.config); err != nil {
			return err
		}
	}
	if k.config.Layout == "beats" {
		return k.cutBeats(r, signals)
	}
	return k.cutWindows(r, signals)
}

// rateOf returns a channel's samples a second.
func (r *recording) rateOf(channel int) float64 {
	if r.rates != nil {
		return r.rates[channel]
	}
	return r.rate
}

// commonRate returns the samples a second that the chosen channels will have.
func (k *cutter) commonRate(r *recording, chosen []int) (float64, error) {
	if k.config.Rate != 0 {
		return k.config.Rate, nil
	}
	rate := r.rateOf(chosen[0])
	for _, at := range chosen {
		if own := r.rateOf(at); own != rate {
			return 0, &FieldError{"signal.rate", fmt.Sprintf("missing: signals %s and %s of %s have %v and %v samples a second: expected a rate to resample all to",
				oneLine(r.channels[chosen[0]]), oneLine(r.channels[at]), r.where, rate, own)}
		}
	}
	return rate, nil
}

// begin says the examples' shape.
func (k *cutter) begin(channels int) error {
	seconds := k.config.Seconds
	if k.config.Layout == "beats" {
		k.steps = k.samples(k.config.Before) + k.samples(k.config.After)
		if k.config.Typical {
			channels *= 2
		}
		if k.config.RR {
			channels += rrChannels
		}
	} else {
		if least := min(seconds, k.config.Stride); least*k.rate < 1 {
			return &FieldError{"signal.seconds", fmt.Sprintf("%s has %v samples a second: expected windows, and a stride, of one or more", k.from, k.rate)}
		}
		k.steps = k.samples(seconds)
	}
	if err := k.into.begin([]int{k.steps, channels}); err != nil {
		return err
	}
	k.values = make([]float32, k.steps*channels)
	return nil
}

// samples returns how many samples a time has, at least one.
func (k *cutter) samples(seconds float64) int { return max(1, int(math.Round(seconds*k.rate))) }

// end checks that there was something to cut.
func (k *cutter) end() error {
	if k.count == 0 {
		what := "beats of the classes that are kept"
		if k.config.Layout == "windows" {
			what = "windows with a label"
		}
		return &CellError{File: k.into.table.file, Found: "no example", Expected: what}
	}
	return nil
}

// choose returns the numbers of the channels that are named, or that of the first.
func (r *recording) choose(names []string) ([]int, error) {
	if len(names) == 0 {
		return []int{0}, nil
	}
	var chosen []int
	for i, name := range names {
		at := -1
		for choice := range strings.SplitSeq(name, "|") {
			if at = slices.Index(r.channels, choice); at >= 0 {
				break
			}
		}
		if at < 0 {
			return nil, &FieldError{fmt.Sprintf("signal.channels[%d]", i), fmt.Sprintf("no signal %q in %s%s", name, r.where, didYouMean(name, r.channels))}
		}
		chosen = append(chosen, at)
	}
	return chosen, nil
}

// cut writes steps samples of the signals from sample start on as [time, channel], of width
// channels in all; NaN where the recording has none.
func (k *cutter) cut(signals [][]float64, start, width int) {
	for c, x := range signals {
		for t := range k.steps {
			v := nan32
			if at := start + t; at >= 0 && at < len(x) {
				v = float32(x[at])
			}
			k.values[t*width+c] = v
		}
	}
	if k.config.Normalize == "example" {
		for c := range signals {
			normalize(k.values[c:], width)
		}
	}
}

// normalize gives every step-th value zero mean and unit variance (the missing ones left
// out), or only the mean where there is no variance.
func normalize[F float32 | float64](x []F, step int) {
	n, mean, squares := 0.0, 0.0, 0.0
	for i := 0; i < len(x); i += step {
		if v := float64(x[i]); v == v {
			n++
			d := v - mean
			mean += d / n
			squares += float64(d * (v - mean))
		}
	}
	scale := 1.0
	if n > 0 && squares > 0 {
		scale = 1 / math.Sqrt(squares/n)
	}
	for i := 0; i < len(x); i += step {
		x[i] = F((float64(x[i]) - mean) * scale)
	}
}
