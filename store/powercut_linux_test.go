package store_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"medml"
	"medml/store"
)

// A file system in an image holds, at any moment, what its disk would: what was written
// and not synced is in the kernel's memory alone. So a copy of the image, taken while a
// sweep on it is stopped, is the disk after a power cut. It takes root, and half a second
// a cut: only the long form does it. The control sweeps without syncs and must lose
// something, or the test couldn't see a loss.
func TestAPowerCutOfAFileSystemLosesNothing(t *testing.T) {
	if os.Getenv("MEDML_LONG") == "" || os.Geteuid() != 0 {
		t.Log("only in the long form, for root")
		return
	}
	rnd := rand.New(rand.NewPCG(51, 52))
	lost, n := 0, long(t, 0)
	for left := n; left > 0; left -= cutsOfASweep {
		t.Run("with syncs", func(t *testing.T) { lost += cutPower(t, rnd, "sweep", min(left, cutsOfASweep)) })
	}
	t.Logf("%d of %d cuts lost something", lost, n)
	if lost > 0 {
		t.Errorf("%d of %d cuts lost something", lost, n)
	}
	t.Run("without syncs", func(t *testing.T) {
		if cutPower(t, rnd, "gamble", 5) == 0 {
			t.Error("nothing was lost without syncs either: this test can't fail")
		}
	})
}

// cutsOfASweep is after how many cuts a new sweep begins: each cut reads all of it.
const cutsOfASweep = 10

// cutPower lets a child sweep on a file system of its own, cuts its power n times, and
// returns how often something was lost.
func cutPower(t *testing.T, rnd *rand.Rand, role string, n int) (lost int) {
	t.Helper()
	image := filepath.Join(memoryDir(t), "image")
	run(t, "truncate", "-s", "96M", image)
	run(t, "mkfs.ext4", "-q", "-F", image)
	dir := filepath.Join(mount(t, image), "store")
	s := open(t, dir, store.Options{})
	must(t, s.Create(study("x")), s.Close())
	c := startChild(t, role, dir)
	var mu sync.Mutex
	var said []string
	read := make(chan struct{})
	go func() {
		defer close(read)
		for line := c.line(); line != ""; line = c.line() {
			mu.Lock()
			said = append(said, line)
			mu.Unlock()
		}
	}()
	for range n {
		<-time.After(time.Duration(rnd.IntN(100)) * time.Millisecond) // a random moment
		must(t, c.Process.Signal(syscall.SIGSTOP))
		mu.Lock()
		acknowledged := said[:len(said):len(said)]
		mu.Unlock()
		disk := stillImage(t, image)
		must(t, c.Process.Signal(syscall.SIGCONT))
		if !survives(t, disk, acknowledged, role == "gamble") {
			lost++
		}
	}
	_ = c.Process.Kill()
	<-read
	t.Logf("%s: %d cuts, %d lost something; %d things were acknowledged", role, n, lost, len(said))
	return lost
}

// memoryDir is a folder in memory, where there is one, so that the disk beneath doesn't
// slow the disk above.
func memoryDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "medml")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
}

// mount mounts an image until the test ends.
func mount(t *testing.T, image string) string {
	t.Helper()
	dir := image + ".mount"
	must(t, os.Mkdir(dir, 0o700))
	run(t, "mount", "-o", "loop", image, dir)
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	return dir
}

// stillImage copies an image at a moment at which the kernel writes nothing to it.
func stillImage(t *testing.T, image string) string {
	t.Helper()
	for {
		before, err := os.ReadFile(image)
		must(t, err)
		after, err := os.ReadFile(image)
		must(t, err)
		if bytes.Equal(before, after) {
			to := filepath.Join(memoryDir(t), "image")
			must(t, os.WriteFile(to, after, 0o600))
			return to
		}
	}
}

// survives reports whether a store on a disk that lost its power has all that was
// acknowledged. What it finds wrong is an error of the test, unless it is expected.
func survives(t *testing.T, image string, said []string, expected bool) bool {
	t.Helper()
	dir := mount(t, image)
	defer func() {
		run(t, "umount", dir)
		must(t, os.RemoveAll(filepath.Dir(image)))
	}()
	if expected {
		return hasEnded(filepath.Join(dir, "store"), said)
	}
	s, err := store.Open(filepath.Join(dir, "store"), store.Options{})
	if err != nil {
		t.Error(err)
		return false
	}
	failed := t.Failed()
	checkAcknowledged(t, s, said)
	must(t, s.Close())
	verified(t, filepath.Join(dir, "store"))
	return failed || !t.Failed()
}

// hasEnded reports whether a store has the trials that were said to have ended.
func hasEnded(dir string, said []string) bool {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return false
	}
	defer s.Close()
	list, err := s.Trials("x")
	if err != nil {
		return false
	}
	ended := 0
	for _, line := range said {
		if strings.HasPrefix(line, "ended ") {
			ended++
		}
	}
	return ended <= len(list) && (ended == 0 || list[ended-1].State == medml.Complete)
}
