package trainer

// Keeping returns a trainer of the same folds and settings whose results hold artifacts. It
// trains to the same bits.
func (t *Trainer) Keeping() *Trainer {
	kept := *t
	kept.config.Keep = true
	return &kept
}
