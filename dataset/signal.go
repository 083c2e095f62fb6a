package dataset

// SignalConfig says how signals are read.
type SignalConfig struct{}

func (c SignalConfig) resolved() SignalConfig { return c }

func (c SignalConfig) validate(found *mistakes) {}
