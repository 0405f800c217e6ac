#!/usr/bin/env python3
"""Whatever the bytes: the summary balances, each physical line is exactly one record or was refused, its offset leads to
its bytes, the export is valid, no number is negative. 300 seeded files of noise, half-true logs, truncations, flipped
bits and storms of CR, LF and NUL; and for the corpus each line's bytes come back from its record."""
import sys

sys.dont_write_bytecode = True
import base64
import os
import random
import re

import tap

FILES = 40 if tap.SANITIZED else 300
LONGEST = 64 * 1024
STAMP = re.compile(rb"\d\d:\d\d:\d\d\.\d{3}:")
NAMES = ("TCP0000.MS", "TCP00FF.mp", "TCP-140806-2141-0.smtp", "tcp0003.MD", "TCP0050.WPM", "noise.txt")
work = tap.folder()
chance = random.Random(4711)
whole = [tap.read(os.path.join(tap.CORPUS, log)) for log in tap.logs()]


def pure(n):
    return chance.randbytes(n)


def stamp():
    return b"%02d:%02d:%02d.%03d: " % tuple(chance.randrange(n) for n in (26, 62, 62, 1000))


def half_true(n):
    """Lines with stamps and arrows and words that mean something, in no order that does."""
    words = [b"220 hi", b"250-a", b"250 b", b"EHLO x", b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"DATA", b"354 go", b".", b"..",
             b"+OK", b"-ERR no", b"+ ", b"USER u", b"PASS p", b"RETR 1", b"LIST", b"UIDL", b"AUTH LOGIN", b"334 VXNlcm5hbWU6", b"QUIT",
             b"STARTTLS", b"STLS", b"BDAT 10", b"BDAT 0 LAST", b"221 bye", b"* OK IMAP", b"a1 LOGIN u p",
             b"a1 OK", b"a1 NO [INUSE] x", b"* 1 FETCH (BODY[] {20}", b")", b"a1 APPEND x {9}", b"a1 LOGIN {3+}", b"a2 IDLE", b"DONE", b"* BYE", b"* BAD", b"* 1 EXISTS", b"", b"\xff\xfe", b"\xc3\xa9"]
    heads = [b">> ", b"<< ", b">>", b"<<", b"", b"[*] ", b"[!] ", b"8: ", b"--- Mon Feb 10 21:41:43 2014 ---", b"Connection from 192.0.2.1, ",
             b"--- Connection closed normally at Thu Apr 07 03:14:14 2011. ---", b"Connect to 'h', timeout 30."]
    tails = [b"<cr><lf>\r\n", b"\r\n", b"\n", b"<lf>\r\n", b"<cr><lf>\n", b"\r\r\n", b""]
    rows = [(stamp() if chance.random() < 0.9 else b"") + chance.choice(heads) + chance.choice(words) * chance.randrange(3) + chance.choice(tails)
            for _ in range(n // 30)]
    return b"".join(rows)


def cut(_):
    data = chance.choice(whole)
    return data[: chance.randrange(len(data) + 1)]


def flipped(_):
    data = bytearray(chance.choice(whole))
    for _ in range(1 + len(data) // chance.choice((20, 200, 2000))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def storm(n):
    return bytes(chance.choices(b"\r\n\0 :<>.0", k=n))


def spliced(_):
    a, b = chance.choice(whole), chance.choice(whole)
    return a[: chance.randrange(len(a) + 1)] + storm(chance.randrange(40)) + b[chance.randrange(len(b) + 1):]


def giant(n):
    """Lines around the longest that a reader keeps."""
    return half_true(300) + b"".join(stamp() + b">> " + b"y" * (LONGEST + chance.randrange(-40, 40)) + b"\n" for _ in range(2)) + half_true(n // 8)


MAKERS = (pure, half_true, half_true, cut, flipped, flipped, storm, spliced, giant)


def balance(done, lines):
    said = re.search(rb"(\d+) read = (\d+) in sessions.* \+ (\d+) in files refused", done.stderr)
    if not said:
        yield "no summary"
    elif int(said[1]) != lines or int(said[1]) != int(said[2]) + int(said[3]):
        yield f"{lines} lines, but {said[0].decode()}"


def parts(raw):
    """Stamp and rest of a line, as the grammar has them."""
    head = STAMP.match(raw)
    return (raw[: 12].decode(), raw[head.end():]) if head else (None, raw)


def line_faults(record, raw, at):
    number, said = record["line"], record["text"].encode()
    if record["offset"] != at or record["line_end"] != number:
        yield f"line {number} at {record['offset']}, not {at}; line_end {record['line_end']}"
    if "text_base64" in record:
        said = base64.b64decode(record["text_base64"])
    if not record.get("redacted") and said not in raw:
        yield f"line {number}: {said[:60]!r} is not in {raw[:80]!r}"
    if "time_logged" in record and record["time_logged"] != parts(raw)[0]:
        yield f"line {number}: stamped {record['time_logged']}"


def lines_of(data):
    """(offset, bytes without line end) of each physical line; a byte order mark belongs to none."""
    at = 0
    for number, raw in enumerate(tap.physical(data)):
        mark = 3 if number == 0 and raw.startswith(b"\xef\xbb\xbf") else 0
        yield at + mark, raw[mark:]
        at += len(raw) + 1


def every_line(records, data):
    lines = [record for record in records if record["kind"] == "line"]
    physical = list(lines_of(data))
    if [record["line"] for record in lines] != list(range(1, len(physical) + 1)):
        yield f"{len(lines)} line records for {len(physical)} lines"
        return
    for record, (at, raw) in zip(lines, physical):
        yield from line_faults(record, raw, at)


def negative(records):
    return [f"{key}: {value} in {record['id']}" for record in records for key, value in record.items() if isinstance(value, int) and value < 0]


def faults(name, data):
    path = tap.write(os.path.join(work, name), data)
    done = tap.run("convert", "-k", "all", path)
    if done.returncode not in (0, 1):
        yield f"exit {done.returncode}: {done.stderr[-300:]}"
        return
    yield from balance(done, len(tap.physical(data)))
    records = tap.jsonl(done.stdout)
    yield from negative(records)
    if not re.search(rb"not-a-session-log|general-log", done.stderr):
        yield from every_line(records, data)
    elif records:
        yield "refused, and yet there are records"
    valid = tap.run("validate", tap.write(os.path.join(work, "export.jsonl"), done.stdout))
    if valid.returncode:
        yield f"not valid: {valid.stderr[:300]}"


def labelled(label, found):
    return [f"{label}: {fault}" for fault in found]


def bytes_come_back(data, records):
    """The line put together again from what its record holds, wherever nothing was masked."""
    tokens = {"crlf": b"<cr><lf>", "lf": b"<lf>"}
    for record, (_, raw) in zip(records, lines_of(data)):
        if record.get("redacted"):
            continue
        said = base64.b64decode(record["text_base64"]) if "text_base64" in record else record["text"].encode()
        said += tokens.get(record.get("token_eol"), b"")
        eol = b"\r" if record["eol"] == "crlf" else b""
        arrow = record.get("arrow", "").encode()
        head = record["time_logged"].encode() + b": " if "time_logged" in record else b""
        again = head + arrow + (b" " if arrow else b"") + said
        # blanks at the end of an empty payload may have been trimmed; a server's opening has a token of its own
        if raw not in (again + eol, again.rstrip() + eol, again + b"<lf>" + eol):
            yield f"line {record['line']}: {raw!r} is not {again + eol!r}"


def corpus_bytes(log):
    path = os.path.join(tap.CORPUS, log)
    done = tap.run("convert", "-q", "-k", "line", path)
    return labelled(log, bytes_come_back(tap.read(path), tap.jsonl(done.stdout)))


def corpus():
    for log, data in zip(tap.logs(), whole):
        yield from labelled(log, faults(os.path.basename(log), data))


def damaged(maker, count):
    for i in range(count):
        data = maker(int(10 ** chance.uniform(0, 4.3)))
        name = chance.choice(NAMES)
        found = labelled(f"{maker.__name__} {i} as {name}, {len(data)} bytes", faults(name, data))
        if found and os.environ.get("KEEP"):
            tap.write(os.path.join(os.environ["KEEP"], f"{maker.__name__}-{i}-{name}"), data)
        yield from found


tap.check("every log of the corpus is accounted for", list(corpus()))
tap.check("the bytes of every unmasked line of the corpus come back", [f for log in tap.logs() for f in corpus_bytes(log)])
for maker in dict.fromkeys(MAKERS):
    share = FILES * MAKERS.count(maker) // len(MAKERS)
    tap.check(f"{share} files: {maker.__name__.replace('_', ' ')}", list(damaged(maker, share)))
tap.check("an empty file, and one that holds a line end only",
          [f for data in (b"", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\0") for f in labelled(data, faults(NAMES[0], data))])
tap.end()
