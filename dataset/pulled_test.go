package dataset_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medml/dataset"
)

func TestAPulledSetIsOpenedByItsName(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	c := dataset.Config{Source: "medmnist:breastmnist", Positive: "malignant"}
	_, err := dataset.Open(c, dataset.Classification, "/")
	var field *dataset.FieldError
	if !errors.As(err, &field) || field.Field != "source" || !strings.HasSuffix(field.Msg, "fetch it with medml data pull medmnist:breastmnist") {
		t.Fatalf("not there: %v", err)
	}
	b, err := os.ReadFile(filepath.Join(dataset.DataFolder(t, "breastmnist"), "breastmnist.npz"))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(home, "medml", "data", "medmnist")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "breastmnist.npz"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(c, dataset.Classification, "/")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Split(dataset.SplitConfig{}, stream(1))
	if err != nil || len(s.Test) != 156 || len(s.Folds) != 5 || len(s.Folds[0].Train)+len(s.Folds[0].Valid) != 624 {
		t.Errorf("%d are tested, %d folds: %v", len(s.Test), len(s.Folds), err)
	}
	s, err = d.Split(dataset.SplitConfig{Kind: "predefined"}, stream(1))
	if err != nil || len(s.Test) != 156 || len(s.Folds) != 1 || len(s.Folds[0].Train) != 546 {
		t.Errorf("as published: %d are tested, %d folds: %v", len(s.Test), len(s.Folds), err)
	}
}

func TestSourcesOfACollectionStayInIt(t *testing.T) {
	for _, source := range []string{"medmnist:", "medmnist:../x", "medmnist:a/../../x", "physionet:a//etc/passwd/../../..", "physionet:a b", "medmnist:.hidden"} {
		c := dataset.Config{Source: source, Format: "csv", Target: "y"}
		if err := c.Validate(dataset.Classification); err == nil || !strings.Contains(err.Error(), "names no set") {
			t.Errorf("%s: %v", source, err)
		}
	}
	t.Setenv("XDG_DATA_HOME", "relative") // the specification has it ignored
	t.Setenv("HOME", "/home/somebody")
	if home, err := dataset.DataHome(); err != nil || home != "/home/somebody/.local/share/medml/data" {
		t.Errorf("%s, %v", home, err)
	}
}
