package live

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"medml"
)

var anyNumber = rapid.OneOf(
	rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1 + 0.2}),
	rapid.Float64(),
)

func TestNumbersComeBackToTheBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := make(epochs, rapid.IntRange(0, 5).Draw(t, "epochs"))
		for i := range want {
			want[i] = medml.Epoch{
				Step: rapid.Int().Draw(t, "step"), Loss: anyNumber.Draw(t, "loss"), ValidLoss: anyNumber.Draw(t, "valid loss"),
				Value: anyNumber.Draw(t, "value"), Report: anyNumber.Draw(t, "report"),
			}
		}
		x := number(anyNumber.Draw(t, "number"))
		type message struct {
			Epochs epochs
			Number number
		}
		b, err := json.Marshal(message{want, x})
		if err != nil {
			t.Fatal(err)
		}
		var got message
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if len(got.Epochs) != len(want) || !startsWith(got.Epochs, want) || diffNumber(float64(x), float64(got.Number)) {
			t.Fatalf("%s came back as %v", b, got)
		}
	})
}

func TestBlanksDoNotMatter(t *testing.T) {
	var got epochs
	if err := json.Unmarshal([]byte(" [ [ 1 , 0.5 ,\nnull, \"inf\" ,-2e3 ] ,\t[2,0,0,0,0] ] "), &got); err != nil || len(got) != 2 || got[0].Report != -2000 || got[1].Step != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWhatIsNoListOfEpochsIsRefused(t *testing.T) {
	for _, text := range []string{
		`{}`, `1`, `"x"`, `[1]`, `[[]]`, `[[1,2,3,4]]`, `[[1,2,3,4,5,6]]`, `[[1.5,2,3,4,5]]`, `[["1",2,3,4,5]]`, `[[1,2,3,4,"x"]]`,
		`[[1,2,3,4,[5]]]`, `[[1,2,3,4,5],[]]`, `[[1,2,3,4,5],1]`, `[[1,2,true,4,5]]`, `[[[1,2,3,4,5]]]`, `[[99999999999999999999,2,3,4,5]]`, `[[1,2,3,4,1e999]]`,
	} {
		var got epochs
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %v", text, got)
		}
	}
	for _, text := range []string{`"nan"`, `true`, `[1]`, `{}`, `""`, `1e999`} {
		var got number
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %v", text, got)
		}
	}
}

func diffNumber(a, b float64) bool { return !sameBits(a, b) && (a == a || b == b) }
