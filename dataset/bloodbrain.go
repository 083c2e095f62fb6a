package dataset

import _ "embed" // the file is part of the binary

//go:embed builtin/bloodbrain.csv
var bloodbrainFile []byte

// bloodbrainCard describes the compounds with a known blood-brain ratio.
var bloodbrainCard = Card{
	Name:  "bloodbrain",
	Title: "Blood-brain ratios of compounds",
	Description: "208 compounds with 134 computed descriptors (charges, surfaces, shape, counts) and logBBB, the decimal logarithm of " +
		"the ratio of their concentrations in brain and blood of the rat. One row a compound.",
	Task:     Regression,
	Target:   "logBBB",
	Examples: 208,
	Features: 134,
	Source:   "data set BloodBrain of the R package caret 6.0-93 (M. Kuhn), unchanged",
	Citation: "S. R. Mente, F. Lombardo (2005): A recursive-partitioning model for blood-brain barrier permeation. " +
		"Journal of Computer-Aided Molecular Design 19, 465–481",
	DOI:     "10.1007/s10822-005-9001-7",
	Licence: "GPL 2 or later",
	Problems: []string{
		"134 descriptors for 208 compounds, many of which say the same or are nearly constant",
		"measured in rats, by different laboratories and methods: the measurements differ by about 0.3 among themselves",
		"neither names nor structures are in it: compounds of one series can't be kept on one side of a split, and results are too good for a new series",
		"the ratio counts bound drug: the free fraction in the brain may be another",
	},
	References: []Reference{
		{Name: "RBF support vector regression", Metric: "rmse", Value: 0.489, SD: 0.031, Source: bloodbrainReferenceSource},
		{Name: "random forest", Metric: "rmse", Value: 0.522, SD: 0.048, Source: bloodbrainReferenceSource},
		{Name: "ridge regression", Metric: "rmse", Value: 0.539, SD: 0.050, Source: bloodbrainReferenceSource},
	},
}

const bloodbrainReferenceSource = "scikit-learn 1.9.1 on standardised features, 5-fold cross-validation; always the mean gives 0.777"
