package live

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medml"
)

func TestAClientSeesTheStudyToTheBit(t *testing.T) {
	st := &stage{s: medml.Snapshot{
		About: about(), State: medml.StudyPaused, Reason: "x", Budget: 60, TimeBudget: time.Hour, Workers: 2,
		Elapsed: 1234567891, Taken: time.Now(), Resumed: 3,
		Trials: []medml.Trial{ended(0), {Number: 1, State: medml.Running, Paused: true, Value: math.NaN()}, ended(2)},
	}}
	_, c := opened(t, st, usual)
	for range 2 {
		equal(t, snapshot(t, c), st.s)
	}
	if c.Study() != "diagnosis" || c.PID() == 0 {
		t.Errorf("served is study %q by process %d", c.Study(), c.PID())
	}
}

// drama changes a study as an executor does.
type drama struct {
	t *rapid.T
	s *medml.Snapshot
}

func (d drama) number() int {
	return rapid.IntRange(0, len(d.s.Trials)-1).Draw(d.t, "trial")
}

func (d drama) act() {
	x := rapid.Float64().Draw(d.t, "x")
	d.s.Elapsed++
	switch what := rapid.IntRange(0, 10).Draw(d.t, "act"); {
	case what < 2 || len(d.s.Trials) == 0:
		n := len(d.s.Trials)
		d.s.Trials = append(d.s.Trials, medml.Trial{
			Number: n, State: medml.Running, Value: math.NaN(), Started: time.Unix(int64(n), 0), Params: medml.Params{{Name: "x", Value: medml.FloatValue(x)}},
		})
	case what < 6: // an epoch
		t := &d.s.Trials[d.number()]
		if t.State != medml.Running {
			return
		}
		runs := slices.Clone(t.Runs)
		if fold := len(runs); fold == 0 || rapid.Bool().Draw(d.t, "next fold") {
			runs = append(runs, medml.Run{Fold: fold, Value: math.NaN()})
		}
		last := &runs[len(runs)-1]
		if rapid.IntRange(0, 9).Draw(d.t, "out of order") == 0 {
			last = &runs[0]
		}
		last.Epochs = append(slices.Clip(last.Epochs), medml.Epoch{Step: t.Epochs() + 1, Value: x, Loss: math.NaN()})
		t.Runs = runs
	case what == 6: // the end
		n := d.number()
		params, runs := d.s.Trials[n].Params, d.s.Trials[n].Runs
		d.s.Trials[n] = ended(n)
		d.s.Trials[n].Params, d.s.Trials[n].Runs = params, runs
	case what == 7: // put back, with or without its runs
		t := &d.s.Trials[d.number()]
		t.State = medml.Waiting
		if rapid.Bool().Draw(d.t, "from its checkpoint") {
			t.Runs = slices.Clone(t.Runs[:len(t.Runs)/2])
		} else {
			t.Runs = nil
		}
	case what == 8: // and taken again
		t := &d.s.Trials[d.number()]
		if t.State == medml.Waiting {
			t.State, t.Started = medml.Running, t.Started.Add(time.Second)
		}
	case what == 9: // trained again
		t := &d.s.Trials[d.number()]
		t.Repeats = append(slices.Clip(t.Repeats), medml.Repeat{Seed: len(t.Repeats) + 1, Value: x})
	default:
		t := &d.s.Trials[d.number()]
		t.Paused = !t.Paused
	}
}

func TestWhateverHappensAClientThatAsksHasTheStudyWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
		l := usual
		l.page = rapid.IntRange(1, 3000).Draw(rt, "page")
		dir := private(t)
		server, err := serve(dir, "diagnosis", st, st, l)
		if err != nil {
			rt.Fatal(err)
		}
		defer server.Close()
		clients := []*Client{dialled(rt, dir), dialled(rt, dir)}
		defer clients[0].Close()
		defer clients[1].Close()
		for range rapid.IntRange(1, 40).Draw(rt, "acts") {
			st.set(func(s *medml.Snapshot) { drama{rt, s}.act() })
			who := rapid.IntRange(0, 3).Draw(rt, "who asks")
			if who > 1 {
				continue // nobody
			}
			server.changes.stale()
			if rapid.IntRange(0, 9).Draw(rt, "lost") == 0 {
				clients[who].conn.Close()
			}
			got, err := clients[who].Snapshot()
			if err != nil {
				rt.Fatal(err)
			}
			if d := diff(got, st.s); d != "" {
				rt.Fatalf("(-want +got):\n%s", d)
			}
		}
	})
}

func dialled(t *rapid.T, dir string) *Client {
	c, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAStudyThatChangesBetweenPagesArrivesWhole(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	for n := range 30 {
		st.s.Trials = append(st.s.Trials, ended(n))
	}
	l := usual
	l.page = 1
	server, c := opened(t, st, l)
	c.mu.Lock()
	for n := 0; ; n++ {
		p, err := c.askPage()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.known.take(p); err != nil {
			t.Fatal(err)
		}
		if !p.More {
			break
		}
		if n < 40 {
			st.set(func(s *medml.Snapshot) {
				s.Trials[(7*n)%30].Retries++
				if n%3 == 0 {
					s.Trials = append(s.Trials, ended(len(s.Trials)))
				}
			})
			server.changes.stale()
		}
	}
	c.mu.Unlock()
	server.changes.stale()
	equal(t, snapshot(t, c), st.s)
}

func TestASnapshotStaysAsItWas(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning, Trials: []medml.Trial{{State: medml.Running}}}}
	server, c := opened(t, st, usual)
	var before []medml.Snapshot
	for step := range 9 {
		st.set(func(s *medml.Snapshot) {
			s.Trials[0].Runs = join(s.Trials[0].Runs, []medml.Run{{Epochs: []medml.Epoch{{Step: step + 1}}}})
		})
		server.changes.stale()
		before = append(before, snapshot(t, c))
		for i, s := range before {
			if s.Trials[0].Epochs() != i+1 {
				t.Fatalf("snapshot %d has %d epochs after %d", i, s.Trials[0].Epochs(), step+1)
			}
		}
	}
}

func TestWhatDidNotChangeIsNotSentAgain(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	for n := range 200 {
		st.s.Trials = append(st.s.Trials, ended(n))
	}
	running := medml.Trial{Number: 200, State: medml.Running}
	for step := range 1000 {
		running.Runs = join(running.Runs, []medml.Run{{Epochs: []medml.Epoch{{Step: step + 1, Loss: 0.123456789}}}})
	}
	st.s.Trials = append(st.s.Trials, running)
	server, c := opened(t, st, usual)
	snapshot(t, c)
	page := func() *page {
		server.changes.stale()
		c.mu.Lock()
		defer c.mu.Unlock()
		p, err := c.askPage()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.known.take(p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := page(); len(p.Trials) != 0 || p.About != nil {
		t.Errorf("nothing changed and %d trials came", len(p.Trials))
	}
	st.set(func(s *medml.Snapshot) {
		s.Trials[200].Runs = join(s.Trials[200].Runs, []medml.Run{{Epochs: []medml.Epoch{{Step: 1001}}}})
		s.Trials[7].Reason = "changed"
	})
	p := page()
	if len(p.Trials) != 2 || p.Trials[0].Number != 7 || p.Trials[1].Skipped != 1000 || len(p.Trials[1].Runs[0].Epochs) != 1 {
		t.Errorf("two trials changed, one by an epoch, and this came: %+v", p.Trials)
	}
}

func TestManyWatchersReadTheStudyOnce(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	server, c := opened(t, st, usual)
	snapshot(t, c)
	server.changes.mu.Lock()
	server.changes.read = time.Now().Add(time.Hour) // as if no time passed
	server.changes.mu.Unlock()
	reads := func() (n int) {
		st.set(func(*medml.Snapshot) { n = st.reads })
		return n
	}
	before := reads()
	for range 50 {
		snapshot(t, c)
	}
	if n := reads() - before; n != 0 {
		t.Errorf("50 readings at one moment read the study %d times", n)
	}
	// What was done to the study shows at once.
	if err := c.Pause(medml.WholeStudy); err != nil {
		t.Fatal(err)
	}
	snapshot(t, c)
	if n := reads() - before; n != 1 {
		t.Errorf("after it was paused the study was read %d times", n)
	}
}

func TestControl(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	_, c := opened(t, st, usual)
	for _, err := range []error{c.Pause(medml.WholeStudy), c.Pause(3), c.Resume(3), c.Resume(medml.WholeStudy), c.Stop(0), c.Stop(medml.WholeStudy)} {
		if err != nil {
			t.Error(err)
		}
	}
	want := "pause -1, pause 3, resume 3, resume -1, stop 0, stop -1"
	if got := strings.Join(st.acts, ", "); got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	st.deny = errors.New("trial 3 is complete, not running")
	var refused *RefusedError
	if err := c.Pause(3); !errors.As(err, &refused) || err.Error() != st.deny.Error() {
		t.Errorf("refused with %v", err)
	}
	st.deny = nil
	if err := c.Pause(3); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
}

func TestAFaultOfTheSourceIsToldAndPasses(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}, err: errBroken}
	_, c := opened(t, st, usual)
	if _, err := c.Snapshot(); err == nil || err.Error() != errBroken.Error() {
		t.Errorf("got %v", err)
	}
	st.set(func(*medml.Snapshot) { st.err = nil })
	equal(t, snapshot(t, c), st.s)
	// What has no JSON form can't be told; the connection stays.
	st.set(func(s *medml.Snapshot) {
		s.Trials = []medml.Trial{{Params: medml.Params{{Name: "x", Value: medml.FloatValue(math.NaN())}}}}
	})
	eventually(t, "the study can't be told", func() bool {
		_, err := c.Snapshot()
		return err != nil && strings.Contains(err.Error(), "no JSON form")
	})
}

func TestAPanicOfTheSourceEndsTheConversationAlone(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	dir := private(t)
	server, err := Serve(dir, "diagnosis", panicking{}, st)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for range 2 {
		c, err := Dial(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Snapshot(); err == nil || !strings.Contains(err.Error(), "panic: boom") {
			t.Errorf("got %v", err)
		}
		c.Close()
	}
}

type panicking struct{}

func (panicking) Snapshot() (medml.Snapshot, error) { panic("boom") }

func TestAfterTheEndNobodyServes(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	server, c := opened(t, st, usual)
	snapshot(t, c)
	if err := errors.Join(server.Close(), server.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Snapshot(); !errors.Is(err, ErrNotServed) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := Dial(server.dir); !errors.Is(err, ErrNotServed) {
		t.Errorf("got %v", err)
	}
	// Another study in the same folder isn't the one that was dialled.
	other, err := Serve(server.dir, "other", st, st)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := c.Snapshot(); !errors.Is(err, ErrNotServed) {
		t.Errorf("got %v", err)
	}
	if c.Study() != "diagnosis" {
		t.Errorf("the client is now of study %s", c.Study())
	}
}

func BenchmarkTenThousandTrials(b *testing.B) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	for n := range 10_000 {
		t := ended(n)
		for fold := range t.Runs {
			for step := range 30 {
				t.Runs[fold].Epochs = append(t.Runs[fold].Epochs, medml.Epoch{Step: step, Loss: 1 / float64(n+step+2), Value: 1 / float64(n+3)})
			}
		}
		st.s.Trials = append(st.s.Trials, t)
	}
	server, c := opened(b, st, usual)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			c.mu.Lock()
			c.hangUp()
			c.mu.Unlock()
			snapshot(b, c)
		}
	})
	b.Run("next, one changed", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			st.set(func(s *medml.Snapshot) { s.Trials[n%10_000].Reason = fmt.Sprint(n) })
			server.changes.stale()
			snapshot(b, c)
		}
	})
}
