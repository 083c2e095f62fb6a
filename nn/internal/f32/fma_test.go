package f32_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"medml/nn/internal/f32"
)

// triples returns a function that draws the factors and addends of 12 rows and 16 columns:
// of plain numbers, of bit patterns without any sense, and of sums that all but cancel, lie
// near a tie, or fall below the normal numbers.
func triples(rng *rand.Rand) func(x *[12]float32, y *[16]float32, z *[192]float32) {
	return func(x *[12]float32, y *[16]float32, z *[192]float32) {
		draw := []func() float32{
			func() float32 { return float32(rng.NormFloat64()) },
			func() float32 { return math.Float32frombits(rng.Uint32()) },
			func() float32 { return few(rng) },
			func() float32 { return few(rng) * 0x1p-80 },
		}[rng.IntN(4)]
		for i := range x {
			x[i] = draw()
		}
		for j := range y {
			y[j] = draw()
		}
		for i, v := range x {
			for j, w := range y {
				z[i*16+j] = addend(rng, v, w, draw)
			}
		}
	}
}

// few returns a number of few bits, whose products and sums tie.
func few(rng *rand.Rand) float32 {
	bits := rng.Uint32() & rng.Uint32() & rng.Uint32() & 0x7fffff
	return math.Float32frombits(rng.Uint32()&(1<<31) | uint32(127-30+rng.IntN(60))<<23 | bits)
}

// addend returns a number to add to x·y: any, or the product's opposite, or one so much
// larger or smaller that they meet at the last bits.
func addend(rng *rand.Rand, x, y float32, draw func() float32) float32 {
	switch rng.IntN(4) {
	case 0:
		return draw()
	case 1:
		z := math.Float32bits(-(x * y))
		return math.Float32frombits(z + uint32(rng.IntN(5)) - 2)
	case 2:
		scale := math.Ldexp(1, rng.IntN(60)-30)
		return float32(float64(x) * float64(y) * scale)
	}
	_, e := math.Frexp(float64(x) * float64(y))
	z := few(rng)
	_, f := math.Frexp(float64(z))
	return float32(math.Ldexp(float64(z), e-f+rng.IntN(56)-28))
}

func TestFMAIsTheProcessors(t *testing.T) {
	rounds := 10_000 // of 192 triples
	if os.Getenv("MEDML_LONG") != "" {
		rounds = 550_000 // a hundred million
	}
	for _, path := range f32.Paths()[1:] {
		t.Run(path, func(t *testing.T) {
			use(t, path)
			draw := triples(rand.New(rand.NewPCG(1, 2)))
			var x [12]float32
			var y [16]float32
			var z, got [192]float32
			for range rounds {
				draw(&x, &y, &z)
				got = z
				f32.GemmNN(12, 16, 1, x[:], 1, y[:], 16, got[:], 16, true)
				for i, v := range got {
					if want := f32.FMA(x[i/16], y[i%16], z[i]); !equalBits(v, want) {
						t.Fatalf("%x·%x + %x: the processor gives %x, the portable FMA %x", x[i/16], y[i%16], z[i], v, want)
					}
				}
			}
		})
	}
}

// The exact sum rounded once, where there is no processor to ask.
func TestFMARoundsOnce(t *testing.T) {
	draw := triples(rand.New(rand.NewPCG(3, 4)))
	var x [12]float32
	var y [16]float32
	var z [192]float32
	for range 500 {
		draw(&x, &y, &z)
		for i, c := range z {
			a, b := x[i/16], y[i%16]
			if !finite(a) || !finite(b) || !finite(c) {
				continue
			}
			exact := new(big.Float).SetPrec(1000).SetFloat64(float64(a))
			exact.Mul(exact, big.NewFloat(float64(b)))
			exact.Add(exact, big.NewFloat(float64(c)))
			want, _ := exact.Float32()
			if got := f32.FMA(a, b, c); got != want {
				t.Fatalf("%x·%x + %x = %x, want %x", a, b, c, got, want)
			}
		}
	}
}

func finite(x float32) bool { return x-x == 0 }

func TestFMAOfTheExtremes(t *testing.T) {
	inf, nan, most, least := float32(math.Inf(1)), float32(math.NaN()), float32(math.MaxFloat32), float32(0x1p-149)
	negative := float32(math.Copysign(0, -1))
	for name, c := range map[string]struct{ x, y, z, want float32 }{
		"beyond the largest number":             {most, 2, 0, inf},
		"back from beyond the largest":          {most, 2, -most, most},
		"half a step above the largest":         {most, 1, 0x1p103, inf},
		"less than half a step above it":        {most, 1, 0x1.fffffep102, most},
		"half the smallest ties to zero":        {least, 0.5, 0, 0},
		"a bit more than half the smallest":     {least, 0.500001, 0, least},
		"half the smallest beside the smallest": {least, 0.5, least, 2 * least},
		"zero times infinity":                   {0, inf, 1, nan},
		"infinity minus itself":                 {inf, 1, -inf, nan},
		"nothing from opposites":                {1, 1, -1, 0},
		"negative zeros":                        {negative, 1, negative, negative},
		"a tie that the lost bits break":        {1 + 0x1p-12, 1 + 0x1p-12, 0x1p-60, 1 + 0x1p-11 + 0x1p-23},
		"the same tie, to the other side":       {1 + 0x1p-12, 1 + 0x1p-12, -0x1p-60, 1 + 0x1p-11},
	} {
		if got := f32.FMA(c.x, c.y, c.z); !equalBits(got, c.want) {
			t.Errorf("%s: %x·%x + %x = %x, want %x", name, c.x, c.y, c.z, got, c.want)
		}
	}
}

func BenchmarkFMA(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, y := filled(rng, 1000, false), filled(rng, 1000, false)
	for b.Loop() {
		z := float32(0)
		for i, v := range x {
			z = f32.FMA(v, y[i], z)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/FMA")
}
