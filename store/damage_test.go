package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"medml"
	"medml/store"
)

func TestAFlippedBitIsNamedOrHarmless(t *testing.T) {
	p := newPatient(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	named := 0
	n := long(t, 550)
	for range n {
		at, bit := rnd.IntN(len(p.whole)), byte(1)<<rnd.IntN(8)
		hurt := slices.Clone(p.whole)
		hurt[at] ^= bit
		if p.examine(fmt.Sprintf("bit %#x of byte %#x", bit, at), hurt) {
			named++
		}
	}
	t.Logf("%d of %d flips were named", named, n)
	if named < n/10 {
		t.Errorf("of %d flips %d were named: the file is mostly air", n, named)
	}
}

// Of a file beside the store every byte counts: whatever happens to it is named.
func TestADamagedFileBesideTheStoreIsAlwaysNamed(t *testing.T) {
	p := newPatient(t)
	rnd := rand.New(rand.NewPCG(13, 14))
	names := p.beside()
	n := long(t, 200)
	for i := range n {
		name := names[i%len(names)]
		whole := p.files[name]
		at := rnd.IntN(len(whole))
		hurt, what := slices.Clone(whole), ""
		switch rnd.IntN(4) {
		case 0:
			hurt, what = whole[:at], "cut short"
		case 1:
			hurt, what = append(hurt, byte(at)), "a byte longer"
		case 2:
			hurt, what = slices.Clone(p.files[names[(i+1+rnd.IntN(len(names)-1))%len(names)]]), "another file's content"
		default:
			hurt[at] ^= 1 << rnd.IntN(8)
			what = fmt.Sprintf("byte %d flipped", at)
		}
		if !p.examineFile(name+": "+what, name, hurt) {
			t.Errorf("%s: %s, and nothing was named", name, what)
		}
	}
}

func TestATornSectorIsNamedOrHarmless(t *testing.T) {
	p := newPatient(t)
	const sector = 512
	rnd := rand.New(rand.NewPCG(5, 6))
	for range long(t, 60) {
		at := rnd.IntN(len(p.whole)/sector) * sector
		from := rnd.IntN(len(p.whole)/sector) * sector
		hurt := slices.Clone(p.whole)
		clear(hurt[at : at+sector])
		p.examine(fmt.Sprintf("sector at %#x zeroed", at), hurt)
		copy(hurt[at:], p.whole[from:from+sector])
		p.examine(fmt.Sprintf("sector at %#x from %#x", at, from), hurt)
	}
}

func TestAMisplacedPageIsNamedOrHarmless(t *testing.T) {
	p := newPatient(t)
	const page = 4096
	rnd := rand.New(rand.NewPCG(7, 8))
	for range long(t, 60) {
		at, from := rnd.IntN(len(p.whole)/page)*page, rnd.IntN(len(p.whole)/page)*page
		hurt := slices.Clone(p.whole)
		copy(hurt[at:at+page], p.whole[from:from+page])
		p.examine(fmt.Sprintf("page at %#x from %#x", at, from), hurt)
	}
}

func TestATruncatedStoreIsNamedOrHarmless(t *testing.T) {
	p := newPatient(t)
	rnd := rand.New(rand.NewPCG(9, 10))
	for range long(t, 40) {
		n := rnd.IntN(len(p.whole))
		p.examine(fmt.Sprintf("cut to %d of %d bytes", n, len(p.whole)), p.whole[:n])
	}
	for _, n := range []int{0, 1, 79, 80, 4096, 8192, 16384} {
		if !p.examine(fmt.Sprintf("cut to %d bytes", n), p.whole[:n]) {
			t.Errorf("cut to %d bytes: nothing was named", n)
		}
	}
}

// A damaged store that opens can be written to: it doesn't crash, and names what it
// meets.
func TestADamagedStoreIsWrittenToSafely(t *testing.T) {
	p := newPatient(t)
	rnd := rand.New(rand.NewPCG(11, 12))
	for range long(t, 40) {
		hurt := slices.Clone(p.whole)
		at := rnd.IntN(len(hurt))
		hurt[at] ^= 1 << rnd.IntN(8)
		p.write("medml.db", hurt)
		if err := resume(p.dir); err != nil {
			var damage *store.DamageError
			if !errors.As(err, &damage) {
				t.Errorf("byte %#x: %v", at, err)
			}
		}
	}
}

func resume(dir string) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	store.SkipSync(s)
	if err := s.Begin("killed", store.Session{Started: clock}); err != nil {
		return err
	}
	r, err := s.Recorder("killed", store.RecorderOptions{Flush: time.Hour})
	if err != nil {
		return err
	}
	for n := range 30 {
		if n%10 != 9 {
			continue
		}
		for _, e := range []medml.Event{medml.TrialStarted{Trial: running(n)}, medml.TrialEnded{Trial: complete(n)}} {
			if err := r.Record(e); err != nil {
				return err
			}
		}
	}
	return s.Close()
}

func TestAFileThatShrinksUnderItsReaderIsAnError(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "medml.db"), worn(t)["medml.db"], 0o600))
	s := open(t, dir, store.Options{ReadOnly: true})
	must(t, os.Truncate(filepath.Join(dir, "medml.db"), 8192))
	var damage *store.DamageError
	if _, err := s.Trials("a"); !errors.As(err, &damage) {
		t.Errorf("got %v", err)
	}
}

func TestVerifyNamesWhatDoesNotAgree(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*medml.Trial)
		want string
	}{
		{"a parameter out of its range", func(t *medml.Trial) { t.Params[1].Value = medml.FloatValue(7) }, "studies/x/trials/0: parameter learning_rate is 7.0, which isn't in its range"},
		{"a parameter of a branch not taken", func(t *medml.Trial) { t.Params[0].Value = medml.StringValue("lstm") },
			"studies/x/trials/0: parameter architecture.cnn.filters is there: true, and should be: false"},
		{"weights that are no hash", func(t *medml.Trial) { t.Weights = "abc" }, "studies/x/trials/0: its weights are no SHA-256"},
		{"folds out of order", func(t *medml.Trial) { t.Runs[0].Fold = 1 }, "studies/x/curves/0: run 1 is of fold 1"},
		{"a fold too many", func(t *medml.Trial) { t.Runs[1].Fold = 2 }, "studies/x/curves/0: run 1 is of fold 2"},
		{"steps that don't rise", func(t *medml.Trial) { t.Runs[0].Epochs[1].Step = 1 }, "studies/x/curves/0: run 0: step 1 comes after step 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, store.Options{})
			end := complete(0)
			end.Params = slices.Clone(end.Params)
			c.edit(&end)
			record(t, begin(t, s, "x"), medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: end})
			must(t, s.Close())
			report, err := store.Verify(t.Context(), dir, time.Minute)
			must(t, err)
			if len(report.Problems) == 0 || report.Problems[0].String() != c.want {
				t.Errorf("got  %v\nwant %s", report.Problems, c.want)
			}
		})
	}
}

// A disk that keeps all pages of a transaction but one gives itself away, once a study
// has outgrown a page.
func TestAPageThatStayedBehindIsNamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "medml.db")
	s := store.SkipSync(open(t, dir, store.Options{}))
	r := begin(t, s, "a")
	var before []byte
	p := &patient{t: t, dir: t.TempDir()}
	for n := range 40 {
		for _, e := range []medml.Event{medml.TrialStarted{Trial: running(n)}, medml.TrialEnded{Trial: complete(n)}} {
			record(t, r, e)
			after, err := os.ReadFile(path)
			must(t, err)
			if n >= 30 {
				p.leaveBehind(before, after)
			}
			before = after
		}
	}
}

// leaveBehind examines a transaction with each of its pages missing, but for the meta
// page: without that it is the whole transaction that is missing.
func (p *patient) leaveBehind(before, after []byte) {
	const page = 4096
	p.whole, p.files = after, map[string][]byte{"medml.db": after}
	p.write("medml.db", after)
	var err error
	p.want, err = everything(p.dir)
	must(p.t, err)
	for at := 2 * page; at < min(len(before), len(after)); at += page {
		if slices.Equal(before[at:at+page], after[at:at+page]) {
			continue
		}
		hurt := slices.Clone(after)
		copy(hurt[at:at+page], before[at:at+page])
		p.examine(fmt.Sprintf("page at %#x left behind", at), hurt)
	}
}
