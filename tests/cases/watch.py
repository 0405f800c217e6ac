#!/usr/bin/env python3
"""tcplog watch: exports come while logs still grow, hold ended sessions only, follow logs that are rotated in any way, and
are in the end what a run of convert over the same folder gives, byte for byte."""
import sys

sys.dont_write_bytecode = True
import os
import random
import shutil
import signal
import time

import tap
from watching import FIRST, MERCURY, PATIENCE, SECOND, Watch, tells_births, tree, until

PEGASUS = [name for name in sorted(os.listdir(os.path.join(tap.CORPUS, "pegasus"))) if not tap.is_golden(name)]
SEED = 20261128


def sessions_as_they_end():
    watch = Watch()
    watch.append("TCP0000.MS", FIRST[:-40])
    time.sleep(0.7)
    early = watch.sessions("TCP0000.MS")
    watch.append("TCP0000.MS", FIRST[-40:])
    first = until(lambda: watch.sessions("TCP0000.MS") == 1)
    watch.append("TCP0000.MS", SECOND[:200])
    time.sleep(0.7)
    still = watch.sessions("TCP0000.MS")
    watch.append("TCP0000.MS", SECOND[200:])
    both = until(lambda: watch.sessions("TCP0000.MS") == 2)
    code, messages = watch.stop()
    tap.check("a session is converted when it has ended, and not before",
              [(early, first, still, both, messages)] if (early, first, still, both) != (0, True, 1, True) else [])
    tap.check("Ctrl-C ends it with 130", [(code, messages)] if code != 130 else [])
    tap.check("and what it leaves is what convert gives", watch.unlike_bulk())


def unfinished_at_the_end():
    watch = Watch()
    watch.append("TCP0000.MS", MERCURY[:-150])
    until(lambda: watch.sessions("TCP0000.MS") == 1)
    code, messages = watch.stop(signal.SIGTERM)
    tap.check("being told to terminate is no failure", [(code, messages)] if code != 0 else [])
    tap.check("what has not ended by then is converted as it stands",
              watch.unlike_bulk() + ([] if watch.sessions("TCP0000.MS") == 2 else ["not there"]))
    watch.append("TCP0000.MS", MERCURY[-150:])
    watch.start()
    until(lambda: b"221" in watch.export("TCP0000.MS")[-3000:])
    watch.stop()
    tap.check("and the next watch goes on from there", watch.unlike_bulk())


def idle_logs():
    watch = Watch("--idle", "1")
    watch.append("sub/TCP0000.MS", MERCURY[:-150])
    tap.check("a log that has not changed for --idle seconds is taken as it stands",
              [] if until(lambda: watch.sessions("sub/TCP0000.MS") == 2) else [tree(watch.out)])
    watch.stop()


def rotated():
    watch = Watch()
    watch.append("TCP0000.MS", FIRST)
    until(lambda: watch.sessions("TCP0000.MS") == 1)
    os.rename(watch.path("TCP0000.MS"), watch.path("TCP0000.MS.1"))
    moved = until(lambda: watch.sessions("TCP0000.MS.1") == 1 and not watch.export("TCP0000.MS"))
    watch.append("TCP0000.MS", SECOND)
    anew = until(lambda: watch.sessions("TCP0000.MS") == 1)
    shutil.copy(watch.path("TCP0000.MS"), watch.path("TCP0000.MS.2"))
    os.truncate(watch.path("TCP0000.MS"), 0)
    watch.append("TCP0000.MS", FIRST)
    copied = until(lambda: watch.sessions("TCP0000.MS.2") == 1 and b"first.example.net" in watch.export("TCP0000.MS"))
    watch.stop()
    tap.check("a log that is moved away takes its export along", [] if moved else [tree(watch.out).keys()])
    tap.check("and another one may take its name", [] if anew else [tree(watch.out).keys()])
    tap.check("a log that is copied and cut begins anew", [] if copied else [tree(watch.out).keys()])
    tap.check("rotated logs are in the end what convert makes of them", watch.unlike_bulk())


def watched(**logs):
    """A watch, and below its folder logs of one session each, which are converted already."""
    watch = Watch()
    for name, data in logs.items():
        watch.append(name + ".MS", data)
    until(lambda: all(watch.sessions(name + ".MS") == 1 for name in logs))
    return watch


def comes_to(watch, what, **sessions):
    """Whether exports are there in the end, of so many sessions each, and no others; and are what convert makes."""
    wanted = {name + ".MS": number for name, number in sessions.items()}
    right = until(lambda: {name[:-len(".jsonl")] for name in tree(watch.out)} == wanted.keys() and
                  all(watch.sessions(name) == number for name, number in wanted.items()))
    watch.stop()
    tap.check(what, watch.unlike_bulk() + ([] if right else [f"there are {sorted(tree(watch.out))}"]))


def rotated_while_it_grows():
    """It is written to and gets another name at once, or nearly: whether a look comes between is chance."""
    def rotate(watch, name="TCP0000.MS", to="TCP0000-1.MS"):
        watch.append(name, SECOND)
        os.rename(watch.path(name), watch.path(to))

    watch = watched(TCP0000=FIRST)
    if not tells_births(watch.path("TCP0000.MS")):
        watch.stop()
        return
    rotate(watch)
    comes_to(watch, "a log that is written to and moved takes its export along", **{"TCP0000-1": 2})
    watch = watched(TCP0000=FIRST)
    rotate(watch)
    watch.append("TCP0000.MS", FIRST)
    comes_to(watch, "though another one takes its name at once", **{"TCP0000-1": 2, "TCP0000": 1})
    watch = watched(TCP0000=FIRST)
    rotate(watch)
    watch.append("TCP0000.MS", FIRST[:300])
    until(lambda: not watch.export("TCP0000.MS"))
    watch.append("TCP0000.MS", FIRST[300:])
    comes_to(watch, "and has no session yet", **{"TCP0000-1": 2, "TCP0000": 1})
    watch = watched(TCP0000=FIRST, TCP0001=FIRST)
    rotate(watch, "TCP0001.MS", "TCP0002.MS")
    rotate(watch, "TCP0000.MS", "TCP0001.MS")
    comes_to(watch, "or it takes the name of another that was moved", TCP0001=2, TCP0002=2)
    watch = watched(TCP0000=FIRST)
    os.link(watch.path("TCP0000.MS"), watch.path("TCP0001.MS"))
    rotate(watch, to="TCP0002.MS")
    comes_to(watch, "a log of two names has an export for each that stays", TCP0001=2, TCP0002=2)
    watch = watched(TCP0000=FIRST)
    rotate(watch)
    watch.stop()
    tap.check("a log is moved, and the watch is stopped at once", watch.unlike_bulk())


def there_and_back():
    watch = watched(TCP0000=FIRST)
    for old, new in (("TCP0000.MS", "TCP0001.MS"), ("TCP0001.MS", "TCP0000.MS")) * 2:
        os.rename(watch.path(old), watch.path(new))
        until(lambda: watch.sessions(new) == 1 and not watch.export(old))
    comes_to(watch, "a log that is moved back has its export again", TCP0000=1)


def deleted():
    watch = Watch()
    watch.append("TCP0000.MS", FIRST)
    until(lambda: watch.sessions("TCP0000.MS") == 1)
    os.remove(watch.path("TCP0000.MS"))
    watch.append("TCP0001.MS", FIRST)
    until(lambda: watch.sessions("TCP0001.MS") == 1)
    watch.stop()
    tap.check("the export of a log that was deleted is kept",
              [] if watch.sessions("TCP0000.MS") == 1 else [tree(watch.out).keys()])


def many_at_once(*words):
    """Logs of two folders grow side by side in pieces that end anywhere; the order is the seed's."""
    dice = random.Random(SEED)
    watch = Watch(*words)
    logs = {f"{dice.choice(['new/deep/', 'b/', ''])}{name}": tap.read(os.path.join(tap.CORPUS, "pegasus", name))
            for name in PEGASUS}
    logs["mercury/TCP0000.MS"] = MERCURY * 3
    left = dict(logs)
    while left:
        name = dice.choice(sorted(left))
        n = dice.choice([1, 7, 60, 400, 4000])
        watch.append(name, left[name][:n])
        left[name] = left[name][n:]
        if not left[name]:
            del left[name]
        if dice.random() < 0.03:
            time.sleep(0.15)
    came = until(lambda: watch.sessions("mercury/TCP0000.MS") == 6)
    watch.stop()
    tap.check(f"logs that grow in pieces come out as in one run{' '.join(['', *words])}",
              watch.unlike_bulk() + ([] if came else ["not all came while it watched"]))


def inside_itself():
    watch = Watch(out="logs/out")
    watch.append("a/TCP0000.MS", FIRST)
    came = until(lambda: watch.sessions("a/TCP0000.MS") == 1)
    time.sleep(0.6)
    watch.stop()
    tap.check("exports below the watched folder are not watched",
              [] if came and set(tree(watch.out)) == {"a/TCP0000.MS.jsonl"} else [tree(watch.out).keys()])


def killed():
    watch = Watch()
    watch.append("TCP0000.MS", MERCURY)
    until(lambda: watch.sessions("TCP0000.MS") == 2)
    watch.program.kill()
    watch.program.communicate()
    watch.append("TCP0000.MS", MERCURY)
    watch.append("TCP0001.MS", MERCURY)
    watch.start()
    until(lambda: watch.sessions("TCP0001.MS") == 2 and watch.sessions("TCP0000.MS") == 4)
    watch.stop()
    tap.check("after kill -9 the next watch leaves nothing out and nothing twice", watch.unlike_bulk())


def told_while_it_looks():
    """The signal comes at any moment of the first look, which has much to do."""
    faults = []
    for pause in (0, 0.01, 0.03, 0.06, 0.1, 0.2):
        watch = Watch()
        for number in range(20):
            watch.append(f"TCP{number:04d}.MS", MERCURY * 20)
        watch.stop()
        watch.start()
        until(watch.heeds)
        watch.append("TCP0020.MS", MERCURY * 500)
        time.sleep(pause)
        code, _ = watch.stop()
        faults += watch.unlike_bulk() + ([] if code == 130 else [f"exit code {code}"])
    tap.check("a signal that breaks a look off leaves nothing out", faults)


def mistakes():
    where = tap.folder()
    os.mkdir(os.path.join(where, "logs"))
    log = tap.write(os.path.join(where, "log"), FIRST)
    for what, words, code in [("no folder", ["nowhere", "-o", "out"], 3), ("a file", [log, "-o", "out"], 3),
                              ("no output", ["logs"], 2), ("nothing at all", ["-o", "out"], 2),
                              ("two folders", ["logs", "logs", "-o", "out"], 2),
                              ("a bad number of seconds", ["logs", "-o", "out", "--idle", "soon"], 2)]:
        done = tap.run("watch", *words, cwd=where, timeout=PATIENCE)
        tap.check(f"{what}: exit code {code}, and a message",
                  [] if done.returncode == code and done.stderr else [(done.returncode, done.stderr)])


def folders_of_others():
    """The folder of exports is as convert's: what it was made with counts, and what is not ours stays."""
    watch = Watch()
    watch.append("TCP0001.MS", FIRST)
    until(lambda: watch.sessions("TCP0001.MS") == 1)
    watch.append("TCP0002.MS", FIRST)
    until(lambda: watch.sessions("TCP0002.MS") == 1)
    watch.stop()
    os.unlink(watch.path("TCP0001.MS"))
    kept = os.stat(os.path.join(watch.out, "TCP0002.MS.jsonl")).st_ino
    watch.start()
    until(watch.heeds)
    watch.stop()
    journal = tap.read(os.path.join(watch.out, "tcplog.journal"))
    tap.check("what has not changed is left alone when it starts again", [] if os.stat(os.path.join(watch.out, "TCP0002.MS.jsonl")).st_ino == kept and b"TCP0001.MS" in journal else [journal])
    def refused(what, out, said):
        before = tree(os.path.join(watch.where, out))
        done = tap.run("watch", "logs", "-o", out, "-k", "line", cwd=watch.where, timeout=PATIENCE)
        faults = [] if done.returncode == 2 and said in done.stderr.decode() else [(done.returncode, done.stderr)]
        tap.check(what, faults + [name for name in tree(os.path.join(watch.where, out)) if name not in before or tree(os.path.join(watch.where, out))[name] != before[name]])
    refused("other options are refused", "out", "[other-options]")
    os.mkdir(os.path.join(watch.where, "theirs"))
    tap.write(os.path.join(watch.where, "theirs/TCP0002.MS.jsonl"), b"dear\n")
    refused("and so is a folder of somebody else's", "theirs", "[folder-not-empty]")
    refused("be it the one that is watched", "logs", "[folder-not-empty]")
    tap.run("convert", "-q", "--partition", "day", "-o", "days/", "logs", cwd=watch.where)
    refused("a folder of partitions is another thing", "days", "[other-options]")


sessions_as_they_end()
folders_of_others()
unfinished_at_the_end()
idle_logs()
rotated()
rotated_while_it_grows()
there_and_back()
deleted()
many_at_once()
many_at_once("--poll")
inside_itself()
killed()
told_while_it_looks()
mistakes()
tap.end()
