# The commands people rely on; docs/operations.md describes them. They need Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-fast check deep mutants bench pictures messages lock
.DELETE_ON_ERROR:

run: .venv/runtime
	@exec $(PY) -m intervision.supervisor

test: .venv/dev
	@$(PY) -m tests.chromium
	@$(PY) -m tests.node
	@$(PY) -m pytest

test-fast: .venv/dev
	@$(PY) -m pytest -m "not browser and not slow"

check: .venv/dev
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@said=$$(.venv/bin/lint-imports --no-cache) || { echo "$$said"; exit 1; }
	@$(PY) -m djlint --quiet --lint templates
	@$(PY) -m tests.template_ids
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) -W ignore manage.py makemigrations --check --dry-run
	@$(PY) manage.py translations --check
	@env $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) -m mypy

# What a real installation sets, with addresses that lead nowhere: for check --deploy.
PRODUCTION := DEMO=0 DEBUG=0 HTTPS=1 SECRET_KEY=0123456789-0123456789-0123456789-0123456789-abcdefghij \
	DATABASE_URL=postgres://app:secret@database.invalid/intervision \
	DATABASE_OWNER_URL=postgres://owner:secret@database.invalid/intervision \
	REDIS_URL=redis://broker.invalid/0 EMAIL_URL=smtp+tls://user:secret@mail.invalid:587 \
	BASE_URL=https://intervision.invalid ALLOWED_HOSTS=intervision.invalid \
	INTERVISION_KEKS=example:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
	BACKUP_KEY=0123456789-0123456789-0123456789-abc

# Takes each condition out of the rules: a test must notice. A part of deep.
mutants: .venv/dev
	@$(PY) -m tests.mutants

# Looks for faults of security, for hours; docs/operations.md says how to make that shorter or longer.
deep: .venv/dev .venv-deep/installed
	@$(PY) -m deep

bench: .venv/dev
	@$(PY) -m bench

pictures: .venv/dev
	@$(PY) -m tests.chromium
	@$(PY) -m tests.pictures

messages: .venv/dev
	@$(PY) manage.py translations

# Only for who changes a requirements*.in.
lock: .venv/dev
	@$(PY) -m pip install --quiet uv==0.13.8
	@for name in requirements requirements-dev requirements-deep; do .venv/bin/uv pip compile --quiet --generate-hashes \
		--python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" \
		$$name.in --output-file $$name.txt || exit 1; done

# Each stamp holds when its lock file was last installed; the second lock contains the first.
.venv/runtime: requirements.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@echo "Installing what requirements.txt locks ..."
	@$(PY) -m pip install --quiet --require-hashes --no-deps --requirement $<
	@touch $@

.venv/dev: requirements-dev.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@echo "Installing what requirements-dev.txt locks ..."
	@$(PY) -m pip install --quiet --require-hashes --no-deps --requirement $<
	@touch .venv/runtime $@

.venv-deep/installed: requirements-deep.txt
	@test -x .venv-deep/bin/python || "$(PYTHON)" -m venv .venv-deep
	@echo "Installing what requirements-deep.txt locks ..."
	@.venv-deep/bin/python -m pip install --quiet --require-hashes --no-deps --requirement $<
	@touch $@
