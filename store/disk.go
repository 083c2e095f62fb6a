package store

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

// disk is what the files beside the store need of a file system, one durable step at a
// time: tests cut the power, or fill the disk, between any two.
type disk interface {
	// mkdir makes a folder that only its owner may enter.
	mkdir(path string) error
	// write makes a new file with durable content. A power cut before it returns may leave
	// anything.
	write(path string, data []byte) error
	// rename gives a file another name, durable with the folder's next syncDir.
	rename(from, to string) error
	// remove removes a file, durably with the folder's next syncDir.
	remove(path string) error
	// syncDir makes the names in a folder durable.
	syncDir(path string) error
}

// osDisk is the system's file system.
type osDisk struct{}

func (osDisk) mkdir(path string) error { return os.Mkdir(path, 0o700) }

func (osDisk) write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }
func (osDisk) remove(path string) error     { return os.Remove(path) }
func (osDisk) syncDir(path string) error    { return syncDir(path) }

// syncDir makes the names in a folder durable. Windows has no such call, and keeps names
// in its file system's journal.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("syncing folder %s: %w", dir, plain(err))
	}
	return nil
}

// writeAside makes a file of data durable under its name, whole or not at all; aside is
// another name in the same folder.
func writeAside(d disk, folder, aside, path string, data []byte) error {
	err := d.write(aside, data)
	if err == nil {
		err = d.rename(aside, path)
	}
	if err != nil {
		_ = d.remove(aside)
		return err
	}
	return d.syncDir(folder)
}
