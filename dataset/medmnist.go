package dataset

import (
	"path/filepath"
	"strings"
)

// medmnistClasses returns what the numbers of a MedMNIST file's labels stand for, as its
// authors publish them (Yang et al. 2023, MedMNIST v2, medmnist/info.py), or nil for a file
// of another name. The sizes beyond 28 are named breastmnist_64.npz and so on.
func medmnistClasses(path string) []string {
	name := strings.ToLower(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	name, _, _ = strings.Cut(name, "_")
	return medmnist[name]
}

// medmnist has the sets with one label of few classes. The others' labels stay numbers.
var medmnist = map[string][]string{
	"bloodmnist": {
		"basophil", "eosinophil", "erythroblast", "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)",
		"lymphocyte", "monocyte", "neutrophil", "platelet",
	},
	"breastmnist": {"malignant", "normal, benign"},
	"dermamnist": {
		"actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions",
		"dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions",
	},
	"octmnist": {"choroidal neovascularization", "diabetic macular edema", "drusen", "normal"},
	"pathmnist": {
		"adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle", "normal colon mucosa",
		"cancer-associated stroma", "colorectal adenocarcinoma epithelium",
	},
	"pneumoniamnist": {"normal", "pneumonia"},
	"tissuemnist": {
		"Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule", "Glomerular endothelial cells",
		"Interstitial endothelial cells", "Leukocytes", "Podocytes", "Proximal Tubule Segments", "Thick Ascending Limb",
	},
}
