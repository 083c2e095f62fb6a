//go:build unix

package store_test

import (
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"medml/store"
)

// fillDisk sweeps on a disk that takes no more than some kilobytes a file.
func fillDisk(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 256 << 10, Max: 256 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	return sweepForever(dir)
}

func TestAFullDiskIsOneLineAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, s.Create(study("x")), s.Close())
	c := startChild(t, "fill", dir)
	var said []string
	for line := c.line(); line != ""; line = c.line() {
		said = append(said, line)
	}
	last := said[len(said)-1]
	if !strings.HasPrefix(last, `error: study "x": `) && !strings.HasPrefix(last, `error: recording study "x"`) {
		t.Errorf("it ended with %q", last)
	}
	s = open(t, dir, store.Options{Timeout: time.Minute})
	checkAcknowledged(t, trials(t, s, "x"), said[:len(said)-1])
	must(t, s.Close())
	verified(t, dir)
}
