# The commands people rely on; docs/operations.md describes them. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-fast check bench pictures messages lock
.DELETE_ON_ERROR:

# Each stamp holds when its lock file was last installed; the second lock contains the first.
.venv/runtime: requirements.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python")'
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@echo "Installing what is locked in requirements.txt ..."
	@$(PY) -m pip install --quiet --require-hashes --no-deps --requirement requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@echo "Installing what is locked in requirements-dev.txt ..."
	@$(PY) -m pip install --quiet --require-hashes --no-deps --requirement requirements-dev.txt
	@touch .venv/runtime $@

run: .venv/runtime
	@exec $(PY) -m intervision.supervisor

test: .venv/dev
	@exec $(PY) -m tests.browser
	@$(PYTEST)

test-fast: .venv/dev
	@$(PYTEST) -m "not browser and not slow"
