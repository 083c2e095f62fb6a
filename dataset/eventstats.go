package dataset

// statisticNames are the columns of a variable in the order of the default.
var statisticNames = []string{"count", "first", "last", "mean", "std", "min", "max", "sum", "slope", "since"}
