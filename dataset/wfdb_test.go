package dataset

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func readTestRecord(t testing.TB, o *origin, name string) (*wfdbHeader, [][]float64) {
	t.Helper()
	f, err := o.open(name + ".hea")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := readWFDBHeader(name+".hea", f, fileLimits)
	if err != nil {
		t.Fatal(err)
	}
	x, err := readWFDBSignals(o, ".", h, fileLimits)
	if err != nil {
		t.Fatal(err)
	}
	return h, x
}

func TestEachFormatIsReadAsWFDBReadsIt(t *testing.T) {
	facts := readSignalFacts(t)
	o := openTestOrigin(t, filepath.Join("testdata", "signals"))
	for _, format := range []string{"f16", "f24", "f32", "f61", "f80", "f160", "f212"} {
		h, x := readTestRecord(t, o, format)
		want := facts.Records[format]
		if want == nil || h.signals[0].name != "first lead" || h.rate != 250 {
			t.Fatalf("%s: %+v", format, h)
		}
		for c := range x {
			for i, v := range x[c] {
				if v != want[i][c] {
					t.Fatalf("%s: sample %d of channel %d is %v, want %v", format, i, c, v, want[i][c])
				}
			}
		}
	}
}

func TestAnnotationsAreReadAsWFDBReadsThem(t *testing.T) {
	facts := readSignalFacts(t)
	read := func(name string) []wfdbNote {
		t.Helper()
		b, err := os.ReadFile(filepath.Join("testdata", "signals", name))
		if err != nil {
			t.Fatal(err)
		}
		notes, err := parseWFDBNotes(name, b, 250)
		if err != nil {
			t.Fatal(err)
		}
		return notes
	}
	want := []wfdbNote{{1, "+", "(N"}, {2, "N", ""}, {5, "V", ""}, {20, "A", "an odd"}, {26, "~", ""}}
	if got := read("f16.atr"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	far := read("far.atr")
	if len(far) != 4 || far[2].aux != "pair" {
		t.Fatalf("got %v", far)
	}
	for i, n := range far {
		if n.at != facts.Far[i] || n.symbol != []string{"N", "/", "F", "Q"}[i] {
			t.Errorf("annotation %d is %v, want one at %d", i, n, facts.Far[i])
		}
	}
}

func TestTheMITBIHRecordsAreReadAsWFDBReadsThem(t *testing.T) {
	facts := readSignalFacts(t)
	o := openTestOrigin(t, mitdbFolder(t))
	for name, want := range facts.Mitdb {
		h, x := readTestRecord(t, o, name)
		for c, s := range h.signals {
			sum, squares := 0.0, 0.0
			for _, v := range x[c] {
				sum += v
				squares += v * v
			}
			if s.name != want.Channels[c] || math.Abs(sum-want.Sums[c]) > 1e-6 || math.Abs(squares-want.Squares[c]) > 1e-6 || x[c][649999] != want.Last[c] {
				t.Errorf("%s: %s sums to %v and %v, want %v and %v", name, s.name, sum, squares, want.Sums[c], want.Squares[c])
			}
		}
		b, err := o.bytes(name + ".atr")
		if err != nil {
			t.Fatal(err)
		}
		notes, err := parseWFDBNotes(name, b, h.rate)
		if err != nil {
			t.Fatal(err)
		}
		symbols, rhythms, samples := map[string]int{}, map[string]int{}, 0
		for _, n := range notes {
			symbols[n.symbol]++
			samples += n.at
			if strings.HasPrefix(n.aux, "(") {
				rhythms[n.aux]++
			}
		}
		for s, n := range want.Symbols {
			if symbols[s] != n {
				t.Errorf("%s: %d of %s, want %d", name, symbols[s], s, n)
			}
		}
		for s, n := range want.Rhythms {
			if rhythms[s] != n {
				t.Errorf("%s: %d of %s, want %d", name, rhythms[s], s, n)
			}
		}
		if len(notes) != want.Notes || samples != want.Samples {
			t.Errorf("%s: %d annotations, want %d", name, len(notes), want.Notes)
		}
	}
}

// TestScipysECGIsRecord208 finds the five minutes that scipy ships, a compressed array of
// raw samples, in the record that they were taken from.
func TestScipysECGIsRecord208(t *testing.T) {
	facts := readSignalFacts(t).Ecg
	h, x := readTestRecord(t, openTestOrigin(t, mitdbFolder(t)), "208")
	raw := make([]int, len(x[0]))
	for i, v := range x[0] {
		raw[i] = int(math.Round(v*h.signals[0].gain)) + h.signals[0].baseline
	}
	for start := 0; start+facts.Length <= len(raw); start++ {
		if !slices.Equal(raw[start:start+5], facts.First) {
			continue
		}
		sum, squares := 0, 0
		for _, v := range raw[start : start+facts.Length] {
			sum += v
			squares += v * v
		}
		if sum == facts.Sum && squares == facts.Squares {
			return
		}
	}
	t.Error("scipy's five minutes aren't in the record")
}

func mitdbFolder(t testing.TB) string { return DataFolder(t, "mitdb") }

// TestACutOrChangedRecordIsRefused cuts each file of a record at every byte, and changes
// each byte of the samples.
func TestACutOrChangedRecordIsRefused(t *testing.T) {
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", "signals", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	dat, atr := read("f212.dat"), read("f16.atr")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "f212.hea"), read("f212.hea"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := func(b []byte) error {
		if err := os.WriteFile(filepath.Join(folder, "f212.dat"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		o := openTestOrigin(t, folder)
		h, err := readWFDBHeader("f212.hea", bytes.NewReader(read("f212.hea")), fileLimits)
		if err != nil {
			t.Fatal(err)
		}
		_, err = readWFDBSignals(o, ".", h, fileLimits)
		return err
	}
	if err := refused(dat); err != nil {
		t.Fatal(err)
	}
	for i := range dat {
		if refused(dat[:i]) == nil {
			t.Errorf("cut at byte %d it is read", i)
		}
		changed := slices.Clone(dat)
		changed[i] ^= 1 << (i % 8)
		if refused(changed) == nil {
			t.Errorf("with byte %d changed it is read", i)
		}
	}
	for i := range atr {
		if notes, err := parseWFDBNotes("f16.atr", atr[:i], 250); err == nil {
			t.Errorf("annotations cut at byte %d are read: %v", i, notes)
		}
	}
}

func FuzzWFDBHeader(f *testing.F) {
	for _, name := range []string{"f16.hea", "f212.hea", "f80.hea"} {
		b, err := os.ReadFile(filepath.Join("testdata", "signals", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("100/3 2 360\n"))
	f.Add([]byte("100 1 0.001/2(3) 5 10:00:00 1/2/1990\n100.dat 16x2:5+24 200(0)/mV 11 0 1 2 0 MLII\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readWFDBHeader("x.hea", bytes.NewReader(b), fileLimits)
		if err != nil {
			if s := err.Error(); strings.ContainsAny(s, "\n\x1b") || len(s) > 400 {
				t.Fatalf("not one short line: %q", s)
			}
			return
		}
		if (len(h.signals) == 0) == (len(h.segments) == 0) || h.rate <= 0 || h.samples < 0 {
			t.Fatalf("%+v", h)
		}
		for _, s := range h.segments {
			if s.samples < 0 || strings.ContainsAny(s.record, "/\\.") {
				t.Fatalf("%+v", s)
			}
		}
		for _, s := range h.signals {
			if s.gain <= 0 || s.skew < 0 || wfdbFormats[s.format].decode == nil && s.file != wfdbNoFile || strings.ContainsAny(s.file, "/\\") {
				t.Fatalf("%+v", s)
			}
		}
	})
}

func FuzzWFDBAnnotations(f *testing.F) {
	for _, name := range []string{"f16.atr", "far.atr"} {
		b, err := os.ReadFile(filepath.Join("testdata", "signals", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		notes, err := parseWFDBNotes("x.atr", b, 360)
		if err != nil {
			return
		}
		for i, n := range notes {
			if n.at < 0 || i > 0 && n.at < notes[i-1].at {
				t.Fatalf("annotation %d stands at %d", i, n.at)
			}
		}
	})
}
