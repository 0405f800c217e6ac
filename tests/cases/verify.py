#!/usr/bin/env python3
"""--verify: exports are read back before they count as done, also those of former runs. That an export which does not add up
is found is validate_test's."""
import sys

sys.dont_write_bytecode = True
import gzip
import os

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
done = tap.run("convert", "--verify", "-q", "-o", "/dev/null", "logs/a")
tap.check("nor can a device", faults(done, 5, "[export-wrong]"))
tap.end()
