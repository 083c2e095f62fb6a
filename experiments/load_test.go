package experiments

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medml/dataset"
)

func TestBundledExperimentsAreFoundByTheirNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"experiments/diagnosis.yaml", "./experiments/diagnosis.yaml", "diagnosis.yaml", "diagnosis"} {
		s, err := Load(name, []string{"sampler.seed=7"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if s.Name != "diagnosis" || s.Sampler.Seed != 7 {
			t.Errorf("%s is %s with seed %d", name, s.Name, s.Sampler.Seed)
		}
	}
}

func TestAFileComesBeforeABundledExperiment(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "diagnosis.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(small, "random", "tpe", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Description != "" || s.Dir != dir || s.File != file || s.Name != "diagnosis" {
		t.Errorf("read %q of %q, named %q (%q)", s.File, s.Dir, s.Name, s.Description)
	}
}

func TestAFileThatIsNotThereNamesTheBundledOnes(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("large.yaml", make([]byte, mostBytes+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"experiments/nope.yaml":      "experiments/nope.yaml: no such file; bundled experiments: diagnosis (medml experiments lists them)",
		"experiments/diagnossi.yaml": "experiments/diagnossi.yaml: no such file; did you mean experiments/diagnosis.yaml? bundled experiments: diagnosis (medml experiments lists them)",
		"folder":                     "folder: a folder, expected an experiment's file; bundled experiments: diagnosis (medml experiments lists them)",
		"large.yaml":                 "large.yaml: the file is larger than 128 KiB; an experiment takes a few KiB; is this another file?",
	} {
		if _, err := Load(file, nil); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestNamesComeFromFiles(t *testing.T) {
	for file, want := range map[string]string{
		"a/sepsis.yaml": "sepsis", "my sweep.yaml": "my-sweep", ".hidden": "experiment", "é.yml": "experiment",
		"-.yaml": "experiment", "x.y.yaml": "x.y", strings.Repeat("a", 100) + ".yaml": strings.Repeat("a", 64), "": "experiment",
	} {
		got := nameOf(file)
		if got != want || !nameForm.MatchString(got) {
			t.Errorf("%q is named %q, want %q", file, got, want)
		}
	}
}

func TestEveryBundledExperimentIsWhatItSays(t *testing.T) {
	examples := Bundled()
	if len(examples) == 0 {
		t.Fatal("no bundled experiments")
	}
	for _, e := range examples {
		s, err := Parse(e.Name+".yaml", e.YAML, nil)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if s.Name != e.Name || s.Description == "" || e.Title == "" || strings.ContainsAny(e.Title, "#\n") {
			t.Errorf("%s is named %q, titled %q, described %q", e.Name, s.Name, e.Title, s.Description)
		}
		if _, err := dataset.Open(s.Data, s.Task, s.Dir); err != nil {
			t.Errorf("%s: %v", e.Name, s.Place("data", err))
		}
	}
}

func TestWhatOpeningTheDataFindsIsPlacedInTheFile(t *testing.T) {
	src := strings.Replace(small, `{source: "builtin:wdbc"}`, "\n  source: builtin:wdbc\n  features: [radius_mean, radius_men]", 1)
	s, err := Parse("x.yaml", []byte(src), []string{"data.group=patient"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = dataset.Open(s.Data, s.Task, s.Dir)
	got := s.Place("data", err)
	if got == nil || !strings.HasPrefix(got.Error(), "x.yaml:5:27: data.features[1]: ") && !strings.HasPrefix(got.Error(), "--set data.group=patient: ") {
		t.Errorf("got %v", got)
	}
	if other := os.ErrClosed; s.Place("data", other) != other {
		t.Error("another error was changed")
	}
}
