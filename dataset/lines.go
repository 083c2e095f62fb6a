package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"unicode/utf8"
)

// Missing values of signals.
var (
	nan32 = float32(math.NaN())
	nan64 = math.NaN()
)

// has reports whether the source has a regular file of that name.
func (o *origin) has(name string) bool {
	info, err := o.root.Stat(filepath.FromSlash(name))
	return err == nil && info.Mode().IsRegular()
}

// lineReader reads a text file line by line within the limits.
type lineReader struct {
	file string
	in   *bufio.Scanner
	most int
	line int
}

func newLineReader(file string, r io.Reader, lim limits) *lineReader {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, min(64<<10, lim.record)), lim.record)
	return &lineReader{file: file, in: in, most: lim.record}
}

// next returns a line without its end, and its number from 1; io.EOF behind the last. A
// line that is too long or not UTF-8 is a [*CellError].
func (l *lineReader) next() (string, int, error) {
	l.line++
	if !l.in.Scan() {
		err := l.in.Err()
		switch {
		case err == nil:
			err = io.EOF
		case errors.Is(err, bufio.ErrTooLong):
			err = &CellError{File: l.file, Line: l.line, Found: fmt.Sprintf("a line of more than %d bytes", l.most), Expected: "a shorter one"}
		}
		return "", l.line, err
	}
	text := l.in.Text()
	if l.line == 1 && len(text) >= 3 && text[:3] == "\xef\xbb\xbf" {
		text = text[3:]
	}
	if !utf8.ValidString(text) {
		return "", l.line, &CellError{File: l.file, Line: l.line, Found: "bytes that are not UTF-8", Expected: "UTF-8 text"}
	}
	return text, l.line, nil
}
