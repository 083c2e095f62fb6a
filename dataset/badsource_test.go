package dataset_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medml/dataset"
)

// files are the names and contents of a folder.
type files map[string]string

// badSources are folders of signals and events that can't be read as a dataset.
var badSources = []struct {
	name   string
	files  files
	config dataset.Config
}{
	{name: "ucr: a series cut off", files: files{"a.tsv": "1\t2\t3\t4\n2\t5\t6\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr"}},
	{name: "ucr: a word among values", files: files{"a.tsv": "1\t2\t3\n2\t5\tabout six\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr"}},
	{name: "ucr: an empty file", files: files{"a.tsv": "\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr"}},
	{name: "ucr: a class alone", files: files{"a.tsv": "1\n2\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr"}},
	{name: "ucr: a series of nothing", files: files{"a.tsv": "1\tNaN\tNaN\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr"}},
	{name: "ucr: a folder without series", files: files{"d/readme.txt": "x"}, config: dataset.Config{Source: "d", Format: "ucr"}},
	{name: "ucr: a folder of two sets", files: files{"d/A_TRAIN.tsv": "1\t2\n", "d/B_TRAIN.tsv": "1\t2\n"}, config: dataset.Config{Source: "d", Format: "ucr"}},
	{name: "ucr: no such folder", files: files{"ECG200/A_TRAIN.tsv": "1\t2\n"}, config: dataset.Config{Source: "ECG20", Format: "ucr"}},
	{name: "ucr: settings of another format", files: files{"a.tsv": "1\t2\n2\t3\n"}, config: dataset.Config{Source: "a.tsv", Format: "ucr", Signal: dataset.SignalConfig{Channels: []string{"MLII"}}}},
	{name: "ts: no data", files: files{"a.ts": "@univariate true\n@classLabel true a b\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: no classes", files: files{"a.ts": "@univariate true\n@classLabel false\n@data\n1,2\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: time stamps", files: files{"a.ts": "@timeStamps true\n@classLabel true a b\n@data\n(0,1),(1,2):a\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: time stamps unannounced", files: files{"a.ts": "@classLabel true a b\n@data\n(0,1),(1,2):a\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: a class the header doesn't know", files: files{"a.ts": "@classLabel true a b\n@data\n1,2:c\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: a dimension too few", files: files{"a.ts": "@dimensions 2\n@classLabel true a b\n@data\n1,2:3,4:a\n1,2:b\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: unequal lengths that were to be equal", files: files{"a.ts": "@equalLength true\n@seriesLength 3\n@classLabel true a b\n@data\n1,2,3:a\n1,2:b\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: an absurd length", files: files{"a.ts": "@seriesLength 99999999999\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: not a ts file", files: files{"a.ts": "import { x } from 'y'\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "ts: bytes", files: files{"a.ts": "@problemName \xff\xfe\n"}, config: dataset.Config{Source: "a.ts"}},
	{name: "events: no outcomes named", files: files{"e.csv": goodEvents}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y"}},
	{name: "events: no such outcomes", files: files{"e.csv": goodEvents, "outcomes.csv": "x"}, config: events("outcome.csv")},
	{name: "events: a value that is no number", files: files{"e.csv": "id,time,variable,value\na,1,HR,80\na,2,HR,seventy\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: a time that is none", files: files{"e.csv": "id,time,variable,value\na,1:75,HR,80\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: dates among hours", files: files{"e.csv": "id,time,variable,value\na,1,HR,80\na,2026-01-02,HR,80\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: no id", files: files{"e.csv": "id,time,variable,value\n,1,HR,80\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: a column misnamed", files: files{"e.csv": "id,time,variables,value\na,1,HR,80\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: a row cut off", files: files{"e.csv": "id,time,variable,value\na,1,HR,80\nb,2,H\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: an id without an outcome", files: files{"e.csv": "id,time,variable,value\na,1,HR,80\nz,1,HR,80\n", "o.csv": goodOutcomes}, config: events("o.csv")},
	{name: "events: an id twice in the outcomes", files: files{"e.csv": goodEvents, "o.csv": "id,y\na,1\nb,0\na,1\n"}, config: events("o.csv")},
	{name: "events: no outcome of an id", files: files{"e.csv": goodEvents, "o.csv": "id,y\na,1\nb,\n"}, config: events("o.csv")},
	{name: "events: an outcome column misnamed", files: files{"e.csv": goodEvents, "o.csv": "id,yy\na,1\nb,0\n"}, config: events("o.csv")},
	{name: "events: a variable that isn't there", files: files{"e.csv": goodEvents, "o.csv": goodOutcomes}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Features: []string{"HR", "Temp"}, Events: dataset.EventsConfig{Outcomes: "o.csv"}}},
	{name: "events: a grid too fine", files: files{"e.csv": goodEvents, "o.csv": goodOutcomes}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv", Hours: 48000, Bin: 0.0003}}},
	{name: "events: a word that isn't known", files: files{"e.csv": goodEvents, "o.csv": goodOutcomes}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv", Aggregate: "median"}}},
	{name: "events: a file that isn't one", files: files{"e/a.txt": "Time,Parameter,Value\n00:00,HR,80\n", "e/b.txt": "", "o.csv": goodOutcomes}, config: dataset.Config{Source: "e", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv"}}},
	{name: "events: a covariate that isn't there", files: files{"e.csv": goodEvents, "o.csv": goodOutcomes}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Covariates: []string{"site"}, Events: dataset.EventsConfig{Outcomes: "o.csv"}}},
	{name: "events: covariates of a row", files: files{"e.csv": goodEvents, "o.csv": "id,site,y\na,1,0\nb,2,1\n"}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Covariates: []string{"site"}, Events: dataset.EventsConfig{Outcomes: "o.csv", Layout: "statistics"}}},
	{name: "events: a covariate without a value", files: files{"e.csv": goodEvents, "o.csv": "id,site,y\na,,0\nb,,1\n"}, config: dataset.Config{Source: "e.csv", Format: "events", Target: "y", Covariates: []string{"site"}, Events: dataset.EventsConfig{Outcomes: "o.csv"}}},
	{name: "wfdb: no record", files: files{"d/x.txt": "x"}, config: wfdbIn("d")},
	{name: "wfdb: a header without its signals", files: without(beatRecord("a", "NV", 100, 200), "a.dat"), config: wfdbIn(".")},
	{name: "wfdb: a header without annotations", files: without(beatRecord("a", "NV", 100, 200), "a.atr"), config: wfdbIn(".")},
	{name: "wfdb: signals cut off", files: changed(beatRecord("a", "NV", 100, 200), "a.dat", func(s string) string { return s[:len(s)-1] }), config: wfdbIn(".")},
	{name: "wfdb: a sample changed", files: changed(beatRecord("a", "NV", 100, 200), "a.dat", func(s string) string { return s[:50] + "\xff" + s[51:] }), config: wfdbIn(".")},
	{name: "wfdb: the first sample changed", files: changed(beatRecord("a", "NV", 100, 200), "a.dat", func(s string) string { return "\x07" + s[1:] }), config: wfdbIn(".")},
	{name: "wfdb: annotations cut off", files: changed(beatRecord("a", "NV", 100, 200), "a.atr", func(s string) string { return s[:len(s)-2] }), config: wfdbIn(".")},
	{name: "wfdb: an annotation behind the signals", files: beatRecord("a", "NV", 100, 1001), config: wfdbIn(".")},
	{name: "wfdb: a code that isn't one", files: changed(beatRecord("a", "NV", 100, 200), "a.atr", func(s string) string { return "\x00\xd0" + s }), config: wfdbIn(".")},
	{name: "wfdb: segments that aren't named", files: files{"a.hea": "a/3 1 100 1000\n"}, config: wfdbIn(".")},
	{name: "wfdb: a segment that isn't there", files: files{"a.hea": "a/2 1 100\na_1 500\na_2 500\n"}, config: wfdbIn(".")},
	{name: "wfdb: a layout alone", files: files{"a.hea": "a 1 100 0\n~ 0 200 0 0 0 0 0 MLII\n"}, config: wfdbIn(".")},
	{name: "wfdb: segments of each other", files: files{"a.hea": "a/1 1 100\nb 500\n", "b.hea": "b/1 1 100\na 500\n"}, config: wfdbIn(".")},
	{name: "wfdb: signals elsewhere", files: files{"a.hea": "a 1 100 10\n../a.dat 16\n"}, config: wfdbIn(".")},
	{name: "wfdb: a format that isn't read", files: files{"a.hea": "a 1 100 10\na.dat 310\n"}, config: wfdbIn(".")},
	{name: "wfdb: several samples a frame", files: files{"a.hea": "a 1 100 10\na.dat 16x4\n"}, config: wfdbIn(".")},
	{name: "wfdb: a signal too few", files: files{"a.hea": "a 2 100 10\na.dat 16\n"}, config: wfdbIn(".")},
	{name: "wfdb: an absurd header", files: files{"a.hea": "a 1 100 999999999\na.dat 16\n", "a.dat": "xx"}, config: wfdbIn(".")},
	{name: "wfdb: a header of another record", files: files{"a.hea": "b 1 100 10\na.dat 16\n"}, config: wfdbIn(".")},
	{name: "wfdb: a header of bytes", files: files{"a.hea": "\x00\x01\xfe"}, config: wfdbIn(".")},
	{name: "wfdb: a signal that no record has", files: beatRecord("a", "NV", 100, 200), config: dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Channels: []string{"MLII|I"}}}},
	{name: "wfdb: two rates", files: join(beatRecord("a", "NV", 100, 200), changed(beatRecord("b", "NV", 100, 200), "b.hea", func(s string) string { return strings.Replace(s, " 1 100 ", " 1 200 ", 1) })), config: wfdbIn(".")},
	{name: "wfdb: a band beyond the signal's", files: beatRecord("a", "NV", 100, 200), config: dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Filter: dataset.FilterConfig{High: 60}}}},
	{name: "wfdb: rates without a ratio", files: beatRecord("a", "NV", 100, 200), config: dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Rate: 99.997}}},
	{name: "wfdb: nothing but paced records", files: beatRecord("a", "N/", 100, 200), config: wfdbIn(".")},
	{name: "wfdb: a word that isn't known", files: beatRecord("a", "NV", 100, 200), config: dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Normalize: "patient"}}},
	{name: "wfdb: windows' settings for beats", files: beatRecord("a", "NV", 100, 200), config: dataset.Config{Source: ".", Format: "wfdb", Signal: dataset.SignalConfig{Seconds: 10}}},
	{name: "wfdb: a recording without a label", files: join(beatRecord("a", "NV", 100, 200), files{"l.csv": "record,y\nb,1\n"}), config: dataset.Config{Source: ".", Format: "wfdb", Target: "y", Signal: dataset.SignalConfig{Layout: "windows", Labels: "l.csv"}}},
	{name: "wfdb: labels that end before they start", files: join(beatRecord("a", "NV", 100, 200), files{"l.csv": "record,start,end,y\na,5,4,1\n"}), config: dataset.Config{Source: ".", Format: "wfdb", Target: "y", Signal: dataset.SignalConfig{Layout: "windows", Labels: "l.csv"}}},
	{name: "edf: cut off", files: files{"a.edf": goodEDF().String()[:1300]}, config: edfWindows(nil)},
	{name: "edf: more than the header says", files: files{"a.edf": goodEDF().String() + "x"}, config: edfWindows(nil)},
	{name: "edf: a record more than the header says", files: files{"a.edf": goodEDF().String() + strings.Repeat("x", 500)}, config: edfWindows(nil)},
	{name: "edf: not an EDF file", files: files{"a.edf": strings.Repeat("PK\x03\x04", 100)}, config: edfWindows(nil)},
	{name: "edf: BDF in name alone", files: files{"a.bdf": "\xffBIOSEMI" + goodEDF().String()[8:]}, config: edfWindows(nil)},
	{name: "edf: EDF with a range of 24 bits", files: files{"a.edf": "0       " + goodBDF().String()[8:]}, config: edfWindows(nil)},
	{name: "edf: a BDF of another maker", files: files{"a.bdf": "\xffBIOPACK" + goodBDF().String()[8:]}, config: edfWindows(nil)},
	{name: "edf: a BDF cut off", files: files{"a.bdf": goodBDF().String()[:1500]}, config: edfWindows(nil)},
	{name: "edf: a BDF with a gap", files: changed(files{"a.bdf": goodBDF().String()}, "a.bdf", func(s string) string {
		return strings.Replace(strings.Replace(s, "BDF+C", "BDF+D", 1), "+4\x14", "+9\x14", 1)
	}), config: edfWindows(nil)},
	{name: "edf: a header's number that is none", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string { return strings.Replace(s, "-3276.8", "-3276,8", 1) }), config: edfWindows(nil)},
	{name: "edf: an absurd number of signals", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string { return s[:252] + "9999" + s[256:] }), config: edfWindows(nil)},
	{name: "edf: absurd records", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string { return strings.Replace(s, "40      20      ", "9999999 20      ", 1) }), config: edfWindows(nil)},
	{name: "edf: a gap", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string {
		return strings.Replace(strings.Replace(s, "EDF+C", "EDF+D", 1), "+4\x14", "+9\x14", 1)
	}), config: edfWindows(nil)},
	{name: "edf: a record without its time", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string { return strings.Replace(s, "+4\x14", "44\x14", 1) }), config: edfWindows(nil)},
	{name: "edf: an annotation that doesn't end", files: changed(files{"a.edf": goodEDF().String()}, "a.edf", func(s string) string { return strings.Replace(s, "N2\x14", "N22", 1) }), config: edfWindows(nil)},
	{name: "edf: a misspelt channel", files: files{"a.edf": goodEDF().String()}, config: edfWindows(func(c *dataset.Config) { c.Signal.Channels = []string{"EGG"} })},
	{name: "edf: channels of two rates", files: files{"a.edf": goodEDF().String()}, config: edfWindows(func(c *dataset.Config) { c.Signal.Channels = []string{"EEG", "Resp"} })},
	{name: "edf: beats", files: files{"a.edf": goodEDF().String()}, config: dataset.Config{Source: ".", Format: "edf", Signal: dataset.SignalConfig{Layout: "beats"}}},
}

func wfdbIn(source string) dataset.Config { return dataset.Config{Source: source, Format: "wfdb"} }

func without(f files, name string) files {
	delete(f, name)
	return f
}

func changed(f files, name string, change func(string) string) files {
	f[name] = change(f[name])
	return f
}

const (
	goodEvents   = "id,time,variable,value\na,1,HR,80\nb,1,HR,90\n"
	goodOutcomes = "id,y\na,1\nb,0\n"
)

func events(outcomes string) dataset.Config {
	return dataset.Config{Source: "e.csv", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: outcomes}}
}

func TestEachBadSourceHasItsError(t *testing.T) {
	var got strings.Builder
	for _, bad := range badSources {
		folder := writeFiles(t, bad.files)
		d, err := dataset.Open(bad.config, dataset.Classification, folder)
		if err == nil {
			t.Errorf("%s: got a dataset of %d examples, want an error", bad.name, d.Len())
			continue
		}
		checkError(t, err, folder)
		fmt.Fprintf(&got, "%s\n    %s\n", bad.name, strings.ReplaceAll(err.Error(), folder, "data"))
	}
	golden(t, "badsources.golden", got.String())
}

// checkError fails unless an error is a mistake in a file or in its configuration, told in
// one short line.
func checkError(t testing.TB, err error, folder string) {
	t.Helper()
	var cell *dataset.CellError
	var field *dataset.FieldError
	if !errors.As(err, &cell) && !errors.As(err, &field) {
		t.Errorf("error of type %T: %v", err, err)
	}
	if s := strings.ReplaceAll(err.Error(), folder, "data"); strings.ContainsAny(s, "\n\x1b") || len(s) > 300 {
		t.Errorf("not one short line: %q", s)
	}
}

// writeFiles makes a folder of files.
func writeFiles(t testing.TB, f files) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range f {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// openFiles opens a dataset of files that are right.
func openFiles(t testing.TB, f files, c dataset.Config) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(c, dataset.Classification, writeFiles(t, f))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// fuzzSource holds a source to: no panic, one short line of error, or a dataset that reads
// the same again.
func fuzzSource(t *testing.T, f files, c dataset.Config) {
	folder := writeFiles(t, f)
	d, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil {
		checkError(t, err, folder)
		return
	}
	if d.Len() == 0 || d.Width() == 0 || len(d.Classes) < 2 {
		t.Fatalf("%d examples of %v, classes %v", d.Len(), d.Shape, d.Classes)
	}
	again, err := dataset.Open(c, dataset.Classification, folder)
	if err != nil || again.Digest() != d.Digest() || again.Len() != d.Len() {
		t.Fatalf("read again it is another dataset: %v", err)
	}
	if d.IsTable() {
		return
	}
	for i := range d.Len() {
		for k, x := range d.Media(i) {
			if y := again.Media(i)[k]; x != y && !(isNaN(x) && isNaN(y)) {
				t.Fatalf("example %d, value %d: %v and then %v", i, k, x, y)
			}
		}
	}
}
