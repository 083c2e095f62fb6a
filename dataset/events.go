package dataset

// EventsConfig says how tables of events become examples.
type EventsConfig struct{}

func (c EventsConfig) resolved() EventsConfig { return c }

func (c EventsConfig) validate(found *mistakes) {}
