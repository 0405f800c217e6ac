#!/usr/bin/env python3
"""What is to be expected of a good tool: links are followed, not replaced; what is no file is written in place, and nothing
is made beside it; messages name the file and the option that are meant, and say what helps; where there was nothing
to do, that is said. System files are never touched: links to standard streams are made here."""
import sys

sys.dont_write_bytecode = True
import json
import os
import re
import subprocess

import tap
import tree

top = tap.folder(tree.MEMORY)
os.chdir(top)
tree.grow("logs")
LOG = "logs/TCP0000.MC"
FIRST = b'{"options":'


def said(done, code, *words):
    """Exit code and words of the messages."""
    told = done.stderr.decode()
    return [f"exit {done.returncode} {told}"] if done.returncode != code or any(word not in told for word in words) else []


def convert(*words, to=subprocess.PIPE):
    return subprocess.run([tap.TCPLOG, "convert", *words], stdin=subprocess.DEVNULL, stdout=to, stderr=subprocess.PIPE, check=False, timeout=60)


# --- where a report goes ---

os.mkdir("dev")
for number, name in enumerate(("in", "out", "err")):
    os.symlink(f"/proc/self/fd/{number}", f"dev/{name}")
os.mkfifo("dev/pipe")
there = sorted(os.listdir("dev"))


def device_faults():
    """It is a link still, and nothing lies beside it."""
    yield from (f"{name} is no link" for name in ("in", "out", "err") if not os.path.islink(f"dev/{name}"))
    yield from ([os.listdir("dev")] if sorted(os.listdir("dev")) != there else [])


done = convert("-q", "-o", "a.jsonl", "--report", "dev/out", LOG)
tap.check("a report goes to standard output by its link", [*said(done, 0), *([] if done.stdout.startswith(FIRST) and json.loads(done.stdout)["exit"] == 0 else [done.stdout]), *device_faults()])
tap.write("taken", b"before\n")
with open("taken", "ab") as taken:
    done = convert("-q", "-o", "b.jsonl", "--report", "dev/out", LOG, to=taken)
tap.check("be that a file", [*said(done, 0), *([] if tap.read("taken").startswith(b"before\n" + FIRST) else [tap.read("taken")]), *device_faults()])
with open("messages", "wb") as messages:
    done = subprocess.run([tap.TCPLOG, "convert", "-q", "-o", "c.jsonl", "--report", "dev/err", LOG], stderr=messages, check=False)
tap.check("or messages", [*([] if tap.read("messages").startswith(FIRST) and done.returncode == 0 else [tap.read("messages")]), *device_faults()])
reader = subprocess.Popen(["cat", "dev/pipe"], stdout=subprocess.PIPE)
done = convert("-q", "-o", "d.jsonl", "--report", "dev/pipe", LOG)
tap.check("or a pipe", [*said(done, 0), *([] if reader.communicate(timeout=60)[0].startswith(FIRST) else ["no report"]), *device_faults()])
done = convert("-q", "-o", "e.jsonl", "--report", "-", LOG)
tap.check("- is standard output", [*said(done, 0), *([] if done.stdout.startswith(FIRST) and not os.path.exists("-") else [done])])
for report, output in (("-", []), ("-", ["-o", "-"]), ("dev/out", []), ("-", ["-o", "dev/out"])):
    done = convert("-q", "--report", report, *output, LOG)
    tap.check(f"--report {' '.join([report, *output])}: not among records", [*said(done, 2, "-o"), *([done.stdout] if done.stdout else [])])
with open("/dev/full", "wb") as full:
    tap.check("which may have no room", said(convert("-q", "-o", "g.jsonl", "--report", "-", LOG, to=full), 4, "standard output: No space left on device [output-failed]"))
os.mkdir("apart")
tap.write("apart/own.json", b"")
os.symlink("apart/own.json", "link.json")
for turn in ("the first", "a later"):
    done = convert("-q", "-o", "-", "--report", "link.json", LOG)
    tap.check(f"{turn} report is written to where a link leads", [*said(done, 0), *([] if os.path.islink("link.json") and tap.read("apart/own.json").startswith(FIRST) else ["it is not"])])
tap.check("with its key", [os.listdir("apart")] if sorted(os.listdir("apart")) != [".tcplog.key", "own.json"] or not json.loads(tap.read("link.json"))["inputs"][0]["hash"] else [])
tap.write("dear", b"dear\n")
os.symlink("dear", "to-dear")
tap.check("but not over another file", [*said(convert("-q", "--report", "to-dear", LOG), 4, "--force"), *([] if tap.read("dear") == b"dear\n" else ["it is"])])
os.symlink("nowhere", "dangling")
tap.check("nor in the place of a link that leads nowhere", [*said(convert("-q", "--report", "dangling", LOG), 4, "--force"), *([] if os.path.islink("dangling") else ["it is"])])
tap.run("convert", "-q", "-o", "made/", "logs/a")
os.symlink("made/tcplog.journal", "to-journal")
journal = tap.read("made/tcplog.journal")
tap.check("nor over a journal", [*said(convert("-q", "--force", "--report", "to-journal", "-o", "made/", "logs/a"), 4), *([] if tap.read("made/tcplog.journal").startswith(journal[:60]) else ["it is"])])
os.mkdir("bare")
done = convert("-q", "--redact", "none", "--report", "bare/r.json", "-o", "f.jsonl", LOG)
tap.check("bare hashes take no key", [*said(done, 0), *([] if os.listdir("bare") == ["r.json"] and json.loads(tap.read("bare/r.json"))["inputs"][0]["hash"] else [os.listdir("bare")])])

# --- where there was nothing to do ---

os.mkdir("empty"), os.mkdir("other"), tap.write("other/letter.txt", b"Dear diary\n"), tap.write("zero.pop", b""), tap.write("list", b"")
for what, words in (("an empty folder", ["empty"]), ("one without logs", ["other"]), ("an empty log", ["zero.pop"]), ("an empty list", ["--files-from", "list"]), ("standard input without a byte", ["-"])):
    for more in ([], ["-q"], ["-q", "-o", "nothing/"] + ([] if words != ["-"] else ["--name", "TCP0001.MC"])):
        tap.check(f"{what} {' '.join(more)} is told of", said(convert(*more, *words), 0, "[nothing-converted]"))
tap.check("so does explain", said(tap.run("explain", "other"), 0, "[nothing-converted]", "among 1 file"))
for what, words in (("one log among others", ["zero.pop", LOG]), ("a folder that is done", ["-o", "made/", "logs/a"])):
    tap.check(f"not {what}", [line for line in convert("-q", *words).stderr.decode().splitlines() if "nothing-converted" in line])

# --- what messages name ---

ZONES = {**os.environ, "TZDIR": os.path.join(top, "no-zones")}
for folder in ("no-zones", "empty"):
    ZONES["TZDIR"] = os.path.join(top, folder)
    done = tap.run("convert", "-q", "--timezone", "Europe/Amsterdam", LOG, env=ZONES)
    tap.check(f"zones that are missing ({folder})", said(done, 2, ZONES["TZDIR"], "[no-zone-data]"))
tap.check("offsets need none", said(tap.run("convert", "-q", "--timezone", "+02:00", LOG, env=ZONES), 0))
tap.check("a zone that nobody has", said(tap.run("convert", "-q", "--timezone", "Europe/Rome2", LOG), 2, "Europe/Rome2", "[unknown-zone]"))
tap.run("convert", "-q", "-o", "x.jsonl", LOG)
for command in ("cat", "validate"):
    tap.check(f"{command}: no such file", said(tap.run(command, "nope"), 3, "nope: No such file or directory [unreadable]"))
    tap.check(f"{command}: a folder", said(tap.run(command, "logs"), 3, "logs: Is a directory [unreadable]"))
    tap.check(f"{command}: a name of no letters", said(tap.run(command, ""), 3, "tcplog: '': No such file"))
tap.check("convert: a name of no letters", said(tap.run("convert", "-q", ""), 3, "tcplog: '': No such file"))
for option, value in (("session", "zz"), ("since", "yesterday"), ("until", "2014-13-01")):
    tap.check(f"cat --{option}", said(tap.run("cat", f"--{option}", value, "x.jsonl"), 2, f"tcplog: {option} '{value}': ", "[bad-query]"))
tap.run("convert", "-q", "-o", "foreign/", "logs/a")
tap.write("foreign/tcplog.journal", b"my diary\n")
tap.check("a foreign journal", said(convert("-q", "-o", "foreign/", "logs/a"), 2, "move it away"))
os.rename("made/.tcplog.key", "made/.tcplog.key.old"), os.mkdir("made/.tcplog.key")
tap.check("a key that is none", said(convert("-q", "-o", "made/", "logs/a"), 4, "made/.tcplog.key: "))
os.mkdir("i.jsonl.gz.idx")
for force in ([], ["--force"]):
    tap.check(f"an index without a place {force}", said(convert("-q", *force, "-o", "i.jsonl.gz", LOG), 4, "i.jsonl.gz.idx: Is a directory"))

tap.write("large.MC", tap.read(LOG) * 2000)
os.makedirs("large/large.MC.jsonl.gz.idx")
told = [convert("-q", "-z", "-j", number, "--force", "-o", "large/", "large.MC") for number in ("1", "3")]
tap.check("nor that of one log", [fault for done in told for fault in said(done, 4, "tcplog: large/large.MC.jsonl.gz.idx: Is a directory")])

# --- what watch says ---

tap.run("convert", "-q", "-k", "session", "-o", "sessions/", "logs/a")
os.mkdir("mine"), tap.write("mine/letter", b"Dear\n")
for folder in ("sessions", "mine"):
    done = tap.run("watch", "logs/a", "-o", folder, timeout=60)
    tap.check(f"watch names no option that it has not ({folder})", [*said(done, 2, "'tcplog convert --force -o DIR/'"), *re.findall(r"(?<!convert )--force", done.stderr.decode())])

# --- options behind operands ---

done = tap.run("convert", LOG, "-q", env={**os.environ, "POSIXLY_CORRECT": "1"})
tap.check("POSIXLY_CORRECT has the first operand end the options, as the man page tells", said(done, 1, "-q: No such file"))
tap.end()
