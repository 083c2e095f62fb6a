package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"medml"
	"medml/live"
)

// until2 is the script command `until PATTERN COMMAND…`: the command is run again and
// again until it succeeds and its stdout matches.
func until2(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("usage: until PATTERN COMMAND…")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	for deadline := time.Now().Add(time.Minute); ; {
		err := ts.Exec(args[1], args[2:]...)
		if err == nil && pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("until: %v never gave %s; it said %s%s", args[1:], args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
		}
	}
}

func TestAWatcherFollowsAStudyFromTheStoreToTheSweepAndBack(t *testing.T) {
	dir := workplace(t)
	endless := []string{"sweep", "tiny.yaml", "--set", "budget.epochs=100000"}
	f := &followed{dir: filepath.Join(dir, ".medml"), study: "tiny"}
	defer f.Close()
	sees := func(state medml.StudyState) medml.Snapshot {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; {
			s, err := f.Snapshot()
			if err == nil && s.State == state {
				return s
			}
			if time.Now().After(deadline) {
				t.Fatalf("the study never is %s, but %s, %v", state, s.State, err)
			}
		}
	}
	for range 2 { // a new sweep is noticed
		cmd, r, _ := process(t, dir, endless...)
		sees(medml.StudyRunning)
		for s := sees(medml.StudyRunning); s.Counts().Running == 0; s = sees(medml.StudyRunning) {
		}
		if err := f.Pause(medml.WholeStudy); err != nil {
			t.Error(err)
		}
		sees(medml.StudyPaused)
		if err := f.Stop(medml.WholeStudy); err != nil {
			t.Error(err)
		}
		if status, errs := finish(cmd, r); status != exitInterrupted {
			t.Errorf("the sweep: status %d: %s", status, errs)
		}
		if s := sees(medml.StudyInterrupted); s.Counts().Running != 0 || len(s.Trials) == 0 {
			t.Errorf("after the sweep: %+v", s.Counts())
		}
		if err := f.Pause(0); !errors.Is(err, live.ErrNotServed) {
			t.Errorf("pausing it then: %v", err)
		}
	}
	// A process that died leaves its socket; the study is read from the store all the same.
	cmd, r, _ := process(t, dir, endless...)
	sees(medml.StudyRunning)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	finish(cmd, r)
	if _, err := os.Lstat(filepath.Join(f.dir, "medml.sock")); err != nil {
		t.Errorf("the killed process left no socket: %v", err)
	}
	sees(medml.StudyInterrupted)
}
