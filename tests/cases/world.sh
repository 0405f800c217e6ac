#!/bin/bash
# The world's fault: full devices, closed pipes, missing rights, signals. A message, the exit code, no half file.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
log=$TESTS/corpus/pegasus/TCP-140806-2141-0.smtp
check() { if [ "$2" = "$3" ]; then echo "ok - $1"; else echo "not ok - $1"; echo "# expected $3, got $2"; fi; }
code() { "$@" >"$dir/out" 2>"$dir/err"; echo $?; }

check 'a full device' "$(code "$TCPLOG" convert -o /dev/full "$log")" 4
grep -q 'No space left' "$dir/err"; check 'says so' $? 0
"$TCPLOG" convert "$log" >/dev/full 2>"$dir/err"; check 'standard output is full' $? 4
"$TCPLOG" convert -q -k line "$TESTS/corpus" 2>"$dir/err" | head -c 10 >"$dir/out"; check 'a closed pipe is quiet' "$(wc -c <"$dir/err")" 0
check 'missing input' "$(code "$TCPLOG" convert "$dir/missing.smtp")" 3
check 'a missing input among good ones' "$(code "$TCPLOG" convert "$dir/missing.smtp" "$log")" 1
check 'no operand' "$(code "$TCPLOG" convert)" 2
check 'unknown option' "$(code "$TCPLOG" convert --nonsense "$log")" 2
check 'unknown kind' "$(code "$TCPLOG" convert -k tree "$log")" 2
check 'unknown zone' "$(code "$TCPLOG" convert --timezone Nowhere/Here "$log")" 2
check 'csv takes one kind' "$(code "$TCPLOG" convert -f csv -k all "$log")" 2
check 'general log refused' "$(code "$TCPLOG" convert "$TESTS/corpus/mercury/38-general-log-not-a-session-log/mercurys.log")" 1
grep -q 'general log of Mercury/32' "$dir/err"; check 'politely' $? 0
cp "$log" "$dir/TCP0001.MC"; chmod 0 "$dir/TCP0001.MC"
[ -z "$AS_USER" ] || check 'unreadable' "$(code $AS_USER "$TCPLOG" convert "$dir/TCP0001.MC")" 3
[ -z "$AS_USER" ] || check 'read-only folder' "$(code $AS_USER "$TCPLOG" convert -o "$dir/no.jsonl" "$log")" 4
check 'output to a file' "$(code "$TCPLOG" convert -o "$dir/a.csv" "$log")" 0
check 'the suffix is the format' "$(head -c 12 "$dir/a.csv")" 'kind,schema,'
check 'no overwriting' "$(code "$TCPLOG" convert -o "$dir/a.csv" "$log")" 4
check 'unless forced' "$(code "$TCPLOG" convert --force -o "$dir/a.csv" "$log")" 0
check 'gzip by suffix' "$(code "$TCPLOG" convert -o "$dir/a.jsonl.gz" "$log")" 0
check 'gzip header: no name, no time' "$(od -An -tx1 -N10 "$dir/a.jsonl.gz" | tr -d ' \n' | cut -c1-16)" 1f8b080000000000
check 'gunzip gives the plain export' "$(gzip -dc "$dir/a.jsonl.gz" | cksum)" "$("$TCPLOG" convert -q "$log" | cksum)"
check 'validate reads both' "$(code "$TCPLOG" validate "$dir/a.jsonl.gz" "$dir/a.csv")" 0
check 'standard input' "$("$TCPLOG" convert -q - <"$log" | wc -l)" 7

mkfifo "$dir/pipe"
"$TCPLOG" convert -k line -o "$dir/b.jsonl" "$dir/pipe" 2>"$dir/err" &
pid=$!
exec 3>"$dir/pipe"
cat "$log" >&3
sleep 0.3
kill -INT $pid
# a background job of a script ignores SIGINT unless the program sets it: TERM as well
kill -TERM $pid 2>/dev/null
wait $pid; check 'interrupted' $? 130
exec 3>&-
check 'no half file' "$(find "$dir" -name '*b.jsonl*' | wc -l)" 0
