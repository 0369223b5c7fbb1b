# The only door. `make help` lists what is behind it.
PYTHON ?= python3
PORT ?= 8080
EVENT ?= events/router_text.json
DATA ?= ../shared/data/router
TASKS ?= ../shared/data/tasks/train.jsonl.gz
OUT ?= report.json

export UV_PYTHON_DOWNLOADS = never
export PYTHONDONTWRITEBYTECODE = 1

UV := .venvs/uv/bin/uv
BIN := .venv/bin
SYNC = UV_PROJECT_ENVIRONMENT=.venvs/$(1) $(UV) sync --frozen --quiet --python $(2)

.DEFAULT_GOAL := help
.PHONY: help setup run test check format lint types contracts requirements-check openapi openapi-check \
	seed-file seed-file-check registry-check validate build invoke deploy bench model evaluate requirements clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-20s %s\n", $$1, $$2}'

$(UV): uv-bootstrap.txt
	@echo "Setting up uv ..."
	@$(PYTHON) -m venv .venvs/uv
	@.venvs/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r uv-bootstrap.txt
	@touch $@

.venv/.ready-to-run: uv.lock pyproject.toml | $(UV)
	@echo "Installing what Pointsman runs on, pinned with hashes ..."
	@$(UV) sync --frozen --inexact --quiet --python $(PYTHON) --no-default-groups --group meta-model --group local
	@touch $@

.venv/.ready-to-test: uv.lock pyproject.toml | $(UV)
	@echo "Installing what tests, checks and training need, pinned with hashes ..."
	@$(UV) sync --frozen --inexact --quiet --python $(PYTHON)
	@touch $@

.venvs/ministack/.synced: uv.lock | $(UV)
	@echo "Installing the embedded DynamoDB ..."
	@$(call SYNC,ministack,$(PYTHON)) --only-group ministack
	@touch $@

.venvs/sam/.synced: uv.lock | $(UV)
	@echo "Installing the SAM CLI and linter ..."
	@$(call SYNC,sam,$(PYTHON)) --only-group sam
	@touch $@

setup: .venv/.ready-to-test .venvs/ministack/.synced ## Install everything that tests and checks need

run: .venv/.ready-to-run .venvs/ministack/.synced ## Start the whole product on 127.0.0.1:8080 (PORT= for another)
	@PORT=$(PORT) $(BIN)/python -m local.run

test: setup ## Run the tests
	$(BIN)/pytest

check: format-check lint types contracts requirements-check seed-file-check openapi-check test validate ## All that CI runs

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-check: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/pyright

contracts: setup
	$(BIN)/lint-imports

decision-table: setup ## Write the README's table of decisions
	$(BIN)/python -m bench.decision_table --write

bench: setup ## Measure what the whole path adds, beside a bare pass-through
	$(BIN)/python -m bench.overhead

model: setup ## Train, export, quantise and evaluate the meta-model (needs ../shared/data)
	$(BIN)/python -m training.make_model

evaluate: setup ## Evaluate the meta-model: DATA=<folder> TASKS=<file.jsonl.gz> OUT=<report.json>
	$(BIN)/python -m training.evaluate --data $(DATA) --tasks $(TASKS) --out $(OUT)

seed-file: setup ## Pack the seed registry into the package
	$(BIN)/pointsman registry pack registry

seed-file-check: setup
	$(BIN)/pointsman registry pack registry --check

openapi: setup ## Write the endpoint's OpenAPI document
	$(BIN)/pointsman openapi > docs/openapi.json

openapi-check: setup
	$(BIN)/pointsman openapi | diff -q - docs/openapi.json

.PHONY: decision-table
