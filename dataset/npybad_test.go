package dataset_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

// npy returns a NumPy file of version 1.0.
func npy(descr, shape, data string) string {
	return npyRaw(fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape), data)
}

func npyRaw(header, data string) string {
	return fmt.Sprintf("\x93NUMPY\x01\x00%c%c%s%s", len(header)&255, len(header)>>8, header, data)
}

// npz returns an archive.
func npz(t testing.TB, arrays map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var names []string
	for name := range arrays {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name + ".npy")
		if err == nil {
			_, err = w.Write([]byte(arrays[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeNpz(t testing.TB, path string, arrays map[string]string) {
	t.Helper()
	write(t, filepath.Dir(path), filepath.Base(path), npz(t, arrays))
}

// write writes a file below a folder.
func write(t testing.TB, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEachBadArchiveHasItsError(t *testing.T) {
	x, y := npy("|u1", "2, 2", "\x00\x01\x02\x03"), npy("|u1", "2,", "\x00\x01")
	with := func(x, y string) string { return npz(t, map[string]string{"X": x, "y": y}) }
	whole := with(x, y)
	flipped := []byte(whole)
	flipped[50] ^= 16 // inside the first array
	for _, test := range []struct{ name, file, want string }{
		{"no archive", "X", "no whole archive"},
		{"cut off", whole[:len(whole)-30], "no whole archive"},
		{"damaged", string(flipped), "a.npz: array X: found"},
		{"no target", npz(t, map[string]string{"X": x, "label": y}), `data.target: no array "y"`},
		{"no features", npz(t, map[string]string{"x": x, "y": y}), `data.features: no array "X" in DIR/a.npz; did you mean x or y?`},
		{"labels of another length", with(x, npy("|u1", "3,", "\x00\x01\x02")), "expected one value for each of 2 examples"},
		{"several labels", with(x, npy("|u1", "2, 2", "\x00\x01\x02\x03")), "expected one value for each of 2 examples"},
		{"data that end too early", with(npy("|u1", "2, 2", "\x00\x01\x02"), y), "array X: found 3 bytes of data, expected 4, as its header says: it is cut off"},
		{"data that go on", with(npy("|u1", "2, 2", "\x00\x01\x02\x03\x04"), y), "found more than 4 bytes of data"},
		{"a shape beyond all memory", with(npy("<f8", "2, 99999999, 99999999", ""), y), "found an array of shape [2 99999999 99999999]"},
		{"a side beyond an integer", with(npy("<f8", "2, 99999999999999999999", ""), y), `found a shape with a side of "9999999999999999…"`},
		{"a negative side", with(npy("<f8", "2, -1", ""), y), "a header that isn't NumPy's"},
		{"a side of nothing", with(npy("<f8", "2, 0", ""), y), "an array of shape [2 0]"},
		{"a scalar", with(npy("<f8", "", "12345678"), y), "an array of shape []"},
		{"words to learn from", with(npy("|S1", "2, 1", "ab"), y), "an array of shape [2 1] of type S1"},
		{"objects", with(npyRaw("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", ""), y), "elements that are objects"},
		{"records", with(npyRaw("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", ""), y), "elements that are objects, records"},
		{"half floats", with(npy("<f2", "2,", "1234"), y), "elements of type f2"},
		{"a header of the wrong form", with(npyRaw("{'descr", ""), y), "a header that isn't NumPy's"},
		{"a header beyond bounds", with("\x93NUMPY\x02\x00\xff\xff\xff\xff", y), "a header of more than 10000 bytes"},
		{"a header cut off", with("\x93NUMPY\x01\x00\x76\x00{", y), "an array that is cut off"},
		{"a version to come", with("\x93NUMPY\x09\x00\x76\x00{", y), "version 9"},
		{"infinity", with(npy("<f4", "2,", "\x00\x00\x80\x7f\x00\x00\x00\x00"), y), "array X: example 1: found an infinite value"},
		{"a name out of the archive", npz(t, map[string]string{"X": x, "y": y, "../../z": y}), "expected names without a path out of the archive"},
		{"parts of different shapes", npz(t, map[string]string{
			"train_images": npy("|u1", "2, 1, 1", "ab"), "train_y": y, "val_images": npy("|u1", "2, 2", "abcd"), "val_y": y,
		}), "array val_images: found examples of shape [2], expected [1 1 1], as in the part before"},
		{"a part that is missing", npz(t, map[string]string{"train_images": npy("|u1", "2, 1, 1", "ab"), "train_y": y}), `no array "val_images"`},
	} {
		folder := t.TempDir()
		write(t, folder, "a.npz", test.file)
		_, err := dataset.Open(dataset.Config{Source: "a.npz", Target: "y"}, dataset.Classification, folder)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), folder, "DIR"); !strings.Contains(got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}
