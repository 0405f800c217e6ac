#!/usr/bin/env python3
"""Never a duplicate, never a gap: runs with -o DIR are killed at 200 random points, while logs grow and come in between, and
the run that is left to end makes what an undisturbed run makes, byte for byte. Among the logs are such that learn from those
before them. Nothing is asserted on time."""
import sys

sys.dont_write_bytecode = True
import itertools
import os
import random
import shutil
import subprocess
import time

import tap
import tree

KILLS = 60 if tap.SANITIZED else 200
dice = random.Random(1982)
top = tap.folder(tree.MEMORY)
os.chdir(top)


def command(*words, out):
    return [tap.TCPLOG, "convert", "-q", *words, "-o", out, "logs"]


def killed(words, longest):
    """Whether it was killed: it may have come to its end before."""
    program = subprocess.Popen(command(*words, out="out/"), stderr=subprocess.DEVNULL)
    time.sleep(dice.random() * longest)
    program.kill()
    return program.wait() < 0


def took(words):
    """Seconds of a run that nothing gets in the way of."""
    times = []
    for _ in range(5):
        begin = time.monotonic()
        subprocess.run(command(*words, out="timed/"), stderr=subprocess.DEVNULL, check=False)
        times.append(time.monotonic() - begin)
        shutil.rmtree("timed")
    return min(times)


def undisturbed(words):
    shutil.rmtree("fresh", ignore_errors=True)
    subprocess.run(command(*words, out="fresh/"), capture_output=True, check=False)
    return tree.held("fresh")


def change(numbers=itertools.count(1000)):
    """What a day may bring: a log grows, a new one stands between others, one is copied again. No two have the same time: a
    log of the same size and time is the same one."""
    number = next(numbers)
    name = f"logs/{dice.choice(['', 'a/', 'a/deep/', 'b/'])}TCP{dice.randrange(0, 0x200):04X}.MC"
    old = tap.read(name) if os.path.exists(name) and dice.random() < 0.5 else b""
    tap.write(name, old + tree.old_log(dice.choice([1, 2, 20]), 36000000 + 60000 * dice.randrange(20), phase=dice.choice([666, 667, 123])))
    os.utime(name, ns=(number * 10**9, number * 10**9))


def round_of_kills(words, changes, longest, wanted):
    """(kills, faults): runs are killed until one ends."""
    shutil.rmtree("out", ignore_errors=True)
    kills = 0
    while killed(words, longest):
        kills += 1
        if changes and dice.random() < 0.3:
            change()
        # whatever is there is whole: half exports are hidden
        for name, data in tree.held("out").items() if os.path.isdir("out") and kills % 5 == 0 else ():
            if name.endswith(".jsonl") and not os.path.basename(name).startswith(".") and data and not data.endswith(b"\n"):
                return kills, [f"{name} is half"]
        longest *= 1.02
    # the run that came to its end may have been an early one, and logs have changed since
    last = subprocess.run(command(*words, out="out/"), capture_output=True, check=False)
    faults = list(tree.differences(tree.held("out"), undisturbed(words) if changes else wanted))
    if last.returncode not in (0, 1):
        faults.append(f"exit {last.returncode} {last.stderr.decode()}")
    return kills, faults


for what, words, changes in (("an undisturbed input", ("-k", "all"), False), ("an input that changes", ("-k", "all"), True), ("packed exports", ("-z", "-k", "exchange"), True)):
    shutil.rmtree("logs", ignore_errors=True)
    tree.grow("logs", seed=7, logs=96)
    longest, wanted, kills, rounds, faults = took(words), undisturbed(words), 0, 0, []
    while kills < KILLS // 3 + 1 and not faults and rounds < 200:
        more, faults = round_of_kills(words, changes, longest, wanted)
        kills, rounds = kills + more, rounds + 1
        # when it was measured the machine may have had other things to do
        longest *= 0.8 if more == 0 else 1
    tap.check(f"{what}: {kills} kills in {rounds} rounds, and in the end nothing is twice or missing", faults)
    tap.check(f"{what}: it was killed often enough", [] if kills > KILLS // 3 else [kills])
learned = tap.run("convert", "-q", "-k", "session", "logs").stdout.count(b'"clock_phase_source":"earlier-session"')
tap.check(f"sessions did learn from others ({learned})", [] if learned > 5 else [learned])
tap.end()
