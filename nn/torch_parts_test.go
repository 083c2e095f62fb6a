package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

func readJSON(t *testing.T, name string, to any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "torch", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		t.Fatal(err)
	}
}

func TestLossesAreAsPyTorchs(t *testing.T) {
	var f struct {
		Logits madeTensor
		Cases  []struct {
			Loss     string
			Config   LossConfig
			Labels   []int32
			Targets  *madeTensor
			Value    float64
			Gradient storedTensor
		}
	}
	readJSON(t, "losses.json", &f)
	x := f.Logits.tensor()
	for _, c := range f.Cases {
		t.Run(fmt.Sprintf("%s %+v", c.Loss, c.Config), func(t *testing.T) {
			l, err := NewLoss(c.Loss, c.Config)
			if err != nil {
				t.Fatal(err)
			}
			target := Target{Labels: c.Labels}
			if c.Targets != nil {
				target.Values = c.Targets.tensor().Data
			}
			grad := NewTensor(x.Shape...)
			if got := l.Compute(x, target, grad); math.Abs(got-c.Value) > 1e-6*c.Value {
				t.Errorf("the loss is %v, PyTorch's %v", got, c.Value)
			}
			c.Gradient.check(t, "gradient", grad.Data)
		})
	}
}

func TestOptimizersGoPyTorchsWay(t *testing.T) {
	var f struct {
		Start, Steep, Low madeTensor
		Cases             []struct {
			Optimizer string
			Rate      float64
			Config    OptimizerConfig
			Path      [][]float64
		}
	}
	readJSON(t, "optimizers.json", &f)
	steep, low := make([]float32, 6), make([]float32, 6)
	f.Steep.make(steep)
	f.Low.make(low)
	for _, c := range f.Cases {
		t.Run(fmt.Sprintf("%s %+v", c.Optimizer, c.Config), func(t *testing.T) {
			w := &Weight{Name: "w", Data: make([]float32, 6), Grad: make([]float32, 6)}
			f.Start.make(w.Data)
			c.Config.DecayAll = true
			o := mustOptimizer(t, c.Optimizer, []*Weight{w}, c.Config)
			for step, want := range c.Path {
				for i, v := range w.Data {
					w.Grad[i] = steep[i] * (v - low[i])
				}
				o.Step(c.Rate)
				within(t, fmt.Sprintf("after step %d w", step+1), w.Data, want, 1e-5)
			}
		})
	}
}
