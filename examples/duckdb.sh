#!/bin/sh
# Compressed JSON Lines straight into DuckDB, which finds names and types by itself, and two questions:
#     examples/duckdb.sh DATABASE PATH...
# Tables that are there already are made anew.
set -eu
tcplog=${TCPLOG:-tcplog}
[ $# -gt 1 ] || { echo "usage: $0 DATABASE PATH..." >&2; exit 2; }
database=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in exchange session; do
    "$tcplog" convert -q -k $kind -o "$work/$kind.jsonl.gz" "$@" || [ $? -eq 1 ]
    # sample_size=-1: a field that first turns up in the last record gets its column, too
    duckdb "$database" -c "CREATE OR REPLACE TABLE $kind AS
        SELECT * FROM read_json('$work/$kind.jsonl.gz', format='newline_delimited', sample_size=-1)"
done

duckdb "$database" <<'SQL'
SELECT protocol, outcome, count(*) AS sessions, sum(failures) AS refused FROM session GROUP BY ALL ORDER BY ALL;
SELECT command, count(*) AS times, median(rtt_ms) AS median_ms, max(final_rtt_ms) AS longest_ms
  FROM exchange WHERE timing <> 'uncertain' GROUP BY command ORDER BY longest_ms DESC NULLS LAST LIMIT 8;
SQL
