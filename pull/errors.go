package pull

import (
	"fmt"
	"net/http"
)

// NotFoundError says that the server or mirror hasn't got a file.
type NotFoundError struct{ URL string }

// Error names the address.
func (e *NotFoundError) Error() string { return fmt.Sprintf("%s: not found (404)", e.URL) }

// StatusError is an answer that isn't the file.
type StatusError struct {
	URL    string
	Status int
}

// Error names the address and the status.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: the server answers %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// ChecksumError says that a file came whole and is not the one that was published. It has
// been deleted.
type ChecksumError struct {
	URL       string
	Got, Want string
}

// Error says both checksums.
func (e *ChecksumError) Error() string {
	return fmt.Sprintf("%s: the file has %s, and %s was published; it has been deleted", e.URL, e.Got, e.Want)
}

// DiskFullError says that the disk has no room for a file. What there is of it stays, and
// the same call goes on from there.
type DiskFullError struct {
	Path string
	Have int64
}

// Error says how far it came.
func (e *DiskFullError) Error() string {
	return fmt.Sprintf("%s: the disk is full after %d bytes; with room, the same command goes on from there", e.Path, e.Have)
}

// CutError says that a connection broke again and again. What there is stays.
type CutError struct {
	URL      string
	Have     int64
	Attempts int
	Cause    error
}

// Error says how far it came and why.
func (e *CutError) Error() string {
	return fmt.Sprintf("%s: given up after %d bytes and %d attempts: %v; the same command goes on from there", e.URL, e.Have, e.Attempts, e.Cause)
}

// Unwrap returns the last attempt's error.
func (e *CutError) Unwrap() error { return e.Cause }
