package dataset

import _ "embed" // the file is part of the binary

//go:embed builtin/pima.csv
var pimaFile []byte

// pimaCard describes the Pima Indians Diabetes data.
var pimaCard = Card{
	Name:  "pima",
	Title: "Pima Indians Diabetes",
	Description: "Eight measurements of women of Pima heritage, 21 years and older, near Phoenix, Arizona, " +
		"and whether diabetes by the criteria of the WHO was found in them within five years. One row a woman.",
	Task:     Classification,
	Target:   "diabetes",
	Positive: "pos",
	Examples: 768,
	Features: 8,
	Classes:  []Class{{"neg", 500}, {"pos", 268}},
	Source:   "National Institute of Diabetes and Digestive and Kidney Diseases, UCI Machine Learning Repository, as PimaIndiansDiabetes2 of the R package mlbench 2.1-3",
	Citation: "J. W. Smith, J. E. Everhart, W. C. Dickson, W. C. Knowler, R. S. Johannes (1988): Using the ADAP learning algorithm " +
		"to forecast the onset of diabetes mellitus. Symposium on Computer Applications in Medical Care, 261–265",
	Licence: "CC0 1.0",
	Problems: []string{
		"the original writes a missing value as 0: in this corrected copy they are empty (glucose 5, pressure 35, triceps 227, insulin 374, mass 11), and no pregnancy stays 0",
		"insulin is missing in half of the rows, and not by chance: imputation matters, and indicators may learn who was examined",
		"women of one people with a very high rate of diabetes: nothing carries over to others, nor to men",
		"35 % are positive: predictive values don't carry over",
		"glucose is part of the definition of the disease that it predicts",
		"when and how the women were chosen and followed is told in outline only",
	},
	References: []Reference{
		{Name: "logistic regression", Metric: "auroc", Value: 0.8365, SD: 0.0293, Source: pimaReferenceSource},
		{Name: "random forest", Metric: "auroc", Value: 0.8289, SD: 0.0295, Source: pimaReferenceSource},
		{Name: "ADAP", Metric: "sensitivity and specificity", Value: 0.76, Source: "Smith et al. 1988, on 192 held-out rows with zeros taken for values"},
	},
}

const pimaReferenceSource = "scikit-learn 1.9.1 on median-imputed, standardised features, stratified 5-fold cross-validation"
