package store

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// errLocked is lock's answer when another process has the file.
var errLocked = errors.New("locked by another process")

// holder is the note with which the writing process says who it is. It is for people:
// the lock on the file decides.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// writeHolder writes the note whole or not at all.
func writeHolder(dir, command string, now time.Time) error {
	if command == "" {
		command = "medml"
	}
	note, err := json.Marshal(holder{PID: os.Getpid(), Command: command, Since: now.UTC().Truncate(time.Millisecond)})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, holderName)
	aside := path + ".new" // only the one that holds the lock writes it
	if err := os.WriteFile(aside, append(note, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(aside, path)
}

// removeHolder removes the note of this process. One left behind does no harm.
func removeHolder(dir string) {
	if h, ok := readHolder(dir); ok && h.PID == os.Getpid() {
		_ = os.Remove(filepath.Join(dir, holderName))
	}
}

func readHolder(dir string) (holder, bool) {
	note, err := os.ReadFile(filepath.Join(dir, holderName))
	if err != nil {
		return holder{}, false
	}
	var h holder
	if json.Unmarshal(note, &h) != nil || h.PID <= 0 || h.Command == "" {
		return holder{}, false
	}
	return h, true
}

// heldBy says who holds the store, as far as its note is to be believed.
func heldBy(dir string) *HeldError {
	h, ok := readHolder(dir)
	if !ok || !alive(h.PID) {
		return &HeldError{Dir: dir}
	}
	return &HeldError{Dir: dir, PID: h.PID, Command: h.Command, Since: h.Since}
}
