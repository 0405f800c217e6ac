#!/usr/bin/env python3
"""The journal of a folder of exports: what a later run leaves alone, what it converts again, and that in the end the folder
holds what one run over the same inputs makes. Runs that are killed are kill.py's."""
import sys

sys.dont_write_bytecode = True
import fcntl
import os
import random
import shutil
import signal
import subprocess
import time

import tap
import tree

top = tap.folder(tree.MEMORY)
os.chdir(top)
JOURNAL = os.path.join("out", tree.JOURNAL)


def convert(*words, out="out/", code=None):
    done = tap.run("convert", *(words or ("logs",)), "-o", out)
    if code is not None and done.returncode != code:
        tap.check(f"convert {words}: exit {code}", [f"exit {done.returncode} {done.stderr.decode()}"])
    return done.stderr.decode()


def converted():
    """Exports of the turns that the latest run took."""
    return sorted(row["export"] for row in tree.lines("out") if row["turn"] > turns)


def last_turn():
    return max(row["turn"] for row in tree.lines("out"))


def fresh():
    """What one run makes of the logs as they are."""
    shutil.rmtree("fresh", ignore_errors=True)
    convert("logs", out="fresh/")
    return tree.held("fresh")


def again(what, wanted, gone=()):
    """A run converts what it should, and comes to what an undisturbed run would: but for exports of what is gone."""
    global turns
    turns = last_turn()
    convert()
    tap.check(f"{what}: what is converted", [] if converted() == sorted(wanted) else [converted(), sorted(wanted)])
    turns = last_turn()
    found, new = tree.held("out"), fresh()
    for name in gone:
        found.pop(name)
    found[tree.JOURNAL] = [row for row in found[tree.JOURNAL] if row[0] not in gone]
    tap.check(f"{what}: the outcome", list(tree.differences(found, new)))


def touch(name, by=10):
    now = os.stat(name)
    os.utime(name, ns=(now.st_atime_ns, now.st_mtime_ns + by * 10**9))


# --- the journal itself ---

tree.grow("logs")
said = convert(code=1)
turns = last_turn()
rows = tree.lines("out")
tap.check("a line an input, in their order", [] if [row["turn"] for row in rows] == list(range(1, len(rows) + 1)) else rows)
tap.check("the head tells the options", [] if tap.read(JOURNAL).startswith(b"tcplog.journal 1\tversion=") and b"kinds=exchange" in tap.read(JOURNAL) else ["no"])
pairs = {(tap.read(row["source"]), row["hash"]) for row in rows if row["hash"] != "-"}
tap.check("equal logs have equal hashes, others have others", [] if len(pairs) == len({data for data, _ in pairs}) == len({hash for _, hash in pairs}) > 5 else [len(pairs)])
key = os.stat("out/.tcplog.key")
tap.check("the key of the hashes is its owner's", [] if key.st_mode & 0o777 == 0o600 and key.st_size == 32 else [key])
exports = {row["export"]: row["bytes"] for row in rows if row["hash"] != "-"}
tap.check("bytes and records are those of the exports", [name for name, size in exports.items() if os.path.getsize(f"out/{name}") != size] +
          [row for row in rows if row["hash"] != "-" and tap.read(f"out/{row['export']}").count(b"\n") != row["records"]])
tap.check("what is no log has a line and no export", [] if [row["export"] for row in rows if row["hash"] == "-"] == ["a/letter.txt.jsonl"] else ["no"])
first = tap.read(JOURNAL)
said = convert(code=0)
tap.check("nothing has changed, nothing is done", [] if tap.read(JOURNAL) == first and f"unchanged      {len(exports)} inputs" in said else [said])

# --- changes ---

again("nothing", [])
LAST = "logs/b/TCP1010.MC"
tap.write(LAST, tree.old_log(3, 40000000))
again("a new log", ["b/TCP1010.MC.jsonl"])
tap.write(LAST, tap.read(LAST) + tree.old_log(2, 50000000))
again("a log that has grown", ["b/TCP1010.MC.jsonl"])
touch(LAST)
again("a log with another time", [])
tap.check("is known by it from now on", [row for row in tree.lines("out") if row["source"] == LAST and row["mtime"] != os.stat(LAST).st_mtime_ns])
tap.write(LAST, tap.read(LAST).replace(b"NOOP", b"RSET")), touch(LAST, 20)
again("a log of the same size with other bytes", ["b/TCP1010.MC.jsonl"])
os.unlink("out/TCP0000.MC.jsonl")
again("an export that is gone", ["TCP0000.MC.jsonl"])
tap.write("out/TCP0010.MC.jsonl", b"")
again("an export that was cut", ["TCP0010.MC.jsonl"])
tap.write("logs/TCP0018.MC", tree.old_log(20, 36000000 + 90000, phase=666))
behind = sorted(name for name in os.listdir("logs") if name.endswith(".MC") and name > "TCP0018.MC")
again("a log between others tells those behind it", ["TCP0018.MC.jsonl"] + [name + ".jsonl" for name in behind])
tap.write("logs/TCP0000.MC", tree.old_log(1, 36000000, phase=123))
again("one that tells something else, too", [name + ".jsonl" for name in sorted(os.listdir("logs")) if name.endswith(".MC")])
touch("logs/TCP0000.MC")
again("one that tells the same does not", [])
tap.write("logs/a/letter.txt", b"Dear diary, today\r\n")
tap.write("logs/a/deep/note.txt", b"a note\r\n")
turns = last_turn()
convert()
tap.check("what is no log is looked at once", [] if {"a/letter.txt.jsonl", "a/deep/note.txt.jsonl"} <= set(converted()) else converted())
again("and then no more", [])
tap.write("logs/a/letter.txt", tree.old_log(2, 41000000))
again("a letter that has become a log", ["a/letter.txt.jsonl"])
tap.write("logs/a/letter.txt", b"Dear diary\r\n")
again("and a letter again", ["a/letter.txt.jsonl"])
os.unlink(LAST)
again("a log that is gone", [], gone=["b/TCP1010.MC.jsonl"])
tap.check("its export stays", [] if os.path.exists("out/b/TCP1010.MC.jsonl") else ["it is gone"])

# --- what cannot be done stays to do ---

named = ("logs/TCP0010.MC", "logs/a/letter.txt", "missing.pop")
for turn in (1, 2):
    said = convert(*named, out="named/", code=1)
    tap.check(f"run {turn} tells of what cannot be converted", [said] if "letter.txt: This is not" not in said or "missing.pop: No such" not in said else [])
tap.check("such inputs are not in the journal", [] if [row["source"] for row in tree.lines("named")] == [named[0]] else tree.lines("named"))
said = convert("missing.pop", out="nothing/", code=3)

# --- other options, and --force ---

for words, said in ((("-k", "session"), "kinds=session"), (("-f", "csv"), "format=csv"), (("--timezone", "+02:00"), "timezone=+02:00"), (("--redact", "none"), "redact=none")):
    before = tree.held("out")
    told = convert(*words, "logs", code=2)
    tap.check(f"{said}: refused", [told] if said not in told or "--force" not in told or tree.held("out") != before else [])
convert("--force", "-k", "session", "logs", code=1)
shutil.rmtree("sessions", ignore_errors=True)
convert("-k", "session", "logs", out="sessions/")
old = tree.held("out").keys() - tree.held("sessions").keys()
tap.check("--force makes all anew", [old] if old != {"b/TCP1010.MC.jsonl"} else [] + list(tree.differences({name: data for name, data in tree.held("out").items() if name not in old}, tree.held("sessions"))))
inodes = {name: os.stat(f"out/{name}").st_ino for name in exports}
convert("--force", "-k", "session", "logs", code=1)
tap.check("also where nothing has changed", [name for name in exports if os.stat(f"out/{name}").st_ino == inodes[name]][:3])

# --- a damaged journal, a left over file ---

shutil.rmtree("out")
convert(code=1)
whole = tap.read(JOURNAL)
body = whole[:-len(b"\tsafe\n")]
for what, data in (("a line without its end", body[:-7]), ("a line cut in the middle", body[:-40]), ("a line of zeros", body[:-40] + b"\0" * 30 + b"\n"),
                   ("a head without its end", whole[:20]), ("an empty file", b""), ("lines too many", whole + b"what is this\n\n\t\n")):
    tap.write(JOURNAL, data), touch("logs/TCP0000.MC")
    convert()
    tap.check(f"{what}: made good", list(tree.differences(tree.held("out"), fresh())))
lost = whole.replace(b"\tsafe\n", b"") .replace(b"\n", b"\n\trun\tanother-boot-of-this-machine\n", 1)
tap.write(JOURNAL, lost)
inodes = {name: os.stat(f"out/{name}").st_ino for name in exports}
convert()
tap.check("what a machine may have lost with its power is made anew", [name for name in exports if os.stat(f"out/{name}").st_ino == inodes[name]][:3])
tap.check("and comes out the same", list(tree.differences(tree.held("out"), fresh())))
head, _, rest = whole.partition(b"\n")
begun = rest.split(b"\n")[0].split(b"\t")
tap.write(JOURNAL, head + b"\n" + b"\t".join(begun[:4] + [b"0", b"0", b"-"] + [b"0"] * 5 + [b"-"]) + b"\n")
for name in (".TCP0000.MC.jsonl.a1B2c3", ".TCP0000.MC.jsonl.toolong", ".other.abcdef", ".TCP0000.MC.jsonl"):
    tap.write(os.path.join("out", name), b"half")
convert()
hidden = sorted(name for name in os.listdir("out") if name.startswith("."))
tap.check("a half export of ours is removed, and nothing else hidden", [] if hidden == [".TCP0000.MC.jsonl", ".TCP0000.MC.jsonl.toolong", ".other.abcdef", ".tcplog.key"] else hidden)
for name in hidden[:3]:
    os.unlink(f"out/{name}")

# --- two at once ---

with open(JOURNAL, "rb") as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    before = tap.read(JOURNAL)
    told = convert(code=4)
    tap.check("a second run in the same folder is refused", [] if "[folder-in-use]" in told and tap.read(JOURNAL) == before else [told])
convert(code=0)

# --- Ctrl-C ---

os.mkdir("slow")
tree.grow("slow/a")
os.mkfifo("pipe")
program = subprocess.Popen([tap.TCPLOG, "convert", "-o", "stopped/", "slow", "pipe", "logs/b"], stderr=subprocess.PIPE)
writer = os.open("pipe", os.O_WRONLY)
os.write(writer, tree.ONE_CLOCK)
time.sleep(0.1)
program.send_signal(signal.SIGINT)
said = program.communicate(timeout=20)[1].decode()
os.close(writer)
tap.check("Ctrl-C ends the run with 130, a summary and a word", [] if program.returncode == 130 and " records in stopped/" in said and said.endswith("tcplog: interrupted\n") else [program.returncode, said])
done = tree.held("stopped")
tap.check("what was done stays, and nothing half", [] if "a/TCP0000.MC.jsonl" in done and "pipe.jsonl" not in done and not any("/." in "/" + name for name in done) else [sorted(done)])
said = convert("slow", "logs/b", out="stopped/")
tap.check("the next run goes on from there", [] if "unchanged      26 inputs" in said else [said])

# --- logs that come in between, of which some know nothing of their neighbours, and others learn from them ---

faults = []
for seed in range(12):
    dice = random.Random(seed)
    shutil.rmtree("mixed", ignore_errors=True)
    os.mkdir("mixed")
    kinds = [lambda i: tree.old_log(20, 36000000 + 60000 * i), lambda i: tree.old_log(dice.randrange(1, 4), 36000000 + 60000 * i), lambda i: tree.ONE_CLOCK, lambda i: b"", lambda i: tree.ONE_CLOCK[:60]]
    write = lambda i: tap.write(f"mixed/TCP{i:04X}.MC", dice.choice(kinds)(i))
    for i in range(12):
        if dice.random() < 0.7:
            write(i)
    for turn in range(3):
        jobs = dice.choice(("1", "2"))
        tap.run("convert", "-q", "-j", jobs, "-k", "all", "mixed", "-o", "mixed.out/")
        tap.run("convert", "-q", "-j1", "-k", "all", "mixed", "-o", "mixed.fresh/")
        faults += [f"seed {seed}, turn {turn}, -j{jobs}: {fault}" for fault in tree.differences(tree.held("mixed.out"), tree.held("mixed.fresh"))]
        shutil.rmtree("mixed.fresh")
        for i in dice.sample(range(12), 2):
            write(i)
    shutil.rmtree("mixed.out")
tap.check("what comes in between", faults[:5])

# --- disks that are full ---

shutil.rmtree("limited", ignore_errors=True)
done = subprocess.run(["bash", "-c", 'ulimit -f 4; exec "$0" convert -q -k all -o limited/ logs', tap.TCPLOG], capture_output=True)
tap.check("a limit of size ends the run with 4", [] if done.returncode == 4 and b"File too large" in done.stderr else [done])
tap.check("nothing half stays", [name for name in tree.held("limited") if "/." in "/" + name or name.endswith(".gz")])
convert("-k", "all", "logs", out="limited/")
convert("-k", "all", "logs", out="limitless/")
tap.check("with more room it goes on", list(tree.differences(tree.held("limited"), tree.held("limitless"))))
os.mkdir("disk")
if os.getuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", "disk"], capture_output=True).returncode == 0:
    try:
        done = tap.run("convert", "-q", "-k", "all", "-o", "disk/out/", "logs")
        tap.check("a full disk ends the run with 4", [] if done.returncode == 4 and b"No space left" in done.stderr else [done])
        kept = tree.held("disk/out")
        tap.check("what is there is whole", list(tree.differences({name: data for name, data in kept.items() if name != tree.JOURNAL}, {name: data for name, data in tree.held("limitless").items() if name in kept and name != tree.JOURNAL})))
        tap.check("something was done", [] if len(kept) > 3 else [sorted(kept)])
        for _ in range(3):
            tap.run("convert", "-q", "-k", "all", "-o", "disk/out/", "logs")
        subprocess.run(["mount", "-o", "remount,size=8m", "disk"], check=True)
        convert("-k", "all", "logs", out="disk/out/")
        tap.check("with more room it goes on", list(tree.differences(tree.held("disk/out"), tree.held("limitless"))))
    finally:
        subprocess.run(["umount", "disk"], check=False)
else:
    print("ok - a full disk # SKIP only root can make a small one")
tap.end()
