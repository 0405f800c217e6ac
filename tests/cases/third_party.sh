#!/bin/sh
# Schemas and exports, held against validators that are not ours. frictionless is not in Debian: it comes into a
# virtual environment if the Python index can be reached, else its part is skipped.
set -u
[ -z "$SANITIZED" ] || { echo 'ok - third-party validators # SKIP the plain build runs them'; exit 0; }
python=python3
venv=$BUILD/venv
if [ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && timeout 200 "$venv/bin/pip" install -q jsonschema frictionless; } >/dev/null 2>&1; then
    python=$venv/bin/python
fi
exec "$python" "$TESTS/schema/third_party.py" "$TCPLOG" "$TESTS/corpus"
