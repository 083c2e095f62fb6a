package dataset

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

// zipped returns text compressed.
func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestACompressedTableIsTheTable(t *testing.T) {
	const text = "a,y\n1.5,u\n2,v\n"
	for _, source := range []string{"cases.csv.gz", "cases.CSV.GZ", "cases.csv"} {
		c := Config{Source: source, Target: "y"}
		if err := c.Validate(Classification); err != nil {
			t.Fatal(err)
		}
		b := append(zipped(t, text[:7]), zipped(t, text[7:])...) // two members are one file
		d, err := read(source, bytes.NewReader(b), c, Classification, fileLimits)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != "cases" || d.Len() != 2 || d.Row(0)[0] != 1.5 {
			t.Errorf("%s: got %s, %d examples, %v", source, d.Name, d.Len(), d.Row(0))
		}
	}
}

func TestDamagedCompressedTablesAreRefused(t *testing.T) {
	whole := zipped(t, "a,y\n"+strings.Repeat("1,u\n2,v\n17,w\n", 50))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1
	c := Config{Source: "f.csv.gz", Target: "y"}
	for n := 2; n < len(whole); n++ {
		_, err := read("f.csv.gz", bytes.NewReader(whole[:n]), c, Classification, fileLimits)
		if err == nil || err.Error() != "f.csv.gz: found a compressed file that ends too soon, expected a whole one" {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"a wrong checksum", flipped, "f.csv.gz: found compressed bytes whose checksum is wrong, expected an undamaged file"},
		{"bytes behind the end", append(bytes.Clone(whole), "more bytes than ten"...), "f.csv.gz: found what isn't gzip after its beginning, expected a gzip file"},
		{"a damaged block", append(bytes.Clone(whole[:10]), 0xff, 0xff, 0xff), "f.csv.gz: found damaged compressed bytes, expected an undamaged file"},
	} {
		_, err := read("f.csv.gz", bytes.NewReader(test.file), c, Classification, fileLimits)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func TestACompressedFlowOfLinesIsStopped(t *testing.T) {
	small := fileLimits
	small.bytes = 1 << 20
	bomb := zipped(t, "a,y\n"+strings.Repeat("\n", 8<<20))
	_, err := read("f.csv.gz", bytes.NewReader(bomb), Config{Source: "f.csv.gz", Target: "y"}, Classification, small)
	if want := "f.csv.gz: found more than 1048576 bytes when decompressed, expected a smaller file"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
