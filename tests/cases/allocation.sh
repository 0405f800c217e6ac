#!/bin/bash
# Memory: no allocation per line, exchange or session after warm-up, and none of it grows with the log.
set -u
[ -z "$SANITIZED" ] || { echo 'ok - allocations # SKIP the sanitizers allocate'; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
check() { if [ "$2" = "$3" ]; then echo "ok - $1"; else echo "not ok - $1"; echo "# $2 and $3"; fi; }
allocations() { valgrind "$TCPLOG" convert -q "$@" -o /dev/null 2>&1 | sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p'; }
cat "$TESTS"/corpus/pegasus/TCP-14* >"$dir/TCP0001.MC"
for i in 1 2 3 4 5 6 7 8 9 10; do cat "$dir/TCP0001.MC"; done >"$dir/TCP0002.MC"
for kind in line exchange session; do
    for format in jsonl csv; do
        check "$kind $format: ten times the log, the same allocations" "$(allocations -k $kind -f $format "$dir/TCP0001.MC")" "$(allocations -k $kind -f $format "$dir/TCP0002.MC")"
    done
done
for i in $(seq 1500); do cat "$dir/TCP0002.MC"; done >"$dir/TCP0003.MC"
peak() { python3 -c 'import resource, subprocess, sys; subprocess.run(sys.argv[1:]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$TCPLOG" convert -q -k line -o /dev/null "$1"; }
small=$(peak "$dir/TCP0002.MC") large=$(peak "$dir/TCP0003.MC")
if [ "$large" -lt 12288 ] && [ $((large - small)) -lt 1024 ]; then echo "ok - 40 MB take no more memory than 27 KB"; else echo "not ok - $small KB for 27 KB, $large KB for 40 MB"; fi
