package live

import (
	"context"
	"net"
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
// for so many steps. It returns the client and how many steps each trial has trained.
func sweep(t *testing.T, steps int64, l limits) (*medml.Executor, *Server, *Client, func(number int) int64) {
	t.Helper()
	var done [1 << 16]atomic.Int64
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
	return exec, server, c, func(n int) int64 { return done[n].Load() }
}

const forever = 1 << 62

// within is how soon what is asked from outside must take effect.
const within = 200 * time.Millisecond

// effect measures how long something takes to hold.
func effect(t *testing.T, what string, act func() error, holds func() bool) {
	t.Helper()
	began := time.Now()
	if err := act(); err != nil {
		t.Fatal(err)
	}
	eventually(t, what, holds)
	took := time.Since(began)
	t.Logf("%s after %v", what, took)
	if took > within {
		t.Errorf("%s after %v, later than %v", what, took, within)
	}
}

func TestARunningStudyDoesAsItIsToldAtOnce(t *testing.T) {
	_, _, c, steps := sweep(t, forever, usual)
	eventually(t, "two trials train", func() bool { return steps(0) > 0 && steps(1) > 0 })
	still := func(n int) func() bool {
		return func() bool {
			before := steps(n)
			time.Sleep(5 * time.Millisecond) // long enough for thousands of steps
			return steps(n) == before
		}
	}
	moves := func(n int) func() bool {
		before := steps(n)
		return func() bool { return steps(n) > before }
	}
	on := func(act func(int) error, n int) func() error { return func() error { return act(n) } }

	effect(t, "trial 0 is held up", on(c.Pause, 0), still(0))
	if s := snapshot(t, c); !s.Trials[0].Paused || s.Trials[1].Paused || s.State != medml.StudyRunning {
		t.Errorf("the snapshot after it: %+v", s)
	}
	eventually(t, "trial 1 goes on meanwhile", moves(1))
	effect(t, "trial 0 goes on", on(c.Resume, 0), moves(0))
	effect(t, "the study is held up", on(c.Pause, medml.WholeStudy), func() bool { return still(0)() && still(1)() })
	if s := snapshot(t, c); s.State != medml.StudyPaused {
		t.Errorf("the paused study is %s", s.State)
	}
	effect(t, "the study goes on", on(c.Resume, medml.WholeStudy), moves(1))
	effect(t, "trial 1 is pruned", on(c.Stop, 1), func() bool { return snapshot(t, c).Trials[1].State == medml.Pruned })
	if err := c.Pause(1); err == nil || err.Error() != "trial 1 is pruned, not running" {
		t.Errorf("pausing it then: %v", err)
	}
	effect(t, "the study ends", on(c.Stop, medml.WholeStudy), func() bool { return snapshot(t, c).State == medml.StudyInterrupted })
	if err := c.Pause(medml.WholeStudy); err == nil || err.Error() != "study diagnosis isn't running" {
		t.Errorf("pausing it then: %v", err)
	}
}

func TestWatchersThatDoNotReadHoldNobodyUp(t *testing.T) {
	l := usual
	l.patient, l.clients = time.Second, 40
	exec, server, c, _ := sweep(t, 1, l)
	eventually(t, "more trials have ended than a socket takes", func() bool { return snapshot(t, c).Counts().Complete > 1000 })

	pace := func() time.Duration {
		began, from := time.Now(), counted(t, exec)
		eventually(t, "200 more trials have ended", func() bool { return counted(t, exec) >= from+200 })
		return time.Since(began)
	}
	alone := min(pace(), pace(), pace())
	var stuck []net.Conn
	for range 30 {
		conn, err := connect(server.dir, patience)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		stuck = append(stuck, conn)
		ask := `{"do":"hello","version":1}`
		for range 100 { // far more than the socket's buffers take
			if conn.SetWriteDeadline(time.Now().Add(time.Second)) != nil || writeFrame(conn, []byte(ask), maxRequest) != nil {
				break
			}
			ask = `{"do":"snapshot"}`
		}
	}
	watched := min(pace(), pace(), pace())
	t.Logf("200 trials took %v alone and %v with 30 stuck watchers", alone, watched)
	if watched > 3*alone+l.patient/3 {
		t.Errorf("200 trials took %v alone and %v with 30 stuck watchers", alone, watched)
	}
	// They are cut off, though they never left; who reads stays.
	eventually(t, "the stuck are cut off", func() bool {
		server.mu.Lock()
		defer server.mu.Unlock()
		return len(server.conns) <= 1
	})
	snapshot(t, c)
	if len(stuck) != 30 {
		t.Errorf("%d were stuck", len(stuck))
	}
}

func counted(t *testing.T, exec *medml.Executor) int {
	s, err := exec.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s.Counts().Complete
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
