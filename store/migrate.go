package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// migration brings a store of an older format to the present one: a copy is kept, the new
// file is built aside, checked, and put in the place of the old one by a rename. Killed
// at any point it leaves the old file or the new one whole.
type migration struct {
	old   *Store // open for writing, so that its lock keeps others out
	path  string
	aside string
}

// steps are what a migration does, one after the other.
func (m *migration) steps() []func() error {
	return []func() error{m.backUp, m.begin, m.copy, m.replace}
}

// migrate migrates s and closes it; the store has to be opened again.
func (s *Store) migrate(path string) error {
	removeAside(s.dir) // what an earlier one has left
	m := &migration{old: s, path: path}
	var err error
	for _, step := range m.steps() {
		if err == nil {
			err = step()
		}
	}
	if err != nil && m.aside != "" {
		_ = os.Remove(m.aside)
	}
	if err != nil && !isOwn(err) {
		err = s.wrap(fmt.Sprintf("bringing the store from format %d to %d", s.format, formatVersion), plain(err))
	}
	return errors.Join(err, s.db.Close())
}

// backUp copies the file to one beside it: the first free name, unless there is such a
// copy already.
func (m *migration) backUp() error {
	file, err := os.ReadFile(m.path)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.v%d-backup", m.path, m.old.format)
		if n > 1 {
			to += fmt.Sprintf("-%d", n)
		}
		there, err := os.ReadFile(to)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return writeAside(osDisk{}, m.old.dir, m.path+".new-backup", to, file)
		case err != nil:
			return err
		case bytes.Equal(there, file):
			return nil
		}
	}
}

// begin makes an empty store aside.
func (m *migration) begin() error {
	f, err := os.CreateTemp(m.old.dir, asideGlob)
	if err != nil {
		return err
	}
	m.aside = f.Name()
	if err := f.Close(); err != nil {
		return err
	}
	return initialise(m.aside)
}

// copy copies all studies and reads them again.
func (m *migration) copy() error {
	// Synced once, at the end: nobody knows of the file before.
	db, err := bolt.Open(m.aside, 0o600, &bolt.Options{PageSize: pageSize, NoSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	to := &Store{dir: m.old.dir, db: db, format: formatVersion}
	err = m.copyTo(to)
	if err == nil {
		err = db.Sync()
	}
	return errors.Join(err, db.Close())
}

func (m *migration) copyTo(to *Store) error {
	var names []string
	err := m.old.view("listing the studies", func(tx *bolt.Tx) error {
		studies, err := m.old.table(tx, studiesBucket)
		if err != nil {
			return err
		}
		names = studies.names()
		_, n, err := m.old.count(tx)
		if err == nil && n != len(names) {
			return studies.damage("", fmt.Sprintf("it has %d studies of %d", len(names), n))
		}
		return err
	})
	for _, name := range names {
		if err != nil {
			return err
		}
		err = m.copyStudy(to, name)
	}
	return err
}

// oldStudy is a study as an older format has it.
type oldStudy struct {
	study  Study
	trials []medml.Trial
	sums   tally
}

func (m *migration) read(name string) (oldStudy, error) {
	var o oldStudy
	err := m.old.viewStudy(fmt.Sprintf("reading study %q", name), name, func(sh *shelves) (err error) {
		o.sums = sh.sums
		if o.study, err = sh.study.study(); err != nil {
			return err
		}
		o.trials, err = sh.readWhole()
		return err
	})
	return o, err
}

// batchOfTrials is how many trials a migration writes in a transaction.
const batchOfTrials = 1000

func (m *migration) copyStudy(to *Store, name string) error {
	o, err := m.read(name)
	if err != nil {
		return err
	}
	if err := to.Create(o.study); err != nil {
		return err
	}
	direction := o.study.About.Direction
	for from := 0; from < len(o.trials); from += batchOfTrials {
		batch := o.trials[from:min(from+batchOfTrials, len(o.trials))]
		err := to.update(fmt.Sprintf("copying study %q", name), func(tx *bolt.Tx) error {
			return to.copyTrials(tx, name, direction, batch, o.sums)
		})
		if err != nil {
			return err
		}
	}
	there, err := to.Trials(name)
	if err != nil {
		return err
	}
	return same(o, there)
}

func (s *Store) copyTrials(tx *bolt.Tx, name string, d medml.Direction, batch []medml.Trial, sums tally) error {
	t, err := s.studyTable(tx, name)
	if err != nil {
		return err
	}
	l, err := t.ledger(d)
	if err != nil {
		return err
	}
	for _, trial := range batch {
		runs := trial.Runs
		if !trial.State.Finished() {
			trial.Runs = nil
		}
		if err := l.put(trial, was{}, false); err != nil {
			return err
		}
		if trial.State.Finished() {
			continue
		}
		for _, r := range runs {
			for _, e := range r.Epochs {
				if err := l.putEpoch(medml.EpochEnded{Number: trial.Number, Fold: r.Fold, Epoch: e}); err != nil {
					return err
				}
			}
		}
	}
	l.sums.latest = sums.latest // it may be that of a run since dropped
	return l.close()
}

// same says whether the trials of a study came over as they were.
func same(o oldStudy, there []medml.Trial) error {
	was, err := medml.Digest(o.study.Identity, o.trials)
	if err != nil {
		return err
	}
	is, err := medml.Digest(o.study.Identity, there)
	if err == nil && was != is {
		err = fmt.Errorf("study %q came out with another digest", o.study.Name)
	}
	return err
}

// replace puts the new file in the place of the old.
func (m *migration) replace() error {
	if runtime.GOOS == "windows" { // where an open file can't be replaced
		if err := m.old.db.Close(); err != nil {
			return err
		}
	}
	if err := os.Rename(m.aside, m.path); err != nil {
		return err
	}
	return syncDir(m.old.dir)
}
