"""What test scripts in Python share: the program, the logs of the corpus, exports read by Python's own parsers, and TAP
lines. It is imported, never run; it decides nothing about what is right."""
import atexit
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

TCPLOG, TESTS = os.environ["TCPLOG"], os.environ["TESTS"]
SANITIZED = bool(os.environ.get("SANITIZED"))
CORPUS = os.path.join(TESTS, "corpus")
KINDS = ("line", "exchange", "message", "session")
WRITERS = ("jsonl", "csv")

failed = False


def check(what, faults):
    """One TAP line: it is well if there are no faults."""
    global failed
    failed |= bool(faults)
    print("not ok -" if faults else "ok -", what)
    for fault in list(faults)[:5]:
        print("#", str(fault).replace("\n", "\n# ")[:1500])
    sys.stdout.flush()


def end():
    sys.exit(1 if failed else 0)


def folder(parent=None):
    """A new folder that is gone when the test is."""
    path = tempfile.mkdtemp(prefix="tcplog-test-", dir=parent)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def run(*words, **more):
    """A sanitizer's finding is an exception: it may hide behind an exit code that was expected."""
    done = subprocess.run([TCPLOG, *words], capture_output=True, check=False, **more)
    if done.returncode < 0 or b"Sanitizer" in done.stderr or b"runtime error:" in done.stderr:
        raise RuntimeError(f"{words} {done.returncode} {done.stderr.decode(errors='replace')[:3000]}")
    return done


def preloaded(source, where="."):
    """Path of a library to stand in front of the C library, built here of C; None where it cannot be had: sanitizers want to be
    first among all libraries."""
    write(os.path.join(where, "shim.c"), source.encode())
    compilers = [os.environ.get("CC", "cc").split()[0], "cc", "gcc", "clang"]
    for compiler in filter(shutil.which, () if SANITIZED else compilers):
        if subprocess.run([compiler, "-shared", "-fPIC", "-o", "shim.so", "shim.c", "-ldl"], cwd=where, check=False).returncode == 0:
            return os.path.abspath(os.path.join(where, "shim.so"))
    return None


def is_golden(name):
    return any(name.endswith(f".{kind}.{writer}") for kind in KINDS for writer in WRITERS)


def logs():
    """Paths of all logs below the corpus, general logs and damaged ones too, relative to it."""
    found = [os.path.relpath(os.path.join(where, name), CORPUS)
             for where, _, names in os.walk(CORPUS) for name in names if not is_golden(name)]
    return sorted(found)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def physical(data):
    """The lines of a log as its reader counts them, without their line feeds."""
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def no_twice(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key stands twice")
    return dict(pairs)


def jsonl(data):
    """Strict: UTF-8, one object a line, every line ended, no key twice."""
    rows = data.decode("utf-8").split("\n")
    if rows.pop() != "":
        raise ValueError("the last line has no end")
    return [json.loads(row, object_pairs_hook=no_twice) for row in rows]


def columns(kind):
    """Name and type of each column as the published Table Schema has them."""
    schema = json.loads(run("schema", "--form", "table-schema", "-k", kind).stdout)
    return {field["name"]: field["type"] for field in schema["fields"]}


def typed(cell, type_):
    reader = {"integer": int, "boolean": {"true": True, "false": False}.__getitem__, "array": json.loads}
    return reader.get(type_, str)(cell)


MISSING = "\ue000missing"


def table(data, kind):
    """Rows as records. Python's csv cannot tell nothing from "": what stands bare between two commas is marked first."""
    types = columns(kind)
    rows = list(csv.reader(io.StringIO(mark_missing(data.decode("utf-8")), newline=""), strict=True))
    if rows[0] != list(types):
        raise ValueError(f"header {rows[0]}")
    if any(len(row) != len(types) for row in rows):
        raise ValueError("not a rectangle")
    return [{name: typed(cell, types[name]) for name, cell in zip(types, row) if cell != MISSING} for row in rows[1:]]


def mark_missing(text):
    """Every second piece between quotes is inside a cell; only in the others are commas separators."""
    pieces = text.split('"')
    for i in range(0, len(pieces), 2):
        whole = pieces[i].replace(",\r\n", f",{MISSING}\r\n")
        while ",," in whole:
            whole = whole.replace(",,", f",{MISSING},")
        pieces[i] = whole
    return '"'.join(pieces)
