package dataset

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// scene is a picture of a few soft blobs.
func scene(rng *rand.Rand, height, width int) picture {
	p := newPicture(height, width, 1)
	for range 6 {
		cy, cx, size, light := rng.Float64(), rng.Float64(), 0.05+0.2*rng.Float64(), rng.Float64()
		for y := range height {
			for x := range width {
				dy, dx := (float64(y)+0.5)/float64(height)-cy, (float64(x)+0.5)/float64(width)-cx
				p.pix[y*width+x] += float32(light * math.Exp(-(dy*dy+dx*dx)/(2*size*size)))
			}
		}
	}
	return p
}

func hashOf(t *testing.T, p picture) uint64 {
	t.Helper()
	hash, ok := perceptualHash(p)
	if !ok {
		t.Fatal("no hash")
	}
	return hash
}

func TestAHashSurvivesSizeLightAndNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		p := scene(rng, 96, 80)
		hash := hashOf(t, p)
		changed := p.resize(40, 40, true)
		for i := range changed.pix {
			changed.pix[i] = 0.1 + 0.7*changed.pix[i] + 0.005*float32(rng.NormFloat64())
		}
		if d := hashDistance(hash, hashOf(t, changed)); d > NearDistance {
			t.Errorf("a copy differs in %d bits", d)
		}
		if d := hashDistance(hash, hashOf(t, scene(rng, 96, 80))); d <= NearDistance {
			t.Errorf("another scene differs in %d bits", d)
		}
	}
}

func TestAnEvenPictureHasNoHash(t *testing.T) {
	p := newPicture(20, 30, 3)
	for i := range p.pix {
		p.pix[i] = 0.3
	}
	if _, ok := perceptualHash(p); ok {
		t.Error("it has one")
	}
}

func TestTheIndexFindsWhatACompleteSearchFinds(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for distance := range mostDistance + 1 {
		x := hashIndex{distance: distance}
		var hashes []uint64
		found := 0
		for i := range 300 {
			hash := rng.Uint64()
			if i > 0 && i%2 == 0 { // near an earlier one
				hash = hashes[rng.IntN(i)]
				for range rng.IntN(distance + 3) {
					hash ^= 1 << rng.IntN(64)
				}
			}
			var want []int
			for j, other := range hashes {
				if hashDistance(hash, other) <= distance {
					want = append(want, j)
				}
			}
			if got := x.near(hash); !slices.Equal(got, want) {
				t.Fatalf("distance %d, hash %d: %v, want %v", distance, i, got, want)
			}
			found += len(want)
			x.add(hash, i)
			hashes = append(hashes, hash)
		}
		if found < 50 {
			t.Errorf("distance %d: %d found alone", distance, found)
		}
	}
}

func TestLookalikesAreOnePatient(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	d := &Dataset{Shape: []int{32, 32, 1}}
	add := func(p picture) {
		d.media, d.labels = append(d.media, p.pix...), append(d.labels, 0)
	}
	a, b := scene(rng, 32, 32), scene(rng, 32, 32)
	add(a)
	add(b)
	add(a)                      // 2 looks like 0
	add(scene(rng, 32, 32))     // 3
	add(newPicture(32, 32, 1))  // 4 and 5 are even
	add(newPicture(32, 32, 1))  //
	add(b.resize(32, 32, true)) // 6 looks like 1
	if got, want := d.Lookalikes(NearDistance), []int{0, 1, 0, 3, 4, 5, 1}; !slices.Equal(got, want) {
		t.Errorf("lookalikes %v, want %v", got, want)
	}
	if got, want := d.groupLookalikes(NearDistance), []int{0, 1, 0, 2, 3, 4, 1}; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
	d.Groups = []int{7, 8, 9, 9, 10, 10, 11} // 9 has a picture of 7's
	if got, want := d.groupLookalikes(NearDistance), []int{0, 1, 0, 0, 2, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("groups with patients %v, want %v", got, want)
	}
	if (&Dataset{Shape: []int{100, 2}}).Lookalikes(8) != nil {
		t.Error("a signal has lookalikes")
	}
}

// The check for leaks and the description take for alike what the dataset's own distance
// does, as the grouping does.
func TestLeaksFollowTheDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	p := scene(rng, 32, 32)
	q := newPicture(32, 32, 1)
	for i := range q.pix {
		q.pix[i] = p.pix[i] + 0.08*float32(rng.NormFloat64())
	}
	apart := hashDistance(hashOf(t, p), hashOf(t, q))
	if apart <= 1 || apart >= mostDistance {
		t.Fatalf("the two differ in %d bits", apart)
	}
	s := Splits{Folds: []Fold{{Train: []int{0}, Valid: []int{1}}}}
	for distance := range mostDistance + 1 {
		d := &Dataset{Task: Classification, Classes: []string{"a"}, Shape: []int{32, 32, 1}, labels: make([]int32, 2), distance: distance}
		d.media = append(slices.Clone(p.pix), q.pix...)
		want := 0
		if apart <= distance || distance == 0 && apart <= NearDistance {
			want = 1
		}
		if leaks := d.Check(s); len(leaks) != want || want == 1 && leaks[0].Kind != LookalikeLeak {
			t.Errorf("within %d bits, and %d apart: %v", distance, apart, leaks)
		}
		if got := d.Describe([]int{0, 1}).Lookalikes; got != want {
			t.Errorf("within %d bits, and %d apart, %d look alike", distance, apart, got)
		}
	}
}
