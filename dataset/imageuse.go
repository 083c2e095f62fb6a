package dataset

import "slices"

// imageUses says for which formats a setting of the image section means something.
var imageUses = []struct {
	field   string
	set     func(ImageConfig) bool
	formats []string
}{
	{"size", func(c ImageConfig) bool { return c.Size != nil }, pictureFormats},
	{"aspect", func(c ImageConfig) bool { return c.Aspect != "" }, pictureFormats},
	{"resize", func(c ImageConfig) bool { return c.Resize != "" }, pictureFormats},
	{"crop", func(c ImageConfig) bool { return c.Crop != 0 }, pictureFormats},
	{"duplicates", func(c ImageConfig) bool { return c.Duplicates != "" }, pictureFormats},
	{"distance", func(c ImageConfig) bool { return c.Distance != 0 }, pictureFormats},
	{"color", func(c ImageConfig) bool { return c.Color != "" }, []string{"images", "dicom"}},
	{"labels", func(c ImageConfig) bool { return c.Labels != "" }, fileFormats},
	{"file", func(c ImageConfig) bool { return c.File != "" }, fileFormats},
	{"by", func(c ImageConfig) bool { return c.By != "" && c.By != "file" }, []string{"dicom"}},
	{"corrupt", func(c ImageConfig) bool { return c.Corrupt != "" }, fileFormats},
	{"window", func(c ImageConfig) bool { return c.Window != WindowConfig{} }, []string{"dicom"}},
	{"slices", func(c ImageConfig) bool { return c.Slices != "" }, []string{"dicom", "nifti"}},
	{"every", func(c ImageConfig) bool { return c.Every != 0 }, []string{"dicom", "nifti"}},
	{"axis", func(c ImageConfig) bool { return c.Axis != "" }, []string{"nifti"}},
	{"stack", func(c ImageConfig) bool { return c.Stack }, []string{"nifti"}},
}

// Formats whose examples may be pictures, and those of them that are folders of files.
var (
	pictureFormats = []string{"images", "dicom", "nifti", "npy", "npz"}
	fileFormats    = pictureFormats[:3]
)

// validateImageUse refuses settings that would change nothing.
func (c Config) validateImageUse(found *mistakes) {
	if formats[c.Format].extensions == nil && formats[c.Format].gather == nil {
		return // an unknown format is a mistake of its own
	}
	for _, use := range imageUses {
		if use.set(c.Image) && !slices.Contains(use.formats, c.Format) {
			found.add("image."+use.field, "is for the %s, and this is %s", formatsSaid(use.formats), c.Format)
		}
	}
}

// formatsSaid lists formats in words.
func formatsSaid(list []string) string {
	if len(list) == 1 {
		return "format " + list[0]
	}
	text := "formats " + list[0]
	for _, name := range list[1 : len(list)-1] {
		text += ", " + name
	}
	return text + " and " + list[len(list)-1]
}
