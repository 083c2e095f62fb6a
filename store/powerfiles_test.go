package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"medml/store"
)

// moment is a step in the life of the files beside a store, and the store's file by then.
type moment struct {
	store.Step
	db string
}

// names are what a disk holds of a folder: the durable names with their content, and what
// was done to them since the folder was last synced, of which a power cut leaves any part.
type names struct {
	durable map[string][]byte
	content map[string][]byte // of every file ever written
	since   []store.Step
}

// done follows a step that returned.
func (n *names) done(s store.Step) {
	switch s.Op {
	case "write":
		n.content[s.Path] = s.Data
		n.since = append(n.since, s)
	case "rename":
		n.content[s.To] = n.content[s.Path]
		n.since = append(n.since, s)
	case "remove":
		n.since = append(n.since, s)
	case "syncDir":
		n.since = slices.DeleteFunc(n.since, func(e store.Step) bool {
			inside := filepath.Dir(e.Path) == s.Path
			if inside {
				n.apply(n.durable, e)
			}
			return inside
		})
	}
}

func (n *names) apply(files map[string][]byte, s store.Step) {
	switch s.Op {
	case "write":
		files[s.Path] = n.content[s.Path]
	case "rename":
		delete(files, s.Path)
		files[s.To] = n.content[s.To]
	case "remove":
		delete(files, s.Path)
	}
}

// cut returns the files after a power cut during a step.
func (n *names) cut(rnd *rand.Rand, during store.Step) map[string][]byte {
	files := maps.Clone(n.durable)
	for _, s := range n.since {
		if rnd.IntN(2) == 0 {
			n.apply(files, s)
		}
	}
	if during.Op == "write" && rnd.IntN(2) == 0 {
		torn := slices.Clone(during.Data)
		clear(torn[rnd.IntN(len(torn)):])
		files[during.Path] = torn[:rnd.IntN(len(torn)+1)]
	}
	return files
}

// Whenever the power goes, each record's file is there and whole: it was durable before
// the record, and stays until no record refers to it.
func TestAPowerCutBetweenFilesAndRecordsLosesNeither(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "medml.db")
	s := store.SkipSync(open(t, dir, store.Options{}))
	var mu sync.Mutex
	var life []moment
	see := func(step store.Step) error {
		file, err := os.ReadFile(db)
		mu.Lock()
		defer mu.Unlock()
		life = append(life, moment{step, string(file)})
		return err
	}
	store.Watch(s, see)
	lived(t, s, 5, func() { must(t, see(store.Step{Op: "commit"})) })
	must(t, s.Close())

	disk := names{durable: map[string][]byte{}, content: map[string][]byte{}}
	want := map[string]string{} // what the store holds, by its file
	all := map[string][]byte{}
	for _, m := range life {
		if m.Op == "write" {
			all[filepath.Join(filepath.Dir(m.Path), sumOf(string(m.Data)))] = m.Data
		}
	}
	rnd := rand.New(rand.NewPCG(31, 32))
	rounds := max(1, long(t, 200)/200) // each makes two cuts a step
	cuts := 0
	for _, m := range life {
		if _, known := want[m.db]; !known {
			want[m.db] = onDisk(t, dir, m.db, all)
			if strings.HasPrefix(want[m.db], "error") {
				t.Fatalf("with all files there is %s", want[m.db])
			}
		}
		cut := func(when string, during store.Step) {
			cuts++
			if got := onDisk(t, dir, m.db, disk.cut(rnd, during)); got != want[m.db] {
				t.Errorf("cut %s %s %s: %.300s", when, m.Op, m.Path, got)
			}
		}
		for range rounds {
			cut("during", m.Step)
		}
		disk.done(m.Step)
		for range rounds {
			cut("after", store.Step{})
		}
	}
	t.Logf("%d cuts in %d steps", cuts, len(life))
}

// onDisk returns what a store holds whose disk has these files; they are named as those
// of the store in dir.
func onDisk(t *testing.T, dir, db string, files map[string][]byte) string {
	t.Helper()
	at, err := os.MkdirTemp(t.TempDir(), "")
	must(t, err, os.WriteFile(filepath.Join(at, "medml.db"), []byte(db), 0o600))
	for path, content := range files {
		rel, err := filepath.Rel(dir, path)
		must(t, err)
		to := filepath.Join(at, rel)
		must(t, os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, content, 0o600))
	}
	got, err := everything(at)
	must(t, os.RemoveAll(at))
	if err != nil {
		return fmt.Sprintf("error: %v", strings.ReplaceAll(err.Error(), at, dir))
	}
	return got
}
