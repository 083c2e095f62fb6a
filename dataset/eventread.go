package dataset

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// event is an observation.
type event struct {
	variable int32
	value    float32
	hours    float64 // since the stay's time 0, or since 1970 where times are dates
}

// stay is what was observed of one id.
type stay struct {
	where  string // for errors
	dated  bool   // times are dates
	events []event
}

// eventLog gathers events of all ids, of the variables that are wanted alone.
type eventLog struct {
	config    Config
	lim       limits
	count     int
	wanted    map[string]bool // nil takes all
	variables []string
	codes     map[string]int32
	stays     map[string]*stay
	single    bool // one table holds all ids
}

func newEventLog(c Config, lim limits) *eventLog {
	l := &eventLog{config: c, lim: lim, codes: map[string]int32{}, stays: map[string]*stay{}}
	if len(c.Features) > 0 {
		l.wanted = map[string]bool{}
		for _, name := range slices.Concat(c.Features, c.Events.Static) {
			l.wanted[name] = true
		}
	}
	return l
}

// read reads a folder or an archive with a file for each id, or one table of all. skip is
// the outcomes' file.
func (l *eventLog) read(o *origin, skip string) error {
	if o.isDir() {
		return l.readFolder(o, skip)
	}
	r, err := o.open("")
	if err != nil {
		return err
	}
	defer r.Close()
	in, err := gunzipped(o.path(), r, l.lim)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.ToLower(o.path()), ".gz")
	if strings.HasSuffix(name, ".tar") || strings.HasSuffix(name, ".tgz") {
		err = l.readArchive(o.path(), in)
	} else {
		l.single = true
		err = l.readTable(o.path(), name, "", in)
	}
	if err != nil {
		return archiveError(o.path(), err)
	}
	// What is left belongs to the digest and to the archive's own checksum.
	if _, err := io.Copy(io.Discard, in); err != nil {
		return archiveError(o.path(), err)
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

func (l *eventLog) readFolder(o *origin, skip string) error {
	names, err := o.list()
	if err != nil {
		return err
	}
	for _, name := range names {
		if o.where(name) == skip || !isEventFile(name) {
			continue
		}
		r, err := o.open(name)
		if err != nil {
			return err
		}
		err = l.readFile(o.where(name), name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// readArchive reads a tar's files as they come; nothing is written anywhere.
func (l *eventLog) readArchive(file string, r io.Reader) error {
	in := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := path.Clean(strings.TrimPrefix(h.Name, "./"))
		where := file + "/" + oneLine(name)
		switch {
		case n >= l.lim.files:
			return &CellError{File: file, Found: fmt.Sprintf("more than %d files", l.lim.files), Expected: "a smaller archive"}
		case path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") || strings.ContainsRune(name, '\\'):
			return &CellError{File: file, Found: "a file " + quotedName(h.Name), Expected: "names inside the archive"}
		case h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader:
		case h.Typeflag != tar.TypeReg:
			return &CellError{File: where, Found: "a link or device", Expected: "files alone"}
		case isEventFile(name):
			if err := l.readFile(where, name, in); err != nil {
				return err
			}
		}
	}
}

// quotedName returns a file's name as an error shows it.
func quotedName(name string) string {
	if len(name) > 60 {
		name = name[:60] + "…"
	}
	return fmt.Sprintf("%q", name)
}

// isEventFile reports whether a file of a folder or archive is of an id.
func isEventFile(name string) bool {
	base := path.Base(name)
	return !strings.HasPrefix(base, ".") && slices.Contains([]string{".txt", ".csv", ".tsv"}, ext(name)) && !strings.EqualFold(base, "PROVENANCE.txt") && !strings.EqualFold(base, "README.txt")
}

// readFile reads the events of the id that a file is named after.
func (l *eventLog) readFile(where, name string, r io.Reader) error {
	id := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if old, ok := l.stays[id]; ok {
		return &CellError{File: where, Found: "an id for the second time", Expected: "one file for each: " + old.where + " is of the same"}
	}
	l.stays[id] = &stay{where: where}
	return l.readTable(where, name, id, r)
}

// readTable reads a table of one id's events, or of many where id is "".
func (l *eventLog) readTable(where, name, id string, r io.Reader) error {
	delimiter := byte(',')
	if strings.HasSuffix(name, ".tsv") {
		delimiter = '\t'
	}
	rows := &eventRows{log: l, file: where, one: l.stays[id]}
	if err := delimited(delimiter)(where, r, l.lim, rows); err != nil {
		return err
	}
	if rows.columns == 0 {
		return &CellError{File: where, Found: "an empty file", Expected: "a header and a line for each event"}
	}
	return nil
}

// archiveError says what is wrong with an archive in words.
func archiveError(file string, err error) error {
	var cell *CellError
	var field *FieldError
	if errors.As(err, &cell) || errors.As(err, &field) {
		return err
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &CellError{File: file, Found: "an archive that is cut off", Expected: "a whole one"}
	case errors.Is(err, tar.ErrHeader):
		return &CellError{File: file, Found: "what is no tar archive, or a damaged one", Expected: "one as tar makes it"}
	case strings.HasPrefix(err.Error(), "archive/tar:"):
		return &CellError{File: file, Found: "a damaged tar archive", Expected: "a whole one"}
	}
	return err
}
