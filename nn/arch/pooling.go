package arch

import "medml/nn"

// overall are the ways to make one vector of all places of a signal or an image.
var overall = []string{"average", "max", "both", "attention"}

// attentionUnits are those of the map that scores places, enough to tell them apart and few
// beside a body's own weights.
const attentionUnits = 32

// overallPooling returns the layer of one of these words.
func overallPooling(word string) nn.Layer {
	switch word {
	case "max":
		return &nn.GlobalMaxPool{}
	case "both":
		return &nn.Concat{Branches: []nn.Layer{&nn.GlobalAvgPool{}, &nn.GlobalMaxPool{}}}
	case "attention":
		return &nn.AttentionPool{Units: attentionUnits}
	}
	return &nn.GlobalAvgPool{}
}
