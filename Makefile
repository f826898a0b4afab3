# The Go command: the machine's own, or the one that .ci/setup installs.
GO = PATH="$$(.ci/setup | tail -n 1):$$PATH" GOFLAGS="-buildvcs=false" go

.PHONY: help build run test format golden bench

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## build ./sanpi
	$(GO) build -o sanpi ./cmd/sanpi

run: ## do the main job into ./warehouse
	$(GO) run ./cmd/sanpi run

test: ## formatting, vet, staticcheck and all tests with the race detector; installs what it needs
	@test -z "$$($(GO) fmt ./... | tee /dev/stderr)" || { echo "gofmt changed the files above; commit them" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test -race ./...

format: ## format the Go files
	$(GO) fmt ./...

golden: ## write the tests' expected output anew; review the diff like code
	$(GO) test ./cmd/sanpi -update

bench: ## the figures of BENCHMARKS.md
	$(GO) test -run '^$$' -bench . -benchtime 5x ./pipeline ./cmd/sanpi
