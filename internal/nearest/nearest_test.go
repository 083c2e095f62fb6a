package nearest_test

import (
	"fmt"
	"slices"
	"testing"

	"medml/internal/nearest"
)

func TestMisspellingsFindTheirName(t *testing.T) {
	known := []string{"filters", "kernel", "depth", "learning_rate", "batch_size", "auroc", "auprc", "lstm", "cnn"}
	for name, want := range map[string][]string{
		"filterz":       {"filters"},
		"fitlers":       {"filters"},
		"Kernel":        {"kernel"},
		"learning":      {"learning_rate"},
		"lr":            nil,
		"auc":           {"auroc", "auprc"},
		"AUROC":         {"auroc"},
		"lsmt":          {"lstm"},
		"transformer":   nil,
		"":              nil,
		"batchsize":     {"batch_size"},
		"learning_rade": {"learning_rate"},
	} {
		got := nearest.Names(name, known)
		if len(want) == 0 && len(got) > 0 || len(want) > 0 && (len(got) == 0 || !slices.Contains(got, want[0])) {
			t.Errorf("nearest to %q: got %v, want %v", name, got, want)
		}
	}
}

func ExampleHint() {
	known := []string{"cnn", "lstm", "autoencoder"}
	fmt.Println("unknown architecture" + nearest.Hint("lsmt", known))
	fmt.Println("unknown architecture" + nearest.Hint("transformer", known))
	// Output:
	// unknown architecture; did you mean lstm?
	// unknown architecture; known are cnn, lstm, autoencoder
}
