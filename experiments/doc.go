// Package experiments reads an experiment: the YAML file that says what to predict, from
// which data, what to search and for how long.
//
// [Load] and [Parse] return a [Spec], typed, valid and with every default filled in, or an
// [*Errors] that lists all mistakes at once, each a [Problem] with line, column, what was
// found and the nearest valid name. [Spec.Space] is the search space in medml's words.
// [Spec.Resolved] is the whole as canonical JSON, which a store keeps and [FromResolved]
// reads; [Spec.Identity] is the part of it that results depend on, and [Differences] says
// where two of them part. [Bundled] are the experiments that come with medml.
//
// The YAML is a plain subset: mappings, lists and scalars, without anchors, aliases, merge
// keys, tags and further documents, and bounded in size and depth, because the parser's
// time and memory aren't. Numbers are read from their text, so that 1e-5 is one.
package experiments
