package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"medml/nn"
	"medml/nn/anchor"
)

// benchRow is a measurement as `bench engine --json` prints it.
type benchRow struct {
	Engine  string  `json:"engine"` // always medml; other engines' scripts print rows alike
	Model   string  `json:"model"`
	Threads int     `json:"threads"` // of each trial
	Trials  int     `json:"trials"`  // at once
	Rate    float64 `json:"samples_per_s"`
	GFLOPS  float64 `json:"gflops"`
	RSS     float64 `json:"rss_mib"` // the process's peak; 0 where the system doesn't tell
	CPU     string  `json:"cpu"`
	Kernels string  `json:"kernels"`
}

func newBench(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure the figures this machine reaches",
		Example: `  medml bench engine
  medml bench search
  medml bench store`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBenchEngine(e), newBenchSearch(e), newBenchStore(e))
	return cmd
}

// benchEngine are the options of bench engine.
type benchEngine struct {
	models          []string
	threads, trials int
	seconds         float64
	cpuTime         bool
	asJSON          bool
}

func newBenchEngine(e *env) *cobra.Command {
	o := benchEngine{}
	cmd := &cobra.Command{
		Use:   "engine",
		Short: "Measure how fast models train and matrices multiply",
		Long: `Measure how fast the engine trains four models (forward, loss, backward, Adam; batches
of 32), and how fast it multiplies matrices. docs/performance.md says what the models are
and how to read the figures; bench/compare.py puts other engines' beside them.

A rate is the median over windows of half a second. GFLOP/s count two operations for each
multiplication and addition that the layers' products need, and nothing else.`,
		Example: `  medml bench engine
  medml bench engine --model cnn28 --seconds 10 --json
  medml bench engine --model cnn28,lstm100 --trials 2
  medml bench engine --model sgemm512,sgemm32x784x64nt
  MEDML_CPU=generic medml bench engine --model ae784`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), e) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.models, "model", nil,
		"what to measure: "+strings.Join(anchor.Models(), ", ")+", or a product: sgemm512 (a cube), sgemm32x784x64 (M, N, K), with tn or nt behind it for a transposed matrix (default all models)")
	f.IntVar(&o.threads, "threads", 1, "threads that one trial is split over")
	f.IntVar(&o.trials, "trials", 1, "trials that train at once")
	f.Float64Var(&o.seconds, "seconds", 6, "how long to measure each")
	f.BoolVar(&o.cpuTime, "cpu-time", false, "take rates by the processor's time, not the clock's: for one thread beside busy neighbours")
	f.BoolVar(&o.asJSON, "json", false, "print JSON, an object a line")
	return cmd
}

func (o *benchEngine) run(ctx context.Context, e *env) error {
	workloads, err := o.workloads()
	if err != nil {
		return err
	}
	var w *tabwriter.Writer
	if !o.asJSON {
		fmt.Fprintf(e.out, "%s, kernels %s\n", cpuName(), nn.Kernels())
		w = tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, "MODEL\tTHREADS\tTRIALS\tSAMPLES/S\tGFLOP/S\tPEAK MIB\t")
	}
	for _, load := range workloads {
		row, err := o.measure(ctx, e, load)
		if err != nil {
			return err
		}
		if o.asJSON {
			if err := printJSON(e.out, row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t\n", row.Model, row.Threads, row.Trials, row.Rate, row.GFLOPS, row.RSS)
	}
	if o.asJSON {
		return nil
	}
	return w.Flush()
}

// workloads checks the options and looks the models up.
func (o *benchEngine) workloads() ([]anchor.Workload, error) {
	switch {
	case o.threads < 1 || o.threads > 1024:
		return nil, usagef("--threads %d: want 1 to 1024", o.threads)
	case o.trials < 1 || o.trials > 1024:
		return nil, usagef("--trials %d: want 1 to 1024", o.trials)
	case o.cpuTime && o.threads*o.trials > 1:
		return nil, usagef("--cpu-time: wants one thread and one trial")
	case !(o.seconds > 0 && o.seconds <= 3600):
		return nil, usagef("--seconds %v: want more than 0 and at most 3600", o.seconds)
	}
	names := o.models
	if len(names) == 0 {
		names = anchor.Models()
	}
	var out []anchor.Workload
	for _, name := range names {
		w, err := anchor.Lookup(name)
		if err != nil {
			return nil, usagef("--model: %v", err)
		}
		if o.threads > 1 && !w.Splits {
			return nil, usagef("--threads %d: %s runs on one thread", o.threads, name)
		}
		out = append(out, w)
	}
	return out, nil
}

// clock returns the clock to measure by.
func (o *benchEngine) clock(e *env) (func() time.Time, error) {
	if !o.cpuTime {
		return e.now, nil
	}
	if _, err := processTime(); err != nil {
		return nil, fmt.Errorf("--cpu-time: %w", err)
	}
	return func() time.Time {
		spent, _ := processTime() // it has answered once
		return time.Unix(0, int64(spent))
	}, nil
}

func (o *benchEngine) measure(ctx context.Context, e *env, w anchor.Workload) (benchRow, error) {
	now, err := o.clock(e)
	if err != nil {
		return benchRow{}, err
	}
	debug.FreeOSMemory() // what the last model had
	restartPeak()
	r, err := anchor.Measure(ctx, w, anchor.Options{
		Trials: o.trials, Threads: o.threads, Now: now, Time: time.Duration(o.seconds * float64(time.Second)),
	})
	if err != nil {
		return benchRow{}, err
	}
	return benchRow{
		Engine: "medml", Model: w.Name, Threads: o.threads, Trials: o.trials,
		Rate: rounded(r.SamplesPerSecond), GFLOPS: rounded(r.GFLOPS), RSS: rounded(peakMiB()),
		CPU: cpuName(), Kernels: nn.Kernels(),
	}, nil
}
