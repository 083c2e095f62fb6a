package store

import (
	"bytes"
	"encoding/gob"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// Audit is what became of a pruned trial when it was trained to the end after all.
type Audit struct {
	Number int
	Repeat medml.Repeat
}

// auditsName is the table of the audits of all studies: the study's name, a zero byte and
// the number to a gob.
const auditsName = "audits"

// PutAudit keeps what became of a pruned trial; an earlier audit of it is replaced.
func (s *Store) PutAudit(study string, number int, r medml.Repeat) error {
	return s.update(fmt.Sprintf("keeping an audit of trial %s/%d", study, number), func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(auditsName))
		if err != nil {
			return err
		}
		var value bytes.Buffer
		if err := gob.NewEncoder(&value).Encode(Audit{number, r}); err != nil {
			return err
		}
		return b.Put(fmt.Appendf(nil, "%s\x00%08d", study, number), value.Bytes())
	})
}

// Audits returns the audits of a study in the order of the trials' numbers.
func (s *Store) Audits(study string) ([]Audit, error) {
	var list []Audit
	err := s.view(fmt.Sprintf("reading the audits of study %q", study), func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(auditsName))
		if b == nil {
			return nil
		}
		prefix := []byte(study + "\x00")
		for c, k, v := cursorAt(b, prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
			var a Audit
			if err := gob.NewDecoder(bytes.NewReader(v)).Decode(&a); err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

func cursorAt(b *bolt.Bucket, prefix []byte) (c *bolt.Cursor, k, v []byte) {
	c = b.Cursor()
	k, v = c.Seek(prefix)
	return c, k, v
}
