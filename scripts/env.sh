#!/bin/sh
# Builds .venv from a hashed lock (the argument) and installs this checkout into it.
# Uses uv when it is there; else python3's own venv and pip.
set -eu
lock=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "antrean needs Python 3.11 or newer; $python is older. Set PYTHON=..." >&2
    exit 1
}
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
    uv pip install -q --python .venv/bin/python --require-hashes -r "$lock"
    uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
    exit 0
fi
if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    sh scripts/system.sh python3-venv
fi
[ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
