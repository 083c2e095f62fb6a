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
		"experiments/nope.yaml":      "experiments/nope.yaml: no such file; bundled experiments: arrhythmia, brain_mri, breast_ultrasound, diabetes, diagnosis, ecg200, heart, icu_mortality (medml experiments lists them)",
		"experiments/diagnossi.yaml": "experiments/diagnossi.yaml: no such file; did you mean experiments/diagnosis.yaml? bundled experiments: arrhythmia, brain_mri, breast_ultrasound, diabetes, diagnosis, ecg200, heart, icu_mortality (medml experiments lists them)",
		"folder":                     "folder: a folder, expected an experiment's file; bundled experiments: arrhythmia, brain_mri, breast_ultrasound, diabetes, diagnosis, ecg200, heart, icu_mortality (medml experiments lists them)",
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
		if _, err := FromResolved(s.Resolved()); err != nil {
			t.Errorf("%s can't be read again as it is stored: %v", e.Name, err)
		}
		if strings.HasPrefix(s.Data.Source, "builtin:") {
			if _, err := dataset.Open(s.Data, s.Task, s.Dir); err != nil {
				t.Errorf("%s: %v", e.Name, s.Place("data", err))
			}
		}
	}
}

// beside says where the data of the bundled experiments that bring none lie in the folder
// of real data.
var beside = map[string][]string{
	"arrhythmia":        {"data.source=mitdb"},
	"brain_mri":         {"data.source=brain_mri", "data.split.outer=1"},
	"breast_ultrasound": {"data.source=breastmnist/breastmnist.npz"},
	"ecg200":            {"data.source=ucr/ECG200"},
	"heart":             {"data.source=uci_heart/processed.cleveland.csv", "data.split.external=uci_heart/processed.hungarian.csv"},
	"icu_mortality":     {"data.source=physionet2012/set-a.tar.gz"},
}

func TestEveryBundledExperimentFitsItsData(t *testing.T) {
	root := realData(t)
	for _, e := range Bundled() {
		sets, ok := beside[e.Name]
		if !ok {
			continue // its data are built in
		}
		t.Run(e.Name, func(t *testing.T) {
			s, err := Parse(filepath.Join(root, e.Name+".yaml"), e.YAML, sets)
			if err != nil {
				t.Fatal(err)
			}
			s.Dir = root
			if _, err := s.Build(); err != nil {
				t.Error(err)
			}
		})
	}
}

// realData returns the folder of real data. Where there is none the test is skipped, or
// fails where MEDML_REQUIRE_DATA is 1.
func realData(t *testing.T) string {
	t.Helper()
	root := os.Getenv("MEDML_TESTDATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	root, err := filepath.Abs(root)
	if err == nil {
		_, err = os.Stat(root)
	}
	switch {
	case err == nil:
		return root
	case os.Getenv("MEDML_REQUIRE_DATA") == "1":
		t.Fatalf("no real data: %v", err)
	}
	t.Skipf("no real data (MEDML_TESTDATA names their folder): %v", err)
	return ""
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
