package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"medml"
	"medml/store"
)

// worn makes a store that has lived: studies that ended, one that was killed, one that was
// removed, pages that are free, and all kinds of records and files. It returns its files
// by their paths.
func worn(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	s := store.SkipSync(open(t, dir, store.Options{}))
	for _, name := range []string{"a", "gone", "killed"} {
		r := begin(t, s, name)
		for n := range 30 {
			record(t, r, medml.TrialStarted{Trial: running(n)})
			record(t, r, live(n, 0)...)
			if name == "killed" && n%10 == 9 {
				record(t, r, medml.CheckpointSaved{Number: n, Epochs: 3, State: fmt.Append(nil, "state ", n)})
				continue // left running
			}
			end := complete(n)
			if n%10 == 5 {
				end.State = medml.Pruned
			}
			record(t, r, medml.TrialEnded{Trial: end, Artifact: fmt.Append(nil, "model ", n)})
		}
		record(t, r, medml.RepeatEnded{Number: 3, Repeat: medml.Repeat{Seed: 1, Value: 0.5, Runs: complete(3).Runs, Weights: complete(3).Weights}})
		must(t, s.PutAudit(name, 5, medml.Repeat{Value: 0.25, Runs: complete(5).Runs, Weights: complete(5).Weights}))
		if name != "killed" {
			record(t, r, medml.StudyEnded{State: medml.StudyComplete, Elapsed: time.Minute})
		}
		must(t, r.Close())
	}
	must(t, s.Remove("gone"), s.Close())
	verified(t, dir)
	all := readFiles(t, dir)
	file, err := os.ReadFile(filepath.Join(dir, "medml.db"))
	must(t, err)
	all["medml.db"] = file
	return all
}

// everything reads all that a store holds, as text to the last bit.
func everything(dir string) (string, error) {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	defer s.Close()
	list, err := s.Studies()
	text := fmt.Sprintf("%#v\n", list)
	for _, sum := range list {
		if err != nil {
			break
		}
		var study store.Study
		var trials []medml.Trial
		study, err = s.Study(sum.Name)
		if err == nil {
			var asJSON []byte
			asJSON, err = json.Marshal(study)
			text += string(asJSON)
		}
		if err == nil {
			trials, err = s.Trials(sum.Name)
			text += fmt.Sprintf("%#v\n", trials)
		}
		var more string
		if err == nil {
			more, err = beside(s, sum.Name, trials)
			text += more
		}
	}
	return text, err
}

// beside reads what a study has besides its trials.
func beside(s *store.Store, name string, trials []medml.Trial) (text string, err error) {
	for _, t := range trials {
		state, err1 := s.Checkpoint(name, t.Number)
		model, err2 := s.Artifact(name, t.Number)
		if err := errors.Join(err1, err2); err != nil {
			return text, err
		}
		text += fmt.Sprintf("%d: %q %q\n", t.Number, state, model)
	}
	audits, err := s.Audits(name)
	if err != nil {
		return text, err
	}
	headers, err := s.Headers(name)
	return text + fmt.Sprintf("%#v\n%#v\n", audits, headers), err
}

// patient is a store on disk that is hurt and healed again.
type patient struct {
	t     *testing.T
	dir   string
	files map[string][]byte
	whole []byte // medml.db
	want  string
}

func newPatient(t *testing.T) *patient {
	p := &patient{t: t, dir: t.TempDir(), files: worn(t)}
	p.whole = p.files["medml.db"]
	for name, content := range p.files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(p.dir, name)), 0o700))
		p.write(name, content)
	}
	var err error
	p.want, err = everything(p.dir)
	must(t, err)
	return p
}

func (p *patient) write(name string, content []byte) {
	p.t.Helper()
	must(p.t, overwrite(filepath.Join(p.dir, name), content))
}

// overwrite writes a file in place: some file systems sync one that was emptied first.
func overwrite(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(content, 0)
	return errors.Join(err, f.Truncate(int64(len(content))), f.Close())
}

// beside returns the names of the checkpoints and artifacts.
func (p *patient) beside() []string {
	names := slices.Sorted(maps.Keys(p.files))
	return slices.DeleteFunc(names, func(name string) bool { return name == "medml.db" })
}

// examine reads a store whose file is hurt. What is wrong must be named, or else all be
// there; and Verify must see what reading sees.
func (p *patient) examine(what string, hurt []byte) (named bool) {
	p.t.Helper()
	return p.examineFile(what, "medml.db", hurt)
}

// examineFile does so for any file of the store, and heals it again.
func (p *patient) examineFile(what, name string, hurt []byte) (named bool) {
	p.t.Helper()
	p.write(name, hurt)
	defer func() { p.write(name, p.files[name]) }()
	got, err := everything(p.dir)
	report, verr := store.Verify(p.t.Context(), p.dir, time.Minute)
	if verr != nil {
		p.t.Errorf("%s: verify couldn't look: %v", what, verr)
	}
	for _, problem := range report.Problems {
		if problem.Where == "its pages" {
			p.t.Errorf("%s: only bbolt's check saw %v", what, problem)
		}
	}
	if err == nil {
		if got != p.want {
			p.t.Errorf("%s: silently wrong; verify says %v", what, report.Problems)
		}
		return len(report.Problems) > 0
	}
	var damage *store.DamageError
	if !errors.As(err, &damage) || damage.Problem.Where == "" || damage.Problem.What == "" || strings.Contains(err.Error(), "\n") {
		p.t.Errorf("%s: not named: %v", what, err)
	}
	if len(report.Problems) == 0 {
		p.t.Errorf("%s: verify is silent about %v", what, err)
	}
	return true
}
