package dataset_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

// shot returns a PNG file of an even grey.
func shot(t testing.TB, width, height int, grey uint8) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = grey
	}
	m.SetGray(0, 0, color.Gray{255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFoldersAreClassesPatientsAndParts(t *testing.T) {
	folder := t.TempDir()
	for i, name := range []string{
		"train/ill/p1/a.png", "train/ill/p1/b.png", "train/well/p2/a.png", "test/well/p3/a.png", "val/ill/p4/a.png",
		"notes.txt", ".hidden/x.png",
	} {
		write(t, folder, name, shot(t, 3, 2, uint8(51*i)))
	}
	c := dataset.Config{Source: folder, Format: "images", Group: "folder", Image: dataset.ImageConfig{Color: "grey"}}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Classes, []string{"ill", "well"}) || !slices.Equal(d.Shape, []int{2, 3, 1}) || d.Target != "class" {
		t.Errorf("classes %v, shape %v, target %s", d.Classes, d.Shape, d.Target)
	}
	in, valid, test := dataset.InTrain, dataset.InValid, dataset.InTest
	if want := []dataset.Part{test, in, in, in, valid}; !slices.Equal(d.Parts, want) || !slices.Equal(d.Groups, []int{0, 1, 1, 2, 3}) {
		t.Errorf("parts %v, patients %v", d.Parts, d.Groups)
	}
	if x := d.Media(0)[5]; x != 0.6 {
		t.Errorf("test/well/p3/a.png is %v, want 0.6", x)
	}
}

func TestATableNamesImages(t *testing.T) {
	folder := t.TempDir()
	for i, name := range []string{"shots/one.png", "shots/two.png", "more/three.png"} {
		write(t, folder, name, shot(t, 2, 2, uint8(51*i)))
	}
	write(t, folder, "labels.csv", "image,dx,who,sex\nthree,bad,p,f\nshots/one.png,good,p,f\ntwo.png,good,q,m\n")
	c := dataset.Config{
		Source: folder, Format: "images", Target: "dx", Group: "who", Positive: "bad", Subgroups: []dataset.Subgroup{{Column: "sex"}},
		Image: dataset.ImageConfig{Labels: "labels.csv", File: "image", Color: "grey", Size: []int{1, 1}},
	}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	sex, _ := d.Attribute("sex")
	if d.Label(0) != 1 || d.Label(1) != 0 || !slices.Equal(d.Groups, []int{0, 0, 1}) || !slices.Equal(sex.Codes, []int32{0, 0, 1}) {
		t.Errorf("labels %d %d, patients %v, sexes %+v", d.Label(0), d.Label(1), d.Groups, sex)
	}
}

func TestEachBadFolderHasItsError(t *testing.T) {
	good := shot(t, 4, 4, 9)
	with := func(c dataset.ImageConfig) dataset.Config { return dataset.Config{Image: c} }
	table := func(text string) map[string]string {
		return map[string]string{"a/1.png": good, "b/2.png": good, "b/1.png": good, "l.csv": text}
	}
	labels := with(dataset.ImageConfig{Labels: "l.csv"})
	for _, test := range []struct {
		name  string
		files map[string]string
		c     dataset.Config
		want  string
	}{
		{"no image", map[string]string{"a/x.txt": "x"}, dataset.Config{}, "DIR: found no image"},
		{"one class", map[string]string{"a/1.png": good, "a/2.png": good}, dataset.Config{}, "found one class only"},
		{"an image beside the folders", map[string]string{"a/1.png": good, "2.png": good}, dataset.Config{}, "DIR/2.png: found an image outside a class's folder"},
		{"no patient's folder", map[string]string{"a/1.png": good, "b/2.png": good}, dataset.Config{Group: "folder"}, "DIR/a/1.png: found an image outside a patient's folder"},
		{"a group that folders don't tell", map[string]string{"a/1.png": good}, dataset.Config{Group: "patient"}, `data.group: "patient" is nothing that folders tell`},
		{"a truncated image", map[string]string{"a/1.png": good, "b/2.png": good[:len(good)-20]}, dataset.Config{}, "DIR/b/2.png: found a corrupt PNG image (png: invalid format: unexpected EOF)"},
		{"an empty image", map[string]string{"a/1.png": good, "b/2.png": ""}, dataset.Config{}, "DIR/b/2.png: found an empty file"},
		{"no image by content", map[string]string{"a/1.png": good, "b/2.png": "<html>"}, dataset.Config{}, "DIR/b/2.png: found no image"},
		{"two sizes", map[string]string{"a/1.png": good, "b/2.png": shot(t, 3, 4, 1)}, dataset.Config{}, "DIR/b/2.png: found an image of shape [4 3 3], expected [4 4 3]"},
		{"an absurd size", map[string]string{"a/1.png": hugePNG(good)}, dataset.Config{}, "found an image of 65535 by 65535 pixels"},
		{"a table that isn't there", map[string]string{"a/1.png": good}, with(dataset.ImageConfig{Labels: "lables.csv"}), "data.image.labels: no such file"},
		{"a table without lines", table("file,class\n"), labels, "l.csv: found no line for any image"},
		{"a table with a ragged line", table("file,class\na/1.png\n"), labels, "l.csv:2: found 1 cells, expected 2"},
		{"no such column", table("path,class\na/1.png,x\n"), labels, `data.image.file: no column "file"`},
		{"a file that isn't there", table("file,class\na/1.png,x\na/9.png,y\n"), labels, "l.csv:3: column file: found a file that isn't there"},
		{"a file outside", table("file,class\n../x.png,x\n"), labels, "l.csv:2: column file: found a file that isn't there"},
		{"a name of two files", table("file,class\n1.png,x\n"), labels, "found a name that several files have"},
		{"a file twice", table("file,class\n2.png,x\nb/2.png,y\n"), labels, "l.csv:3: column file: found a second line for an image"},
		{"a missing class", table("file,class\na/1.png,\n"), labels, "DIR/a/1.png: found no value"},
		{"everything skipped", map[string]string{"a/1.png": "x", "b/2.png": "x"}, with(dataset.ImageConfig{Corrupt: "skip"}), "found no image that can be read"},
	} {
		folder := t.TempDir()
		for name, text := range test.files {
			write(t, folder, name, text)
		}
		test.c.Source, test.c.Format = folder, "images"
		_, err := dataset.Open(test.c, dataset.Classification, "")
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), folder, "DIR"); !strings.Contains(got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// hugePNG has the header of a PNG file promise 65535 by 65535 pixels.
func hugePNG(good string) string {
	b := []byte(good)
	copy(b[16:], "\x00\x00\xff\xff\x00\x00\xff\xff")
	// The header's checksum, as PNG has it.
	copy(b[29:], pngChecksum(b[12:29]))
	return string(b)
}

func TestCorruptImagesAreCountedIfSkipped(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a/1.png", "b/2.png", "b/3.png"} {
		write(t, folder, name, shot(t, 2, 2, 1))
	}
	write(t, folder, "a/bad.png", "\x89PNG\r\n\x1a\n")
	c := dataset.Config{Source: folder, Format: "images", Image: dataset.ImageConfig{Corrupt: "skip"}}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil || d.Skipped != 1 || d.Len() != 3 {
		t.Fatalf("%+v, %v", d, err)
	}
}

func TestALinkOutOfTheFolderIsRefused(t *testing.T) {
	root := t.TempDir()
	write(t, root, "outside/secret.png", shot(t, 2, 2, 1))
	write(t, root, "in/a/1.png", shot(t, 2, 2, 1))
	if err := os.Symlink(filepath.Join(root, "outside", "secret.png"), filepath.Join(root, "in", "a", "2.png")); err != nil {
		t.Fatal(err)
	}
	c := dataset.Config{Source: filepath.Join(root, "in"), Format: "images"}
	if _, err := dataset.Open(c, dataset.Classification, ""); err == nil || !strings.Contains(err.Error(), "escapes") {
		t.Errorf("got %v", err)
	}
}

func TestBrainImagesLoad(t *testing.T) {
	c := dataset.Config{
		Source: dataset.DataFolder(t, "brain_mri"), Format: "images", Positive: "yes",
		Image: dataset.ImageConfig{Size: []int{64, 64}, Color: "grey"},
	}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, d.Len())
	for i := range rows {
		rows[i] = i
	}
	if got := d.Counts(rows); !slices.Equal(got, []int{98, 155}) || !slices.Equal(d.Shape, []int{64, 64, 1}) {
		t.Errorf("%v of shape %v", got, d.Shape)
	}
}

func pngChecksum(chunk []byte) []byte {
	return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk))
}

// The collection holds copies: pictures of one head in several sizes and names. What looks
// alike was looked at, pair by pair; no group mixes the classes.
func TestBrainImagesAreGroupedByLook(t *testing.T) {
	c := dataset.Config{
		Source: dataset.DataFolder(t, "brain_mri"), Format: "images",
		Image: dataset.ImageConfig{Size: []int{64, 64}, Color: "grey", Duplicates: "group"},
	}
	d, err := dataset.Open(c, dataset.Classification, "")
	if err != nil {
		t.Fatal(err)
	}
	sizes, class := map[int]int{}, map[int]int{}
	for i, g := range d.Groups {
		if sizes[g] > 0 && class[g] != d.Label(i) {
			t.Errorf("group %d mixes the classes", g)
		}
		sizes[g]++
		class[g] = d.Label(i)
	}
	largest, copies := 0, 0
	for _, n := range sizes {
		largest = max(largest, n)
		copies += n - 1
	}
	t.Logf("%d images in %d groups, the largest of %d", d.Len(), len(sizes), largest)
	if len(sizes) != 203 || largest != 5 || copies != 50 {
		t.Errorf("%d groups, the largest of %d, %d copies", len(sizes), largest, copies)
	}
}
