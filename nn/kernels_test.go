package nn

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"medml/nn/internal/f32"
)

// The requirement is 200 steps at the full size, which takes minutes to hours:
//
//	go test ./nn -run SameOnEveryPathAndAnyThreads -steps 200 -full -paths avx2,avx512 -timeout 5h
var (
	pathSteps = flag.Int("steps", 20, "training steps after which all kernel paths and any number of threads must agree")
	fullSize  = flag.Bool("full", false, "train the models at the size that they are measured at, in batches of 32")
	pathNames = flag.String("paths", "", "the kernel paths to compare, with commas (default all that the processor has)")
)

// The tests run on the path that MEDML_CPU names, as the program does.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := SelectKernels(os.Getenv("MEDML_CPU")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// way is how a training is run, of which the weights must know nothing.
type way struct {
	path    string
	threads int
}

// ways are one thread on each path, and several on the last one.
func ways() (all []way) {
	paths := f32.Paths()
	if *pathNames != "" {
		paths = strings.Split(*pathNames, ",")
	}
	for _, path := range paths {
		all = append(all, way{path, 1})
	}
	for _, threads := range []int{2, 3, 5} {
		all = append(all, way{paths[len(paths)-1], threads})
	}
	return all
}

// Whole trainings must end with the same bits on every path, and on any number of threads,
// which share every piece of work, however small. Unless asked for, the full size is not
// tried: the portable path takes a second for each of these.
func TestTrainingIsTheSameOnEveryPathAndAnyThreads(t *testing.T) {
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
			in, batch := sizes[a.name].in, sizes[a.name].batch
			if *fullSize {
				in, batch = a.in, 32
			}
			want := ""
			for _, w := range ways() {
				got := trained(t, w, in, a.body(), batch, steps)
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("after %d steps on the path %s with %d threads the weights are others than on the path %s",
						steps, w.path, w.threads, ways()[0].path)
				}
			}
		})
	}
}

// trained returns the hash of the weights after so many steps.
func trained(t *testing.T, w way, in []int, body Sequential, batch, steps int) string {
	t.Helper()
	must(t, SelectKernels(w.path))
	start := time.Now()
	m, step := anchorStep(t, in, body, batch)
	m.plan.team.enough = 0
	defer m.Split(w.threads)()
	for range steps {
		step()
	}
	t.Logf("%s, %d threads: %.1f s", w.path, w.threads, time.Since(start).Seconds())
	return m.Hash()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
