// Package tui draws a study on a terminal.
//
// [Run] shows a [Source] of snapshots on the alternate screen until its user leaves or
// the sweep has ended: leaderboard, running trials, best value so far, and one trial in
// detail. A Source can be a running executor, a store or another process: the screen
// can't tell a live study from a past one. [Table] writes the leaderboard as plain text
// and [ProgressLine] a study in one line, for when there is no terminal.
//
// Inside there is one tea.Model; everything else is a pure function of a snapshot, a
// size and a cursor. Reading the source happens in a command, one reading at a time, so
// that neither a slow source nor a slow terminal ever holds up training. Meaning is
// never told by colour alone; without colour or Unicode every mark is still there.
package tui
