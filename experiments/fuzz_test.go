package experiments

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParse holds that nothing makes the reader panic, hang or fail without a mistake,
// and that what it accepts comes back the same.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		files, err := filepath.Glob(filepath.Join("testdata", folder, "*.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src, "sampler.seed=3")
			f.Add(src, "")
		}
	}
	for _, override := range []string{"a", "a.b.c={d: [1]}", "space.architecture.of.cnn.depth=2", "metrics[0]=x", "=", ".=."} {
		f.Add([]byte(small), override)
	}
	f.Fuzz(func(t *testing.T, src []byte, override string) {
		var overrides []string
		if override != "" {
			overrides = []string{override}
		}
		s, err := fixed().parse("x.yaml", src, overrides)
		if err != nil {
			var e *Errors
			if !errors.As(err, &e) || len(e.List) == 0 || strings.Count(e.Error(), "\n")+1 != len(e.List) {
				t.Fatalf("%T: %v", err, err)
			}
			e.Excerpts()
			return
		}
		again, err := fixed().fromResolved(s.Resolved())
		if err != nil || !bytes.Equal(again.Resolved(), s.Resolved()) {
			t.Fatalf("%s\nresolved comes back as %v, %v", s.Resolved(), again, err)
		}
		if printed, err := fixed().parse("x.yaml", s.YAML(), nil); err != nil || !bytes.Equal(printed.Resolved(), s.Resolved()) {
			t.Fatalf("%s\nprinted comes back as %v, %v", s.YAML(), printed, err)
		}
	})
}

// FuzzFromResolved holds the same of stored experiments.
func FuzzFromResolved(f *testing.F) {
	s, err := fixed().parse("x.yaml", []byte(small), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Resolved())
	for _, name := range []string{"conditions", "orchestration", "objectives"} {
		src, err := os.ReadFile(filepath.Join("testdata", "good", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		if s, err = fixed().parse(name+".yaml", src, nil); err != nil {
			f.Fatal(err)
		}
		f.Add(s.Resolved())
	}
	f.Add([]byte(`{"version":1,"space":{"architecture":"cnn"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := fixed().fromResolved(b)
		if err == nil {
			Differences(s.Identity(), b)
		}
	})
}

func TestHostileFilesAreRefusedSoon(t *testing.T) {
	repeat := func(s string) string { return strings.Repeat(s, (mostBytes-1000)/len(s)) }
	for name, src := range map[string]string{
		"brackets":            "a: " + repeat("["),
		"braces":              "a: " + repeat("{a: "),
		"dashes":              repeat("- "),
		"question marks":      repeat("? "),
		"merge keys":          "a: " + repeat("<<"),
		"carriage returns":    "a: |\n  " + repeat("\r"),
		"blank lines":         "a: |\n  " + repeat("\n  "),
		"tabs in quotes":      "a: \"" + repeat("\t!"),
		"keys":                repeat("abcdefg: h\n"),
		"words in a list":     "metrics: [" + repeat("a, ") + "a]",
		"aliases":             "a: &a [" + repeat("*a, ") + "a]",
		"quotes":              repeat("'"),
		"a long word":         "name: " + repeat("x"),
		"a long key":          repeat("x") + ": 1",
		"unknown keys nearby": "sampler:\n" + repeat("  sed: 1\n"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if s, err := fixed().parse("x.yaml", []byte(src), nil); err == nil {
				t.Errorf("read as %v", s)
			}
			// A thousandth of what it takes unbounded, and ten times what it takes here.
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}
