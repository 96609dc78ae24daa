# `make run` opens the app on the worked examples; `make test` passes the tests. Both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Another PYTHON than last time begins anew.
VERSION_OF = $(shell $(1) -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)
ifeq ($(origin PYTHON),command line)
ifneq ($(call VERSION_OF,$(PYTHON)),$(call VERSION_OF,$(BIN)/python))
$(shell rm -f $(BIN)/python $(VENV)/.installed $(VENV)/.installed-dev)
endif
endif
LOCK := requirements-dev.lock
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
OFFLINE = { echo "pip needs a package index that it can reach; docs/install.md says how to do without" >&2; exit 1; }
# tests/conftest.py says how many; one that has nothing left takes tests from another.
WORKERS := -n auto --dist worksteal
LOWEST := .venv-lowest
# Each runtime package is at work in these; the domain needs none of them.
LOWEST_TESTS := tests/report tests/cli tests/test_layers.py tests/test_supply_chain.py tests/tui/test_app.py \
	tests/tui/test_review.py

.PHONY: run test docs pictures golden check format lint types torture bench lock lowest release release-check clean

run: $(VENV)/.installed
	@$(BIN)/toolvet demo

test: $(VENV)/.installed-dev
	$(BIN)/pytest $(WORKERS)

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python .ci/audit.py
	$(BIN)/pytest $(WORKERS)

# The golden files in tests/golden hold how every screen and dialog looks at 80x24 and 120x36, what every command prints,
# and every report. A test fails with the lines that differ; where the change is meant, this writes them anew, and the
# change is reviewed as their diff. tests/golden_walks.py and tests/golden_commands.py say what there is a picture of.
golden: $(VENV)/.installed-dev
	RENEW_GOLDEN=1 $(BIN)/pytest $(WORKERS) $$(grep -rl 'golden_files import' tests --include='test_*.py')

# The guide as a site, in site/. A link to nothing and every other warning is an error.
docs: $(VENV)/.installed-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "The guide is in site/index.html"

# The pictures in the guide, from the running app.
pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/make_pictures.py

# All tests, and the long runs of those about reliability; Hypothesis looks for new examples.
torture: $(VENV)/.installed-dev
	$(BIN)/pytest $(WORKERS) -m "torture or not torture" --hypothesis-profile=searching

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
	$(LOWEST)/bin/pytest $(WORKERS) $(LOWEST_TESTS)

# make release VERSION=1.2.3; release-check does the same and leaves out the commit and the tag.
release release-check: $(VENV)/.installed-dev
	$(BIN)/python scripts/release.py $(if $(filter release-check,$@),--check) '$(VERSION)'

# The build backend comes from the lock too, so the build must not fetch one for itself.
$(VENV)/.installed: pyproject.toml $(LOCK) $(BIN)/python
	$(PIP_INSTALL) --constraint $(LOCK) hatchling || $(OFFLINE)
	$(PIP_INSTALL) --constraint $(LOCK) --no-build-isolation --editable . || $(OFFLINE)
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(LOCK) $(BIN)/python
	$(PIP_INSTALL) --constraint $(LOCK) hatchling || $(OFFLINE)
	$(PIP_INSTALL) --constraint $(LOCK) --no-build-isolation --editable '.[dev,pdf,web,parquet]' || $(OFFLINE)
	@touch $@ $(VENV)/.installed

$(LOWEST)/.installed: pyproject.toml $(LOCK) scripts/lowest.py
	$(PYTHON) -m venv --clear $(LOWEST)
	$(PYTHON) scripts/lowest.py > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint $(LOWEST)/constraints.txt \
		--editable '.[dev,pdf,web,parquet]'
	@touch $@

# Some systems package venv without the part that brings pip; then pip from outside puts itself inside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "toolvet needs Python 3.11 or later; name one: make run PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; } || { rm -rf $(VENV); exit 1; }

clean:
	rm -rf $(VENV) $(LOWEST) dist build site
