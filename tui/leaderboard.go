package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"medml"
)

// view is what its user has made of the leaderboard: order, filter, cursor.
type view struct {
	sort    string // a column's name, "" for the rank
	reverse bool
	filter  string
	rows    []int // indices into the trials, in the order shown
	cursor  int   // into rows
	top     int   // the first row shown
	// chosen is the number of the trial under the cursor, which stays on it as ranks
	// change; -1 while the cursor keeps to the first row.
	chosen int
}

// arrange brings the rows up to date with the facts and keeps the cursor on its trial.
func (v *view) arrange(th theme, f *facts, visible int) {
	v.rows = v.rows[:0]
	terms := strings.Fields(strings.ToLower(v.filter))
	for _, i := range f.ranked {
		if len(terms) == 0 || matches(f.Trials[i], terms) {
			v.rows = append(v.rows, i)
		}
	}
	for _, c := range th.columns(f) {
		if v.sort != "" && c.name == v.sort && c.compare != nil {
			slices.SortStableFunc(v.rows, func(a, b int) int { return c.compare(f, a, b) })
		}
	}
	if v.reverse {
		slices.Reverse(v.rows)
	}
	if v.chosen < 0 {
		v.cursor = 0
	} else if at := slices.IndexFunc(v.rows, func(i int) bool { return f.Trials[i].Number == v.chosen }); at >= 0 {
		v.cursor = at
	}
	v.scroll(visible)
}

// matches reports whether each term fits the trial: a number is its own, another word
// occurs in its architecture, its state or one of its settings, which read "name=value".
func matches(t medml.Trial, terms []string) bool {
	for _, term := range terms {
		if n, err := strconv.Atoi(term); err == nil {
			if n != t.Number {
				return false
			}
			continue
		}
		state := t.State.String()
		if t.Paused {
			state += " paused"
		}
		if !strings.Contains(state, term) && !slices.ContainsFunc(t.Params, func(s medml.Setting) bool {
			return strings.Contains(strings.ToLower(s.Name+"="+s.Value.String()), term)
		}) {
			return false
		}
	}
	return true
}

// move puts the cursor on another row.
func (v *view) move(f *facts, to, visible int) {
	v.cursor = to
	v.scroll(visible)
	v.chosen = -1
	if v.cursor > 0 {
		v.chosen = f.Trials[v.rows[v.cursor]].Number
	}
}

// scroll keeps the cursor among the rows and on the screen.
func (v *view) scroll(visible int) {
	v.cursor = max(0, min(v.cursor, len(v.rows)-1))
	v.top = max(min(v.top, v.cursor), v.cursor-visible+1)
	v.top = max(0, min(v.top, len(v.rows)-visible))
}

// nextSort returns the column to sort by after the present one.
func nextSort(columns []column, now string) string {
	var names []string
	for _, c := range columns {
		if c.compare != nil {
			names = append(names, c.name)
		}
	}
	at := max(0, slices.Index(names, now))
	if at++; at == len(names) {
		return ""
	}
	return names[at]
}

// boardPlan is how a leaderboard uses its cells.
type boardPlan struct {
	columns []column
	gap     int
	rows    int // trials shown
	foot    int // 1 where the last line has the settings of the trial under the cursor
}

// plan lays a leaderboard out in w × h cells. Settings without a column of their own are
// told at the foot.
func (th theme) plan(f *facts, w, h int) boardPlan {
	var p boardPlan
	p.columns, p.gap = fit(th.columns(f), w-3)
	if h >= 9 && !p.columns[len(p.columns)-1].stretch {
		p.foot = 1
	}
	p.rows = max(1, h-2-p.foot)
	return p
}

// drawLeaderboard returns the trials in w × h cells.
func (th theme) drawLeaderboard(f *facts, v *view, w, h int) []string {
	p := th.plan(f, w, h)
	lines := []string{th.rule(w, "Leaderboard", th.boardNote(f, v, p.rows)), th.boardHead(v, p, w)}
	if len(v.rows) == 0 {
		text := "no trial has started yet"
		if v.filter != "" {
			text = "no trial matches " + clean(v.filter)
		}
		return th.fill(append(lines, th.note(w, text)), w, h)
	}
	for at := v.top; at < min(len(v.rows), v.top+p.rows); at++ {
		lines = append(lines, th.boardRow(f, v.rows[at], at == v.cursor, p, w))
	}
	lines = th.fill(lines, w, h-p.foot)
	if p.foot > 0 && v.cursor < len(v.rows) {
		t := f.Trials[v.rows[v.cursor]]
		r := th.row(w).add(th.dim, fmt.Sprintf("%s trial %d  ", th.cursor, t.Number))
		lines = append(lines, r.add(ink{}, join("  ", f.settings(t), clean(t.Reason))).line())
	}
	return th.fill(lines, w, h)
}

// boardNote says in what order which part of the trials is shown.
func (th theme) boardNote(f *facts, v *view, visible int) string {
	order := v.sort
	if order == "" {
		order = "rank"
	}
	note := "by " + order
	if v.reverse {
		note += ", reversed"
	}
	if v.filter != "" {
		note = join(", ", fmt.Sprintf("%d of %d match", len(v.rows), len(f.Trials)), note)
	} else if len(v.rows) > visible {
		note = fmt.Sprintf("%d-%d of %d, ", v.top+1, min(len(v.rows), v.top+visible), len(v.rows)) + note
	}
	return note
}

// boardHead names the columns and marks the one that was asked to sort by.
func (th theme) boardHead(v *view, p boardPlan, w int) string {
	r := th.row(w).space(3)
	for i, c := range p.columns {
		if i > 0 {
			r.space(p.gap)
		}
		head, k := c.head, th.head
		if c.name != "" && (c.name == v.sort || v.sort == "" && i == 0) && (v.sort != "" || v.reverse) {
			arrow := th.down
			if v.reverse {
				arrow = th.up
			}
			head, k = head+arrow, th.mark
			if width(head) > c.width {
				head = arrow + cut(c.head, c.width-1)
			}
		}
		r.cell(k, head, c.width, c.right)
	}
	return r.line()
}

// boardRow returns the trial of index i: cursor, mark of the best and of its equals, columns.
func (th theme) boardRow(f *facts, i int, chosen bool, p boardPlan, w int) string {
	r := th.row(w)
	pointer := " "
	if chosen {
		pointer = th.cursor
	}
	th.standing(r.add(th.mark, pointer), f, i)
	for at, c := range p.columns {
		if at > 0 {
			r.space(p.gap)
		}
		k := ink{}
		if c.ink != nil && !chosen {
			k = c.ink(f, i)
		}
		r.cell(k, c.text(f, i), c.width, c.right)
	}
	if chosen {
		return th.chosen.paint(plainText(r.line()))
	}
	return r.line()
}

// violates reports whether the trial of index i is complete and doesn't meet a constraint.
func (f *facts) violates(i int) bool {
	return f.Trials[i].State == medml.Complete && !f.Trials[i].Feasible()
}

// standing adds the mark of the best trial, of one on the Pareto front, of one that
// violates a constraint or of one level with the best, and a blank.
func (th theme) standing(r *row, f *facts, i int) {
	switch {
	case i == f.best:
		r.add(th.best, th.glyphs.best)
	case f.front != nil && f.front[i]:
		r.add(th.best, th.glyphs.front)
	case f.violates(i):
		r.add(th.alert, th.violated)
	case f.tied[i]:
		r.add(ink{}, th.glyphs.tied)
	default:
		r.space(1)
	}
	r.space(1)
}

// plainText returns s without the escape sequences that inks put into it.
func plainText(s string) string {
	if !strings.Contains(s, "\x1b[") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		at := strings.Index(s, "\x1b[")
		if at < 0 {
			break
		}
		end := strings.IndexByte(s[at:], 'm')
		if end < 0 {
			break
		}
		b.WriteString(s[:at])
		s = s[at+end+1:]
	}
	return b.String() + s
}
