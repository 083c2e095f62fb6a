package tui

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// news is a reading of the source.
type news struct {
	facts *facts
	err   error
	// fatal says that a command panicked: there is no use in going on.
	fatal bool
}

// askAgain says that it is time for the next reading.
type askAgain struct{}

// sweepEnded says that the sweep has ended and is recorded.
type sweepEnded struct{}

// model is the state of the screen: the facts last read, and what its user has made of
// them. It does no reading and writing itself; commands do.
type model struct {
	theme
	ctx context.Context
	src Source
	Options
	keys []binding

	w, h   int
	screen screen
	under  screen // the one below the help
	facts  *facts // nil until the first reading
	err    error  // of the last reading
	view   view
	page   page
	// helpTop is the first line of the help that shows.
	helpTop int
	chart   chart

	ended    bool // the sweep has
	final    bool // the reading under way is the last
	stopping bool
	// asking is a question that waits for yes or no; said is what came of the last act that
	// failed, until the next key.
	asking question
	said   string
	forced bool
	fatal  error
}

func newModel(ctx context.Context, src Source, o Options, th theme) *model {
	return &model{
		theme: th, ctx: ctx, src: src, Options: o, keys: bindings(o.ASCII, o.Stop != nil, o.Control != nil),
		w: o.Width, h: o.Height, view: view{chosen: -1},
	}
}

// Init asks for the first reading and waits for the sweep's end.
func (m *model) Init() tea.Cmd { return tea.Batch(m.read(), m.awaitEnd()) }

// read returns the command that reads the source and derives the facts. Only one is ever
// under way.
func (m *model) read() tea.Cmd {
	src, before := m.src, m.facts
	return guard("reading the study", func() tea.Msg {
		s, err := src.Snapshot()
		if err != nil {
			return news{err: err}
		}
		return news{facts: survey(s, before)}
	})
}

// guard returns a command that makes a panic of do the last news, so that the terminal is
// restored before anybody hears of it.
func guard(doing string, do func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = news{err: fmt.Errorf("%s: panic: %v", doing, r), fatal: true}
			}
		}()
		return do()
	}
}

func (m *model) awaitEnd() tea.Cmd {
	if m.Done == nil {
		return nil
	}
	ctx, done := m.ctx, m.Done
	return func() tea.Msg {
		select {
		case <-done:
			return sweepEnded{}
		case <-ctx.Done():
			return nil
		}
	}
}

// Update takes a message in. What it returns reads the source, or quits.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width <= 0 || msg.Height <= 0 {
			break // a terminal that doesn't know its size
		}
		m.w, m.h = msg.Width, msg.Height
		m.arrange()
	case tea.KeyMsg:
		return m, m.dispatch(msg)
	case sweepEnded:
		m.ended = true
		m.keys = bindings(m.ASCII, false, false)
	case refusal:
		m.said = msg.text
	case askAgain:
		m.final = m.ended
		return m, m.read()
	case news:
		return m, m.take(msg)
	}
	return m, nil
}

// take shows a reading and returns what comes next: another one after a while, or the
// end once the last has been read.
func (m *model) take(n news) tea.Cmd {
	m.err = n.err
	if n.fatal {
		m.fatal = n.err
		return tea.Quit
	}
	if n.facts != nil {
		m.facts = n.facts
		m.arrange()
	}
	switch {
	case m.final && !m.Linger:
		return tea.Quit
	case m.ended && !m.final:
		return func() tea.Msg { return askAgain{} }
	}
	return m.askIn(m.pause())
}

// askIn returns the command that waits before the next reading.
func (m *model) askIn(d time.Duration) tea.Cmd {
	ctx := m.ctx
	return func() tea.Msg {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return askAgain{}
		case <-ctx.Done():
			return nil
		}
	}
}

// pause is how long to wait before the next reading: longer for a study that rests.
func (m *model) pause() time.Duration {
	if m.err != nil || m.facts != nil && !m.facts.live() {
		return max(m.Interval, time.Second)
	}
	return m.Interval
}

// chart is the drawn chart of the best value, which changes only when a trial does.
type chart struct {
	hash  uint64 // of the facts it shows
	size  size
	lines []string
}

// arrange brings the leaderboard and the chart up to date with the facts and the size.
func (m *model) arrange() {
	if m.facts == nil {
		return
	}
	m.view.arrange(m.theme, m.facts, m.visible())
	if s := m.layout().chart; s.h > 0 && (m.chart.hash != m.facts.hash || m.chart.size != s) {
		m.chart = chart{m.facts.hash, s, m.drawHistory(m.facts, s.w, s.h)}
	}
}

// visible is how many trials the leaderboard shows.
func (m *model) visible() int {
	l := m.layout()
	if l.line {
		return 1
	}
	return m.plan(m.facts, l.board.w, l.board.h).rows
}

func (m *model) layout() layout {
	return arrange(m.w, m.h, max(m.facts.Workers, len(m.facts.running)), len(m.facts.archs))
}
