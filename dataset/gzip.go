package dataset

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// gunzipped returns what r holds, decompressed (RFC 1952) where it begins as a gzip file
// does, whatever its name. More than lim.bytes of either is an error.
func gunzipped(file string, r io.Reader, lim limits) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	mark, err := in.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(mark) < 2 || mark[0] != 0x1f || mark[1] != 0x8b {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, gzipError(file, err)
	}
	return &expanding{z, file, lim.bytes, lim.bytes}, nil
}

// expanding counts what comes out of a compressed file: a few kilobytes may hold a
// thousand times as many.
type expanding struct {
	z          *gzip.Reader
	file       string
	left, most int64
}

// Read passes the bytes on and ends with an error where there are too many.
func (e *expanding) Read(p []byte) (int, error) {
	n, err := e.z.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, &CellError{File: e.file, Found: fmt.Sprintf("more than %d bytes when decompressed", e.most), Expected: "a smaller file"}
	}
	if err != nil && err != io.EOF {
		err = gzipError(e.file, err)
	}
	return n, err
}

// gzipError says in words what is wrong with a compressed file.
func gzipError(file string, err error) error {
	var cell *CellError
	switch {
	case errors.As(err, &cell):
		return err
	case errors.Is(err, gzip.ErrChecksum):
		return &CellError{File: file, Found: "compressed bytes whose checksum is wrong", Expected: "an undamaged file"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &CellError{File: file, Found: "a compressed file that ends too soon", Expected: "a whole one"}
	case errors.Is(err, gzip.ErrHeader):
		return &CellError{File: file, Found: "what isn't gzip after its beginning", Expected: "a gzip file"}
	case errors.As(err, new(flate.CorruptInputError)):
		return &CellError{File: file, Found: "damaged compressed bytes", Expected: "an undamaged file"}
	}
	return err
}

// stem returns a file's name without its folder and extensions: cases of x/cases.csv.gz.
func stem(file string) string {
	base := filepath.Base(file)
	if strings.EqualFold(filepath.Ext(base), ".gz") {
		base = base[:len(base)-len(".gz")]
	}
	return strings.TrimSuffix(base, filepath.Ext(base))
}
