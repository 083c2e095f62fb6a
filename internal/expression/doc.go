// Package expression reads and evaluates the conditions that an experiment is written in:
// `require`, `constraints` and `when`.
//
//	depth <= 2 or batch_size <= 32
//	sensitivity@specificity=0.95 >= 0.9 and not (ece > 0.1)
//	optimizer in [sgd, rmsprop]
//
// The grammar, loosest first; words stand for themselves:
//
//	or         = and { "or" and }
//	and        = not { "and" not }
//	not        = "not" not | "(" or ")" | comparison
//	comparison = operand [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand ]
//	           | operand [ "not" ] "in" "[" literal { "," literal } "]"
//	operand    = name | number | text | "true" | "false"
//
// A name is a word or several with dots between, and may end in "@word=number" or
// "@word=word" as a metric's does. A text stands in single or double quotes; where a name of words stands on
// the other side, its words need none. A truth value alone is a comparison with true.
//
// [Parse] checks an expression against a [Scope], which knows what each name stands for,
// and returns an [Expr] or every mistake with its place. [Expr.Truth] evaluates it in three
// values, [Expr.Violation] says how far numbers are from meeting it.
package expression
