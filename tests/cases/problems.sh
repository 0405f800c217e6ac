#!/bin/bash
# What convert reports of a log: each kind of finding once a file, with how often and where first, however many sessions
# have it; texts that are cut at their caps are among them. That nothing is lost is balance.py's.
. "$TESTS/cases/tap.sh"
cd "$dir" || exit 1

# session LINES...: a POP3 session around them; they are data of both sides
session() {
    printf '%s\r\n' '21:41:43.100: --- Mon Feb 10 21:41:43 2014 ---' \
        "21:41:43.110: Connect to 'pop.example.com', timeout 30 seconds." '21:41:43.200: >> +OK ready' "$@" \
        '21:41:43.800: --- Connection closed normally at Mon Feb 10 21:41:43 2014. ---'
}
word() { head -c "$1" /dev/zero | tr '\0' x; }
# finds WHAT LINE MORE ID: the one message about log.pop
finds() {
    "$TCPLOG" convert -q -k all log.pop >out 2>err
    same "$1: exit code" $? 1
    same '  one message' "$(wc -l <err)" 1
    holds "  with the first line" err "^tcplog: log\.pop:$2: [A-Z].*\.$3 \[$4\]$"
}

for _ in 1 2 3; do session 'no stamp' 'none here either'; done >log.pop
finds 'lines that are not understood' 4 ' 5 more like it\.' unparsed-lines
session 'no stamp' >log.pop
finds 'one line that is not understood' 4 '' unparsed-lines
for _ in 1 2; do
    session '21:41:43.300: << RETR 1' '21:41:43.400: >> +OK' "21:41:43.400: >> $(word 70000)" '21:41:43.400: >> .'
done >log.pop
finds 'lines beyond all reason' 6 ' 1 more like it\.' line-too-long
for _ in 1 2; do session "$(for _ in {1..1100}; do echo '21:41:43.300: << NOOP'; done)"; done >log.pop
finds 'more commands than are followed' 1 ' 1 more like it\.' too-many-pending

# texts at their caps, and just below
request() { session "21:41:43.300: << FROB $(word "$1")" '21:41:43.400: >> -ERR no'; }
for _ in 1 2 3; do request 4097; done >log.pop
finds 'an argument of 4097 bytes' 1 ' 2 more like it\.' text-cut
for _ in 1 2 3; do request 4096; done >log.pop
same 'one of 4096 bytes is kept' "$(runs "$TCPLOG" convert log.pop)$(jq -r 'select(.command == "FROB").argument | length' "$dir/out" | sort -u)" 04096
offers() {
    session '21:41:43.300: << CAPA' '21:41:43.400: >> +OK' "$(for i in $(seq "$1"); do echo "21:41:43.400: >> X-$i"; done)" '21:41:43.400: >> .'
}
for _ in 1 2; do offers 65; done >log.pop
finds '65 capabilities' 1 ' 1 more like it\.' text-cut
for _ in 1 2; do offers 64; done >log.pop
same '64 are kept' "$(runs "$TCPLOG" convert -k session log.pop)$(jq '.capabilities | length' "$dir/out" | sort -u)" 064
greets() {
    printf '%s\r\n' '21:41:43.100: --- Mon Feb 10 21:41:43 2014 ---' "$(for _ in {1..16}; do echo "21:41:43.200: >> 220-$(word 1023)"; done)" "21:41:43.300: >> 220 $1"
}
for _ in 1 2; do greets 'one more'; done >log.pop
finds 'a reply of more than 16 KiB' 1 ' 1 more like it\.' text-cut
for _ in 1 2; do greets ''; done >log.pop
same 'one of 16 KiB is kept' "$(runs "$TCPLOG" convert log.pop)$(jq '.reply_text | length' "$dir/out" | sort -u)" 016384
exit $failed
