package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// Buckets and keys. A study is a bucket in studiesBucket under its name.
const (
	metaBucket        = "meta"
	studiesBucket     = "studies"
	trialsBucket      = "trials"
	curvesBucket      = "curves"
	liveBucket        = "live"
	checkpointsBucket = "checkpoints"
	artifactsBucket   = "artifacts"
	auditsBucket      = "audits"

	formatKey   = "format"
	countKey    = "studies"
	specKey     = "spec"
	progressKey = "progress"
	tallyKey    = "tally"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sumSize = 4

// table is a bucket whose values are records: a payload and a checksum over the bucket's
// path, the key and the payload, so that a record in the wrong place is as wrong as a
// changed one.
type table struct {
	bucket *bolt.Bucket
	dir    string // of the store
	path   string // for people: "studies/diagnosis/trials"
	sum    uint32 // of the path
	format int    // of the store
}

// addSum extends a checksum by a length and bytes, so that no two paths run together.
func addSum(sum uint32, b []byte) uint32 {
	sum = crc32.Update(sum, castagnoli, binary.LittleEndian.AppendUint32(nil, uint32(len(b))))
	return crc32.Update(sum, castagnoli, b)
}

// table returns a bucket of the root.
func (s *Store) table(tx *bolt.Tx, name string) (table, error) {
	t := table{bucket: tx.Bucket([]byte(name)), dir: s.dir, path: name, sum: addSum(0, []byte(name)), format: s.format}
	if t.bucket == nil {
		return t, &DamageError{Dir: s.dir, Problem: Problem{Where: name, What: "the bucket is missing"}}
	}
	return t, nil
}

// makeTable makes a bucket of the root.
func makeTable(tx *bolt.Tx, name string) (table, error) {
	b, err := tx.CreateBucket([]byte(name))
	return table{bucket: b, path: name, sum: addSum(0, []byte(name)), format: formatVersion}, err
}

// child is the place of a bucket within t.
func (t table) child(name string) table {
	return table{dir: t.dir, path: t.path + "/" + name, sum: addSum(t.sum, []byte(name)), format: t.format}
}

// sub returns a bucket within t.
func (t table) sub(name string) (table, error) {
	c := t.child(name)
	if c.bucket = t.bucket.Bucket([]byte(name)); c.bucket == nil {
		return c, t.damage(name, "the bucket is missing")
	}
	return c, nil
}

// makeSub makes a bucket within t.
func (t table) makeSub(name string) (table, error) {
	c := t.child(name)
	var err error
	c.bucket, err = t.bucket.CreateBucket([]byte(name))
	return c, err
}

// seal appends the checksum to a payload.
func (t table) seal(key string, payload []byte) []byte {
	return binary.LittleEndian.AppendUint32(payload, crc32.Update(addSum(t.sum, []byte(key)), castagnoli, payload))
}

// unseal returns the payload of a record.
func (t table) unseal(key string, record []byte) ([]byte, error) {
	n := len(record) - sumSize
	if n < 0 {
		return nil, t.damage(key, fmt.Sprintf("its record has %d bytes", len(record)))
	}
	payload := record[:n:n]
	if crc32.Update(addSum(t.sum, []byte(key)), castagnoli, payload) != binary.LittleEndian.Uint32(record[n:]) {
		return nil, t.damage(key, "its checksum is wrong")
	}
	return payload, nil
}

// put writes a record.
func (t table) put(key string, payload []byte) error {
	return t.bucket.Put([]byte(key), t.seal(key, payload))
}

// read starts reading a record, which is to be there.
func (t table) read(key string) (*decoder, error) {
	record := t.bucket.Get([]byte(key))
	if record == nil {
		return nil, t.damage(key, "the record is missing")
	}
	payload, err := t.unseal(key, record)
	if err != nil {
		return nil, err
	}
	return &decoder{b: payload}, nil
}

// done ends the reading of a record: it was legal and nothing is left over.
func (t table) done(key string, d *decoder) error {
	if err := d.end(); err != nil {
		return t.damage(key, err.Error())
	}
	return nil
}

// damage names what is wrong with a key of the table, or with the table itself.
func (t table) damage(key, what string) error {
	return &DamageError{Dir: t.dir, Problem: Problem{Where: t.place(key), What: what}}
}

// place names a key of the table, or the table itself.
func (t table) place(key string) string {
	if key == "" {
		return t.path
	}
	return t.path + "/" + keyName(key)
}

// keyName spells a key for people: a trial as its number, an epoch as trial.fold.step.
func keyName(key string) string {
	switch b := []byte(key); len(b) {
	case numberSize:
		if b[0] == 0 {
			return strconv.FormatUint(binary.BigEndian.Uint64(b), 10)
		}
	case epochKeySize:
		if b[0] == 0 {
			return fmt.Sprintf("%d.%d.%d", binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint64(b[12:]))
		}
	}
	if q := strconv.Quote(key); q[1:len(q)-1] != key {
		return q
	}
	return key
}

// Keys of trials are their numbers, those of live epochs the number, fold and step; all
// big-endian, so that bbolt keeps them in order.
const (
	numberSize   = 8
	epochKeySize = numberSize + 4 + 8
)

func numberKey(n int) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func epochKey(number, fold, step int) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(number))
	b = binary.BigEndian.AppendUint32(b, uint32(fold))
	return string(binary.BigEndian.AppendUint64(b, uint64(step)))
}

// parseNumber returns the trial that a key names, in all buckets but live.
func parseNumber(key []byte) (int, bool) {
	if len(key) != numberSize || key[0] >= 0x80 {
		return 0, false
	}
	return int(binary.BigEndian.Uint64(key)), true
}

// parseEpochKey returns the trial, fold and step that a key of the bucket live names.
func parseEpochKey(key []byte) (number, fold, step int, ok bool) {
	if len(key) != epochKeySize || key[0] >= 0x80 || key[12] >= 0x80 {
		return 0, 0, 0, false
	}
	return int(binary.BigEndian.Uint64(key)), int(binary.BigEndian.Uint32(key[8:])), int(binary.BigEndian.Uint64(key[12:])), true
}
