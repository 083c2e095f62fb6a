package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medml/nn"

	"github.com/rogpeppe/go-internal/testscript"
)

// asMedml, set in the environment, makes the test binary the command itself.
const asMedml = "MEDML_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asMedml) != "" {
		os.Exit(Main())
	}
	testscript.Main(m, map[string]func(){"medml": func() { os.Exit(Main()) }})
}

// The scripts under testdata/script are the manual of the command line: one a promise.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Setup:               setup,
		Condition:           condition,
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"json": jsonField, "same": same2, "until": until2, "gzip": gzipped, "cut": truncated, "refused": refused},
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
	})
}

// setup gives each script the small experiments of testdata, and no colours.
func setup(env *testscript.Env) error {
	env.Setenv("NO_COLOR", "1")
	env.Setenv("TERM", "xterm")
	if err := setData(env); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(env.WorkDir, filepath.Base(f)), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// condition knows [cpu:NAME], the processor can run that path of the kernels, and
// [data:NAME], there is that folder of real data.
func condition(cond string) (bool, error) {
	if name, ok := strings.CutPrefix(cond, "data:"); ok {
		return hasData(name)
	}
	name, ok := strings.CutPrefix(cond, "cpu:")
	if !ok {
		return false, fmt.Errorf("unknown condition %s", cond)
	}
	before := nn.Kernels()
	if err := nn.SelectKernels(name); err != nil {
		return false, nil // the processor hasn't got it
	}
	return true, nn.SelectKernels(before)
}

// jsonField is the script command `json FILE PATH [WANT]`: the field of a JSON object that
// a dotted path names exists and, if WANT is given, is that. FILE may be stdout.
func jsonField(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [WANT]")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	found := true
	for _, key := range strings.Split(args[1], ".") {
		switch x := v.(type) {
		case map[string]any:
			v, found = x[key]
		case []any:
			var i int
			_, err := fmt.Sscan(key, &i)
			if found = err == nil && i < len(x); found {
				v = x[i]
			}
		default:
			found = false
		}
		if !found {
			break
		}
	}
	ok := found && (len(args) == 2 || fmt.Sprint(v) == args[2])
	if ok == neg {
		ts.Fatalf("json: %s is %v (there: %v)", args[1], v, found)
	}
}

// same2 is the script command `same A B`: two files hold the same.
func same2(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same FILE FILE")
	}
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("same: %s and %s: equal is %v", args[0], args[1], neg)
	}
}
