package dataset

// Config says where a dataset comes from and how it is read, split and prepared: the
// `data` section of an experiment.
type Config struct {
	// Source is "builtin:NAME" or the path of a file, relative to the experiment's.
	Source string `yaml:"source" json:"source"`
	// Format is the file's format; "" guesses it from the name.
	Format string `yaml:"format" json:"format,omitempty"`
	// Target is the column to predict.
	Target string `yaml:"target" json:"target"`
	// Positive is the value of Target that counts as the disease in a two-class task; ""
	// takes the second in the order of the alphabet.
	Positive string `yaml:"positive" json:"positive,omitempty"`
	// Group is the column that names the patient. Rows of one patient stay on one side of
	// every split. "" takes each row for a patient of its own.
	Group string `yaml:"group" json:"group,omitempty"`
	// Features are the columns to learn from, in this order; none takes all that are
	// neither Target nor Group.
	Features []string `yaml:"features" json:"features,omitempty"`
	// Shape gives the features of a row a shape, row-major: [10, 3] is a signal of 10 steps
	// and 3 channels. None leaves them a vector.
	Shape []int `yaml:"shape" json:"shape,omitempty"`
	// Digest, if given, is the "sha256:…" that the source must have.
	Digest     string      `yaml:"digest" json:"digest,omitempty"`
	Split      SplitConfig `yaml:"split" json:"split"`
	Preprocess Preprocess  `yaml:"preprocess" json:"preprocess"`
}

// SplitConfig says how the examples are divided.
type SplitConfig struct {
	// Kind is holdout, stratified-holdout, group-holdout, kfold, stratified-kfold,
	// group-kfold or stratified-group-kfold; "" is stratified-kfold for a classification
	// and kfold for a regression, grouped where there is a Group.
	Kind string `yaml:"kind" json:"kind"`
	// Folds is the number of folds of a k-fold split; 0 is 5.
	Folds int `yaml:"folds" json:"folds,omitempty"`
	// Valid is the share of the development part that a hold-out split validates on; 0 is
	// 0.2.
	Valid float64 `yaml:"valid" json:"valid,omitempty"`
	// Test is the share that is locked away before anything else; 0 is 0.2.
	Test float64 `yaml:"test" json:"test"`
	// Seed draws the split. Two studies with one seed split alike.
	Seed uint64 `yaml:"seed" json:"seed"`
}

// Preprocess says how features are prepared. What it needs to know of the data (medians,
// means) it learns from the training part alone.
type Preprocess struct {
	// Impute fills missing values: median, mean, or none, which makes a missing value an
	// error; "" is median.
	Impute string `yaml:"impute" json:"impute"`
	// Scale is standard (zero mean, unit variance), minmax, robust (median and
	// interquartile range) or none; "" is standard.
	Scale string `yaml:"scale" json:"scale"`
}
