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
fails '-o names a folder that is not there' 'no/x\.jsonl: No such file' "$TCPLOG" convert -o no/x.jsonl "$log"
same 'standard output is closed' "$("$TCPLOG" convert "$log" >&- 2>"$dir/err"; echo $?)" 4
fails 'many lines of validate to a full device' 'No space left' "$TCPLOG" validate $(printf "$dir/good.jsonl %.0s" {1..400})
same 'nothing is left behind' "$(ls -A)" ''
same 'a limit of size' "$(ulimit -f 1; "$TCPLOG" convert -k all -o x.jsonl "$log" 2>"$dir/err"; echo $?; ls -A)" 4
holds '  with the reason' "$dir/err" '^tcplog: x\.jsonl: File too large'

# descriptors that are closed are not given to files of ours
for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
    eval "\"\$TCPLOG\" convert -q -o closed.jsonl '$log' $closed"
    same "$closed and -o" "$(cmp closed.jsonl "$dir/good.jsonl" && rm -f closed.jsonl && ls -A)" ''
done
same 'help for a closed standard output' "$("$TCPLOG" --help 2>"$dir/err" >&-; echo $?)" 4
holds '  says so' "$dir/err" '^tcplog: standard output: Bad file'

echo mine >old.jsonl
fails 'an existing output' '--force overwrites' "$TCPLOG" convert -o old.jsonl "$log"
same 'is untouched' "$(cat old.jsonl)" mine
same 'nothing readable: no output appears' "$(runs "$TCPLOG" convert -o new.jsonl missing.pop; ls -A)" $'3\nold.jsonl'
same 'and an old one stays, --force or not' "$(runs "$TCPLOG" convert --force -o old.jsonl missing.pop; cat old.jsonl)" $'3\nmine'
same '--force overwrites' "$(runs "$TCPLOG" convert --force -o old.jsonl "$log"; cmp old.jsonl "$dir/good.jsonl")" 0
same 'with the rights of a new file' "$(umask 027; "$TCPLOG" convert -q -o rights.jsonl "$log"; stat -c %a rights.jsonl)" 640
# who asks for the mask sets it, for a moment in which another thread's file is open to all
same '  which no thread sets' "$(nm -u "$TCPLOG" | grep -c ' umask')" 0

# other names of standard output, and links
"$TCPLOG" convert -q -o /dev/stdout "$log" >stdout
same '-o /dev/stdout' "$(cmp stdout "$dir/good.jsonl")" ''
echo before >appended
"$TCPLOG" convert -q -o /dev/stdout "$log" >>appended
same '-o /dev/stdout goes on where standard output is' "$(sed 1d appended | cmp - "$dir/good.jsonl"; head -n 1 appended)" before
same '-o /dev/stdout to a pipe' "$("$TCPLOG" convert -q -o /dev/stdout "$log" | cmp - "$dir/good.jsonl")" ''
same '-o /dev/null' "$(runs "$TCPLOG" convert -q -o /dev/null "$log"; [ -c /dev/null ] && echo device)" $'0\ndevice'
mkdir target && ln -s target/real.jsonl link
same 'a link that leads nowhere is there' "$(runs "$TCPLOG" convert -o link "$log"; ls target)" 4
: >target/real.jsonl
same 'so is one that leads to a file' "$(runs "$TCPLOG" convert -o link "$log"; wc -c <target/real.jsonl)" $'4\n0'
same '--force replaces what it leads to' "$(runs "$TCPLOG" convert --force -o link "$log"; cmp target/real.jsonl "$dir/good.jsonl" && [ -L link ] && ls -A target)" $'0\nreal.jsonl'

# an output that is an input
cp "$log" TCP0001.MC && cp "$log" copy
for words in 'TCP0001.MC' './TCP0001.MC' '.' "$log TCP0001.MC"; do
    # shellcheck disable=SC2086 # words
    same "--force -o TCP0001.MC $words" "$(runs "$TCPLOG" convert --force -o TCP0001.MC $words; cmp TCP0001.MC copy)" 2
    holds '  says why' "$dir/err" 'TCP0001\.MC: .*overwrite.* \[input-is-output\]'
done
same 'standard output is the input' "$("$TCPLOG" convert - <copy >>copy 2>"$dir/err"; echo $?; cmp TCP0001.MC copy)" 2
same 'an old export among the logs may be replaced' "$(runs "$TCPLOG" convert --force -o ./stdout .; [ -s stdout ] && echo new)" $'0\nnew'

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
same 'gunzip gives the plain export' "$(gzip -dc a.jsonl.gz | cmp - a.jsonl)" ''
same 'validate reads them all' "$(runs "$TCPLOG" validate a.csv a.jsonl a.csv.gz a.jsonl.gz)" 0
same '-f is stronger than the suffix' "$("$TCPLOG" convert -q -f csv -o b.jsonl "$log"; head -c 5 b.jsonl)" kind,
"$TCPLOG" convert -q -z "$log" >z
sleep 1.1
"$TCPLOG" convert -q -z "$log" >z2
same 'gzip gives the same bytes at another time' "$(cmp z z2)" ''
same 'magic, deflate, no flags, no time' "$(od -An -tx1 -N8 z | tr -d ' ')" 1f8b080000000000

# levels and engines: another file, the same text
"$TCPLOG" convert -q -k line "$log" >plain
for options in -z -z1 -z9 --gzip --gzip=6 '-z --gzip-engine zlib' '-z9 --gzip-engine zlib' '-qz3'; do
    # shellcheck disable=SC2086 # words
    same "$options: the text is the same" "$("$TCPLOG" convert -q -k line $options "$log" | gzip -dc | cmp - plain)" ''
done
same '-z9 is smaller than -z1' "$([ "$("$TCPLOG" convert -q -z9 -k line "$log" | wc -c)" -lt "$("$TCPLOG" convert -q -z1 -k line "$log" | wc -c)" ] && echo yes)" yes
if "$TCPLOG" convert -q -z --gzip-engine isal "$log" >isal 2>"$dir/err"; then
    same 'ISA-L is taken where it is built in' "$("$TCPLOG" convert -q -z "$log" | cmp - isal)" ''
else
    holds 'an engine that is not built in' "$dir/err" 'isal: .*built.* \[engine-not-built-in\]'
    same 'zlib takes its place' "$("$TCPLOG" convert -q -z "$log" | gzip -dc | wc -l)" "$(wc -l <"$dir/good.jsonl")"
fi
for options in -z0 -zq -z10 --gzip=fast '-z --gzip-engine gzip' '--gzip-engine zlib' '-z6 --gzip-engine isal'; do
    # shellcheck disable=SC2086
    same "$options is refused" "$(runs "$TCPLOG" convert -q $options "$log")" 2
done

if $AS_USER test -x "$TCPLOG"; then
    mkdir readonly && chmod 555 readonly && chmod 755 .
    fails 'a folder that cannot be written to' 'Permission denied' $AS_USER "$TCPLOG" convert -o readonly/x.jsonl "$log"
    same 'stays empty' "$(ls -A readonly)" ''
else
    echo 'ok - rights # SKIP the other user cannot reach the program'
fi
exit $failed
