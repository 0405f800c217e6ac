#!/usr/bin/env python3
"""The scripts in examples/ on awkward logs: what a log says does not steer a terminal, nothing is called null, a command that no
table knows is no greeting, and a log that is there twice, or in an archive, is not counted twice over. DuckDB is not in
Debian: what its script asks for is held against the schema; of SQLite the answers are looked at, where it is installed."""
import sys

sys.dont_write_bytecode = True
import os
import re
import shutil
import subprocess
import tarfile

import tap

EXAMPLES = os.path.join(tap.TESTS, "..", "examples")
LOG = """05:12:17.017: --- Mon Nov 23 05:12:17 2026 ---
05:12:17.018: Connect to '127.0.0.1', timeout 30.
05:12:18.020: >> +OK POP3 mbox.example.net ready <123.456@mbox.example.net><cr><lf>
05:12:18.020: << USER edB<cr><lf>
05:12:18.021: >> +OK<cr><lf>
05:12:18.021: << PASS pwB<cr><lf>
05:12:18.030: >> -ERR%s<cr><lf>
05:12:18.031: << QUIT<cr><lf>
05:12:18.031: >> +OK Logging out.<cr><lf>
05:12:18.032: --- Connection closed normally at Mon Nov 23 05:12:18 2026. ---
05:12:18.032:
"""
GREETING = """07:00:00.000: --- Mon Nov 23 07:00:00 2026 ---
07:00:00.001: Connect to '127.0.0.1', timeout 30.
07:00:01.002: >> 220 mail.example.net ESMTP<cr><lf>
07:00:01.003: << .x<cr><lf>
07:00:01.004: >> 500 What?<cr><lf>
07:00:01.005: << QUIT<cr><lf>
07:00:01.006: >> 221 Bye<cr><lf>
07:00:01.007: --- Connection closed normally at Mon Nov 23 07:00:01 2026. ---
07:00:01.008:
"""
folder = tap.folder()


def log(name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return tap.write(path, text.replace("\n", "\r\n").encode())


def example(name, *words, path="", **more):
    environment = {**os.environ, "TCPLOG": tap.TCPLOG, "PATH": path + os.environ["PATH"], **more}
    done = subprocess.run([os.path.join(EXAMPLES, name), *words], capture_output=True, env=environment, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


steering = log("TCP0001.MD", LOG % " \x1b]0;pwned\x07\x1b[31mred")
bare = log("TCP0002.MD", LOG % "")
strange = log("TCP0003.MC", GREETING)
refused = LOG % " [AUTH] Authentication failed."
copies = [log(f"twice/{name}/TCP0004.MD", refused) for name in "ab"]
archive = os.path.join(folder, "twice.tar")
with tarfile.open(archive, "w") as tar:
    for copy in copies:
        tar.add(copy, os.path.relpath(copy, os.path.join(folder, "twice")))


def shown(name, *words):
    """What a script prints of awkward logs."""
    code, said, problems = example(name, *words)
    if problems:
        yield problems
    if code != (name == "check.sh"):
        yield f"exit {code}"
    yield from (repr(line) for line in said.splitlines() if re.search(r"[\x00-\x1f\x7f]|\bnull\b", line))
    if "?]0;pwned??[31mred" not in said or f"{strange}:4" not in said:
        yield said
    if re.search(r":4:?  ?greeting", said):
        yield "a strange command is called greeting"


def places(name, what):
    """A refusal of each copy in an archive stands once, with the member's name."""
    said = example(name, archive)[1]
    found = re.findall(what, said)
    if found != [f"{archive}!/a/TCP0004.MD:6", f"{archive}!/b/TCP0004.MD:6"]:
        yield said


def duckdb():
    """A stand-in notes what it is asked."""
    notes = os.path.join(folder, "asked")
    stand_in = os.path.join(folder, "bin", "duckdb")
    os.makedirs(os.path.dirname(stand_in))
    tap.write(stand_in, f'#!/bin/sh\necho "$3" >>{notes}\n'.encode())
    os.chmod(stand_in, 0o755)
    code, _, problems = example("duckdb.sh", "database", *copies, path=os.path.dirname(stand_in) + ":")
    if code or problems:
        yield f"exit {code} {problems}"
    asked = re.findall(r"CREATE OR REPLACE TABLE (\w+) AS\s+SELECT .*columns=\{(.*)\}\)", tap.read(notes).decode())
    types = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN", "array": "VARCHAR[]"}
    for kind in ("exchange", "session"):
        want = ", ".join(f"'{name}': '{types[type_]}'" for name, type_ in tap.columns(kind).items())
        if (kind, want) not in asked:
            yield f"{kind}: {asked}"


def sqlite():
    code, said, problems = example("sqlite.sh", os.path.join(folder, "database"), *copies)
    if code or problems or said.count("[AUTH] Authentication failed.") != 1 or not re.search(r"pop3 +failure +1\b", said):
        yield f"exit {code} {said} {problems}"


if not shutil.which("jq"):
    print("ok - the examples # SKIP jq is not installed")
    sys.exit()
for script in ("questions.sh", "check.sh"):
    tap.check(f"{script}: control characters, missing fields and strange commands", list(shown(script, steering, bare, strange)))
tap.check("questions.sh: copies in an archive", list(places("questions.sh", r"(\S+)  PASS -> -ERR")))
tap.check("check.sh: copies in an archive", list(places("check.sh", r"(?m)^(\S+): PASS: ")))
tap.check("duckdb.sh: columns and types are the schema's", list(duckdb()))
if shutil.which("sqlite3"):
    tap.check("sqlite.sh: a log that is there twice counts once", list(sqlite()))
else:
    print("ok - sqlite.sh # SKIP sqlite3 is not installed")
tap.end()
