package search_test

import (
	"fmt"
	"testing"

	"medml"
	"medml/search"
)

// pastTrials returns n ended trials of the space, drawn at random.
func pastTrials(t testing.TB, space medml.Space, n int) []medml.Trial {
	return run(t, mustNew(t, space, config("random")), n, sphere)
}

// BenchmarkPropose proposes a trial of ten parameters after so many have ended.
func BenchmarkPropose(b *testing.B) {
	spaces := map[string]medml.Space{"float": box(10)}
	for i := range 10 {
		spaces["int"] = append(spaces["int"], integer(string(rune('a'+i)), 0, 100))
		spaces["log-int"] = append(spaces["log-int"], logarithmic(integer(string(rune('a'+i)), 1, 1000)))
	}
	for _, kind := range []string{"float", "int", "log-int"} {
		for _, n := range []int{1000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", kind, n), func(b *testing.B) {
				c := config("tpe")
				c.Lookback = 12
				s := mustNew(b, spaces[kind], c, pastTrials(b, spaces[kind], n)...)
				b.ResetTimer()
				for range b.N {
					proposeAndEnd(b, s)
				}
			})
		}
	}
}

func proposeAndEnd(b *testing.B, s *search.Study) {
	trial, err := s.Ask()
	if err != nil {
		b.Fatal(err)
	}
	trial.State, trial.Value = medml.Complete, sphere(trial.Params)
	if err := s.Tell(trial); err != nil {
		b.Fatal(err)
	}
}
