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

# A refused command alone is no failure: a client may try, be refused, and find another way. The session tells.
gzip -dc "$work/all.jsonl.gz" | jq -rs --arg github "${GITHUB_ACTIONS:-}" '
    def place: "\(.source_file):\(.line)";
    def escaped: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A") | gsub(":"; "%3A") | gsub(","; "%2C");
    group_by([.source_file, .session_id])[] | (.[] | select(.kind == "session")) as $session
    | select($session.outcome == "failure" or $session.outcome == "partial")
    | ($session.diagnosis_line // $session.line) as $line
    | "\($session.outcome): \($session.diagnosis_text // "no cause found") [\($session.diagnosis // "?")]" as $verdict
    | "\($session.source_file):\($line): session: \($verdict)",
      (.[] | select(.kind == "exchange" and (.status == "unanswered" or (.status | endswith("failure"))))
        | "\(place): \(.command // "greeting"): \(.reply_text // "no answer" | gsub("\n"; " "))"),
      if $github == "" then empty
      else "::error file=\($session.source_file | escaped),line=\($line),title=mail session::\($verdict)" end
    ' >"$work/found"
[ -s "$work/found" ] || { echo 'all sessions well'; exit 0; }
cat "$work/found"
exit 1
