package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// NoStoreError says that there is no store in a folder.
type NoStoreError struct{ Dir string }

// Error says so, and how to come by one.
func (e *NoStoreError) Error() string {
	return fmt.Sprintf("no store at %s: run medml sweep first, or name one with --store", e.Dir)
}

// Is reports a match with fs.ErrNotExist.
func (e *NoStoreError) Is(target error) bool { return target == fs.ErrNotExist }

// HeldError says that another process has the store.
type HeldError struct {
	Dir     string
	PID     int    // 0 where unknown
	Command string // "medml sweep diagnosis"
	Since   time.Time
}

// Error says who holds the store, since when, and what to do about it.
func (e *HeldError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("store %s is in use by another process: wait for it, or stop it", e.Dir)
	}
	since := e.Since.Local().Format("15:04:05")
	if day := e.Since.Local().Format(time.DateOnly); day != time.Now().Format(time.DateOnly) {
		since = day + " " + since
	}
	return fmt.Sprintf("store %s is in use by %s (process %d, since %s): wait for it, or stop it with Ctrl-C in its terminal",
		e.Dir, e.Command, e.PID, since)
}

// VersionError says that a store was written by a newer medml.
type VersionError struct {
	Dir          string
	Found, Known int
}

// Error names both versions of the format.
func (e *VersionError) Error() string {
	return fmt.Sprintf("store %s has format %d, and this medml knows formats up to %d: use a newer medml", e.Dir, e.Found, e.Known)
}

// Problem is something wrong in a store.
type Problem struct {
	Where string `json:"where"` // "page 17 (studies/diagnosis/runs)", "studies/diagnosis/trials/3"
	What  string `json:"what"`  // "its checksum is wrong"
}

// String returns the place and what is wrong there.
func (p Problem) String() string { return p.Where + ": " + p.What }

// DamageError says that something in a store isn't what was written.
type DamageError struct {
	Dir     string
	Problem Problem
}

// Error names the place.
func (e *DamageError) Error() string {
	return fmt.Sprintf("store %s is damaged: %v (medml verify lists all damage; nothing was changed)", e.Dir, e.Problem)
}

// UnknownStudyError says that a store has no study of a name.
type UnknownStudyError struct {
	Dir, Name string
	Nearest   []string // names near to it, the nearest first
	Known     []string // all names, sorted
}

// Error names the nearest studies, or else those there are.
func (e *UnknownStudyError) Error() string {
	msg := fmt.Sprintf("no study %q in %s", e.Name, e.Dir)
	switch {
	case len(e.Nearest) > 0:
		return msg + ": did you mean " + strings.Join(e.Nearest, " or ") + "?"
	case len(e.Known) > 0:
		return msg + ": it has " + strings.Join(e.Known, ", ")
	}
	return msg + ": it has none yet"
}

// ExistsError says that a store has a study of the name already.
type ExistsError struct{ Dir, Name string }

// Error says so.
func (e *ExistsError) Error() string { return fmt.Sprintf("study %q is in %s already", e.Name, e.Dir) }

// isOwn reports whether err is one of the package's own types, whose messages are whole.
func isOwn(err error) bool {
	var (
		none    *NoStoreError
		held    *HeldError
		version *VersionError
		damage  *DamageError
		unknown *UnknownStudyError
		exists  *ExistsError
	)
	return errors.As(err, &none) || errors.As(err, &held) || errors.As(err, &version) ||
		errors.As(err, &damage) || errors.As(err, &unknown) || errors.As(err, &exists)
}

// plain strips the operation and path from a system's error where the message names the
// store anyway.
func plain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
