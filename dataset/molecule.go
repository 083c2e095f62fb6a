package dataset

// MoleculeConfig says how molecules are read.
type MoleculeConfig struct{}

func (c MoleculeConfig) resolved() MoleculeConfig { return c }

func (c MoleculeConfig) validate(found *mistakes) {}
