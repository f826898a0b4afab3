# The Go command: the machine's own, or the one that .ci/setup installs.
GO = PATH="$$(.ci/setup | tail -n 1):$$PATH" GOFLAGS="-buildvcs=false" go

.PHONY: help build run test test-faults test-deploy test-site format golden eval bench bench-ledger

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## build ./sanpi
	$(GO) build -o sanpi ./cmd/sanpi

run: ## do the main job into ./warehouse
	$(GO) run ./cmd/sanpi run

test: .venv/installed ## formatting, vet, staticcheck and all tests with the race detector; installs what it needs
	@test -z "$$($(GO) fmt ./... | tee /dev/stderr)" || { echo "gofmt changed the files above; commit them" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	SANPI_TEST_PYTHON="$(CURDIR)/.venv/bin/python" $(GO) test -race -skip '^($(FAULTS))$$' ./...
	$(MAKE) test-faults

# Suites of many processes and runs: without the race detector, at their full size.
FAULTS = TestKilled|TestDiskFull|TestDiskFails|TestReadersAndPublishes|TestIncrementalIsFull

test-faults: ## a run killed at 200 points, a full and a failing disk, readers through 50 publishes, 100 random histories
	SANPI_TEST_FAULTS=200 $(GO) test -count 1 -timeout 30m -run '^(TestKilled|TestReadersAndPublishes)$$' ./pipeline
	SANPI_TEST_FAULTS=30 $(GO) test -count 1 -timeout 30m -run '^(TestDiskFull|TestDiskFails)$$' ./pipeline
	SANPI_TEST_HISTORIES=100 $(GO) test -count 1 -timeout 30m -run '^TestIncrementalIsFull$$' ./pipeline

test-deploy: build ## the Airflow DAG and the Dagster asset, by the real packages and the real command
	@for name in airflow dagster; do \
		python3 -m venv .venv-$$name && .venv-$$name/bin/pip install -q --disable-pip-version-check -r deploy/$$name/requirements.txt || exit 1; \
	done
	AIRFLOW_HOME="$(CURDIR)/.venv-airflow/home" .venv-airflow/bin/airflow db migrate > /dev/null 2>&1
	SANPI_COMMAND="$(CURDIR)/sanpi" AIRFLOW_HOME="$(CURDIR)/.venv-airflow/home" .venv-airflow/bin/python -m pytest -q -p no:cacheprovider deploy/airflow
	SANPI_COMMAND="$(CURDIR)/sanpi" .venv-dagster/bin/python -m pytest -q -p no:cacheprovider deploy/dagster

# Names of zones are longer than the 70 letters that html-validate wants of a title.
test-site: build ## the pages of the site, plain and with ledgers, are valid HTML by html-validate; needs Node
	rm -rf .site && mkdir .site
	./sanpi ledger generate --rows 400 --editions 3 .site/ledgers > /dev/null
	./sanpi run --warehouse .site/plain > /dev/null && ./sanpi site --no-data --warehouse .site/plain .site/public > /dev/null
	./sanpi run --warehouse .site/office --ledger .site/ledgers > /dev/null && ./sanpi site --no-data --warehouse .site/office .site/office-public > /dev/null
	npx --yes html-validate@10.17.0 --config pipeline/site/htmlvalidate.json .site/public .site/office-public
	rm -rf .site

# What the cohort marts are checked against: lifelines and statsmodels.
.venv/installed: sql/tests/independent/requirements.txt
	python3 -c 'import venv, ensurepip' 2>/dev/null || { \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		$$sudo apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates; }
	python3 -m venv --clear .venv
	.venv/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

format: ## format the Go files
	$(GO) fmt ./...

golden: ## write the tests' expected output anew; review the diff like code
	$(GO) test ./cmd/sanpi -update

eval: ## how well bulletins are read: precision and recall on the corpus and on the part set aside
	$(GO) test -count 1 -v -run '^(TestCorpus|TestHeld)$$' ./transforms/bulletin

bench: ## the figures of BENCHMARKS.md
	$(GO) test -run '^$$' -bench 'Run|Open|Query|Write|Extract' -benchtime 5x ./pipeline ./pipeline/lake ./cmd/sanpi
	$(GO) test -run '^$$' -bench '^(BenchmarkRead|BenchmarkRegexp)$$' -benchtime 2s -count 3 ./transforms/bulletin

bench-ledger: ## loading ledgers beside DuckDB, side by side; SANPI_BENCH_ROWS says how large
	$(GO) test -run '^$$' -bench '^BenchmarkLedger$$' -benchtime 1x -timeout 2h ./pipeline
	$(GO) test -run '^$$' -bench '^(BenchmarkText|BenchmarkXLSX)' -benchtime 1x -timeout 1h ./transforms/format
