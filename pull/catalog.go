package pull

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"medml/internal/nearest"
)

// Set is a public data set.
type Set struct {
	// Name is "medmnist:breastmnist": the collection and the name in it.
	Name  string
	Title string
	// Licence is that of the data.
	Licence string
	// base is the address of the folder that the files are in, under is that folder's in a
	// mirror.
	base, under string
	// files are the set's, where their checksums are known here.
	files []file
	// only, where the checksums come from the server's own list, says which files of the
	// list belong to the set: those below a folder ("set-a/") or of a name; none takes all.
	only []string
}

// file is one file of a set.
type file struct {
	name string // slash path below the set's folder
	sum  sum
}

// sum is a checksum: "md5" or "sha256" and hexadecimal digits.
type sum struct{ kind, hex string }

// String returns "md5:…".
func (s sum) String() string { return s.kind + ":" + s.hex }

// Folder is where a set lies below the folder of all data, with slashes.
func (s Set) Folder() string {
	collection, name, _ := strings.Cut(s.Name, ":")
	if collection == "medmnist" {
		return collection // a file each
	}
	return path.Join(collection, name)
}

// The MedMNIST 2-D collection at 28×28 and the MD5 of its files, from Zenodo's record
// 6496656 as medmnist/info.py 2.1.0 gives them (Yang et al. 2023, MedMNIST v2, Scientific
// Data 10:41).
var medmnist = []struct{ name, title, licence, md5 string }{
	{"bloodmnist", "blood cells under the microscope, 8 classes", "CC BY 4.0", "7053d0359d879ad8a5505303e11de1dc"},
	{"breastmnist", "breast ultrasound, malignant or not", "CC BY 4.0", "750601b1f35ba3300ea97c75c52ff8f6"},
	{"chestmnist", "chest X-rays, 14 findings", "CC BY 4.0", "02c8a6516a18b556561a56cbdd36c4a8"},
	{"dermamnist", "dermatoscopy, 7 diseases", "CC BY-NC 4.0", "0744692d530f8e62ec473284d019b0c7"},
	{"octmnist", "retinal OCT, 4 classes", "CC BY 4.0", "c68d92d5b585d8d81f7112f81e2d0842"},
	{"organamnist", "abdominal CT, axial, 11 organs", "CC BY 4.0", "866b832ed4eeba67bfb9edee1d5544e6"},
	{"organcmnist", "abdominal CT, coronal, 11 organs", "CC BY 4.0", "0afa5834fb105f7705a7d93372119a21"},
	{"organsmnist", "abdominal CT, sagittal, 11 organs", "CC BY 4.0", "e5c39f1af030238290b9557d9503af9d"},
	{"pathmnist", "colon histology, 9 tissues", "CC BY 4.0", "a8b06965200029087d5bd730944a56c1"},
	{"pneumoniamnist", "paediatric chest X-rays, pneumonia or not", "CC BY 4.0", "28209eda62fecd6e6a2d98b1501bb15f"},
	{"retinamnist", "fundus photographs, 5 grades of retinopathy", "CC BY 4.0", "bd4c0672f1bba3e3a89f0e4e876791e4"},
	{"tissuemnist", "kidney cortex cells, 8 classes", "CC BY 4.0", "ebe78ee8b05294063de985d821c1c34b"},
}

// Open databases of PhysioNet (Goldberger et al. 2000, Circulation 101:e215). Their
// checksums are those of the SHA256SUMS.txt that PhysioNet serves with each.
var physionet = []struct {
	name, title, folder string
	only                []string
}{
	{"mitdb", "MIT-BIH Arrhythmia Database", "mitdb/1.0.0", nil},
	{"svdb", "MIT-BIH Supraventricular Arrhythmia Database", "svdb/1.0.0", nil},
	{"nsrdb", "MIT-BIH Normal Sinus Rhythm Database", "nsrdb/1.0.0", nil},
	{"afdb", "MIT-BIH Atrial Fibrillation Database", "afdb/1.0.0", nil},
	{"ptbdb", "PTB Diagnostic ECG Database", "ptbdb/1.0.0", nil},
	{"apnea-ecg", "Apnea-ECG Database", "apnea-ecg/1.0.0", nil},
	{"challenge-2012-set-a", "Mortality in the ICU, challenge of 2012, set A", "challenge-2012/1.0.0", []string{"set-a/", "Outcomes-a.txt"}},
	{"challenge-2012-set-b", "Mortality in the ICU, challenge of 2012, set B", "challenge-2012/1.0.0", []string{"set-b/", "Outcomes-b.txt"}},
}

// Sets returns all sets in the order of their names.
func Sets() []Set {
	var sets []Set
	for _, m := range medmnist {
		sets = append(sets, Set{
			Name: "medmnist:" + m.name, Title: m.title, Licence: m.licence,
			base: "https://zenodo.org/records/6496656/files", under: "medmnist",
			files: []file{{m.name + ".npz", sum{"md5", m.md5}}},
		})
	}
	for _, p := range physionet {
		sets = append(sets, Set{
			Name: "physionet:" + p.name, Title: p.title, Licence: "ODC-By 1.0",
			base: "https://physionet.org/files/" + p.folder, under: "physionet/" + p.folder, only: p.only,
		})
	}
	slices.SortFunc(sets, func(a, b Set) int { return strings.Compare(a.Name, b.Name) })
	return sets
}

// Lookup returns the set of that name, with its collection or without.
func Lookup(name string) (Set, error) {
	var known []string
	for _, s := range Sets() {
		_, short, _ := strings.Cut(s.Name, ":")
		if name == s.Name || name == short {
			return s, nil
		}
		if strings.Contains(name, ":") {
			known = append(known, s.Name)
		} else {
			known = append(known, short)
		}
	}
	return Set{}, fmt.Errorf("unknown data set %q%s", name, nearest.Hint(name, known))
}
