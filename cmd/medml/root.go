package main

import (
	"cmp"
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"

	"medml/internal/nearest"
	"medml/nn"
)

// run runs a command line and returns its exit status.
func run(args []string, e *env) int {
	root := newRoot(e)
	root.SetArgs(args)
	if err := nn.SelectKernels(e.getenv("MEDML_CPU")); err != nil {
		return exit(e, &usageError{err.Error()})
	}
	return exit(e, root.ExecuteContext(context.Background()))
}

// newRoot makes the command line. To add a command, write its file and its line.
func newRoot(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "medml",
		Short: "Search, train, record and reproduce medical models on your own machine",
		Long: `medml searches the architectures and hyperparameters of medical models. An
experiment, a short YAML, says what to predict, from which data, and how much time there
is. No data leave the machine.

Exit status: 0 done, 1 failed, 2 bad usage or input, 130 interrupted.`,
		Example: `  medml init                                # write the bundled examples to ./experiments
  medml sweep experiments/diagnosis.yaml    # run, or go on with, an experiment
  medml leaderboard diagnosis               # rank its trials
  medml reproduce diagnosis                 # train the best again, and compare bit for bit
  medml evaluate diagnosis                  # open the locked test part, once
  medml data info patients.csv --target ill # what a data set of your own is like`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(e.in)
	root.SetOut(e.out)
	root.SetErr(e.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%v (see %s -h)", err, cmd.CommandPath())
	})
	root.PersistentFlags().String("store", cmp.Or(e.getenv("MEDML_STORE"), ".medml"),
		"folder that holds the studies; also by MEDML_STORE")
	root.AddCommand(
		newSweep(e), newWatch(e), newPause(e), newResume(e), newStop(e),
		newStudies(e), newLeaderboard(e), newShow(e), newReproduce(e), newDigest(e),
		newImportance(e), newEnsemble(e), newEvaluate(e), newAudit(e),
		newValidate(e), newInit(e), newExperiments(e), newData(e),
		newVerify(e), newRm(e), newBench(e),
	)
	nameUnknown(root)
	return root
}

// nameUnknown turns cobra's complaints about arguments into usage errors, for a command
// and those below it.
func nameUnknown(cmd *cobra.Command) {
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if cmd.HasSubCommands() && len(args) > 0 {
			return usagef("unknown command %q%s (see %s -h)", args[0], nearest.Hint(args[0], names(cmd)), cmd.CommandPath())
		}
		if check == nil {
			return nil
		}
		if err := check(cmd, args); err != nil {
			return usagef("%v: usage is %s", err, cmd.UseLine())
		}
		return nil
	}
	for _, sub := range cmd.Commands() {
		nameUnknown(sub)
	}
}

// names are the names of a command's subcommands.
func names(cmd *cobra.Command) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		out = append(out, sub.Name())
	}
	return out
}

// storeDir returns the folder that --store names.
func storeDir(cmd *cobra.Command) string {
	dir, _ := cmd.Flags().GetString("store")
	return dir
}

// version is the module's, "(devel)" for a build that doesn't know it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return cmp.Or(info.Main.Version, "(devel)")
}

// revision is the commit the binary was built from, marked where the tree had changes;
// "" where it isn't known.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			rev = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	return rev + dirty
}
