// Package live lets other processes look at a running study and act on it, by a unix
// socket in the folder of its store.
//
// The process that sweeps holds the store's lock and calls [Serve]; what it serves is any
// [Source] and medml.Control, so a medml.Executor is both. Another terminal calls [Dial]
// and has a [Client], which is a Source and a medml.Control, too.
//
// A client is told what has changed since it last asked: the trials, and of a running
// trial the epochs. A watcher that doesn't read is cut off and never waited for. The
// messages are in docs/live-protocol.md.
package live
