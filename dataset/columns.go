package dataset

// ColumnsConfig says how the columns of a table are read.
type ColumnsConfig struct{}

func (c ColumnsConfig) resolved() ColumnsConfig { return c }

func (c ColumnsConfig) validate(found *mistakes) {}
