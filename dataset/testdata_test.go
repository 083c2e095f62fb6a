package dataset

import (
	"os"
	"path/filepath"
	"testing"
)

// DataFolder returns a folder of the real data that the repository doesn't hold: it stands
// in MEDML_TESTDATA, which is ../shared/data beside the repository where it isn't said. The
// test is skipped where the folder isn't there, and fails if MEDML_REQUIRE_DATA is 1.
func DataFolder(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("MEDML_TESTDATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	folder, err := filepath.Abs(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("MEDML_REQUIRE_DATA") == "1" {
			t.Fatalf("no data %s (MEDML_TESTDATA says where they are): %v", name, err)
		}
		t.Skipf("no data %s: set MEDML_TESTDATA to the folder that has them", name)
	}
	return folder
}
