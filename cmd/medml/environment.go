package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"medml/experiments"
	"medml/nn"
	"medml/store"
)

// thisEnvironment says what a study runs with: on data of that digest, which an
// experiment in that folder names.
func thisEnvironment(data, folder string) store.Environment {
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	return store.Environment{
		Version: version(), Revision: revision(), Go: runtime.Version(),
		OS: runtime.GOOS, Arch: runtime.GOARCH, CPU: cpuName(), Cores: runtime.NumCPU(),
		Path: nn.Kernels(), Data: data, Folder: folder,
	}
}

// storedJob makes the experiment that a study holds ready to train again.
func storedJob(study store.Study) (*experiments.Job, error) {
	spec, err := experiments.FromResolved(study.Experiment)
	if err != nil {
		return nil, fmt.Errorf("the experiment that study %s holds: %w", study.Name, err)
	}
	spec.Dir = study.Environment.Folder
	return spec.Build()
}

// cpuName is the processor's own name where the system tells it, else "".
func cpuName() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if key, value, ok := strings.Cut(sc.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// sameStudy refuses to go on with a study under a changed experiment or changed data.
func sameStudy(study store.Study, spec *experiments.Spec, v store.Environment) error {
	diff := experiments.Differences(study.Identity, spec.Identity())
	if study.Environment.Data != v.Data {
		diff = append(diff, "data: was "+study.Environment.Data+", now "+v.Data)
	}
	if len(diff) == 0 {
		return nil
	}
	return usagef("study %s was begun with another experiment:\n  %s\nname a new study with --study NAME, or delete this one with medml rm %s",
		study.Name, strings.Join(diff, "\n  "), study.Name)
}
