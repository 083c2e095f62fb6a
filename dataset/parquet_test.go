package dataset_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"medml/dataset"
)

// pyarrowFile returns a file of testdata/pyarrow.
func pyarrowFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "pyarrow", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readParquet(b []byte, c dataset.Config, task dataset.Task) (*dataset.Dataset, error) {
	if c.Target == "" {
		c.Target = "y"
	}
	c.Source = "f.parquet"
	return dataset.Read("f.parquet", bytes.NewReader(b), c, task)
}

func TestParquetFilesOfPyarrowAreTheTable(t *testing.T) {
	want := table(read(t, string(pyarrowFile(t, "table.csv")), dataset.Config{}, dataset.Classification))
	for _, name := range []string{"snappy", "gzip", "zstd", "plain"} {
		d, err := readParquet(pyarrowFile(t, name+".parquet"), dataset.Config{}, dataset.Classification)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, table(d)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDatesAreWritten(t *testing.T) {
	d, err := readParquet(pyarrowFile(t, "dates.parquet"), dataset.Config{}, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	want := "[a when=1969-12-31 when=2020-02-29 at=1969-12-31T23:59:59.999Z at=1970-01-01T00:00:00.001Z]"
	if got := fmt.Sprint(d.Features); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type record struct {
	A *float64 `parquet:"a,optional,plain"`
	B int32    `parquet:"b,plain"`
	W string   `parquet:"w,dict"`
	Y string   `parquet:"y,dict,snappy"`
}

func written(t rapid.TB, records []record) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[record](&b)
	if _, err := w.Write(records); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParquetComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(4, 200).Draw(rt, "rows")
		records := make([]record, n)
		var text strings.Builder
		text.WriteString("a,b,w,y\n")
		for i := range records {
			r := &records[i]
			a := ""
			if i < 2 || rapid.Bool().Draw(rt, "known") {
				x := rapid.Float64Range(-1e30, 1e30).Draw(rt, "a")
				r.A, a = &x, fmt.Sprint(x)
			}
			r.B, r.W, r.Y = rapid.Int32().Draw(rt, "b"), rapid.SampledFrom([]string{"u", "v", "w"}).Draw(rt, "w"), fmt.Sprint("class ", i%2)
			fmt.Fprintf(&text, "%s,%d,%s,%s\n", a, r.B, r.W, r.Y)
		}
		d, err := readParquet(written(rt, records), dataset.Config{}, dataset.Classification)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(table(read(t, text.String(), dataset.Config{}, dataset.Classification)), table(d)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestParquetFilesThatAreRefused(t *testing.T) {
	whole := pyarrowFile(t, "snappy.parquet")
	huge := bytes.Clone(whole)
	copy(huge[len(huge)-8:], "\xff\xff\xff\x7f")
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "f.parquet: found no Parquet file, or a part of one, expected PAR1 at its beginning and end"},
		{"a table of text", []byte("a,y\n1,2\n3,4\n5,6\n"), "f.parquet: found no Parquet file, or a part of one, expected PAR1 at its beginning and end"},
		{"a footer larger than the file", huge, "f.parquet: found metadata of 2147483647 bytes, expected at most 4194304, within the file"},
		{"lists", pyarrowFile(t, "nested.parquet"), "f.parquet: column a: found a nested or repeated column, expected one value in each row"},
		{"LZ4", pyarrowFile(t, "lz4.parquet"), "f.parquet: column a: found compression LZ4_RAW, expected snappy, gzip, zstd or none"},
		{"deltas", pyarrowFile(t, "delta.parquet"), "f.parquet: column a: found the encoding DELTA_BINARY_PACKED, expected plain, dictionary or byte stream split"},
	} {
		_, err := readParquet(test.file, dataset.Config{}, dataset.Classification)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
	}
	for n := range whole {
		if _, err := readParquet(whole[:n], dataset.Config{}, dataset.Classification); err == nil {
			t.Fatalf("the first %d bytes of %d suffice", n, len(whole))
		}
	}
}

func TestAFlippedByteIsAnErrorOrAnotherTable(t *testing.T) {
	step := 23
	if os.Getenv("MEDML_LONG") != "" {
		step = 1
	}
	for _, name := range []string{"snappy", "gzip", "zstd", "plain"} {
		whole := pyarrowFile(t, name+".parquet")
		for at := 0; at < len(whole); at += step {
			for _, flip := range []byte{0x01, 0x80, 0xff} {
				b := bytes.Clone(whole)
				b[at] ^= flip
				d, err := readParquet(b, dataset.Config{}, dataset.Classification)
				if err == nil {
					check(t, d)
				}
			}
		}
	}
}

// FuzzParquet holds the reader to: no panic, one line of error, or a dataset whose parts
// agree.
func FuzzParquet(f *testing.F) {
	for _, name := range []string{"snappy", "gzip", "zstd", "plain", "dates", "nested", "lz4", "delta"} {
		f.Add(pyarrowFile(f, name+".parquet"))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := readParquet(b, dataset.Config{}, dataset.Classification)
		if err != nil {
			if s := err.Error(); strings.ContainsAny(s, "\n\x1b") {
				t.Fatalf("not one line of error: %q", s)
			}
			return
		}
		check(t, d)
	})
}
