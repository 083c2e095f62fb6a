//go:build unix

package store_test

import (
	"cmp"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// limitKey says, in the environment of a child, how many bytes a file may have.
const limitKey = "MEDML_STORE_LIMIT"

// fillDisk sweeps on a disk that takes no more than some kilobytes a file.
func fillDisk(dir string) error {
	n, err := strconv.Atoi(cmp.Or(os.Getenv(limitKey), "67108864"))
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: uint64(n), Max: uint64(n)}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	return sweepForever(dir)
}

// The disk takes no page behind one after the other. The process ends with one line, and
// whoever comes when there is room goes on.
func TestAFullDiskIsOneLineAndLosesNothing(t *testing.T) {
	var dir string
	for i := range long(t, 20) {
		if i%aSweep == 0 {
			dir = t.TempDir()
			newSweep(t, dir)
		}
		t.Setenv(limitKey, strconv.Itoa((5+i%aSweep)*4096))
		said := fill(t, startChild(t, "fill", dir))
		checkSweep(t, dir, said)
	}
}

// fill lets a child fill the disk and returns what it was acknowledged until then.
func fill(t *testing.T, c *child) []string {
	t.Helper()
	var said []string
	for line := c.line(); line != ""; line = c.line() {
		said = append(said, line)
	}
	if len(said) == 0 {
		t.Fatal("the child said nothing")
	}
	last := said[len(said)-1]
	if !strings.HasPrefix(last, `error: study "x": `) && !strings.HasPrefix(last, "error: recording study \"x\"") &&
		!strings.HasPrefix(last, "error: beginning study \"x\"") {
		t.Errorf("it ended with %q", last)
	}
	if !strings.Contains(last, "is full: ") && !strings.HasSuffix(last, "medml.db: file too large") {
		t.Errorf("it doesn't say that the disk is full: %q", last)
	}
	return said[:len(said)-1]
}
