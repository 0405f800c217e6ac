#!/usr/bin/env python3
"""-o with a folder: which export each input has, what is written to and what is not, and that all exports are what the
input gives alone. What later runs do is journal.py's."""
import sys

sys.dont_write_bytecode = True
import gzip
import os

import tap
import tree

top = tap.folder(tree.MEMORY)
os.chdir(top)
tree.grow("logs")
LOG = tree.ONE_CLOCK


def expect(what, words, code, said="", **more):
    done = tap.run("convert", *words, **more)
    messages = done.stderr.decode()
    faults = [] if done.returncode == code else [f"exit {done.returncode} {messages}"]
    tap.check(what, faults + ([] if said in messages else [f"no '{said}' in {messages}"]))
    return messages


def names(folder):
    return sorted(name for name in tree.held(folder) if name != tree.JOURNAL)


def logs_of(root):
    return sorted(os.path.relpath(os.path.join(where, name), root) for where, _, files in os.walk(root) for name in files if name != "letter.txt")


# --- names ---

expect("a folder into a folder that is not there yet", ["-q", "-o", "new/deep/", "logs"], 1, "TCP1000.MC")
tap.check("mirrors it", [] if names("new/deep") == [name + ".jsonl" for name in logs_of("logs")] else [names("new/deep")])
tap.run("convert", "-q", "-o", "whole.jsonl", "logs")
joined = b"".join(tap.read(os.path.join("new/deep", row["export"])) for row in tree.lines("new/deep") if row["hash"] != "-")
tap.check("exports, one after another, are what one output holds", [] if joined == tap.read("whole.jsonl") else ["they differ"])
tap.check("one that has no records is empty", [] if tap.read("new/deep/b/TCP0FFF.MC.jsonl") == b"" else ["it is not"])
lines = tap.run("validate", *[os.path.join("new/deep", name) for name in names("new/deep")])
tap.check("all of them are valid", [] if lines.returncode == 0 else [lines.stderr])

os.mkdir("there")
tap.write("TCP0001.MC", LOG)
expect("a file into a folder that is there", ["-o", "there", "./TCP0001.MC"], 0, "records in there/")
tap.check("has its own name", [] if names("there") == ["TCP0001.MC.jsonl"] else [names("there")])
expect("csv and gzip", ["-q", "-z", "-f", "csv", "-k", "session", "-o", "packed/", "logs/b", "TCP0001.MC"], 1)
tap.check("are in the names", [] if "TCP0001.MC.csv.gz" in names("packed") else [names("packed")])
tap.check("and in the files", [] if gzip.decompress(tap.read("packed/TCP0001.MC.csv.gz")).startswith(b"kind,") else ["no"])
expect("kinds in csv", ["-f", "csv", "-k", "all", "-o", "never/", "logs"], 2, "one-kind-only")
tap.check("nothing was made", [] if not os.path.exists("never") else ["never/"])
expect("standard input needs a name", ["-o", "stdin/", "-"], 2, "--name", input=LOG)
expect("standard input with a name", ["-q", "-o", "stdin/", "--name", "x/TCP0002.MC", "-"], 0, input=LOG)
tap.check("goes by its last part", [] if names("stdin") == ["TCP0002.MC.jsonl"] else [names("stdin")])
for operand in ("logs/", "./logs", "logs/.", "logs//"):
    tap.run("convert", "-q", "-o", "spelt/", operand)
    tap.check(f"{operand} is called as it is", [] if names("spelt") == names("new/deep") else [names("spelt")])
    os.system("rm -rf spelt")
odd = "tab\tline\nback\\slash \x1b\xff.txt"
tap.write(odd.encode("latin-1"), LOG)
expect("an odd name", [b"-q", b"-o", b"odd/", odd.encode("latin-1")], 0)
tap.check("has an odd export", [] if os.path.exists(b"odd/" + odd.encode("latin-1") + b".jsonl") else os.listdir("odd"))
expect("which is known again", [b"-o", b"odd/", odd.encode("latin-1")], 0, "unchanged      1")
long = "x" * 240 + ".txt"
tap.write(long, LOG)
expect("a name that is too long for an export", ["-q", "-o", "long/", long, "TCP0001.MC"], 4, "too long")
tap.check("does not keep the others away", [] if names("long") == ["TCP0001.MC.jsonl"] else [names("long")])

# --- two inputs, one export ---

os.makedirs("other")
tap.write("other/TCP0001.MC", LOG + LOG)
told = expect("two inputs of one name", ["-o", "clash/", "TCP0001.MC", "other/TCP0001.MC"], 2, "[same-export]")
tap.check("both are named", [] if "Both TCP0001.MC and other/TCP0001.MC" in told else [told])
tap.check("the first one stays", [] if tree.lines("clash")[-1]["source"] == "TCP0001.MC" and names("clash") == ["TCP0001.MC.jsonl"] else [names("clash")])
expect("two folders with equal names in them", ["-o", "clash2/", "logs/a", "logs/b"], 2, "[same-export]")
expect("the same input twice", ["-o", "twice/", "TCP0001.MC", "TCP0001.MC"], 0, "tcplog: 1 file,")

paths = [f"logs/{folder}/TCP0000.MC" for folder in ("a", "a/deep", "b")] + ["./TCP0001.MC", "logs/../TCP0001.MC"]
tap.write("list", "".join(path + "\n" for path in paths[:4]).encode())
expect("a list of paths", ["-q", "-o", "listed/", "--files-from", "list"], 0)
tap.check("keeps their folders apart", [] if names("listed") == sorted(os.path.normpath(path) + ".jsonl" for path in paths[:4]) else [names("listed")])
tap.write("list", paths[4].encode() + b"\n")
expect("a path that leads up", ["-q", "-o", "up/", "--files-from", "list"], 0)
tap.check("does not lead out", [] if names("up") == ["TCP0001.MC.jsonl"] else [names("up")])

tap.write("list", b"TCP0001.MC\n./TCP0001.MC\n")
expect("two spellings of one path in a list", ["-o", "spelt/", "--files-from", "list"], 2, "[same-export]")
tap.write("list", b".//logs/./a//TCP0000.MC\n")
expect("a path with parts that lead nowhere", ["-q", "-o", "tidy/", "--files-from", "list"], 0)
tap.check("goes where the path leads", [] if names("tidy") == ["logs/a/TCP0000.MC.jsonl"] else [names("tidy")])
for words in ([], ["--partition", "day"]):
    for spelling in (b"", b"./"):
        tap.write("list", spelling + b"TCP0001.MC\n")
        tap.run("convert", "-q", *words, "-o", "once/" + "".join(words) + "/", "--files-from", "list")
    folder = "once/" + "".join(words)
    records = [line for name in os.listdir(folder) if name.endswith(".jsonl") for line in tap.read(os.path.join(folder, name)).splitlines()]
    tap.check(f"one log, spelt otherwise the next day {words}", [] if len(records) == len(set(records)) > 0 else [len(records)])

# --- what is written to, and what is not ---

os.makedirs("mine")
tap.write("mine/letter", b"dear\n")
expect("a folder of somebody else's", ["-o", "mine", "logs"], 2, "[folder-not-empty]")
tap.check("nothing was put there", [] if os.listdir("mine") == ["letter"] else os.listdir("mine"))
expect("--force takes it", ["-q", "--force", "-o", "mine", "logs"], 1)
expect("and then it is known", ["-o", "mine", "logs"], 0, "unchanged")
tap.check("the letter stays", [] if tap.read("mine/letter") == b"dear\n" else ["gone"])
os.makedirs("empty/lost+found")
expect("what every new disk holds is nothing", ["-q", "-o", "empty", "TCP0001.MC"], 0)
os.makedirs("foreign")
tap.write("foreign/tcplog.journal", b"a diary\n")
expect("a journal that is none", ["--force", "-o", "foreign", "logs"], 2, "[journal-foreign]")
tap.check("stays", [] if tap.read("foreign/tcplog.journal") == b"a diary\n" else ["gone"])
os.makedirs("linked")
os.makedirs("outside")
os.symlink(os.path.join(top, "outside"), "linked/a")
os.symlink(os.path.join(top, "outside/x"), "linked/TCP0000.MC.jsonl")
told = expect("symbolic links in the folder", ["-q", "--force", "-o", "linked", "logs"], 4, "Too many levels of symbolic links")
tap.check("are not followed", [] if os.listdir("outside") == [] else os.listdir("outside"))
tap.check("each is told", [] if "logs/TCP0000.MC: Its export" in told and "logs/a/TCP0000.MC: Its export" in told else [told])
tap.check("and the others are there", [] if "b/TCP0000.MC.jsonl" in names("linked") else [names("linked")])
os.symlink("there", "alias")
expect("a link that is named is followed", ["-o", "alias", "./TCP0001.MC"], 0, "unchanged      1")
os.mkdir("blocked")
os.makedirs("blocked/TCP0001.MC.jsonl")
expect("a folder where an export should go", ["-q", "--force", "-o", "blocked", "TCP0001.MC", "logs/b"], 4, "Is a directory")
tap.check("the others are there", [] if "TCP0000.MC.jsonl" in names("blocked") else [names("blocked")])

# --- exports among logs ---

tree.grow("inside")
expect("a folder within the operand", ["-q", "-o", "inside/out/", "inside"], 1)
before = names("inside/out")
expect("its exports are no inputs", ["-o", "inside/out/", "inside"], 0, "unchanged")
tap.check("and nothing is added", [] if names("inside/out") == before == names("new/deep") else [names("inside/out")])
tree.grow("beside")
expect("exports beside their logs", ["-q", "--force", "-o", "beside", "beside"], 1)
first = tree.held("beside")
expect("once more", ["-q", "-o", "./beside", "beside"], 0)
tap.check("nothing is added", list(tree.differences(tree.held("beside"), first)))
with_a_log = os.path.join("inside/out", "TCP0007.MC")
tap.write(with_a_log, LOG)
expect("a log among the exports is a log", ["-q", "-o", "inside/out", "inside"], 0)
tap.check("with an export", [] if "out/TCP0007.MC.jsonl" in names("inside/out") else [names("inside/out")])

# --- identities ---

expect("pseudonyms need a key that stays", ["--redact", "identities", "-o", "keyed/", "logs"], 2, "--redact-key-file")
tap.write("key", b"k" * 32), tap.write("key2", b"l" * 32)
expect("with a key", ["-q", "--redact", "identities", "--redact-key-file", "key", "-o", "keyed/", "logs/b"], 1)
expect("another key makes other names", ["--redact", "identities", "--redact-key-file", "key2", "-o", "keyed/", "logs/b"], 2, "[other-options]")
tap.check("no key is written down", [] if b"k" * 8 not in tap.read("keyed/tcplog.journal") else ["it is"])
tap.end()
