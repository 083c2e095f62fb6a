package live

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// socketName is the socket's name in the store's folder. While it is made it lies in a
// folder of its own beside that, where nobody else can come.
const (
	socketName = "medml.sock"
	asideGlob  = "medml.sock.new-*"
)

// longestPath is how many bytes a socket's path may have everywhere: Linux takes 107, the
// BSDs 103.
const longestPath = 100

func socketPath(dir string) string { return filepath.Join(dir, socketName) }

// listen makes the socket: in a private folder, with its mode, and only then put in its
// place, so that there is no moment in which others could connect, and none in which a
// socket is there that nobody answers.
func listen(dir string) (net.Listener, error) {
	if err := mayServe(dir); err != nil {
		return nil, err
	}
	left, _ := filepath.Glob(filepath.Join(dir, asideGlob)) // by a process that died
	for _, l := range left {
		_ = os.RemoveAll(l)
	}
	aside, err := os.MkdirTemp(dir, asideGlob)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(aside)
	made := socketPath(aside)
	listener, err := throughShort(made, func(path string) (*net.UnixListener, error) {
		return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false) // it moves; Close removes it
	if err := errors.Join(os.Chmod(made, 0o600), os.Rename(made, socketPath(dir))); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// mayServe refuses a folder in which others could put a socket of their own, and to
// replace what isn't a socket.
func mayServe(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("not a folder")
	}
	if info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("others can write to the folder (mode %04o): take that from them with chmod go-w", info.Mode().Perm())
	}
	if info, err := os.Lstat(socketPath(dir)); err == nil && info.Mode().Type()&(fs.ModeSocket|fs.ModeIrregular) == 0 {
		return fmt.Errorf("%s is there and isn't a socket", socketName)
	}
	return nil
}

// connect connects to the socket in dir; ErrNotServed says that nobody serves there.
func connect(dir string, patient time.Duration) (net.Conn, error) {
	c, err := throughShort(socketPath(dir), func(path string) (net.Conn, error) {
		return net.DialTimeout("unix", path, patient)
	})
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
		return nil, ErrNotServed
	}
	return nil, err
}

// throughShort calls open with the path or, where that is too long for a socket, with one
// that leads to the same through a link in the system's folder for temporary files. It
// works wherever links to folders can be made; elsewhere a long path is an error.
func throughShort[T any](path string, open func(string) (T, error)) (none T, err error) {
	if len(path) <= longestPath {
		return open(path)
	}
	target, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return none, err
	}
	dir, err := os.MkdirTemp(shortTemp(), "medml-")
	if err != nil {
		return none, err
	}
	defer os.RemoveAll(dir)
	link := filepath.Join(dir, "s")
	if err := os.Symlink(target, link); err != nil {
		return none, fmt.Errorf("the socket's path is too long for the system: %w", err)
	}
	return open(filepath.Join(link, filepath.Base(path)))
}

// shortTemp is the folder for temporary files, or /tmp if that has itself too long a path.
func shortTemp() string {
	if dir := os.TempDir(); len(dir) < longestPath-40 {
		return dir
	}
	return "/tmp"
}
