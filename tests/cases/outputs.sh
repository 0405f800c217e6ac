#!/bin/bash
# Outputs that fail, and outputs that are no plain files: exit code 4 with a message that says why, nothing left behind,
# for every command that writes. Signals and readers that go away are signals.py's.
. "$TESTS/cases/tap.sh"
log=$TESTS/corpus/pegasus/TCP-140806-2141-0.smtp
cd "$dir" || exit 1
mkdir work && cd work || exit 1

# fails WHAT REASON COMMAND...: its standard output is a device that is full
fails() {
    local what=$1 reason=$2
    shift 2
    "$@" >/dev/full 2>"$dir/err" </dev/null
    same "$what" $? 4
    holds '  with the reason' "$dir/err" "^tcplog: .*$reason"
}
"$TCPLOG" convert -q -o "$dir/good.jsonl" "$log"
fails 'standard output is full' 'No space left' "$TCPLOG" convert "$log"
fails 'standard output is full, with gzip' 'No space left' "$TCPLOG" convert -z "$log"
fails '-o names a full device' '/dev/full: No space left' "$TCPLOG" convert -f csv -o /dev/full "$log"
fails 'schema to a full device' 'No space left' "$TCPLOG" schema
fails 'validate to a full device' 'No space left' "$TCPLOG" validate "$dir/good.jsonl"
fails '--help to a full device' 'No space left' "$TCPLOG" convert --help
fails '--version to a full device' 'No space left' "$TCPLOG" --version
fails '-o names a folder' 'Is a directory' "$TCPLOG" convert -o "$dir" "$log"
fails '-o names a folder that is not there' 'no/x\.jsonl: No such file' "$TCPLOG" convert -o no/x.jsonl "$log"
same 'standard output is closed' "$("$TCPLOG" convert "$log" >&- 2>"$dir/err"; echo $?)" 4
same 'nothing is left behind' "$(ls -A)" ''

echo mine >old.jsonl
fails 'an existing output' '--force overwrites' "$TCPLOG" convert -o old.jsonl "$log"
same 'is untouched' "$(cat old.jsonl)" mine
same 'nothing readable: no output appears' "$(runs "$TCPLOG" convert -o new.jsonl missing.pop; ls -A)" $'3\nold.jsonl'
same 'and an old one stays, --force or not' "$(runs "$TCPLOG" convert --force -o old.jsonl missing.pop; cat old.jsonl)" $'3\nmine'
same '--force overwrites' "$(runs "$TCPLOG" convert --force -o old.jsonl "$log"; cmp old.jsonl "$dir/good.jsonl")" 0
same 'with the rights of a new file' "$(umask 027; "$TCPLOG" convert -q -o rights.jsonl "$log"; stat -c %a rights.jsonl)" 640

mkfifo pipe
timeout -s KILL 10 cat pipe >read &
same '-o names a pipe' "$(runs timeout -s KILL 10 "$TCPLOG" convert -q -o pipe "$log")" 0
wait
same 'which is written in place' "$(cmp read "$dir/good.jsonl" && [ -p pipe ] && echo same)" same

for name in a.csv a.jsonl a.jsonl.gz a.csv.gz a.txt a; do
    "$TCPLOG" convert -q -o "$name" "$log"
    [[ $name == *.gz ]] && zipped=yes || zipped=no
    [[ $name == *.csv* ]] && form=kind, || form='{"kin'
    same "$name: the suffix decides" "$(gzip -dcf "$name" | head -c 5) $(gzip -t "$name" 2>/dev/null && echo yes || echo no)" "$form $zipped"
done
same '-f is stronger than the suffix' "$("$TCPLOG" convert -q -f csv -o b.jsonl "$log"; head -c 5 b.jsonl)" kind,
"$TCPLOG" convert -q -z "$log" >z
sleep 1.1
"$TCPLOG" convert -q -z "$log" >z2
same 'gzip gives the same bytes at another time' "$(cmp z z2)" ''
same 'magic, deflate, no flags, no time' "$(od -An -tx1 -N8 z | tr -d ' ')" 1f8b080000000000

if $AS_USER test -x "$TCPLOG"; then
    mkdir readonly && chmod 555 readonly && chmod 755 .
    fails 'a folder that cannot be written to' 'Permission denied' $AS_USER "$TCPLOG" convert -o readonly/x.jsonl "$log"
    same 'stays empty' "$(ls -A readonly)" ''
else
    echo 'ok - rights # SKIP the other user cannot reach the program'
fi
exit $failed
