//go:build !unix

package main

import (
	"errors"
	"time"
)

// processTime would return how long processors have worked for this process.
func processTime() (time.Duration, error) {
	return 0, errors.New("this system doesn't tell the processor time")
}
