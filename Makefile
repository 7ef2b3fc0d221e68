# Two commands are enough on a fresh machine: `make run` and `make test`. Each says what it does.
#
# Builds go outside the clone, so that a warm one is quick: MUSTER_CACHE (default ~/.cache/muster).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export MUSTER_CACHE ?= $(HOME)/.cache/muster
export CARGO_TARGET_DIR ?= $(MUSTER_CACHE)/target
export npm_config_cache ?= $(MUSTER_CACHE)/npm
export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

DEBUG_BIN := $(CARGO_TARGET_DIR)/debug/muster
RELEASE_BIN := $(CARGO_TARGET_DIR)/release/muster
export MUSTER_BIN ?= $(DEBUG_BIN)

# Databases of tests live in memory where there is such a folder: a suite makes hundreds of them.
TEST_TMP := $(shell test -w /dev/shm && echo /dev/shm/muster-test || echo /tmp/muster-test)
in_test_tmp = mkdir -p $(TEST_TMP) && chmod 1777 $(TEST_TMP) && export TMPDIR=$(TEST_TMP)

LISTEN ?= 127.0.0.1:8080
DATA ?= ./data
say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

FUZZ_S ?= 60

.PHONY: help build run demo dev test bench fuzz install lint rust web console interop saml scim e2e api-fuzz openapi clean

help:
	@echo 'make run     build and serve on $(LISTEN), embedded database in $(DATA); prints the first-run link'
	@echo 'make demo    the same with two organizations already federated; prints the accounts'
	@echo 'make dev     server and console with reload; mail is caught at /_dev/mail'
	@echo 'make test    everything that .ci/run runs: lints, tests on both databases, browser (installs Debian packages as root)'
	@echo 'make bench   benchmarks, each beside its bound and its peer'
	@echo 'make fuzz    each fuzz target for FUZZ_S seconds (60)'
	@echo 'make build   the release binary with the console embedded; prints its path last'

# --- build -----------------------------------------------------------------------------------------------------------

console: web/dist/index.html

web/dist/index.html: openapi.json $(shell find web/src web/public web/index.html web/vite.config.ts web/package-lock.json -type f -not -name "*.gen.d.ts" 2>/dev/null)
	$(call say,console: npm packages and build (about a minute))
	@cd web && npm ci --no-progress --loglevel=error && npm run --silent build
	@touch web/dist/index.html

build: console
	$(call say,server: release build (several minutes the first time))
	@cargo build --release --locked -p muster-server
	@echo $(RELEASE_BIN)

run: build
	$(call say,serving from $(DATA))
	@$(RELEASE_BIN) serve --data $(DATA) --listen $(LISTEN)

demo: build
	$(call say,serving two federated organizations from $(MUSTER_CACHE)/demo)
	@$(RELEASE_BIN) demo --data $(MUSTER_CACHE)/demo --listen $(LISTEN)

dev: console
	$(call say,server on $(LISTEN); console with reload on 127.0.0.1:5173)
	@cargo build --locked -p muster-server
	@trap 'kill 0' EXIT; $(DEBUG_BIN) serve --dev --data $(DATA) --listen $(LISTEN) --public-url http://127.0.0.1:5173 --egress-allow 127.0.0.0/8 & \
	  cd web && MUSTER_SERVER=http://$(LISTEN) npm run --silent dev

openapi:
	@cargo build --locked -p muster-server && $(DEBUG_BIN) openapi > openapi.json

# --- test ------------------------------------------------------------------------------------------------------------

install:
	@.ci/install

lint:
	$(call say,formatting · lints and the repository's own rules)
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
	@cargo run --locked --quiet -p xtask -- check

rust:
	$(call say,Rust tests · each suite on SQLite and PostgreSQL)
	@$(in_test_tmp) && cargo test --workspace --locked --quiet
	@cargo build --locked --quiet -p muster-server
	$(call say,the committed OpenAPI document is the binary's)
	@$(DEBUG_BIN) openapi | diff -u openapi.json - || { echo 'openapi.json is out of date: run make openapi'; exit 1; }

web: console
	$(call say,console: types · lint · unit tests)
	@cd web && npm run --silent check && npm run --silent test

interop:
	$(call say,interop: third-party clients and providers · both databases)
	@$(in_test_tmp) && cd tests/interop && npm ci --no-progress --loglevel=error && npm run --silent test

saml:
	$(call say,SAML and the running server beside libxml2 · xmlsec1 · signxml · python3-saml)
	@tests/saml/run

scim:
	$(call say,the running SCIM server beside scim2-tester)
	@tests/scim/run

e2e:
	$(call say,end to end: the seeds in a browser · both databases)
	@$(in_test_tmp) && cd tests/e2e && npm ci --no-progress --loglevel=error && npm run --silent test

api-fuzz:
	$(call say,schemathesis over our own OpenAPI document)
	@$(in_test_tmp) && tests/api/run "$$(dirname "$$(tests/venv api tests/api/requirements.txt)")/schemathesis"

test: install
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory web
	@$(MAKE) --no-print-directory rust
	@$(MAKE) --no-print-directory api-fuzz
	@$(MAKE) --no-print-directory interop
	@$(MAKE) --no-print-directory saml
	@$(MAKE) --no-print-directory scim
	@$(MAKE) --no-print-directory e2e
	$(call say,all passed)

bench: build
	$(call say,benchmarks: CPU per operation beside its bound and beside npm oidc-provider · median of interleaved rounds)
	@cd benches/peer && npm ci --no-progress --loglevel=error --silent
	@cargo run --release --locked --quiet -p muster-bench -- $(RELEASE_BIN)

fuzz:
	$(call say,fuzz targets · $(FUZZ_S) seconds each)
	@fuzz/run $(FUZZ_S)

clean:
	@cargo clean
	@rm -rf web/dist web/node_modules tests/*/node_modules benches/peer/node_modules
