# `make run` opens the app on the worked examples; `make test` passes the tests. Both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test golden check format lint types torture bench clean

run: $(VENV)/.installed
	@$(BIN)/toolvet demo

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python .ci/audit.py
	$(BIN)/pytest -n auto

# The golden files in tests/golden hold how every screen and dialog looks at 80x24 and 120x36, what every command prints,
# and every report. A test fails with the lines that differ; where the change is meant, this writes them anew, and the
# change is reviewed as their diff. tests/golden_walks.py and tests/golden_commands.py say what there is a picture of.
golden: $(VENV)/.installed-dev
	RENEW_GOLDEN=1 $(BIN)/pytest -n auto tests/test_golden_screens.py tests/test_golden_commands.py

# All tests, and the long runs of those about reliability; Hypothesis looks for new examples.
torture: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto -m "torture or not torture" --hypothesis-profile=searching

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

$(VENV)/.installed: pyproject.toml $(BIN)/python
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(BIN)/python
	$(PIP_INSTALL) --editable '.[dev,pdf]'
	@touch $@ $(VENV)/.installed

# Some systems package venv without the part that brings pip; then pip from outside puts itself inside.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

clean:
	rm -rf $(VENV) dist build
