//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package store

import (
	"os"
	"time"
)

// lock leaves the locking to bbolt: taking its lock twice isn't possible here.
func lock(*os.File, bool, time.Duration) (bool, error) { return false, nil }

// alive can't tell, and believes the note.
func alive(int) bool { return true }
