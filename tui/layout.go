package tui

// The smallest terminal that gets more than one line, the one with two panels below the
// leaderboard, and the one with panels beside it.
const (
	leastWidth, leastHeight   = 40, 10
	middleWidth, middleHeight = 72, 18
	wideWidth, wideHeight     = 128, 24
)

// size is the extent of a panel in cells; a panel without height isn't drawn.
type size struct{ w, h int }

// layout is how the main screen of some size is shared out.
type layout struct {
	line   bool // too small for anything but one line
	header int  // lines
	board  size
	// Below the leaderboard, side by side: running trials and chart; either may be absent.
	running, chart size
	// beside says that the panels stand in a column at the right, the architectures
	// among them.
	beside bool
	archs  size
	curve  size // the learning curve of the trial under the cursor
}

// arrange shares a terminal of w × h cells out; the last line is for hints. Workers is
// how many trials may run at a time.
func arrange(w, h, workers, archs int) layout {
	switch {
	case w < leastWidth || h < leastHeight:
		return layout{line: true}
	case w >= wideWidth && h >= wideHeight:
		return arrangeWide(w, h, workers, archs)
	}
	l := layout{header: 4}
	if h < 14 {
		l.header = 3
	}
	rest := h - l.header - 1
	l.board = size{w, rest}
	if h < middleHeight {
		return l
	}
	below := max(7, min(14, rest*2/5))
	l.board.h = rest - below
	if w < middleWidth {
		l.running = size{w, below}
		if below >= 12 {
			l.running.h, l.chart = 4, size{w, below - 4}
		}
		return l
	}
	left := (w - 3) / 2
	l.running, l.chart = size{left, below}, size{w - 3 - left, below}
	return l
}

// arrangeWide gives the leaderboard its full height and puts the panels to its right.
func arrangeWide(w, h, workers, archs int) layout {
	l := layout{header: 4, beside: true}
	rest := h - l.header - 1
	right := min(70, w*3/8, w-85) // the leaderboard has 82 cells at least: all its columns
	l.board = size{w - 3 - right, rest}
	l.archs = size{right, min(archs+3, rest/4)}
	if workers > 0 {
		l.running = size{right, max(4, min(2*workers+2, rest*2/5))}
	}
	l.chart = size{right, rest - l.archs.h - l.running.h}
	if l.chart.h >= 24 {
		l.curve = size{right, l.chart.h * 2 / 5}
		l.chart.h -= l.curve.h
	}
	return l
}
