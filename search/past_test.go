package search

import (
	"math"
	"slices"
	"testing"

	"github.com/c-bata/goptuna"
	"pgregory.net/rapid"

	"medml"
)

// fromScratch returns the ranking, the members of each group and the pending trials by the
// words of past alone.
func fromScratch(p *past) (ranking []int32, members [][]int32, pending []int32) {
	members = make([][]int32, len(p.groups))
	for i := range p.trials {
		if p.isPending(i) && i < p.end() {
			pending = append(pending, int32(i))
		}
		if !p.ended(i) || p.trials[i].state == goptuna.TrialStateFail {
			continue
		}
		ranking = append(ranking, int32(i))
		for g := range p.groups {
			if p.hasAll(g, int32(i)) {
				members[g] = append(members[g], int32(i))
			}
		}
	}
	if p.goals > 1 {
		ranking = scratchByFronts(p, ranking)
	} else {
		slices.SortFunc(ranking, p.compare)
	}
	return ranking, members, pending
}

// scratchByFronts returns the trials, which rise, front by front as a past of its own ranks
// them that has never seen fewer.
func scratchByFronts(p *past, trials []int32) []int32 {
	good, others := p.fronts(trials)
	var ranking []int32
	for _, front := range good {
		for _, j := range spreadOut(p.objectivesOf(front)) {
			ranking = append(ranking, front[j])
		}
	}
	return append(ranking, others...)
}

// odd is the trials with odd numbers.
type odd struct{}

func (odd) has(trial int) bool { return trial%2 == 1 }

// A past that turns from trial to trial, mostly on and sometimes back, is what it would be
// if it were made anew.
func TestThePastIsSortedAsFromScratch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := newDimensions(viewSpace())
		p := &past{history: newHistory(dims), lookback: rapid.SampledFrom([]int{0, 1, 4}).Draw(t, "lookback")}
		p.goals = rapid.SampledFrom([]int{0, 2}).Draw(t, "goals")
		value := rapid.SampledFrom([]float64{0, 1, 2, math.NaN()})
		violation := rapid.SampledFrom([]float64{0, 0, 0, 0.5, 1, math.Inf(1), math.NaN()})
		for range rapid.IntRange(0, 3).Draw(t, "warm") {
			number := p.add()
			p.set(number, 0, 1)
			p.trials[number].value, p.trials[number].objectives = value.Draw(t, "value"), []float64{1, value.Draw(t, "second")}
			p.setState(number, goptuna.TrialStateComplete)
		}
		p.warm = len(p.trials)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			for range rapid.IntRange(0, 3+fewFound*rapid.IntRange(0, 1).Draw(t, "many")).Draw(t, "new") {
				number := p.add()
				p.set(number, 0, float64(number%2))
				if number%2 == 0 {
					p.set(number, 1, 2)
				}
				p.setState(number, goptuna.TrialStateRunning)
			}
			for _, i := range rapid.SliceOfDistinct(rapid.IntRange(0, max(0, len(p.open)-1)), rapid.ID).Draw(t, "ending") {
				if i < len(p.open) {
					number := int(p.open[i])
					p.trials[number].value, p.trials[number].violation = value.Draw(t, "value"), violation.Draw(t, "violation")
					if p.goals > 1 {
						p.trials[number].objectives = []float64{p.trials[number].value, value.Draw(t, "second")}
					}
					p.replaceCurve(number, []point{{rapid.IntRange(1, 3).Draw(t, "step"), value.Draw(t, "last")}})
					p.setState(number, rapid.SampledFrom([]goptuna.TrialState{goptuna.TrialStateComplete,
						goptuna.TrialStatePruned, goptuna.TrialStateFail}).Draw(t, "state"))
				}
			}
			now := len(p.trials)
			if p.lookback > 0 { // a trial is asked for when all that it sees have ended
				now = p.lookback
				if len(p.open) > 0 {
					now += int(p.open[0]) - 1
				} else {
					now += len(p.trials) - 1
				}
				now = max(p.warm, now-rapid.IntRange(0, 3).Draw(t, "back"))
			}
			p.begin(now)
			ranking, members, pending := fromScratch(p)
			if !slices.Equal(p.ranked(), ranking) || !slices.Equal(p.pending(), pending) {
				t.Fatalf("trial %d: ranked %v, expected %v; pending %v, expected %v", now, p.ranked(), ranking, p.pending(), pending)
			}
			for _, at := range []atStep{{step: 1, complete: true}, {step: 2, complete: true}, {step: 2}, {step: 3}, {step: 2, among: odd{}}} {
				checkTally(t, p, at)
			}
			for g := range members {
				if !slices.Equal(p.membersOf(g), members[g]) {
					t.Fatalf("trial %d: group %d has %v, expected %v", now, g, p.membersOf(g), members[g])
				}
			}
		}
	})
}

// checkTally holds a tally to the values of the trials that are seen to have ended.
func checkTally(t *rapid.T, p *past, at atStep) {
	var values []float64
	nans, complete := 0, 0
	for i := range p.trials {
		if !p.ended(i) || i < p.warm {
			continue
		}
		if p.trials[i].state == goptuna.TrialStateComplete {
			complete++
		}
		if at.among != nil && i%2 == 0 {
			continue
		}
		if v, ok := p.valueAt(at, int32(i)); ok && v == v {
			values = append(values, v)
		} else if ok {
			nans++
		}
	}
	slices.Sort(values)
	got := p.tallyOf(at)
	if got.n != len(values) || got.nans != nans || p.complete != complete {
		t.Fatalf("%+v: %d values, %d NaNs and %d complete, expected %d, %d and %d", at, got.n, got.nans, p.complete, len(values), nans, complete)
	}
	for i, v := range values {
		if first, _ := slices.BinarySearch(values, v); got.at(i) != v || got.below(v) != first {
			t.Fatalf("%+v: the %d-th is %v with %d below, expected %v with %d", at, i, got.at(i), got.below(v), v, first)
		}
	}
}

// A tally of more than a chunk, filled and emptied, is the sorted list of what it holds.
func TestATallyIsASortedList(t *testing.T) {
	r, got := medml.Stream(1, "tally"), &tally{}
	var want []float64
	for step := range 6000 {
		if v := math.Floor(2000*r.Float64()) / 8; step < 4000 || r.IntN(3) == 0 {
			got.add(v)
			at, _ := slices.BinarySearch(want, v)
			want = slices.Insert(want, at, v)
		} else {
			i := r.IntN(len(want))
			got.remove(want[i])
			want = slices.Delete(want, i, i+1)
		}
		if step%97 > 0 {
			continue
		}
		v := math.Floor(2000*r.Float64()) / 8
		if at, _ := slices.BinarySearch(want, v); got.below(v) != at || got.n != len(want) {
			t.Fatalf("step %d: %d of %d are below %v, expected %d of %d", step, got.below(v), got.n, v, at, len(want))
		}
		for i := range want {
			if got.at(i) != want[i] {
				t.Fatalf("step %d: the %d-th is %v, expected %v", step, i, got.at(i), want[i])
			}
		}
	}
	if len(got.chunks) < 4 {
		t.Errorf("%d chunks, the test needs several", len(got.chunks))
	}
}

func TestTheGroupsOfASpaceAreItsBranches(t *testing.T) {
	space := viewSpace()
	space = append(space, medml.Param{Name: "constant", Low: 1, High: 1},
		medml.Param{Name: "width", Low: 0, High: 1, When: space[1].When},
		medml.Param{Name: "other", Low: 0, High: 1, When: &medml.Condition{Param: "branch", Equals: medml.StringValue("b")}})
	groups, of := groupsOf(newDimensions(space))
	want := []group{{0, 2}, {1, 4}, {5}}
	if !slices.EqualFunc(groups, want, slices.Equal) || !slices.Equal(of, []int{0, 1, 0, -1, 1, 2}) {
		t.Errorf("groups %v, of the dimensions %v", groups, of)
	}
}

// A sample holds the latest and the earliest, stands for all, and is everything where that
// is few.
func TestASampleStandsForAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var members, good, pending, others []int32
		for i := range int32(rapid.IntRange(0, 300).Draw(t, "trials")) {
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				good, members = append(good, i), append(members, i)
			case 1:
				pending, others = append(pending, i), append(others, i)
			default:
				members, others = append(members, i), append(others, i)
			}
		}
		const most = 50
		s := sampleOf(members, good, pending, most)
		if s.n != len(others) || len(s.numbers) != len(s.weights) || len(s.numbers) > 2*most {
			t.Fatalf("%d trials with %d weights of %d", len(s.numbers), len(s.weights), s.n)
		}
		total, weight := 0.0, 0.0
		for i := range others {
			total += ageWeight(i, len(others))
		}
		for i, number := range s.numbers {
			weight += s.weights[i]
			if _, ok := slices.BinarySearch(others, number); !ok || i > 0 && number <= s.numbers[i-1] {
				t.Fatalf("%v isn't a rising choice of %v", s.numbers, others)
			}
		}
		if len(others) <= most && (!slices.Equal(s.numbers, others) || math.Abs(weight-total) > 1e-9) {
			t.Fatalf("%v of weight %v, expected all of %v with %v", s.numbers, weight, others, total)
		}
		if math.Abs(weight-total) > 0.05*total+1e-9 {
			t.Fatalf("%d of %d trials weigh %v, expected about %v", len(s.numbers), s.n, weight, total)
		}
	})
}
