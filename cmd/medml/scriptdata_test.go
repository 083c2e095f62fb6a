package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// setData tells a script where data are: FIXTURES has the small files that package dataset
// is tested with, DATA the real ones that the repository doesn't hold.
func setData(env *testscript.Env) error {
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "dataset", "testdata"))
	if err != nil {
		return err
	}
	data, err := dataRoot()
	if err != nil {
		return err
	}
	env.Setenv("FIXTURES", fixtures)
	env.Setenv("DATA", data)
	return nil
}

// dataRoot is MEDML_TESTDATA, or ../shared/data beside the repository where it isn't said.
func dataRoot() (string, error) {
	root := os.Getenv("MEDML_TESTDATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	return filepath.Abs(root)
}

// hasData tells whether a folder of real data is there; it is an error that it isn't where
// MEDML_REQUIRE_DATA is 1.
func hasData(name string) (bool, error) {
	root, err := dataRoot()
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(filepath.Join(root, name)); err == nil {
		return true, nil
	} else if os.Getenv("MEDML_REQUIRE_DATA") == "1" {
		return false, fmt.Errorf("no data %s (MEDML_TESTDATA says where they are): %w", name, err)
	}
	return false, nil
}

// gzipped is the script command `gzip FILE`: it makes FILE.gz.
func gzipped(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gzip FILE")
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".gz"), b.Bytes(), 0o644))
}

// truncated is the script command `cut FILE BYTES`: of a file only its first bytes stay.
func truncated(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FILE BYTES")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// refused is the script command `refused COMMAND ARG…`: it ends with status 2, which says
// that what it was given is wrong.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: refused COMMAND ARG…")
	}
	var exit *exec.ExitError
	if err := ts.Exec(args[0], args[1:]...); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		ts.Fatalf("refused: %s: %v, expected exit status 2", args[0], err)
	}
}
