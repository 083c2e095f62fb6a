package dataset_test

import (
	"os"
	"path/filepath"
	"testing"

	"medml/dataset"
)

func TestAFoldersFormatIsThatOfItsFiles(t *testing.T) {
	for want, files := range map[string][]string{
		"images": {"ill/1.PNG", "well/2.jpeg", "labels.csv", "README"},
		"dicom":  {"a/b/1.dcm", "a/b/2.IMA"},
		"nifti":  {"ill/1.nii.gz", "well/2.nii", "labels.tsv"},
		"wfdb":   {"100.hea", "100.dat", "100.atr"},
		"edf":    {"night.edf", "labels.csv"},
		"ucr":    {"ECG_TRAIN.tsv", "ECG_TEST.tsv", "README.md"},
		"":       {"1.png", "2.dcm"},
	} {
		if got := dataset.FormatWithin(folderOf(t, files)); got != want {
			t.Errorf("%v: %q, want %q", files, got, want)
		}
	}
	for _, files := range [][]string{nil, {"a.csv", "b.csv"}, {"notes.txt"}, {"x.npz"}} {
		if got := dataset.FormatWithin(folderOf(t, files)); got != "" {
			t.Errorf("%v: %q", files, got)
		}
	}
	if got := dataset.FormatWithin(filepath.Join(t.TempDir(), "none")); got != "" {
		t.Errorf("a folder that there isn't: %q", got)
	}
}

func folderOf(t *testing.T, files []string) string {
	folder := t.TempDir()
	for _, name := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
