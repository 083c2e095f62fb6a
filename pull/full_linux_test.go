package pull

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Linux alone has /dev/full.
func TestAFullDiskKeepsWhatThereIs(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	s := &site{client: NewClient("")}
	p := &part{path: filepath.Join(t.TempDir(), "x")}
	err = s.copy(full, strings.NewReader("bytes"), p, 5, func() {})
	var disk *DiskFullError
	if !errors.As(err, &disk) || !errors.As(err, new(*permanent)) || !strings.Contains(err.Error(), "the disk is full after 0 bytes") {
		t.Errorf("%v", err)
	}
}
