package dataset

import (
	"math"

	"medml/internal/nearest"
)

// Preprocess says how features are prepared. What it needs to know of the data (medians,
// means, neighbours, quantiles) it learns from the training part alone.
type Preprocess struct {
	// Impute fills missing values: with the median, mean or mode (the most frequent value)
	// of the feature, by knn (the mean of the nearest examples that have the feature), with
	// a constant, or not at all: none makes a missing value an error. "" is median. A
	// missing word becomes the most frequent one under median and mode, and under constant
	// none.
	Impute string `yaml:"impute" json:"impute"`
	// Neighbours is how many examples knn takes; 0 is 5.
	Neighbours int `yaml:"neighbours" json:"neighbours,omitempty"`
	// Fill is the constant.
	Fill float64 `yaml:"fill" json:"fill,omitzero"`
	// Indicator adds a feature "column=NA" to each column in which the file lacks a value:
	// 1 where it is missing and else 0. It is prepared as every feature is.
	Indicator bool `yaml:"indicator" json:"indicator,omitempty"`
	// Scale is standard (zero mean, unit variance), minmax (from 0 to 1), robust (median
	// and interquartile range), quantile (the share of the training part that lies below:
	// from 0 to 1, evenly), quantile-normal (that, as a standard normal's quantile) or none;
	// "" is standard. A feature that doesn't vary in the training part becomes 0 under all
	// but none. A feature of two values is scaled by standard instead of a quantile.
	Scale string `yaml:"scale" json:"scale"`
	// Covariates is how those that stand beside images, signals and molecules are scaled, one
	// of the same; "" is as Scale says.
	Covariates string `yaml:"covariates" json:"covariates,omitempty"`
}

const defaultNeighbours = 5

func (c Preprocess) resolved() Preprocess {
	if c.Impute == "" {
		c.Impute = "median"
	}
	if c.Impute == "knn" && c.Neighbours == 0 {
		c.Neighbours = defaultNeighbours
	}
	if c.Scale == "" {
		c.Scale = "standard"
	}
	return c
}

func (c Preprocess) validate(found *mistakes) {
	if _, ok := imputers[c.Impute]; !ok {
		found.add("preprocess.impute", "unknown imputation %q%s", c.Impute, nearest.Hint(c.Impute, names(imputers)))
	}
	if _, ok := scalers[c.Scale]; !ok {
		found.add("preprocess.scale", "unknown scaling %q%s", c.Scale, nearest.Hint(c.Scale, names(scalers)))
	}
	if _, ok := scalers[c.Covariates]; !ok && c.Covariates != "" {
		found.add("preprocess.covariates", "unknown scaling %q%s", c.Covariates, nearest.Hint(c.Covariates, names(scalers)))
	}
	switch {
	case c.Impute != "knn" && c.Neighbours != 0:
		found.add("preprocess.neighbours", "only knn has neighbours, and impute is %s", c.Impute)
	case c.Neighbours < 0 || c.Neighbours > mostNeighbours:
		found.add("preprocess.neighbours", "%d: expected 1 to %d", c.Neighbours, mostNeighbours)
	}
	switch {
	case c.Impute != "constant" && c.Fill != 0:
		found.add("preprocess.fill", "only constant has a value to fill in, and impute is %s", c.Impute)
	case !(math.Abs(c.Fill) <= math.MaxFloat32):
		found.add("preprocess.fill", "expected a number below 3.4e38 in size")
	}
	if c.Impute == "none" && c.Indicator {
		found.add("preprocess.indicator", "impute is none: no value may be missing")
	}
}

// forMedia returns an error where images, signals and volumes can't be prepared as c says.
func (c Preprocess) forMedia() error {
	switch {
	case c.Impute == "knn" || c.Impute == "mode":
		return &FieldError{"preprocess.impute", c.Impute + " is for tables: expected median, mean, constant or none"}
	case c.Scale == "quantile" || c.Scale == "quantile-normal":
		return &FieldError{"preprocess.scale", c.Scale + " is for tables: expected standard, minmax, robust or none"}
	case c.Indicator:
		return &FieldError{"preprocess.indicator", "is for tables"}
	}
	return nil
}
