// Package search proposes trials and decides which to prune. It is the only package
// that knows github.com/c-bata/goptuna.
//
// [New] builds a [Study] from a space, a [Config] and the trials there already are. The
// Study is asked, reported to and told, as [medml.Study] says. Inside, a goptuna study
// is driven by ask, report and tell over a ledger of our own behind goptuna.Storage; the
// samplers and pruners stand behind goptuna's Sampler, RelativeSampler and Pruner
// interfaces, one file each, and are listed in the tables of sampler.go and pruner.go.
// Of what goptuna ships in their place nothing is used: in v0.9.0 its random sampler never
// draws the upper end of an int, its TPE compares NaNs, its successive halving compares
// the wrong rungs, and its storage in memory hands out live maps.
//
// Beside it, [Importance] says of trials which parameters mattered, and [SelectEnsemble]
// which models predict best together.
//
// Three rules hold throughout:
//
//   - Everything is minimised inside. Values of a study that maximises are negated where
//     they enter.
//   - A proposal is a function of the study's seed, the trial's number and what the trial
//     may see of the others. No sampler or pruner keeps a state but what it could compute
//     again from that, so a study built anew from its trials goes on exactly as it would
//     have.
//   - With a Lookback of K, trial n sees the trials up to n-K, which have ended, and the
//     parameters alone of the later ones. So the order in which trials end, and with it
//     the number of workers, changes nothing.
package search
