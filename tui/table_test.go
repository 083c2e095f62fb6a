package tui

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medml"
)

func table(t testing.TB, s medml.Snapshot, o TableOptions) string {
	var b strings.Builder
	if err := Table(&b, s, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTables(t *testing.T) {
	loss := study(12)
	loss.Metric, loss.Direction, loss.References = "mae", medml.Minimize, nil
	for i := range loss.Trials {
		tr := &loss.Trials[i]
		tr.Value, tr.Low, tr.High = tr.Value*1000-900, tr.Low*1000-900, tr.High*1000-900
	}
	for _, c := range []struct {
		name string
		s    medml.Snapshot
		o    TableOptions
	}{
		{"table-empty", medml.Snapshot{About: diagnosis(), State: medml.StudyRunning, Budget: 60}, TableOptions{}},
		{"table-mid", study(23), TableOptions{}},
		{"table-80-ascii", study(23), TableOptions{Width: 80, ASCII: true}},
		{"table-finished-top", study(60), TableOptions{Width: 120, Top: 10}},
		{"table-long-names", longNames(), TableOptions{Width: 100}},
		{"table-aims", aiming(35), TableOptions{Width: 120, Top: 12}},
		{"table-repeated", repeated(), TableOptions{Width: 100, Top: 6}},
		{"table-minimized", loss, TableOptions{Width: 100}},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, table(t, c.s, c.o)) })
	}
}

func TestATableIsNoWiderThanAsked(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySnapshot(rt)
		w := rapid.IntRange(40, 160).Draw(rt, "width")
		rows, _, _ := strings.Cut(table(t, s, TableOptions{Width: w}), "\n\n")
		for _, l := range strings.Split(rows, "\n") {
			if width(l) > w {
				rt.Fatalf("a row of %d cells: %q", width(l), l)
			}
		}
		_ = ProgressLine(s)
	})
}

func TestATableGoesToAFileWithoutEscapes(t *testing.T) {
	if text := table(t, longNames(), TableOptions{Color: true}); strings.Contains(text, "\x1b") {
		t.Errorf("%q", text)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestATableThatCannotBeWrittenSaysSo(t *testing.T) {
	err := Table(full{}, study(3), TableOptions{})
	if err == nil || err.Error() != "writing the leaderboard of diagnosis: no space left on device" {
		t.Errorf("got %v", err)
	}
}

func TestProgressLine(t *testing.T) {
	past := study(60)
	open := study(23)
	open.Budget = 0
	none := medml.Snapshot{State: medml.StudyRunning, Budget: 60}
	for _, c := range []struct {
		name string
		s    medml.Snapshot
		want string
	}{
		{"of a running study", study(23), "23/60 trials  best 0.9931 (trial 7, autoencoder)  1 failed  2 running  00:44 elapsed  ~01:09 left"},
		{"of a finished study", past, "60/60 trials  best 0.9943 (trial 33, lstm)  1 failed  complete  01:55 elapsed"},
		{"without a budget", open, "23 trials  best 0.9931 (trial 7, autoencoder)  1 failed  2 running  00:44 elapsed"},
		{"before the first trial", none, "0/60 trials  0 running  00:00 elapsed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ProgressLine(c.s); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0.99512, "0.9951"}, {1, "1.0000"}, {0, "0.0000"}, {-0.25, "-0.2500"}, {0.001, "0.0010"}, {0.000123456, "0.0001235"},
		{1.5, "1.5"}, {12.34567, "12.35"}, {123456, "1.235e+05"}, {math.NaN(), "-"}, {math.Inf(1), "+Inf"},
	} {
		if got := number(c.x); got != c.want {
			t.Errorf("number(%v) = %q, not %q", c.x, got, c.want)
		}
	}
}

func TestTimes(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0.0s", 0.0004: "1ms", 0.04: "40ms", 0.0996: "0.1s", 9.44: "9.4s", 99.96: "1m40s", 125: "2m05s", 3600: "1h00m", 90061: "25h01m"} {
		if got := took(seconds); got != want {
			t.Errorf("took(%v) = %q, not %q", seconds, got, want)
		}
	}
	for seconds, want := range map[int]string{0: "00:00", 41: "00:41", 3599: "59:59", 3661: "1:01:01", 200000: "2d 07:33"} {
		if got := clock(secs(seconds)); got != want {
			t.Errorf("clock(%d s) = %q, not %q", seconds, got, want)
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	s := study(60)
	for n := 60; n < 1000; n++ {
		t := trial(s.About, n)
		s.Trials = append(s.Trials, t)
	}
	s.State = medml.StudyRunning
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"160x50", 160, 50}} {
		b.Run(size.name, func(b *testing.B) {
			m := shown(b, s, size.w, size.h, Options{})
			b.ReportAllocs()
			for b.Loop() {
				m.Update(news{facts: survey(s, m.facts)})
				io.WriteString(io.Discard, m.View())
			}
		})
	}
	b.Run("new ranking", func(b *testing.B) {
		for b.Loop() {
			survey(s, nil)
		}
	})
}
