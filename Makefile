# Two commands matter: `make demo` (set up, train the nano recipe, ask it) and `make test`.
# PYTHON: the interpreter to build the environment with. PIP_FLAGS: extra options for pip.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP_FLAGS ?=
VENV := .venv
BIN := $(VENV)/bin
# The environment is stamped with the hash of pyproject.toml: another hash, another set-up.
STAMP := $(VENV)/.stamp-$(shell cksum < pyproject.toml | cut -d' ' -f1)
TORCH := $(shell sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check $(PIP_FLAGS)

.PHONY: help setup demo test test-all lint types wheel clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: $(STAMP) ## make .venv with everything in it (once; minutes)

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found: install it, or run make PYTHON=/path/to/python3.11" >&2; exit 5; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found: run make PYTHON=/path/to/python3.11" >&2; exit 5; }
	@echo "setting up $(VENV): about 1.5 GB, a few minutes, once" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) $(TORCH)
	@$(PIP) -e '.[dev]'
	@rm -f $(VENV)/.stamp-* && touch $@

demo: setup ## train the nano recipe on this machine and ask it a few questions
	@$(BIN)/scireasoner doctor
	@$(BIN)/scireasoner run recipes/nano.toml --resume
	@$(BIN)/scireasoner ask \
	  'What is the molecular formula of CCO?' \
	  'What is the molecular formula of <IUPAC>propan-2-ol</IUPAC>?' \
	  'What is the normal boiling point of CCCCCCO?' \
	  'Which enzyme cuts ATTGCAGAATTCGATTACCA?' \
	  'Balance C3H8 + O2 -> CO2 + H2O.' \
	  'Propose a charge-neutral compound of the elements Na Cl.' \
	  'What is the molecular formula of the linear peptide GAVL?'

test: lint types ## everything that must be green
	@$(BIN)/python -m pytest -q -m "not slow"

test-all: lint types ## the same and the slow checks: kills at more points, whole data set, wheels
	@$(BIN)/python -m pytest -q

lint: setup ## style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: setup ## static types
	@$(BIN)/mypy

wheel: setup ## build dist/*.whl
	@$(BIN)/python -m build --wheel --outdir dist .

clean: ## remove what was built; trained runs stay
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache $(VENV)
