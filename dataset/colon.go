package dataset

import _ "embed" // the file is part of the binary

//go:embed builtin/colon.csv
var colonFile []byte

// colonCard describes the trial of adjuvant chemotherapy for colon cancer.
var colonCard = Card{
	Name:  "colon",
	Title: "Adjuvant chemotherapy for colon cancer (Intergroup trial 0035)",
	Description: "A randomised trial of levamisole, levamisole with fluorouracil, or observation (rx) after the resection of a colon " +
		"cancer of stage B or C: 929 patients with two rows each, etype 1 for recurrence and 2 for death; status is 1 where that " +
		"happened, and time its day, or the last day of being seen.",
	Task:     Classification,
	Target:   "status",
	Positive: "1",
	Group:    "id",
	Examples: 1858,
	Features: 16,
	Classes:  []Class{{"0", 938}, {"1", 920}},
	Source:   "data set colon of the R package survival 3.5-3 (T. M. Therneau), the final data of the trial, unchanged",
	Citation: "C. G. Moertel et al. (1990): Levamisole and fluorouracil for adjuvant therapy of resected colon carcinoma. " +
		"New England Journal of Medicine 322, 352–358",
	DOI:     "10.1056/NEJM199002083220602",
	Licence: "LGPL 2 or later",
	Problems: []string{
		"each patient has two rows, for recurrence and for death: id groups them, or a patient stands on both sides of a split",
		"time says nearly all of status and isn't known beforehand: take it out of the features (columns.ignore: [time, study])",
		"status 0 is censored: not known to have happened, after follow-ups of different length, and not known not to happen",
		"study is 1 throughout, and node4 follows from nodes: more than four positive nodes",
		"nodes is missing in 18 patients and differ in 23; node4 is known for all",
		"patients of a trial of the 1980s, before today's staging and treatment",
	},
	References: []Reference{
		{Name: "levamisole with fluorouracil against observation, stage C, recurrence", Metric: "reduction of the rate", Value: 0.41, Source: "Moertel et al. 1990"},
		{Name: "levamisole with fluorouracil against observation, stage C, death", Metric: "reduction of the rate", Value: 0.33, Source: "Moertel et al. 1990"},
	},
}
