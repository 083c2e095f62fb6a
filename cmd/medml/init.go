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
		name := filepath.Join(dir, x.Name+".yaml")
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			fmt.Fprintf(e.out, "%s is there already: left as it is\n", name)
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(x.YAML)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s: %s\n", name, x.Title)
	}
	return nil
}
