#!/bin/bash
# What convert makes of its operands: files, folders, standard input, things that are no logs or cannot be read; which
# exit code, which message, and that one bad input never hides the good ones. Outputs are outputs.sh's.
. "$TESTS/cases/tap.sh"
pegasus=$TESTS/corpus/pegasus
smtp=$pegasus/TCP-140806-2141-0.smtp pop=$pegasus/TCP-140210-2137-0.pop
general=$TESTS/corpus/mercury/38-general-log-not-a-session-log
files() { jq -r .source_file | sort -u | tr '\n' ' '; }
sessions() { "$TCPLOG" convert -q -k session "$@" 2>"$dir/err" </dev/null | files; }

# folders
mkdir -p "$dir/logs/b/deep" "$dir/logs/a"
cp "$smtp" "$dir/logs/b/deep/tcp-140806-2141-0.SMTP"
cp "$pop" "$dir/logs/a/TCP-140210-2137-0.pop"
cp "$pop" "$dir/logs/renamed.txt"
cp "$general/mercurys.log" "$dir/logs/a/"
echo 'Dear diary' >"$dir/logs/letter.txt"
head -c 5000 /dev/urandom >"$dir/logs/a/picture.png"
ln -s "$dir/logs" "$dir/logs/b/loop"
cd "$dir" || exit 1
same 'a folder: logs by name in any case, and by content' "$(sessions logs)" \
    'logs/a/TCP-140210-2137-0.pop logs/b/deep/tcp-140806-2141-0.SMTP logs/renamed.txt '
same 'foreign files in a folder are no failure' "$(runs "$TCPLOG" convert logs)" 0
holds 'and are counted, links apart' "$dir/err" 'passed over +3 files that are no session logs, 1 symbolic link'
holds 'what is passed over is out of the balance' "$dir/err" ' 73 read = 73 in sessions \+ 0 in files refused'
"$TCPLOG" convert -q -k session logs/ >"$dir/one" 2>&1
"$TCPLOG" convert -q -k session logs/ >"$dir/two" 2>&1
same 'the same order each time' "$(cksum <"$dir/one")" "$(cksum <"$dir/two")"
mkdir "$dir/empty" "$dir/odd"
mkfifo "$dir/odd/TCP0001.MS" "$dir/odd/pipe"
same 'a pipe in a folder is not waited for' "$(runs timeout -s KILL 5 "$TCPLOG" convert odd)" 0
holds 'and is counted' "$dir/err" 'passed over +2 symbolic links, pipes or devices'
same 'it has no part in the balance' "$(grep -cE ' 0 files, .* 0 records' "$dir/err")" 1
mkdir links && ln -s "$pop" links/TCP0001.MP && ln -s nowhere links/TCP0002.MP && : >links/empty && : >links/TCP0003.MP
same 'symbolic links in a folder are not followed' "$(runs "$TCPLOG" convert -k session links)$(wc -c <"$dir/out")" 00
holds 'but counted' "$dir/err" 'passed over +1 file that is no session log, 2 symbolic links'
holds 'an empty file counts as a log if its name says so' "$dir/err" '^tcplog: 1 file,'
same 'a symbolic link that is named is followed' "$(sessions links/TCP0001.MP)" 'links/TCP0001.MP '
ln -s logs to-logs
same 'to a folder, too' "$(sessions to-logs | wc -w)" 3
same 'a link that leads nowhere' "$(runs "$TCPLOG" convert links/TCP0002.MP)" 3
holds 'says so' "$dir/err" 'TCP0002\.MP: No such file'
deep=$(printf "%0200d/" {1..30}) # deeper than a path may be long
(for part in ${deep//\// }; do mkdir "$part" && cd "$part" || exit 1; done) && cp "$pop" "${deep:0:201}"
same 'a folder too deep to reach is damage' "$(runs timeout 20 "$TCPLOG" convert -k session "${deep:0:200}")" 1
same 'and named once' "$(grep -c 'File name too long' "$dir/err")" 1
same 'what can be reached comes out' "$(wc -l <"$dir/out")" 1
same 'an empty folder is no failure' "$(runs "$TCPLOG" convert empty)" 0
same 'and gives nothing' "$(wc -c <"$dir/out")" 0
same 'goldens beside the logs of the corpus are not taken for logs' \
    "$(sessions "$TESTS/corpus" | tr ' ' '\n' | grep -cE '(jsonl|csv)$')" 0
"$TCPLOG" convert -q -k line -o logs/export.jsonl logs
"$TCPLOG" convert -q -k line -f csv -o logs/export.csv logs
same 'exports that lie among the logs are passed over' "$(sessions logs | wc -w)" 3

# named files
same 'a letter by its name is refused' "$(runs "$TCPLOG" convert logs/letter.txt)" 1
holds 'with a reason' "$dir/err" 'letter\.txt: .*not a session log.* \[not-a-session-log\]'
holds 'and its lines are accounted for' "$dir/err" ' 1 read = 0 in sessions \+ 1 in files refused'
for log in "$general"/*.log; do
    same "${log##*/} is refused" "$(runs "$TCPLOG" convert "$log")" 1
    holds 'politely: what it is and what to do' "$dir/err" 'general log of Mercury/32.*session logging'
    same 'and gives no records' "$(wc -c <"$dir/out")" 0
done
mkdir wide && iconv -f UTF-8 -t UTF-16 "$pop" >wide/TCP-140210-2137-0.pop && cp wide/*.pop wide/letter.txt
same 'a log in UTF-16 is refused' "$(runs "$TCPLOG" convert -k line wide/TCP-140210-2137-0.pop)" 1
holds 'with what to do' "$dir/err" 'iconv.*\[utf-16\]'
same 'and gives no records' "$(wc -c <"$dir/out")" 0
same 'in a folder, too, if it has the name of one' "$(runs "$TCPLOG" convert -k line wide; grep -c '^tcplog: .*utf-16\]$' "$dir/err"; grep -c 'over  *1 file' "$dir/err")" $'1\n1\n1'
same 'an empty file is no failure' "$(: >nothing.pop && runs "$TCPLOG" convert nothing.pop)" 0
same 'good, refused and missing together' "$(runs "$TCPLOG" convert -k session "$smtp" logs/letter.txt missing.pop "$pop")" 1
same 'the good ones come out' "$(wc -l <"$dir/out")" 2
holds 'the missing one is named' "$dir/err" 'missing\.pop: No such file'
same 'strict stops at the first that is not good' "$(runs "$TCPLOG" convert --strict -k session logs/letter.txt "$smtp")" 1
same 'before the others' "$(wc -c <"$dir/out")" 0
same 'strict keeps no half output' "$(runs "$TCPLOG" convert --strict -o strict.jsonl "$smtp" logs/letter.txt; ls strict* 2>/dev/null)" 1
holds 'and says so' "$dir/err" '^tcplog: strict\.jsonl: given up'
same 'only missing ones' "$(runs "$TCPLOG" convert missing.pop gone.pop)" 3
same 'the same log twice is converted twice' "$("$TCPLOG" convert -q -k session "$smtp" "$smtp" | wc -l)" 2

# operands that look like options, and standard input
cp "$pop" ./--strict
same 'behind -- everything is an operand' "$(sessions -- --strict)" '--strict '
same 'options may follow operands' "$("$TCPLOG" convert "$pop" -q -k session | wc -l)" 1
same 'standard input is called -' "$("$TCPLOG" convert -q -k session - <"$smtp" | files)" '- '
named() { "$TCPLOG" convert -k all --name "$1" - <"$2" 2>"$dir/err"; }
same 'with a name, standard input gives what the file gives' "$(named b/x.pop "$pop" | cksum)" \
    "$(mkdir -p b && cp "$pop" b/x.pop && "$TCPLOG" convert -q -k all b/x.pop | cksum)"
holds 'and goes by it in messages' "$dir/err" 'slowest reply .* b/x\.pop:4$'
ends=$dir/TCP-991231-2359-0.pop
sed 1,2d "$pop" | grep -v -e --- >"$ends"
same 'the name tells the date, as a file name does' "$(named "$ends" "$ends" | jq -r 'select(.kind == "session").time' | cut -c1-10)" 1999-12-31
same 'a refused one goes by it, too' "$(named TCP0001.MS "$general/mercurys.log" | wc -l)" 0
holds 'in the message' "$dir/err" '^tcplog: TCP0001\.MS: This is a general log'
same 'standard input among files' "$("$TCPLOG" convert -q -k session "$pop" - <"$smtp" | wc -l)" 2
same 'empty standard input' "$("$TCPLOG" convert -q - </dev/null | wc -c)" 0
same 'closed standard input' "$("$TCPLOG" convert -q - <&- >"$dir/out" 2>"$dir/err"; echo $?)" 3
holds 'says so' "$dir/err" '^tcplog: standard input: Bad file'
same 'standard input that is a folder' "$("$TCPLOG" convert -q - <logs >"$dir/out" 2>"$dir/err"; echo $?)" 3
same 'an option given twice: the last one counts' "$("$TCPLOG" convert -q -k line -k session -f csv -f jsonl "$pop" | wc -l)" 1
same '-o - is standard output' "$("$TCPLOG" convert -q -o - "$pop" | cksum)" "$("$TCPLOG" convert -q "$pop" | cksum)"
name=$'esc\e[31m\nname.pop'
same 'a file whose name has control characters' "$(runs "$TCPLOG" convert "$name")" 3
same 'sends none of them to the terminal' "$(tr -d '\n[:print:]' <"$dir/err" | wc -c)" 0
name=$'c1\xC2\x9B31m\x9B31m\xC1\x9B31m\xE2\x80\xAEcaf\xC3\xA9.pop'
same 'nor those past ASCII, and what turns the writing around' "$(runs "$TCPLOG" convert "$name")" 3
holds 'letters past ASCII stay' "$dir/err" $'^tcplog: c1\\?31m\\?31m\\?31m\\?caf\xC3\xA9\\.pop: '

"$TCPLOG" convert -q -o "$dir/out.jsonl" "$pop" && cp "$dir/out.jsonl" $'esc\e[31m\nname.jsonl'
same 'validate says of such a file that it is valid' "$(runs "$TCPLOG" validate $'esc\e[31m\nname.jsonl')" 0
same 'on one line, without them' "$(cat "$dir/out")" 'esc?[31m?name.jsonl: 5 records, valid'

# lists of paths
cp "$pop" 'two words.pop' && cp "$smtp" $'line\nend.smtp' && cp "$pop" ./-
printf 'b/x.pop\n\ntwo words.pop\nlogs' >list
same 'paths of a list come in its order, folders too' "$("$TCPLOG" convert -q -k session --files-from list | jq -r .source_file | tr '\n' ' ')" \
    'b/x.pop two words.pop logs/a/TCP-140210-2137-0.pop logs/b/deep/tcp-140806-2141-0.SMTP logs/renamed.txt '
same 'and behind the operands' "$("$TCPLOG" convert -q -k session --files-from list "$smtp" | jq -r .source_file | head -2 | tr '\n' ' ')" "$smtp b/x.pop "
same 'a list by standard input' "$("$TCPLOG" convert -q -k session --files-from - <list | wc -l)" 5
same 'with NULs, a path may hold a line end' "$(printf 'line\nend.smtp\0two words.pop\0' | "$TCPLOG" convert -q -k session --files-from - -0 | jq -r .source_file | tr '\n' '/')" 'line/end.smtp/two words.pop/'
same 'NULs end a path without -0, too' "$(printf 'b/x.pop\0two words.pop\0' | "$TCPLOG" convert -q -k session --files-from - | wc -l)" 2
same '- in a list is a file of this name' "$(echo - | "$TCPLOG" convert -q -k session --files-from - | jq -r .source_file)" './-'
same 'an empty list is no failure' "$(runs "$TCPLOG" convert --files-from /dev/null)" 0
same 'a path of a list is refused as one that is named' "$(echo logs/letter.txt >bad; runs "$TCPLOG" convert --files-from bad)" 1
holds 'with its name' "$dir/err" 'letter\.txt: .*\[not-a-session-log\]'
printf 'gone.pop\n%05000d\nb/x.pop\n' 7 >bad
same 'one that is missing, and one that is too long' "$(runs "$TCPLOG" convert -k session --files-from bad)$(wc -l <"$dir/out")" 11
holds 'are told' "$dir/err" 'gone\.pop: No such file'
holds 'both' "$dir/err" 'File name too long'
same 'a list that is missing' "$(runs "$TCPLOG" convert --files-from nowhere "$pop")$(wc -c <"$dir/out")" 30
holds 'is told' "$dir/err" '^tcplog: nowhere: No such file'
same 'a list that cannot be read' "$(runs "$TCPLOG" convert --files-from logs)" 3
same 'among operands that can' "$(runs "$TCPLOG" convert --files-from logs "$pop")" 1

# rights; root may read everything, so he becomes somebody
if ! $AS_USER test -x "$TCPLOG"; then
    echo 'ok - rights # SKIP the other user cannot reach the program'
else
    mkdir locked && cp "$pop" locked/ && chmod 755 logs logs/a
    chown -R 65534 locked logs 2>/dev/null
    chmod 0 locked logs/renamed.txt
    same 'an unreadable file' "$(runs $AS_USER "$TCPLOG" convert logs/renamed.txt)" 3
    same 'an unreadable folder' "$(runs $AS_USER "$TCPLOG" convert locked)" 3
    holds 'is named' "$dir/err" 'locked: Permission denied'
    same 'a folder with an unreadable file' "$(runs $AS_USER "$TCPLOG" convert -k session logs)" 1
    holds 'which is named' "$dir/err" 'renamed\.txt: Permission denied'
    same 'gives the others' "$(files <"$dir/out" | wc -w)" 2
    mv locked logs/
    holds 'nothing inside is lost in silence' "$dir/err" 'problems +1 reported above'
    same 'an unreadable folder in a folder' "$(runs $AS_USER "$TCPLOG" convert -k session logs)" 1
    same 'gives the others, too' "$(files <"$dir/out" | wc -w)" 2
fi

# usage
for words in '' 'convert --null x' 'convert --files-from' 'convert --files-from - -' 'convert' 'convert --' 'convert --no-such x' 'convert -k' 'convert -k none x' 'convert -k line,, x' \
    'convert --name x y' 'convert --name' 'convert -f xml x' 'convert -f jsonl,csv x' 'convert -f csv -k line,session x' 'convert --timezone Nowhere/Here x' \
    'convert --redact all x' 'validate' 'validate --force x' 'schema x' 'schema --form xml' 'schema -k all' 'revert x'; do
    # shellcheck disable=SC2086 # words
    same "usage: tcplog $words" "$(runs "$TCPLOG" $words)" 2
    same '  says so on standard error only' "$(wc -c <"$dir/out") $(head -c1 "$dir/err" | wc -c)" '0 1'
done
for words in --help -h help 'help convert' --version version 'convert --help' 'convert -h' 'convert --version' 'validate --help' 'schema --help'; do
    # shellcheck disable=SC2086
    same "tcplog $words" "$(runs "$TCPLOG" $words)" 0
    same '  says it on standard output only' "$(head -c1 "$dir/out" | wc -c) $(wc -c <"$dir/err")" '1 0'
done
exit $failed
