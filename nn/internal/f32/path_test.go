package f32_test

import (
	"testing"

	"medml/nn/internal/f32"
)

// use selects a path for the time of a test.
func use(t testing.TB, path string) {
	t.Helper()
	before := f32.Path()
	must(t, f32.Select(path))
	t.Cleanup(func() { must(t, f32.Select(before)) })
}

func must(t interface{ Fatal(...any) }, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
