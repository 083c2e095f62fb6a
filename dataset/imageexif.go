package dataset

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a picture is to be turned: the Exif tag 274, 1 to 8, or 1 where
// the file has none that can be read (JEITA CP-3451, "Orientation").
func orientation(file []byte) int {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8")):
		return tiffOrientation(jpegExif(file))
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return tiffOrientation(pngExif(file))
	}
	return tiffOrientation(file) // 1 where it isn't TIFF
}

// jpegExif returns the Exif data of a JPEG file, nil where it has none before its image.
func jpegExif(file []byte) []byte {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(file) { // the image begins
			return nil
		}
		if data, ok := bytes.CutPrefix(file[at+4:at+2+size], []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return data
		}
		at += 2 + size
	}
	return nil
}

// pngExif returns the contents of a PNG file's eXIf chunk.
func pngExif(file []byte) []byte {
	for at := 8; at+12 <= len(file); {
		size := int(binary.BigEndian.Uint32(file[at:]))
		if size > len(file)-at-12 {
			return nil
		}
		if string(file[at+4:at+8]) == "eXIf" {
			return file[at+8 : at+8+size]
		}
		at += 12 + size
	}
	return nil
}

// tiffOrientation returns the tag of the first directory of TIFF data.
func tiffOrientation(data []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(data) < 8 {
		return 1
	}
	at := int64(order.Uint32(data[4:]))
	if at+2 > int64(len(data)) {
		return 1
	}
	entries := int(order.Uint16(data[at:]))
	for e := range entries {
		from := at + 2 + int64(12*e)
		if from+12 > int64(len(data)) {
			return 1
		}
		if entry := data[from:]; order.Uint16(entry) == 274 {
			if turn := int(order.Uint16(entry[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}
