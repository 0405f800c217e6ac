#!/usr/bin/env python3
"""`tcplog cat` where rows end in other ways than ours, where quotes go astray, where rows are far too long, and with damage and an
index that lies: what is no record is never written, what is one is not lost, and whatever is wrong is told for what it is."""
import sys

sys.dont_write_bytecode = True
import gzip
import os
import re
import shutil
import zlib

import tap

MARK = b"\xef\xbb\xbf"
BROKEN, KIND, JSON, LONG = "[broken-csv]", "[wrong-kind]", "[broken-json]", "[line-too-long]"
os.chdir(tap.folder())


def answer(path, given, *told, words=(), code=None, **more):
    """Faults of what cat gives and tells of a file."""
    found = tap.run("cat", *words, path, timeout=120, **more)
    said = [line for line in found.stderr.decode().splitlines() if "[no-index]" not in line]
    if found.returncode != (bool(told) if code is None else code) or len(said) != len(told) or not all(map(str.__contains__, said, told)):
        yield f"exit {found.returncode}, {said}"
    if found.stdout != given:
        yield f"{len(found.stdout)} bytes, not {len(given)}: {found.stdout[:200]}"


def answers(data, given, *told, words=()):
    for path, bytes_ in (("some", data), ("some.gz", gzip.compress(data, 1))):
        yield from answer(tap.write(path, bytes_), given, *told, words=words)


def rows_and_quotes():
    head, secret = b"kind,x\n", b"21:37:28.968: << PASS secret\n"
    for what, rows, left, *told in (
            ("a CR ends a row", b"line,1\r" + secret + b"line,2\n", b"line,1\r\nline,2\n", KIND),
            ("empty rows", b"\r\rline,1\r\r\nline,2\r\n\r", b"line,1\r\nline,2\r\n"),
            ("a CR in quotes", b'line,"1\r' + b'2"\rline,"\r"\n', b'line,"1\r2"\r\nline,"\r"\n'),
            ("the last row ends in CR", b"line,1\rline,2\r", b"line,1\r\nline,2\r"),
            ("a CR in quotes that are none", b'line,5" \r' + secret + b'line,"\n', b"", BROKEN),
            ("quotes that come in pairs", b'line,5" disk\n' + secret + b'line,6" disk\nline,z\n', b"line,z\n", BROKEN),
            ("a quote behind quotes", b'line,"a"b,"\n' + secret + b'line,"z"\n', b'line,"z"\n', BROKEN),
            ("a quote in a row of lines", b'line,"a\nb"c,"\n' + secret + b"line,z\n", b"line,z\n", BROKEN),
            ("doubled quotes", b'line,""""\nline,"a""\nb"\n"line",""\n', b'line,""""\nline,"a""\nb"\n"line",""\n'),
            ("quotes behind a mark", b'line,"\xef\xbb\xbf"\n', b'line,"\xef\xbb\xbf"\n'),
            ("never closed", b'line,1\nline,"\n' + secret, b"line,1\n", BROKEN)):
        tap.check(what, list(answers(head + rows, head + left, *told)))
    tap.check("a CR behind the header", list(answers(b"kind,x\rPASS secret\n", b"kind,x\r", KIND)))
    tap.check("a CR behind what is none", list(answers(b"name,x\rline,1\n", b"", "[unknown-format]")))
    tap.check("a header with a mark and quotes", list(answers(MARK + b'"kind",x\n"line",1\n', MARK + b'"kind",x\n"line",1\n')))


def rows_of_a_mac():
    """An export that was saved with CR alone has the rows it had, for `cat` as for `validate`; where another follows, an LF is added."""
    data = tap.run("convert", "-q", "-k", "session", "-f", "csv", "--timezone", "UTC", os.path.join(tap.CORPUS, "pegasus")).stdout.replace(b"\r\n", b"\r")
    yield from answers(data, data.replace(b"\r", b"\r\n")[:-1])
    for number in ("1", "3"):
        rows = re.findall(rb"[^\r]*\r", data)
        yield from answers(data, rows[0] + b"\n" + rows[int(number)], words=("--lines", number))
    if tap.run("validate", "-q", tap.write("mac.csv", data)).returncode:
        yield "validate does not take it"


def long_rows():
    """Whatever stands in a row of more than 64 MiB, the next row is found."""
    head, last, much = b"kind,x\n", b"line,z\n", 65 << 20
    for what, cell in (("lines", b"line,secret\n" * (much // 12)), ("one line", b"x" * much), ("a line, and others", b"x" * much + b"\nline,secret\n"),
                       ("others, and a line", b"line,secret\n" + b'""' * (much // 2))):
        tap.check(f"a long row of {what}", list(answer(tap.write("long.csv", head + b'line,"' + cell + b'"\n' + last), head + last, LONG)))
    tap.check("a long row that is never closed", list(answer(tap.write("long.csv", head + last + b'line,"' + b"line,secret\n" * (much // 12)), head + last, BROKEN)))
    tap.check("a long line without quotes", list(answer(tap.write("long.csv", head + b"line," + b"x" * much + b"\n" + last), head + last, LONG)))
    os.remove("long.csv")


def json_lines():
    record = b'{"kind":"line"}\n'
    for what, data, given, *told in (
            ("a mark", MARK + record * 2, record * 2),
            ("empty lines in front", b"\r\n\n" + record * 2, record * 2, f":1: The line is not valid JSON. {JSON}"),
            ("a mark and an empty line", MARK + b"\n" + record, record, f":1: The line is not valid JSON. {JSON}"),
            ("a mark alone", MARK, b"", "[unknown-format]"),
            ("a mark further on", record + MARK + record, record, f":2: The line is not valid JSON. {JSON}")):
        tap.check(f"JSON Lines: {what}", list(answers(data, given, *told)))
    tap.check("JSON Lines: a mark, and the second record", list(answers(MARK + record + b'{"kind":"session"}\n', b'{"kind":"session"}\n', words=("--lines", "2"))))


def together():
    for name, form in (("csv", "csv"), ("again", "csv"), ("excel", "csv-excel")):
        tap.run("convert", "-q", "-k", "session", "-f", form, "-o", f"{name}.csv", os.path.join(tap.CORPUS, "pegasus"))
    for names, told in ((("csv", "again"), []), (("csv", "excel"), ["excel"]), (("excel", "csv", "again"), ["csv"])):
        found = tap.run("cat", *(f"{name}.csv" for name in names))
        said = re.findall(r"^tcplog: (\w+)\.csv: .* \[mixed-profiles\]$", found.stderr.decode(), re.M)
        if said != told or found.returncode or bool(found.stderr) != bool(told):
            yield f"{names}: {found.stderr}"


class Export:
    """In several members."""

    def __init__(self, form):
        self.path, self.form = f"lines.{form}.gz", form
        tap.run("convert", "-q", "-k", "line", "-o", self.path, *3 * [tap.CORPUS])
        self.data, self.index = tap.read(self.path), tap.read(self.path + ".idx")
        self.lines = self.index.decode().splitlines()
        self.members = [line.split(" ") for line in self.lines[1:-1]]
        self.plain = gzip.decompress(self.data)
        self.header = self.plain[:self.plain.index(b"\n") + 1] if form == "csv" else b""

    def text(self, number):
        """Of a member, behind the header."""
        at, size = map(int, self.members[number][3:5])
        return self.plain[max(at, len(self.header)):at + size]

    def of(self, number, count=0):
        """The words that ask for a member's records."""
        first = int(self.members[number][5])
        return "--lines", f"{first}-{first + (count or int(self.members[number][6])) - 1}"

    def damaged(self, at):
        data = bytearray(self.data)
        data[at:at + 4] = bytes(byte ^ 0x5A for byte in data[at:at + 4])
        tap.write("damaged.gz", bytes(data))
        shutil.copy(self.path + ".idx", "damaged.gz.idx")
        return "damaged.gz"

    def forged(self, lines, behind=b""):
        """With an index of these lines, whose CRC is right."""
        tap.write("forged.gz", self.data)
        body = "".join(line + "\n" for line in lines)
        end = self.lines[-1].split(" ")
        tap.write("forged.gz.idx", f"{body}{' '.join(end[:4])} {zlib.crc32(body.encode()):08x}\n".encode() + behind)
        return "forged.gz"


def damage(export):
    """In the first member, where the format stands. It is told for what it is, also where only another is asked for, but for JSON Lines, which need no
    header."""
    last = len(export.members) - 1
    right = export.header + export.text(last)
    for at in (10, 12, 14, 20, 60, 200):
        path = export.damaged(at)
        for number in (0, last):
            found = tap.run("cat", *export.of(number), path)
            told = found.stderr.decode()
            if number and export.form == "jsonl" and (found.returncode, found.stdout) == (0, right):
                continue
            if found.returncode != 1 or told.count("[truncated-gzip]") != 1 or "[unknown-format]" in told:
                yield f"at {at}, member {number}: exit {found.returncode}, {len(found.stdout)} bytes, {told}"
            if number and found.stdout != right and (export.form == "jsonl" or export.text(last) in found.stdout):
                yield f"at {at}: {len(found.stdout)} bytes, not {len(right)}, {found.stdout[:200]}"


def lies(export):
    first, second = export.members[0], export.members[1]

    def with_(number, column, value):
        members = [list(member) for member in export.members]
        members[number][column] = str(value)
        return members

    right = export.header + export.text(1)
    yield from answer(export.forged(export.lines[:-1]), right, words=export.of(1))
    yield from answer(export.forged(export.lines[:-1], b"x"), right, "[stale-index]", words=export.of(1), code=0)
    yield from answer(export.forged(export.lines[:-1], export.index), right, "[stale-index]", words=export.of(1), code=0)
    # a record less, or more, in the first member; the numbers of the others follow
    for more in (-1, 1):
        members = with_(0, 6, int(first[6]) + more)
        for member in members[1:]:
            member[5] = str(int(member[5]) + more)
        path = export.forged([export.lines[0], *map(" ".join, members)])
        yield from answer(path, export.header + export.text(0), "[false-index]", words=("--lines", f"1-{int(second[5]) + 9}"))
    with open("forged.gz.idx", "wb") as index:
        index.truncate(1 << 40)
    yield from answer("forged.gz", right, "[stale-index]", words=export.of(1), code=0)


rows_and_quotes()
tap.check("rows that end in CR", list(rows_of_a_mac()))
tap.check("a header that is no text", list(answers(b"kind,schema,\xed\xfd\nline,1.0,PASS secret\n", b"", "[unknown-format]")))
json_lines()
tap.check("csv and csv-excel", list(together()))
for export in map(Export, ("csv", "jsonl")):
    tap.check(f"{export.form}: damage where the format stands", list(damage(export)))
    tap.check(f"{export.form}: an index that lies", list(lies(export)))
if not tap.SANITIZED:
    long_rows()
tap.end()
