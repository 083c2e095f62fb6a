package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/store"
)

// storeRow is a measurement as `bench store --json` prints it.
type storeRow struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Floor is what the figure is held to, 0 where it is there to read the others by; Least
	// says that it is to be at least that, otherwise at most.
	Floor float64 `json:"floor"`
	Least bool    `json:"least"`
	CPU   string  `json:"cpu"`
}

// benchStore are the options of bench store.
type benchStore struct {
	dir     string
	trials  int
	workers []int
	sampler string
	large   int
	rounds  int
	asJSON  bool

	now  func() time.Time
	rows []storeRow
}

func newBenchStore(e *env) *cobra.Command {
	o := benchStore{now: e.now}
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Measure how fast trials are made durable, and how a large study reads",
		Long: `Measure how many trials a second go through search and store when nothing is trained:
each is proposed, started, reports an epoch and ends, and its start and its end are on
disk before it goes on. Then make a large study and measure what opening it and ranking
its trials takes. Figures are medians; the disk's own time to make a page durable stands
beside them, since it decides the first. docs/durability.md has more.`,
		Example: `  medml bench store
  medml bench store --dir /data --workers 2,8 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), e) },
	}
	f := cmd.Flags()
	f.StringVar(&o.dir, "dir", "", "folder on the disk to measure (default: where the system keeps temporary files)")
	f.IntVar(&o.trials, "trials", 1000, "trials of each study")
	f.IntSliceVar(&o.workers, "workers", []int{1, 2, 4, 8}, "trials at once")
	f.StringVar(&o.sampler, "sampler", "random", "what proposes the trials")
	f.IntVar(&o.large, "large", 10000, "trials of the large study, of 100 epochs each; 0 leaves it out")
	f.IntVar(&o.rounds, "rounds", 5, "how often to measure each")
	f.BoolVar(&o.asJSON, "json", false, "print JSON, an object a line")
	return cmd
}

func (o *benchStore) run(ctx context.Context, e *env) error {
	switch {
	case o.trials < 1 || o.trials > 1e6 || o.large < 0 || o.large > 1e6:
		return usagef("--trials %d, --large %d: want 1 to 1000000, and 0 to leave the large study out", o.trials, o.large)
	case o.rounds < 1 || o.rounds > 1000:
		return usagef("--rounds %d: want 1 to 1000", o.rounds)
	case len(o.workers) == 0 || slices.Min(o.workers) < 1 || slices.Max(o.workers) > 1024:
		return usagef("--workers %v: want 1 to 1024", o.workers)
	}
	dir, err := os.MkdirTemp(o.dir, "medml-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := o.durable(ctx, dir); err != nil {
		return err
	}
	if o.large > 0 {
		if err := o.largeStudy(filepath.Join(dir, "large")); err != nil {
			return err
		}
	}
	return o.print(e)
}

// add takes the median of some measurements down.
func (o *benchStore) add(what, unit string, values []float64, floor float64, least bool) {
	slices.Sort(values)
	n := len(values)
	median := (values[(n-1)/2] + values[n/2]) / 2
	o.rows = append(o.rows, storeRow{what, rounded(median), unit, floor, least, cpuName()})
}

// durable measures studies without training, all numbers of workers in each round.
func (o *benchStore) durable(ctx context.Context, dir string) error {
	var syncs []float64
	rates, transactions := map[int][]float64{}, map[int][]float64{}
	for round := range o.rounds {
		took, err := syncTime(dir, o.now)
		if err != nil {
			return err
		}
		syncs = append(syncs, took.Seconds()*1000)
		for _, w := range o.workers {
			at := filepath.Join(dir, fmt.Sprintf("%d-%d", w, round))
			r, err := durableTrials(ctx, at, durableOptions{o.sampler, 10, o.trials, w, o.now})
			if err != nil {
				return err
			}
			rates[w] = append(rates[w], r.PerSecond)
			transactions[w] = append(transactions[w], r.Transactions)
		}
	}
	o.add("a page written and synced", "ms", syncs, 0, false)
	for _, w := range o.workers {
		at := count(w, "worker", "workers")
		floor := 1000.0
		if w == 1 {
			floor = 0 // it has nobody to share a sync with
		}
		o.add("trials durable, "+at, "1/s", rates[w], floor, true)
		o.add("transactions a trial, "+at, "", transactions[w], 0, false)
	}
	return nil
}

// syncTime returns how long the disk takes to make a page durable.
func syncTime(dir string, now func() time.Time) (time.Duration, error) {
	f, err := os.CreateTemp(dir, "sync-")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	const pages = 64
	b := make([]byte, 4096)
	var start time.Time
	for i := range 2 * pages {
		if i == pages { // by now they have their places
			start = now()
		}
		if _, err := f.WriteAt(b, int64(i%pages)*4096); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return now().Sub(start) / pages, nil
}

// largeStudy measures a study of many epochs.
func (o *benchStore) largeStudy(dir string) error {
	if err := makeLarge(dir, o.large); err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(dir, "medml.db"))
	if err != nil {
		return err
	}
	var opening, ranking []float64
	for range o.rounds {
		start := o.now()
		s, err := store.Open(dir, store.Options{ReadOnly: true})
		if err != nil {
			return err
		}
		opened := o.now()
		snap, err := s.SnapshotHeaders("large")
		snap.Ranked()
		ranked := o.now()
		if err := s.Close(); err != nil {
			return err
		}
		if err != nil {
			return err
		}
		opening = append(opening, opened.Sub(start).Seconds()*1000)
		ranking = append(ranking, ranked.Sub(opened).Seconds()*1000)
	}
	what := fmt.Sprintf("%d trials of %d epochs: ", o.large, largeEpochs)
	o.add(what+"opened", "ms", opening, 1000, false)
	o.add(what+"ranked", "ms", ranking, 100, false)
	o.add(what+"file", "MB", []float64{float64(info.Size()) / 1e6}, 200, false)
	return nil
}

const largeEpochs = 100

// makeLarge makes a store with a study of n trials that report much.
func makeLarge(dir string, n int) error {
	s, err := store.Open(dir, store.Options{Command: "medml bench store"})
	if err != nil {
		return err
	}
	defer s.Close()
	about := medml.About{Study: "large", Metric: "value", Direction: medml.Minimize, Folds: 1, Epochs: largeEpochs}
	if err := s.Create(store.Study{Name: about.Study, About: about}); err != nil {
		return err
	}
	if err := s.Begin(about.Study, store.Session{}); err != nil {
		return err
	}
	rec, err := s.Recorder(about.Study, store.RecorderOptions{})
	if err != nil {
		return err
	}
	rnd := medml.Stream(1, "bench")
	for number := range n {
		t := medml.Trial{Number: number, State: medml.Running, Params: largeParams(), Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
		if _, err := rec.Queue(medml.TrialStarted{Trial: t}); err != nil {
			return err
		}
		run := medml.Run{Epochs: make([]medml.Epoch, largeEpochs)}
		for i := range run.Epochs {
			run.Epochs[i] = medml.Epoch{Step: i + 1, Loss: rnd.Float64(), ValidLoss: rnd.Float64(), Value: rnd.Float64(), Report: rnd.Float64()}
		}
		t.State, t.Value, t.Runs = medml.Complete, rnd.Float64(), []medml.Run{run}
		if _, err := rec.Queue(medml.TrialEnded{Trial: t}); err != nil {
			return err
		}
	}
	return s.Close()
}

func largeParams() medml.Params {
	var params medml.Params
	for _, p := range benchSpace(10) {
		params = append(params, medml.Setting{Name: p.Name, Value: medml.FloatValue(0.5)})
	}
	return params
}

func (o *benchStore) print(e *env) error {
	if o.asJSON {
		for _, r := range o.rows {
			if err := printJSON(e.out, r); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprintln(e.out, cpuName())
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tMEASURED\tHELD TO")
	for _, r := range o.rows {
		floor := "-"
		if r.Floor != 0 && r.Least {
			floor = fmt.Sprintf("at least %g %s", r.Floor, r.Unit)
		} else if r.Floor != 0 {
			floor = fmt.Sprintf("at most %g %s", r.Floor, r.Unit)
		}
		fmt.Fprintf(w, "%s\t%g %s\t%s\n", r.What, r.Value, r.Unit, floor)
	}
	return w.Flush()
}
