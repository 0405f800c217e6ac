#!/usr/bin/env python3
"""--verify: exports are read back before they count as done, also those of former runs. One
that goes wrong while it is written is found, told with the reason, and made again."""
import sys

sys.dont_write_bytecode = True
import json
import os
import shutil
import subprocess

import tap
import tree

top = tap.folder(tree.MEMORY)
os.chdir(top)
tree.grow("logs")


def faults(done, code, said=""):
    messages = done.stderr.decode()
    return [] if done.returncode == code and said in messages else [f"exit {done.returncode} {messages}"]


for words in (("-k", "all"), ("-k", "line"), ("-k", "session"), ("-f", "csv"), ("-f", "csv", "-k", "line", "-z")):
    for out, code in (("out" + "".join(words) + "/", 0), ("-".join(words) + (".gz" if "-z" in words else ""), 0)):
        done = tap.run("convert", "-q", "--verify", *words, "-o", out, os.path.join(tap.CORPUS, "pegasus"))
        tap.check(f"{' '.join(words)} to {out}: all is well", faults(done, code))
done = tap.run("convert", "-q", "--verify", "-k", "all", "-o", "noise/", tap.CORPUS)
tap.check("whatever the log, its export adds up", [line for line in done.stderr.decode().splitlines() if "export-wrong" in line])

for words, name, damage in (((), "a/TCP0000.MC.jsonl", lambda data: data.replace(b'"status":"success"', b'"status":"succes5"', 1)), (("-z",), "a/TCP0000.MC.jsonl.gz", lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])):
    folder = "again" + "".join(words) + "/"
    tap.run("convert", "-q", *words, "-o", folder, "logs")
    whole = tap.read(folder + name)
    tap.write(folder + name, damage(whole))
    if damage(whole) == whole:
        tap.check(f"{name} was damaged", ["it was not"])
    done = tap.run("convert", *words, "-o", folder, "logs")
    tap.check(f"{name}: of the same size, it is taken for what it was", faults(done, 0, "unchanged      26"))
    done = tap.run("convert", *words, "--verify", "-o", folder, "logs")
    tap.check("but not where it is read back", faults(done, 0, "unchanged      25") + ([] if tap.read(folder + name) == whole else ["it is not as it was"]))
tap.check("what is not kept cannot be read back", faults(tap.run("convert", "--verify", "logs"), 2, "--verify"))
os.mkfifo("pipe")
for what, place in (("a device", "/dev/null"), ("a pipe", "pipe")):
    done = tap.run("convert", "--verify", "-q", "-o", place, "logs/a", timeout=30)
    tap.check(f"nor can {what}", faults(done, 2, place))
os.symlink("/proc/self/fd/1", "standard")
for what, place in (("what goes on to a reader", subprocess.PIPE), ("what is behind others in a file", open("behind", "ab"))):
    done = subprocess.run([tap.TCPLOG, "convert", "--verify", "-q", "-o", "standard", "logs/a"], stdout=place, stderr=subprocess.PIPE, check=False, timeout=30)
    tap.check(f"nor can {what}", faults(done, 2, "standard"))
# --- a fresh export that goes wrong between being written and being read back ---

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file that appears under a name that ends with SPOIL_NAME holds, before it does, what SPOIL_WITH holds. */
static void spoil(const char *from, const char *to)
{
    const char *name = getenv("SPOIL_NAME"), *with = getenv("SPOIL_WITH");
    size_t n = name ? strlen(name) : 0, all = strlen(to);
    static char bytes[1 << 16];
    if (!n || !with || all < n || strcmp(to + all - n, name) != 0)
        return;
    int in = open(with, O_RDONLY), out = open(from, O_WRONLY | O_TRUNC);
    for (ssize_t got; (got = read(in, bytes, sizeof bytes)) != 0;)
        if (got < 0 || write(out, bytes, (size_t)got) != got)
            abort();
    close(in);
    close(out);
}

int rename(const char *from, const char *to)
{
    spoil(from, to);
    return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    spoil(from, to);
    return ((int (*)(int, const char *, int, const char *, unsigned))dlsym(RTLD_NEXT, "renameat2"))(a, from, b, to, flags);
}
"""


def spoilt(library, name, data, *words, logs="logs"):
    tap.write("spoilt", data)
    return tap.run("convert", "-q", *words, logs, env={**os.environ, "LD_PRELOAD": library, "SPOIL_NAME": name, "SPOIL_WITH": os.path.abspath("spoilt")})


def rows_without(data, number):
    rows = data.splitlines(keepends=True)
    return b"".join(rows[:number] + rows[number + 1:])


def other_row(data, old, new):
    """A record of one kind in the place of another of the same log: as many records, but a line is missing."""
    rows = data.splitlines(keepends=True)
    there = [row for row in rows if b'"kind":"' + new + b'"' in row][0]
    at = [i for i, row in enumerate(rows) if b'"kind":"' + old + b'"' in row][1]
    return b"".join(rows[:at] + [there] + rows[at + 1:])


def crc(data):
    return data[:-8] + bytes([data[-8] ^ 1]) + data[-7:]


def flipped(data):
    return data[:30] + bytes([data[30] ^ 255]) + data[31:]


DAMAGE = (("the CRC of its gzip data", ("-z",), ".jsonl.gz", crc, "damaged"),
          ("a byte of its gzip data", ("-z6", "-f", "csv"), ".csv.gz", flipped, "It does not read back"),
          ("half of it", ("-z", "-k", "all"), ".jsonl.gz", lambda data: data[:len(data) // 2], "end too early"),
          ("a record too few", (), ".jsonl", lambda data: rows_without(data, 1), "records, not"),
          ("a row too few", ("-f", "csv"), ".csv", lambda data: rows_without(data, 1), "records, not"),
          ("a record twice", ("-k", "session"), ".jsonl", lambda data: 2 * data, "records, not"),
          ("no record at all", (), ".jsonl", lambda data: b"", "it has 0 records, not"),
          ("a value that the schema has not", (), ".jsonl", lambda data: data.replace(b'"status":"success"', b'"status":"succes5"', 1), "line 1, status: The value is none"),
          ("a column that the schema has not", ("-f", "csv"), ".csv", lambda data: data.replace(b"kind,", b"kin,", 1), "line 1, "),
          ("half a record", (), ".jsonl", lambda data: data[:-20] + b"\n", "not valid JSON"),
          ("a line less, an exchange more", ("-k", "all"), ".jsonl", lambda data: other_row(data, b"line", b"exchange"), "lines, not"),
          ("a session that tells of another number of lines", ("-k", "session"), ".jsonl", lambda data: data.replace(b'"lines":', b'"lines":1', 1), "lines in its sessions, not"))


def goes_wrong(library, words, suffix, damage, why, jobs, log):
    """Told with the export's name and the reason; not done, and not there; and made by the next run."""
    shutil.rmtree("wrong", ignore_errors=True)
    shutil.rmtree("right", ignore_errors=True)
    name = log + suffix
    tap.run("convert", "-q", *words, "-o", "right/", "logs")
    right = tap.read("right/" + name)
    if damage(right) == right:
        yield "it was not damaged"
    done = spoilt(library, name, damage(right), *words, "-j", jobs, "--verify", "-o", "wrong/", "--report", "run.json")
    said = done.stderr.decode()
    told = [line for line in said.splitlines() if "[export-wrong]" in line and line.startswith(f"tcplog: logs/{log}: wrong/{name}: ")]
    if done.returncode != 1 or len(told) != 1 or why not in told[0] or said.count("[export-wrong]") != 1:
        yield f"exit {done.returncode} {said}"
    if os.path.exists("wrong/" + name) or os.path.exists("wrong/" + name + ".idx"):
        yield "it is there"
    done_lines = [row["export"] for row in tree.lines("wrong") if row["turn"]]
    if name in done_lines or len(done_lines) < 20:
        yield f"the journal has it done, or not the others: {done_lines}"
    entry = [entry for entry in json.loads(tap.read("run.json"))["inputs"] if entry["path"] == "logs/" + log][0]
    if "export" in entry:
        yield f"the report has it: {entry}"
    unseen = spoilt(library, name, damage(right), *words, "-o", "unseen/", "--force")
    if tap.read("unseen/" + name) == right or "[export-wrong]" in unseen.stderr.decode():
        yield "without --verify it is not wrong, or told"
    again = tap.run("convert", *words, "--verify", "-o", "wrong/", "logs")
    if again.returncode != 0 or b"export-wrong" in again.stderr or tap.read("wrong/" + name) != right:
        yield f"the next run does not make it: {again.stderr.decode()}"


def one_goes_wrong(library, words, suffix, damage, why):
    """To one file: exit 5."""
    out = "one" + suffix
    tap.run("convert", "-q", "--force", *words, "-o", out, "logs/a")
    right = tap.read(out)
    done = spoilt(library, out, damage(right), *words, "--verify", "--force", "-o", out, logs="logs/a")
    said = [line for line in done.stderr.decode().splitlines() if "[export-wrong]" in line]
    if done.returncode != 5 or len(said) != 1 or not said[0].startswith(f"tcplog: {out}: ") or why not in said[0]:
        yield f"exit {done.returncode} {done.stderr.decode()}"


library = tap.preloaded(SHIM)
if library:
    for number, (what, words, suffix, damage, why) in enumerate(DAMAGE):
        jobs = "12"[number % 2]
        tap.check(f"a fresh export with {what}, -j{jobs}: it is found", list(goes_wrong(library, words, suffix, damage, why, jobs, "a/TCP0000.MC")))
        tap.check(f"one file with {what}", list(one_goes_wrong(library, words, suffix, damage, why)))
    # a log that is cut into pieces, whose export the caller's thread reads back
    os.mkdir("big")
    tap.write("big/TCP0001.MC", b"".join(tree.old_log(200, 36000000) for _ in range(480)))
    tap.run("convert", "-q", "-j2", "-o", "whole/", "big")
    data = tap.read("whole/TCP0001.MC.jsonl")
    done = spoilt(library, "TCP0001.MC.jsonl", rows_without(data, 7), "-j2", "--verify", "-o", "cut/", logs="big")
    tap.check("a log that was cut", faults(done, 1, "tcplog: big/TCP0001.MC: cut/TCP0001.MC.jsonl: It does not read back as it was written: it has ") + [name for name in os.listdir("cut") if name.endswith("jsonl")] + [row for row in tree.lines("cut") if row["turn"]])
    tap.check("and made by the next run", faults(tap.run("convert", "-q", "-j2", "--verify", "-o", "cut/", "big"), 0) + ([] if tap.read("cut/TCP0001.MC.jsonl") == data else ["it is another"]))
    # what is divided is read back before
    done = spoilt(library, "a/TCP0000.MC.jsonl", b"", "--verify", "--partition", "day", "-o", "divided/")
    tap.check("what is to be divided", faults(done, 1, "[export-wrong]") + ["it is in a partition" for name in os.listdir("divided") if name.endswith(".jsonl") and b"logs/a/TCP0000.MC\"" in tap.read("divided/" + name)])
    tap.check("by the next run it is", faults(tap.run("convert", "-q", "--verify", "--partition", "day", "-o", "divided/", "logs"), 0) + ([] if any(b"logs/a/TCP0000.MC\"" in tap.read("divided/" + name) for name in os.listdir("divided") if name.endswith(".jsonl")) else ["it is not"]))
else:
    print("ok - fresh exports that go wrong # SKIP no library can be put in front of the program's")
tap.end()
