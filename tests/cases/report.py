#!/usr/bin/env python3
"""What a run says of itself: the list of inputs that did not go well, worst first, and the report, a JSON document that
tells of every input. Neither changes what is converted."""
import sys

sys.dont_write_bytecode = True
import json
import os
import re
import shutil
import signal
import subprocess
import time

import tap
import tree

top = tap.folder(tree.MEMORY)
os.chdir(top)
LOG = tree.ONE_CLOCK
GENERAL = tap.read(os.path.join(tap.CORPUS, "mercury/38-general-log-not-a-session-log/mercurys.log"))
tree.grow("logs")


def strict(data):
    return json.loads(data.decode("utf-8"), object_pairs_hook=tap.no_twice)


def report(*words, code=None):
    done = tap.run("convert", *words, "--report", "run.json")
    if code is not None and done.returncode != code:
        tap.check(f"{words}: exit {code}", [f"exit {done.returncode} {done.stderr.decode()}"])
    told = strict(tap.read("run.json"))
    os.unlink("run.json")
    return told, done


def listed(done):
    """What stands below "did not go well"."""
    told = done.stderr.decode().split(" did not go well, the worst first:\n")
    return re.findall(r"^  (\S+?)(?::\d+)?: .* \[([a-z-]+)\]$", told[1], re.M) if len(told) > 1 else []


# --- the list ---

tap.write("damaged.MC", LOG + b"what is this\r\n")
tap.write("letter.txt", b"Dear diary\r\n"), tap.write("mercurys.log", GENERAL)
bad = ["damaged.MC", "letter.txt", "missing.pop", "mercurys.log", "gone.pop"]
done = tap.run("convert", "-o", "x.jsonl", "logs/TCP0000.MC", *bad)
worst = [("missing.pop", "unreadable"), ("gone.pop", "unreadable"), ("letter.txt", "not-a-session-log"), ("mercurys.log", "general-log"), ("damaged.MC", "unparsed-lines")]
tap.check("the worst come first, of equals the first", [] if listed(done) == worst and "tcplog: 5 inputs did not" in done.stderr.decode() else [done.stderr.decode()])
many = [f"no{i:02}.pop" for i in range(25)]
done = tap.run("convert", "-o", "y.jsonl", "damaged.MC", *many)
tap.check("20 at most, and how many more", [] if [path for path, _ in listed(done)] == many[:20] and "and 6 more, which --report FILE names" in done.stderr.decode() else [done.stderr.decode()])
tap.check("a single input is not told of twice", [] if not listed(tap.run("convert", "-o", "z.jsonl", "damaged.MC")) else ["it is"])
tap.check("nor where nothing is wrong", [] if not listed(tap.run("convert", "-o", "w.jsonl", "logs/a")) else ["it is"])
tap.check("nor is anything with -q", [] if not listed(tap.run("convert", "-q", "-o", "v.jsonl", *bad)) else ["it is"])

# --- the report ---

told, done = report("-o", "a.jsonl", "--force", "logs", *bad, code=1)
inputs = {entry["path"]: entry for entry in told["inputs"]}
tap.check("every input is in it once, in order", [] if [e["path"] for e in told["inputs"]][-5:] == bad and len(inputs) == len(told["inputs"]) == 32 else [len(told["inputs"])])
tap.check("with what came of it", [(path, inputs[path]["status"]) for path, status in zip(bad, ("damaged", "refused", "unreadable", "refused", "unreadable")) if inputs[path]["status"] != status])
tap.check("those that are fine, too", [] if inputs["logs/TCP0000.MC"]["status"] == "done" and inputs["logs/a/letter.txt"]["status"] == "passed-over" else [inputs])
records = [json.loads(row) for row in tap.read("a.jsonl").splitlines()]
for what, found in (("records", {p: sum(r["source_file"] == p for r in records) for p in inputs}), ("bytes", {p: os.path.getsize(p) for p in inputs if inputs[p]["status"] in ("done", "damaged")})):
    tap.check(f"{what} of each", [(p, inputs[p].get(what), n) for p, n in found.items() if inputs[p].get(what, 0) != n])
tap.check("what is wrong, and where", [] if [(d["id"], d["line"]) for d in inputs["damaged.MC"]["diagnostics"]] == [("unparsed-lines", LOG.count(b"\n") + 1)] else [inputs["damaged.MC"]])
sums = told["summary"]
tap.check("the sums are sums", [name for name in ("records", "lines", "sessions", "bytes", "problems") if sum(e.get(name, 0) for e in told["inputs"]) != sums[name]])
tap.check("counts, exit code, options", [] if (sums["failed"], sums["refused"], sums["passed_over"], told["exit"], told["options"]["kinds"]) == (6, 2, 1, 1, "exchange") else [sums, told["options"]])
times = [told["began"], told["ended"]]
tap.check("times are of RFC 3339", [time for time in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time)] + ([] if times == sorted(times) else times))
tap.check("how long it took", [] if all(isinstance(e.get("busy_ms", 0), int) for e in told["inputs"]) and sums["busy_ms"] >= 0 else ["no"])
hashed = {e["path"]: e.get("hash", "") for e in told["inputs"] if e["status"] in ("done", "damaged", "refused", "passed-over")}
tap.check("each that was read has a hash", [pair for pair in hashed.items() if not re.fullmatch(r"[0-9a-f]{32}", pair[1])])
twice = report("-o", "a.jsonl", "--force", "logs", *bad, code=1)[0]
tap.check("which is the same each time", [e for e in twice["inputs"] if e["path"] in hashed and e["hash"] != hashed[e["path"]]])
os.mkdir("elsewhere")
tap.run("convert", "-q", "--report", "elsewhere/r.json", "-o", "c.jsonl", "logs")
other = {e["path"]: e.get("hash") for e in json.loads(tap.read("elsewhere/r.json"))["inputs"]}
tap.check("but not with another key", [path for path, hash_ in other.items() if not hash_ or hash_ == hashed[path]])
tap.check("and only its owner may read that", [] if os.stat("elsewhere/.tcplog.key").st_mode & 0o777 == 0o600 else ["others may"])
told, _ = report("--redact", "none", "-o", "b.jsonl", "logs/TCP0000.MC", code=0)
tap.check("but where records hold them, too", [] if re.fullmatch(r"[0-9a-f]{32}", told["inputs"][0].get("hash", "")) else told["inputs"])
plain = tap.run("convert", "-q", "-o", "plain.jsonl", "logs")
tap.check("records are the same without", [] if tap.read("plain.jsonl") == tap.read("a.jsonl")[:len(tap.read("plain.jsonl"))] else ["they differ"])

told, _ = report("-o", "out/", "logs", code=1)
again, _ = report("-o", "out/", "logs", "missing.pop", code=1)
first = {e["path"]: e for e in told["inputs"]}
tap.check("exports are named", [e for e in told["inputs"] if e["status"] == "done" and tap.read(e["export"]).count(b"\n") != e["records"]])
tap.check("of a later run, too, with their hashes", [(e, first[e["path"]]) for e in again["inputs"] if e["status"] == "unchanged" and {k: e[k] for k in ("export", "hash", "records", "lines", "bytes")} != {k: first[e["path"]][k] for k in ("export", "hash", "records", "lines", "bytes")}])
tap.check("which are counted", [] if again["summary"]["unchanged"] == 26 == sum(e["status"] == "unchanged" for e in again["inputs"]) else [again["summary"]])
os.makedirs("blocked/TCP0000.MC.jsonl")
told, done = report("--force", "-o", "blocked", "logs/a", "mercurys.log", code=4)
tap.check("an export without a place", [] if listed(done)[0] == ("logs/a/TCP0000.MC", "output-failed") and told["inputs"][0]["status"] == "unwritten" and told["exit"] == 4 else [listed(done), told["inputs"][0]])

# --- the order does not depend on -j ---

FOLDERS = 5 if tap.SANITIZED else 15


def steady(told):
    """A report without what differs from run to run."""
    told.pop("began"), told.pop("ended"), told["options"].pop("jobs", None)
    for entry in [*told["inputs"], told["summary"]]:
        entry.pop("busy_ms", None), entry.pop("hash", None)
    return told


def over_what_is_done(number, *words, code):
    """What a run tells of a folder where most was done before, some has changed for the worse, and two exports have no place."""
    for made in ("mixed", "made"):
        shutil.rmtree(made, ignore_errors=True)
    logs = [f"{i:02}/TCP{k}.MC" for i in range(FOLDERS) for k in range(4)]
    for log in logs:
        os.makedirs(os.path.dirname(f"mixed/{log}"), exist_ok=True)
        tap.write(f"mixed/{log}", LOG * 3)
    tap.run("convert", "-q", "-o", "made/", "mixed")
    # those behind it in its folder are done again, too: they learn from it
    for log in logs[2::12]:
        tap.write(f"mixed/{log}", LOG * 100 + b"what is this\r\n")
    for log in logs[8], logs[13]:
        os.remove(f"made/{log}.jsonl")
        os.mkdir(f"made/{log}.jsonl")
    told, done = report("-j", number, "-o", "made/", *words, code=code)
    return steady(told), done.stderr


for what, words, code in [("of a folder that is done in part", ["mixed"], 4),
                          ("where a list cannot be read", ["mixed", "--files-from", "logs"], 4),
                          ("where one input has the export of another", ["mixed", "damaged.MC", "mixed/00/TCP0.MC", "logs/TCP0000.MC", "logs/a/TCP0000.MC", "logs"], 2),
                          ("where the first bad one ends it", ["--strict", "mixed/00", "mixed/01", "mixed"], 1)]:
    one, said = over_what_is_done("1", *words, code=code)
    paths = [entry["path"] for entry in one["inputs"]]
    tap.check(f"with one thread a report {what} is in the order of the inputs", [] if paths[:4 * FOLDERS] == sorted(paths[:4 * FOLDERS]) else paths)
    for _ in range(3):
        told, err = over_what_is_done("3", *words, code=code)
        tap.check(f"with three it is the same {what}", [] if told == one else [told["summary"], one["summary"], [entry["path"] for entry in told["inputs"]], paths])
        tap.check(f"and so are the messages {what}", [] if err == said else [err.decode(), said.decode()])

# --- how it appears ---

odd = b"od\xffd \"quoted\" \x1b\n.txt"
tap.write(odd, LOG)
done = tap.run(b"convert", b"-q", b"--report", b"odd.json", b"-o", b"odd.jsonl", odd)
tap.check("any name makes valid JSON", [] if strict(tap.read("odd.json"))["inputs"][0]["path"] == 'od?d "quoted" \x1b\n.txt' else [tap.read("odd.json")])
tap.check("another report is written over", [] if tap.run("convert", "-q", "--report", "odd.json", "-o", "o2.jsonl", "damaged.MC").returncode == 1 and b"damaged" in tap.read("odd.json") else ["no"])
before = tap.read("damaged.MC")
done = tap.run("convert", "--report", "damaged.MC", "-o", "o3.jsonl", "damaged.MC")
tap.check("another file is not", [] if done.returncode == 4 and tap.read("damaged.MC") == before and b"--force" in done.stderr and not os.path.exists("o3.jsonl") else [done])
shutil.copytree("logs/a", "dear")
for what, words in (("an input", ["damaged.MC"]), ("one in a folder", ["dear"]), ("one of a folder of exports", ["dear", "-o", "dear.out/"])):
    target = words[0] if words[0] == "damaged.MC" else "dear/" + sorted(os.listdir("dear"))[0]
    before = tap.read(target)
    done = tap.run("convert", "-q", "--force", "--report", target, *words)
    tap.check(f"{what} is not written over, not even with --force", [] if done.returncode == 4 and tap.read(target) == before else [done])
for what, report_, words in (("an output", "n.jsonl", ["-o", "n.jsonl"]), ("an index", "n.jsonl.gz.idx", ["-o", "n.jsonl.gz"])):
    done = tap.run("convert", "-q", "--report", report_, *words, "logs/a")
    records = tap.run("validate", "-q", words[1]).returncode if os.path.exists(words[1]) else None
    tap.check(f"nor is {what}", [] if done.returncode in (2, 4) and records in (0, None) and (records is None or not tap.read(report_).startswith(b'{"options"')) else [done, records])
tap.run("convert", "-q", "-o", "kept/", "logs/a")
first = sorted(name for name in os.listdir("kept") if name.endswith(".jsonl"))[0]
for name in ("tcplog.journal", first):
    done = tap.run("convert", "-q", "--force", "-o", "kept/", "--report", "kept/" + name, "logs/a")
    again = tap.run("convert", "-o", "kept/", "logs/a")
    tap.check(f"nor is {name}", [] if done.returncode == 4 and again.returncode == 0 and not tap.read("kept/" + name).startswith(b'{"options"') else [done, again])
tap.write("stranger", b"of no use\n")
done = tap.run("convert", "-q", "--force", "--report", "stranger", "-o", "o7.jsonl", "logs/a")
tap.check("but any other file is, where that is asked for", [] if done.returncode == 0 and strict(tap.read("stranger"))["exit"] == 0 else [done])
done = tap.run("convert", "-q", "--report", "no/run.json", "-o", "o4.jsonl", "damaged.MC")
tap.check("where it has no place nothing is done", [] if done.returncode == 4 and not os.path.exists("o4.jsonl") else [done])
done = tap.run("convert", "-q", "--report", "/dev/full", "-o", "o5.jsonl", "logs/a")
tap.check("a report that cannot be written is a failure", [] if done.returncode == 4 and b"/dev/full: No space left" in done.stderr else [done])
os.symlink("/proc/self/fd/2", "messages")
done = tap.run("convert", "-q", "--report", "messages", "-o", "o6.jsonl", "logs/a")
tap.check("a device is written to", [] if strict(done.stderr)["exit"] == 0 else [done])
os.mkfifo("pipe")
program = subprocess.Popen([tap.TCPLOG, "convert", "--report", "stopped.json", "-o", "stopped/", "logs", "pipe", "damaged.MC"], stderr=subprocess.DEVNULL)
writer = os.open("pipe", os.O_WRONLY)
os.write(writer, LOG)
time.sleep(0.1)
program.send_signal(signal.SIGINT)
program.wait(20)
os.close(writer)
told = strict(tap.read("stopped.json"))
tap.check("at Ctrl-C it tells of what was done", [] if told["exit"] == 130 and [e["status"] for e in told["inputs"] if e["path"] == "logs/TCP0000.MC"] == ["done"] and "damaged.MC" not in {e["path"] for e in told["inputs"]} else [told])
tap.check("and no half one is left", [name for name in os.listdir(".") if name.startswith(".") and name != ".tcplog.key"])
tap.end()
