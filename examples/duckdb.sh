#!/bin/sh
# Compressed JSON Lines straight into DuckDB, with the columns and types of the published schema, and two questions:
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
    # --dedupe: a session that is there twice would be counted, and joined, twice
    "$tcplog" convert -q --dedupe -k $kind -o "$work/$kind.jsonl.gz" "$@" || [ $? -eq 1 ]
    # not found by DuckDB itself: a field that no record has would get no column, and a date its own type
    columns=$("$tcplog" schema --form table-schema -k $kind | jq -r '
        {string: "VARCHAR", integer: "BIGINT", boolean: "BOOLEAN", array: "VARCHAR[]"} as $types
        | .fields | map("\"\(.name)\": \"\($types[.type])\"") | join(", ") | gsub("\""; "\u0027")')
    duckdb "$database" -c "CREATE OR REPLACE TABLE $kind AS
        SELECT * FROM read_json('$work/$kind.jsonl.gz', format='newline_delimited', columns={$columns})"
done

duckdb "$database" <<'SQL'
SELECT protocol, outcome, count(*) AS sessions, sum(failures) AS refused FROM session GROUP BY ALL ORDER BY ALL;
SELECT command, count(*) AS times, median(rtt_ms) AS median_ms, max(final_rtt_ms) AS longest_ms
  FROM exchange WHERE timing <> 'uncertain' GROUP BY command ORDER BY longest_ms DESC NULLS LAST LIMIT 8;
SQL
