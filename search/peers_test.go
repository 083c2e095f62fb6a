package search_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"medml"
)

// peerFunction is a function on which the samplers are compared with Optuna's. It is
// defined a second time in testdata/peers/peers.py.
type peerFunction struct {
	space   medml.Space
	value   func(medml.Params) float64
	optimum float64
}

func axes(n int, low, high float64) (s medml.Space) {
	for i := range n {
		s = append(s, float("x"+strconv.Itoa(i), low, high))
	}
	return s
}

func numbers(ps medml.Params) (x []float64) {
	for _, p := range ps {
		x = append(x, p.Value.Float())
	}
	return x
}

// shifted moves the optimum, which would be at 0, off the centre.
func shifted(ps medml.Params, low, high float64) []float64 {
	x := numbers(ps)
	for i := range x {
		x[i] -= (high - low) * (0.11*float64(i%3-1) + 0.06)
	}
	return x
}

func peerFunctions() map[string]peerFunction {
	return map[string]peerFunction{
		"branin": {medml.Space{float("x0", -5, 10), float("x1", 0, 15)}, func(ps medml.Params) float64 {
			x := numbers(ps)
			u := x[1] - 5.1/(4*math.Pi*math.Pi)*x[0]*x[0] + 5/math.Pi*x[0] - 6
			return u*u + 10*(1-1/(8*math.Pi))*math.Cos(x[0]) + 10
		}, 0.397887357729738},
		"hartmann6": {axes(6, 0, 1), func(ps medml.Params) float64 { return hartmann6(numbers(ps)) }, -3.322368011415},
		"rosenbrock5": {axes(5, -5, 10), func(ps medml.Params) (sum float64) {
			x := numbers(ps)
			for i, v := range x[:4] {
				a, b := x[i+1]-v*v, 1-v
				sum += 100*a*a + b*b
			}
			return sum
		}, 0},
		"rastrigin5": {axes(5, -5.12, 5.12), func(ps medml.Params) (sum float64) {
			for _, v := range shifted(ps, -5.12, 5.12) {
				sum += v*v - 10*math.Cos(2*math.Pi*v) + 10
			}
			return sum
		}, 0},
		"ackley10": {axes(10, -32.768, 32.768), func(ps medml.Params) float64 {
			squares, cosines := 0.0, 0.0
			for _, v := range shifted(ps, -32.768, 32.768) {
				squares, cosines = squares+v*v, cosines+math.Cos(2*math.Pi*v)
			}
			return -20*math.Exp(-0.2*math.Sqrt(squares/10)) - math.Exp(cosines/10) + 20 + math.E
		}, 0},
		"ellipsoid5": {axes(5, -5, 5), func(ps medml.Params) (sum float64) {
			for i, v := range shifted(ps, -5, 5) {
				sum += math.Pow(1000, float64(i)/4) * v * v
			}
			return sum
		}, 0},
		"training": {branched(), branchedTraining, 0.2},
	}
}

func hartmann6(x []float64) (sum float64) {
	a := [4][6]float64{{10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}}
	p := [4][6]float64{{1312, 1696, 5569, 124, 8283, 5886}, {2329, 4135, 8307, 3736, 1004, 9991},
		{2348, 1451, 3522, 2883, 3047, 6650}, {4047, 8828, 8732, 5743, 1091, 381}}
	for i, c := range []float64{1, 1.2, 3, 3.2} {
		d := 0.0
		for j := range x {
			e := x[j] - p[i][j]/1e4
			d += a[i][j] * e * e
		}
		sum -= c * math.Exp(-d)
	}
	return sum
}

// branched is a conditional space with a parameter of most kinds.
func branched() medml.Space {
	return medml.Space{
		words("architecture", "cnn", "lstm", "autoencoder"),
		logarithmic(float("learning_rate", 1e-5, 1e-1)),
		words("batch", "16", "32", "64"),
		float("dropout", 0, 0.6),
		when(stepped(integer("filters", 8, 64), 8), "architecture", "cnn"),
		when(integer("depth", 1, 5), "architecture", "cnn"),
		when(logarithmic(integer("hidden", 8, 128)), "architecture", "lstm"),
		when(logarithmic(integer("latent", 2, 32)), "architecture", "autoencoder"),
	}
}

func branchedTraining(ps medml.Params) float64 {
	number := func(name string) float64 { v, _ := ps.Lookup(name); return v.Float() }
	word := func(name string) string { v, _ := ps.Lookup(name); return v.String() }
	square := func(x float64) float64 { return x * x }
	lr, dropout := math.Log10(number("learning_rate")), number("dropout")
	v := map[string]float64{"16": 0.01, "32": 0, "64": 0.02}[word("batch")]
	switch word("architecture") {
	case "cnn":
		filters, depth := number("filters"), number("depth")
		v += 0.2 + 0.05*square(lr+3+0.2*(depth-3)) + 0.4*square(dropout-0.2)
		v += 0.03*square(depth-3) + math.Abs(filters-40)/200
	case "lstm":
		v += 0.22 + 0.05*square(lr+2) + 0.02*square(math.Log2(number("hidden"))-5.5) + 0.4*square(dropout-0.35)
	default:
		v += 0.3 + 0.05*square(lr+3.5) + 0.05*square(math.Log2(number("latent"))-3) + 0.4*square(dropout)
	}
	return v
}

// peer is a sampler of Optuna's on a function, with so many trials pending.
type peer struct {
	Sampler  string `json:"sampler"`
	Function string `json:"function"`
	Pending  int    `json:"pending"`
}

// peerStudy is a line of testdata/peers/peers.jsonl.
type peerStudy struct {
	peer
	Seed int       `json:"seed"`
	Best []float64 `json:"best"` // after each hundredth trial
}

func readPeers(t testing.TB) (studies []peerStudy) {
	t.Helper()
	f, err := os.Open("testdata/peers/peers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := json.NewDecoder(f)
	for lines.More() {
		var s peerStudy
		if err := lines.Decode(&s); err != nil {
			t.Fatal(err)
		}
		studies = append(studies, s)
	}
	return studies
}

// regrets returns, by seed, how far the best of so many trials is above the optimum, with so
// many trials pending.
func regrets(t testing.TB, f peerFunction, sampler string, pending, trials, seeds int) (out []float64) {
	for seed := range seeds {
		c := config(sampler)
		c.Sampler.Seed = uint64(seed)
		if pending > 1 {
			c.Lookback = pending
		}
		c.Sampler.Candidates = 0 // as users have it
		out = append(out, best(run(t, mustNew(t, f.space, c), trials, f.value), medml.Minimize)-f.optimum)
	}
	return out
}

// worse returns the probability, if both were alike, of ranks at least as much in favour of
// b (the rank sum test of Wilcoxon 1945, by its normal approximation).
func worse(a, b []float64) float64 {
	u := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				u++
			case x == y:
				u += 0.5
			}
		}
	}
	n, m := float64(len(a)), float64(len(b))
	return distuv.UnitNormal.Survival((u - n*m/2 - 0.5) / math.Sqrt(n*m*(n+m+1)/12))
}

// TestPeersFindNoMore holds gp and cma-es to Optuna's GPSampler and CmaEsSampler, from one
// trial to the next and with others pending: the rank sum test, one-sided, must not say that
// ours are worse. The short form leaves gp out but for Branin. MEDML_LONG is the number of
// our seeds, 30 at most; 15 take ten minutes of a core.
func TestPeersFindNoMore(t *testing.T) {
	seeds, _ := strconv.Atoi(os.Getenv("MEDML_LONG"))
	short := seeds == 0
	if short {
		seeds = 8
	}
	functions := peerFunctions()
	theirs := map[peer][]float64{}
	trials := map[string]int{"gp": 100, "cma-es": 300}
	for _, p := range readPeers(t) {
		theirs[p.peer] = append(theirs[p.peer], p.Best[trials[p.Sampler]/100-1]-functions[p.Function].optimum)
	}
	for what, theirs := range theirs {
		if short && what.Sampler == "gp" && what.Function != "branin" {
			continue
		}
		t.Run(what.Sampler+"/"+what.Function+"/"+strconv.Itoa(what.Pending), func(t *testing.T) {
			t.Parallel()
			ours := regrets(t, functions[what.Function], what.Sampler, what.Pending, trials[what.Sampler], min(seeds, 30))
			p := worse(ours, theirs)
			t.Logf("median regret %.3g, Optuna's %.3g (%d and %d seeds), p %.3f", median(ours), median(theirs), len(ours), len(theirs), p)
			if p < 0.01 {
				t.Errorf("median regret %.3g, Optuna's %.3g: worse with p = %.4f", median(ours), median(theirs), p)
			}
		})
	}
}

// The models must find far more than random search in a few trials, too.
func TestModelsFindMoreThanRandom(t *testing.T) {
	for name, share := range map[string]map[string]float64{
		"gp":     {"ellipsoid5": 0.1, "training": 0.8},
		"cma-es": {"ellipsoid5": 0.5, "rosenbrock5": 0.5}, // the branches are tpe's
	} {
		for function, share := range share {
			for _, pending := range []int{1, 12} {
				t.Run(name+"/"+function+"/"+strconv.Itoa(pending), func(t *testing.T) {
					t.Parallel()
					f := peerFunctions()[function]
					random := median(regrets(t, f, "random", pending, 60, 25))
					found := median(regrets(t, f, name, pending, 60, 5))
					t.Logf("median regret %.3g, random %.3g", found, random)
					if found > share*random {
						t.Errorf("median regret %.3g, random %.3g: expected at most %v of that", found, random, share)
					}
				})
			}
		}
	}
}
