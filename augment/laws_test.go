package augment

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func numbers(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func drawSize(t *rapid.T) size {
	return size{rapid.IntRange(1, 9).Draw(t, "h"), rapid.IntRange(1, 9).Draw(t, "w"), rapid.IntRange(1, 3).Draw(t, "c")}
}

func TestAFlipIsItsOwnInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSize(t)
		before := numbers(s.h*s.w*s.c, rapid.Uint64().Draw(t, "seed"))
		x, scratch := slices.Clone(before), make([]float32, len(before))
		mirrorColumns(x, s)
		for i := range s.h {
			for j := range s.w {
				for c := range s.c {
					if x[(i*s.w+j)*s.c+c] != before[(i*s.w+s.w-1-j)*s.c+c] {
						t.Fatal("columns aren't exchanged")
					}
				}
			}
		}
		Mirror(x, []int{s.h, s.w, s.c}, true, scratch[:s.w*s.c])
		Mirror(x, []int{s.h, s.w, s.c}, false, scratch)
		for i := range s.h {
			n := s.w * s.c
			if !slices.Equal(x[i*n:][:n], before[(s.h-1-i)*n:][:n]) {
				t.Fatal("rows aren't exchanged")
			}
		}
		mirrorRows(x, s, scratch)
		if !slices.Equal(x, before) {
			t.Fatal("two flips of each kind change the image")
		}
	})
}

// seen is an image through a map.
func seen(image []float32, s size, m affine) []float32 {
	x := make([]float32, len(image))
	(&Augmenter{size: s, scratch: image}).read(x, m)
	return x
}

func TestTheIdentityMapsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSize(t)
		image := numbers(s.h*s.w*s.c, rapid.Uint64().Draw(t, "seed"))
		if !slices.Equal(seen(image, s, turned(s, 0, 1, 0, 0)), image) {
			t.Fatal("an image that isn't moved is another")
		}
	})
}

func TestWholeShiftsMovePixels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSize(t)
		down, right := rapid.IntRange(-s.h, s.h).Draw(t, "down"), rapid.IntRange(-s.w, s.w).Draw(t, "right")
		image := numbers(s.h*s.w*s.c, 1)
		x := seen(image, s, turned(s, 0, 1, float64(down), float64(right)))
		for i := range s.h {
			for j := range s.w {
				si, sj := min(max(i-down, 0), s.h-1), min(max(j-right, 0), s.w-1) // as at the edge
				if got, want := x[(i*s.w+j)*s.c], image[(si*s.w+sj)*s.c]; got != want {
					t.Fatalf("pixel (%d, %d) is %v, want %v", i, j, got, want)
				}
			}
		}
	})
}

// A quarter turn clockwise puts the left column on top: a square's pixel (i, j) comes from
// (n-1-j, i).
func TestAQuarterTurnMovesPixels(t *testing.T) {
	for n := 1; n < 8; n++ {
		s := size{n, n, 2}
		image := numbers(n*n*2, uint64(n))
		x := seen(image, s, turned(s, math.Pi/2, 1, 0, 0))
		for i := range n {
			for j := range n {
				got, want := x[(i*n+j)*2], image[((n-1-j)*n+i)*2]
				if math.Abs(float64(got-want)) > 1e-5 {
					t.Fatalf("side %d: pixel (%d, %d) is %v, want %v", n, i, j, got, want)
				}
			}
		}
	}
}

// A linear ramp is read exactly between its pixels: so a map can be seen in what it makes of
// ramps, inside the image.
func TestAMapIsThatOfItsAngleAndFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := size{41, 31, 2}
		angle := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "angle")
		factor := rapid.Float64Range(0.5, 2).Draw(t, "factor")
		down, right := rapid.Float64Range(-3, 3).Draw(t, "down"), rapid.Float64Range(-3, 3).Draw(t, "right")
		ramp := make([]float32, s.h*s.w*s.c)
		for i := range s.h {
			for j := range s.w {
				ramp[(i*s.w+j)*2], ramp[(i*s.w+j)*2+1] = float32(i-20), float32(j-15)
			}
		}
		x := seen(ramp, s, turned(s, angle, factor, down, right))
		for _, at := range [][2]int{{20, 15}, {18, 17}, {22, 14}, {21, 18}} {
			dy, dx := float64(at[0]-20)-down, float64(at[1]-15)-right
			sin, cos := math.Sincos(angle)
			y, z := (cos*dy-sin*dx)/factor, (sin*dy+cos*dx)/factor
			got := x[(at[0]*s.w+at[1])*2:]
			if math.Abs(y) < 14 && math.Abs(z) < 14 &&
				(math.Abs(float64(got[0])-y) > 1e-4 || math.Abs(float64(got[1])-z) > 1e-4) {
				t.Fatalf("%v comes from %v, want (%v, %v)", at, got[:2], y, z)
			}
		}
	})
}

func TestContrastKeepsTheMeanAndScalesTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels, places := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(2, 50).Draw(t, "places")
		before := numbers(channels*places, rapid.Uint64().Draw(t, "seed"))
		factor := float32(rapid.Float64Range(0, 2).Draw(t, "factor"))
		x := slices.Clone(before)
		contrast(x, channels, factor)
		for c := range channels {
			m, sd := moments(before, c, channels)
			n, se := moments(x, c, channels)
			if math.Abs(m-n) > 1e-5 || math.Abs(se-float64(factor)*sd) > 1e-5 {
				t.Fatalf("mean %v and deviation %v became %v and %v by a factor of %v", m, sd, n, se, factor)
			}
		}
	})
}

func moments(x []float32, c, channels int) (mean, sd float64) {
	n := 0.0
	for i := c; i < len(x); i += channels {
		mean += float64(x[i])
		n++
	}
	mean /= n
	for i := c; i < len(x); i += channels {
		sd += (float64(x[i]) - mean) * (float64(x[i]) - mean)
	}
	return mean, math.Sqrt(sd / n)
}

func TestAWarpedTimeRisesFromEndToEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 200).Draw(t, "steps")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var speed [speeds]float64
		for i := range speed {
			speed[i] = math.Exp(r.NormFloat64())
		}
		times := make([]float32, n)
		warp(times, &speed)
		if times[0] != 0 || times[n-1] != float32(n-1) {
			t.Fatalf("time runs from %v to %v of %d", times[0], times[n-1], n-1)
		}
		for i := range n - 1 {
			if times[i+1] < times[i] {
				t.Fatalf("time runs back at step %d", i)
			}
		}
		warp(times, &[speeds]float64{3, 3, 3, 3, 3, 3})
		for i, v := range times {
			if math.Abs(float64(v)-float64(i)) > 1e-4*float64(n) {
				t.Fatalf("at an even speed step %d is at %v", i, v)
			}
		}
	})
}

func TestNoiseIsNearlyNormal(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 200_000
	var sum, square, fourth float64
	for range n {
		v := float64(nearlyNormal(r))
		sum, square, fourth = sum+v, square+v*v, fourth+v*v*v*v
	}
	// The deviations of the estimates are 0.0022, 0.0029 and about 0.015. Four uniform
	// numbers have a kurtosis of 2.7.
	if m := sum / n; math.Abs(m) > 0.01 {
		t.Errorf("mean %v", m)
	}
	if v := square / n; math.Abs(v-1) > 0.013 {
		t.Errorf("variance %v", v)
	}
	if k := fourth / n; math.Abs(k-2.7) > 0.07 {
		t.Errorf("kurtosis %v", k)
	}
}

func TestElasticDisplacementsHaveTheirDeviation(t *testing.T) {
	s := size{32, 24, 1}
	e := newElastic(s)
	r := rand.New(rand.NewPCG(1, 2))
	var square, step float64
	n := 0
	for range 400 {
		e.draw(2, r)
		for i := range s.h {
			e.row(i)
			was := float32(0)
			for j := range s.w {
				down, right := e.at(j)
				square += float64(down*down + right*right)
				if j > 0 {
					step = max(step, math.Abs(float64(down-was)))
				}
				was = down
				n += 2
			}
		}
	}
	if sd := math.Sqrt(square / float64(n)); math.Abs(sd-2) > 0.05 {
		t.Errorf("the deviation is %v, want 2", sd)
	}
	if step > 4 { // a quarter of the width is a cell, over which three deviations may come
		t.Errorf("neighbours are displaced by %v more", step)
	}
}

func TestSplinesAddUpToOne(t *testing.T) {
	for n := 1; n < 40; n++ {
		for i, s := range splines(n) {
			sum := s.w[0] + s.w[1] + s.w[2] + s.w[3]
			if math.Abs(float64(sum)-1) > 1e-6 || s.first < 0 || s.first > knots-4 {
				t.Fatalf("pixel %d of %d: weights %v from %d on", i, n, s.w, s.first)
			}
		}
	}
}

func TestAStretchIsAsLongAsItsShareAndAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	hit := make([]int, 20)
	for range 4000 {
		from, to := stretch(20, 0.3, r)
		if from < 0 || to > 20 || to-from > 6 || to-from < 3 {
			t.Fatalf("from %d to %d", from, to)
		}
		for i := from; i < to; i++ {
			hit[i]++
		}
	}
	for i, n := range hit {
		if n < 400 {
			t.Errorf("place %d is cut out in %d of 4000", i, n)
		}
	}
}

func TestDroppedChannelsAreDroppedAsOftenAsAsked(t *testing.T) {
	a, err := New(Config{ChannelDropout: 0.3}, []int{2, 4}, Levels{Mean: []float32{9, 9, 9, 9}, SD: []float32{1, 1, 1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	dropped := 0
	for range 5000 {
		x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
		a.Apply(x, r)
		left := 0
		for c := range 4 {
			if (x[c] == 9) != (x[c+4] == 9) {
				t.Fatal("half a channel is dropped")
			}
			if x[c] != 9 {
				left++
			}
		}
		if left == 0 {
			t.Fatal("nothing is left")
		}
		dropped += 4 - left
	}
	if share := float64(dropped) / 20000; math.Abs(share-0.3+0.3*0.3*0.3*0.3/4) > 0.015 {
		t.Errorf("%v of the channels are dropped", share)
	}
}

// The mean of Beta(α, α) is a half and its variance 1/(4·(2α+1)).
func TestBetaHasItsMoments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, alpha := range []float64{0.001, 0.1, 0.2, 1, 2} {
		const n = 40_000
		var sum, square float64
		for range n {
			v := Beta(alpha, r)
			if !(v >= 0 && v <= 1) {
				t.Fatalf("α %v: %v", alpha, v)
			}
			sum, square = sum+v, square+(v-0.5)*(v-0.5)
		}
		want := 1 / (4 * (2*alpha + 1))
		if m, v := sum/n, square/n; math.Abs(m-0.5) > 4*math.Sqrt(want/n) || math.Abs(v-want) > 0.02*want {
			t.Errorf("α %v: mean %v and variance %v, want 0.5 and %v", alpha, m, v, want)
		}
	}
}

func TestMixIsAMean(t *testing.T) {
	x, other := numbers(20, 1), numbers(20, 2)
	whole, none, half := slices.Clone(x), slices.Clone(x), slices.Clone(x)
	Mix(whole, other, 1)
	Mix(none, other, 0)
	Mix(half, other, 0.5)
	if !slices.Equal(whole, x) || !slices.Equal(none, other) {
		t.Error("the ends aren't the two")
	}
	for i := range half {
		if math.Abs(float64(half[i])-float64(x[i]+other[i])/2) > 1e-6 {
			t.Errorf("%v between %v and %v", half[i], x[i], other[i])
		}
	}
}

func TestEveryOrderIsDrawnAsOften(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	counts := map[[3]int]int{}
	for range 6000 {
		var p [3]int
		Permute(p[:], r)
		counts[p]++
	}
	for p, n := range counts {
		if len(counts) != 6 || n < 850 || n > 1150 { // a deviation of 29
			t.Errorf("%v comes %d times of 6000", p, n)
		}
	}
}
