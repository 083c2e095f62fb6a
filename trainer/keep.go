package trainer

import "medml/metric"

// Metric returns the objective's.
func (t *Trainer) Metric() metric.Metric { return t.config.Metric }

// Keeping returns a trainer of the same folds and settings whose results hold artifacts. It
// trains to the same bits.
func (t *Trainer) Keeping() *Trainer {
	kept := &Trainer{
		config: t.config, folds: t.folds, shape: t.shape, features: t.features, beside: t.beside, names: t.names,
		classes: t.classes, memory: t.memory, digest: t.digest,
	}
	kept.config.Keep = true
	return kept
}
