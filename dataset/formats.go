package dataset

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// format reads one kind of file.
type format struct {
	extensions []string // of file names, in lower case
	// read streams the file's rows into a table. An error about what the file holds is a
	// [*CellError]; one that the table returns is passed on as it is.
	read func(file string, r io.Reader, lim limits, into table) error
	// gather, in its stead, reads the examples of a source that isn't a table.
	gather func(o *origin, c Config, lim limits, into *cases) error
	// target is what [Config.Target] is where it isn't said; "" makes that an error.
	target string
	// group is what [Config.Group] is where it isn't said.
	group string
}

// table takes a file's rows as they are read.
type table interface {
	// header takes the names of the columns, once, before any row.
	header(line int, names []string) error
	// row takes one example. The cells are valid until row returns.
	row(line int, cells []string) error
}

// formats is the table of formats by name.
var formats = map[string]format{
	"arff":    {extensions: []string{".arff"}, read: readARFF},
	"csv":     {extensions: []string{".csv"}, read: delimited(',')},
	"dicom":   {extensions: []string{".dcm", ".dicom", ".ima"}, gather: gatherDicom, target: dicomTarget, group: "PatientID"},
	"edf":     {extensions: []string{".edf", ".bdf"}, gather: gatherEDF, target: "annotation"},
	"events":  {gather: gatherEvents},
	"images":  {gather: gatherImages, target: "class"},
	"nifti":   {extensions: []string{".nii"}, gather: gatherNifti, target: "class"},
	"npy":     {extensions: []string{".npy"}, gather: gatherNpy, target: "labels.npy"},
	"npz":     {extensions: []string{".npz"}, gather: gatherNpz, target: "labels"},
	"parquet": {extensions: []string{".parquet", ".pq"}, read: readParquet},
	"tsv":     {extensions: []string{".tsv", ".tab"}, read: delimited('\t')},
	"ucr":     {extensions: []string{".ts"}, gather: gatherUCR, target: "class"},
	"wfdb":    {extensions: []string{".hea"}, gather: gatherWFDB, target: "beat"},
}

// limits bound what a file may ask of the machine's memory.
type limits struct {
	bytes   int64 // of a file
	record  int   // bytes of one line, with the lines that its quotes hold
	columns int   // of a file
	values  int   // features × examples of a dataset
	words   int   // different words of a column of words
	classes int   // of a classification
	files   int   // of a folder
}

var fileLimits = limits{
	bytes:   1 << 30,
	record:  8 << 20,
	columns: 100_000,
	values:  1 << 27,
	words:   50,
	classes: 1000,
	files:   1 << 20,
}

// formatOf guesses a file's format from its name, "" if it can't.
func formatOf(source string) string {
	if strings.HasPrefix(source, builtinPrefix) {
		return "csv"
	}
	source = strings.ToLower(source)
	if collection, _, inside, ok := pulled(source); ok && inside == "" {
		if f := collections[collection]; formats[f].gather != nil {
			return f
		}
	}
	whole := formatOfExtension(filepath.Ext(source))
	inner, zipped := strings.CutSuffix(source, ".gz")
	if f := formatOfExtension(filepath.Ext(inner)); zipped && whole == "" && formats[f].read != nil {
		return f
	}
	return whole
}

func formatOfExtension(ext string) string {
	for _, name := range names(formats) {
		if slices.Contains(formats[name].extensions, ext) {
			return name
		}
	}
	return ""
}

// names returns the names of a table in the order of the alphabet.
func names[T any](table map[string]T) []string { return slices.Sorted(maps.Keys(table)) }
