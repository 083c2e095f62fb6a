package dataset

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// SignalConfig says how recordings (the formats wfdb and edf) are cut into examples of
// shape [time, channel]. Seconds and hertz throughout.
type SignalConfig struct {
	// Layout is beats, an example around each beat that the annotations name, or windows of
	// equal length; "" is beats for wfdb and windows for edf.
	Layout string `yaml:"layout" json:"layout,omitempty"`
	// Channels are the names of the signals to learn from, in this order; "MLII|V5" takes
	// the first of these that a recording has. None takes each recording's first signal.
	Channels []string `yaml:"channels" json:"channels,omitempty"`
	// Before and After are the seconds that a beat's example holds on either side of the
	// annotation; 0 is 0.25 and 0.5.
	Before float64 `yaml:"before" json:"before,omitempty"`
	After  float64 `yaml:"after" json:"after,omitempty"`
	// Classes are those of AAMI's N, S, V, F and Q that are kept; none keeps the first four.
	Classes []string `yaml:"classes" json:"classes,omitempty"`
	// Paced is drop or keep: what becomes of recordings with paced beats; "" is drop.
	Paced string `yaml:"paced" json:"paced,omitempty"`
	// RR adds five channels that are constant within a beat: the RR interval before it and
	// the one after it in seconds, both over the mean of the ten around, and the first over
	// the recording's mean.
	RR bool `yaml:"rr" json:"rr,omitempty"`
	// Typical adds a channel for each signal: by how much the beat differs from the
	// recording's typical one, the median over its beats. It takes no label.
	Typical bool `yaml:"typical" json:"typical,omitempty"`
	// Seconds is the length of a window and Stride the distance between the beginnings of
	// two; 0 is 10 and, for Stride, the length of one.
	Seconds float64 `yaml:"seconds" json:"seconds,omitempty"`
	Stride  float64 `yaml:"stride" json:"stride,omitempty"`
	// Labels is a CSV of the windows' targets, beside the source: a column record (the path
	// in the source, without extension), perhaps start and end in seconds, and the target. "" takes them from the annotations: the
	// rhythm, or EDF+'s text, that holds at the middle of the window.
	Labels string `yaml:"labels" json:"labels,omitempty"`
	// Annotations is the extension of wfdb's annotation files; "" is atr.
	Annotations string `yaml:"annotations" json:"annotations,omitempty"`
	// Patient is record or folder: whether each recording is of a patient of its own, or all
	// of a folder are of one; "" is record.
	Patient string `yaml:"patient" json:"patient,omitempty"`
	// Patients lists recordings that are of one patient, as in "a01+a02". That 201 and 202 of the
	// MIT-BIH database are one is known, and so is the patient's code of an EDF+ file.
	Patients []string `yaml:"patients" json:"patients,omitempty"`
	// Rate resamples to this many samples a second; 0 leaves the recording's own, which then
	// has to be the same in all.
	Rate float64 `yaml:"rate" json:"rate,omitempty"`
	// Filter is applied before anything is cut.
	Filter FilterConfig `yaml:"filter" json:"filter,omitzero"`
	// Baseline is none, or median, which takes away what is left of the signal behind median
	// filters of 200 and 600 ms; "" is none.
	Baseline string `yaml:"baseline" json:"baseline,omitempty"`
	// Normalize is none, recording or example: which of them gets zero mean and unit variance
	// by channel, from its own samples alone; "" is none.
	Normalize string `yaml:"normalize" json:"normalize,omitempty"`
}

// FilterConfig is a Butterworth filter.
type FilterConfig struct {
	// Low and High are the band's edges in hertz; 0 leaves that side open.
	Low  float64 `yaml:"low" json:"low,omitempty"`
	High float64 `yaml:"high" json:"high,omitempty"`
	// Order is that of the design, from 1 to 8; 0 is 2.
	Order int `yaml:"order" json:"order,omitempty"`
	// Phase is zero, forwards and backwards over the whole recording, or causal, as a monitor
	// filters; "" is zero.
	Phase string `yaml:"phase" json:"phase,omitempty"`
}

func (c SignalConfig) resolved(format string) SignalConfig {
	if !hasSignals(format) {
		return c
	}
	c.Layout = byDefault(c.Layout, map[string]string{"wfdb": "beats", "edf": "windows"}[format])
	if c.Layout == "beats" {
		c.Before, c.After = byDefault(c.Before, 0.25), byDefault(c.After, 0.5)
		c.Paced = byDefault(c.Paced, "drop")
		if len(c.Classes) == 0 {
			c.Classes = []string{"N", "S", "V", "F"}
		}
	} else {
		c.Seconds = byDefault(c.Seconds, 10)
		c.Stride = byDefault(c.Stride, c.Seconds)
	}
	if format == "wfdb" {
		c.Annotations = byDefault(c.Annotations, "atr")
	}
	if c.Filter != (FilterConfig{}) {
		c.Filter.Order, c.Filter.Phase = byDefault(c.Filter.Order, 2), byDefault(c.Filter.Phase, "zero")
	}
	c.Patient = byDefault(c.Patient, "record")
	c.Baseline, c.Normalize = byDefault(c.Baseline, "none"), byDefault(c.Normalize, "none")
	return c
}

func hasSignals(format string) bool { return format == "wfdb" || format == "edf" }

// byDefault returns x, or otherwise where x is the zero value.
func byDefault[T comparable](x, otherwise T) T {
	var zero T
	if x == zero {
		return otherwise
	}
	return x
}

func (c SignalConfig) validate(found *mistakes, format string) {
	if !hasSignals(format) {
		if !reflect.ValueOf(c).IsZero() {
			found.add("signal", "is for the formats wfdb and edf, and this is %s", format)
		}
		return
	}
	oneOf(found, "signal.layout", c.Layout, "beats", "windows")
	oneOf(found, "signal.patient", c.Patient, "record", "folder")
	oneOf(found, "signal.baseline", c.Baseline, "none", "median")
	oneOf(found, "signal.normalize", c.Normalize, "none", "recording", "example")
	switch {
	case c.Layout == "beats" && format != "wfdb":
		found.add("signal.layout", "beats need wfdb's annotations: expected windows")
	case c.Layout == "beats":
		c.validateBeats(found)
	default:
		c.validateWindows(found)
	}
	if c.Rate != 0 {
		between(found, "signal.rate", c.Rate, 1, maxRate)
	}
	c.Filter.validate(found)
	for i, p := range c.Patients {
		if records := strings.Split(p, "+"); len(records) < 2 || slices.Contains(records, "") {
			found.add(fmt.Sprintf("signal.patients[%d]", i), "%q: expected two or more recordings, as in a01+a02", p)
		}
	}
	if strings.ContainsAny(c.Annotations, "/\\.") {
		found.add("signal.annotations", "%q: expected the extension alone, as in atr", c.Annotations)
	}
}

// Bounds of what a recording's examples may be.
const (
	maxRate    = 1e6  // hertz
	maxSeconds = 3600 // of an example
)

// setField is a field and whether it is set.
type setField struct {
	name string
	set  bool
}

func (c SignalConfig) validateBeats(found *mistakes) {
	between(found, "signal.before", c.Before, 0.01, maxSeconds)
	between(found, "signal.after", c.After, 0.01, maxSeconds)
	oneOf(found, "signal.paced", c.Paced, "drop", "keep")
	for i, class := range c.Classes {
		oneOf(found, fmt.Sprintf("signal.classes[%d]", i), class, "N", "S", "V", "F", "Q")
		if slices.Contains(c.Classes[:i], class) {
			found.add(fmt.Sprintf("signal.classes[%d]", i), "%q stands there twice", class)
		}
	}
	for _, f := range []setField{{"seconds", c.Seconds != 0}, {"stride", c.Stride != 0}, {"labels", c.Labels != ""}} {
		if f.set {
			found.add("signal."+f.name, "is for windows, and the layout is beats")
		}
	}
}

func (c SignalConfig) validateWindows(found *mistakes) {
	between(found, "signal.seconds", c.Seconds, 0.01, maxSeconds)
	between(found, "signal.stride", c.Stride, 0.01, maxSeconds)
	for _, f := range []setField{{"before", c.Before != 0}, {"after", c.After != 0}, {"classes", c.Classes != nil}, {"paced", c.Paced != ""}, {"rr", c.RR}, {"typical", c.Typical}} {
		if f.set {
			found.add("signal."+f.name, "is for beats, and the layout is windows")
		}
	}
}

func (f FilterConfig) validate(found *mistakes) {
	if f == (FilterConfig{}) {
		return
	}
	oneOf(found, "signal.filter.phase", f.Phase, "zero", "causal")
	if f.Order < 1 || f.Order > 8 {
		found.add("signal.filter.order", "%d: expected 1 to 8", f.Order)
	}
	switch {
	case f.Low == 0 && f.High == 0:
		found.add("signal.filter", "has neither low nor high: expected the edges of a band in hertz")
	case !(f.Low >= 0 && f.Low < maxRate):
		found.add("signal.filter.low", "%v: expected hertz from 0", f.Low)
	case !(f.High >= 0 && f.High < maxRate):
		found.add("signal.filter.high", "%v: expected hertz from 0", f.High)
	case f.High != 0 && f.Low >= f.High:
		found.add("signal.filter.high", "%v: expected more than low, %v", f.High, f.Low)
	}
}

// oneOf adds a mistake unless a field has one of the words.
func oneOf(found *mistakes, field, got string, words ...string) {
	if !slices.Contains(words, got) {
		found.add(field, "unknown word %q: expected %s", got, strings.Join(words, ", "))
	}
}

// between adds a mistake unless a number lies between two, both included.
func between(found *mistakes, field string, x, low, high float64) {
	if !(x >= low && x <= high) {
		found.add(field, "%v: expected %v to %v", x, low, high)
	}
}
