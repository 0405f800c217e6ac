#!/usr/bin/env python3
"""JSON Lines read by Python's json and CSV read by Python's csv are the same records, for every log of the corpus and
every kind, with types as published; both are valid; and gzip and standard input change nothing."""
import sys

sys.dont_write_bytecode = True
import gzip
import os

import tap

work = tap.folder()


def convert(log, kind, writer, *more):
    done = tap.run("convert", "-q", "-k", kind, "-f", writer, *more, log, cwd=tap.CORPUS)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{log}: exit {done.returncode} {done.stderr.decode()}")
    return done.stdout


def differences(log, kind):
    exports = {writer: convert(log, kind, writer) for writer in tap.WRITERS}
    objects, rows = tap.jsonl(exports["jsonl"]), tap.table(exports["csv"], kind)
    if len(objects) != len(rows):
        yield f"{log} {kind}: {len(objects)} objects, {len(rows)} rows"
    for number, (thing, row) in enumerate(zip(objects, rows), 1):
        if thing != row:
            keys = [key for key in {**thing, **row} if thing.get(key) != row.get(key) or (key in thing) != (key in row)]
            yield f"{log} {kind} {number}: " + ", ".join(f"{k}: {thing.get(k)!r} / {row.get(k)!r}" for k in keys)
        if list(thing) != list(row):
            yield f"{log} {kind} {number}: keys in another order than columns"
    for writer, data in exports.items():
        path = tap.write(os.path.join(work, f"export.{writer}"), data)
        done = tap.run("validate", path)
        if done.returncode:
            yield f"{log} {kind} {writer} is not valid: {done.stderr.decode()[:500]}"


def mixed(log):
    """All kinds together are what the kinds are alone."""
    together = tap.jsonl(convert(log, "all", "jsonl"))
    for kind in tap.KINDS:
        if [record for record in together if record["kind"] == kind] != tap.jsonl(convert(log, kind, "jsonl")):
            yield f"{log}: {kind} is another with -k all"


def compressed(log):
    for writer in tap.WRITERS:
        if gzip.decompress(convert(log, "line", writer, "-z")) != convert(log, "line", writer):
            yield f"{log}: -z changes {writer}"


logs = tap.logs()
for kind in tap.KINDS:
    tap.check(f"{kind}: JSON Lines and CSV agree and are valid", [f for log in logs for f in differences(log, kind)])
tap.check("all kinds together are what they are alone", [f for log in logs for f in mixed(log)])
tap.check("gzip holds the same bytes", [f for log in logs[::5] for f in compressed(log)])
tap.end()
