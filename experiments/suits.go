package experiments

import (
	"errors"
	"strings"

	"medml/search"
)

// suits returns the mistakes of a space that asks for what its data can't have: an angle to
// turn signals by, say.
func (j *Job) suits() error {
	var found []error
	for _, p := range j.spec.Space() {
		if err := j.Trainer.Suits(p); err != nil {
			found = append(found, &search.FieldError{Field: spacePath(p.Name), Msg: err.Error()})
		}
	}
	return j.spec.Place("", errors.Join(found...))
}

// spacePath is where the file has a parameter: architecture.cnn.filters stands at
// space.architecture.of.cnn.filters.
func spacePath(name string) string {
	var b strings.Builder
	b.WriteString("space")
	for i, part := range strings.Split(name, ".") {
		if i%2 == 1 {
			b.WriteString(".of")
		}
		b.WriteString("." + part)
	}
	return b.String()
}
