#!/usr/bin/env python3
"""--partition: each session's records are in the file that they belong to, once, whatever happened in between: later runs, logs
that grew, runs that were killed. A CSV file has its header once, a packed file members that end where records do, and an
index that tells the truth of them."""
import sys

sys.dont_write_bytecode = True
import csv
import os
import random
import resource
import shutil
import subprocess
import time

import tap
import tree
from divided import index_faults, parts, record_of, rows_of

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


def wanted(by, *words, suffix=".jsonl"):
    """What should be there: the records of a plain run, each session's by the key of its first record; and the header."""
    found, session, name, form = {}, None, None, suffix.split(".")[1]
    header, rows = rows_of(tap.run("convert", "-q", "-f", form, *words, "logs").stdout, form)
    for row in rows:
        record = record_of(header, row)
        if record["session_id"] != session:
            session, name = record["session_id"], KEYS[by](record) + suffix
        found.setdefault(name, []).append(row)
    return header, found


def faults(out, by, *words, suffix=".jsonl", ordered=False):
    form = suffix.split(".")[1]
    found, (header, whole) = parts(out), wanted(by, *words, suffix=suffix)
    yield from (f"{name} should not be there" for name in found.keys() - whole.keys() if rows_of(found[name], form)[1])
    for name, rows in whole.items():
        head, there = rows_of(found.get(name, b""), form)
        if head != header or (there != rows if ordered else sorted(there) != sorted(rows)):
            yield f"{name}: {len(there)} rows, not {len(rows)}, {len(set(there))} of them different"
    for name in found:
        if name.endswith(".gz"):
            yield from index_faults(os.path.join(out, name), form)
    for name in ("x", *found)[1:3]:
        done = tap.run("validate", os.path.join(out, name))
        if done.returncode:
            yield f"validate {name}: {done.stderr.decode()}"


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
    for kind in tap.KINDS:
        convert(by, "-f", "csv", "-k", kind, out=f"{by}-csv-{kind}/")
        tap.check(f"by {by} CSV {kind}", list(faults(f"{by}-csv-{kind}", by, "-k", kind, suffix=".csv", ordered=True)))
tap.check("a log of two days is in two files", [] if len(parts("day0")) == 2 else sorted(parts("day0")))
convert("day", "-z", out="packed/")
tap.check("packed ones are whole", list(faults("packed", "day", suffix=".jsonl.gz", ordered=True)))
for form, words in (("jsonl", ("-z9",)), ("csv", ("-z",)), ("csv", ("-z1",)), ("csv", ("--gzip-engine", "zlib", "-z"))):
    out = f"packed-{form}{''.join(words)}"
    convert("month", "-f", form, *words, "-k", "line", out=out + "/")
    tap.check(f"{form} {' '.join(words)}", list(faults(out, "month", "-k", "line", suffix=f".{form}.gz", ordered=True)))
sizes = [sum(os.path.getsize(f"packed-csv{words}/{name}") for name in parts(f"packed-csv{words}")) for words in ("-z1", "--gzip-enginezlib-z")]
tap.check("the level counts", [] if sizes[0] > sizes[1] else sizes)
tap.check("they are valid", [tap.run("validate", f"{out}/{name}").stderr for out in ("day0", "packed", "day-csv-line", "packed-csv-z") for name in parts(out) if tap.run("validate", f"{out}/{name}").returncode])
tap.write("odd.txt", tree.old_log(2, 36000000).replace(b"'mx'", b"'../Mx/\xc3\xa9 1'"))
convert("server", out="odd/", operands=("odd.txt",))
tap.check("no server's name leads elsewhere", [] if list(parts("odd")) == [".._mx____1.jsonl".replace("..", "_.", 1)] else list(parts("odd")))
for words, said in ((("--partition", "day", "-o", "x.jsonl"), "-o DIR/"), (("--partition", "day", "-f", "csv", "-k", "all", "-o", "x/"), "one kind"), (("--partition", "year", "-o", "x/"), "takes day")):
    done = tap.run("convert", *words, "logs")
    tap.check(f"{' '.join(words)} is refused", [] if done.returncode == 2 and said in done.stderr.decode() else [done.stderr])

# more than a member holds, of which one thread packs the same bytes as two
tap.write("logs/large.txt", b"".join(tree.old_log(200, 36000000 + 1000 * i) for i in range(40)))
for form in tap.WRITERS:
    for jobs in ("1", "2"):
        convert("day", "-f", form, "-k", "line", "-z", "-j", jobs, out=f"large-{form}-{jobs}/")
    tap.check(f"{form}: members of a large one", list(faults(f"large-{form}-1", "day", "-k", "line", suffix=f".{form}.gz", ordered=True)) + [name for name in os.listdir(f"large-{form}-1") if "20" in name and tap.read(f"large-{form}-1/{name}") != tap.read(f"large-{form}-2/{name}")])
    tap.check("there are several", [] if len(tap.read(f"large-{form}-1/2014-08-06.{form}.gz.idx").split(b"\n")) > 6 else ["one"])
os.unlink("logs/large.txt")

# --- an index that is lost, or of another file ---

for form in tap.WRITERS:
    out = f"indexed-{form}"
    convert("day", "-f", form, "-k", "exchange", "-z", out=out + "/")
    index = f"{out}/2014-08-06.{form}.gz.idx"
    whole = tap.read(index)
    for what, spoil in (("gone", None), ("empty", b""), ("cut off", whole[:-40]), ("without its end", whole[:whole.rindex(b"end ")]), ("older", b"tcplog-index 1\nend 0 0 0 3e1fa9e5\n")):
        os.unlink(index)
        if spoil is not None:
            tap.write(index, spoil)
        convert("day", "-f", form, "-k", "exchange", "-z", out=out + "/")
        tap.check(f"{form}: an index that is {what} is made anew", [] if tap.read(index) == whole else [tap.read(index)])
    part = index[:-4]
    data = tap.read(part)
    os.unlink(index)
    tap.write(part, data[:60] + bytes([data[60] ^ 255]) + data[61:])
    tap.check(f"{form}: but not of a file that is damaged", [] if "[partition-gone]" in convert("day", "-f", form, "-k", "exchange", "-z", out=out + "/", code=2) else ["it is"])

# --- later runs ---

def again(what):
    convert("day", "-k", "all", out="out/")
    tap.check(what, list(faults("out", "day", "-k", "all")))
    for form, words in (("csv", ()), ("csv", ("-z",)), ("jsonl", ("-z6",))):
        out = f"out-{form}{''.join(words)}"
        convert("day", "-f", form, *words, out=out + "/")
        tap.check(f"{what}: {form} {' '.join(words)}", list(faults(out, "day", suffix=f".{form}{'.gz' if words else ''}")))


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
convert("month", "-f", "csv", "-z", "--force", out="out-csv-z/")
tap.check("indexes, too", list(faults("out-csv-z", "month", suffix=".csv.gz", ordered=True)))
convert("month", "-f", "csv", "-z6", out="out-csv-z/", code=2)
gone = sorted(parts("out"))[0]
os.unlink(f"out/{gone}")
os.makedirs("out/mine")
tap.write("out/mine/notes.txt", b"Dear diary")
here = sorted(os.listdir("out"))
tap.check("a partition that is gone is told", [] if "[partition-gone]" in convert("month", "-k", "all", code=2) else ["it is not"])
tap.check("and nothing else goes with it", [] if os.path.exists("out/mine/notes.txt") and sorted(os.listdir("out")) == here else [os.listdir("out") if os.path.exists("out") else "no folder"])
shutil.rmtree("out/mine")
convert("month", "-k", "all", "--force")
tap.check("and made anew where that is asked for", list(faults("out", "month", "-k", "all")))
path = "out/" + sorted(parts("out"))[0]
right = tap.read(path)
tap.write(path, right.replace(b'"line":', b'"lime":', 1))
convert("month", "-k", "all")
told = convert("month", "-k", "all", "--verify", code=5)
tap.check("one that is wrong is told where it is read back", [] if f"{path}: " in told and "[partition-wrong]" in told else [told])
tap.write(path, right)
convert("month", "-k", "all", "--verify")

# the same logs by other names: each record tells the name that its log goes by now
for operand in ("logs", "./logs", os.path.abspath("logs"), "logs/../logs"):
    convert("day", out="names/", operands=(operand,))
    convert("day", out="fresh/", operands=(operand,))
    tap.check(f"logs that are called {operand if operand[0] != '/' else 'by their whole path'} now",
              [name for name in parts("fresh") if sorted(parts("names").get(name, b"").splitlines()) != sorted(parts("fresh")[name].splitlines())])
    shutil.rmtree("fresh")
# a run that was killed while it took the records of a log out, and the next one when it had written some behind that
shutil.rmtree("logs")
shutil.rmtree("out")
os.mkdir("logs")
for name in ("TCP0001.MC", "TCP0002.MC"):
    tap.write(f"logs/{name}", tree.old_log(2, 36000000))
convert("day", "-k", "all")
path = "out/2014-08-06.jsonl"
both = os.path.getsize(path)
tap.write(path, b"".join(row for row in tap.read(path).splitlines(keepends=True) if b'"logs/TCP0001.MC"' not in row))
begun = next(row for row in tap.read("out/tcplog.journal").split(b"\n") if row.startswith(b"TCP0001")).split(b"\t")
with open("out/tcplog.journal", "ab") as journal:
    journal.write(b"\trun\t" + tap.read("/proc/sys/kernel/random/boot_id").strip() + b"\n" + b"\t".join(begun[:4] + [b"0"] + begun[5:])
                  + b"\n\tcommit\n\tremade\t2014-08-06.jsonl\t%d\n\tcommit\n" % os.path.getsize(path))
tap.write("logs/TCP0001.MC", tree.old_log(3, 36000000))
tap.write("logs/TCP0000.MC", tree.old_log(3, 37000000))
most = both + 400  # there is no room for all of the new records
subprocess.run([tap.TCPLOG, "convert", "-q", "--partition", "day", "-k", "all", "-o", "out/", "logs"], stderr=subprocess.DEVNULL, check=False,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
tap.check("a run that ends while it writes behind a file that had got shorter", [] if os.path.getsize(path) == most else [f"{os.path.getsize(path)} bytes, not {most}"])
convert("day", "-k", "all")
tap.check("leaves nothing that counts", list(faults("out", "day", "-k", "all")))

# --- kills ---

def change():
    path = f"logs/{dice.choice(['', 'a/', 'a/deep/', 'b/'])}TCP{dice.randrange(0, 0x300):04X}.MC"
    old = tap.read(path) if os.path.exists(path) and dice.random() < 0.5 else b""
    tap.write(path, old + tree.old_log(dice.choice([1, 2, 20]), 36000000 + 60000 * dice.randrange(20)).replace(b"Aug 06", dice.choice([b"Aug 06", b"Aug 07", b"Aug 08"])))


JSON, CSV = ("-k", "all"), ("-f", "csv", "-k", "line")
for words, suffix, changes in ((JSON, ".jsonl", False), (JSON, ".jsonl", True), ((*JSON, "-z"), ".jsonl.gz", True), (CSV, ".csv", False), (CSV, ".csv", True), ((*CSV, "-z6"), ".csv.gz", True)):
    kinds = words[words.index("-k"):][:2]
    grow(logs=160)
    begin = time.monotonic()
    shutil.rmtree("timed", ignore_errors=True)
    convert("day", *words, out="timed/")
    took, kills, rounds, found = time.monotonic() - begin, 0, 0, []
    while kills < KILLS // 3 and not found and rounds < 200:
        grow(logs=160)
        shutil.rmtree("out", ignore_errors=True)
        longest = took
        while True:
            program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "--partition", "day", *words, "-o", "out/", "logs"], stderr=subprocess.DEVNULL)
            time.sleep(dice.random() * longest)
            program.kill()
            if program.wait() >= 0:
                break
            kills, longest = kills + 1, longest * 1.02
            if changes and dice.random() < 0.5:
                change()
        convert("day", *words)
        # when it was measured the machine may have had other things to do
        took *= 0.8 if longest == took else 1
        found, rounds = list(faults("out", "day", *kinds, suffix=suffix, ordered=not changes)), rounds + 1
    tap.check(f"{' '.join(words)} {'with changes' if changes else 'without changes'}: {kills} kills in {rounds} rounds, and nothing is twice or missing", found + ([] if kills >= KILLS // 3 else ["too few"]))

if os.getuid() == 0 and not os.mkdir("disk") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", "disk"], capture_output=True).returncode == 0:
    try:
        grow()
        for suffix, words in ((".jsonl", JSON), (".csv", CSV), (".csv.gz", (*CSV, "-z"))):
            shutil.rmtree("disk/out", ignore_errors=True)
            subprocess.run(["mount", "-o", f"remount,size={'24k' if 'gz' in suffix else '300k' if 'json' in suffix else '160k'}", "disk"], check=True)
            tap.check(f"{suffix}: a full disk ends the run", [] if "No space left" in convert("day", *words, out="disk/out/", code=4) else ["it does not say why"])
            subprocess.run(["mount", "-o", "remount,size=8m", "disk"], check=True)
            convert("day", *words, out="disk/out/")
            tap.check("with more room it goes on", list(faults("disk/out", "day", *words[words.index("-k"):][:2], suffix=suffix)))
    finally:
        subprocess.run(["umount", "disk"], check=False)
else:
    print("ok - a full disk # SKIP only root can make a small one")
tap.end()
