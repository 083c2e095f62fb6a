package experiments

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/trainer"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fixed is a catalog that doesn't change with the trainer, so that golden files don't.
func fixed() catalog {
	number := func(name string, low, high, def float64) trainer.Hyper {
		return trainer.Hyper{Name: name, Kind: medml.Float, Low: low, High: high, Default: medml.FloatValue(def)}
	}
	whole := func(name string, low, high float64, def int) trainer.Hyper {
		return trainer.Hyper{Name: name, Kind: medml.Int, Low: low, High: high, Default: medml.IntValue(def)}
	}
	word := func(name string, choices ...string) trainer.Hyper {
		return trainer.Hyper{Name: name, Kind: medml.Categorical, Choices: choices, Default: medml.StringValue(choices[0])}
	}
	truth := func(name string) trainer.Hyper {
		return trainer.Hyper{Name: name, Kind: medml.Categorical, Bool: true, Default: medml.BoolValue(false)}
	}
	return catalog{
		architectures: []string{"autoencoder", "cnn", "lstm"},
		training: []trainer.Hyper{
			number("learning_rate", 1e-9, 10, 1e-3), whole("batch_size", 1, 65536, 32), number("dropout", 0, 0.95, 0),
			number("weight_decay", 0, 10, 0), word("optimizer", "adamw", "adam", "sgd"), number("momentum", 0, 0.9999, 0.9),
			word("schedule", "cosine", "constant", "step"), number("clip_norm", 0, math.Inf(1), 1), word("class_weight", "none", "balanced"),
		},
		own: map[string][]trainer.Hyper{
			"autoencoder": {whole("latent", 1, 4096, 8), whole("hidden", 1, 8192, 64), number("reconstruction_weight", 0, 1000, 0.1)},
			"cnn":         {whole("filters", 1, 1024, 32), whole("kernel", 1, 63, 3), whole("depth", 1, 8, 2), truth("batch_norm")},
			"lstm":        {word("cell", "lstm", "gru", "rnn"), whole("hidden", 1, 1024, 32), truth("bidirectional")},
		},
	}
}

// files returns the experiments of a folder of testdata.
func files(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join("testdata", folder, "*.yaml"))
	if err != nil || len(list) == 0 {
		t.Fatalf("no files in testdata/%s: %v", folder, err)
	}
	return list
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// golden compares what a test made with what the file beside its input says.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(read(t, file)), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestEachMistakeIsToldWithItsPlace(t *testing.T) {
	for _, file := range files(t, "bad") {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			spec, err := fixed().parse(name+".yaml", read(t, file), nil)
			var e *Errors
			if !errors.As(err, &e) || spec != nil {
				t.Fatalf("got %v, %v; want mistakes", spec, err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".err", []byte(e.Excerpts()))
			if want := len(e.List); strings.Count(e.Error(), "\n")+1 != want {
				t.Errorf("%d mistakes take other than a line each:\n%s", want, e.Error())
			}
			for _, p := range e.List {
				if p.Line < 1 || p.Column < 1 {
					t.Errorf("%q has no place", p.Msg)
				}
			}
		})
	}
}

func TestGoodFilesResolveAsWritten(t *testing.T) {
	for _, file := range files(t, "good") {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			s, err := fixed().parse(name+".yaml", read(t, file), nil)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".resolved", s.YAML())
		})
	}
}

func TestResolvedAndPrintedExperimentsComeBackTheSame(t *testing.T) {
	for _, file := range files(t, "good") {
		s, err := fixed().parse(file, read(t, file), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := fixed().fromResolved(s.Resolved())
		if err != nil {
			t.Fatalf("%s: resolved form isn't an experiment: %v", file, err)
		}
		if !bytes.Equal(again.Resolved(), s.Resolved()) {
			t.Errorf("%s: resolved twice:\n%s\n%s", file, s.Resolved(), again.Resolved())
		}
		if diff := cmp.Diff(s.Space(), again.Space(), cmp.Comparer(func(a, b medml.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s: space changed:\n%s", file, diff)
		}
		printed, err := fixed().parse(file, s.YAML(), nil)
		if err != nil {
			t.Fatalf("%s: printed form isn't an experiment: %v\n%s", file, err, s.YAML())
		}
		if !bytes.Equal(printed.Resolved(), s.Resolved()) {
			t.Errorf("%s: printed and read:\n%s\n%s", file, s.Resolved(), printed.Resolved())
		}
	}
}
