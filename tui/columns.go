package tui

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"medml"
)

// column is one of a leaderboard's. A text or compare function takes the index of a
// trial.
type column struct {
	name    string // what the screen calls it when it sorts by it
	head    string
	width   int
	right   bool
	need    int // the higher, the sooner it gives way to a narrow screen; 0 stays
	stretch bool
	text    func(f *facts, i int) string
	ink     func(f *facts, i int) ink
	compare func(f *facts, a, b int) int // nil where sorting means nothing
}

// columns are all columns a leaderboard can have, from left to right. The first is the
// order it is ranked in.
func (th theme) columns(f *facts) []column {
	before := []column{
		{name: "rank", head: "rank", width: 4, right: true, text: func(f *facts, i int) string {
			if f.place[i] == 0 {
				return ""
			}
			return strconv.Itoa(f.place[i])
		}, compare: func(*facts, int, int) int { return 0 }},
		{name: "trial", head: "trial", width: 5, right: true,
			text:    func(f *facts, i int) string { return strconv.Itoa(f.Trials[i].Number) },
			compare: func(f *facts, a, b int) int { return f.Trials[a].Number - f.Trials[b].Number }},
		{name: "architecture", head: "arch", width: min(14, f.widths.arch), need: 2,
			text: func(f *facts, i int) string { return clean(f.Trials[i].Architecture()) },
			compare: func(f *facts, a, b int) int {
				return strings.Compare(f.Trials[a].Architecture(), f.Trials[b].Architecture())
			}},
		{name: "state", head: "state", width: 10, need: 1,
			text: func(f *facts, i int) string { return th.stateWord(f, f.Trials[i]) },
			ink:  func(f *facts, i int) ink { return th.stateInk(f, f.Trials[i]) },
			compare: func(f *facts, a, b int) int {
				return cmp.Compare(f.Trials[a].State, f.Trials[b].State)
			}},
	}
	return append(append(before, th.valueColumns(f)...), []column{
		{head: "95 % CI", width: max(7, f.widths.interval), need: 3,
			text: func(f *facts, i int) string {
				if n := len(f.Trials[i].Repeats); n > 0 {
					return fmt.Sprintf("%d seeds", n+1)
				}
				return th.shownInterval(f.Trials[i])
			},
			ink: func(*facts, int) ink { return th.dim }},
		{name: "epochs", head: "epochs", width: 6, right: true, need: 5,
			text:    func(f *facts, i int) string { return strconv.Itoa(f.Trials[i].Epochs()) },
			compare: func(f *facts, a, b int) int { return f.Trials[a].Epochs() - f.Trials[b].Epochs() }},
		{name: "time", head: "time", width: 6, right: true, need: 4,
			text: func(f *facts, i int) string {
				if s := f.seconds(f.Trials[i]); s > 0 {
					return took(s)
				}
				return ""
			},
			compare: func(f *facts, a, b int) int {
				return cmp.Compare(f.seconds(f.Trials[a]), f.seconds(f.Trials[b]))
			}},
		{name: curveColumn, head: "curve", width: 8, need: 6,
			text: func(f *facts, i int) string { return th.spark(learningCurve(f.Trials[i]), 8) },
			ink:  func(*facts, int) ink { return th.curve }},
		{head: "parameters", width: 22, need: 7, stretch: true,
			text: func(f *facts, i int) string { return f.settings(f.Trials[i]) },
			ink:  func(*facts, int) ink { return th.dim }},
	}...)
}

// valueColumns are the study's metric, or all its objectives where there are several.
func (th theme) valueColumns(f *facts) []column {
	name := metricName(f)
	if len(f.Goals) < 2 {
		return []column{{head: clip(name, max(8, f.widths.value), th.ellipsis), width: max(f.widths.value, min(8, width(name))), right: true,
			text: func(f *facts, i int) string { return number(lastValue(f.Trials[i])) },
			ink:  th.valueInk}}
	}
	var all []column
	for j, g := range f.Goals {
		name, wide := clean(g.Metric), 6
		if f.widths.goals != nil {
			wide = max(wide, f.widths.goals[j])
		}
		c := column{name: name, head: clip(name, max(10, wide), th.ellipsis), width: max(wide, min(10, width(name))), right: true, need: 1,
			text: func(f *facts, i int) string { return figure(objective(f.Trials[i], j)) },
			ink:  th.valueInk,
			compare: func(f *facts, a, b int) int {
				x, y := objective(f.Trials[a], j), objective(f.Trials[b], j)
				return btoi(g.Direction.Better(y, x)) - btoi(g.Direction.Better(x, y))
			}}
		if j == 0 {
			c.need = 0
		}
		all = append(all, c)
	}
	return all
}

// objective is the j-th of a trial's objectives; of one that hasn't ended, the first as it
// was last reported and no other.
func objective(t medml.Trial, j int) float64 {
	switch {
	case j < len(t.Objectives):
		return t.Objectives[j]
	case j == 0:
		return lastValue(t)
	}
	return math.NaN()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// curveColumn names the column with the sparklines; a plain table has none.
const curveColumn = "curve"

// stateWord is a trial's state with its mark. One that is paused by itself stays so when
// its study goes on, one that is held with it doesn't.
func (th theme) stateWord(f *facts, t medml.Trial) string {
	switch {
	case f.heldUp(t) && t.Paused:
		return th.held + " paused"
	case f.heldUp(t):
		return th.held + " held"
	case int(t.State) >= len(th.glyphs.states):
		return t.State.String()
	}
	return th.glyphs.states[t.State] + " " + t.State.String()
}

func (th theme) stateInk(f *facts, t medml.Trial) ink {
	switch {
	case f.heldUp(t):
		return th.alert
	case int(t.State) >= len(th.states):
		return ink{}
	}
	return th.states[t.State]
}

// valueInk tells final values from those on the way.
func (th theme) valueInk(f *facts, i int) ink {
	switch {
	case i == f.best:
		return th.best
	case f.violates(i):
		return th.alert
	case f.Trials[i].State == medml.Complete:
		return ink{}
	}
	return th.dim
}

// lastValue returns a trial's value, over all its seeds where there are several, or the
// last one reported where it has none.
func lastValue(t medml.Trial) float64 {
	if t.State == medml.Complete && len(t.Repeats) > 0 {
		return t.Score()
	}
	if t.State.Finished() && t.Value == t.Value {
		return t.Value
	}
	for r := len(t.Runs) - 1; r >= 0; r-- {
		for e := len(t.Runs[r].Epochs) - 1; e >= 0; e-- {
			if v := t.Runs[r].Epochs[e].Report; v == v {
				return v
			}
		}
	}
	return t.Value
}

// abbreviations are short forms of names that every screen would otherwise be full of.
var abbreviations = map[string]string{
	"learning_rate": "lr", "batch_size": "batch", "weight_decay": "decay", "bidirectional": "bi",
	"reconstruction_weight": "rec",
}

// settings returns the trial's hyperparameters that differ between trials, by their
// short names: "filters 32  kernel 5  lr 0.0012".
func (f *facts) settings(t medml.Trial) string {
	var b strings.Builder
	for _, p := range t.Params {
		if f.fixed[p.Name] {
			continue
		}
		name := medml.ShortName(p.Name)
		if short, ok := abbreviations[name]; ok {
			name = short
		}
		if b.Len() > 0 {
			b.WriteString("  ")
		}
		b.WriteString(clean(name) + " " + setting(p.Value))
	}
	return b.String()
}

// fit chooses the columns that a width has room for, and the blanks between them: those
// with the greatest need of room leave first, and one that stretches takes what is left.
func fit(all []column, w int) (chosen []column, gap int) {
	chosen = append(chosen, all...)
	total := func(gap int) int {
		n := 0
		for _, c := range chosen {
			n += c.width + gap
		}
		return n - gap
	}
	for _, gap = range []int{2, 1} {
		// A wide gap may cost the column that stretches, but no other.
		for total(gap) > w {
			at := neediest(chosen)
			if at < 0 || gap == 2 && !chosen[at].stretch {
				break
			}
			chosen = append(chosen[:at:at], chosen[at+1:]...)
		}
		if total(gap) <= w {
			break
		}
	}
	for i := range chosen {
		if chosen[i].stretch {
			chosen[i].width += max(0, w-total(gap))
		}
	}
	return chosen, gap
}

// neediest returns the index of the column to leave next, -1 where all must stay.
func neediest(columns []column) int {
	at := -1
	for i, c := range columns {
		if c.need > 0 && (at < 0 || c.need > columns[at].need) {
			at = i
		}
	}
	return at
}
