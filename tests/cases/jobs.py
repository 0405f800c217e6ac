#!/usr/bin/env python3
"""Any number of threads: the same bytes, the same messages in the same order, the same exit code; a clean end by a signal or
a reader that leaves; and memory that does not grow. What is converted is the corpus, and logs that are made to be cut into
pieces badly: sessions longer than a piece, two clocks, damage of all kinds."""
import sys

sys.dont_write_bytecode = True
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import tap
from clocks import stamp, two_clocks

# sanitizers take their time: one number, and less of all
SEVERAL = ("3",) if tap.SANITIZED else ("2", "3", "8")
SIZE, MANY = (5, 200) if tap.SANITIZED else (12, 600)
MIB = 1 << 20
work = tap.folder()


def corpus(*words):
    return tap.read(os.path.join(tap.CORPUS, *words))


def body(stamped, lines):
    return b"".join(stamped + b": << %070d\r\n" % i for i in range(lines))


def long_session(lines):
    """A mail with an attachment, of some 90 bytes a line."""
    at = b"10:00:00.000"
    says = lambda text: at + b": " + text + b"\r\n"
    return (says(b"--- 6 Aug 2014, 10:00:00.000 ---") + says(b"Connect to 'mx.example', timeout 30 seconds.") +
            says(b">> 220 mx ESMTP") + says(b"<< EHLO me") + says(b">> 250 mx") + says(b"<< MAIL FROM:<a@b.example>") +
            says(b">> 250 ok") + says(b"<< RCPT TO:<c@d.example>") + says(b">> 250 ok") + says(b"<< DATA") +
            says(b">> 354 go") + body(at, lines) + says(b"<< .") + says(b">> 250 queued as 77") + says(b"<< QUIT") +
            says(b">> 221 bye") + says(b"--- Connection closed normally at 6 Aug 2014, 10:00:00.000. ---"))


def damage(chance):
    at = b"10:00:00.000: "
    return chance.choice((
        at + b">> 220 talk without an opening\r\n" + at + b"<< QUIT\r\n" + at + b">> 221 bye\r\n",
        at + b">> " + b"x" * chance.choice((1000, 70000, 200000)) + b"\r\n",
        at + b">> \0\0 zeros\r\n", b"\0" * 100 + b"\r\n", b"pasted by somebody\r\n", b"\r\n", b"\n\n\n",
        at + b"Connect to 'late.example', timeout 30.\r\n", at + b"8: Socket read timeout\r\n",
        at + b"--- 6 Aug 2014, 10:00:00.000 -\r\n", at + b"x" * 66000 + b"\n10:00:00.000: --- 6 Aug 2014, 10:00:00.000 ---\n",
        at + b"<< RETR 1\r\n" + at + b">> +OK\r\n" + at + b">> From: me\r\n"))


def mixed_log(seed, size):
    """Sessions of the corpus and two clocks, with damage between them, and one session longer than a piece."""
    chance, parts, total, at = random.Random(seed), [], 0, 9 * 3600000
    known = [corpus(log) for log in tap.logs() if log.startswith(("pegasus", "mercury"))]
    known = [log for log in known if len(log) < 100000]
    while total < size:
        kind = chance.random()
        if kind < 0.5:
            part, at = two_clocks(chance, at, 600 if at < 10 * 3600000 else 250)
        elif kind < 0.8:
            part = chance.choice(known)
        elif kind < 0.9:
            part = damage(chance)
        else:
            part = long_session(chance.choice((10, 1000, 5000)))
        parts.append(part)
        total += len(part)
        if len(parts) == 300:
            parts.append(long_session(60000))
            total += len(parts[-1])
    return b"".join(parts)


def convert(number, *words, paths):
    done = tap.run("convert", "-j", number, *words, *paths, cwd=work)
    return done.returncode, done.stdout, done.stderr


def differences(*words, paths=("made",)):
    """Of several threads from one."""
    code, out, err = convert("1", *words, paths=paths)
    if not out and not err:
        yield "nothing came out"
    for number in SEVERAL:
        got = convert(number, *words, paths=paths)
        for what, one, other in zip(("exit code", "records", "messages"), (code, out, err), got):
            if one != other:
                yield f"-j{number} {words}: other {what}: {first_difference(one, other)}"


def first_difference(one, other):
    if isinstance(one, int):
        return f"{one} {other}"
    lines = list(zip(one.splitlines(), other.splitlines()))
    for number, (a, b) in enumerate(lines, 1):
        if a != b:
            return f"line {number}: {a[:300]} / {b[:300]}"
    return f"{len(one)} and {len(other)} bytes"


def make():
    """Two large logs, many small ones, and what is no log, so that units of all kinds stand side by side."""
    made = os.path.join(work, "made")
    shutil.copytree(os.path.join(tap.CORPUS, "pegasus" if tap.SANITIZED else ""), os.path.join(made, "corpus"))
    chance, at = random.Random(7), 11 * 3600000
    os.mkdir(os.path.join(made, "many"))
    os.mkdir(os.path.join(made, "large"))
    for i in range(MANY):
        text, at = two_clocks(chance, at, 400)
        tap.write(os.path.join(made, "many", f"TCP{i:04X}.WPM"), text)
        if i % 50 == 0:
            tap.write(os.path.join(made, "many", f"TCP{i:04X}.txt"), b"no log\n" * (1 if i % 100 else 50000))
    tap.write(os.path.join(made, "large", "TCP0001.WPM"), mixed_log(1, SIZE * MIB))
    tap.write(os.path.join(made, "large", "TCP0002.WPM"), mixed_log(2, (SIZE - 3) * MIB)[:-2])
    tap.write(os.path.join(made, "large", "TCP0003.txt"), b"a large file that is no log\n" * 300000)
    tap.write(os.path.join(made, "large", "TCP0004.MS"), body(b"10:00:00.000", 60000))


def night(folder):
    """The hour that comes twice: sessions that only those before them place."""
    text = b""
    for i in range(40000):
        at = 3600000 * 2 - 100 * 1000 + i * 250
        at = at if at < 3 * 3600000 else at - 3600000
        text += (stamp(at) + b": --- 26 Oct 2014, %s ---\r\n" % stamp(at) + stamp(at) + b": >> 220 hi\r\n" +
                 stamp(at) + b": << QUIT\r\n" + stamp(at) + b": >> 221 bye\r\n")
    os.mkdir(os.path.join(work, folder))
    tap.write(os.path.join(work, folder, "TCP0001.WPM"), text)


def exported():
    """A folder of exports, and again after one log has changed: what is skipped is learned from all the same."""
    trees = {}
    for number in ("1", "3"):
        logs, tree = (os.path.join(work, name + number) for name in ("logs", "tree"))
        shutil.copytree(os.path.join(work, "made/many"), os.path.join(logs, "many"))
        tap.run("convert", "-q", "-j", number, "-k", "all", "-o", tree + "/", "many", cwd=logs)
        for name in ("TCP0020.WPM", "TCP0021.WPM", "TCP0080.WPM"):
            with open(os.path.join(logs, "many", name), "ab") as file:
                file.write(b"11:59:59.999: remark\r\n")
        tap.run("convert", "-q", "-j", number, "-k", "all", "-o", tree + "/", "many", cwd=logs)
        trees[number] = contents(tree)
        whole = contents(tree)
        shutil.rmtree(tree)
        tap.run("convert", "-q", "-j", number, "-k", "all", "-o", tree + "/", "many", cwd=logs)
        if contents(tree) != whole:
            yield f"-j{number}: converted in two runs it is another than in one"
    if trees["1"] != trees["3"] or len(trees["1"]) < MANY:
        yield "one thread and three export other things"


def contents(tree, suffix=".jsonl"):
    """Of all exports, by their paths in the tree; the journal knows its own times."""
    return {os.path.relpath(os.path.join(where, name), tree): tap.read(os.path.join(where, name))
            for where, _, names in os.walk(tree) for name in names if name.endswith(suffix) and name not in ("tcplog.journal", ".tcplog.key")}


def large_exports():
    """A large log is cut where it has an export of its own, too: alone, and the last of several."""
    for words in (("-k", "line", "-z"), ("-k", "all", "--verify"), ("-f", "csv", "-k", "line", "-z6"), ("-k", "line", "--partition", "protocol", "-z"), ("-k", "session", "--report", "run.json"))[::2 if tap.SANITIZED else 1]:
        for paths in (["made/large/TCP0001.WPM"], ["made/large/TCP0002.WPM", "made/large/TCP0003.txt", "made/large/TCP0001.WPM"]):
            told = {}
            for number in ("1", "3"):
                shutil.rmtree(os.path.join(work, "exports"), ignore_errors=True)
                done = tap.run("convert", "-j", number, *words, "--force", "-o", "exports/", *paths, cwd=work)
                # a hash that is not that of the whole log would have it converted again
                for path in paths:
                    os.utime(os.path.join(work, path))
                again = tap.run("convert", "-j", number, *words[:-2 if "--report" in words else None], "-o", "exports/", *paths, cwd=work)
                told[number] = (done.returncode, done.stderr, contents(os.path.join(work, "exports"), ""), again.stdout, again.stderr)
            if told["3"] != told["1"]:
                where = [name for name in told["1"][2] if told["3"][2].get(name) != told["1"][2][name]]
                yield f"{words} {paths}: {where}, {[told[number][0] for number in told]} {[told[number][1][-200:] + told[number][4][-200:] for number in told]}"
            if len(told["1"][2]) < 1 or b"unchanged" not in told["1"][4]:
                yield f"{words} {paths}: {told['1']}"[:500]


def export_without_room():
    """A cut log whose export cannot be written to its end: it is told, nothing is left behind, and nothing is done."""
    for number in ("1", "3"):
        shutil.rmtree(os.path.join(work, "exports"), ignore_errors=True)
        done = tap.run("convert", "-q", "-j", number, "-k", "line", "-o", "exports/", "made/large/TCP0001.WPM", cwd=work, preexec_fn=no_large_files)
        if done.returncode != 4 or b"[output-failed]" not in done.stderr or b"File too large" not in done.stderr:
            yield f"-j{number}: exit {done.returncode} {done.stderr[-300:]}"
        if sorted(os.listdir(os.path.join(work, "exports"))) != [".tcplog.key", "tcplog.journal"]:
            yield f"-j{number}: {os.listdir(os.path.join(work, 'exports'))}"
        again = tap.run("convert", "-q", "-j", number, "-k", "line", "-o", "exports/", "made/large/TCP0001.WPM", cwd=work)
        if again.returncode not in (0, 1) or not os.path.exists(os.path.join(work, "exports/TCP0001.WPM.jsonl")):
            yield f"-j{number}: then exit {again.returncode} {again.stderr[-300:]}"


def no_large_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * MIB, 8 * MIB))


def export_interrupted():
    """What was begun is gone, and the next run makes what an undisturbed one does."""
    shutil.rmtree(os.path.join(work, "exports"), ignore_errors=True)
    for wait in (0.02, 0.05, 0.1, 0.2):
        program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-j3", "-k", "line", "-z9", "-o", "exports/", "made/large/TCP0001.WPM"], cwd=work, stderr=subprocess.PIPE)
        time.sleep(wait)
        program.send_signal(signal.SIGINT)
        err = program.communicate(timeout=60)[1]
        if program.returncode not in (130, -signal.SIGINT, 0, 1):
            yield f"exit {program.returncode} {err}"
        if os.path.isdir(os.path.join(work, "exports")) and [name for name in os.listdir(os.path.join(work, "exports")) if name.startswith(".") and name != ".tcplog.key"]:
            yield f"left behind: {os.listdir(os.path.join(work, 'exports'))}"
    trees = []
    for number, out in (("3", "exports"), ("1", "whole")):
        tap.run("convert", "-q", "-j", number, "-k", "line", "-z9", "-o", out + "/", "made/large/TCP0001.WPM", cwd=work)
        trees.append(contents(os.path.join(work, out), ""))
    if trees[0] != trees[1] or len(trees[0]) != 2:
        yield "it is another"


def strict():
    paths = [f"made/many/TCP{i:04X}.WPM" for i in range(MANY // 2)] + ["made/large/TCP0001.WPM", "made/many/TCP0001.WPM"]
    yield from differences("--strict", paths=paths)
    yield from differences("--strict", "-o", "strict.jsonl", "--force", paths=paths[::-1])


def nothing_behind(*words):
    """Workers write to a file themselves, and the next log is ready at once: it must not leave in the moment between the end of
    the first, which is wrong, and the end of the run."""
    tap.write(os.path.join(work, "wrong.WPM"), corpus("pegasus", "TCP-140210-2137-0.pop") + b"pasted by somebody\r\n")
    paths = ["wrong.WPM"] + [f"made/many/TCP{i:04X}.WPM" for i in range(8)]
    ends = []
    for number in ["1"] + [SEVERAL[0]] * (20 if tap.SANITIZED else 80):
        with open(os.path.join(work, "out.jsonl"), "wb") as file:
            done = subprocess.run([tap.TCPLOG, "convert", "-q", "--strict", *words, "-j", number, *paths], cwd=work,
                                  stdout=file, stderr=subprocess.PIPE, check=False)
        ends.append((os.path.getsize(os.path.join(work, "out.jsonl")), done.returncode, done.stderr))
    yield from [f"{one} {ends[0]}" for one in ends[1:] if one != ends[0] or not one[0]][:3]


def exports_behind():
    """Nor do exports appear that one thread would not have made."""
    made = []
    for number in ["1"] + [SEVERAL[0]] * (10 if tap.SANITIZED else 40):
        shutil.rmtree(os.path.join(work, "strict"), ignore_errors=True)
        done = tap.run("convert", "-q", "--strict", "-j", number, "-o", "strict/", "wrong.WPM",
                       *[f"made/many/TCP{i:04X}.WPM" for i in range(8)], cwd=work)
        made.append((done.returncode, sorted(name for _, _, names in os.walk(os.path.join(work, "strict")) for name in names)))
    yield from [f"{one} {made[0]}" for one in made[1:] if one != made[0]][:3]


def interrupted(*words):
    """In the middle of a run; what is on standard output by then ends with a whole record."""
    out = os.path.join(work, "out.jsonl")
    with open(out, "wb") as file:
        program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-j3", "-k", "line", *words, *["made"] * 50], cwd=work,
                                   stdout=file, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while not words and os.path.getsize(out) == 0 and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.2)
    program.send_signal(signal.SIGINT)
    begun = time.monotonic()
    err = program.communicate(timeout=60)[1]
    if program.returncode != 130 or b"tcplog: interrupted\n" not in err:
        yield f"exit {program.returncode} {err[-300:]}"
    if time.monotonic() - begun > 20:
        yield f"took {time.monotonic() - begun} s"
    if not words and not tap.read(out).endswith(b"}\n"):
        yield f"not whole records: {tap.read(out)[-100:]}"
    os.unlink(out)
    if [name for name in os.listdir(work) if name.startswith((".", "stopped"))]:
        yield f"left behind: {os.listdir(work)}"


def unread():
    """Nobody reads what is written: the signal must be heard all the same."""
    program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-j3", "-k", "line", "made"], cwd=work,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    program.stdout.read(10)
    time.sleep(0.5)
    program.send_signal(signal.SIGINT)
    try:
        program.wait(20)
    except subprocess.TimeoutExpired:
        program.kill()
        yield "it went on waiting"
    program.communicate()
    if program.returncode != 130:
        yield f"exit {program.returncode}"


def reader_leaves():
    program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-j3", "-k", "line", *["made"] * 20], cwd=work,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    program.stdout.read(10)
    program.stdout.close()
    program.stderr.read()
    if program.wait(60) != 4:
        yield f"exit {program.returncode}"


def full_disk():
    for number in ("1", "3"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([tap.TCPLOG, "convert", "-q", "-j", number, "-k", "line", "made"], cwd=work,
                                  stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60, check=False)
        if done.returncode != 4 or b"[output-failed]" not in done.stderr:
            yield f"-j{number}: exit {done.returncode} {done.stderr[-300:]}"


def full_file():
    """Workers write it; what came of the last log is told once, and nothing is left behind."""
    for number in ("1", "3"):
        done = tap.run("convert", "-q", "-j", number, "-k", "line", "-o", "full.jsonl", "made", cwd=work, preexec_fn=no_large_files)
        if done.returncode != 4 or done.stderr.count(b"[output-failed]") != 1 or b"File too large" not in done.stderr:
            yield f"-j{number}: exit {done.returncode} {done.stderr[-300:]}"
        if os.path.exists(os.path.join(work, "full.jsonl")):
            yield f"-j{number}: it is there"


def to_files():
    """Where no write waits, workers write."""
    for words in (("-k", "line"), ("-k", "all", "--dedupe"), ("-k", "exchange", "--strict")):
        told = []
        for number in ("1", *SEVERAL):
            done = tap.run("convert", "-j", number, *words, "--force", "-o", "all.jsonl", "made", "made/large", cwd=work)
            told.append((done.returncode, done.stderr, tap.read(os.path.join(work, "all.jsonl"))))
        if len(told[0][2]) < MIB or any(other != told[0] for other in told):
            yield f"{words}: {[(code, err[-200:], len(out)) for code, err, out in told]}"


def sized(size):
    """A session of so many bytes."""
    before, after = long_session(0).split(b"10:00:00.000: << .\r\n")
    rest = size - len(before) - len(after) - 20
    lines = [b"10:00:00.000: << %080d\r\n" % i for i in range(rest // 99 - 1)]
    last = rest - 99 * len(lines)
    return before + b"".join(lines) + b"10:00:00.000: << " + b"y" * (last - 19) + b"\r\n" + b"10:00:00.000: << .\r\n" + after


def edges():
    """Sessions that open where a chunk of a large log, or a step in which it is read, ends, or near it, and one that fills
    some chunks."""
    chunk, step = 1536 * 1024, 64 * 1024
    os.mkdir(os.path.join(work, "edges"))
    near = (-1100, -1024, -1023, -64, -2, -1, 0, 1, 2, 1024)
    aparts = [*near, *(step + each for each in near), 3 * step - 7]
    for i, apart in enumerate(near if tap.SANITIZED else aparts):
        log = sized(chunk + apart) + sized(2 * chunk - 7 * apart) + two_clocks(random.Random(i), 0, 400)[0] + sized(chunk + 3000)
        tap.write(os.path.join(work, "edges", f"TCP{i:04X}.WPM"), log)
    assert len(sized(chunk)) == chunk
    yield from differences("-k", "all", paths=["edges"])


def piped():
    """Standard input has its place among files, and is told by one thread like by many."""
    text = tap.read(os.path.join(work, "made/large/TCP0001.WPM"))
    told = [tap.run("convert", "-j", number, "made/many", "-", "made/many", cwd=work, input=text) for number in ("1", "3")]
    if (told[0].stdout, told[0].stderr) != (told[1].stdout, told[1].stderr):
        yield first_difference(told[0].stdout, told[1].stdout)
    whole = tap.run("convert", "-q", "--name", "made/large/TCP0001.WPM", "-", cwd=work, input=text)
    if whole.stdout != tap.run("convert", "-q", "-j3", "made/large/TCP0001.WPM", cwd=work).stdout:
        yield "a log that is cut is not what it is as a whole"


def memory():
    """A reader that is slow has all wait, not heap up."""
    program = subprocess.Popen([tap.TCPLOG, "convert", "-q", "-j2", "-k", "line", *["made/large"] * 6], cwd=work,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    program.stdout.read(10)
    time.sleep(2)
    status = tap.read(f"/proc/{program.pid}/status").decode()
    program.kill()
    program.communicate()
    peak = int(status.split("VmHWM:")[1].split()[0])
    if peak >= 32 * 1024:
        yield f"{peak} KiB"


def refused():
    for number in ("0", "-1", "two", "1x"):
        done = tap.run("convert", "-j", number, "made")
        if done.returncode != 2:
            yield f"-j {number}: exit {done.returncode}"


make()
night("night")
tap.write(os.path.join(work, "key"), b"sixteen bytes or more")
ways = (("-k", "line", "-z"), ("-k", "exchange", "-f", "csv"), ("-k", "all"), ("-k", "session"),
        ("-k", "all", "--redact", "identities", "--redact-key-file", "key"), ("-k", "line", "-f", "csv", "-z"))
for words in ways[::2] if tap.SANITIZED else ways:
    tap.check(f"{' '.join(words)}: the same from any number of threads", list(differences(*words)))
tap.check("across the hour that comes twice", list(differences("--timezone", "Europe/Amsterdam", paths=["night"])))
tap.check("in the order of operands", list(differences(paths=["made/many", "made/large", "made/many/TCP0007.WPM", "nothing"])))
tap.check("a folder of exports", list(exported()))
tap.check("large logs with exports of their own", list(large_exports()))
tap.check("of which one has no room", list(export_without_room()))
tap.check("or is interrupted", list(export_interrupted()))
tap.check("--strict ends at the same place", list(strict()))
tap.check("nor does anything leave behind that", list(nothing_behind()) + list(nothing_behind("-z")))
tap.check("nor appear as an export", list(exports_behind()))
tap.check("standard input among files", list(piped()))
tap.check("SIGINT", list(interrupted()))
tap.check("SIGINT, to a file", list(interrupted("-o", "stopped.jsonl")))
tap.check("SIGINT, waiting for a reader", list(unread()))
tap.check("a reader that leaves", list(reader_leaves()))
tap.check("a disk that is full", list(full_disk()))
tap.check("a file that has no room", list(full_file()))
tap.check("to a file", list(to_files()))
tap.check("sessions that open where chunks end", list(edges()))
if not tap.SANITIZED:
    tap.check("below 32 MiB with two threads and a slow reader", list(memory()))
tap.check("-j takes a number", list(refused()))
tap.end()
