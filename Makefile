# `make help` lists the targets. Each of them first makes its environment in .venv, which is instant when it is there.
PYTHON ?= python3
RAW ?= data/raw
OUT ?= data/clean
WORKERS ?=
STRICT ?=
PORT ?=
OCR ?=
ARGS ?=

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# Folders may have any name: they reach the recipes as variables of the shell, which blanks and quotes leave whole.
export RAW OUT WORKERS STRICT OCR PORT
# A foreign package named `parsers` or `pipeline` never wins over the one here.
export PYTHONPATH := $(CURDIR)
export PYTHONSAFEPATH :=
# Compiled modules are kept whatever the shell says: without them each command first compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

in-venv := .venv/bin/python

.PHONY: help extract crawl refresh serve test check gate ocr-gate bench fuzz soak rates plots clean lock set-up set-up-run

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

extract: set-up-run ## Read the documents in RAW (default data/raw), write tables to OUT (data/clean); WORKERS=n, STRICT=1, OCR=1
	@$(in-venv) -m pipeline.cli extract "$$RAW" --out "$$OUT" $${WORKERS:+--workers "$$WORKERS"} $${STRICT:+--strict} $${OCR:+--ocr} $(ARGS)

crawl: set-up-run ## Fetch what is due of the sites in sources.toml into the archive in RAW; ARGS="--status" shows how it stands
	@$(in-venv) -m pipeline.cli crawl --archive "$$RAW" $(ARGS)

refresh: set-up-run ## Crawl, then extract what changed; quiet unless something needs a person: what cron runs
	@$(in-venv) -m pipeline.cli refresh --quiet --archive "$$RAW" --out "$$OUT" $${WORKERS:+--workers "$$WORKERS"} $(ARGS)

serve: ## Open the tables in OUT (default data/clean) and the pages behind them in a browser; PORT=n
	@$(PYTHON) tools/environment.py explorer
	@$(in-venv) -m pipeline.cli serve --data "$$OUT" --raw "$$RAW" $${PORT:+--port "$$PORT"} $(ARGS)

test: set-up ## Run the tests; ARGS="tests/forms -k alias" runs some of them
	@$(in-venv) -m pytest -n auto --dist worksteal $(ARGS)

check: set-up ## Look at the code: ruff, formatting, types, who leans on whom
	@$(in-venv) -m ruff check
	@$(in-venv) -m ruff format --check
	@$(in-venv) -m mypy
	@.venv/bin/lint-imports --no-logo

gate: set-up ## Compare what is read from the corpus with the truth about it, number by number
	@$(in-venv) tests/gate.py $(ARGS)

ocr-gate: OCR = 1
ocr-gate: set-up ## Read samples as scans by text recognition, clean and degraded, and compare them with the pages; slow
	@$(in-venv) tests/ocr_gate.py $(ARGS)

bench: set-up ## Measure speed and memory beside peers, all of bench/ in turn; ARGS="--only run" runs one, --write keeps the results
	@$(in-venv) bench/all.py $(ARGS)

fuzz: set-up ## Read damaged documents by the ten thousand, going on where it stopped; ARGS="--seconds 120 --seed 2"
	@$(in-venv) -m tests.fuzz $(ARGS)

soak: set-up ## Kill, starve and crowd runs at random moments, 200 times; what is left must be whole; ARGS="--kills 20"
	@$(in-venv) -m tests.soak $(ARGS)

rates: set-up ## Measure error rates on corpus, samples and forged pages, and write them into docs/method.md
	@$(in-venv) tests/measure.py

plots: set-up ## Draw the pictures of docs/ from the samples
	@$(in-venv) -m pipeline.cli extract data/raw --out .tools/samples --quiet
	@$(in-venv) docs/plots.py .tools/samples docs

clean: ## Remove what was made: environment, tools, caches
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
	find parsers pipeline tests tools bench -type d -name __pycache__ -prune -exec rm -rf {} +

lock: ## Pin the dependencies of pyproject.toml anew in requirements/; UPGRADE=1 moves to newer versions
	@$(PYTHON) tools/environment.py lock

set-up: ## Make the environment for tests and checks, without doing anything in it
	@$(PYTHON) tools/environment.py dev $${OCR:+ocr}

set-up-run:
	@$(PYTHON) tools/environment.py run $${OCR:+ocr}
