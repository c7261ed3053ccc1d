# make run: from a fresh clone to a survey on the screen.  make test: everything that CI runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PORT ?= 8000

.PHONY: help install install-postgresql install-test run test lint unit bench prove pictures gallery tables lock clean

help:
	@echo "make run          install what is needed, fill a demonstration and serve it (LAN=1: for the phones in the room)"
	@echo "make test         everything that CI runs: lint, types, contracts, tests on both databases, browser"
	@echo "make lint         only the first three of these"
	@echo "make bench        measure against bare Flask, SQLite, numpy and csv; writes bench.json"
	@echo "make prove        the long versions of the proofs (hours)"
	@echo "make pictures     photograph the pages and sheets of the README"
	@echo "make gallery      draw every kind of chart for docs/charts.md"
	@echo "make tables       write settings, commands and errors into docs/operations.md"
	@echo "make lock         resolve the dependencies anew (needs uv)"

# A stamp per lock file: pip runs only when a lock or the project's own metadata changed.
install: $(VENV)/base.stamp
install-postgresql: $(VENV)/postgresql.stamp
install-test: $(VENV)/test.stamp

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; name yours: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/base.stamp: requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing what Phiếu needs into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/postgresql.stamp: requirements-postgresql.lock $(VENV)/base.stamp
	@$(PIP) install --require-hashes -r requirements-postgresql.lock
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/base.stamp
	@echo "Installing what its tests need …"
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

# The address other devices on this network reach us at: asking the routing table sends nothing.
LAN_ADDRESS = $(shell $(PYTHON) -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); \
    s.connect(("192.0.2.1", 9)); print(s.getsockname()[0])')

ifdef LAN
run: HOST := 0.0.0.0
run: export PHIEU_PUBLIC_BASE_URL ?= http://$(or $(LAN_ADDRESS),$(error No network address found; set PHIEU_PUBLIC_BASE_URL)):$(PORT)
else
run: HOST := 127.0.0.1
run: export PHIEU_PUBLIC_BASE_URL ?= http://127.0.0.1:$(PORT)
endif
run: install
	@$(BIN)/phieu demo --host $(HOST) --port $(PORT)

test: lint unit

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: install-test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: install-test
	$(BIN)/python -m tests.bench

pictures: install-test
	$(BIN)/python -m tests.pictures

gallery: install-test
	$(BIN)/python -m tests.pictures.gallery

prove: install-test
	PHIEU_PROVE=1 $(BIN)/python -m pytest

tables: install-test
	$(BIN)/python -m tests.guards.tables

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

lock:
	$(COMPILE) --upgrade setup.cfg --all-extras -o requirements-test.lock
	$(COMPILE) setup.cfg --extra build -c requirements-test.lock -o requirements.lock
	$(COMPILE) setup.cfg --extra build --extra postgresql -c requirements-test.lock -o requirements-postgresql.lock

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
