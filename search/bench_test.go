package search_test

import (
	"fmt"
	"math"
	"testing"

	"medml"
	"medml/search"
)

// benchSpaces are spaces of ten parameters.
func benchSpaces() map[string]medml.Space {
	spaces := map[string]medml.Space{"floats": box(10)}
	for i := range 10 {
		name := string(rune('a' + i))
		spaces["ints"] = append(spaces["ints"], integer(name, 0, 100))
		spaces["log-ints"] = append(spaces["log-ints"], logarithmic(integer(name, 1, 1000)))
	}
	spaces["mixed"] = append(box(3),
		logarithmic(integer("h", 1, 1000)), logarithmic(integer("i", 8, 96)), integer("j", 0, 100),
		logarithmic(float("k", 1e-5, 1e-1)), words("l", "a", "b", "c"), words("m", "a", "b"), ordered(words("n", "s", "m", "l")))
	return spaces
}

// bowl is the sphere of the numbers among the parameters.
func bowl(ps medml.Params) float64 {
	sum := 0.0
	for i, s := range ps {
		if x := s.Value.Float(); x == x {
			sum += math.Pow(x-float64(i%3)+0.7, 2)
		}
	}
	return sum
}

// pastTrials returns n ended trials of the space, drawn at random.
func pastTrials(t testing.TB, space medml.Space, n int) []medml.Trial {
	return run(t, mustNew(t, space, config("random")), n, bowl)
}

// BenchmarkPropose proposes a trial of ten parameters after so many have ended, and ends
// it.
func BenchmarkPropose(b *testing.B) {
	spaces := benchSpaces()
	for _, n := range []int{1000, 10_000, 100_000} {
		for _, kind := range []string{"floats", "ints", "log-ints", "mixed"} {
			past := pastTrials(b, spaces[kind], n)
			for how, joint := range map[string]bool{"multivariate": true, "univariate": false} {
				b.Run(fmt.Sprintf("%s/%s/%d", how, kind, n), func(b *testing.B) {
					c := config("tpe")
					c.Lookback, c.Sampler.Multivariate = 12, &joint
					s := mustNew(b, spaces[kind], c, past...)
					for range 20 { // out of sight of the random trials that end the past
						proposeAndEnd(b, s)
					}
					b.ReportAllocs()
					for b.Loop() {
						proposeAndEnd(b, s)
					}
				})
			}
		}
	}
}

func proposeAndEnd(b *testing.B, s *search.Study) {
	trial, err := s.Ask()
	if err != nil {
		b.Fatal(err)
	}
	trial.State, trial.Value = medml.Complete, bowl(trial.Params)
	if err := s.Tell(trial); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkNew goes on from so many trials.
func BenchmarkNew(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			past := pastTrials(b, box(10), n)
			c := config("tpe")
			c.Lookback = 12
			for b.Loop() {
				mustNew(b, box(10), c, past...)
			}
		})
	}
}
