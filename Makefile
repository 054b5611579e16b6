# Two commands: `make run` and `make test`. Both call setup first, which is quick when nothing changed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run setup test check lock bench-glass bench-ingest bench-picture bench-push bench-reader bench-replay bench-table bench-tracks screenshots clean

run: setup
	@exec $(BIN)/watchfloor up

setup: $(VENV)/.installed

test: setup $(VENV)/.installed-test
	@./tests/prepare.sh
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/pytest -m alone

# What is true of the code before it runs: format, lint, types, and which room may import which.
check: setup $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Watchfloor needs Python 3.11 or newer: name one with make PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "This Python cannot make a virtual environment: install its venv package (python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

# Pin anew what requirements*.in ask for.
lock: $(VENV)/.installed-test
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" requirements-test.in -o requirements-test.txt

bench-glass bench-ingest bench-picture bench-push bench-reader bench-replay bench-table bench-tracks: setup $(VENV)/.installed-test
	$(BIN)/python -m bench.$(@:bench-%=%)

# The pictures of the screens in the documents, anew.
screenshots: setup $(VENV)/.installed-test
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
