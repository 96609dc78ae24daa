# `make run` opens the app on the worked examples; `make test` passes the tests. Both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOWEST := .venv-lowest
# Each runtime package is at work in these; the domain needs none of them.
LOWEST_TESTS := tests/report tests/cli tests/test_layers.py tests/test_supply_chain.py tests/tui/test_app.py \
	tests/tui/test_review.py

.PHONY: run test golden pictures check format lint types torture bench lock lowest release release-check clean

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
	RENEW_GOLDEN=1 $(BIN)/pytest -n auto $$(grep -rl 'golden_files import' tests --include='test_*.py')

# The pictures of the README, from the running app.
pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/make_pictures.py

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

# The newest versions that pyproject.toml allows become those that `make` and CI install. Commit what it writes.
lock: $(VENV)/.installed-dev
	$(BIN)/python scripts/lock.py

# The lowest versions that pyproject.toml allows, in an environment of their own, and the fast tests that use them.
lowest: $(LOWEST)/.installed
	$(LOWEST)/bin/pytest -n auto $(LOWEST_TESTS)

# make release VERSION=1.2.3; release-check does the same and leaves out the commit and the tag.
release release-check: $(VENV)/.installed-dev
	$(BIN)/python scripts/release.py $(if $(filter release-check,$@),--check) '$(VERSION)'

# The build backend comes from the lock too, so the build must not fetch one for itself.
$(VENV)/.installed: pyproject.toml $(LOCK) $(BIN)/python
	$(PIP_INSTALL) --constraint $(LOCK) hatchling
	$(PIP_INSTALL) --constraint $(LOCK) --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(LOCK) $(BIN)/python
	$(PIP_INSTALL) --constraint $(LOCK) hatchling
	$(PIP_INSTALL) --constraint $(LOCK) --no-build-isolation --editable '.[dev,pdf,web,parquet]'
	@touch $@ $(VENV)/.installed

$(LOWEST)/.installed: pyproject.toml $(LOCK) scripts/lowest.py
	$(PYTHON) -m venv --clear $(LOWEST)
	$(PYTHON) scripts/lowest.py > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint $(LOWEST)/constraints.txt \
		--editable '.[dev,pdf,web,parquet]'
	@touch $@

# Some systems package venv without the part that brings pip; then pip from outside puts itself inside.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

clean:
	rm -rf $(VENV) $(LOWEST) dist build
