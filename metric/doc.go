// Package metric judges predictions: pure functions on predictions and labels, each
// citing its definition, with confidence intervals.
//
// A [Metric] is a name, the task it fits, which direction is better, its bounds and its
// Compute function on [Predictions]. [Lookup] finds it by name; names with a setting are
// written as in "sensitivity@specificity=0.95". [MeanInterval] bounds a cross-validated
// mean; [Metric.Interval], where there is one, the value on an independent test set.
//
// A result is NaN where the metric is undefined: no examples, a score that is NaN, a
// class without examples for a metric that compares classes (such as AUROC), a constant
// target for a correlation. NaN is never best. Predictions whose lengths don't fit
// together are a programmer's error and panic.
//
// Results are the same bits on every processor. Those that count and rank don't depend
// on the order of the examples either; sums of errors do, in their last bits.
package metric
