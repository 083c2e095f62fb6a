//go:build race

package experiments

// raceDetector is on: the largest data sets would take minutes to read.
const raceDetector = true
