#!/bin/sh
# A check for CI, for tests that leave session logs behind: fails where a session did not do what it came for.
#     examples/check.sh PATH...
# Each finding is one line "file:line: what", and an annotation under GitHub Actions. Exit code: 0 all well; 1 a
# session failed, or an input is damaged or no log; 2 usage; 3 unreadable; 5 the export breaks its schema.
set -eu
tcplog=${TCPLOG:-tcplog}
[ $# -gt 0 ] || { echo "usage: $0 PATH..." >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# with set -e, the exit codes of tcplog become ours
"$tcplog" convert -q --strict -k exchange,session -o "$work/all.jsonl.gz" "$@"
"$tcplog" validate -q "$work/all.jsonl.gz"

# A refused command alone is no failure: a client may try, be refused, and find another way. The session tells. Its commands
# stand between its lines: a copy elsewhere has the same ids. What a log says may go to a terminal: no control characters.
gzip -dc "$work/all.jsonl.gz" | jq -rs --arg github "${GITHUB_ACTIONS:-}" '
    def shown: map_values(if type == "string" then gsub("\n"; " ") | gsub("\\p{C}"; "?") else . end);
    def file: .source_file + (if .source_member then "!/" + .source_member else "" end);
    def said: if .phase == "greeting" then "greeting" else .command // "no command" end;
    def escaped: gsub("%"; "%25") | gsub(":"; "%3A") | gsub(","; "%2C");
    map(shown) | group_by([.source_file, .source_member, .session_id])[] | . as $records
    | .[] | select(.kind == "session" and (.outcome == "failure" or .outcome == "partial")) | . as $session
    | ($session.diagnosis_line // $session.line) as $line
    | "\($session.outcome): \($session.diagnosis_text // "no cause found") [\($session.diagnosis // "?")]" as $verdict
    | "\(file):\($line): session: \($verdict)",
      ($records[] | select(.kind == "exchange" and .line >= $session.line and .line <= $session.line_end)
        | select(.status == "unanswered" or (.status | endswith("failure")))
        | "\(file):\(.line): \(said): \(.reply_text // "no answer")"),
      if $github == "" then empty
      else "::error file=\($session.source_file | escaped),line=\($line),title=mail session::\($verdict | gsub("%"; "%25"))" end
    ' >"$work/found"
[ -s "$work/found" ] || { echo 'all sessions well'; exit 0; }
cat "$work/found"
exit 1
