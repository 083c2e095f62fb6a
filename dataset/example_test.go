package dataset_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"medml/dataset"
)

func Example() {
	config := dataset.Config{Source: "builtin:wdbc", Shape: []int{10, 3}}
	d, err := dataset.Open(config, dataset.Classification, ".")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.Len(), "examples of shape", d.Shape, "and classes", d.Classes)

	splits, err := d.Split(config.Split, rand.New(rand.NewPCG(11, 0)))
	if err != nil {
		log.Fatal(err)
	}
	fold := splits.Folds[0]
	fmt.Println(len(splits.Test), "locked away;", len(splits.Folds), "folds, the first of", len(fold.Train), "and", len(fold.Valid))

	p, err := d.Prepare(config.Preprocess, fold.Train)
	if err != nil {
		log.Fatal(err)
	}
	train := p.Matrix(fold.Train)
	fmt.Println(train.Len(), "rows of", train.Width)
	// Output:
	// 569 examples of shape [10 3] and classes [benign malignant]
	// 114 locked away; 5 folds, the first of 364 and 91
	// 364 rows of 30
}
