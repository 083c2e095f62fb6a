package dataset

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSourcesEndAtTheirLimits holds what a hostile source may ask of the machine.
func TestSourcesEndAtTheirLimits(t *testing.T) {
	small := fileLimits
	small.bytes, small.values, small.record = 1<<16, 4000, 1<<12
	folder := t.TempDir()
	write := func(name, text string) {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if strings.HasSuffix(name, ".gz") {
			z := gzip.NewWriter(f)
			defer z.Close()
			if _, err := z.Write([]byte(text)); err != nil {
				t.Error(err)
			}
			return
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write("o.csv", "id,y\na,1\n")
	write("bomb.csv.gz", "id,time,variable,value\n"+strings.Repeat("a,1,HR,NA\n", 100_000))
	write("many.csv", "id,time,variable,value\n"+strings.Repeat("a,1,HR,80\n", 2000))
	write("long.tsv", "1\t"+strings.Repeat("2\t", 5000)+"\n")
	write("large.tsv", strings.Repeat("1\t"+strings.Repeat("2\t", 100)+"3\n", 100))
	write("wide.ts", "@classLabel true 1\n@data\n"+strings.Repeat(strings.Repeat("1,", 300)+"1:"+strings.Repeat("1:", 300)+"1\n", 10))
	for _, c := range []struct{ file, format, want string }{
		{"bomb.csv.gz", "events", "when decompressed"},
		{"many.csv", "events", "more than 1000 events"},
		{"long.tsv", "ucr", "a line of more than"},
		{"large.tsv", "ucr", "more than 4000 values"},
		{"wide.ts", "ucr", "more than 4000 values"},
	} {
		config := Config{Source: c.file, Format: c.format, Target: "y", Events: EventsConfig{Outcomes: "o.csv"}}
		if c.format != "events" {
			config.Events = EventsConfig{}
		}
		_, err := gather(filepath.Join(folder, c.file), config, Classification, small)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want an error about %q, got %v", c.file, c.want, err)
		}
	}
}
