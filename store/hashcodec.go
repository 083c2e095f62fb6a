package store

import (
	"crypto/sha256"
	"encoding/hex"
)

// The forms of a hash in a record: nothing, a SHA-256 as its 32 bytes, or some other
// text, which Verify complains of.
const (
	noHash byte = iota
	sumHash
	textHash
)

// hash writes what should be a SHA-256 in hexadecimal, or nothing, in half the room.
func (e *encoder) hash(s string) {
	sum, plain := parseSum(s)
	switch {
	case s == "":
		e.byte(noHash)
	case plain:
		e.byte(sumHash)
		e.b = append(e.b, sum[:]...)
	default:
		e.byte(textHash)
		e.string(s)
	}
}

func (d *decoder) hash() string {
	switch form := d.byte(); form {
	case noHash:
		return ""
	case sumHash:
		return hex.EncodeToString(d.take(sha256.Size))
	case textHash:
		s := d.string()
		if _, plain := parseSum(s); plain || s == "" {
			d.fail("a hash is written as text")
		}
		return s
	default:
		d.fail("a hash has form %d", form)
		return ""
	}
}

// parseSum returns the bytes of a SHA-256 in lower-case hexadecimal.
func parseSum(s string) (sum [sha256.Size]byte, ok bool) {
	if len(s) != hex.EncodedLen(len(sum)) {
		return sum, false
	}
	_, err := hex.Decode(sum[:], []byte(s))
	return sum, err == nil && hex.EncodeToString(sum[:]) == s
}

// ref names the content of a file beside the store: what it hashes to, and how long it is.
type ref struct {
	sum  [sha256.Size]byte
	size int
}

func (r ref) String() string { return hex.EncodeToString(r.sum[:]) }

func (e *encoder) ref(r ref) {
	e.b = append(e.b, r.sum[:]...)
	e.int(r.size)
}

func (d *decoder) ref() ref {
	var r ref
	copy(r.sum[:], d.take(sha256.Size))
	if r.size = d.int(); r.size < 0 {
		d.fail("a file has %d bytes", r.size)
	}
	return r
}

// checkpoint is where a trial's run can go on from.
type checkpoint struct {
	epochs int // reported by then, over all folds
	state  ref
}

func (e *encoder) putCheckpoint(c checkpoint) {
	e.int(c.epochs)
	e.ref(c.state)
}

func (d *decoder) checkpoint() checkpoint {
	c := checkpoint{epochs: d.int(), state: d.ref()}
	if c.epochs < 0 {
		d.fail("a checkpoint comes after %d epochs", c.epochs)
	}
	return c
}
