// Package medml holds the words and the loop of medml, an AutoML experiment
// orchestrator for medical models.
//
// The words: a [Space] is an ordered list of hyperparameters, each a [Param]. A
// [Trial] is one configuration drawn from it, with what became of it. A [Study]
// proposes trials and learns from their results. An [Objective] trains a trial and
// returns its value. An [Event] says that something happened; a [Snapshot] is the
// fold of all events, a copy that can be kept.
//
// The loop: an [Executor] asks the study for a trial, gives it to a worker that runs
// the objective, passes intermediate values on, tells the study the result, and hands
// every event to a [Recorder], which makes it durable before anybody sees it.
//
// The package uses the standard library alone. What is below it (search, trainer,
// store, tui) speaks in these words and never to one another.
package medml
