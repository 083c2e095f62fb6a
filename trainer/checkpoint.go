package trainer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/dataset"
	"medml/nn"
)

// checkpointMagic begins the state of a training. Its version changes whenever the same
// trial would train to other bits.
const checkpointMagic = "medml training 1\n"

// checkpoint is where a training stands, apart from the model.
type checkpoint struct {
	fingerprint []byte // of all that the training depends on
	share       int
	told        []medml.Epoch
	done        []medml.Run
	parts       [][]byte
	latency     []float64
	fit         *fitState // nil between folds
}

// fitState is where the fold at hand stands. The order of the examples isn't in it: it
// follows from the trial and the epoch. Nor is the schedule, which is told the losses again.
type fitState struct {
	epoch, at        int
	sum              float64
	epochs           []medml.Epoch
	model, optimizer []byte
	average          []byte // nil without
}

// encode returns all that the training needs to go on from here to the same bits.
func (tr *training) encode() []byte {
	e := newEncoder(checkpointMagic, tr.room())
	e.bytes(tr.fingerprint())
	e.int(tr.share)
	e.epochs(tr.told)
	e.int(len(tr.done))
	for _, r := range tr.done {
		e.run(r)
	}
	e.int(len(tr.parts))
	for _, p := range tr.parts {
		e.bytes(p)
	}
	e.floats(tr.latency)
	f := tr.fit
	if f == nil {
		e.int(0)
		return e.seal()
	}
	if f.average == nil {
		e.int(1)
	} else {
		e.int(2)
	}
	e.int(f.epoch)
	e.int(f.at)
	e.float(f.sum)
	e.epochs(f.epochs[:f.epoch])
	e.int(f.model.StateSize())
	e.b = f.model.AppendState(e.b)
	e.int(nn.OptimizerSize(f.optim))
	e.b = nn.AppendOptimizer(e.b, f.optim)
	if f.average != nil {
		e.int(f.average.Size())
		e.b = f.average.Append(e.b)
	}
	return e.seal()
}

// room is about how many bytes the state takes.
func (tr *training) room() int {
	n := 1 << 10
	for _, r := range tr.done {
		n += 256 + 40*len(r.Epochs) + 48*len(r.Measures)
	}
	for _, p := range tr.parts {
		n += 8 + len(p)
	}
	if f := tr.fit; f != nil {
		n += 40*f.epoch + f.model.StateSize() + nn.OptimizerSize(f.optim)
		if f.average != nil {
			n += f.average.Size()
		}
	}
	return n
}

// decodeCheckpoint reads a state.
func decodeCheckpoint(b []byte) (checkpoint, error) {
	d := unseal(checkpointMagic, b)
	c := checkpoint{fingerprint: d.bytes(), share: d.int(), told: d.epochs()}
	c.done = list(d, 5*8, d.run)
	c.parts = list(d, 8, d.bytes)
	c.latency = d.floats()
	switch kind := d.int(); kind {
	case 0:
	case 1, 2:
		c.fit = &fitState{epoch: d.int(), at: d.int(), sum: d.float(), epochs: d.epochs(), model: d.bytes(), optimizer: d.bytes()}
		if kind == 2 {
			c.fit.average = d.bytes()
		}
	default:
		d.fail("it has more than one fold at hand")
	}
	return c, d.end()
}

// resume goes back to where the monitor's state was taken, if it has one.
func (tr *training) resume() error {
	state, runs := tr.monitor.Resume()
	if state == nil {
		return nil
	}
	c, err := decodeCheckpoint(state)
	if err != nil {
		return err
	}
	if !slices.Equal(c.fingerprint, tr.fingerprint()) {
		return errors.New("it is of another trial, configuration or data")
	}
	if err := tr.checkPosition(c); err != nil {
		return err
	}
	tr.share, tr.told, tr.done, tr.latency = c.share, c.told, c.done, c.latency
	for _, p := range c.parts {
		tr.parts = append(tr.parts, slices.Clone(p)) // the state needn't be kept for them
	}
	if c.fit != nil {
		if err := tr.restoreFit(c.fit); err != nil {
			return err
		}
	}
	return sameEpochs(tr.runs(), runs)
}

// checkPosition returns an error unless a state is one that this training comes through.
func (tr *training) checkPosition(c checkpoint) error {
	folds, told, parts, latency := len(c.done), 0, 0, 0
	if tr.config.Shares != nil {
		told = c.share
	}
	if tr.config.Keep && c.share == tr.shares()-1 {
		parts = folds
	}
	if tr.config.Clock != nil {
		latency = folds
	}
	if c.share >= tr.shares() || folds > len(tr.folds) || c.fit != nil && folds == len(tr.folds) ||
		len(c.told) != told || len(c.parts) != parts || len(c.latency) != latency {
		return errors.New("it is nowhere on this training's way")
	}
	for i, r := range c.done {
		if r.Fold != i || len(r.Epochs) != tr.config.Epochs || len(r.Measures) != 1+len(tr.config.Metrics) {
			return fmt.Errorf("its run of fold %d isn't whole", i+1)
		}
	}
	return nil
}

// restoreFit builds the fit at hand and brings it to where it stood.
func (tr *training) restoreFit(s *fitState) error {
	f, err := newFit(tr.Trainer, tr.plan, tr.trial, tr.share, len(tr.done))
	if err != nil {
		return err
	}
	n := len(f.order)
	if s.epoch >= tr.config.Epochs || len(s.epochs) != s.epoch || s.at < 1 || s.at > n || s.at < n && s.at%f.batch != 0 {
		return fmt.Errorf("it stands at example %d of epoch %d", s.at, s.epoch+1)
	}
	if err := errors.Join(f.model.RestoreState(s.model), nn.RestoreOptimizer(f.optim, s.optimizer)); err != nil {
		return err
	}
	if (f.average != nil) != (s.average != nil) {
		return errors.New("it has an average of the weights, or lacks one")
	}
	if f.average != nil {
		if err := f.average.Restore(s.average); err != nil {
			return err
		}
	}
	f.step = s.epoch*f.stepsAnEpoch() + (s.at+f.batch-1)/f.batch
	if made := *f.optim.Steps(); made != f.step {
		return fmt.Errorf("its optimizer has made %d steps of %d", made, f.step)
	}
	for _, e := range s.epochs {
		f.reorder()
		f.rates.EpochEnded(e.ValidLoss)
	}
	f.reorder()
	f.epoch, f.at, f.sum, f.epochs = s.epoch, s.at, s.sum, s.epochs
	tr.fit = f
	return nil
}

// sameEpochs returns an error unless the study has been told the epochs that a state
// counts as reported, and no others.
func sameEpochs(ours, told []medml.Run) error {
	flat := func(runs []medml.Run) (out []medml.Epoch) {
		for _, r := range runs {
			out = append(out, r.Epochs...)
		}
		return out
	}
	same := func(a, b medml.Epoch) bool {
		return a.Step == b.Step && (a.Report == b.Report || math.IsNaN(a.Report) && math.IsNaN(b.Report))
	}
	if a, b := flat(ours), flat(told); !slices.EqualFunc(a, b, same) {
		return fmt.Errorf("it counts %d epochs, and %d were reported, or others", len(a), len(b))
	}
	return nil
}

// fingerprint is a hash of all that the training depends on.
func (tr *training) fingerprint() []byte {
	c := &tr.config
	e := &encoder{}
	e.text(checkpointMagic)
	e.int(int(c.Seed))
	e.int(tr.trial.Seed)
	e.int(tr.trial.Number)
	for _, p := range tr.trial.Params {
		e.text(p.Name)
		e.int(int(p.Value.Kind()))
		e.text(p.Value.String())
	}
	e.text(string(c.Task))
	e.text(c.Metric.Name)
	for _, m := range c.Metrics {
		e.text(m.Name)
	}
	e.text(c.Aggregate)
	e.int(c.Epochs)
	e.floats(c.Shares)
	e.text(fmt.Sprint(c.Keep, c.Clock != nil))
	e.bytes(tr.digest[:])
	sum := sha256.Sum256(e.b)
	return sum[:]
}

// hashData returns a hash of all that the prepared folds follow from: the source, the rows
// of each part, and what was learnt to prepare them.
func hashData(d *dataset.Dataset, rows []dataset.Fold, folds []fold) [sha256.Size]byte {
	h := sha256.New()
	e := &encoder{}
	flush := func() {
		h.Write(e.b)
		e.b = e.b[:0]
	}
	e.text(d.Digest())
	e.ints(d.Shape)
	e.texts(d.Features)
	if len(d.Covariates) > 0 {
		e.texts(d.Covariates)
	}
	e.texts(d.Classes)
	for i, f := range folds {
		e.ints(rows[i].Train)
		e.ints(rows[i].Valid)
		flush()
		e.b, _ = f.prepared.AppendBinary(e.b) // the error is nil
		e.float(f.mean)
		e.float(f.scale)
	}
	flush()
	return [sha256.Size]byte(h.Sum(nil))
}
