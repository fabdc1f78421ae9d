# Every target builds what it needs. `make run` and `make test` are the two that matter.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: env run demo test check bench torture screenshots lock clean

env: .venv/.antrean ## .venv from the hashed lock; .venv/bin/antrean is the program

run: env ## the hall of MPP Lampung Selatan
	$(BIN)/antrean serve

demo: env ## the same, full of simulated citizens and operators, on a fast clock
	$(BIN)/antrean demo

test: .venv/.dev ## everything that tests need, then all of them
	@sh scripts/system.sh chromium-headless-shell 2>/dev/null || true # saves time; chromium does too
	@sh scripts/system.sh chromium zbar-tools espeak-ng cups-daemon cups-client mosquitto
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.dev ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.dev ## measured ratios, written to bench/README.md
	@sh scripts/system.sh nginx libnginx-mod-nchan gcc libc6-dev
	$(BIN)/python -m bench

torture: .venv/.dev ## the long fault tests
	$(BIN)/python -m tests.simulation --seeds 0:100000
	ANTREAN_TORTURE=1 $(BIN)/python -m pytest tests/shell tests/api/test_any_request.py $(ARGS)

screenshots: .venv/.dev ## docs/pictures, from a running hall
	@sh scripts/system.sh chromium
	$(BIN)/python -m tests.screenshots docs/pictures

lock: .venv/.dev ## renew the locks from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group build --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header -q -U -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -q -U -o requirements-dev.lock

.venv/.antrean: requirements.lock pyproject.toml scripts/env.sh
	@PYTHON="$(PYTHON)" sh scripts/env.sh requirements.lock
	@touch $@

.venv/.dev: .venv/.antrean requirements-dev.lock
	@PYTHON="$(PYTHON)" sh scripts/env.sh requirements-dev.lock
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
