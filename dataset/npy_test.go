package dataset

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestArraysOfEachTypeAreWhatNumPyWrote(t *testing.T) {
	data, err := os.ReadFile("testdata/numpy/types.npz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := openNpz("types.npz", data, fileLimits)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/numpy/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Arrays map[string]struct {
			Shape []int
			Cells []string
		}
	}
	if err := json.Unmarshal(text, &facts); err != nil || len(facts.Arrays) != len(z.members) {
		t.Fatalf("%d arrays, %d facts: %v", len(z.members), len(facts.Arrays), err)
	}
	for name, want := range facts.Arrays {
		a, err := z.array("X", name)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.shape, want.Shape) {
			t.Errorf("%s: shape %v, want %v", name, a.shape, want.Shape)
		}
		for i, cell := range want.Cells {
			got := a.cell(i)
			if x, err := strconv.ParseFloat(cell, 64); err == nil {
				if y, err := strconv.ParseFloat(got, 64); err != nil || x != y || a.number(i) != x {
					t.Errorf("%s[%d]: %s, want %s", name, i, got, cell)
				}
			} else if got != cell {
				t.Errorf("%s[%d]: %q, want %q", name, i, got, cell)
			}
		}
	}
}

// An array that promises much and brings little costs little.
func TestAPromiseIsNotAllocated(t *testing.T) {
	header := "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,), }"
	file := "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header + "short"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readNpy("x.npy", strings.NewReader(file), fileLimits)
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("%d bytes for %v", after.TotalAlloc-before.TotalAlloc, err)
	}
}

func FuzzNpy(f *testing.F) {
	data, err := os.ReadFile("testdata/numpy/types.npz")
	if err != nil {
		f.Fatal(err)
	}
	z, err := openNpz("types.npz", data, fileLimits)
	if err != nil {
		f.Fatal(err)
	}
	for _, member := range z.members {
		r, err := member.Open()
		if err != nil {
			f.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()-1])
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := readNpy("x.npy", bytes.NewReader(file), fileLimits)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("not one line of error: %q", err)
			}
			return
		}
		count, err := a.count("x.npy", fileLimits)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		for i := range min(count, 1000) {
			a.cell(i)
			if !a.isWords() {
				a.number(i)
			}
			seen[a.place(i)] = true
		}
		if len(seen) != min(count, 1000) {
			t.Fatalf("%d elements in %d places", count, len(seen))
		}
	})
}
