// Package dataset reads tables of examples, divides them into parts and prepares them
// for training.
//
// A [Dataset] is what [Open] reads from a file or from one of the [Builtins]: features
// as numbers, a class or a number to predict for each example, and the patient each
// example belongs to. [Dataset.Split] locks a test part away and divides the rest into
// folds; no patient is ever on two sides. [Dataset.Prepare] learns medians, means and
// scales from the training rows alone, and its [Preparation] turns rows into a [Matrix]
// of float32.
//
// Series of the UCR and UEA archives, PhysioNet's waveform records (WFDB: header(5),
// signal(5) and annot(5) of its Applications Guide), recordings in EDF, EDF+ and BDF (Kemp
// et al. 1992, Kemp & Olivan 2003, BioSemi) and long tables of events, as in the PhysioNet/CinC
// Challenge 2012 and MIMIC, become signals of shape [time, channel]: [SignalConfig] and
// [EventsConfig] say how.
//
// A [Config] is the data section of an experiment. A mistake in it is a [FieldError]; a
// mistake in a file is a [CellError] that names the file, line and column. Neither shows
// more of the data than one short cell that should have been a number or a class.
//
// A Dataset doesn't change once it is open and can be used from many goroutines. The
// package knows no clock and no random source of its own: the same file, configuration
// and stream give the same bits everywhere.
package dataset
