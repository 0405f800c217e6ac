#!/usr/bin/env python3
"""--partition: each session's records are in the file that they belong to, once, whatever happened in between: later runs, logs
that grew, runs that were killed."""
import sys

sys.dont_write_bytecode = True
import gzip
import json
import os
import random
import shutil
import subprocess
import time

import tap
import tree

KILLS = 20 if tap.SANITIZED else 60
dice = random.Random(512)
top = tap.folder(tree.MEMORY)
os.chdir(top)
KEYS = {"day": lambda record: record.get("time", "undated")[:10], "month": lambda record: record.get("time", "undated")[:7],
        "server": lambda record: record.get("server", "unknown").lower(), "protocol": lambda record: record["protocol"]}


def convert(by, *words, out="out/", code=None, operands=("logs",)):
    done = tap.run("convert", "-q", "--partition", by, *words, "-o", out, *operands)
    if code is not None and done.returncode != code:
        tap.check(f"convert {by} {words}: exit {code}", [f"exit {done.returncode} {done.stderr.decode()}"])
    return done.stderr.decode()


def parts(out):
    """{name: text} of the partitions; whatever else is there has to be hidden, and only the key may be."""
    names = set(os.listdir(out)) - {tree.JOURNAL, ".tcplog.key"}
    return {name: gzip.decompress(tap.read(os.path.join(out, name))) if name.endswith(".gz") else tap.read(os.path.join(out, name)) for name in names}


def wanted(by, *words, suffix=".jsonl"):
    """What should be there: the records of a plain run, each session's by the key of its first record."""
    found, session, name = {}, None, None
    for row in tap.run("convert", "-q", *words, "logs").stdout.splitlines(keepends=True):
        record = json.loads(row)
        if record["session_id"] != session:
            session, name = record["session_id"], KEYS[by](record) + suffix
        found.setdefault(name, []).append(row)
    return found


def faults(out, by, *words, suffix=".jsonl", ordered=False):
    found, whole = parts(out), wanted(by, *words, suffix=suffix)
    yield from (f"{name} should not be there" for name in found.keys() - whole.keys() if found[name])
    for name, rows in whole.items():
        there = found.get(name, b"").splitlines(keepends=True)
        if there != rows if ordered else sorted(there) != sorted(rows):
            yield f"{name}: {len(there)} rows, not {len(rows)}, {len(set(there))} of them different"


def grow(logs=24):
    shutil.rmtree("logs", ignore_errors=True)
    tree.grow("logs", seed=3, logs=logs)
    tap.write("logs/b/two-days.txt", tree.old_log(3, 36000000) + tree.ONE_CLOCK + tree.old_log(2, 50000000).replace(b"Aug 06", b"Aug 07"))


# --- where records go ---

grow()
for by in KEYS:
    for words in (("-k", "all"), ("-k", "session"), ()):
        convert(by, *words, out=f"{by}{len(words)}{''.join(words[1:])}/")
        tap.check(f"by {by} {' '.join(words)}", list(faults(f"{by}{len(words)}{''.join(words[1:])}/", by, *words, ordered=True)))
tap.check("a log of two days is in two files", [] if len(parts("day0")) == 2 else sorted(parts("day0")))
convert("day", "-z", out="packed/")
tap.check("packed ones are whole", list(faults("packed", "day", suffix=".jsonl.gz", ordered=True)))
tap.check("they are valid", [tap.run("validate", f"{out}/{name}").stderr for out in ("day0", "packed") for name in parts(out) if tap.run("validate", f"{out}/{name}").returncode])
tap.write("odd.txt", tree.old_log(2, 36000000).replace(b"'mx'", b"'../Mx/\xc3\xa9 1'"))
convert("server", out="odd/", operands=("odd.txt",))
tap.check("no server's name leads elsewhere", [] if list(parts("odd")) == [".._mx____1.jsonl".replace("..", "_.", 1)] else list(parts("odd")))
for words, said in ((("--partition", "day", "-o", "x.jsonl"), "-o DIR/"), (("--partition", "day", "-f", "csv", "-o", "x/"), "JSON Lines"), (("--partition", "year", "-o", "x/"), "takes day")):
    done = tap.run("convert", *words, "logs")
    tap.check(f"{' '.join(words)} is refused", [] if done.returncode == 2 and said in done.stderr.decode() else [done.stderr])

# --- later runs ---

def again(what):
    convert("day", "-k", "all", out="out/")
    tap.check(what, list(faults("out", "day", "-k", "all")))


again("a first run")
before = {name: os.stat(f"out/{name}").st_ino for name in parts("out")}
again("nothing new")
tap.write("logs/b/zz.MC", tree.old_log(3, 40000000))
again("a new log")
tap.check("is written behind the others", [name for name in before if os.stat(f"out/{name}").st_ino != before[name]])
tap.write("logs/b/zz.MC", tap.read("logs/b/zz.MC") + tree.old_log(2, 50000000))
again("a log that has grown is not in it twice")
tap.write("logs/TCP0000.MC", tree.old_log(1, 36000000, phase=123))
again("nor are those that learn from it")
tap.write("logs/b/two-days.txt", b"Dear diary\r\n")
again("a log that has become a letter")
# a run that was killed between writing and its commit
with open("out/2014-08-06.jsonl", "ab") as part, open("out/tcplog.journal", "ab") as journal:
    part.write(b'{"kind":"exchange","half')
    row = tap.read("out/tcplog.journal").split(b"\n")[1].split(b"\t")
    size = len(tap.write("logs/b/zzz.MC", tree.old_log(4, 42000000)) and tap.read("logs/b/zzz.MC"))
    now = os.stat("logs/b/zzz.MC").st_mtime_ns
    boot = tap.read("/proc/sys/kernel/random/boot_id").strip()
    journal.write(b"\trun\t" + boot + b"\n\tnew\t2099-01-01.jsonl\n\tlength\t2014-08-06.jsonl\t7\n")
    journal.write(b"\t".join([b"b/zzz.MC.jsonl", b"logs/b/zzz.MC", str(size).encode(), str(now).encode(), b"999", b"999"] + row[6:]) + b"\n")
tap.write("out/2099-01-01.jsonl", b"stray\n")
again("what was not committed is cut off, and done")
tap.check("with files that were begun", [] if not os.path.exists("out/2099-01-01.jsonl") else ["it is there"])
with open("out/2014-08-07.jsonl", "ab") as part:
    part.write(b'{"kind":"exchange","half')
again("also where nothing new goes to the file")
months = b"".join(tree.old_log(1, 36000000).replace(b"Aug 06", f"{m} {d:02}".encode()) for m in ("Jan", "Mar", "May") for d in range(1, 15))
tap.write("logs/many.txt", months)
again("a log of more days than its line can name")
tap.write("logs/many.txt", months + tree.old_log(1, 40000000))
again("which has grown")
name = 'logs/od"d\\ \xff.txt'.encode("latin-1")
tap.write(name, tree.old_log(1, 30000000))
again("a log with an odd name")
tap.write(name, tree.old_log(2, 30000000))
again("which has grown")
os.unlink(name)
tap.check("another partition is refused", [] if "[other-options]" in convert("month", "-k", "all", code=2) else ["it is not"])
convert("month", "-k", "all", "--force")
tap.check("--force makes it anew", list(faults("out", "month", "-k", "all")))
gone = sorted(parts("out"))[0]
os.unlink(f"out/{gone}")
tap.check("a partition that is gone is told", [] if "[partition-gone]" in convert("month", "-k", "all", code=2) else ["it is not"])
convert("month", "-k", "all", "--force")
tap.check("and made anew where that is asked for", list(faults("out", "month", "-k", "all")))

# --- kills ---

def change():
    path = f"logs/{dice.choice(['', 'a/', 'a/deep/', 'b/'])}TCP{dice.randrange(0, 0x300):04X}.MC"
    old = tap.read(path) if os.path.exists(path) and dice.random() < 0.5 else b""
    tap.write(path, old + tree.old_log(dice.choice([1, 2, 20]), 36000000 + 60000 * dice.randrange(20)).replace(b"Aug 06", dice.choice([b"Aug 06", b"Aug 07", b"Aug 08"])))


for words, suffix, changes in (((), ".jsonl", False), ((), ".jsonl", True), (("-z",), ".jsonl.gz", True)):
    grow(logs=160)
    begin = time.monotonic()
    convert("day", "-k", "all", *words, out=f"timed{len(words)}{changes}/")
    took, kills, rounds, found = time.monotonic() - begin, 0, 0, []
    while kills < KILLS // 3 and not found and rounds < 200:
        grow(logs=160)
        shutil.rmtree("out", ignore_errors=True)
        longest = took
        while True:
            program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-k", "all", "--partition", "day", *words, "-o", "out/", "logs"], stderr=subprocess.DEVNULL)
            time.sleep(dice.random() * longest)
            program.kill()
            if program.wait() >= 0:
                break
            kills, longest = kills + 1, longest * 1.02
            if changes and dice.random() < 0.5:
                change()
        convert("day", "-k", "all", *words)
        found, rounds = list(faults("out", "day", "-k", "all", suffix=suffix, ordered=not changes)), rounds + 1
    tap.check(f"{' '.join(words)} {'with changes' if changes else 'without changes'}: {kills} kills in {rounds} rounds, and nothing is twice or missing", found + ([] if kills >= KILLS // 3 else ["too few"]))

if os.getuid() == 0 and not os.mkdir("disk") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", "disk"], capture_output=True).returncode == 0:
    try:
        grow()
        tap.check("a full disk ends the run", [] if "No space left" in convert("day", "-k", "all", out="disk/out/", code=4) else ["it does not say why"])
        subprocess.run(["mount", "-o", "remount,size=8m", "disk"], check=True)
        convert("day", "-k", "all", out="disk/out/")
        tap.check("with more room it goes on", list(faults("disk/out", "day", "-k", "all")))
    finally:
        subprocess.run(["umount", "disk"], check=False)
else:
    print("ok - a full disk # SKIP only root can make a small one")
tap.end()
