#!/usr/bin/env python3
"""Work grows with the length of a line, and no faster: eight times as long a line of what looks like one beginning after
the other needs about eight times the instructions, on either side of each protocol. Nor does it matter much how like a line is to the secrets that
are remembered. Counted by callgrind, never timed."""
import os
import re
import subprocess
import sys

import tap

if os.environ.get("SANITIZED"):
    print("ok - instructions # SKIP sanitizers have instructions of their own")
    sys.exit()

WORK = tap.folder()
SHORT, TIMES, MOST, MOST_ALIKE = 1000, 8, 11, 2
UNITS = ["a-", "a_", "\xe9-", "250-", "1.2.3.41", "a.b", "a@b.c ", "PASS-", "APOP-", "<lf>", "<cr><lf>a", "APOP<lf>", "{1}", "\"\\", "QUJDREVG ", "LOGIN ", "apop=", "1:2::", "\xa0", "\x01"]
TALKS = {"TCP0001.MC": (["S 220 mx", "C EHLO me", "S 250 ok"], "NOOP ", "550-"), "TCP0001.MD": (["S +OK x", "C NOOP"], "NOOP ", "-ERR "),
         "TCP0001.WPM": (["S * OK IMAP4rev1", "C a1 NOOP"], "a1 XX ", "* OK "), "TCP0001.MB": (["S hello"], "", ""),
         # a name that the lines repeat, and which is masked there
         "TCP0002.MC": (["S 220 mx", "C EHLO me", "S 250 AUTH LOGIN", "C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YQ=="], "NOOP ", "550 ")}


def log(name, length):
    talk, asks, answers = TALKS[name]
    for unit in UNITS if length else []:
        filler = (unit * length)[:length]
        talk = talk + ["C " + asks + filler, "S " + answers + filler, filler]
    arrows = {"C": "<< ", "S": ">> "}
    rows = ["12:00:00.000: --- Thu Apr 07 03:14:07 2011 ---", "12:00:00.000: Connect to 'mx.example', timeout 30."]
    rows += [f"12:00:00.000: {arrows[row[0]]}{row[2:]}<cr><lf>" if row[:2] in ("C ", "S ") else row for row in talk]
    return tap.write(os.path.join(WORK, name), "".join(row + "\r\n" for row in rows).encode("latin-1"))


def likeness(name, secrets, word):
    """Sixteen logins fail, the last one as `word`; then long lines come that repeat this and look like those in which "a" is."""
    arrows = {"C": "<< ", "S": ">> "}
    talk = ["S +OK hi" if name.endswith("D") else "S 220 mx"]
    for secret in [*secrets, word]:
        talk += ["C USER ann", "S +OK", f"C PASS {secret}", "S -ERR no"] if name.endswith("D") else ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", f"C {secret}", "S 334 UGFzc3dvcmQ6", "C *", "S 535 no"]
    for line in (f"{word} " * 15 + "a" * 8000, "a" * 8000, ("aa- " * 20 + "a" * 800)):
        talk += ["C NOOP", ("S -ERR " if name.endswith("D") else "S 550 ") + line] * 2
    rows = ["12:00:00.000: --- Thu Apr 07 03:14:07 2011 ---", "12:00:00.000: Connect to 'mx.example', timeout 30."]
    rows += [f"12:00:00.000: {arrows[row[0]]}{row[2:]}<cr><lf>" for row in talk]
    return tap.write(os.path.join(WORK, name), "".join(row + "\r\n" for row in rows).encode())


def instructions(path, *options):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", os.environ["TCPLOG"], "convert", "-q", "-k", "all", *options, "-o", "/dev/null", path],
                          capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) if found else 0


for name, redaction in ((name, redaction) for name in TALKS for redaction in ("secrets", "identities")):
    nothing, short, long = (instructions(log(name, length), "--redact", redaction) for length in (0, SHORT, SHORT * TIMES))
    ratio = (long - nothing) / max(1, short - nothing)
    tap.check(f"{name}: lines {TIMES} times as long, {redaction} hidden", [] if nothing and 1 < ratio < MOST else [f"{ratio:.1f} times the instructions: {nothing}, {short}, {long}"])
for name, width in (("TCP0003.MC", 120), ("TCP0003.MD", 60)):
    unlike, alike = (instructions(likeness(name, [letter * width + f"-{i:02}" for i in range(15)], "hi")) for letter in "za")
    tap.check(f"{name}: lines like what is remembered", [] if unlike and alike < MOST_ALIKE * unlike else [f"{alike} instructions, not {unlike}"])
tap.end()
