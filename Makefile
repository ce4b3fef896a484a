# Everything that people and CI do with this checkout. Needs a POSIX shell, GNU make and Python 3.11 or newer;
# the rest is fetched into .venv (see requirements/lock.py for what exactly).

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --no-progress
ARGS ?=

# uv, pip and npm ask the same certificates and the same index on a machine that has its own
export UV_SYSTEM_CERTS ?= true
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# a service account may have no home to keep a cache in
ifneq ($(shell test -w "$$HOME" && echo writable),writable)
export UV_CACHE_DIR ?= $(CURDIR)/$(VENV)/.cache/uv
export npm_config_cache ?= $(CURDIR)/$(VENV)/.cache/npm
endif

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@printf '\n  %s\n' 'ARGS is handed on, for example: make demo ARGS=--once, make test ARGS="-k sync"'

.PHONY: install
install: $(VENV)/.jack $(VENV)/.dev ## Install Jack with all that its tests and checks need into .venv

.PHONY: demo
demo: $(VENV)/.jack ## Start Jack with a demo hotel and watch a guest being answered (ARGS=--once: verify and exit)
	@$(BIN)/jack demo $(ARGS)

.PHONY: test
test: install ## Run the whole test suite, on a real PostgreSQL and a real Redis too
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: check
check: install ## Check format, lint, types, the layers' arrows, the dashboard's source and the lock files
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/python hatch_build.py check
	$(BIN)/python requirements/lock.py --check

.PHONY: bench
bench: install ## Measure Jack against what this machine can do
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: torture
torture: install ## Kill Jack's processes, Redis and PostgreSQL for minutes while guests write (ARGS="--minutes 10 --seed 7")
	@$(BIN)/python -m tests.torture $(ARGS)

.PHONY: format
format: install ## Put the source in order
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.PHONY: openapi
openapi: install ## Write the API's description anew, and the dashboard's types from it
	$(BIN)/jack openapi > src/jack/entrypoints/dashboard/openapi.json.new
	mv src/jack/entrypoints/dashboard/openapi.json.new src/jack/entrypoints/dashboard/openapi.json
	$(BIN)/python hatch_build.py npm run types

.PHONY: types
types: install ## Write the dashboard's types anew from its openapi.json
	$(BIN)/python hatch_build.py npm run types

.PHONY: npm
npm: install ## Run npm on the dashboard, for example: make npm ARGS="run dev"
	@$(BIN)/python hatch_build.py npm $(ARGS)

.PHONY: lock
lock: install ## Lock the Python dependencies again (ARGS=--upgrade: with the newest versions)
	$(BIN)/python requirements/lock.py $(ARGS)

.PHONY: clean
clean: ## Remove all that installing, testing and checking left behind
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf src/jack/entrypoints/dashboard/dist src/jack/entrypoints/dashboard/node_modules
	find src tests requirements -name __pycache__ -type d -prune -exec rm -rf {} +

# Installing, in steps that each run again only when what they stand on changed.

$(VENV)/.uv: requirements/bootstrap.lock
	@$(find_python) \
	if ! $(BIN)/python -c "$(new_enough)" 2>/dev/null; then \
		echo "creating .venv with $$python"; "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.lock
	@touch $@

$(VENV)/.run: requirements/build.lock requirements/runtime.lock $(VENV)/.uv
	$(UV) pip install --python $(BIN)/python --require-hashes -r requirements/build.lock -r requirements/runtime.lock --compile-bytecode --quiet
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	$(UV) pip install --python $(BIN)/python --require-hashes -r requirements/dev.lock --quiet
	@touch $@

$(VENV)/.jack: pyproject.toml hatch_build.py $(VENV)/.run | dashboard
	$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --editable . --quiet
	@$(BIN)/python -m compileall -q src/jack  # so that the first start is as quick as the next
	@touch $@

.PHONY: dashboard
dashboard: $(VENV)/.run
	@$(BIN)/python hatch_build.py

# PYTHON=/some/python decides; otherwise the first of these that is new enough and can make virtual environments.
# One that only exists as a shim of a version manager, or lacks the venv package of its distribution, is passed over.
new_enough := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
describe := import sys, importlib.util as u; print('  ' + sys.executable, 'is Python', sys.version.split()[0], \
	'and its module ensurepip is missing' if not u.find_spec('ensurepip') else '')
define find_python
for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3 python); do \
	"$$python" -c "$(new_enough)" 2>/dev/null && break; \
	python=; \
done; \
if [ -z "$$python" ]; then \
	echo "Jack needs Python 3.11 or newer, able to make virtual environments." >&2; \
	for seen in $(or $(PYTHON),python3 python); do \
		"$$seen" -c "$(describe)" 2>/dev/null || echo "  $$seen cannot be run"; \
	done >&2; \
	echo "Install one (Debian and Ubuntu: apt install python3 python3-venv) or name one: make PYTHON=/path/to/python3.12 ..." >&2; \
	exit 1; \
fi;
endef
