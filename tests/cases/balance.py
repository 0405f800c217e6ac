#!/usr/bin/env python3
"""Every physical line is in exactly one line record, with its own bytes; for the corpus and for damaged and random
bytes. What comes out is valid, CSV and JSON Lines agree, and no number is negative."""
import base64, csv, io, json, os, random, re, subprocess, sys, tempfile

tcplog, corpus = os.environ["TCPLOG"], os.path.join(os.environ["TESTS"], "corpus")
few = bool(os.environ.get("SANITIZED"))
work = tempfile.mkdtemp()
failures = []


def run(*words):
    return subprocess.run([tcplog, *words], capture_output=True)


def physical(data):
    lines = data.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def typed(row, types):
    return {k: int(v) if types[k] == "NUMBER" else v == "true" if types[k] == "FLAG" else json.loads(v) if types[k] == "LIST" else v
            for k, v in row.items() if v != "" or k == "text"}


TYPES = {m[0]: m[1] for m in re.findall(r"^FIELD\((\w+), (\w+),", open(os.path.join(os.environ["TESTS"], "../schemas/fields.def")).read(), re.M)}


def check(name, data):
    path = os.path.join(work, "TCP0000.MS")
    open(path, "wb").write(data)
    done = run("convert", "-k", "all", path)
    if done.returncode not in (0, 1) or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        return f"{name}: exit {done.returncode} {done.stderr[:1500].decode(errors='replace')}"
    records = [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]
    lines = [r for r in records if r["kind"] == "line"]
    expected = physical(data)
    if [r["line"] for r in lines] != list(range(1, len(expected) + 1)):
        return f"{name}: {len(lines)} line records for {len(expected)} lines"
    at = 0
    for record, line in zip(lines, expected):
        skip = 3 if record["line"] == 1 and line.startswith(b"\xef\xbb\xbf") else 0
        if record["offset"] != at + skip:
            return f"{name}: line {record['line']} at {record['offset']}, not {at + skip}"
        at += len(line) + 1
        text = base64.b64decode(record["text_base64"]) if "text_base64" in record else record["text"].encode()
        if not record.get("redacted") and len(line) < 60000 and text not in line:
            return f"{name}: line {record['line']}: text is not of the log"
    if any(isinstance(v, int) and v < 0 for r in records for v in r.values()):
        return f"{name}: a negative number"
    balance = re.search(rb"(\d+) read = (\d+) in sessions.* \+ (\d+) in files refused", done.stderr)
    if int(balance[1]) != int(balance[2]) + int(balance[3]) or int(balance[1]) != len(expected):
        return f"{name}: the summary does not balance: {balance[0]}"
    for kind in ("line", "exchange", "message", "session"):
        out = run("convert", "-q", "-k", kind, "-f", "csv", path).stdout.decode()
        rows = list(csv.reader(io.StringIO(out, newline="")))
        cells = [typed(dict(zip(rows[0], row)), TYPES) for row in rows[1:]]
        for a, b in zip([r for r in records if r["kind"] == kind], cells):
            if {k: v for k, v in a.items() if v != ""} != {k: v for k, v in b.items() if v != ""}:
                return f"{name}: CSV and JSON Lines differ in {kind} {a['sequence']}"
        if len(cells) != sum(r["kind"] == kind for r in records):
            return f"{name}: CSV has {len(cells)} {kind} records"
    export = os.path.join(work, "export.jsonl")
    open(export, "wb").write(done.stdout)
    if run("validate", export).returncode:
        return f"{name}: the export is not valid: {run('validate', export).stderr[:300]}"
    return None


def test(what, cases):
    found = [f for f in (check(*case) for case in cases) if f]
    print("ok" if not found else "not ok", "-", what)
    for line in found[:5]:
        print("#", line)
    failures.extend(found)


logs = [os.path.join(d, n) for d, _, ns in os.walk(corpus) for n in ns if not n.endswith((".jsonl", ".csv", ".log"))]
test("every log of the corpus balances", [(p, open(p, "rb").read()) for p in sorted(logs)])
rng = random.Random(20261124)
sample = [open(p, "rb").read() for p in sorted(logs)]


def damaged():
    data = bytearray(rng.choice(sample))
    how = rng.randrange(5)
    if how == 0:
        del data[rng.randrange(len(data)):]
    elif how == 1:
        for _ in range(rng.randrange(1, 40)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif how == 2:
        for _ in range(rng.randrange(1, 20)):
            data.insert(rng.randrange(len(data)), rng.choice(b"\r\n\0<>\xff "))
    elif how == 3:
        rows = data.split(b"\n")
        rng.shuffle(rows)
        data = b"\n".join(rows)
    else:
        del data[:rng.randrange(len(data))]
    return bytes(data)


def noise():
    return bytes(rng.choice((rng.randrange(256), 10, 13, 0x3E)) for _ in range(rng.randrange(1, 5000)))


test("damaged logs balance", [(f"damaged {i}", damaged()) for i in range(10 if few else 60)])
test("random bytes balance", [(f"random {i}", noise()) for i in range(5 if few else 20)])
long = b"21:41:43.760: << " + b"x" * 200000 + b"\r\n21:41:43.760: << y\r\n"
test("a line of 200 KB is cut and accounted for", [("long", long)])
sys.exit(bool(failures))
