package nn

import (
	"fmt"
	"maps"
	"slices"

	"medml/internal/nearest"
)

// lookup reads a table by name. An unknown name is an error that says which names there
// are like it, or all of them where they are few.
func lookup[T any](what, name string, table map[string]T) (T, error) {
	v, ok := table[name]
	if !ok {
		return v, fmt.Errorf("unknown %s %q%s", what, name, nearest.Hint(name, slices.Sorted(maps.Keys(table))))
	}
	return v, nil
}
