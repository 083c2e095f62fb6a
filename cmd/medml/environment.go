package main

import (
	"bufio"
	"os"
	"runtime"
	"strings"

	"medml/experiments"
	"medml/nn"
	"medml/store"
)

// thisEnvironment says what a study runs with.
func thisEnvironment(data string) store.Environment {
	return store.Environment{
		Version: version(), Revision: revision(), Go: runtime.Version(),
		OS: runtime.GOOS, Arch: runtime.GOARCH, CPU: cpuName(), Path: nn.Kernels(), Data: data,
	}
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
