# What a newcomer types. `make run` and `make test` need Python 3.11, 3.12 or 3.13, pip and make, nothing else.
IS_SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
    $$name -c '$(IS_SUITABLE)' 2>/dev/null && command -v $$name && break; done)
NO_PYTHON := no Python 3.11, 3.12 or 3.13 that can make environments: install one, with its venv (on Debian: \
    apt-get install python3 python3-venv), or say where it is: make run PYTHON=/path/to/python3.12
BIN := .venv/bin
HOMES := homes
EXAMPLE := datacamp_fellowship
HOME_DIR := $(HOMES)/$(EXAMPLE)
BENCH := --rows 1000000 --rows 10000000 --rows 100000000 --rounds 3 --peers-up-to 10000000
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes

.DEFAULT_GOAL := help
.PHONY: help env run check test pythons ui docs bench bench-all record audit sbom lint lock clean

help:  ## the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/runtime: requirements/bootstrap.txt requirements/runtime.txt pyproject.toml
	$(or $(PYTHON),$(error $(NO_PYTHON))) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	$(UV_INSTALL) -r requirements/runtime.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/postgres: .venv/runtime requirements/postgres.txt
	$(UV_INSTALL) -r requirements/postgres.txt
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	$(UV_INSTALL) -r requirements/dev.txt
	@touch $@

.venv/bench: .venv/dev requirements/bench.txt
	$(UV_INSTALL) -r requirements/bench.txt
	@touch $@

.venv/audit: .venv/dev requirements/audit.txt
	$(UV_INSTALL) -r requirements/audit.txt
	@touch $@

$(HOME_DIR)/program.yaml: | .venv/runtime
	@mkdir -p $(HOMES)
	$(BIN)/fellowship init $(HOME_DIR) --example $(EXAMPLE)

env: .venv/runtime  ## the environment alone, for a program of your own

run: .venv/runtime $(HOME_DIR)/program.yaml  ## generate the first example's exports and run the whole graph on them
	$(BIN)/fellowship run $(HOME_DIR)

check: lint  ## what to run before a commit: lint, types, and the tests without whole runs
	$(BIN)/python -m pytest -n auto -q -m "not whole_run and not slow"

test: .venv/dev  ## all the tests
	$(BIN)/python -m pytest -n auto --junitxml=build/tests.xml

pythons:  ## the first example and the quick tests under every Python that is supported, as far as it is on this machine
	benchmarks/pythons.sh

ui: .venv/runtime $(HOME_DIR)/program.yaml  ## Dagster on loopback, on the first example's home
	$(BIN)/python -m fellowship_pipeline.home.instance $(HOME_DIR)
	umask 077; FELLOWSHIP_HOME=$(abspath $(HOME_DIR)) DAGSTER_HOME=$(abspath $(HOME_DIR))/dagster \
	    $(BIN)/dagster dev --workspace workspace.yaml --host 127.0.0.1

docs: .venv/dev  ## the documents as a site that needs no network: site/index.html
	$(BIN)/sphinx-build --quiet --fail-on-warning --builder html docs site

bench: .venv/dev  ## what runs of a million rows cost: the first, with nothing new, after a change
	$(BIN)/python benchmarks/runs.py

bench-all: .venv/bench  ## docs/benchmarks.md: runs of one, ten and a hundred million rows, beside polars and pandas
	$(BIN)/python -m benchmarks.growth $(BENCH)

record: .venv/dev  ## docs/record.md: what is promised and what was measured of it, every bad input; takes hours
	$(BIN)/python -m benchmarks.record

audit: .venv/audit  ## what is known of the locked packages' vulnerabilities, less dated exceptions
	$(BIN)/python -m benchmarks.audit

sbom: .venv/audit  ## build/bill: the runtime's bill of materials (CycloneDX) and licenses
	$(BIN)/python -m benchmarks.bill

lint: .venv/dev  ## format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: .venv/dev  ## the requirement locks, after a change of requirements/*.in
	for name in bootstrap runtime postgres dev bench audit; do \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-header requirements/$$name.in --output-file requirements/$$name.txt; \
	done

clean:  ## the environment and the homes made here
	rm -rf .venv $(HOMES) site
