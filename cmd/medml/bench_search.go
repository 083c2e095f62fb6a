package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/search"
	"medml/search/problems"
)

// benchSearch are the options of bench search.
type benchSearch struct {
	quality        bool
	problems       []string
	samplers       []string
	trials, seeds  int
	pending        []int
	past           []int
	durable        int
	workers        int
	dir            string
	asJSON         bool
	eval, describe string
}

func newBenchSearch(e *env) *cobra.Command {
	o := benchSearch{}
	cmd := &cobra.Command{
		Use:   "search",
		Short: "Measure how long proposals take, or how good they are",
		Long: `Measure how long a sampler takes to propose a trial of 10 parameters after many have
finished, and how many trials a second go through search and store, durably and without
training. With --quality, measure how good the proposals are: the regret (the best value
found, less the minimum) on functions whose minimum is known, over several seeds.

docs/search.md has the figures; bench/quality.py puts other tools' beside them.`,
		Example: `  medml bench search
  medml bench search --sampler tpe --past 100000 --json
  medml bench search --quality --problem branin,mixed --sampler tpe,random --seeds 5`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), e) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.quality, "quality", false, "measure regret instead of time")
	f.StringSliceVar(&o.problems, "problem", nil, "problems: "+strings.Join(problems.Names(), ", ")+" (default all)")
	f.StringSliceVar(&o.samplers, "sampler", nil, "samplers (default all that fit)")
	f.IntVar(&o.trials, "trials", 100, "trials of a search, with --quality")
	f.IntVar(&o.seeds, "seeds", 30, "searches of each problem by each sampler, with --quality")
	f.IntSliceVar(&o.pending, "pending", []int{1, 8}, "trials pending at once, with --quality; 1 is one after the other")
	f.IntSliceVar(&o.past, "past", []int{1000, 10_000, 100_000}, "finished trials before a proposal that is timed")
	f.IntVar(&o.durable, "durable", 2000, "trials of a study without training whose rate is measured")
	f.IntVar(&o.workers, "workers", runtime.NumCPU(), "trials at once in that study")
	f.StringVar(&o.dir, "dir", "", "folder on the disk to measure (default: where the system keeps temporary files)")
	f.BoolVar(&o.asJSON, "json", false, "print JSON, an object a line")
	f.StringVar(&o.eval, "eval", "", "")
	f.StringVar(&o.describe, "describe", "", "")
	for _, hidden := range []string{"eval", "describe"} { // for bench/quality.py
		if err := f.MarkHidden(hidden); err != nil {
			panic(err)
		}
	}
	return cmd
}

func (o *benchSearch) run(ctx context.Context, e *env) error {
	switch {
	case o.eval != "":
		return evaluate(e, o.eval)
	case o.describe != "":
		p, err := lookupProblem(o.describe)
		if err != nil {
			return err
		}
		return printJSON(e.out, map[string]any{"name": p.Name, "minimum": p.Minimum, "space": p.Space})
	}
	if err := o.check(); err != nil {
		return err
	}
	if o.quality {
		return o.measureQuality(ctx, e)
	}
	return o.measureCost(ctx, e)
}

func (o *benchSearch) check() error {
	if len(o.problems) == 0 {
		o.problems = problems.Names()
	}
	for _, name := range o.problems {
		if _, err := lookupProblem(name); err != nil {
			return err
		}
	}
	for _, name := range o.samplers {
		if !slices.Contains(search.Samplers(), name) {
			return usagef("--sampler: no sampler %q; the samplers are %s", name, strings.Join(search.Samplers(), ", "))
		}
	}
	for _, n := range append(slices.Clone(o.pending), o.past...) {
		if n < 1 || n > 1_000_000 {
			return usagef("--pending and --past: want 1 to 1,000,000, found %d", n)
		}
	}
	if o.trials < 1 || o.seeds < 1 || o.durable < 1 || o.workers < 1 || o.workers > 1024 {
		return usagef("--trials, --seeds, --durable and --workers: want at least 1, and 1024 workers at most")
	}
	return nil
}

func lookupProblem(name string) (problems.Problem, error) {
	p, err := problems.Lookup(name)
	if err != nil {
		return p, usagef("--problem: %v", err)
	}
	return p, nil
}

// evaluate answers each line of parameters on standard input with the problem's value, so
// that other tools search the same function.
func evaluate(e *env, name string) error {
	p, err := lookupProblem(name)
	if err != nil {
		return err
	}
	in := bufio.NewScanner(e.in)
	out := bufio.NewWriter(e.out)
	for in.Scan() {
		var params medml.Params
		if err := json.Unmarshal(in.Bytes(), &params); err != nil {
			return usagef("standard input: %v", err)
		}
		fmt.Fprintf(out, "%.17g\n", p.Value(params))
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return in.Err()
}

// qualityRow is a search as `bench search --quality --json` prints it.
type qualityRow struct {
	Tool    string    `json:"tool"` // always medml; other tools' scripts print rows alike
	Problem string    `json:"problem"`
	Sampler string    `json:"sampler"`
	Pending int       `json:"pending"`
	Seed    int       `json:"seed"`
	Regret  []float64 `json:"regret"` // after each trial
}

func (o *benchSearch) measureQuality(ctx context.Context, e *env) error {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if !o.asJSON {
		fmt.Fprintf(w, "PROBLEM\tSAMPLER\tPENDING\tMEDIAN REGRET\tQUARTILES\t\n")
	}
	for _, problem := range o.problems {
		for _, pending := range o.pending {
			for _, sampler := range o.candidates() {
				ends, err := o.searches(ctx, e, problem, sampler, pending)
				if err != nil {
					return err
				}
				if len(ends) > 0 && !o.asJSON {
					fmt.Fprintf(w, "%s\t%s\t%d\t%.4g\t%.4g – %.4g\t\n", problem, sampler, pending,
						quantile(ends, 0.5), quantile(ends, 0.25), quantile(ends, 0.75))
				}
			}
		}
	}
	return w.Flush()
}

// candidates are the samplers to measure.
func (o *benchSearch) candidates() []string {
	if len(o.samplers) > 0 {
		return o.samplers
	}
	return slices.DeleteFunc(search.Samplers(), func(s string) bool { return s == "grid" || s == "nsga-ii" })
}

// searches searches a problem once for each seed and returns the regrets at the end. A
// sampler that the problem's space doesn't suit has none.
func (o *benchSearch) searches(ctx context.Context, e *env, problem, sampler string, pending int) ([]float64, error) {
	p, err := lookupProblem(problem)
	if err != nil {
		return nil, err
	}
	var ends []float64
	for seed := range o.seeds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		study, err := search.New(p.Space, search.Config{
			Direction: medml.Minimize, Sampler: search.SamplerConfig{Name: sampler, Seed: uint64(seed)},
			Lookback: pending, Trials: o.trials,
		}, nil)
		if err != nil {
			return nil, fmt.Errorf("sampler %s on %s: %w", sampler, problem, err)
		}
		regret, err := problems.Search(study, p, o.trials, pending)
		if err != nil {
			return nil, err
		}
		ends = append(ends, regret[len(regret)-1])
		if o.asJSON {
			if err := printJSON(e.out, qualityRow{"medml", problem, sampler, pending, seed, regret}); err != nil {
				return nil, err
			}
		}
	}
	sort.Float64s(ends)
	return ends, nil
}

// quantile returns the q-quantile of sorted values, interpolated.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(math.Floor(at))
	if i+1 >= len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// costRow is a sampler's cost as `bench search --json` prints it.
type costRow struct {
	Sampler string  `json:"sampler"`
	Trials  int     `json:"trials"` // finished before
	Params  int     `json:"params"`
	Propose float64 `json:"propose_ms"` // median of a proposal
}

// durableRow is the rate of trials through search and store as `bench search --json`
// prints it.
type durableRow struct {
	Rate    float64 `json:"trials_per_s"`
	Durable bool    `json:"durable"` // each start and end was on disk before the next step
	Sampler string  `json:"sampler"`
	Params  int     `json:"params"`
	Trials  int     `json:"trials"`
	Workers int     `json:"workers"`
}

func (o *benchSearch) measureCost(ctx context.Context, e *env) error {
	samplers := o.samplers
	if len(samplers) == 0 {
		samplers = []string{"random", "tpe"}
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if !o.asJSON {
		fmt.Fprintf(w, "SAMPLER\tFINISHED\tPARAMETERS\tMS A PROPOSAL\t\n")
	}
	for _, sampler := range samplers {
		for _, past := range o.past {
			if err := ctx.Err(); err != nil {
				return err
			}
			ms, err := proposeTime(e, sampler, past)
			if err != nil {
				return err
			}
			if o.asJSON {
				if err := printJSON(e.out, costRow{sampler, past, costParams, ms}); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t\n", sampler, past, costParams, ms)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, sampler := range samplers {
		if err := o.measureDurable(ctx, e, sampler); err != nil {
			return err
		}
	}
	return nil
}

// durableRounds is how many studies the rate of durable trials is the median of.
const durableRounds = 5

// measureDurable measures how many trials a second go through search and store.
func (o *benchSearch) measureDurable(ctx context.Context, e *env, sampler string) error {
	dir, err := os.MkdirTemp(o.dir, "medml-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	rates := make([]float64, durableRounds)
	for i := range rates {
		r, err := durableTrials(ctx, filepath.Join(dir, strconv.Itoa(i)), durableOptions{
			sampler: sampler, params: costParams, trials: o.durable, workers: o.workers, now: e.now,
		})
		if err != nil {
			return err
		}
		rates[i] = r.PerSecond
	}
	sort.Float64s(rates)
	row := durableRow{rounded(quantile(rates, 0.5)), true, sampler, costParams, o.durable, o.workers}
	if o.asJSON {
		return printJSON(e.out, row)
	}
	_, err = fmt.Fprintf(e.out, "%s: %.0f durable trials/s (%.0f – %.0f) without training, %s\n",
		sampler, row.Rate, rates[0], rates[durableRounds-1], counted(o.workers, "worker"))
	return err
}

// costParams is how many parameters the space has on which proposals are timed: seven
// numbers, of them three on a logarithmic axis, two whole numbers, and a choice.
const costParams = 10

func costSpace() medml.Space {
	s := make(medml.Space, 0, costParams)
	for i := range 4 {
		s = append(s, medml.Param{Name: fmt.Sprintf("x%d", i), Kind: medml.Float, Low: 0, High: 1})
	}
	for i := range 3 {
		s = append(s, medml.Param{Name: fmt.Sprintf("log%d", i), Kind: medml.Float, Low: 1e-5, High: 1, Log: true})
	}
	s = append(s, medml.Param{Name: "units", Kind: medml.Int, Low: 4, High: 512, Log: true},
		medml.Param{Name: "layers", Kind: medml.Int, Low: 1, High: 8})
	return append(s, medml.Param{Name: "kind", Kind: medml.Categorical, Choices: []medml.Value{
		medml.StringValue("a"), medml.StringValue("b"), medml.StringValue("c"),
	}})
}

// proposeTime returns the median time of a proposal, in milliseconds, in a study with so
// many finished trials.
func proposeTime(e *env, sampler string, past int) (float64, error) {
	const proposals = 50
	space := costSpace()
	draws, err := search.New(space, search.Config{Direction: medml.Minimize, Sampler: search.SamplerConfig{Name: "random", Seed: 1}}, nil)
	if err != nil {
		return 0, err
	}
	trials := make([]medml.Trial, past)
	for i := range trials {
		if trials[i], err = draws.Ask(); err != nil {
			return 0, err
		}
		finishAt(&trials[i])
		if err := draws.Tell(trials[i]); err != nil {
			return 0, err
		}
	}
	study, err := search.New(space, search.Config{
		Direction: medml.Minimize, Sampler: search.SamplerConfig{Name: sampler, Seed: 2}, Lookback: 12,
	}, trials)
	if err != nil {
		return 0, err
	}
	times := make([]float64, 0, proposals)
	for range proposals {
		begun := e.now()
		t, err := study.Ask()
		times = append(times, float64(e.now().Sub(begun))/float64(time.Millisecond))
		if err != nil {
			return 0, err
		}
		finishAt(&t)
		if err := study.Tell(t); err != nil {
			return 0, err
		}
	}
	sort.Float64s(times)
	return quantile(times, 0.5), nil
}

// finishAt gives a trial a value: a bowl over its numbers.
func finishAt(t *medml.Trial) {
	t.State, t.Value = medml.Complete, 0
	for _, s := range t.Params {
		if s.Value.Kind() == medml.FloatKind {
			d := s.Value.Float() - 0.3
			t.Value += d * d
		}
	}
}
