package store_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/store"
)

// FuzzRecord feeds any bytes to the readers of records. What a reader takes as legal is
// written again as the same bytes: there is one way to write a record.
func FuzzRecord(f *testing.F) {
	var seeds [][]byte
	dir := f.TempDir()
	for name, path := range map[string]string{"1": format1Path, "2": goldenPath} {
		at := filepath.Join(dir, name)
		file, err := os.ReadFile(path)
		must(f, err, os.Mkdir(at, 0o700), os.WriteFile(filepath.Join(at, "medml.db"), file, 0o600))
		s := open(f, at, store.Options{ReadOnly: true})
		records, err := store.Records(s)
		must(f, err)
		for _, path := range slices.Sorted(maps.Keys(records)) {
			seeds = append(seeds, records[path][:len(records[path])-4])
		}
	}
	kinds := slices.Sorted(maps.Keys(store.Decoders))
	for _, seed := range seeds {
		for kind := range kinds {
			f.Add(byte(kind), seed)
		}
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		name := kinds[int(kind)%len(kinds)]
		again, err := store.Decoders[name](b)
		if err == nil && !bytes.Equal(again, b) {
			t.Errorf("%s %x was written again as %x", name, b, again)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// FuzzPages lets any file be walked.
func FuzzPages(f *testing.F) {
	whole := goldenFile(f)
	f.Add(whole)
	f.Add(whole[:8192])
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, p := range store.Walk(file) {
			if p.Where == "" || p.What == "" {
				t.Errorf("a problem without a name: %+v", p)
			}
		}
	})
}
