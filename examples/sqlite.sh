#!/bin/sh
# Exchanges and sessions as two tables of an SQLite database, and three questions to it:
#     examples/sqlite.sh DATABASE PATH...
# Tables that are there already are made anew. CSV has no types: numbers are cast where they are used, and a
# missing value is the empty text.
set -eu
tcplog=${TCPLOG:-tcplog}
[ $# -gt 1 ] || { echo "usage: $0 DATABASE PATH..." >&2; exit 2; }
database=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in exchange session; do
    # --dedupe: a session that is there twice would be counted, and joined, twice
    "$tcplog" convert -q --dedupe -k $kind -o "$work/$kind.csv" "$@" || [ $? -eq 1 ]
    sqlite3 "$database" "DROP TABLE IF EXISTS $kind" ".import --csv '$work/$kind.csv' $kind"
done

sqlite3 -header -column "$database" <<'SQL'
SELECT protocol, outcome, count(*) AS sessions FROM session GROUP BY protocol, outcome ORDER BY 1, 2;
.print
SELECT command, count(*) AS times, round(avg(CAST(rtt_ms AS INTEGER)), 1) AS mean_ms,
       max(CAST(rtt_ms AS INTEGER)) AS longest_ms
  FROM exchange WHERE rtt_ms <> '' AND timing <> 'uncertain' GROUP BY command ORDER BY times DESC, command LIMIT 8;
.print
SELECT s.server, s.user, x.command, x.reply_code, x.reply_text
  FROM exchange x JOIN session s USING (session_id, source_file, source_member)
  WHERE x.status LIKE '%failure' LIMIT 5;
SQL
