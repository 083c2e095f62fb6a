package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// again is the command that goes on with the sweep: the flags that say which study it is
// and how far it goes, and how many trials train at once.
func (o sweepOptions) again() string {
	words := []string{"medml", "sweep", o.file}
	add := func(flag, value string) { words = append(words, flag, value) }
	if o.study != "" {
		add("--study", o.study)
	}
	if o.store != ".medml" {
		add("--store", o.store)
	}
	for _, s := range o.sets {
		add("--set", s)
	}
	if o.seed != "" {
		add("--seed", o.seed)
	}
	if o.trials != 0 {
		add("--trials", strconv.Itoa(o.trials))
	}
	if o.time != 0 {
		add("--time", o.time.String())
	}
	if o.workers != 0 {
		add("--workers", strconv.Itoa(o.workers))
	}
	for i, w := range words {
		words[i] = shellWord(w)
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word that a shell would take apart or act upon.
func shellWord(w string) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != filepath.Separator && !strings.ContainsRune("_-./:=,+@%", r)
	}
	if w != "" && !strings.ContainsFunc(w, special) {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
