package dataset_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

func TestBeatsOfTheMITBIHDatabase(t *testing.T) {
	folder := dataset.DataFolder(t, "mitdb")
	c := dataset.Config{
		Source: ".", Format: "wfdb", Subgroups: []dataset.Subgroup{{Column: "sex"}, {Column: "age", Cuts: []float64{65}}, {Column: "record"}},
		Signal: dataset.SignalConfig{Channels: []string{"MLII"}, RR: true, Rate: 125},
	}
	d, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	// 0.25 and 0.5 s at 125 Hz are 31 and 63 samples; with the 5 RR channels.
	if !slices.Equal(d.Shape, []int{94, 6}) || !slices.Equal(d.Classes, []string{"F", "N", "S", "V"}) {
		t.Fatalf("%d examples of %v, classes %v", d.Len(), d.Shape, d.Classes)
	}
	// What EC57 makes of the annotations of the 22 records that de Chazal et al. 2004 call DS1.
	if n := d.Counts(allOf(d)); n[0] != 415 || n[2] != 944 || n[3] != 3788 || n[1] != 45866 {
		t.Errorf("%v examples of %v", n, d.Classes)
	}
	patients := slices.Max(d.Groups) + 1
	if patients != 22 { // 201 stands here without 202
		t.Errorf("%d patients, want 22", patients)
	}
	record, _ := d.Attribute("record")
	age, _ := d.Attribute("age")
	if record.Numbers[0] != 101 || age.Numbers[0] != 75 {
		t.Errorf("the first beat is of record %v, age %v", record.Numbers[0], age.Numbers[0])
	}
	// The R wave stands at sample 31 of nearly every beat: nothing is above it there.
	high := 0
	for i := range 1000 {
		x := d.Media(i)
		at := 0
		for s := range 94 {
			if x[s*6] > x[at*6] {
				at = s
			}
		}
		if at >= 29 && at <= 33 {
			high++
		}
	}
	if high < 950 {
		t.Errorf("%d of 1000 beats have their peak in the place", high)
	}
}

// signalFiles are the named fixtures of testdata/signals.
func signalFiles(t testing.TB, names ...string) files {
	t.Helper()
	f := files{}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join("testdata", "signals", name))
		if err != nil {
			t.Fatal(err)
		}
		f[name] = string(b)
	}
	return f
}

// beatRecord is a record of one signal of 16 bits that counts up, 100 a second, with beats.
func beatRecord(name string, beats string, at ...int) files {
	const n = 1000
	var dat, atr strings.Builder
	sum := 0
	for i := range n {
		dat.WriteString(string([]byte{byte(i), byte(i >> 8)}))
		sum += i
	}
	codes := map[rune]int{'N': 1, 'V': 5, 'A': 8, '/': 12, 'F': 6, '~': 14}
	last := 0
	for k, symbol := range beats {
		word := codes[symbol]<<10 | (at[k] - last)
		atr.WriteString(string([]byte{byte(word), byte(word >> 8)}))
		last = at[k]
	}
	atr.WriteString("\x00\x00")
	return files{
		name + ".hea": fmt.Sprintf("%s 1 100 %d\n%s.dat 16 1(0)/mV 16 0 0 %d 0 II\n# 50 F\n", name, n, name, int(int16(uint16(sum)))),
		name + ".dat": dat.String(), name + ".atr": atr.String(),
	}
}

func join(all ...files) files {
	f := files{}
	for _, one := range all {
		for name, text := range one {
			f[name] = text
		}
	}
	return f
}

func TestABeatIsCutAroundItsAnnotation(t *testing.T) {
	f := join(beatRecord("a", "NN~VN", 100, 200, 250, 260, 400), beatRecord("b", "NAF", 5, 500, 995), beatRecord("c", "N/", 100, 200))
	d := openFiles(t, f, dataset.Config{
		Source: ".", Format: "wfdb",
		Signal: dataset.SignalConfig{Before: 0.02, After: 0.03, RR: true, Patients: []string{"a+b"}},
	})
	if d.Len() != 7 || !slices.Equal(d.Shape, []int{5, 6}) {
		t.Fatalf("%d examples of %v: the paced record is left out", d.Len(), d.Shape)
	}
	if slices.Max(d.Groups) != 0 {
		t.Errorf("patients %v, want one", d.Groups)
	}
	first, third, late := d.Media(0), d.Media(2), d.Media(6)
	if first[0] != 98 || first[2*6] != 100 || first[4*6] != 102 || !isNaN(first[1]) || first[2] != 1 {
		t.Errorf("the first beat: %v", first)
	}
	// Intervals of 1, 0.6 and 1.4 s; the ventricular beat comes after the second of them.
	for k, want := range []float64{0.6, 1.4, 0.6, 1.4, 0.6} {
		if got := float64(third[1+k]); math.Abs(got-want) > 1e-6 {
			t.Errorf("RR feature %d: %v, want %v", k, got, want)
		}
	}
	if late[2*6] != 995 || late[4*6] != 997 || !isNaN(late[2]) {
		t.Errorf("the last beat: %v", late)
	}
	kept := openFiles(t, f, dataset.Config{
		Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Before: 0.06, After: 0.03, Paced: "keep", Classes: []string{"N", "Q"}},
	})
	if !slices.Equal(kept.Classes, []string{"N", "Q"}) || kept.Len() != 6 || !isNaN(kept.Media(3)[0]) {
		t.Errorf("%d examples of %v, %v", kept.Len(), kept.Classes, kept.Media(3))
	}
}

// The signal rises by one a sample, so the median beat is that of the middle one, and a
// beat differs from it by how much later it is. A beat that isn't kept counts, too.
func TestABeatIsHeldAgainstTheRecordingsTypicalOne(t *testing.T) {
	d := openFiles(t, beatRecord("a", "NNVNN", 100, 200, 350, 500, 800), dataset.Config{
		Source: ".", Format: "wfdb", Positive: "N",
		Signal: dataset.SignalConfig{Before: 0.02, After: 0.03, Typical: true, RR: true},
	})
	if !slices.Equal(d.Shape, []int{5, 7}) {
		t.Fatalf("shape %v", d.Shape)
	}
	for i, at := range []int{100, 200, 350, 500, 800} {
		for step := range 5 {
			x := d.Media(i)[step*7:]
			if x[0] != float32(at+step-2) || x[1] != float32(at-350) {
				t.Errorf("beat %d, step %d: %v and %v from the typical one, want %d and %d", i, step, x[0], x[1], at+step-2, at-350)
			}
		}
	}
	if rr := d.Media(1)[2:4]; rr[0] != 1 || rr[1] != 1.5 {
		t.Errorf("intervals %v beside it", rr)
	}
}

func TestThePatientIsTheRecordOrItsFolder(t *testing.T) {
	f := files{}
	for _, at := range []string{"p/1", "p/2", "q/1"} {
		for name, text := range beatRecord("x", "NV", 100, 200) {
			record := at[2:]
			text = strings.ReplaceAll(strings.ReplaceAll(text, "x 1 100", record+" 1 100"), "x.dat", record+".dat")
			f[at+name[1:]] = text
		}
	}
	for by, want := range map[string][]int{"": {0, 0, 1, 1, 2, 2}, "folder": {0, 0, 0, 0, 1, 1}} {
		d := openFiles(t, f, dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Patient: by}})
		if !slices.Equal(d.Groups, want) {
			t.Errorf("%q: patients %v, want %v", by, d.Groups, want)
		}
	}
}

func TestABeatIsFilteredAndNormalized(t *testing.T) {
	f := join(beatRecord("a", "NVN", 100, 200, 300))
	for _, by := range []string{"example", "recording"} {
		d := openFiles(t, f, dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{
			Filter: dataset.FilterConfig{Low: 0.5, High: 40}, Baseline: "median", Normalize: by, Rate: 50,
		}})
		x := d.Media(1)
		mean := 0.0
		for _, v := range x {
			if math.Abs(float64(v)) > 20 {
				t.Fatalf("%s: %v", by, x)
			}
			mean += float64(v)
		}
		if len(x) != 38 || by == "example" && math.Abs(mean) > 1e-3 {
			t.Errorf("%s: %d values of mean %v", by, len(x), mean)
		}
	}
}

func TestWindowsTakeTheirLabelsFromAFileOrTheRhythm(t *testing.T) {
	f := join(beatRecord("a", "NN", 100, 200), beatRecord("b", "NN", 100, 200), files{
		"labels.csv": "record,start,end,sleep,who,site\na,0,4,wake,p,x\na,6,10,rem,p,x\nb,0,10,wake,q,y\n",
	})
	d := openFiles(t, f, dataset.Config{
		Source: ".", Format: "wfdb", Target: "sleep", Group: "who", Subgroups: []dataset.Subgroup{{Column: "site"}},
		Signal: dataset.SignalConfig{Layout: "windows", Seconds: 2, Labels: "labels.csv"},
	})
	// Of a, the window from 4 to 6 s has no label.
	if d.Len() != 9 || !slices.Equal(d.Shape, []int{200, 1}) || !slices.Equal(d.Classes, []string{"rem", "wake"}) || slices.Max(d.Groups) != 1 {
		t.Fatalf("%d examples of %v, classes %v, patients %v", d.Len(), d.Shape, d.Classes, d.Groups)
	}
	if d.Media(2)[0] != 600 || d.Label(2) != 0 {
		t.Errorf("the third window begins with %v, class %d", d.Media(2)[0], d.Label(2))
	}
	r, err := dataset.Open(dataset.Config{
		Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Layout: "windows", Seconds: 10, Channels: []string{"MLII"}},
	}, dataset.Classification, dataset.DataFolder(t, "mitdb"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Len() < 3900 || r.Width() != 3600 || !slices.Contains(r.Classes, "AFIB") || !slices.Contains(r.Classes, "N") {
		t.Errorf("%d windows of rhythms %v", r.Len(), r.Classes)
	}
}

// FuzzWFDB holds a whole record to FuzzRead's promises.
func FuzzWFDB(f *testing.F) {
	r := beatRecord("a", "NVN", 100, 200, 300)
	f.Add(r["a.hea"], []byte(r["a.dat"]), []byte(r["a.atr"]))
	f.Add("a 2 100\na.dat 212\na.dat 212\n", []byte("123456"), []byte("\x00\x04\x00\x14\x00\x00"))
	f.Fuzz(func(t *testing.T, hea string, dat, atr []byte) {
		fuzzSource(t, files{"a.hea": hea, "a.dat": string(dat), "a.atr": string(atr)}, dataset.Config{
			Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Before: 0.01, After: 0.02, RR: true, Paced: "keep", Classes: []string{"N", "S", "V", "F", "Q"}},
		})
	})
}

func BenchmarkMITBIH(b *testing.B) {
	folder := dataset.DataFolder(b, "mitdb")
	for b.Loop() {
		_, err := dataset.Open(dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{
			Channels: []string{"MLII"}, RR: true, Rate: 125, Filter: dataset.FilterConfig{Low: 0.5, High: 40}, Baseline: "median",
		}}, dataset.Classification, folder)
		if err != nil {
			b.Fatal(err)
		}
	}
}
