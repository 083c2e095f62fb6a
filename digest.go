package medml

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
)

// Digest returns the SHA-256, in hexadecimal, of what a study is: its resolved
// experiment (without what changes no result), and of each trial the number, state,
// parameters, every epoch's losses and values, the measures and the weights. It knows
// nothing of times, hosts, workers or interruptions. Trials that are running or wait
// count by their parameters alone.
func Digest(experiment []byte, trials []Trial) (string, error) {
	w := digester{sha256.New()}
	w.str("medml study 1")
	w.str(string(experiment))
	for _, t := range trials {
		params, err := t.Params.MarshalJSON()
		if err != nil {
			return "", fmt.Errorf("digest of trial %d: %w", t.Number, err)
		}
		w.int(t.Number)
		w.str(string(params))
		if !t.State.Finished() {
			w.str("unfinished")
			continue
		}
		w.str(t.State.String())
		w.float(t.Value)
		w.str(t.Weights)
		w.int(len(t.Runs))
		for _, r := range t.Runs {
			w.run(r)
		}
	}
	return hex.EncodeToString(w.h.Sum(nil)), nil
}

type digester struct{ h hash.Hash }

func (w digester) run(r Run) {
	w.int(r.Fold)
	w.int(len(r.Epochs))
	for _, e := range r.Epochs {
		w.int(e.Step)
		for _, x := range [...]float64{e.Loss, e.ValidLoss, e.Value, e.Report} {
			w.float(x)
		}
	}
	w.float(r.Value)
	w.int(len(r.Measures))
	for _, m := range r.Measures {
		w.str(m.Name)
		w.float(m.Value)
	}
	w.str(r.Weights)
}

func (w digester) int(i int) {
	w.h.Write(binary.LittleEndian.AppendUint64(nil, uint64(int64(i))))
}

// float writes the bits of x; all NaNs are one.
func (w digester) float(x float64) {
	if x != x {
		x = math.NaN()
	}
	w.h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x)))
}

func (w digester) str(s string) {
	w.int(len(s))
	w.h.Write([]byte(s))
}
