# Every target sets up what it needs in .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
# uv keeps downloads in the home folder; where that cannot be written, beside the environment
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export UV_CACHE_DIR ?= $(CURDIR)/.venv/cache
endif
export UV_PROJECT_ENVIRONMENT := .venv
# compiled at once: where Python may keep no bytecode, each command would compile all anew
SYNC := $(BIN)/uv sync --quiet --locked --inexact --compile-bytecode
SYSTEM_CERTIFICATES := UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1
# the tests start some hundred processes of the program
test: export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo cluster test check format bench battery clean

help: ## what the targets do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

demo: .venv/run ## run the whole line against a small news site of our own
	@$(BIN)/monitor demo

cluster: .venv/run ## add what workers on PostgreSQL need
	@$(SYNC) --no-dev --extra cluster 2>/dev/null || $(SYSTEM_CERTIFICATES) $(SYNC) --no-dev --extra cluster

test: .venv/dev ## the test suite: offline, in parallel
	@$(BIN)/pytest

check: .venv/dev ## format, lint, types, known vulnerabilities
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python .ci/audit.py

format: .venv/dev ## write the house format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/peers ## measure beside the known programs; prints tables
	@$(BIN)/python -m bench

battery: .venv/dev ## long fault batteries; prints their figures
	@$(BIN)/python -m battery

clean: ## remove the environment and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis demo

.venv/uv: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: Python 3.11 or newer is needed; call: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "make: Python's venv module is missing; on Debian: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.5,<1'
	@touch $@

# the second try trusts the system's certificates: some networks put their own in between
.venv/run: .venv/uv pyproject.toml uv.lock
	@$(SYNC) --no-dev 2>/dev/null || $(SYSTEM_CERTIFICATES) $(SYNC) --no-dev
	@touch $@

.venv/peers: .venv/dev
	@$(SYNC) --group peers 2>/dev/null || $(SYSTEM_CERTIFICATES) $(SYNC) --group peers
	@touch $@

.venv/dev: .venv/uv pyproject.toml uv.lock
	@$(SYNC) 2>/dev/null || $(SYSTEM_CERTIFICATES) $(SYNC)
	@touch $@ .venv/run
