# What a newcomer types. `make run` and `make test` need Python 3.11, pip and make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
HOMES := homes
EXAMPLE := datacamp_fellowship
HOME_DIR := $(HOMES)/$(EXAMPLE)
BENCH := --rows 1000000 --rows 10000000 --rows 100000000 --rounds 3 --peers-up-to 10000000
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run check test ui bench bench-all record lint lock clean

help:  ## the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/runtime: requirements/bootstrap.txt requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	$(UV_INSTALL) -r requirements/runtime.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	$(UV_INSTALL) -r requirements/dev.txt
	@touch $@

.venv/bench: .venv/dev requirements/bench.txt
	$(UV_INSTALL) -r requirements/bench.txt
	@touch $@

$(HOME_DIR)/program.yaml: | .venv/runtime
	@mkdir -p $(HOMES)
	$(BIN)/fellowship init $(HOME_DIR) --example $(EXAMPLE)

run: .venv/runtime $(HOME_DIR)/program.yaml  ## generate the first example's exports and run the whole graph on them
	$(BIN)/fellowship run $(HOME_DIR)

check: lint  ## what to run before a commit: lint, types, and the tests without whole runs
	$(BIN)/python -m pytest -n auto -q -m "not whole_run and not slow"

test: .venv/dev  ## all the tests
	$(BIN)/python -m pytest -n auto

ui: .venv/runtime $(HOME_DIR)/program.yaml  ## Dagster on loopback, on the first example's home
	$(BIN)/python -m fellowship_pipeline.home.instance $(HOME_DIR)
	umask 077; FELLOWSHIP_HOME=$(abspath $(HOME_DIR)) DAGSTER_HOME=$(abspath $(HOME_DIR))/dagster \
	    $(BIN)/dagster dev --workspace workspace.yaml --host 127.0.0.1

bench: .venv/dev  ## what runs of a million rows cost: the first, with nothing new, after a change
	$(BIN)/python benchmarks/runs.py

bench-all: .venv/bench  ## docs/benchmarks.md: runs of one, ten and a hundred million rows, beside polars and pandas
	$(BIN)/python -m benchmarks.growth $(BENCH)

record: .venv/dev  ## docs/record.md: every bad input the pipeline has to stand, and what came of it
	$(BIN)/python benchmarks/record.py

lint: .venv/dev  ## format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: .venv/dev  ## the requirement locks, after a change of requirements/*.in
	for name in bootstrap runtime dev bench; do \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-header requirements/$$name.in --output-file requirements/$$name.txt; \
	done

clean:  ## the environment and the homes made here
	rm -rf .venv $(HOMES)
