package live

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"medml"
)

// endless is a study of as many trials as are asked for.
type endless struct{ next int }

func (q *endless) Ask() (medml.Trial, error) {
	q.next++
	return medml.Trial{Number: q.next - 1, Params: medml.Params{{Name: "x", Value: medml.IntValue(q.next)}}}, nil
}
func (*endless) Report(medml.Trial, int, medml.Epoch) (bool, error) { return false, nil }
func (*endless) Tell(medml.Trial) error                             { return nil }

// nothing records nothing.
type nothing struct{}

func (nothing) Queue(medml.Event) (func() error, error) { return func() error { return nil }, nil }

// sweep runs two workers on a study, with trials that train until they are stopped, or
// for so many steps. It returns the client and how many steps each trial has trained;
// for a number below 0, all of them.
func sweep(t *testing.T, steps int64, l limits) (*Server, *Client, func(number int) int64) {
	t.Helper()
	var all atomic.Int64
	var done [1 << 10]atomic.Int64
	exec := &medml.Executor{
		Study: &endless{}, Recorder: nothing{}, Workers: 2, About: about(),
		Objective: func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			for step := int64(0); step < steps; step++ {
				if save, err := m.Step(); err != nil {
					return medml.Result{}, err
				} else if save {
					if err := m.Save([]byte{1}); err != nil {
						return medml.Result{}, err
					}
				}
				done[tr.Number%len(done)].Add(1)
				all.Add(1)
				runtime.Gosched()
			}
			if steps < forever {
				<-time.After(time.Millisecond) // as if it had trained
			}
			return medml.Result{Value: 1}, nil
		},
	}
	dir := private(t)
	server, err := serve(dir, "diagnosis", exec, exec, l)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		if _, err := exec.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	c, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		<-over
		c.Close()
		server.Close()
	})
	return server, c, func(n int) int64 {
		if n < 0 {
			return all.Load()
		}
		return done[n].Load()
	}
}

const forever = 1 << 62

// within is how soon what is asked from outside must take effect.
const within = 200 * time.Millisecond

// effect measures how soon what is asked holds: the quickest of a few times, for other
// processes may have the machine.
func effect(t *testing.T, what string, times int, round func(i int) (act func() error, holds func() bool)) {
	t.Helper()
	best := time.Hour
	for i := range times {
		act, holds := round(i)
		began := time.Now()
		if err := act(); err != nil {
			t.Fatal(err)
		}
		eventually(t, what, holds)
		if best = min(best, time.Since(began)); best <= within {
			break
		}
	}
	t.Logf("%s after %v", what, best)
	if best > within {
		t.Errorf("%s after %v, later than %v", what, best, within)
	}
}

func TestARunningStudyDoesAsItIsToldAtOnce(t *testing.T) {
	_, c, steps := sweep(t, forever, usual)
	eventually(t, "two trials train", func() bool { return steps(0) > 0 && steps(1) > 0 })
	still := func(n int) bool {
		before := steps(n)
		time.Sleep(5 * time.Millisecond) // long enough for thousands of steps
		return steps(n) == before
	}
	moves := func(n int) func() bool {
		before := steps(n)
		return func() bool { return steps(n) > before }
	}
	resumed := func(n int) {
		if err := c.Resume(n); err != nil {
			t.Fatal(err)
		}
	}
	effect(t, "trial 0 is held up", 8, func(int) (func() error, func() bool) {
		resumed(0)
		return func() error { return c.Pause(0) }, func() bool { return still(0) }
	})
	if s := snapshot(t, c); !s.Trials[0].Paused || s.Trials[1].Paused || s.State != medml.StudyRunning {
		t.Errorf("the snapshot after it: %+v", s)
	}
	eventually(t, "trial 1 goes on meanwhile", moves(1))
	paused := func(n int, trials ...int) {
		if err := c.Pause(n); err != nil {
			t.Fatal(err)
		}
		for _, trial := range trials {
			eventually(t, "it stands still", func() bool { return still(trial) })
		}
	}
	effect(t, "trial 0 goes on", 8, func(int) (func() error, func() bool) {
		paused(0, 0)
		return func() error { return c.Resume(0) }, moves(0)
	})
	effect(t, "the study is held up", 8, func(int) (func() error, func() bool) {
		resumed(medml.WholeStudy)
		return func() error { return c.Pause(medml.WholeStudy) }, func() bool { return still(0) && still(1) }
	})
	if s := snapshot(t, c); s.State != medml.StudyPaused {
		t.Errorf("the paused study is %s", s.State)
	}
	effect(t, "the study goes on", 8, func(int) (func() error, func() bool) {
		paused(medml.WholeStudy, 0, 1)
		return func() error { return c.Resume(medml.WholeStudy) }, moves(1)
	})
	effect(t, "a trial is pruned", 3, func(i int) (func() error, func() bool) {
		eventually(t, "the next trial trains", func() bool { return steps(1+i) > 0 })
		return func() error { return c.Stop(1 + i) }, func() bool { return snapshot(t, c).Trials[1+i].State == medml.Pruned }
	})
	if err := c.Pause(1); err == nil || err.Error() != "trial 1 is pruned, not running" {
		t.Errorf("pausing it then: %v", err)
	}
	if err := c.Stop(medml.WholeStudy); err != nil {
		t.Error(err)
	}
	eventually(t, "the study ends", func() bool { return snapshot(t, c).State == medml.StudyInterrupted })
	if err := c.Pause(medml.WholeStudy); err == nil || err.Error() != "study diagnosis isn't running" {
		t.Errorf("pausing it then: %v", err)
	}
}

func TestWatchersThatDoNotReadHoldNobodyUp(t *testing.T) {
	l := usual
	l.patient, l.clients, l.page = 2*time.Second, 40, 64<<10
	server, c, steps := sweep(t, 1, l)
	eventually(t, "there are trials to tell of", func() bool { return snapshot(t, c).Counts().Complete > 100 })

	pace := func() time.Duration {
		began, from := time.Now(), steps(-1)
		eventually(t, "100 more trials are trained", func() bool { return steps(-1) >= from+100 })
		return time.Since(began)
	}
	alone := min(pace(), pace(), pace())
	for range 30 {
		conn, err := connect(server.dir, patience)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		ask := helloText
		for range 200 { // the answers to far fewer fill the socket
			if err := writeFrame(conn, []byte(ask), maxRequest); err != nil {
				t.Fatal(err)
			}
			ask = `{"do":"snapshot"}`
		}
	}
	watched := min(pace(), pace(), pace())
	t.Logf("100 trials took %v alone and %v with 30 stuck watchers", alone, watched)
	if watched > 3*alone+l.patient/2 {
		t.Errorf("100 trials took %v alone and %v with 30 stuck watchers", alone, watched)
	}
	// They are cut off, though they never left; who reads stays.
	eventually(t, "the stuck are cut off", func() bool {
		server.mu.Lock()
		defer server.mu.Unlock()
		return len(server.conns) <= 1
	})
	snapshot(t, c)
}

func TestTheEndDoesNotWaitForAStuckWatcher(t *testing.T) {
	st := &stage{s: medml.Snapshot{About: about(), State: medml.StudyRunning}}
	for n := range 5000 {
		st.s.Trials = append(st.s.Trials, ended(n))
	}
	server, _ := opened(t, st, usual) // patient for seconds
	conn, err := connect(server.dir, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, ask := range slices.Concat([]string{`{"do":"hello","version":1}`}, slices.Repeat([]string{`{"do":"snapshot"}`}, 20)) {
		if err := writeFrame(conn, []byte(ask), maxRequest); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	server.Close()
	if took := time.Since(began); took > time.Second {
		t.Errorf("closing took %v", took)
	}
}
