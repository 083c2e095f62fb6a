# What a contributor runs. Everything else is in .ci/run.
.PHONY: check test race long bench

check: ## all that must hold before a change lands
	bash .ci/run

test:
	go test ./...

race:
	go test -race ./...

long: ## the long forms: this many kills and damaged stores, and all products of the FMA test
	MEDML_LONG=1000 go test -timeout 60m ./...

bench:
	go test -run '^$$' -bench . ./nn/... ./search ./store ./tui
