package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"medml"
)

// trialCheck checks the trials of a study.
type trialCheck struct {
	*verifier
	*shelves
	study  Study
	trials []medml.Trial // without their runs, as far as they could be read
	states map[int]medml.State
	curves map[int]bool // trials that have a record of epochs
	live   map[int]int  // epochs that trials have reported
	upTo   map[int]int  // epochs up to the checkpoint
	next   int          // the number of the next trial
	sums   tally
	broken bool // something couldn't be read, so the sums say nothing
}

func (c *trialCheck) run() error {
	c.states, c.curves = map[int]medml.State{}, map[int]bool{}
	c.live, c.upTo, c.sums = map[int]int{}, map[int]int{}, newTally()
	for _, part := range [...]struct {
		table table
		check func(key []byte) error
	}{
		{c.shelves.trials, c.trial}, {c.shelves.curves, c.curve}, {c.checkpoints, c.checkpoint},
		{c.shelves.live, c.epoch}, {c.artifacts, c.artifact}, {c.audits, c.audited},
	} {
		if part.table.bucket == nil {
			continue // an older format has none
		}
		cursor := part.table.bucket.Cursor()
		for k, _ := cursor.First(); k != nil; k, _ = cursor.Next() {
			if err := c.ctx.Err(); err != nil {
				return err
			}
			err := part.check(k)
			c.broken = c.broken || err != nil
			if err := c.note(err); err != nil {
				return err
			}
		}
	}
	c.add()
	return nil
}

// add checks that the tally is what the trials add up to. The latest time may be that of
// a run since dropped.
func (c *trialCheck) add() {
	if c.broken {
		return
	}
	for _, n := range slices.Sorted(maps.Keys(c.upTo)) {
		upTo := c.upTo[n]
		if have := c.live[n]; have < upTo || have > upTo && c.states[n] == medml.Waiting {
			c.problem(c.checkpoints, numberKey(n), "it comes after %d epochs, and there are %d", upTo, have)
		}
	}
	c.sums.choose(c.study.About.Direction, c.trials...)
	is, latest := c.sums, c.shelves.sums.latest
	if !latest.Before(is.latest) {
		is.latest = latest
	}
	if was := c.shelves.sums; !was.equal(is) {
		c.problem(c.shelves.study, tallyKey, "it says %v, and the trials add up to %v", was, is)
	}
}

func (t tally) equal(o tally) bool {
	if t.value != t.value && o.value != o.value {
		t.value, o.value = 0, 0
	}
	return t == o
}

// String spells a tally for people.
func (t tally) String() string {
	return fmt.Sprintf("%+v, %d live epochs, %d checkpoints, %d artifacts, %d audits, best %d (%v)",
		t.counts(), t.live, t.checkpoints, t.artifacts, t.audits, t.best, t.value)
}

func (c *trialCheck) trial(key []byte) error {
	t := c.shelves.trials
	number, ok := parseNumber(key)
	if !ok {
		return t.damage(string(key), "its key is no trial's number")
	}
	if number != c.next {
		c.problem(t, string(key), "trial %d is missing before it", c.next)
	}
	c.next = number + 1
	c.report.Trials++
	c.states[number] = medml.Waiting
	h, err := c.header(number)
	if err != nil {
		return err
	}
	c.states[number] = h.trial.State
	if h.runs > 0 || h.epochCount() > 0 {
		c.curves[number] = true
	}
	c.sums.add(h.trial)
	if state := c.study.State; h.trial.State == medml.Running && state != "" && state != medml.StudyRunning {
		c.problem(t, string(key), "it runs in a study that is %s", c.study.State)
	}
	c.params(key, h.trial.Params)
	whole, err := c.whole(h)
	if err == nil {
		c.fields(key, whole)
	}
	whole.Runs = nil
	c.trials = append(c.trials, whole)
	return err
}

// fields checks what a trial says of its runs, its weights and its repeats.
func (c *trialCheck) fields(key []byte, t medml.Trial) {
	if t.State.Finished() {
		c.runs(key, t.Runs, "")
	} else if len(t.Repeats) > 0 {
		c.problem(c.shelves.trials, string(key), "it is %v and has repeats", t.State)
	}
	c.weights(c.shelves.trials, key, "its", t.Weights, t.Runs)
	for _, r := range t.Repeats {
		what := fmt.Sprintf(" of the repeat from seed %d", r.Seed)
		c.runs(key, r.Runs, what)
		c.weights(c.shelves.trials, key, "the repeat from seed "+fmt.Sprint(r.Seed)+": its", r.Weights, r.Runs)
	}
	if _, err := medml.Digest(nil, []medml.Trial{t}); err != nil {
		c.problem(c.shelves.trials, string(key), "it has no digest: %v", err)
	}
}

// weights checks the hash of a trial's weights, which is that of the runs' hashes.
func (c *trialCheck) weights(t table, key []byte, whose, weights string, runs []medml.Run) {
	if !legalSum(weights) {
		c.problem(t, string(key), "%s weights are no SHA-256", whose)
		return
	}
	sum := sha256.New()
	for _, r := range runs {
		sum.Write([]byte(r.Weights))
	}
	if weights != "" && weights != hex.EncodeToString(sum.Sum(nil)) {
		c.problem(t, string(key), "%s weights aren't those of the runs", whose)
	}
}

// params checks a trial's parameters against the study's space.
func (c *trialCheck) params(key []byte, params medml.Params) {
	t, space := c.shelves.trials, c.study.About.Space
	want := 0
	for _, p := range space {
		v, ok := params.Lookup(p.Name)
		active := space.Active(p, params)
		switch {
		case active != ok:
			c.problem(t, string(key), "parameter %s is there: %t, and should be: %t", p.Name, ok, active)
		case ok && !p.Contains(v):
			c.problem(t, string(key), "parameter %s is %v, which isn't in its range", p.Name, v)
		}
		if active {
			want++
		}
	}
	if len(params) > want && len(space) > 0 {
		c.problem(t, string(key), "it has %d parameters of %d", len(params), want)
	}
}

// runs checks the runs of a trial or, as what says, of something else.
func (c *trialCheck) runs(key []byte, runs []medml.Run, what string) {
	t := c.shelves.curves
	for i, r := range runs {
		c.report.Epochs += len(r.Epochs)
		folds := c.study.About.Folds
		if r.Fold < 0 || folds > 0 && r.Fold >= folds || i > 0 && r.Fold <= runs[i-1].Fold {
			c.problem(t, string(key), "run %d%s is of fold %d", i, what, r.Fold)
		}
		if !legalSum(r.Weights) {
			c.problem(t, string(key), "the weights of run %d%s are no SHA-256", i, what)
		}
		for j := 1; j < len(r.Epochs); j++ {
			if r.Epochs[j].Step <= r.Epochs[j-1].Step {
				c.problem(t, string(key), "run %d%s: step %d comes after step %d", i, what, r.Epochs[j].Step, r.Epochs[j-1].Step)
			}
		}
	}
}

func (c *trialCheck) curve(key []byte) error {
	if number, ok := parseNumber(key); !ok || !c.curves[number] && !c.broken {
		return c.shelves.curves.damage(string(key), "no trial has these runs")
	}
	return nil
}

func (c *trialCheck) epoch(key []byte) error {
	number, _, _, ok := parseEpochKey(key)
	state, known := c.states[number]
	_, saved := c.upTo[number]
	if ok && !c.broken && !(known && (state == medml.Running || state == medml.Waiting && saved)) {
		c.problem(c.shelves.live, string(key), "its trial isn't running, nor can it go on from a checkpoint")
	}
	c.sums.live++
	c.live[number]++
	c.report.Epochs++
	_, _, err := c.shelves.live.epoch(key)
	return err
}

func (c *trialCheck) checkpoint(key []byte) error {
	number, ok := parseNumber(key)
	if !ok {
		return c.checkpoints.damage(string(key), "its key is no trial's number")
	}
	cp, _, err := c.shelves.checkpoint(number)
	if err != nil {
		return err
	}
	c.sums.checkpoints++
	c.upTo[number] = cp.epochs
	if state, known := c.states[number]; !known || state.Finished() {
		c.problem(c.checkpoints, string(key), "its trial neither runs nor waits")
	}
	return c.file(c.store.checkpoints, c.checkpoints, key, cp.state)
}

func (c *trialCheck) artifact(key []byte) error {
	number, ok := parseNumber(key)
	if !ok {
		return c.artifacts.damage(string(key), "its key is no trial's number")
	}
	r, _, err := c.shelves.artifact(number)
	if err != nil {
		return err
	}
	c.sums.artifacts++
	if state, known := c.states[number]; !known || state != medml.Complete {
		c.problem(c.artifacts, string(key), "its trial isn't complete")
	}
	return c.file(c.store.artifacts, c.artifacts, key, r)
}

// file checks that a file is what was written.
func (c *trialCheck) file(files *blobs, t table, key []byte, r ref) error {
	c.report.Files++
	_, err := files.read(r, t.place(string(key)))
	return c.note(err)
}

func (c *trialCheck) audited(key []byte) error {
	a, err := c.audit(key)
	if err != nil {
		return err
	}
	c.sums.audits++
	if state, known := c.states[a.Number]; !known || state != medml.Pruned {
		c.problem(c.audits, string(key), "its trial isn't pruned")
	}
	c.runs(key, a.Repeat.Runs, " of its audit")
	c.weights(c.audits, key, "its", a.Repeat.Weights, a.Repeat.Runs)
	return nil
}

// legalSum reports whether s is a SHA-256 in hexadecimal, or nothing.
func legalSum(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && slices.Contains([]int{0, sha256.Size}, len(b))
}
