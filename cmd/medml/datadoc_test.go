package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What docs/data.md names: files and folders of the real data, and of package dataset's
// fixtures.
var (
	docData = map[string]string{
		"processed.cleveland.csv": "uci_heart", "BBBP.csv": "moleculenet", "breastmnist.npz": "breastmnist",
		"set-a.tar.gz": "physionet2012", "Outcomes-a.txt": "physionet2012", "brain_mri": ".", "ECG200": "ucr",
	}
	docFixtures = map[string]string{"visits.parquet": "pyarrow/zstd.parquet", "night.edf": "signals/small.edf", "breaths.npy": "numpy/breaths.npy", "asleep.npy": "numpy/asleep.npy"}
)

// Each experiment that docs/data.md shows is valid, and each description that it shows is
// what `medml data info` says of it.
func TestTheDocumentedDataSectionsAreRight(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "data.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := docFolder(t)
	t.Chdir(dir)
	checked, title := 0, ""
	blocks := strings.Split(string(text), "```")
	for i := 1; i+2 < len(blocks); i += 2 {
		data, ok := strings.CutPrefix(blocks[i], "yaml\n")
		if !ok {
			continue
		}
		if at := strings.LastIndex(blocks[i-1], "\n## "); at >= 0 {
			title, _, _ = strings.Cut(blocks[i-1][at+4:], "\n")
		}
		file := fmt.Sprintf("doc%d.yaml", i)
		if err := os.WriteFile(file, []byte(docExperiment(data)), 0o644); err != nil {
			t.Fatal(err)
		}
		info, err := describeExperiment(file, nil)
		if err != nil {
			t.Errorf("%s: %v", title, err)
			continue
		}
		shown, ok := strings.CutPrefix(blocks[i+2], "text\n")
		if !ok {
			t.Errorf("%s: no description follows the experiment", title)
			continue
		}
		var out bytes.Buffer
		if err := printDescription(&out, info); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(strings.Fields(out.String()), " ")
		for line := range strings.Lines(shown) {
			if want := strings.Join(strings.Fields(line), " "); !strings.Contains(said, want) {
				t.Errorf("%s: %q isn't in\n%s", title, want, out.String())
			}
		}
		checked++
	}
	if checked < 12 {
		t.Errorf("%d experiments were checked", checked)
	}
}

// docExperiment is an experiment with that data section.
func docExperiment(data string) string {
	rest := "version: 1\n"
	if !strings.HasPrefix(data, "task:") {
		rest += "task: classification\n"
	}
	return rest + "objective: {metric: accuracy}\nspace: {architecture: mlp, layers: 0}\nsampler: {name: grid}\nbudget: {epochs: 1}\n" + data
}

// docFolder has the files that the document names.
func docFolder(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"uci_heart", "moleculenet", "breastmnist", "physionet2012", "brain_mri", "ucr", "dicom", "mitdb", "registry"} {
		if ok, err := hasData(name); err != nil {
			t.Fatal(err)
		} else if !ok {
			t.Skipf("no data %s: set MEDML_TESTDATA to the folder that has them", name)
		}
	}
	root, err := dataRoot()
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "dataset", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put := func(name, from string) {
		t.Helper()
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(from); err == nil && info.IsDir() {
			if err := os.Symlink(from, to); err != nil {
				t.Fatal(err)
			}
			return
		}
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, folder := range docData {
		put(name, filepath.Join(root, folder, name))
	}
	for name, file := range docFixtures {
		put(name, filepath.Join(fixtures, file))
	}
	put("diabetes.arff", filepath.Join(root, "registry", "weka_diabetes.arff"))
	for _, name := range []string{"106.hea", "106.dat", "106.atr", "119.hea", "119.dat", "119.atr"} {
		put("ecg/"+name, filepath.Join(root, "mitdb", name))
	}
	putStudies(t, dir, filepath.Join(root, "dicom"))
	for i, name := range []string{"int16.nii", "float64.nii.gz", "uint8.nii", "float32.nii"} {
		put(fmt.Sprintf("brains/%s/%d%s", []string{"ill", "well"}[i/2], i, name[strings.Index(name, "."):]), filepath.Join(fixtures, "nifti", name))
	}
	for name, text := range docTexts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// docTexts are small files that the document names.
var docTexts = map[string]string{
	"scans.csv": "image,patient,tumour\nyes/Y1,p1,glioma\nyes/Y10,p1,glioma\nyes/Y101.jpg,p2,glioma\nNo11,p3,none\nNo12,p4,none\n",
}

// putStudies puts four patients' images into studies: the real two, and each under another
// name.
func putStudies(t *testing.T, dir, from string) {
	t.Helper()
	for class, name := range map[string]string{"ct": "CT_small.dcm", "mr": "MR_small.dcm"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, "studies", class)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		id := map[string]string{"ct": "1CT1", "mr": "4MR1"}[class]
		for i, file := range [][]byte{b, bytes.Replace(b, []byte(id), []byte("X"+id[1:]), 1)} {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.dcm", i+1)), file, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
