package tui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"medml"
	"medml/tui"
)

// The zone is one that the fixtures' times aren't in: what is shown is local.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("CET", 3600)
	goleak.VerifyTestMain(m)
}

// terminal is a fake one: what is drawn on it can be waited for.
type terminal struct {
	mu     sync.Mutex
	drawn  bytes.Buffer
	change chan struct{}
}

func newTerminal() *terminal { return &terminal{change: make(chan struct{}, 1)} }

func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case t.change <- struct{}{}:
	default:
	}
	return t.drawn.Write(b)
}

func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.drawn.String()
}

// await waits until text has been drawn.
func (t *terminal) await(tb testing.TB, text string) {
	tb.Helper()
	deadline := time.After(10 * time.Second)
	for !strings.Contains(t.text(), text) {
		select {
		case <-t.change:
		case <-deadline:
			tb.Errorf("%q was never drawn:\n%q", text, t.text())
			return
		}
	}
}

// source hands out what it holds.
type source struct {
	mu    sync.Mutex
	s     medml.Snapshot
	err   error
	panic any
}

func (s *source) Snapshot() (medml.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.panic != nil {
		panic(s.panic)
	}
	return s.s, s.err
}

func (s *source) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func sweep(state medml.StudyState, ended int) medml.Snapshot {
	s := medml.Snapshot{
		About: medml.About{Study: "diagnosis", Metric: "auroc", Direction: medml.Maximize, Folds: 1, Epochs: 3},
		State: state, Budget: 3, Workers: 1,
	}
	for n := range ended {
		s.Trials = append(s.Trials, medml.Trial{
			Number: n, State: medml.Complete, Value: 0.9 + float64(n)/100, Low: 0.9, High: 0.99,
			Params: medml.Params{{Name: "architecture", Value: medml.StringValue("cnn")}},
		})
	}
	return s
}

// start runs the screen on a fake terminal and returns it, its keyboard and its result.
func start(t *testing.T, ctx context.Context, src tui.Source, o tui.Options) (*terminal, io.Writer, <-chan error) {
	t.Helper()
	in, keyboard := io.Pipe()
	t.Cleanup(func() { keyboard.Close() })
	screen, result := newTerminal(), make(chan error, 1)
	o.In, o.Out, o.Interval = in, screen, time.Millisecond
	go func() { result <- tui.Run(ctx, src, o) }()
	return screen, keyboard, result
}

func press(t *testing.T, keyboard io.Writer, keys string) {
	t.Helper()
	if _, err := io.WriteString(keyboard, keys); err != nil {
		t.Fatal(err)
	}
}

// end waits for the result, and checks that the terminal was put back.
func end(t *testing.T, screen *terminal, result <-chan error) error {
	t.Helper()
	select {
	case err := <-result:
		for _, sequence := range []string{"\x1b[?1049h", "\x1b[?1049l", "\x1b[?25h"} {
			if !strings.Contains(screen.text(), sequence) {
				t.Errorf("%q wasn't sent to the terminal", sequence)
			}
		}
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the screen is still there")
		return nil
	}
}

func TestAUserLooksAroundAndQuits(t *testing.T) {
	src := &source{s: sweep(medml.StudyComplete, 3)}
	screen, keyboard, result := start(t, t.Context(), src, tui.Options{})
	screen.await(t, "3/3 trials")
	press(t, keyboard, "j\r")
	screen.await(t, "Trial 1")
	press(t, keyboard, "?")
	screen.await(t, "the best complete trial")
	press(t, keyboard, "q")
	if err := end(t, screen, result); err != nil {
		t.Error(err)
	}
}

func TestASweepIsStoppedByTheFirstKeyAndLeftByTheSecond(t *testing.T) {
	stopped := make(chan struct{})
	src := &source{s: sweep(medml.StudyRunning, 1)}
	screen, keyboard, result := start(t, t.Context(), src, tui.Options{Stop: func() { close(stopped) }, Done: make(chan struct{})})
	screen.await(t, "1/3 trials")
	press(t, keyboard, "\x03")
	<-stopped
	screen.await(t, "press again to leave at once")
	press(t, keyboard, "\x03")
	if err := end(t, screen, result); !errors.Is(err, tui.ErrForced) {
		t.Errorf("got %v", err)
	}
}

func TestASweepThatEndsIsDrawnToItsEnd(t *testing.T) {
	done := make(chan struct{})
	src := &source{s: sweep(medml.StudyRunning, 1)}
	screen, _, result := start(t, t.Context(), src, tui.Options{Stop: func() {}, Done: done})
	screen.await(t, "1/3 trials")
	src.set(func() { src.s = sweep(medml.StudyComplete, 3) })
	close(done)
	if err := end(t, screen, result); err != nil {
		t.Error(err)
	}
	if !strings.Contains(screen.text(), "3/3 trials") {
		t.Errorf("the end wasn't drawn:\n%q", screen.text())
	}
}

func TestAStoppedSweepLeavesWithoutForce(t *testing.T) {
	done := make(chan struct{})
	src := &source{s: sweep(medml.StudyRunning, 1)}
	screen, keyboard, result := start(t, t.Context(), src, tui.Options{Stop: func() { close(done) }, Done: done})
	screen.await(t, "1/3 trials")
	press(t, keyboard, "q")
	if err := end(t, screen, result); err != nil {
		t.Error(err)
	}
}

func TestACancelledContextEndsTheScreen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	screen, _, result := start(t, ctx, &source{s: sweep(medml.StudyRunning, 1)}, tui.Options{})
	screen.await(t, "1/3 trials")
	cancel()
	if err := end(t, screen, result); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAPanicRestoresTheTerminalAndIsAnError(t *testing.T) {
	t.Run("of the source", func(t *testing.T) {
		src := &source{s: sweep(medml.StudyRunning, 1)}
		screen, _, result := start(t, t.Context(), src, tui.Options{})
		screen.await(t, "1/3 trials")
		src.set(func() { src.panic = "index out of range" })
		if err := end(t, screen, result); err == nil || !strings.Contains(err.Error(), "reading the study: panic: index out of range") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("of stopping", func(t *testing.T) {
		screen, keyboard, result := start(t, t.Context(), &source{s: sweep(medml.StudyRunning, 1)}, tui.Options{Stop: func() { panic("closed twice") }})
		screen.await(t, "1/3 trials")
		press(t, keyboard, "q")
		if err := end(t, screen, result); err == nil || !strings.Contains(err.Error(), "stopping the sweep: panic: closed twice") {
			t.Errorf("got %v", err)
		}
	})
}

func TestASourceThatFailsIsAskedAgain(t *testing.T) {
	src := &source{err: errors.New("dial unix medml.sock: connection refused")}
	screen, keyboard, result := start(t, t.Context(), src, tui.Options{})
	screen.await(t, "connection refused")
	src.set(func() { src.s, src.err = sweep(medml.StudyRunning, 2), nil })
	screen.await(t, "2/3 trials")
	press(t, keyboard, "q")
	if err := end(t, screen, result); err != nil {
		t.Error(err)
	}
}
