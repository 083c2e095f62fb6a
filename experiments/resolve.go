package experiments

import (
	"fmt"
	"slices"
	"strings"
)

// Resolved returns the whole experiment with every default filled in, as JSON whose
// members stand in the order of the types. [FromResolved] reads it.
func (s *Spec) Resolved() []byte {
	c := *s
	if len(c.Objectives) > 0 {
		c.Objective = Objective{} // is the first of them
	}
	return marshal(&c)
}

// changesNothing are the fields that change no trial: what the study is called, when it
// stops, and on what it runs.
var changesNothing = []string{
	"name", "description", "data.digest", "objective.goal", "objectives.goal",
	"budget.trials", "budget.time", "budget.patience", "budget.drain", "resources", "retry", "ensemble", "evaluation",
}

// Identity returns, as JSON, that part of the resolved experiment on which the results
// depend. Two studies with one identity have the same trials, as far as both go.
func (s *Spec) Identity() []byte {
	root := s.tree()
	for _, path := range changesNothing {
		root.drop(strings.Split(path, "."))
	}
	return root.appendJSON(nil)
}

// tree returns the resolved experiment as nodes.
func (s *Spec) tree() *node {
	root, err := readJSON(s.Resolved())
	if err != nil {
		panic("experiments: own JSON can't be read: " + err.Error())
	}
	return root
}

// drop removes what stands at a path; in a list, from each element.
func (n *node) drop(path []string) {
	for _, item := range n.items {
		item.drop(path)
	}
	if len(path) > 1 {
		if e := n.lookup(path[0]); e != nil {
			e.value.drop(path[1:])
		}
		return
	}
	n.entries = slices.DeleteFunc(n.entries, func(e *entry) bool { return e.key == path[0] })
}

// Differences lists what differs between two identities, one field a line, as
// "sampler.seed: was 42, now 7", in the order of a and then of what b has alone. It is
// empty if they say the same.
func Differences(a, b []byte) []string {
	was, errA := readJSON(a)
	now, errB := readJSON(b)
	if errA != nil || errB != nil {
		return []string{"one of the experiments can't be read"}
	}
	d := differ{now: map[string]string{}, was: map[string]string{}}
	wasLeaves, nowLeaves := was.leaves(nil, ""), now.leaves(nil, "")
	for _, l := range wasLeaves {
		d.was[l.path] = l.text
	}
	for _, l := range nowLeaves {
		d.now[l.path] = l.text
	}
	for _, l := range wasLeaves {
		d.compare(l.path)
	}
	for _, l := range nowLeaves {
		if _, both := d.was[l.path]; !both {
			d.compare(l.path)
		}
	}
	if len(d.lines) == 0 && string(was.appendJSON(nil)) != string(now.appendJSON(nil)) {
		d.lines = append(d.lines, orderDifference(wasLeaves, nowLeaves))
	}
	return d.lines
}

// differ collects what differs between two sets of leaves.
type differ struct {
	was, now map[string]string
	lines    []string
}

func (d *differ) compare(path string) {
	was, okWas := d.was[path]
	now, okNow := d.now[path]
	if was == now && okWas == okNow {
		return
	}
	d.lines = append(d.lines, fmt.Sprintf("%s: was %s, now %s", path, orAbsent(was, okWas), orAbsent(now, okNow)))
}

// orAbsent writes a leaf for a message, shortened where it is long.
func orAbsent(s string, ok bool) string {
	const most = 120
	if !ok {
		return "absent"
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// orderDifference names the first field that stands at another place.
func orderDifference(was, now []leaf) string {
	for i := range was {
		if was[i].path != now[i].path {
			return fmt.Sprintf("order: was %s, now %s", was[i].path, now[i].path)
		}
	}
	return "order: differs"
}

// leaf is a scalar, or a list of scalars, with its path.
type leaf struct{ path, text string }

// leaves appends the leaves of n.
func (n *node) leaves(out []leaf, path string) []leaf {
	if n.kind != mappingNode || len(n.entries) == 0 {
		return append(out, leaf{path, n.flow()})
	}
	for _, e := range n.entries {
		out = e.value.leaves(out, join(path, e.key))
	}
	return out
}
