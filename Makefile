# Everything a newcomer needs. Only Python 3.11+ and make are expected; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench golden gallery site pictures clean

demo: .venv/core  ## draw and grade a small class on sample data
	$(BIN)/markscheme demo demo --force

test: .venv/dev  ## the whole test suite
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

lint: .venv/dev  ## style and strict types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/dev  ## the figures that the project promises
	$(BIN)/python -m benchmarks

golden: .venv/dev  ## record the families' texts and numbers, and the JSON Schema, as they are now
	$(BIN)/python -m pytest -q tests/test_golden.py tests/test_roster_and_spec.py --update-golden -p no:randomly

gallery: .venv/core  ## an example of every family, in docs/gallery
	$(BIN)/markscheme gallery --out docs/gallery

site: .venv/docs  ## the documentation as pages that open without a server or a network, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

pictures: .venv/core  ## the tutorial's pictures, in docs/images; needs Chromium and pdftoppm
	$(BIN)/python -m docs.site.pictures

clean:
	rm -rf .venv demo site .pytest_cache .mypy_cache .ruff_cache .hypothesis dist

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Markscheme needs Python 3.11 or newer; run make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/core: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --constraint constraints.txt
	touch $@

.venv/dev: .venv/core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,torch]' --constraint constraints.txt
	touch $@

.venv/docs: .venv/core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]' --constraint constraints.txt
	touch $@
