package experiments

import "fmt"

// Studies loads an experiment as the studies that it stands for: one, or for a nested split
// one for each outer fold, named NAME.1, NAME.2, …
func Studies(file string, overrides []string) ([]*Spec, error) {
	spec, err := Load(file, overrides)
	if err != nil {
		return nil, err
	}
	n := spec.Data.Split.Studies()
	if n == 1 {
		return []*Spec{spec}, nil
	}
	var specs []*Spec
	for outer := 1; outer <= n; outer++ {
		sets := append(append([]string{}, overrides...),
			"name="+OuterName(spec.Name, outer), fmt.Sprintf("data.split.outer=%d", outer))
		s, err := Load(file, sets)
		if err != nil {
			return nil, err
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// OuterName names the study of an outer fold, from 1.
func OuterName(name string, outer int) string { return fmt.Sprintf("%s.%d", name, outer) }

// OuterFolds returns how many outer folds a nested experiment has, 0 for any other.
func (s *Spec) OuterFolds() int {
	if s.Data.Split.Outer == 0 {
		return 0
	}
	return s.Data.Split.Folds
}
