#!/bin/bash
# tcplog codes: every table, every form of a code, and the honest answer to an unknown one; and what the summary of a
# conversion says of sessions that went wrong.
. "$TESTS/cases/tap.sh"

same 'a basic code' "$(runs "$TCPLOG" codes 550)" 0
holds 'for the verb' "$dir/out" '^  550 +RCPT +The recipient does not exist'
holds 'with its reference' "$dir/out" 'RFC 5321 4\.1\.1\.3'
holds 'and what to do' "$dir/out" '> Check the spelling of the address'
same 'an enhanced code' "$(runs "$TCPLOG" codes 5.7.1)" 0
holds 'is found by subject and detail' "$dir/out" '^  x\.7\.1 +The sender is not authorised'
"$TCPLOG" codes 550 >"$dir/one"
"$TCPLOG" codes '550 5.7.1 Relay access denied' >"$dir/reply"
same 'two codes' "$(runs "$TCPLOG" codes 550 5.7.1)" 0
same 'or the reply that holds them' "$(grep -c '^  [x5]' "$dir/out") $(grep -c '^  x' "$dir/out")" "$(grep -c '^  [x5]' "$dir/reply") 1"
same 'a line of a reply of several' "$(runs "$TCPLOG" codes '550-5.7.1 Relay access denied')" 0
same 'is known by both of its codes' "$(cksum <"$dir/out")" "$(cksum <"$dir/reply")"
same 'a reply of IMAP' "$(runs "$TCPLOG" codes 'a1 NO [AUTHENTICATIONFAILED] no')" 0
holds 'is known without its tag' "$dir/out" '^  \[AUTHENTICATIONFAILED\]'
same 'one without a tag' "$(runs "$TCPLOG" codes '* BYE bye')" 0
for word in '[IN-USE]' IN-USE in-use '-ERR [IN-USE] locked'; do
    same "$word" "$(runs "$TCPLOG" codes "$word")" 0
    holds 'the mailbox is locked' "$dir/out" '^  \[IN-USE\].*another session has the mailbox open \(RFC 2449'
done
for word in +OK -ERR 220 334 4.2.2 2.1.5 login-refused; do
    same "$word is known" "$(runs "$TCPLOG" codes "$word")" 0
done
holds 'a diagnosis has its weight' "$dir/out" '^  login-refused +fault +The login was refused'
same 'an unknown code' "$(runs "$TCPLOG" codes 599)" 1
holds 'says so' "$dir/out" '^599 is in no table; this is known of its class:'
holds 'and what its class means' "$dir/out" '^  5 +any +Refused for good'
same 'an unknown enhanced code' "$(runs "$TCPLOG" codes 5.7.99)" 1
holds 'is known by its subject' "$dir/out" '^  x\.7 +About security or policy'
same 'what is no code at all' "$(runs "$TCPLOG" codes nonsense)" 1
same 'has no class' "$(cat "$dir/err")" 'tcplog: nonsense is in no table'
same 'which is no answer' "$(cat "$dir/out")" ''
same 'an empty word' "$(runs "$TCPLOG" codes '')" 1
same 'is told, too' "$(cat "$dir/err")" "tcplog: '' is in no table"
same 'one unknown among known ones' "$(runs "$TCPLOG" codes 550 599)" 1
same 'no operands: all tables' "$(runs "$TCPLOG" codes)" 0
same 'each once, with its date' "$(grep -cE '^[A-Z].*(as of 20[0-9-]+|first that a session shows)' "$dir/out")" "$(grep -c '^[A-Z]' "$dir/out")"
same 'every row of the tables' "$(grep -c '^  [^ ]' "$dir/out")" \
    "$(cat "$TESTS"/../src/protocol/*.def "$TESTS"/../src/enrich/{diagnosis,diagnosis_logins}.def | grep -cE '^[A-Z]+\("')"
same 'a full device' "$("$TCPLOG" codes >/dev/full; echo $?)" 4
same 'the Markdown of the diagnoses' "$("$TCPLOG" codes --diagnoses | cksum)" "$(cksum <"$TESTS/../docs/diagnosis.md")"
same 'takes no codes' "$(runs "$TCPLOG" codes --diagnoses 550)" 2

refused=$TESTS/corpus/mercury/16-pop-client-bad-password/TCP0001.MD
healthy=$TESTS/corpus/mercury/15-pop-client-two-messages/TCP0000.MD
runs "$TCPLOG" convert "$refused" "$healthy" >"$dir/code"
same 'the summary names what went wrong first' "$(head -n 1 "$dir/err")" 'tcplog: 1 of 2 sessions needs a look:'
same 'with file, line and cause' "$(sed -n 2p "$dir/err")" \
    "  $refused:7: The login was refused; most often the user name or the password is wrong. [login-refused]"
holds 'then counts' "$dir/err" '^tcplog: 2 files, 2 sessions'
runs "$TCPLOG" convert "$healthy" >"$dir/code"
same 'nothing wrong, nothing said' "$(grep -c look "$dir/err")" 0
runs "$TCPLOG" convert -q "$refused" >"$dir/code"
same '--quiet is quiet' "$(cat "$dir/err")" ''
for i in $(seq 13); do cp "$refused" "$dir/TCP00$i.MD"; done
runs "$TCPLOG" convert "$dir"/TCP*.MD >"$dir/code"
same 'ten are named' "$(grep -c 'login-refused' "$dir/err")" 10
holds 'the others counted' "$dir/err" '^  and 3 more; '
exit $failed
