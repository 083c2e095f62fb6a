package nn

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"medml/nn/internal/f32"
)

var pathSteps = flag.Int("steps", 20, "training steps after which all kernel paths must agree")

// The tests run on the path that MEDML_CPU names, as the program does.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := SelectKernels(os.Getenv("MEDML_CPU")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// Whole trainings must end with the same bits on every path. The sizes are such that the
// portable path takes a second each: cnn150 and lstm100 have smaller inputs than their
// names say.
func TestTrainingIsTheSameOnEveryPath(t *testing.T) {
	steps := *pathSteps
	if raceDetector {
		steps = 2
	}
	sizes := map[string]struct {
		in    []int
		batch int
	}{
		"cnn150": {[]int{31, 31, 3}, 2}, "cnn28": {[]int{28, 28, 1}, 3}, "ae784": {[]int{784}, 32},
		"lstm100": {[]int{20, 1}, 3}, "signal10": {[]int{10, 3}, 17},
	}
	before := f32.Path()
	t.Cleanup(func() { must(t, SelectKernels(before)) })
	for _, a := range anchors {
		t.Run(a.name, func(t *testing.T) {
			want := ""
			for _, path := range f32.Paths() {
				must(t, SelectKernels(path))
				size := sizes[a.name]
				m, step := anchorStep(t, size.in, a.body(), size.batch)
				for range steps {
					step()
				}
				if want == "" {
					want = m.Hash()
				}
				if got := m.Hash(); got != want {
					t.Errorf("after %d steps the weights on the path %s differ from those on the generic one", steps, path)
				}
			}
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
