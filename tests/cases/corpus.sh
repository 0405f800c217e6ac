#!/bin/sh
# Every log of the corpus gives what its goldens say.
exec "$TESTS/golden" "$TCPLOG"
