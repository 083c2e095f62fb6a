//go:build race

package store_test

// underRace says that the race detector slows everything down.
const underRace = true
