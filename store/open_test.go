package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medml/store"
)

func TestTheFolderAndItsFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir, store.Options{})
	begin(t, s, "x")
	for _, c := range []struct {
		path string
		want fs.FileMode
	}{{".", 0o700 | fs.ModeDir}, {"medml.db", 0o600}, {"medml.lock.json", 0o600}} {
		info, err := os.Stat(filepath.Join(dir, c.path))
		must(t, err)
		if info.Mode() != c.want {
			t.Errorf("%s has mode %v, want %v", c.path, info.Mode(), c.want)
		}
	}
	must(t, s.Close())
	files, err := os.ReadDir(dir)
	must(t, err)
	if len(files) != 1 || files[0].Name() != "medml.db" {
		t.Errorf("left behind: %v", files)
	}
}

func TestNothingIsMadeWhereAStoreMustBe(t *testing.T) {
	for name, opts := range map[string]store.Options{"for reading": {ReadOnly: true}, "for writing": {MustExist: true}} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "none")
			_, err := store.Open(dir, opts)
			want := "no store at " + dir + ": run medml sweep first, or name one with --store"
			if err == nil || err.Error() != want || !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("the folder was made")
			}
		})
	}
}

func TestAHeldStoreSaysByWhom(t *testing.T) {
	dir := t.TempDir()
	c := startChild(t, "hold", dir)
	if line := c.line(); line != "held" {
		t.Fatalf("child: %s", line)
	}
	for name, opts := range map[string]store.Options{"for reading": {ReadOnly: true}, "for writing": {}} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := store.Open(dir, opts)
			var held *store.HeldError
			if !errors.As(err, &held) || held.PID != c.Process.Pid || held.Command != "medml sweep diagnosis" {
				t.Fatalf("got %v", err)
			}
			want := fmt.Sprintf("store %s is in use by medml sweep diagnosis (process %d, since %s): wait for it, or stop it with Ctrl-C in its terminal",
				dir, c.Process.Pid, held.Since.Local().Format("15:04:05"))
			if err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("it took %v to say so", took)
			}
		})
	}
}

func TestAHolderThatLeftNoNoteIsStillSeen(t *testing.T) {
	dir := t.TempDir()
	c := startChild(t, "hold", dir)
	c.line()
	note := filepath.Join(dir, "medml.lock.json")
	for name, text := range map[string]string{
		"a note of a process that is gone": `{"pid":2147483646,"command":"medml sweep x","since":"2026-01-01T00:00:00Z"}`,
		"a note that is no note":           `{"pid":`,
		"no note":                          "",
	} {
		t.Run(name, func(t *testing.T) {
			must(t, os.WriteFile(note, []byte(text), 0o600))
			if text == "" {
				must(t, os.Remove(note))
			}
			want := "store " + dir + " is in use by another process: wait for it, or stop it"
			if _, err := store.Open(dir, store.Options{Timeout: time.Millisecond}); err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestAStoreWhoseHolderWasKilledOpens(t *testing.T) {
	dir := t.TempDir()
	c := startChild(t, "hold", dir)
	c.line()
	c.kill()
	s := open(t, dir, store.Options{Timeout: time.Minute})
	must(t, s.Create(study("x")))
}

func TestReadersShareAStoreAndKeepWritersOut(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, s.Create(study("x")), s.Close())
	reader := open(t, dir, store.Options{ReadOnly: true})
	if line := startChild(t, "read", dir).line(); line != "1 studies" {
		t.Errorf("another reader: %s", line)
	}
	var held *store.HeldError
	if _, err := store.Open(dir, store.Options{Timeout: time.Millisecond}); !errors.As(err, &held) || held.PID != 0 {
		t.Errorf("a writer beside a reader: %v", err)
	}
	if err := reader.Create(study("y")); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("a reader wrote: %v", err)
	}
}

func TestAWriterWaitsForAReaderToLetGo(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, s.Close())
	reader := open(t, dir, store.Options{ReadOnly: true})
	done := make(chan error)
	go func() {
		s, err := store.Open(dir, store.Options{Timeout: time.Minute})
		done <- errors.Join(err, s.Close())
	}()
	must(t, reader.Close(), <-done)
}

func TestAStoreOfANewerFormatIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, store.SetFormat(s, 3), s.Close())
	want := "store " + dir + " has format 3, and this medml knows formats up to 2: use a newer medml"
	for _, opts := range []store.Options{{}, {ReadOnly: true}} {
		if _, err := store.Open(dir, opts); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestAFileThatIsNoStoreIsRefusedAndKept(t *testing.T) {
	for name, content := range map[string][]byte{
		"an empty file": {},
		"a short file":  []byte("hello"),
		"zeros":         make([]byte, 1<<16),
		"text":          bytes.Repeat([]byte("patient,age\n"), 1<<12),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "medml.db")
			must(t, os.WriteFile(path, content, 0o600))
			for _, opts := range []store.Options{{}, {ReadOnly: true}} {
				_, err := store.Open(dir, opts)
				var damage *store.DamageError
				if !errors.As(err, &damage) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v", err)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestWhatCannotBeAStoreIsALine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	directory := t.TempDir()
	must(t, os.Mkdir(filepath.Join(directory, "medml.db"), 0o700))
	nowhere := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(filepath.Join(directory, "none"), nowhere))
	for _, c := range []struct{ name, dir, want string }{
		{"a file for a folder", file, "store " + file + ": not a directory"},
		{"a folder in a file", filepath.Join(file, "x"), "store " + filepath.Join(file, "x") + ": not a directory"},
		{"a folder for a file", directory, "opening store " + directory + ": is a directory"},
		{"a link to nowhere", nowhere, "making store " + nowhere + ": file exists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := store.Open(c.dir, store.Options{}); err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestALeftoverOfAKilledBeginningIsRemoved(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "medml.db.new-123")
	must(t, os.WriteFile(left, []byte("half"), 0o600))
	open(t, dir, store.Options{})
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
}

func TestClosingTwiceLeavesTheNextHolderItsNote(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, s.Close())
	open(t, dir, store.Options{})
	must(t, s.Close())
	if _, err := os.Stat(filepath.Join(dir, "medml.lock.json")); err != nil {
		t.Error(err)
	}
}
