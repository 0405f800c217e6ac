#!/usr/bin/env python3
"""Members, index and `tcplog cat`: members hold whole records and as many as fit; the index says of each what is true; what
cat gives is what a plain filter over all records gives, with an index, without, and with one that does not fit; and only
members that are needed are opened. Python's gzip, csv and json are the judges. How fast it is, the bench says."""
import sys

sys.dont_write_bytecode = True
import csv
import datetime
import gzip
import io
import json
import os
import random
import re
import subprocess
import zlib

import tap

MEMBER = 1 << 20
EXPORTS = [("line", "jsonl", ()), ("line", "jsonl", ("-z6",)), ("line", "csv", ()), ("exchange", "csv", ()),
           ("session", "jsonl", ("--timezone", "Europe/Amsterdam"))]
folder = tap.folder()


def generated(megabytes):
    """A log of many sessions, by the bench's generator."""
    program, path = os.path.join(folder, "generate"), os.path.join(folder, "TCP0001.MC")
    source = os.path.join(tap.TESTS, "bench/generate.c")
    subprocess.run([os.environ.get("CC", "cc"), "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", program, source], check=True)
    subprocess.run([program, "one", str(megabytes * 1000000), path], check=True)
    return path


def rows_of(text, form):
    """The records as they stand in the export, and the header (of CSV) before them."""
    if form == "jsonl":
        return b"", [line + b"\n" for line in text.split(b"\n")[:-1]]
    rows, open_row = [], b""
    for line in text.splitlines(keepends=True) if b"\r" not in text.replace(b"\r\n", b"") else re.findall(rb"[^\n]*\n", text):
        open_row += line
        if open_row.count(b'"') % 2 == 0:
            rows.append(open_row)
            open_row = b""
    return rows[0], rows[1:]


class Export:
    def __init__(self, log, kind, form, options):
        self.name = f"{kind} {form} {' '.join(options)}".strip()
        self.form, self.options = form, ("-k", kind, *options)
        self.path = os.path.join(folder, self.name.replace(" ", "_").replace("/", "_") + f".{form}.gz")
        tap.run("convert", "-q", *self.options, "-o", self.path, log)
        self.plain = tap.run("convert", "-q", "-k", kind, "-f", form, *[o for o in options if o[:2] != "-z"], log).stdout
        self.header, self.rows = rows_of(self.plain, form)
        self.facts = list(map(self.facts_of, self.rows))
        self.walls = [time and wall(time) for _, time in self.facts]
        self.instants = [time and wall(time) - datetime.timedelta(minutes=offset(time)) for _, time in self.facts]
        self.index = tap.read(self.path + ".idx").decode("ascii").splitlines()
        self.members = [line.split(" ") for line in self.index[1:-1]]

    def facts_of(self, row):
        """(session id, time or None)"""
        if self.form == "jsonl":
            record = json.loads(row)
        else:
            names = next(csv.reader([self.header.decode()]))
            record = dict(zip(names, next(csv.reader(io.StringIO(row.decode(), newline="")))))
        return record["session_id"], record.get("time") or None


def wall(time):
    return datetime.datetime.fromisoformat(time[:23])


def offset(time):
    return int(datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).utcoffset().total_seconds() // 60) if len(time) > 23 else 0


def before(export, bound):
    """Of each record whether it is before the bound. As the man page has it: one without zone is held against local times,
    others against instants."""
    at = datetime.datetime.fromisoformat(bound.replace("Z", "+00:00"))
    if at.tzinfo:
        at = at.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return [time and time < at for time in export.instants]
    return [time and time < at for time in export.walls]


def wanted(export, session=None, lines=None, since=None, until=None):
    """The answer of somebody who looks at every record."""
    first, last = lines or (1, 0)
    early = before(export, since) if since else [False] * len(export.rows)
    soon = before(export, until) if until else [True] * len(export.rows)
    found = [row for number, (row, (id_, time)) in enumerate(zip(export.rows, export.facts), 1)
             if first <= number <= (last or number) and id_.startswith((session or "").lower())
             and early[number - 1] is False and soon[number - 1]]
    return export.header + b"".join(found)


def words(session=None, lines=None, since=None, until=None):
    asked = {"--session": session, "--since": since, "--until": until,
             "--lines": lines and (f"{lines[0]}-{lines[1] or ''}" if lines[0] != lines[1] else str(lines[0]))}
    return [word for option, value in asked.items() if value for word in (option, value)]


def questions(export):
    dice, count = random.Random(7), len(export.rows)
    sessions = [export.facts[i][0] for i in (0, count // 2, count - 1)]
    times = sorted(time for _, time in export.facts if time)
    middle, end = int(export.members[len(export.members) // 2][5]), int(export.members[-1][5])
    yield from ({"session": id_} for id_ in sessions)
    yield {"session": sessions[1][:6].upper()}
    yield {"session": "0" * 32}
    yield from ({"lines": lines} for lines in [(1, 1), (max(1, middle - 1), middle), (middle, middle), (max(1, middle - 3), end + 3), (count, 0), (count + 1, count + 9)])
    for _ in range(3):
        since, until = sorted(dice.choices(times, k=2))
        yield {"since": since[:23], "until": until[:23]}
    yield {"since": times[-1][:16]}
    yield {"until": times[len(times) // 3][:10]}
    yield {"since": times[count // 3][:19] + "+05:30", "until": times[count // 2][:19] + "Z"}
    yield {"since": times[count // 2][:23], "session": sessions[1], "lines": (middle, 0)}


def differs(export, path, question, found, code=0, told=b""):
    """Faults of an answer."""
    if found.returncode != code or bool(told) != bool(found.stderr) or told not in found.stderr:
        yield f"{path} {question}: exit {found.returncode}, {found.stderr.decode()}"
    if found.stdout != wanted(export, **question):
        yield f"{path} {question}: {len(found.stdout)} bytes, not {len(wanted(export, **question))}"


def member_faults(export):
    """Cut where records end, as late as 1 MiB allows; told of as they are."""
    data, at, number, record = tap.read(export.path), 0, 0, 0
    ends = [len(export.header)]
    for row in export.rows:
        ends.append(ends[-1] + len(row))
    text_at = 0
    for member in export.members:
        unpacked = zlib.decompressobj(31)
        text = unpacked.decompress(data[at:at + int(member[1])])
        here = range(record, record + int(member[6]))
        facts = [export.facts[i] for i in here]
        times = [time for _, time in facts if time]
        told = [at, len(text), f"{zlib.crc32(text):08x}", text_at, record + 1]
        sessions = list(dict.fromkeys(id_[:8] for id_, _ in facts))
        if told != [int(member[0]), int(member[4]), member[2], int(member[3]), int(member[5])] or not unpacked.eof or unpacked.unused_data:
            yield f"{member[:6]} is {told}"
        if text != export.plain[text_at:text_at + len(text)] or text_at + len(text) != ends[here.stop]:
            yield f"member {number} does not end with record {here.stop}"
        if len(text) > MEMBER or (here.stop < len(export.rows) and ends[here.stop + 1] - text_at <= MEMBER):
            yield f"member {number} has {len(text)} bytes"
        if times and member[7:11] != [min(times)[:23], max(times)[:23], str(min(map(offset, times))), str(max(map(offset, times)))]:
            yield f"{member[7:11]}: {min(times)} {max(times)}"
        if member[11].split(",") != sessions:
            yield f"member {number}: sessions"
        at, text_at, record, number = at + int(member[1]), text_at + len(text), here.stop, number + 1
    crc = zlib.crc32("".join(line + "\n" for line in export.index[:-1]).encode())
    if export.index[0] != "tcplog-index 1" or export.index[-1] != f"end {number} {len(data)} {len(export.plain)} {crc:08x}" or at != len(data):
        yield f"{export.index[0]} {export.index[-1]}"
    for jobs in ("1", "4"):
        again = os.path.join(folder, f"jobs{jobs}.{export.form}.gz")
        tap.run("convert", "-q", *export.options, "--force", "-j", jobs, "-o", again, log)
        if tap.read(again) != data or tap.read(again + ".idx") != tap.read(export.path + ".idx"):
            yield f"-j {jobs}: other bytes"
    if gzip.decompress(data) != export.plain or subprocess.run(["gzip", "-t", export.path], check=False).returncode:
        yield "gunzip does not give the export"
    if tap.run("validate", "-q", export.path).returncode:
        yield "it is not valid"


def other_ways(export):
    """Without an index, with one that does not fit, from plain text and from a pipe: the same answers, and a word about it."""
    asked = [question for i, question in enumerate(questions(export)) if i % 4 == 0]
    bare, plain = os.path.join(folder, "bare.gz"), os.path.join(folder, f"plain.{export.form}")
    tap.write(bare, tap.read(export.path))
    tap.write(plain, export.plain)
    for question in asked:
        yield from differs(export, "no index", question, tap.run("cat", *words(**question), bare), told=b"[no-index]")
        yield from differs(export, "plain", question, tap.run("cat", *words(**question), plain))
        yield from differs(export, "pipe", question, tap.run("cat", *words(**question), "-", input=tap.read(export.path)))
    index = tap.read(export.path + ".idx")
    line = index.index(b"\n", len(index) // 2)
    for damaged in (b"", b"\x00" * 50, index[:line], index[:line + 1], index.replace(b" 1 ", b" 2 ", 1), index.replace(b"\n0 ", b"\n1 ", 1),
                    index[:line - 3] + bytes([index[line - 3] ^ 1]) + index[line - 2:], index.replace(b"end ", b"end 9"), b"x" + index, index[:15] + index[line + 1:],
                    re.sub(rb"\n0 \d+", b"\n0 99999999999999999999", index), re.sub(rb"\n0 \d+", b"\n0 7", index)):
        tap.write(bare + ".idx", damaged)
        yield from differs(export, f"index {damaged[:40]}", asked[0], tap.run("cat", *words(**asked[0]), bare), told=b"[stale-index]")
    tap.write(bare + ".idx", index)
    tap.write(bare, gzip.compress(export.plain))
    yield from differs(export, "another file", asked[0], tap.run("cat", *words(**asked[0]), bare), told=b"[stale-index]")
    os.remove(bare + ".idx")


def spoilt(export, spare):
    """The export with the middle of all members but `spare` damaged; their trailers are as they were."""
    data = bytearray(tap.read(export.path))
    for number, member in enumerate(export.members):
        start, size = int(member[0]), int(member[1])
        if number not in spare:
            data[start + size // 2:start + size - 8] = b"\xff" * (size - 8 - size // 2)
    path = tap.write(os.path.join(folder, f"spoilt.{export.form}.gz"), bytes(data))
    tap.write(path + ".idx", tap.read(export.path + ".idx"))
    return path


def needless(export):
    """Whatever is not needed may be damaged; whatever is needed may not, and what can be read of it is given."""
    number = len(export.members) // 2
    first, count = int(export.members[number][5]), int(export.members[number][6])
    question = {"lines": (first, first + count - 1)}
    path = spoilt(export, {number})
    yield from differs(export, "only what is needed", question, tap.run("cat", *words(**question), path))
    session = {"session": export.facts[first + count // 2][0]}
    spare = {i for i, member in enumerate(export.members) if session["session"][:8] in member[11]}
    yield from differs(export, "only what is needed", session, tap.run("cat", *words(**session), spoilt(export, spare)))
    found = tap.run("cat", "--lines", f"{first - 1}-{first + count}", path)
    rows = rows_of(found.stdout, export.form)[1]
    if found.returncode != 1 or b"[truncated-gzip]" not in found.stderr or not set(export.rows[first - 1:first + count - 1]) <= set(rows):
        yield f"damage: exit {found.returncode}, {len(rows)} records, {found.stderr.decode()}"
    cut = tap.write(os.path.join(folder, "cut.gz"), tap.read(export.path)[:-9])
    found = tap.run("cat", cut)
    if found.returncode != 1 or b"[truncated-gzip]" not in found.stderr or not export.plain.startswith(found.stdout):
        yield f"cut: exit {found.returncode}, {found.stderr.decode()}"
    if tap.run("validate", cut).returncode != 5:
        yield "validate takes it for whole"


def several(exports):
    """Of files with the same header it stands once."""
    export = exports[2]
    found = tap.run("cat", "--lines", "1", export.path, export.path, exports[3].path)
    if found.stdout != export.header + 2 * export.rows[0] + exports[3].header + exports[3].rows[0]:
        yield "headers"
    for some in (exports[0], export):
        for end, pack in (("", bytes), (".gz", gzip.compress)):
            whole = tap.write(os.path.join(folder, "whole" + end), pack(some.header + b"".join(some.rows[:2])))
            cut = tap.write(os.path.join(folder, "cut" + end), pack((some.header + b"".join(some.rows[:2]))[:-1]))
            for words, rows in (((), some.rows[:2]), (("--lines", "2"), some.rows[1:2])):
                found = tap.run("cat", *words, cut, whole, cut)
                if found.stdout != some.header + b"".join(rows * 3)[:-1]:
                    yield f"no line end at the end of a file: {some.name} {end} {words}"
    header = tap.write(os.path.join(folder, "header.csv"), export.header.rstrip())
    if tap.run("cat", header, header).stdout != export.header.rstrip():
        yield "a header that stands alone"
    found = tap.run("cat", "--lines", "1", exports[0].path, "missing.gz", exports[0].path)
    if found.returncode != 3 or found.stdout != 2 * exports[0].rows[0] or b"missing.gz: " not in found.stderr:
        yield f"a file that is not there: {found.returncode} {found.stderr}"


def sessions_of_none(log):
    """Exports without records, and with one."""
    empty = tap.write(os.path.join(folder, "TCP0002.MC"), b"")
    for form, header in (("jsonl", b""), ("csv", rows_of(tap.run("convert", "-q", "-f", "csv", log).stdout, "csv")[0])):
        path = os.path.join(folder, f"empty.{form}.gz")
        tap.run("convert", "-q", "-o", path, empty)
        for question in ([], ["--lines", "1"], ["--session", "0"], ["--since", "2000-01-01"]):
            found = tap.run("cat", *question, path)
            if found.returncode or found.stderr or found.stdout != header:
                yield f"{form} {question}: {found}"


def refusals(export):
    for asked in (["--lines", "0"], ["--lines", "3-2"], ["--lines", "x"], ["--lines", "1-2-3"], ["--lines", ""], ["--lines", "-4"], ["--session", ""], ["--session", "x"],
                  ["--session", "0" * 33], ["--since", "yesterday"], ["--until", "2014-02-30"], ["--since", "2014-02-10T24:00"], ["--since", "2014-02-10T10:00+1"], []):
        found = tap.run("cat", *asked, *([export.path] if asked else []))
        if found.returncode != 2 or found.stdout or not found.stderr:
            yield f"{asked}: {found.returncode}"


def no_exports(exports, log):
    """What is no export is refused, whatever packs it; of an export with something else in it the records are given."""
    lines, table = exports[0], exports[2]
    other = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140210-2137-0.pop"))

    def is_told(what, data, given, told, *words):
        for end, bytes_ in (("", data), (".gz", gzip.compress(data))):
            path = tap.write(os.path.join(folder, "some" + end), bytes_)
            for found in (tap.run("cat", *words, path), tap.run("cat", *words, "-", input=bytes_)):
                said = [line for line in found.stderr.decode().splitlines() if "[no-index]" not in line]
                if found.returncode != bool(told) or found.stdout != given or len(said) != bool(told) or told not in "".join(said):
                    yield f"{what}{end} {words}: exit {found.returncode}, {len(found.stdout)} bytes, {said}"

    for words in ((), ("--lines", "1-3"), ("--session", "0" * 32)):
        for what, data in (("a log", other), ("a big log", tap.read(log)), ("a word", b"word"), ("a brace", b"{"), ("other JSON", b'{"kind":"other"}\n{"a":1}\n'),
                           ("an array", b'[{"kind":"line"}]\n'), ("a broken header", b'kind,"a"b,line\n'), ("other CSV", b"a,b\n1,2\n"), ("columns that are called alike", b"time,user,password\n2014,ann,x\n"), ("a cell that is", b"x,line,y\n" + other), ("a journal", b"tcplog.journal 1\tkinds=line,exchange,message,session\n"), ("zeros", bytes(99)), ("line ends", b"\n\r\n\n")):
            yield from is_told(what, data, b"", "[unknown-format]", *words)
        yield from is_told("nothing", b"", b"", "", *words)
    few = lines.rows[:3]
    marked = b"\xef\xbb\xbf" + table.header + b"".join(table.rows[:3])
    yield from is_told("a byte order mark", marked, marked, "")
    yield from is_told("a byte order mark and a query", marked, b"\xef\xbb\xbf" + table.header + table.rows[1], "", "--lines", "2", "--session", table.facts[1][0])
    yield from is_told("broken at the front", b'{"kind":\n' + b"".join(few), b"".join(few), ":1: The line is not valid JSON. [broken-json]")
    yield from is_told("broken at the front, from 2 on", b'{"kind":\n' + b"".join(few), b"".join(few), ":1: The line is not valid JSON. [broken-json]", "--lines", "2-")
    yield from is_told("a log behind it", b"".join(few) + other, b"".join(few), ":4: The line is not valid JSON. [broken-json]")
    yield from is_told("cut", b"".join(few)[:-9], b"".join(few[:2]), ":3: The line is not valid JSON. [broken-json]")
    kinds = b"".join(few[:2]) + b"%b\n" + few[2]
    for what, line in (("braces around a log", b"{21:37:28 << PASS secret}"), ("JSON that breaks off", b'{"kind":"line" "broken"}'), ("a text with a tab", b'{"kind":"line","a":"\t"}'), ("not UTF-8", b'{"kind":"line","a":"\xe9"}'), ("two on a line", few[0][:-1] + few[1][:-1]), ("an empty line", b"")):
        yield from is_told(what, kinds % line, b"".join(few), ":3: The line is not valid JSON. [broken-json]")
    # jansson takes a NUL for a blank
    for what, line in (("a NUL behind a number", b'{"kind":"line","line":1\0}'), ("a NUL behind a word", b'{"kind":"line","tls":true\0 }')):
        yield from is_told(what, kinds % line, b"".join(few), ":3: The line is not valid JSON. [broken-json]")
    for what, line in (("a kind of others", b'{"kind":"nonsense"}'), ("an empty object", b"{}"), ("an array behind records", b"[]"), ("a kind that is no text", b'{"kind":1}')):
        yield from is_told(what, kinds % line, b"".join(few), ":3: The line is JSON, but no record of a kind that the schema has. [broken-json]")
    yield from is_told("written otherwise behind others", kinds % b'{"a":{"b":null},"c":1.5,"kind":"line"}', kinds % b'{"a":{"b":null},"c":1.5,"kind":"line"}', "")
    yield from is_told("written otherwise", b'{ "a":"}", "kind" : "line"} \r\n', b'{ "a":"}", "kind" : "line"} \r\n', "")
    rows = table.rows[:3]
    yield from is_told("a log behind CSV", table.header + b"".join(rows) + other, table.header + b"".join(rows), "[wrong-kind]")
    yield from is_told("cut CSV", table.header + b"".join(rows) + b'line,"a\nb,' + other, table.header + b"".join(rows), "[broken-csv]")
    empty = table.header + b"\r\n" + rows[0] + b"\n\r\n" + rows[1] + rows[2] + b"\r\n"
    yield from is_told("empty lines of CSV", empty, table.header + b"".join(rows), "")
    yield from is_told("empty lines are not counted", empty, table.header + rows[1], "", "--lines", "2")
    for data in (b'"kind","line"\n"line","7"\nline,8\n', b"kind\nline\nsession", b"line,kind\n7,line\n", b"other,kind\n7,line\n"):
        yield from is_told("CSV of others", data, data, "")


def full_device(export):
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "wb") as full:
        done = subprocess.run([tap.TCPLOG, "cat", export.path], stdout=full, stderr=subprocess.PIPE, check=False)
    if done.returncode != 4 or b"No space left" not in done.stderr:
        yield f"exit {done.returncode}, {done.stderr}"


def beside(log):
    """Where an index is written, and where none is."""
    at = os.path.join(folder, "beside")
    os.mkdir(at)

    def left(*words, code=0, **more):
        done = tap.run("convert", "-q", *words, cwd=at, **more)
        files = sorted(os.listdir(at))
        return [] if done.returncode == code else [f"{words}: exit {done.returncode} {done.stderr}"], files

    yield left("-o", "a.jsonl.gz", log) != ([], ["a.jsonl.gz", "a.jsonl.gz.idx"]) and "a file has one"
    yield left("-o", "a.jsonl.gz", log, code=4)[0]
    os.remove(os.path.join(at, "a.jsonl.gz"))
    yield left("-o", "a.jsonl.gz", log, code=4) != ([], ["a.jsonl.gz.idx"]) and "an index that is there stays"
    yield left("--force", "-o", "a.jsonl.gz", log) != ([], ["a.jsonl.gz", "a.jsonl.gz.idx"]) and "--force"
    yield left("--strict", "-o", "b.gz", log, "a.jsonl.gz.idx", code=1)[1] != ["a.jsonl.gz", "a.jsonl.gz.idx"] and "none of a run that failed"
    with open(os.path.join(at, "c.gz"), "wb") as out:
        subprocess.run([tap.TCPLOG, "convert", "-q", "-z", "-o", "/dev/stdout", log], stdout=out, check=True)
    yield os.path.exists("/dev/stdout.idx") and "none of standard output"
    os.rename(log, os.path.join(at, "d.gz.idx"))
    before = tap.read(os.path.join(at, "d.gz.idx"))
    yield left("--force", "-o", "d.gz", "d.gz.idx", code=2)[0] or (tap.read(os.path.join(at, "d.gz.idx")) != before and "a log that is an input is overwritten")
    os.rename(os.path.join(at, "d.gz.idx"), log)


def taken_meanwhile(log):
    """Somebody takes the name of the index, or of the file, while the records come: nothing is left, and the same run is good again."""
    at = os.path.join(folder, "meanwhile")
    os.mkdir(at)
    os.mkfifo(os.path.join(at, "TCP0001.MC"))
    for name in ("x.gz.idx", "x.gz"):
        for words in ((), ("--force",)):
            program = subprocess.Popen([tap.TCPLOG, "convert", "-q", *words, "-o", "x.gz", "TCP0001.MC"], cwd=at, stderr=subprocess.PIPE)
            with open(os.path.join(at, "TCP0001.MC"), "wb") as pipe:
                os.mkdir(os.path.join(at, name))
                pipe.write(tap.read(log)[:100000])
            said = program.communicate()[1]
            if program.returncode != 4 or sorted(os.listdir(at)) != ["TCP0001.MC", name] or not said:
                yield f"{name} {words}: exit {program.returncode}, {os.listdir(at)}, {said}"
            found = tap.run("convert", "-q", *words, "-o", "x.gz", log, cwd=at) if name != "x.gz" else None
            if found and (found.returncode != 4 or sorted(os.listdir(at)) != ["TCP0001.MC", name]):
                yield f"{words}: a folder in the place of the index is not noticed, {found}"
            os.rmdir(os.path.join(at, name))
    done = tap.run("convert", "-q", "-o", "x.gz", log, cwd=at)
    if done.returncode or sorted(os.listdir(at)) != ["TCP0001.MC", "x.gz", "x.gz.idx"]:
        yield f"then: {done.returncode} {done.stderr}"


def in_a_folder():
    """Of a folder of exports each has one; it is made anew with its export."""
    logs, out = os.path.join(folder, "logs"), os.path.join(folder, "out")
    os.mkdir(logs)
    text = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140210-2137-0.pop"))
    for name in ("TCP0001.MP", "TCP0002.MP"):
        tap.write(os.path.join(logs, name), text)
    tap.run("convert", "-q", "-z", "-o", out + "/", logs)
    yield sorted(name for name in os.listdir(out) if ".gz" in name) != [f"TCP000{i}.MP.jsonl.gz{end}" for i in (1, 2) for end in ("", ".idx")] and "one each"
    yield tap.run("cat", "--lines", "1", os.path.join(out, "TCP0001.MP.jsonl.gz")).stderr
    tap.write(os.path.join(logs, "TCP0002.MP"), text + text)
    tap.run("convert", "-q", "-z", "-o", out + "/", logs)
    found = tap.run("cat", "--lines", "1-", os.path.join(out, "TCP0002.MP.jsonl.gz"))
    yield found.stderr or (len(found.stdout.splitlines()) != 10 and found.stdout)


log = generated(1 if tap.SANITIZED else 2)
exports = [Export(log, *how) for how in EXPORTS]
for export in exports:
    tap.check(f"{export.name}: {len(export.members)} members and their index", list(member_faults(export)))
    answers = [(question, tap.run("cat", *words(**question), export.path)) for question in questions(export)]
    tap.check(f"{export.name}: answers", [fault for question, found in answers for fault in differs(export, "index", question, found)])
    tap.check(f"{export.name}: without options all of it", [] if tap.run("cat", export.path).stdout == export.plain else ["differs"])
tap.check("there is something to find", [] if all(len(wanted(exports[0], **question)) for question in list(questions(exports[0]))[:4]) else ["nothing"])
for export in (exports[0], exports[3]):
    tap.check(f"{export.name}: other ways", list(other_ways(export)))
for export in (exports[0], exports[2]):
    tap.check(f"{export.name}: what is not needed is not read", list(needless(export)))
tap.check("several files", list(several(exports)))
tap.check("no records", list(sessions_of_none(log)))
tap.check("bad questions", list(refusals(exports[0])))
tap.check("what is no export", list(no_exports(exports, log)))
piped = os.path.join(folder, "piped.jsonl.gz")
tap.run("convert", "-q", "-o", piped, os.path.join(tap.CORPUS, "pegasus"))
os.unlink(piped + ".idx")
os.mkfifo(piped + ".idx")
found = tap.run("cat", "--lines", "1-2", piped, timeout=60)
tap.check("a pipe is no index", [] if found.stdout.count(b"\n") == 2 and b"[stale-index]" in found.stderr else [found])
tap.check("a full device", list(full_device(exports[0])))
tap.check("folders of exports", [fault for fault in in_a_folder() if fault])
tap.check("an index stands beside a file only", [fault for fault in beside(log) if fault])
tap.check("a file and its index appear both, or none", list(taken_meanwhile(log)))
tap.end()
