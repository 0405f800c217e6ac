#!/bin/sh
# Six questions to a folder of logs, asked with jq:
#     examples/questions.sh PATH...
# TCPLOG names the program where it is not in PATH. It prints to the terminal and keeps nothing.
set -eu
tcplog=${TCPLOG:-tcplog}
[ $# -gt 0 ] || { echo "usage: $0 PATH..." >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# exit code 1 only says that some input was damaged: the messages on standard error name it
"$tcplog" convert -q -k exchange,session -o "$work/all.jsonl" "$@" || [ $? -eq 1 ]

# What a log says goes to a terminal here: what is no letter there becomes a question mark.
shown='
    def shown: map_values(if type == "string" then gsub("\n"; " ") | gsub("\\p{C}"; "?") else . end);
    def place(line): .source_file + (if .source_member then "!/" + .source_member else "" end) + ":\(line)";
    def said: if .phase == "greeting" then "greeting" else .command // "no command" end;'

ask() {
    printf '\n%s\n' "$1"
    jq -r "$shown shown | $2" "$work/all.jsonl"
}

ask_all() {
    printf '\n%s\n' "$1"
    jq -rs "$shown map(shown) | $2" "$work/all.jsonl"
}

ask 'Which commands were refused, and what can be done about it?' '
    select(.kind == "exchange" and (.status | endswith("failure")))
    | "  \(place(.line))  \(said) -> \(.reply_code // "") \(.reply_text // "")\n"
      + "      \(.meaning // "?") (\(.reference // "?")). \(.action // "")"'

ask 'Which commands got no answer?' '
    select(.status == "unanswered") | "  \(place(.line))  \(said) \(.argument // "")"'

ask_all 'Which five replies took longest? (durations that cannot be trusted left out)' '
    map(select(.kind == "exchange" and .final_rtt_ms and .timing != "uncertain"))
    | sort_by(-.final_rtt_ms)[:5][]
    | "  \(.final_rtt_ms) ms  \(said)  \(place(.line))  \(.timing)"'

ask 'Which sessions did not do what they came for, and why?' '
    select(.kind == "session" and (.outcome == "failure" or .outcome == "partial"))
    | "  \(.outcome)  \(.protocol)  \(.server // .peer // "?")  \(place(.diagnosis_line // .line))  \(.diagnosis_text // "?")"'

ask 'Where did a login go out although the log shows no TLS?' '
    select(.kind == "session" and .auth_mechanism and (.tls | not))
    | "  \(.auth_mechanism)  \(.user // "?")  \(.server // .peer // "?")  \(place(.line))"'

ask_all 'Where did the two clocks in a stamp have to be repaired?' '
    map(select(.kind == "exchange" and .time_repair == "two-clock"))
    | group_by([.source_file, .source_member, .session_id])[]
    | "  \(length) exchanges, the first \(.[0].time_logged) -> \(.[0].time)  \(.[0] | place(.line))"'
