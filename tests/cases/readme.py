#!/usr/bin/env python3
"""What README.md shows is what comes out: its console blocks are run, one after the other as in a reader's terminal, on a copy of
the bundled logs. Blocks whose inputs are not bundled are passed over. Of a JSON object fields may be left out."""
import sys

sys.dont_write_bytecode = True
import difflib
import json
import os
import re
import shlex
import shutil
import subprocess

import tap

README = os.path.join(tap.TESTS, "..", "README.md")
LEAST = 6  # blocks that can be run: fewer, and this test looks past them
folder = tap.folder()
shutil.copytree(tap.CORPUS, os.path.join(folder, "tests", "corpus"))
os.mkdir(os.path.join(folder, "bin"))
os.symlink(tap.TCPLOG, os.path.join(folder, "bin", "tcplog"))


def commands(block):
    """(command, what is shown of it); a command goes on behind a backslash, and behind a bar."""
    for text in re.split(r"(?m)^\$ ", block)[1:]:
        command = re.match(r"(?:.*[\\|]\n)*.*\n?", text)[0]
        yield command.strip(), text[len(command):]


def runs(command, where):
    """Whether its input, the last operand, is there."""
    words = shlex.split(command.split("|")[0])
    return words[:2] == ["tcplog", "codes"] or words[0] in ("cd", "tcplog") and os.path.exists(os.path.join(where, words[-1]))


def objects(*texts):
    try:
        return [json.loads(text, object_pairs_hook=tap.no_twice) for text in texts]
    except ValueError:
        return None


def faults(command, shown, where):
    environment = {**os.environ, "PATH": os.path.join(folder, "bin") + ":" + os.environ["PATH"]}
    done = subprocess.run(["sh", "-c", command], cwd=where, env=environment, capture_output=True, text=True, check=False)
    said, both = done.stdout + done.stderr, objects(shown, done.stdout)
    if both and shown.startswith("{"):
        shown, said = (json.dumps({name: one.get(name) for name in both[0]}, indent=2) for one in both)
    if said.rstrip() != shown.rstrip():
        yield "\n".join([command, *difflib.unified_diff(shown.splitlines(), said.splitlines(), "README.md", "now", lineterm="", n=0)])


def wrong(text):
    where, run = folder, 0
    for block in re.findall(r"(?s)^```console\n(.*?)^```", text, re.M):
        for command, shown in commands(block):
            if not runs(command, where):
                break
            if command.startswith("cd "):
                where = os.path.join(where, command[3:])
                continue
            run += 1
            yield from faults(command, shown, where)
    if run < LEAST:
        yield f"only {run} commands can be run"


if shutil.which("jq"):
    tap.check("README.md shows what comes out", list(wrong(tap.read(README).decode())))
else:
    print("ok - README.md # SKIP jq is not installed")
tap.end()
