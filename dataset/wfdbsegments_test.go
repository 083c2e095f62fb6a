package dataset

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readTestChain reads a record, all its signals, with labels in the place of annotations.
func readTestChain(o *origin, name string, channels []string) (*recording, error) {
	c := SignalConfig{Layout: "windows", Labels: "l.csv", Channels: channels, Annotations: "atr"}
	return readWFDB(o, name+".hea", c, fileLimits)
}

func TestChainsAndSkewAreReadAsWFDBReadsThem(t *testing.T) {
	facts := readSignalFacts(t)
	o := openTestOrigin(t, filepath.Join("testdata", "signals"))
	for name, want := range facts.Chains {
		r, err := readTestChain(o, name, want.Channels)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.channels, want.Channels) || len(want.Signals) == 0 {
			t.Fatalf("%s: channels %v, want %v", name, r.channels, want.Channels)
		}
		for c, x := range r.signals {
			if len(x) != len(want.Signals) {
				t.Fatalf("%s: %d samples, want %d", name, len(x), len(want.Signals))
			}
			for i, v := range x {
				if w := want.Signals[i][c]; w == nil && v == v || w != nil && v != *w {
					t.Fatalf("%s: sample %d of %s is %v", name, i, want.Channels[c], v)
				}
			}
		}
	}
	r, err := readTestChain(o, "vary", []string{"V"})
	if err != nil || len(r.signals) != 1 || len(r.signals[0]) != 67 || r.facts["age"] != "44" || r.patient != "vary" {
		t.Errorf("one channel alone: %v, %v", r, err)
	}
}

// chainFiles are a record of two segments with a gap between them, signal I in both and II
// in the second alone; all in format 16.
func chainFiles() map[string]string {
	samples := func(x ...int) string {
		var b strings.Builder
		for _, v := range x {
			b.WriteString(string([]byte{byte(v), byte(v >> 8)}))
		}
		return b.String()
	}
	return map[string]string{
		"m.hea":    "m/4 2 10 8\nl 0\na 3\n~ 2\nb 3\n",
		"l.hea":    "l 2 10 0\n~ 0 200 0 0 0 0 0 I\n~ 0 200 0 0 0 0 0 II\n",
		"a.hea":    "a 1 10 3\na.dat 16 10(0)/mV 16 0 1 6 0 I\n",
		"a.dat":    samples(1, 2, 3),
		"b.hea":    "b 2 10 3\nb.dat 16 10(0)/mV 16 0 4 15 0 II\nb.dat 16 1(0)/mV 16 0 7 24 0 I\n",
		"b.dat":    samples(4, 7, 5, 8, 6, 9),
		"m.atr":    "",
		"note.txt": "",
	}
}

func writeChain(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestASegmentsGainAndOrderAreItsOwn(t *testing.T) {
	files := chainFiles()
	delete(files, "m.atr")
	r, err := readTestChain(openTestOrigin(t, writeChain(t, files)), "m", []string{"II", "I"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(r.channels, r.signals), "[I II] [[0.1 0.2 0.3 NaN NaN 7 8 9] [NaN NaN NaN NaN NaN 0.4 0.5 0.6]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSegmentsAreNoRecordsOfTheirOwn(t *testing.T) {
	files := chainFiles()
	files["c.hea"], files["c.dat"] = "c 1 10 3\nc.dat 16\n", files["a.dat"]
	o := openTestOrigin(t, writeChain(t, files))
	before := o.digest()
	got, err := withoutSegments(o, []string{"a.hea", "b.hea", "c.hea", "l.hea", "m.hea"}, fileLimits)
	if err != nil || !slices.Equal(got, []string{"c.hea", "m.hea"}) || o.digest() != before {
		t.Errorf("records %v, %v, digest %s", got, err, o.digest())
	}
}

func TestABadChainHasItsError(t *testing.T) {
	for _, bad := range []struct{ file, old, new, want string }{
		{"m.hea", "m/4", "m/0", `m.hea:1: found "m/0", expected a number of segments from 1 to 65536 behind the /`},
		{"m.hea", "m/4", "m/5", "m.hea: found lines of 4 segments, expected 5, as the record line says"},
		{"m.hea", "m/4", "m/3", `m.hea:5: found "b 3", expected no line behind those of the 3 segments`},
		{"m.hea", "10 8", "10 9", "m.hea: found segments of 8 samples, expected 9, as the record line says"},
		{"m.hea", "a 3", "../a 3", `m.hea:3: found a segment in "../a", expected a record beside the header`},
		{"m.hea", "a 3", "m 3", "m.hea:3: found the record itself as its segment, expected another"},
		{"m.hea", "a 3", "a", "m.hea:3: found a segment's line of one word, expected its record and number of samples"},
		{"m.hea", "~ 2", "~ 0", `m.hea:4: found "0", expected a number of samples above 0 (the first segment alone may have 0, as the layout)`},
		{"m.hea", "a 3\n~ 2\nb 3", "~ 3\n~ 2\n~ 3", "m.hea: found no segment with samples, expected one at least"},
		{"m.hea", "10 8\nl 0\na 3\n~ 2", "10\nl 0\na 3\n~ 99999999", "m.hea: found 6 samples beside 99999999 that weren't recorded, expected at most 1000 times as many of these"},
		{"m.hea", "10 8\nl 0\na 3\n~ 2\nb 3", "10\nl 0\na 999999999\n~ 999999999\nb 999999999", "m.hea:5: found more than 2147483647 samples, expected a shorter record"},
		{"m.hea", "b 3", "z 3", `m.hea:5: found no segment "z.hea" beside the header, expected it`},
		{"m.hea", "2 10 8", "2 20 8", "l.hea: found 10 samples a second, expected 20, as m.hea says"},
		{"m.hea", "2 10 8", "3 10 8", "l.hea: found 2 signals, expected 3, as m.hea says"},
		{"l.hea", "0 II", "0 I", "l.hea:3: found a second signal named I, expected names by which the segments' signals are found"},
		{"a.hea", "a 1 10 3\na.dat 16 10(0)/mV 16 0 1 6 0 I", "a/1 1 10 3\nc 3", "a.hea: found a segment that has segments itself, expected a record of signals"},
		{"a.hea", "a 1 10 3", "a 1 10 4", "a.hea: found 4 samples, expected 3, as m.hea says"},
		{"a.hea", "a 1", "b 1", `a.hea: found a header of record "b", expected that of "a"`},
		{"a.hea", "0 I", "0 V5", "a.hea:2: found signal V5, expected one that the layout has"},
		{"b.hea", "0 II", "0 I", "b.hea:3: found a second signal named I, expected one of each in a segment"},
		{"b.hea", "1(0)/mV", "1(0)/mmHg", `b.hea:3: found I in "mmHg", expected "mV", as before it`},
		{"b.dat", "\x06", "\x07", "b.dat: found a checksum of 16 over II, expected 15, as b.hea says: the file is damaged"},
	} {
		files := chainFiles()
		delete(files, "m.atr")
		if !strings.Contains(files[bad.file], bad.old) {
			t.Fatalf("%s has no %q", bad.file, bad.old)
		}
		files[bad.file] = strings.Replace(files[bad.file], bad.old, bad.new, 1)
		folder := writeChain(t, files)
		_, err := readTestChain(openTestOrigin(t, folder), "m", []string{"I", "II"})
		if err == nil || strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "") != bad.want {
			t.Errorf("%s with %q for %q:\n got %v\nwant %s", bad.file, bad.new, bad.old, err, bad.want)
		}
	}
}

// A fixed layout has one kind of signals; a segment with others is another record.
func TestAFixedLayoutIsHeldTo(t *testing.T) {
	files := chainFiles()
	delete(files, "m.atr")
	files["m.hea"] = "m/2 1 10\na 3\na 3\n"
	r, err := readTestChain(openTestOrigin(t, writeChain(t, files)), "m", nil)
	if err != nil || fmt.Sprint(r.signals) != "[[0.1 0.2 0.3 0.1 0.2 0.3]]" {
		t.Errorf("%v, %v", r, err)
	}
	files["m.hea"], files["c.hea"] = "m/2 1 10\na 3\nc 3\n", "c 1 10 3\na.dat 16 10 16 0 1 6 0 V1\n"
	folder := writeChain(t, files)
	if _, err := readTestChain(openTestOrigin(t, folder), "m", nil); err == nil || !strings.HasSuffix(err.Error(), "c.hea:2: found signal V1, expected I, as in the first segment") {
		t.Error(err)
	}
}

func TestASkewedSignalIsMovedForward(t *testing.T) {
	files := map[string]string{"s.hea": "s 2 10 4\ns.dat 16:0 1(0)\ns.dat 16:2+0 1(0) 16 0 0 26 0 late\n", "s.dat": "\x01\x00\x05\x00\x02\x00\x06\x00\x03\x00\x07\x00\x04\x00\x08\x00"}
	r, err := readTestChain(openTestOrigin(t, writeChain(t, files)), "s", nil)
	if err != nil || fmt.Sprint(r.signals) != "[[1 2 3 4] [7 8 NaN NaN]]" {
		t.Errorf("%v, %v", r, err)
	}
	for skew, want := range map[string]string{
		"2": "", "4": "s.hea:3: found a skew of 4 samples, expected less than the record's 4",
		"-1": `s.hea:3: found format "16:-1+0", expected a number of samples behind the :`,
	} {
		files["s.hea"] = "s 2 10 4\ns.dat 16 1(0)\ns.dat 16:" + skew + "+0 1(0)\n"
		folder := writeChain(t, files)
		_, err := readTestChain(openTestOrigin(t, folder), "s", nil)
		if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("skew %s: %v, want %s", skew, err, want)
		}
	}
}

// FuzzWFDBChain holds a chain to: an error of one line, or as many samples as it says.
func FuzzWFDBChain(f *testing.F) {
	files := chainFiles()
	f.Add(files["m.hea"], files["l.hea"], files["b.hea"], files["b.dat"])
	f.Add("m/2 2 10\nb 3\nb 3\n", "", files["b.hea"], files["b.dat"])
	f.Add("m/2 2 10 5\nl 0\nb 5\n", "l 2 10\n~ 0\n~ 0\n", "b 1 10 5\n~ 0 200 0 0 0 0 0 signal 1\n", "")
	f.Fuzz(func(t *testing.T, master, layout, segment, samples string) {
		files := chainFiles()
		files["m.hea"], files["l.hea"], files["b.hea"], files["b.dat"] = master, layout, segment, samples
		delete(files, "m.atr")
		folder := writeChain(t, files)
		lim := fileLimits
		lim.values = 1 << 16
		c := SignalConfig{Layout: "windows", Labels: "l.csv", Annotations: "atr"}
		r, err := readWFDB(openTestOrigin(t, folder), "m.hea", c, lim)
		if err != nil {
			if s := strings.ReplaceAll(err.Error(), folder, ""); strings.ContainsAny(s, "\n\x1b") || len(s) > 400 {
				t.Fatalf("not one short line: %q", s)
			}
			return
		}
		for _, x := range r.signals {
			if len(x) == 0 || len(x) > lim.values || len(x) != len(r.signals[0]) {
				t.Fatalf("%d samples", len(x))
			}
			for _, v := range x {
				if math.IsInf(v, 0) {
					t.Fatalf("a sample of %v", v)
				}
			}
		}
	})
}
