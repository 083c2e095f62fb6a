package dataset

import (
	"fmt"
	"math"
	"slices"
)

// seal keeps the labels that a lock took away.
type seal struct {
	labels  []int32
	targets []float64
}

// locked stands for a class under lock, and [math.NaN] for a number.
const locked = -1

// Lock returns the dataset without the labels of the given rows. They aren't in it any
// more: [Dataset.Label], [Dataset.Value], [Dataset.Counts] and [Preparation.Matrix] panic
// on those rows, and nothing that a study does can read them by mistake. Their features
// stay.
func (d *Dataset) Lock(rows []int) *Dataset {
	if d.sealed != nil {
		panic("dataset: locked twice")
	}
	shut := *d
	shut.sealed = &seal{d.labels, d.targets}
	shut.labels, shut.targets = slices.Clone(d.labels), slices.Clone(d.targets)
	for _, i := range rows {
		if d.Task == Classification {
			shut.labels[i] = locked
		} else {
			shut.targets[i] = math.NaN()
		}
	}
	return &shut
}

// Unlock returns the dataset with all its labels. It is for the evaluation of a finished
// study alone, whose caller puts each opening on the record.
func (d *Dataset) Unlock() *Dataset {
	open := *d
	if d.sealed != nil {
		open.labels, open.targets, open.sealed = d.sealed.labels, d.sealed.targets, nil
	}
	return &open
}

// label returns the class of an example, and panics where it is locked.
func (d *Dataset) label(i int) int32 {
	y := d.labels[i]
	if y == locked {
		panic(fmt.Sprintf("dataset: the label of example %d is locked", i+1))
	}
	return y
}

// target returns the number to predict, and panics where it is locked.
func (d *Dataset) target(i int) float64 {
	y := d.targets[i]
	if math.IsNaN(y) {
		panic(fmt.Sprintf("dataset: the target of example %d is locked", i+1))
	}
	return y
}
