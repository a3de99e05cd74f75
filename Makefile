# `make` alone says what there is. Everything is done in .venv, which make sets up by itself from the lock files.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-annotate --custom-compile-command "make lock"

# The first Python that fits; pkg_resources, which nameko imports, has not been seen to work on 3.14.
define FIND_PYTHON
for each in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	if $$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; \
	then python=$$each; break; fi; \
done; \
if [ -z "$$python" ]; then \
	echo "Bancheng needs Python 3.11, 3.12 or 3.13, and none was found. Name one: make PYTHON=/path/to/python3.13" >&2; \
	exit 1; \
fi
endef

.PHONY: help
help:  ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/.runtime  ## Show two weeks at the desk in half a minute; needs nothing but Python. SERVE=1 leaves it running, ARGS="--lang zh"
	@$(BIN)/bancheng demo $(if $(SERVE),--serve) $(ARGS)

.PHONY: up
up:  ## Start everything in containers: production in small
	docker compose up -d --wait

.PHONY: down
down:  ## Stop the containers
	docker compose down

.PHONY: run
run: .venv/.runtime  ## Run all services here, on the servers of the environment (README: Running it)
	$(BIN)/bancheng run all $(ARGS)

.PHONY: test
test: .venv/.dev  ## Run the tests on a real RabbitMQ and PostgreSQL; ARGS="-m 'not slow'" for the quick ones, JOBS=0 one by one
	$(BIN)/python -m pytest -n $(or $(JOBS),3) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: check
check: .venv/.dev  ## Check style, types, who imports whom, and that words given up stay away
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet tests/contract/test_words.py

.PHONY: bench
bench: .venv/.bench  ## Measure how much it bears, beside its peers; quick, or ARGS=--full at length
	$(BIN)/python -m tests.bench $(ARGS)

.PHONY: profile
profile: .venv/.dev  ## See where the services spend their time: build/profile/<service>.svg
	$(BIN)/python -m tests.bench.profile $(ARGS)

.PHONY: screenshots
screenshots: .venv/.dev  ## Show every page of the desk in each of its looks: build/screenshots; ARGS="dark phone"
	$(BIN)/python -m tests.browser.screenshots $(ARGS)
	$(BIN)/python -m tests.browser.operator_pages $(ARGS)

.PHONY: faults
faults: .venv/.dev  ## Break things on purpose and see that nothing is lost; ROW=9 SEED=7, FULL=1 SEEDS=20
	$(BIN)/python -m tests.faults $(foreach each,ROW SEED SEEDS FULL TICKETS,$(if $($(each)),$(each)="$($(each))")) $(ARGS)

.PHONY: long-run
long-run: .venv/.dev  ## Live two years of three centers and ask an oracle about every ticket; ARGS="--a-day 3" is quicker
	$(BIN)/python -m tests.histories.long_run $(ARGS)

.PHONY: lock
lock:  ## Renew the lock files from pyproject.toml; needs uv
	$(LOCK) --upgrade --output-file requirements.lock
	$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --upgrade --extra dev --extra bench --constraint requirements-dev.lock --output-file requirements-bench.lock

.venv/bin/python:
	@$(FIND_PYTHON); echo "Setting up .venv with $$($$python --version)"; \
	$$python -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

.venv/.bench: requirements-bench.lock .venv/.dev
	@$(PIP) --require-hashes --requirement requirements-bench.lock
	@touch $@
