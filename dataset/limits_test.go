package dataset

import (
	"io"
	"strings"
	"testing"
)

// endless is a file that never ends, and counts what is read of it.
type endless struct {
	head string
	part string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	e.head = e.head[n:]
	for n < len(p) {
		n += copy(p[n:], e.part[(e.read+n)%len(e.part):])
	}
	e.read += n
	return n, nil
}

func TestFilesWithoutBoundsAreStopped(t *testing.T) {
	small := limits{bytes: 1 << 20, record: 1000, columns: 50, values: 2000, words: 5, classes: 6}
	for _, test := range []struct {
		name string
		file io.Reader
		want string
	}{
		{"an open quote", &endless{head: "a,y\n1,x\n\"2,", part: "3,x\n"}, "f.csv:3: found a record of more than 1000 bytes, expected a shorter one (is a quote left open?)"},
		{"a line without end", &endless{head: "a,y\n1,", part: "x"}, "f.csv:2: found a record of more than 1000 bytes, expected a shorter one (is a quote left open?)"},
		{"a header without end", &endless{part: ",x"}, "f.csv:1: found more than 50 cells, expected at most that many"},
		{"rows without end", &endless{head: "a,b,c,y\n", part: "1,2,3,x\n"}, "f.csv: found more than 2000 values, expected at most that many: fewer features or examples"},
		{"blank lines without end", &endless{head: "a,y\n", part: "\n"}, "f.csv: found more than 1048576 bytes, expected a smaller file"},
		{"words that would take too many features", strings.NewReader("a,b,c,y\n" + strings.Repeat("u,u,1,0\nv,v,1,1\nw,w,1,1\nx,x,1,1\n", 100)), "f.csv: found more than 2000 values, expected at most that many: fewer features or examples"},
		{"words", strings.NewReader("a,y\nu,0\nv,1\nw,1\nx,1\ny,1\nz,1\n"), "f.csv:7: column a: found more than 5 different words, expected numbers, or fewer words (columns.ignore leaves a column out)"},
		{"classes", strings.NewReader("a,y\n1,t\n1,u\n1,v\n1,w\n1,x\n1,y\n1,z\n"), "f.csv:8: column y: found more than 6 different values, expected classes (for a number to predict, the task is regression)"},
	} {
		_, err := read("f.csv", test.file, Config{Source: "f.csv", Target: "y"}, Classification, small)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
		if e, ok := test.file.(*endless); ok && e.read > 2<<20 {
			t.Errorf("%s: %d bytes were read", test.name, e.read)
		}
	}
}
