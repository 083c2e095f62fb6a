package store

import (
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Checkpoint returns the state that a trial's run can go on from, nil without one. Where
// its file is missing or isn't what was written it returns a *DamageError that names it.
func (s *Store) Checkpoint(study string, number int) ([]byte, error) {
	return s.blob(s.checkpoints, "the checkpoint", study, number, func(sh *shelves) (table, ref, bool, error) {
		c, ok, err := sh.checkpoint(number)
		return sh.checkpoints, c.state, ok, err
	})
}

// Artifact returns what is kept of a trial's models, nil where nothing is. Where its file
// is missing or isn't what was written it returns a *DamageError that names it.
func (s *Store) Artifact(study string, number int) ([]byte, error) {
	return s.blob(s.artifacts, "the artifact", study, number, func(sh *shelves) (table, ref, bool, error) {
		r, ok, err := sh.artifact(number)
		return sh.artifacts, r, ok, err
	})
}

func (s *Store) blob(files *blobs, what, study string, number int, find func(*shelves) (table, ref, bool, error)) ([]byte, error) {
	var data []byte
	doing := fmt.Sprintf("reading %s of trial %s/%d", what, study, number)
	err := s.viewStudy(doing, study, func(sh *shelves) error {
		if err := sh.has(study, number); err != nil {
			return err
		}
		t, r, ok, err := find(sh)
		if err != nil || !ok {
			return err
		}
		data, err = files.read(r, t.place(numberKey(number)))
		if data == nil && err == nil {
			data = []byte{}
		}
		return err
	})
	return data, err
}

// usedFiles are the files that a study's records refer to.
type usedFiles struct{ checkpoints, artifacts []ref }

func (s *shelves) usedFiles() (usedFiles, error) {
	var used usedFiles
	if s.checkpoints.bucket == nil {
		return used, nil
	}
	c := s.checkpoints.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		d, err := s.checkpoints.read(string(k))
		if err != nil {
			return used, err
		}
		used.checkpoints = append(used.checkpoints, d.checkpoint().state)
		if err := s.checkpoints.done(string(k), d); err != nil {
			return used, err
		}
	}
	if n := len(used.checkpoints); n != s.sums.checkpoints {
		return used, s.study.damage(checkpointsBucket, fmt.Sprintf("it has %d checkpoints of %d", n, s.sums.checkpoints))
	}
	refs, err := s.artifactRefs()
	for _, r := range refs {
		used.artifacts = append(used.artifacts, r)
	}
	return used, err
}

// countFiles learns which files are used and removes the others. With a damaged study
// nobody can tell which files it uses, and none is removed.
func (s *Store) countFiles() error {
	err := s.view("looking for files in use", func(tx *bolt.Tx) error {
		studies, err := s.table(tx, studiesBucket)
		if err != nil {
			return err
		}
		for _, name := range studies.names() {
			used, err := studies.usedBy(name)
			if err != nil {
				s.checkpoints.keep, s.artifacts.keep = true, true
			}
			for _, r := range used.checkpoints {
				s.checkpoints.use(r)
			}
			for _, r := range used.artifacts {
				s.artifacts.use(r)
			}
		}
		return nil
	})
	s.checkpoints.sweep()
	s.artifacts.sweep()
	return err
}

// usedBy returns the files that a study of the table of studies uses.
func (t table) usedBy(name string) (usedFiles, error) {
	study, err := t.sub(name)
	if err != nil {
		return usedFiles{}, err
	}
	sh, err := study.shelves()
	if err != nil {
		return usedFiles{}, err
	}
	return sh.usedFiles()
}
