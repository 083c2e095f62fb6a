package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"medml/experiments"
)

func newInit(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Write the bundled experiments to a folder, ./experiments by default",
		Long: `Write the bundled experiments to a folder, ./experiments by default, as a beginning for
your own. A file that is there already is left as it is.`,
		Example: `  medml init
  medml init studies/2026`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "experiments"
			if len(args) > 0 {
				dir = args[0]
			}
			return writeExamples(e, dir)
		},
	}
}

func writeExamples(e *env, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, x := range experiments.Bundled() {
		if err := writeNew(e, filepath.Join(dir, x.Name+".yaml"), x.YAML, x.Title); err != nil {
			return err
		}
	}
	return writeNew(e, filepath.Join(dir, "schema.v1.json"), experiments.Schema(),
		"the form of an experiment, for editors that complete and check YAML")
}

// writeNew writes a file unless it is there.
func writeNew(e *env, name string, content []byte, title string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		_, err := fmt.Fprintf(e.out, "%s is there already: left as it is\n", name)
		return err
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s: %s\n", name, title)
	return err
}
