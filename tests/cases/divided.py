"""What tests of partitions share: the files of a set, their records, and whether an index tells the truth. It is imported, never
run."""
import csv
import gzip
import io
import json
import os
import zlib

import tap
import tree


def parts(out):
    """{name: text} of the partitions; whatever else is there has to be hidden, and only the key may be, or an index."""
    names = set(os.listdir(out)) - {tree.JOURNAL, ".tcplog.key"}
    names -= {name + ".idx" for name in names if name.endswith(".gz")}
    return {name: gzip.decompress(tap.read(os.path.join(out, name))) if name.endswith(".gz") else tap.read(os.path.join(out, name)) for name in names}


def rows_of(text, form):
    """(header, records), each with its line end; a record of CSV may hold line feeds."""
    rows = text.splitlines(keepends=True) if form == "jsonl" else []
    for piece in text.split(b"\n")[:-1] if form == "csv" else ():
        if rows and rows[-1].count(b'"') % 2:
            rows[-1] += piece + b"\n"
        else:
            rows.append(piece + b"\n")
    return (rows[:1], rows[1:]) if form == "csv" else ([], rows)


def record_of(header, row):
    if not header:
        return json.loads(row)
    cells = (next(csv.reader(io.StringIO(text.decode(), newline=""))) for text in (header[0], row))
    return {name: cell for name, cell in zip(*cells, strict=True) if cell}


def index_faults(path, form):
    """What its index says of each member, held against the member itself: none is left out, and none is too large."""
    data, lines = tap.read(path), tap.read(path + ".idx").decode("ascii").split("\n")
    offset = text = number = 0
    columns = rows_of(gzip.decompress(data), form)[0]
    for line in lines[1:-2]:
        at, n, crc, text_at, text_n, first, count, _, _, _, _, sessions = (line.split(" ") + [""])[:12]
        member = gzip.decompress(data[int(at):int(at) + int(n)])
        header, rows = rows_of(member, form) if offset == 0 else ([], rows_of(b"\n" + member, form)[1] if form == "csv" else rows_of(member, form)[1])
        if (int(at), int(text_at), int(text_n), int(crc, 16), int(first), int(count)) != (offset, text, len(member), zlib.crc32(member), number + 1, len(rows)):
            yield f"{path}: {line}"
        if len(member) > 1 << 20 and len(rows) > 1 or member[-1:] not in (b"\n", b""):
            yield f"{path}: a member of {len(member)} bytes"
        if [record_of(columns, row)["session_id"][:8] for row in rows[:1]] != sessions.split(",")[:len(rows[:1])]:
            yield f"{path}: {line} does not begin with its session"
        offset, text, number = offset + int(n), text + len(member), number + len(rows)
    if lines[-2].split(" ")[:4] != ["end", str(len(lines) - 3), str(len(data)), str(text)] or lines[-1] or offset != len(data):
        yield f"{path}: the index ends with {lines[-2:]}"
