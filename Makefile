# Two commands for a machine that has only Python 3.11+ and make:  make verify   and   make test
# PYTHON=/path/to/python chooses the interpreter; VENV=dir another folder than .venv.

VENV ?= .venv
BIN := $(VENV)/bin
PIP_FLAGS := --disable-pip-version-check --prefer-binary
TESTS ?=
WORKERS ?= $(shell $(BIN)/python -c "import os; print(min(8, os.cpu_count() or 1))" 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help verify test lint format docs bench clean

help:
	@echo "make verify   install into $(VENV) and verify every lemma (the main job)"
	@echo "make test     install and run every test, doctest, notebook and docs build"
	@echo "make lint     formatting (ruff) and types (mypy)"
	@echo "make docs     build the site into docs/_build/html, warnings are errors"
	@echo "make bench    measure, with peers side by side where they are installed"

verify: $(VENV)/.installed
	$(BIN)/symcsq verify

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed-test
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks

clean:
	rm -rf build dist docs/_build .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

# The first interpreter that is 3.11 or later, really runs, and can make virtual environments.
$(BIN)/python:
	@set -e; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "$$python -m venv $(VENV)"; exec "$$python" -m venv $(VENV); \
	  fi; \
	done; \
	echo "make: no Python 3.11 or later with the venv module was found; install one" \
	     "(Debian and Ubuntu: apt-get install python3-venv) or say which: make verify PYTHON=/path/to/python" >&2; \
	exit 1

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) -e ".[test]"
	@touch $@ $(VENV)/.installed
