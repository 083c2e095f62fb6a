module medml/bench/goptuna

go 1.26.0

require (
	github.com/c-bata/goptuna v0.9.0
	medml v0.0.0
)

require gonum.org/v1/gonum v0.17.0 // indirect

replace medml => ../..
