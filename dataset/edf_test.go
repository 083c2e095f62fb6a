package dataset_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

// edfFile writes a file of the European Data Format, or of BDF, of 24 bits: for each signal
// the samples of all records, and for an EDF+ or BDF+ the annotations of each record.
type edfFile struct {
	bdf      bool
	kind     string // "", EDF+C or EDF+D, or with BDF
	patient  string
	duration string
	labels   []string
	samples  [][]int // [signal][all], records of equal length
	records  int
	tals     []string // of each record
}

func (f edfFile) String() string {
	var b strings.Builder
	pad := func(text string, n int) { b.WriteString((text + strings.Repeat(" ", n))[:n]) }
	n, talSize, width, version, notes := len(f.labels), 0, 2, "0", "EDF Annotations"
	digLow, digHigh := "-32768", "32767"
	if f.bdf {
		width, version, notes, digLow, digHigh = 3, "\xffBIOSEMI", "BDF Annotations", "-8388608", "8388607"
	}
	for _, t := range f.tals {
		talSize = max(talSize, (len(t)+width-1)/width*width)
	}
	if f.tals != nil {
		n++
	}
	pad(version, 8)
	pad(f.patient, 80)
	pad("Startdate 02-MAR-2002 X X X", 80)
	pad("02.03.0222.10.00", 16)
	pad(fmt.Sprint(256*(n+1)), 8)
	pad(f.kind, 44)
	pad(fmt.Sprint(f.records), 8)
	pad(f.duration, 8)
	pad(fmt.Sprint(n), 4)
	for _, field := range []struct {
		width       int
		text, notes string
	}{{16, "", notes}, {80, "", ""}, {8, "uV", ""}, {8, "-3276.8", "-1"}, {8, "3276.7", "1"}, {8, digLow, digLow}, {8, digHigh, digHigh}, {80, "", ""}, {8, "", fmt.Sprint(talSize / width)}, {32, "", ""}} {
		for i, label := range f.labels {
			switch {
			case field.width == 16:
				pad(label, 16)
			case field.notes == fmt.Sprint(talSize/width):
				pad(fmt.Sprint(len(f.samples[i])/f.records), 8)
			default:
				pad(field.text, field.width)
			}
		}
		if f.tals != nil {
			pad(field.notes, field.width)
		}
	}
	for r := range f.records {
		for _, x := range f.samples {
			size := len(x) / f.records
			for _, v := range x[r*size : (r+1)*size] {
				b.WriteString(string([]byte{byte(v), byte(v >> 8), byte(v >> 16)}[:width]))
			}
		}
		if f.tals != nil {
			b.WriteString(f.tals[r] + strings.Repeat("\x00", talSize-len(f.tals[r])))
		}
	}
	return b.String()
}

// goodEDF has two signals of 20 and 10 samples a second, three records of 2 s, and stages.
func goodEDF() edfFile {
	f := edfFile{kind: "EDF+C", patient: "P1 F 02-MAY-1951 X", duration: "2", labels: []string{"EEG", "Resp"}, records: 3, tals: []string{
		"+0\x14\x14\x00+0\x152\x14W\x14\x00", "+2\x14\x14\x00+2\x154\x14N2\x14\x00+2.5\x14arousal\x14\x00", "+4\x14\x14\x00",
	}}
	for _, n := range []int{120, 60} {
		x := make([]int, n)
		for i := range x {
			x[i] = i
		}
		f.samples = append(f.samples, x)
	}
	return f
}

// goodBDF is goodEDF in 24 bits.
func goodBDF() edfFile {
	f := goodEDF()
	f.bdf, f.kind = true, "BDF+C"
	for _, x := range f.samples {
		for i := range x {
			x[i] = i*100003 - 1<<22
		}
	}
	return f
}

func edfWindows(more func(*dataset.Config)) dataset.Config {
	c := dataset.Config{Source: ".", Format: "edf", Signal: dataset.SignalConfig{Seconds: 2}}
	if more != nil {
		more(&c)
	}
	return c
}

func TestAnEDFFileIsReadAsPyedflibReadsIt(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "signals", "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts struct{ Edf struct{ Signals [][]float64 } }
	if err := json.Unmarshal(b, &facts); err != nil {
		t.Fatal(err)
	}
	for channel, rate := range map[string]int{"EEG Fpz-Cz": 50, "Resp": 10} {
		d := openFiles(t, signalFiles(t, "small.edf"), edfWindows(func(c *dataset.Config) { c.Signal.Channels = []string{channel} }))
		if d.Len() != 3 || !slices.Equal(d.Shape, []int{2 * rate, 1}) || !slices.Equal(d.Classes, []string{"Sleep stage 2", "Sleep stage W"}) {
			t.Fatalf("%d windows of %v, classes %v", d.Len(), d.Shape, d.Classes)
		}
		want := facts.Edf.Signals[map[string]int{"EEG Fpz-Cz": 0, "Resp": 1}[channel]]
		for i := range d.Len() {
			for k, x := range d.Media(i) {
				if math.Abs(float64(x)-want[i*2*rate+k]) > 1e-5*(1+math.Abs(want[i*2*rate+k])) {
					t.Fatalf("%s: sample %d of window %d is %v, want %v", channel, k, i, x, want[i*2*rate+k])
				}
			}
		}
		if d.Label(0) != 1 || d.Label(1) != 0 || d.Label(2) != 0 {
			t.Errorf("labels %d, %d, %d", d.Label(0), d.Label(1), d.Label(2))
		}
	}
}

func TestWindowsOfAnEDFFile(t *testing.T) {
	f := files{"a.edf": goodEDF().String()}
	d := openFiles(t, f, edfWindows(func(c *dataset.Config) {
		c.Subgroups = []dataset.Subgroup{{Column: "age"}, {Column: "sex"}}
	}))
	age, _ := d.Attribute("age")
	if d.Len() != 3 || d.Media(1)[1] != float32(-3276.8+(41+32768)*0.1) || age.Numbers[0] != 50 {
		t.Errorf("%d windows, %v, age %v", d.Len(), d.Media(1)[:3], age.Numbers)
	}
	both := openFiles(t, f, edfWindows(func(c *dataset.Config) {
		c.Signal.Channels, c.Signal.Rate, c.Signal.Stride = []string{"Resp", "EEG"}, 10, 1
	}))
	if both.Len() != 5 || !slices.Equal(both.Shape, []int{20, 2}) {
		t.Errorf("%d windows of %v", both.Len(), both.Shape)
	}
	// A record that begins late moves the signals and not the annotations.
	late := goodEDF()
	late.tals = []string{"+0.5\x14\x14\x00+0\x14W\x14\x00", "+2.5\x14\x14\x00+2.5\x14N2\x14\x00", "+4.5\x14\x14\x00"}
	late.kind, late.records = "EDF+D", 3
	moved := openFiles(t, files{"a.edf": late.String()}, edfWindows(nil))
	if moved.Len() != 3 || moved.Label(0) != 1 || moved.Label(1) != 0 {
		t.Errorf("%d windows, classes %v: %d, %d", moved.Len(), moved.Classes, moved.Label(0), moved.Label(1))
	}
	plain := goodEDF()
	plain.kind, plain.tals, plain.patient = "", nil, "Jane Doe"
	labelled := openFiles(t, files{"a.edf": plain.String(), "l.csv": "record,start,end,y\na,0,2,1\na,2,6,0\n"}, edfWindows(func(c *dataset.Config) {
		c.Target, c.Signal.Labels = "y", "l.csv"
	}))
	if labelled.Len() != 3 || labelled.Label(0) != 1 {
		t.Errorf("%d windows", labelled.Len())
	}
}

func TestABDFFileIsReadAsPyedflibReadsIt(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "signals", "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts struct{ Bdf struct{ Signal []float64 } }
	if err := json.Unmarshal(b, &facts); err != nil {
		t.Fatal(err)
	}
	d := openFiles(t, signalFiles(t, "small.bdf"), edfWindows(nil))
	if d.Len() != 2 || !slices.Equal(d.Classes, []string{"eyes closed", "eyes open"}) || d.Label(0) != 1 || d.Label(1) != 0 {
		t.Fatalf("%d windows, classes %v", d.Len(), d.Classes)
	}
	for i := range d.Len() {
		for k, x := range d.Media(i) {
			if want := facts.Bdf.Signal[i*80+k]; x != float32(want) {
				t.Fatalf("sample %d of window %d is %v, want %v", k, i, x, want)
			}
		}
	}
}

// All of 24 bits count, the sign among them; what goes for an EDF+ file goes for a BDF+.
func TestWindowsOfABDFFile(t *testing.T) {
	d := openFiles(t, files{"a.bdf": goodBDF().String(), "b.edf": strings.Replace(goodBDF().String(), "P1", "P2", 1)}, edfWindows(func(c *dataset.Config) {
		c.Subgroups = []dataset.Subgroup{{Column: "age"}}
	}))
	age, _ := d.Attribute("age")
	if d.Len() != 6 || d.Label(0) != 1 || d.Label(1) != 0 || age.Numbers[0] != 50 || !slices.Equal(d.Groups, []int{0, 0, 0, 1, 1, 1}) {
		t.Fatalf("%d windows of patients %v, aged %v", d.Len(), d.Groups, age.Numbers)
	}
	for i := range 120 {
		want := float32(-3276.8 + (float64(i*100003-1<<22)+1<<23)*(6553.5/(1<<24-1)))
		if got := d.Media(i / 40)[i%40]; math.Abs(float64(got-want)) > 1e-3 {
			t.Fatalf("sample %d is %v, want %v", i, got, want)
		}
	}
	plain := goodBDF() // as BioSemi writes them: without annotations, the triggers last
	plain.kind, plain.tals, plain.labels = "24BIT", nil, []string{"A1", "Status"}
	labelled := openFiles(t, files{"a.bdf": plain.String(), "l.csv": "record,y\na,1\nb,0\n", "b.bdf": plain.String()}, edfWindows(func(c *dataset.Config) {
		c.Target, c.Signal.Labels = "y", "l.csv"
	}))
	if labelled.Len() != 6 || labelled.Media(1)[0] != d.Media(1)[0] {
		t.Errorf("%d windows", labelled.Len())
	}
}

func TestACutEDFFileIsRefused(t *testing.T) {
	for _, text := range []string{goodEDF().String(), goodBDF().String()} {
		cutEverywhere(t, text)
	}
}

func cutEverywhere(t *testing.T, text string) {
	t.Helper()
	folder := t.TempDir()
	for i := range len(text) {
		if err := os.WriteFile(filepath.Join(folder, "a.edf"), []byte(text[:i]), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := dataset.Open(edfWindows(nil), dataset.Classification, folder)
		if err == nil {
			t.Fatalf("cut at byte %d it is read", i)
		}
		checkError(t, err, folder)
	}
}

func FuzzEDF(f *testing.F) {
	f.Add([]byte(goodEDF().String()))
	plain := goodEDF()
	plain.kind, plain.tals = "", nil
	f.Add([]byte(plain.String()))
	f.Add([]byte(signalFiles(f, "small.edf")["small.edf"]))
	f.Add([]byte(goodBDF().String()))
	f.Add([]byte(signalFiles(f, "small.bdf")["small.bdf"]))
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzSource(t, files{"a.edf": string(b)}, edfWindows(nil))
	})
}
