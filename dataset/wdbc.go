package dataset

import _ "embed" // the file is part of the binary

//go:embed builtin/wdbc.csv
var wdbcFile []byte

// wdbcCard describes the Breast Cancer Wisconsin (Diagnostic) data.
var wdbcCard = Card{
	Name:  "wdbc",
	Title: "Breast Cancer Wisconsin (Diagnostic)",
	Description: "Ten measurements of the cell nuclei in a digitised image of a fine-needle aspirate of a breast mass, " +
		"each as mean, standard error and worst (the mean of the three largest values): 30 features, one row a patient. " +
		"By measurement they make a signal of shape [10, 3].",
	Task:     Classification,
	Target:   "diagnosis",
	Positive: "malignant",
	Examples: 569,
	Features: 30,
	Classes:  []Class{{"benign", 357}, {"malignant", 212}},
	Source:   "UCI Machine Learning Repository, data set 17, as shipped in scikit-learn 1.2.1",
	Citation: "W. N. Street, W. H. Wolberg, O. L. Mangasarian (1993): Nuclear feature extraction for breast tumor diagnosis. " +
		"Biomedical Image Processing and Biomedical Visualization, SPIE 1905, 861–870",
	DOI:     "10.24432/C5DW2B",
	Licence: "CC BY 4.0",
	Problems: []string{
		"all features of a row come from one image, outlined by an operator, and many say the same: radius, perimeter and area measure one size",
		"there are no patient ids: each row is taken for a patient of its own",
		"one centre and its own way of staining, imaging and outlining; nothing says that a model carries over to another",
		"37 % are malignant: far more than among the women of a screening programme, so predictive values don't carry over",
		"age, history and what became of the patient are not in it",
		"simple models nearly separate the classes: at an AUROC of 0.995, differences in the third decimal lie within the spread of a split",
	},
	References: []Reference{
		{Name: "logistic regression", Metric: "auroc", Value: 0.9947, SD: 0.0056, Source: wdbcReferenceSource},
		{Name: "RBF SVM", Metric: "auroc", Value: 0.9951, Source: wdbcReferenceSource},
	},
}

const wdbcReferenceSource = "scikit-learn on standardised features, 5-fold cross-validation; other splits give 0.993 to 0.997"
