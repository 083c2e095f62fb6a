package tui

import "strings"

// row is a line of the screen under construction. It never grows wider than its width:
// what doesn't fit is clipped.
type row struct {
	b        strings.Builder
	width    int
	used     int
	ellipsis string
}

func (th theme) row(w int) *row { return &row{width: w, ellipsis: th.ellipsis} }

// room is how many cells are left.
func (r *row) room() int { return r.width - r.used }

// add appends s, clipped to the room left.
func (r *row) add(k ink, s string) *row {
	s = clip(s, r.room(), r.ellipsis)
	r.b.WriteString(k.paint(s))
	r.used += width(s)
	return r
}

// addIf appends s only if all of it fits.
func (r *row) addIf(k ink, s string) *row {
	if width(s) <= r.room() {
		r.add(k, s)
	}
	return r
}

// space appends n blanks, as far as there is room.
func (r *row) space(n int) *row {
	if n = min(n, r.room()); n > 0 {
		r.b.WriteString(strings.Repeat(" ", n))
		r.used += n
	}
	return r
}

// cell appends s clipped and padded to w cells, on the right side of them if right.
func (r *row) cell(k ink, s string, w int, right bool) *row {
	w = min(w, r.room())
	s = clip(s, w, r.ellipsis)
	pad := w - width(s)
	if right {
		r.space(pad)
	}
	r.add(k, s)
	if !right {
		r.space(pad)
	}
	return r
}

// end appends s at the right edge, if it fits with a blank before it.
func (r *row) end(k ink, s string) *row {
	if n := r.room() - width(s); n >= 1 {
		r.space(n).add(k, s)
	}
	return r
}

// text is the line without padding.
func (r *row) text() string { return r.b.String() }

// line is the line padded to its width.
func (r *row) line() string {
	r.space(r.room())
	return r.b.String()
}

// rule is a panel's heading: a line across, its title at the left and a note at the right.
func (th theme) rule(w int, title, note string) string {
	r := th.row(w)
	r.add(th.dim, th.glyphs.rule+" ").add(th.name, title).space(1)
	if note != "" {
		note = clip(note, r.room()-4, th.ellipsis)
	}
	n := 0
	if note != "" {
		n = width(note) + 3
	}
	r.add(th.dim, strings.Repeat(th.glyphs.rule, max(0, r.room()-n)))
	if n > 0 {
		r.space(1).add(th.dim, note).space(1).add(th.dim, th.glyphs.rule)
	}
	return r.line()
}

// fill returns the lines, or as many blank ones as bring them to n, cut at n.
func (th theme) fill(lines []string, w, n int) []string {
	for len(lines) < n {
		lines = append(lines, strings.Repeat(" ", w))
	}
	return lines[:n]
}

// beside joins two blocks of as many lines with a bar between them.
func (th theme) beside(left, right []string) []string {
	out := make([]string, len(left))
	for i := range left {
		out[i] = left[i] + " " + th.dim.paint(th.bar) + " " + right[i]
	}
	return out
}

// gauge draws a share between 0 and 1 as a bar of w cells.
func (th theme) gauge(r *row, share float64, w int) {
	w = min(w, r.room())
	if w <= 0 {
		return
	}
	n := int(min(1, max(0, share)) * float64(w))
	r.add(th.curve, strings.Repeat(th.full, n))
	r.add(th.dim, strings.Repeat(th.rest, w-n))
}
