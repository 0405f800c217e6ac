#!/bin/sh
# contrib/spark/ship: a machine that has nothing but a C library can run what it prints, archives included: whatever the program and
# the libraries beside it need is there, by the name by which it is asked for. Spark itself is tests/spark/run's.
set -u
[ -z "$SANITIZED" ] || { echo 'ok - ship # SKIP the plain build is what is shipped'; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$TESTS/../contrib/spark/ship" "$TCPLOG" "$folder/ship" >"$folder/list"
bad=
say() {
    [ -z "$2" ] && echo "ok - $1" || { echo "not ok - $1"; echo "# $2"; bad=1; }
}
found=$(find "$folder/ship" -type f | sort | paste -s -d ,)
[ "$found" = "$(cat "$folder/list")" ] && why= || why=$(cat "$folder/list")
say 'the list is what is in the folder' "$why"
missing=$(find "$folder/ship" -type f -exec ldd {} + | awk '$2 == "=>" { print $1 }' | sort -u |
    grep -vE '^lib(c|m|dl|rt|pthread)\.so|^ld-linux|^linux-vdso' | while read -r name; do
        [ -e "$folder/ship/$name" ] || echo "$name"
    done)
say 'libraries that it needs are there' "$missing"
ls "$folder/ship"/libarchive.so.* >/dev/null 2>&1 && why= || why=$(ls "$folder/ship")
say 'and libarchive, which is loaded later' "$why"
[ -z "$bad" ]
