# The only task list. `make` alone prints it.
PYTHON ?= python3
BIN := .venv/bin
LOCKS := requirements requirements-dev requirements-uv requirements-node

.DEFAULT_GOAL := help
.PHONY: help run demo setup setup-dev setup-test assets check lint test bench screenshots translations lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: setup ## set up what is missing, then start web, worker and the demo's post office
	@exec $(BIN)/crm run

demo: setup ## fill the data folder with the sample data and start nothing
	@$(BIN)/crm demo

setup: ## everything Rabta runs on; a second time it does nothing
	@$(PYTHON) tools/setup.py

setup-dev:
	@$(PYTHON) tools/setup.py --dev

setup-test:
	@$(PYTHON) tools/setup.py --dev --test

assets: setup ## copy stylesheets, scripts and fonts afresh and prove them
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/assets.py --check

check: lint ## lint, types, import contracts, templates, translations, fast tests: under a minute
	$(BIN)/pytest -q -n 2 -m "not (postgres or real_server or browser or pages or slow)"

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/sizes.py
	$(BIN)/djlint crm/templates --lint --quiet
	$(BIN)/python tools/catalogues.py
	$(BIN)/python tools/assets.py --check

test: setup-test lint ## everything: both databases, real mail servers, journeys in a browser
	$(BIN)/pytest -n 2 --dist loadgroup

bench: setup-dev ## figures as JSON on standard output, progress on standard error
	@$(BIN)/python -m benchmarks

screenshots: setup-test ## the main pages in both languages, light and dark, wide and on a phone
	@$(BIN)/python -m tools.screenshots $(PAGES)

translations: setup-dev ## gather the words of pages and letters into the catalogues, then compile them
	$(BIN)/python tools/catalogues.py --update

lock: setup-dev ## compile the lists of packages into lock files with hashes and no address; UPGRADE=--upgrade for newer
	for list in $(LOCKS); do $(BIN)/uv pip compile -q $$list.in $(UPGRADE) --generate-hashes --universal \
	  --python-version 3.11 --no-header --no-emit-index-url -o $$list.txt || exit 1; done
	npm install --package-lock-only --omit=dev
	$(BIN)/python tools/assets.py --tidy-lock

clean: ## remove all that set-up and the tools made; the data folder stays
	rm -rf .venv node_modules crm/static/vendor screenshots .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find crm -name '*.mo' -delete
