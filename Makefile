# The Go command: the machine's own, or the one that .ci/setup installs.
GO = PATH="$$(.ci/setup | tail -n 1):$$PATH" GOFLAGS="-buildvcs=false" go

.PHONY: help build web run notebooks test test-go test-faults test-clients test-notebooks test-static test-web test-browser test-serve test-deploy format golden eval bench bench-ledger bench-serve

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

build: ## build ./sanpi
	$(GO) build -o sanpi ./cmd/sanpi

run: ## do the main job into ./warehouse
	$(GO) run ./cmd/sanpi run

test: .venv/installed .packages ## formatting, vet, staticcheck and all tests; installs what it needs
	@test -z "$$($(GO) fmt ./... | tee /dev/stderr)" || { echo "gofmt changed the files above; commit them" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(MAKE) test-go
	$(MAKE) --jobs=2 --output-sync=target test-faults test-browser test-web test-serve test-clients test-notebooks test-static

test-go: .venv/installed ## the Go tests, with the race detector where things run side by side
	SANPI_TEST_PYTHON="$(CURDIR)/.venv/bin/python" $(GO) test -race -timeout 40m -skip '^($(FAULTS))$$' $(CONCURRENT)
	SANPI_TEST_PYTHON="$(CURDIR)/.venv/bin/python" $(GO) test -timeout 40m $$($(GO) list ./... | grep -vE '/(pipeline|cmd)(/|$$)|/transforms/(bulletin|format|page|record)$$')

# What does several things at once, and is tested with the race detector.
CONCURRENT = ./cmd/... ./pipeline/... ./transforms/bulletin ./transforms/format ./transforms/page ./transforms/record

# Suites of many processes and runs, and of bounded memory: without the race detector, at
# their full size.
FAULTS = TestKilled|TestDiskFull|TestDiskFails|TestReadersAndPublishes|TestIncrementalIsFull|TestAttacks|TestMemoryOfOthers|TestSlowConnections

test-faults: ## a run killed at 200 points, a full and a failing disk, readers through 50 publishes, 100 random histories, hostile SQL and 10,000 slow connections
	$(GO) test -count 1 -timeout 10m -run '^(TestAttacks|TestMemoryOfOthers|TestSlowConnections)$$' ./pipeline/serve
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

# A Python of its own for what a list of packages names.
define VENV
python3 -m venv --clear $(@D)
$(@D)/bin/pip install -q --disable-pip-version-check -r $<
touch $@
endef

# The front end is built with a Node of its own, so that it is the same everywhere.
NODE = PATH="$(CURDIR)/.venv-node/bin:$$PATH" npm_config_update_notifier=false

web: web/dist/site.js ## build the front end, which ./sanpi then carries

web/dist/site.js: web/node_modules/.installed $(wildcard web/src/*) web/vite.config.ts web/database.js
	cd web && $(NODE) npm run --silent build
	touch $@

web/node_modules/.installed: web/package-lock.json .venv-node/installed
	cd web && $(NODE) npm ci --silent
	touch $@

.venv-node/installed: web/requirements.txt .venv/installed
	$(VENV)

test-web: web/node_modules/.installed ## the front end's types and units
	cd web && $(NODE) npm run --silent check && $(NODE) npm test --silent

# A program that carries the front end, apart from ./sanpi.
.web/sanpi: web/dist/site.js $(shell find cmd pipeline sql datasets transforms web/web.go -name '*_test.go' -prune -o -type f -print)
	$(GO) build -o $@ ./cmd/sanpi

test-browser: .web/sanpi .packages ## the site in Chromium, files and served: figures, sources, SQL, downloads, accessibility, valid HTML
	cd web && SANPI_COMMAND="$(CURDIR)/.web/sanpi" $(NODE) node --test --test-reporter=spec browser/site.test.mjs

test-serve: .web/sanpi .venv-serve/installed ## requests made up from the API's description, and what comes back
	SANPI_COMMAND="$(CURDIR)/.web/sanpi" .venv-serve/bin/python -m pytest -q -p no:cacheprovider pipeline/serve/testdata/fuzz

.venv-serve/installed: pipeline/serve/testdata/fuzz/requirements.txt .venv/installed
	$(VENV)

test-clients: .venv-clients/installed .venv-clients-before/installed .venv-spark/installed .packages ## releases read by real clients in two majors, Spark and LibreOffice, and judged by Frictionless and mlcroissant
	SANPI_TEST_CLIENTS="$(CURDIR)/.venv-clients/bin/python" SANPI_TEST_CLIENTS_BEFORE="$(CURDIR)/.venv-clients-before/bin/python" \
	SANPI_TEST_SPARK="$(CURDIR)/.venv-spark/bin/python" SANPI_TEST_OFFICE="$(CURDIR)/.venv/bin/python" \
		$(GO) test -count 1 -v -timeout 30m -run '^TestClients$$' ./pipeline/release

.venv-clients/installed: pipeline/release/testdata/clients/requirements.txt .venv/installed
	$(VENV)

.venv-clients-before/installed: pipeline/release/testdata/clients/requirements-before.txt .venv/installed
	$(VENV)

# Spark needs a Java; LibreOffice takes CSV files to workbooks and back.
.venv-spark/installed: pipeline/release/testdata/clients/requirements-spark.txt .venv/installed .packages
	$(VENV)

test-static: build .venv-static/installed ## a release on a static host, read by DuckDB over HTTP ranges, its bytes counted
	rm -rf .venv-static/trial && mkdir .venv-static/trial
	./sanpi ledger generate --rows 200000 --seed 3 --no-truth .venv-static/trial/synthetic.csv 2> /dev/null
	./sanpi run --offline --campaign shanxi --warehouse .venv-static/trial/warehouse --ledger .venv-static/trial/synthetic.csv > /dev/null
	./sanpi release --warehouse .venv-static/trial/warehouse .venv-static/trial/releases
	SANPI_RELEASE="$(CURDIR)/.venv-static/trial/releases/latest" .venv-static/bin/python -m pytest -q -s -p no:cacheprovider pipeline/release/testdata/static

.venv-static/installed: pipeline/release/testdata/static/requirements.txt .venv/installed .packages
	$(VENV)

# Programs of the machine that the suites run, all at once: apt waits for no second one.
.packages: .venv/installed
	PATH="$$PATH:/usr/sbin"; { command -v java && command -v soffice && command -v nginx && command -v chromium; } > /dev/null || { \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		$$sudo apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless libreoffice-calc-nogui nginx-light chromium; }
	touch $@

notebooks: build .venv-notebooks/installed ## start JupyterLab with the notebooks and everything they need
	test -e warehouse/CURRENT || ./sanpi run
	cd notebooks && ../.venv-notebooks/bin/jupyter lab

test-notebooks: build .venv-notebooks/installed ## every notebook from top to bottom, in both languages, and the plain-SQL edition
	rm -rf .venv-notebooks/warehouse && ./sanpi run --offline --warehouse .venv-notebooks/warehouse > /dev/null
	SANPI_COMMAND="$(CURDIR)/sanpi" SANPI_WAREHOUSE="$(CURDIR)/.venv-notebooks/warehouse" \
		.venv-notebooks/bin/python -m pytest -q -p no:cacheprovider notebooks

.venv-notebooks/installed: notebooks/requirements.txt .venv/installed
	$(VENV)

# What the cohort marts are checked against: lifelines and statsmodels.
.venv/installed: sql/tests/independent/requirements.txt
	python3 -c 'import venv, ensurepip' 2>/dev/null || { \
		sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		$$sudo apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates; }
	$(VENV)

format: ## format the Go files
	$(GO) fmt ./...

golden: .venv-notebooks/installed ## write the tests' expected output anew; review the diff like code
	$(GO) test ./cmd/sanpi -update
	UPDATE=1 .venv-notebooks/bin/python -m pytest -q -p no:cacheprovider -k plain_sql_is_the_same notebooks

eval: ## how well bulletins are read: precision and recall on the corpus and on the part set aside
	$(GO) test -count 1 -v -run '^(TestCorpus|TestHeld)$$' ./transforms/bulletin

bench: ## the figures of BENCHMARKS.md
	$(GO) test -run '^$$' -bench 'Run|Open|Query|Write|Extract' -benchtime 5x ./pipeline ./pipeline/lake ./cmd/sanpi
	$(GO) test -run '^$$' -bench '^(BenchmarkRead|BenchmarkRegexp)$$' -benchtime 2s -count 3 ./transforms/bulletin
	$(GO) test -run '^$$' -bench '^(BenchmarkDiff|BenchmarkRelease)$$' -benchtime 1x -timeout 1h ./pipeline/diff ./pipeline/release

bench-serve: .web/sanpi .packages ## requests a second and their times, beside nginx and DuckDB in process; needs wrk
	PATH="$$(.ci/setup | tail -n 1):$$PATH" SANPI_COMMAND="$(CURDIR)/.web/sanpi" pipeline/serve/testdata/bench.sh

bench-ledger: ## loading ledgers beside DuckDB, side by side; SANPI_BENCH_ROWS says how large
	$(GO) test -run '^$$' -bench '^BenchmarkLedger$$' -benchtime 1x -timeout 2h ./pipeline
	$(GO) test -run '^$$' -bench '^(BenchmarkText|BenchmarkXLSX)' -benchtime 1x -timeout 1h ./transforms/format
