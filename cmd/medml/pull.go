package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml/dataset"
	"medml/pull"
)

func newDataPull(e *env) *cobra.Command {
	var to string
	var list, asJSON bool
	cmd := &cobra.Command{
		Use:   "pull NAME",
		Short: "Fetch a public data set: of the MedMNIST collection or of PhysioNet",
		Long: `Fetch a public data set into the folder of data sets, where medmnist:NAME and
physionet:NAME find it. Every file's checksum is held; after a cut connection, or Ctrl-C,
the same command goes on where it stopped. Nothing is sent but the requests.

MEDML_DATA_MIRROR names a folder or an http address that has the files in the publishers'
place, as in MIRROR/medmnist/breastmnist.npz. Proxies are those of HTTPS_PROXY.`,
		Example: `  medml data pull breastmnist
  medml data pull physionet:mitdb --to data
  medml data pull --list`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listSets(e, asJSON)
			}
			if len(args) == 0 {
				return usagef("which data set? medml data pull --list names them")
			}
			set, err := pull.Lookup(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			return pullSet(cmd.Context(), e, set, to, asJSON)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "folder to put it in (default: $XDG_DATA_HOME/medml/data or ~/.local/share/medml/data)")
	cmd.Flags().BoolVar(&list, "list", false, "name the data sets there are")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// setRow is a data set as --list --json prints it.
type setRow struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Licence string `json:"licence"`
}

func listSets(e *env, asJSON bool) error {
	rows := []setRow{}
	for _, s := range pull.Sets() {
		rows = append(rows, setRow{s.Name, s.Title, s.Licence})
	}
	if asJSON {
		return printJSON(e.out, rows)
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Name, r.Title, r.Licence)
	}
	return w.Flush()
}

func pullSet(ctx context.Context, e *env, set pull.Set, to string, asJSON bool) error {
	home := to
	if home == "" {
		var err error
		if home, err = dataset.DataHome(); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	client := pull.NewClient(e.getenv("MEDML_DATA_MIRROR"))
	shown := &pullProgress{e: e, name: set.Name}
	client.Progress = shown.take
	r, err := client.Pull(ctx, set, home)
	shown.end()
	if errors.Is(err, context.Canceled) {
		return &interrupted{"medml: interrupted; the same command goes on where it stopped"}
	}
	if errors.As(err, new(*pull.NotFoundError)) && client.Mirror != "" {
		return fmt.Errorf("fetching %s from the mirror %s, below which it looks: %w", set.Name, client.Mirror, err)
	}
	if err != nil {
		return fmt.Errorf("fetching %s: %w", set.Name, err)
	}
	if asJSON {
		return printJSON(e.out, struct {
			Name    string `json:"name"`
			Folder  string `json:"folder"`
			Files   int    `json:"files"`
			Fetched int    `json:"fetched"`
			Bytes   int64  `json:"bytes"`
			Licence string `json:"licence"`
		}{set.Name, r.Folder, r.Files, r.Fetched, r.Bytes, set.Licence})
	}
	source := "data.source: " + set.Name
	if to != "" {
		source = "it is no source by name there: data.source is its path"
	}
	fetched := fmt.Sprintf("%d of them fetched now", r.Fetched)
	if r.Fetched == 0 {
		fetched = "all there already"
	}
	_, err = fmt.Fprintf(e.out, "%s: %s, %d bytes, %s, whole in %s (%s; %s)\n", set.Name, counted(r.Files, "file"), r.Bytes, fetched, r.Folder, set.Licence, source)
	return err
}

// pullProgress tells how far a set has come: on a terminal in one line that is drawn
// again, elsewhere in a line for each tenth.
type pullProgress struct {
	e     *env
	name  string
	tenth int
	drawn bool
}

func (p *pullProgress) take(at pull.Progress) {
	if at.Note != "" {
		p.end()
		fmt.Fprintf(p.e.err, "%s: %s: %s\n", p.name, at.File, at.Note)
		return
	}
	share := 0.0
	if at.Total > 0 {
		share = float64(at.Done) / float64(at.Total)
	}
	whole := (float64(at.Index-1) + share) / float64(at.Of)
	if p.e.errTerminal {
		fmt.Fprintf(p.e.err, "\r\x1b[K%s: %3.0f %%  %s (%d of %d)  %s", p.name, 100*whole, at.File, at.Index, at.Of, bytesText(at.Done))
		p.drawn = true
		return
	}
	if tenth := int(10 * whole); tenth > p.tenth {
		p.tenth = tenth
		fmt.Fprintf(p.e.err, "%s: %d %%, %s (%d of %d)\n", p.name, 10*tenth, at.File, at.Index, at.Of)
	}
}

// end ends a line that was being drawn.
func (p *pullProgress) end() {
	if p.drawn {
		fmt.Fprintln(p.e.err)
		p.drawn = false
	}
}
