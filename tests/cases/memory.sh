#!/bin/bash
# Memory is bounded whatever the size of the input: a log of 200 MB takes what one of 20 MB takes, below 8 MiB. The logs
# come through a pipe from the bench's generator, so nothing of them is stored.
[ -z "$SANITIZED" ] || {
    echo 'ok - memory # SKIP sanitizers have memory of their own'
    exit 0
}
. "$TESTS/cases/tap.sh"
for tool in generate measure; do
    ${CC:-cc} -std=c17 -D_GNU_SOURCE -O2 -o "$dir/$tool" "$TESTS/bench/$tool.c" || exit 1
done

# peak MEGABYTES OPTION...: resident KiB at most
peak() {
    local bytes=${1}000000
    shift
    "$dir/generate" one "$bytes" /dev/stdout | "$dir/measure" -1 "$TCPLOG" convert -q "$@" - >"$dir/took" 2>"$dir/err"
    read -r _ _ kib status <"$dir/took"
    [ "$status" = 0 ] && echo "$kib"
}

for options in '-k line' '-k line -f csv' '-k exchange' '-k session' '-k exchange -z -j1'; do
    # shellcheck disable=SC2086 # words
    small=$(peak 20 $options) large=$(peak 200 $options)
    # shellcheck disable=SC2086
    [ -n "$small" ] && [ -n "$large" ] && [ $((large - small)) -lt 1024 ]
    same "$options: 200 MB take less than 1 MiB more than 20 MB ($small, $large KiB)" $? 0
    [ "${large:-8192}" -lt 8192 ]
    same "$options: below 8 MiB" $? 0
done

# Two threads hold what waits for its turn, and what is compressed: below 32 MiB.
"$dir/generate" one 60000000 "$dir/TCP0001.WPM"
for options in '-k line' '-k line -z' '-k line -z6' '-k exchange -z'; do
    # shellcheck disable=SC2086 # words
    "$dir/measure" -1 "$TCPLOG" convert -q -j2 $options "$dir/TCP0001.WPM" >"$dir/took" 2>"$dir/err"
    read -r _ _ kib status <"$dir/took"
    [ "$status" = 0 ] && [ "${kib:-32768}" -lt 32768 ]
    same "-j2 $options: below 32 MiB ($kib KiB)" $? 0
done
rm "$dir/TCP0001.WPM"

# The same of pages, which hold a session until it ends
explained() {
    "$dir/generate" one "${1}000000" /dev/stdout | "$dir/measure" -1 "$TCPLOG" explain - 2>"$dir/err" | cut -d' ' -f3
}
small=$(explained 20) large=$(explained 200)
[ -n "$small" ] && [ -n "$large" ] && [ $((large - small)) -lt 1024 ] && [ "$large" -lt 8192 ]
same "explain: 200 MB take less than 1 MiB more than 20 MB, and below 8 MiB ($small, $large KiB)" $? 0

# Where a session, a reply or a line never ends, something has to be dropped, not kept.
endless() {
    printf '21:41:43.760: --- 6 Aug 2014, 21:41:43.760 ---\r\n21:41:43.760: >> 220 hi\r\n'
    yes "$(printf '21:41:43.%03d: %s\n' 760 "$1")" | head -c 30000000
}
resident() { "$dir/measure" -1 "$TCPLOG" convert -q -k all - 2>"$dir/err" | cut -d' ' -f3; }
for text in '<< NOOP' '>> 250-more' '>> 250 nobody asked' '<< <cr>' '>> x' '<< MAIL FROM:<a@b>' '[*] remark' '8: Socket read timeout'; do
    kib=$(endless "$text" | resident)
    [ "${kib:-8192}" -lt 8192 ]
    same "30 MB of '$text': ${kib:-no} KiB" $? 0
    kib=$(endless "$text" | "$dir/measure" -1 "$TCPLOG" explain - 2>"$dir/err" | cut -d' ' -f3)
    [ "${kib:-8192}" -lt 8192 ]
    same "30 MB of '$text' explained: ${kib:-no} KiB" $? 0
done
kib=$({ printf '21:41:43.760: >> ' && head -c 30000000 /dev/zero | tr '\0' x; } | resident)
[ "${kib:-8192}" -lt 8192 ]
same "a line of 30 MB: ${kib:-no} KiB" $? 0

# Sessions of whose kind there is no record leave nothing behind.
silent() {
    python3 -c '
import sys
session = "".join(f"21:41:43.760: {line}\r\n" for line in ("--- 6 Aug 2014, 21:41:43.760 ---", ">> 220 hi", "<< NOOP" + 200 * " x", ">> 250 ok"))
sys.stdout.write(session * int(sys.argv[1]))' "$1" | "$dir/measure" -1 "$TCPLOG" convert -q -k message - 2>"$dir/err" | cut -d' ' -f3
}
small=$(silent 10000) large=$(silent 100000)
[ -n "$small" ] && [ -n "$large" ] && [ $((large - small)) -lt 1024 ]
same "100,000 sessions without a mail take less than 1 MiB more than 10,000 ($small, $large KiB)" $? 0

# A folder costs 30 bytes a file, or little more: 50,000 tiny logs whose names are 24 bytes long, below 9 MiB.
mkdir "$dir/many"
python3 -c '
import sys
for i in range(50000):
    with open(f"{sys.argv[1]}/TCP-140806-2141-{i:05}.smtp", "w") as log:
        log.write("21:41:43.760: >> 220 hi\n")' "$dir/many"
kib=$("$dir/measure" -1 "$TCPLOG" convert -q -k session "$dir/many" 2>"$dir/err" | cut -d' ' -f3)
[ "${kib:-9216}" -lt 9216 ]
same "a folder of 50,000 logs: ${kib:-no} KiB" $? 0
exit $failed
