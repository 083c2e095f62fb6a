//go:build !unix

package store_test

import "errors"

// fillDisk needs a limit on the size of files.
func fillDisk(string) error { return errors.ErrUnsupported }
