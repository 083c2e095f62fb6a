package dataset

// scheme is the way in which a kind of split makes its folds.
type scheme uint8

const (
	inFolds       scheme = iota // each example validates once
	holdOut                     // one part validates
	leaveGroupOut               // each patient, or each word of a column, validates once
	byTime                      // what comes later validates what came before
	predefined                  // the source or a column says who is where
	nested                      // one fold of several is the test part, the rest is in folds
	external                    // another file is the test part, the source is in folds
)

// splitKind is what the words of [SplitConfig.Kind] mean. Only the first two schemes are
// stratified or grouped by their name; the others take that from [SplitConfig.Base].
type splitKind struct {
	stratified, grouped bool
	scheme              scheme
}

var splitKinds = map[string]splitKind{
	"holdout":                  {scheme: holdOut},
	"stratified-holdout":       {scheme: holdOut, stratified: true},
	"group-holdout":            {scheme: holdOut, grouped: true},
	"stratified-group-holdout": {scheme: holdOut, stratified: true, grouped: true},
	"kfold":                    {},
	"stratified-kfold":         {stratified: true},
	"group-kfold":              {grouped: true},
	"stratified-group-kfold":   {stratified: true, grouped: true},
	"leave-one-group-out":      {scheme: leaveGroupOut},
	"time":                     {scheme: byTime},
	"predefined":               {scheme: predefined},
	"nested":                   {scheme: nested},
	"external":                 {scheme: external},
}

// name returns the word for k.
func (k splitKind) name() string {
	for name, kind := range splitKinds {
		if kind == k {
			return name
		}
	}
	panic("dataset: a kind of split without a name")
}

// takes are the fields that each scheme has beside kind, test, seed and external.
var takes = map[scheme][]string{
	inFolds:       {"folds", "repeats", "pool", "external"},
	holdOut:       {"repeats", "valid", "pool", "external"},
	leaveGroupOut: {"column", "pool", "external"},
	byTime:        {"folds", "column", "pool", "external"},
	predefined:    {"folds", "repeats", "column", "base"},
	nested:        {"folds", "repeats", "base", "inner", "outer", "pool"},
	external:      {"folds", "repeats", "base", "pool", "external"},
}

// testPart says, of the schemes whose test part isn't a share, what it is instead.
var testPart = map[scheme]string{
	predefined: "the part that is marked so",
	nested:     "an outer fold",
	external:   "the external file",
}

// patients says whether examples have patients, as far as a configuration tells.
type patients uint8

const (
	noPatients patients = iota // each example is a patient of its own
	havePatients
	perhapsPatients // the source will say
)
