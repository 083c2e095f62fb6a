package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The disk is really full, at one page after the other, for the store and the files beside
// it. Only root can make such a disk; others learn nothing here.
func TestAFullFileSystemIsOneLineAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	size := func(flags uintptr, kib int) error {
		return syscall.Mount("tmpfs", dir, "tmpfs", flags, fmt.Sprintf("size=%dk,mode=0700", kib))
	}
	if err := size(0, 1<<16); err != nil {
		t.Logf("a file system of its own: %v", err)
		return
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	var sweep string
	for i := range long(t, 8) {
		if i%aSweep == 0 {
			must(t, os.RemoveAll(sweep))
			sweep = filepath.Join(dir, fmt.Sprint(i))
			newSweep(t, sweep)
		}
		var usage syscall.Statfs_t
		must(t, syscall.Statfs(dir, &usage))
		used := int(usage.Blocks-usage.Bfree) * int(usage.Bsize) / 1024
		must(t, size(syscall.MS_REMOUNT, used+4*(2+i%12)))
		said := fill(t, startChild(t, "fill", sweep))
		must(t, size(syscall.MS_REMOUNT, 1<<16))
		checkSweep(t, sweep, said)
	}
}
