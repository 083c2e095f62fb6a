package elementary

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A hundred thousand results of each function, hashed. The hash is the same on every processor
// and compiler setting; that is what the package is for.
func TestTheBitsAreFixed(t *testing.T) {
	within := func(low, high float64) func(*rand.Rand) float64 {
		return func(rng *rand.Rand) float64 { return low + float64(rng.Float64()*(high-low)) }
	}
	anything := func(rng *rand.Rand) float64 { return math.Float64frombits(rng.Uint64()) }
	both := func(f func(float64) float64, draw func(*rand.Rand) float64) func(*rand.Rand) float64 {
		return func(rng *rand.Rand) float64 {
			if rng.Uint64()&1 == 0 {
				return f(draw(rng))
			}
			return f(anything(rng))
		}
	}
	pow := func(rng *rand.Rand) float64 { return Pow(float64(4*rng.Float64()), float64(40*rng.Float64())-20) }
	functions := []struct {
		name string
		next func(*rand.Rand) float64
	}{
		{"Exp", both(Exp, within(-30, 30))},
		{"Expm1", both(Expm1, within(-2, 2))},
		{"Log", both(Log, within(0, 2))},
		{"Log2", both(Log2, within(0, 2))},
		{"Log1p", both(Log1p, within(-1, 1))},
		{"Pow", pow},
		{"Sin", both(Sin, within(-10, 10))},
		{"Cos", both(Cos, within(-10, 10))},
		{"Atan", both(Atan, within(-3, 3))},
		{"Tanh", both(Tanh, within(-3, 3))},
		{"Sigmoid", both(Sigmoid, within(-20, 20))},
		{"Erf", both(Erf, within(-3, 3))},
		{"Erfc", both(Erfc, within(-3, 10))},
		{"NormCDF", both(NormCDF, within(-20, 5))},
		{"NormQuantile", both(NormQuantile, within(0, 1))},
	}
	var out strings.Builder
	for i, f := range functions {
		fmt.Fprintf(&out, "%s %x\n", f.name, hashOf(f.next, uint64(i)))
	}
	const golden = "testdata/bits.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the bits have changed: studies made before can't be reproduced\ngot:\n%swant:\n%s", &out, want)
	}
}

func hashOf(next func(*rand.Rand) float64, seed uint64) []byte {
	rng := rand.New(rand.NewPCG(11, seed))
	h := sha256.New()
	buf := make([]byte, 0, 8000)
	for range 100 {
		buf = buf[:0]
		for range 1000 {
			x := next(rng)
			if x != x {
				x = math.NaN()
			}
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(x))
		}
		h.Write(buf)
	}
	return h.Sum(nil)
}
