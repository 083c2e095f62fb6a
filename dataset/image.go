package dataset

// ImageConfig says how images and volumes are read.
type ImageConfig struct{}

func (c ImageConfig) resolved() ImageConfig { return c }

func (c ImageConfig) validate(found *mistakes) {}
