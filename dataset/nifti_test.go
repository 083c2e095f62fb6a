package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

type niftiFact struct {
	Affine                   [3][4]float64
	Sum                      float64
	Sagittal, Coronal, Axial struct {
		Shape    []int
		Values   []float64
		Weighted float64
	}
}

func readNiftiFacts(t *testing.T) map[string]niftiFact {
	t.Helper()
	text, err := os.ReadFile("testdata/nifti/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string]niftiFact
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestVolumesAreWhatNibabelReads(t *testing.T) {
	facts := readNiftiFacts(t)
	if len(facts) < 18 {
		t.Fatalf("%d facts", len(facts))
	}
	for name, want := range facts {
		path := filepath.Join("testdata", "nifti", name)
		if strings.HasPrefix(name, "JHU") {
			path = filepath.Join(filepath.Dir(dicomFolder(t)), "nifti", name)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		v, err := openNifti(name, file)
		if err != nil {
			t.Error(err)
			continue
		}
		for i, row := range want.Affine {
			for j, x := range row {
				if math.Abs(v.affine[i][j]-x) > 1e-5*(1+math.Abs(x)) {
					t.Errorf("%s: affine %v, want %v", name, v.affine, want.Affine)
				}
			}
		}
		sum := 0.0
		for z := range v.sides[2] {
			for y := range v.sides[1] {
				for x := range v.sides[0] {
					sum += v.at(x, y, z)
				}
			}
		}
		if math.Abs(sum-want.Sum) > 1e-9*(1+math.Abs(want.Sum)) {
			t.Errorf("%s: sum %v, want %v", name, sum, want.Sum)
		}
		lie := v.canonical()
		for axis, slice := range []struct {
			Shape    []int
			Values   []float64
			Weighted float64
		}{want.Sagittal, want.Coronal, want.Axial} {
			p, err := v.slice(lie, axis, v.side(lie, axis)/2)
			if err != nil || p.height != slice.Shape[0] || p.width != slice.Shape[1] {
				t.Errorf("%s, axis %d: %d by %d, want %v; %v", name, axis, p.height, p.width, slice.Shape, err)
				continue
			}
			weighted := 0.0
			for i, x := range p.pix {
				weighted += float64(x) * float64(i%97)
			}
			if math.Abs(weighted-slice.Weighted) > 1e-6*(1+math.Abs(slice.Weighted)) || slice.Values != nil && far(p.pix, slice.Values) > 1e-4 {
				t.Errorf("%s, axis %d: %v, want %v", name, axis, p.pix, slice.Values)
			}
		}
	}
}

// volumes returns the whole committed volumes.
func volumes(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/nifti/*.nii*")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	all := map[string]string{}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = string(file)
	}
	return all
}

func TestATruncatedVolumeIsAnError(t *testing.T) {
	for name, file := range volumes(t) {
		for cut := range len(file) {
			if _, err := openNifti(name, []byte(file[:cut])); err == nil {
				t.Fatalf("%s cut to %d of %d bytes gave no error", name, cut, len(file))
			}
		}
	}
}

func TestEachBadVolumeHasItsError(t *testing.T) {
	all := volumes(t)
	set := func(name string, at int, bytes string) string {
		return all[name][:at] + bytes + all[name][at+len(bytes):]
	}
	packed := []byte(all["float64.nii.gz"])
	packed[len(packed)-6] ^= 1 // the checksum
	for _, test := range []struct{ name, file, want string }{
		{"nothing", "", "found a file that is cut off"},
		{"something else", strings.Repeat("x", 400), "found no NIfTI header"},
		{"another magic", set("int16.nii", 344, "xyz\x00"), "found no NIfTI file"},
		{"a pair", set("int16.nii", 344, "ni1\x00"), "whose voxels are in another file"},
		{"complex voxels", set("int16.nii", 70, "\x20\x00"), "found voxels of complex64"},
		{"voxels of no kind", set("int16.nii", 70, "\x77\x00"), "found voxels of kind 119"},
		{"bits that don't fit", set("int16.nii", 72, "\x20\x00"), "found 32 bits a voxel, expected 16"},
		{"no dimension", set("int16.nii", 40, "\x00\x00"), "found 0 dimensions"},
		{"a side of nothing", set("int16.nii", 44, "\x00\x00"), "found a side of 0 voxels"},
		{"a negative side", set("int16.nii", 44, "\xff\xff"), "found a side of -1 voxels"},
		{"absurd sides", set("int16.nii", 42, "\xff\x7f\xff\x7f\xff\x7f"), "found a side of 32767 voxels"},
		{"absurd sides of NIfTI-2", set("two.nii", 24, "\x00\x00\x00\x00\x00\x00\x00\x10"), "found a side of 1152921504606846976 voxels"},
		{"a series", set("int16.nii", 40, "\x04\x00\x03\x00\x04\x00\x05\x00\x02\x00"), "found 2 volumes in one file (4-D), expected one: a series, as of fMRI or diffusion, is to be split into files of a volume each (fslsplit and nibabel's four_to_three do it), or the one that matters taken out"},
		{"an offset into the header", set("int16.nii", 108, "\x00\x00\x80\x42"), "found voxels from byte 64"},
		{"an offset that is none", set("int16.nii", 108, "\x00\x00\xc0\x7f"), "found voxels from byte NaN"},
		{"no place in space", set("int16.nii", 280, "\x00\x00\xc0\x7f"), "found a place in space that isn't finite"},
		{"infinite voxels", set("float32.nii", 352, strings.Repeat("\x00\x00\x80\x7f", 60)), "found an infinite value"},
		{"a wrong checksum", string(packed), "found damage (gzip: invalid checksum)"},
		{"more than its voxels", all["int16.nii"] + strings.Repeat("\x00", 1<<17), "found more bytes than its voxels take"},
	} {
		folder := t.TempDir()
		writeBelow(t, folder, "a/1.nii", all["int16.nii"])
		writeBelow(t, folder, "b/2.nii", test.file)
		_, err := Open(Config{Source: folder, Format: "nifti"}, Classification, "")
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if got := err.Error(); !strings.Contains(got, test.want) || !strings.Contains(got, filepath.Join("b", "2.nii")) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestSlicesOfVolumesAreOnePatients(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"ill/1.nii", "well/2.nii", "well/3.nii"} {
		writeBelow(t, folder, name, volumes(t)["int16.nii"])
	}
	c := Config{Source: folder, Format: "nifti", Image: ImageConfig{Slices: "all", Every: 2}}
	d, err := Open(c, Classification, "")
	if err != nil || !slices.Equal(d.Groups, []int{0, 0, 0, 1, 1, 1, 2, 2, 2}) || !slices.Equal(d.Shape, []int{4, 3, 1}) {
		t.Fatalf("%+v, %v", d, err)
	}
	c.Image = ImageConfig{Slices: "all", Stack: true, Axis: "coronal"}
	stack, err := Open(c, Classification, "")
	if err != nil || stack.Len() != 3 || !slices.Equal(stack.Shape, []int{5, 3, 4}) || stack.Groups != nil {
		t.Fatalf("%+v, %v", stack, err)
	}
	// The first axial slice from below, seen from the front, is the lowest row of all.
	if stack.Media(0)[4*3*4] != d.Media(0)[3*3] {
		t.Error("slices and stacks disagree")
	}
}

// A small file that unpacks to much is stopped where its voxels end.
func TestAVolumeThatUnpacksToMuchIsStopped(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(volumes(t)["int16.nii"]))
	z.Write(make([]byte, 64<<20))
	z.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := openNifti("bomb.nii.gz", packed.Bytes())
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > 1<<20 {
		t.Errorf("%d bytes, %v", used, err)
	}
}

func FuzzNifti(f *testing.F) {
	for _, file := range volumes(f) {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := openNifti("x.nii", file)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("not one line of error: %q", err)
			}
			return
		}
		lie := v.canonical()
		for axis := range 3 {
			if _, err := v.slice(lie, axis, v.side(lie, axis)-1); err != nil {
				return
			}
		}
	})
}
