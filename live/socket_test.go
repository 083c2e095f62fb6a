package live

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medml"
)

func idle() *stage { return &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}} }

func TestTheSocketIsForItsUserAlone(t *testing.T) {
	server, _ := opened(t, idle(), usual)
	info, err := os.Lstat(socketPath(server.dir))
	if err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("the socket's mode is %v, %v", info.Mode(), err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(server.dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

func TestAFolderThatOthersCanWriteToIsRefused(t *testing.T) {
	for _, mode := range []fs.FileMode{0o770, 0o702, 0o777} {
		dir := private(t)
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Serve(dir, "diagnosis", idle(), idle())
		if err == nil || !strings.Contains(err.Error(), "others can write to the folder") {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
}

// leave makes a socket such as a process leaves that was killed.
func leave(t *testing.T, dir string) {
	t.Helper()
	l, err := throughShort(socketPath(dir), func(path string) (*net.UnixListener, error) {
		return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if err := os.Mkdir(filepath.Join(dir, "medml.sock.new-1"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestASocketLeftBehindIsNobodysAndIsReplaced(t *testing.T) {
	dir := private(t)
	leave(t, dir)
	if _, err := Dial(dir); !errors.Is(err, ErrNotServed) {
		t.Fatalf("dialling what was left behind: %v", err)
	}
	server, err := Serve(dir, "diagnosis", idle(), idle())
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	snapshot(t, c)
	c.Close()
	server.Close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left in the folder: %v", left)
	}
}

func TestWhatIsNoSocketIsNotReplaced(t *testing.T) {
	dir := private(t)
	if err := os.WriteFile(socketPath(dir), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Serve(dir, "diagnosis", idle(), idle()); err == nil || !strings.Contains(err.Error(), "isn't a socket") {
		t.Errorf("got %v", err)
	}
	if b, err := os.ReadFile(socketPath(dir)); err != nil || string(b) != "mine" {
		t.Errorf("the file is %q, %v", b, err)
	}
}

func TestWhereNobodyServes(t *testing.T) {
	dir := private(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, filepath.Join(dir, "missing"), file} {
		if _, err := Dial(d); !errors.Is(err, ErrNotServed) {
			t.Errorf("%s: %v", d, err)
		}
	}
	if _, err := Serve(filepath.Join(dir, "missing"), "diagnosis", idle(), idle()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("serving in a folder that isn't there: %v", err)
	}
}

func TestPathsOfAnyLengthAndRelativeOnesWork(t *testing.T) {
	base := t.TempDir()
	t.Chdir(base)
	for _, name := range []string{"store", strings.Repeat("n", 80), strings.Repeat("n", 100), strings.Repeat(strings.Repeat("n", 60)+"/", 5)} {
		for _, dir := range []string{name, filepath.Join(base, name)} {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			server, err := Serve(dir, "diagnosis", idle(), idle())
			if err != nil {
				t.Fatalf("a path of %d bytes: %v", len(dir), err)
			}
			c, err := Dial(dir)
			if err != nil {
				t.Fatalf("a path of %d bytes: %v", len(dir), err)
			}
			snapshot(t, c)
			c.Close()
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			leave(t, dir)
			if _, err := Dial(dir); !errors.Is(err, ErrNotServed) {
				t.Errorf("a path of %d bytes: %v", len(dir), err)
			}
		}
	}
}

func TestThereIsAnEndToHowManyWatch(t *testing.T) {
	l := usual
	l.clients = 3
	server, _ := opened(t, idle(), l)
	var refused *RefusedError
	for range 2 {
		c, err := Dial(server.dir)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	if _, err := Dial(server.dir); !errors.As(err, &refused) || err.Error() != "3 others watch already" {
		t.Errorf("the fourth: %v", err)
	}
}
