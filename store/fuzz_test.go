package store_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/store"
)

// FuzzRecord feeds any bytes to the readers of records. What a reader takes as legal is
// written again as the same bytes: there is one way to write a record.
func FuzzRecord(f *testing.F) {
	s := open(f, f.TempDir(), store.Options{})
	r := begin(f, s, "x")
	record(f, r, medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: complete(0)}, medml.TrialStarted{Trial: running(1)})
	record(f, r, live(1, 0)...)
	must(f, r.Close())
	records, err := store.Records(s)
	must(f, err)
	kinds := slices.Sorted(maps.Keys(store.Decoders))
	for _, path := range slices.Sorted(maps.Keys(records)) {
		for kind := range kinds {
			f.Add(byte(kind), records[path][:len(records[path])-4])
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
