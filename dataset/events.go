package dataset

import (
	"fmt"
	"reflect"
	"slices"
)

// EventsConfig says how tables of events (the format events: id, time, variable, value, one
// observation a line) become examples, one a patient or stay. The features of the data
// section name the variables to learn from, in order; none takes all, in the order of the
// alphabet. The target is a column of the outcomes, and group, if given, another.
type EventsConfig struct {
	// Layout is grid, a signal of shape [bin, channel]; statistics, a row of what became of
	// each variable over the window; or both, the grid with the statistics as covariates
	// beside it. "" is grid.
	Layout string `yaml:"layout" json:"layout,omitempty"`
	// ID, Time, Variable and Value are the table's columns; "" are id, time, variable or
	// parameter, and value, in any case. A folder or archive has a file for each id, and no
	// column for it.
	ID       string `yaml:"id" json:"id,omitempty"`
	Time     string `yaml:"time" json:"time,omitempty"`
	Variable string `yaml:"variable" json:"variable,omitempty"`
	Value    string `yaml:"value" json:"value,omitempty"`
	// Outcomes is a CSV beside the source with a line for each id: its target and what else
	// is known of it.
	Outcomes string `yaml:"outcomes" json:"outcomes,omitempty"`
	// OutcomeID is its column of ids; "" is its first.
	OutcomeID string `yaml:"outcome_id" json:"outcome_id,omitempty"`
	// Anchor is its column with the time from which the hours are counted where times are
	// dates; "" counts from an id's first event.
	Anchor string `yaml:"anchor" json:"anchor,omitempty"`
	// Hours is the length of the window from time 0, and Bin that of a bin of the grid, in
	// hours; 0 is 48 and 1. An event at the very end belongs to the last bin.
	Hours float64 `yaml:"hours" json:"hours,omitempty"`
	Bin   float64 `yaml:"bin" json:"bin,omitempty"`
	// Aggregate makes one value of a bin's: mean, last, min, max or sum; "" is mean. Sum
	// lists the variables that are summed in any case: urine, drugs given.
	Aggregate string   `yaml:"aggregate" json:"aggregate,omitempty"`
	Sum       []string `yaml:"sum" json:"sum,omitempty"`
	// Channels are what the grid holds of each variable: value, mask (1 where the bin has an
	// observation, else 0) and since (hours since the last one, up to the bin's end); none is
	// all three.
	Channels []string `yaml:"channels" json:"channels,omitempty"`
	// Fill is carry, which repeats the last value in bins without one, or none, which leaves
	// them missing; "" is carry. Nothing is ever carried back.
	Fill string `yaml:"fill" json:"fill,omitempty"`
	// Static lists the variables that don't change: their first value, in a channel (of the
	// layout both: a covariate) or column of their own.
	Static []string `yaml:"static" json:"static,omitempty"`
	// Missing lists numbers that stand for a missing value.
	Missing []float64 `yaml:"missing" json:"missing,omitempty"`
	// Plausible takes values that no living patient has for missing; [PlausibleRanges] has
	// the variables that are known and their ranges.
	Plausible bool `yaml:"plausible" json:"plausible,omitempty"`
	// Statistics are the columns of a variable under statistics and both; none is count, first,
	// last, mean, std, min, max, sum, slope and since.
	Statistics []string `yaml:"statistics" json:"statistics,omitempty"`
	// Recent adds the same statistics over this many hours at the end of the window; 0 adds
	// none.
	Recent float64 `yaml:"recent" json:"recent,omitempty"`
}

func (c EventsConfig) resolved(format string) EventsConfig {
	if format != "events" {
		return c
	}
	c.Layout = byDefault(c.Layout, "grid")
	c.Hours = byDefault(c.Hours, 48)
	if c.hasGrid() {
		c.Bin, c.Aggregate, c.Fill = byDefault(c.Bin, 1), byDefault(c.Aggregate, "mean"), byDefault(c.Fill, "carry")
		if len(c.Channels) == 0 {
			c.Channels = []string{"value", "mask", "since"}
		}
	}
	if c.hasStatistics() && len(c.Statistics) == 0 {
		c.Statistics = slices.Clone(statisticNames)
	}
	return c
}

func (c EventsConfig) hasGrid() bool       { return c.Layout != "statistics" }
func (c EventsConfig) hasStatistics() bool { return c.Layout == "statistics" || c.Layout == "both" }

func (c EventsConfig) validate(found *mistakes, of Config) {
	if of.Format != "events" {
		if !reflect.ValueOf(c).IsZero() {
			found.add("events", "is for the format events, and this is %s", of.Format)
		}
		return
	}
	oneOf(found, "events.layout", c.Layout, "grid", "statistics", "both")
	if c.Outcomes == "" {
		found.add("events.outcomes", "missing: expected the CSV that has the target of each id")
	}
	between(found, "events.hours", c.Hours, 1.0/60, 24*3660)
	if c.hasGrid() {
		between(found, "events.bin", c.Bin, 1.0/3600, c.Hours)
		oneOf(found, "events.aggregate", c.Aggregate, "mean", "last", "min", "max", "sum")
		oneOf(found, "events.fill", c.Fill, "carry", "none")
		listOf(found, "events.channels", c.Channels, "value", "mask", "since")
	} else {
		notOf(found, "grid and both", setField{"bin", c.Bin != 0}, setField{"aggregate", c.Aggregate != ""}, setField{"sum", c.Sum != nil},
			setField{"channels", c.Channels != nil}, setField{"fill", c.Fill != ""})
	}
	if c.hasStatistics() {
		listOf(found, "events.statistics", c.Statistics, statisticNames...)
		if c.Recent != 0 {
			between(found, "events.recent", c.Recent, 1.0/60, c.Hours)
		}
	} else {
		notOf(found, "statistics and both", setField{"statistics", c.Statistics != nil}, setField{"recent", c.Recent != 0})
	}
}

// notOf adds a mistake for each field that is set and is of other layouts.
func notOf(found *mistakes, layouts string, fields ...setField) {
	for _, f := range fields {
		if f.set {
			found.add("events."+f.name, "is for the layouts %s", layouts)
		}
	}
}

// listOf adds a mistake for each word of a list that isn't known or stands there twice.
func listOf(found *mistakes, field string, got []string, words ...string) {
	for i, word := range got {
		at := fmt.Sprintf("%s[%d]", field, i)
		oneOf(found, at, word, words...)
		if slices.Contains(got[:i], word) {
			found.add(at, "%q stands there twice", word)
		}
	}
}
