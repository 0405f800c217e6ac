#!/usr/bin/env python3
"""tcplog watch where things are not as usual: the folder is a link, is moved away, or holds its own exports; logs are archives,
shrink, were taken as they stood, or have clocks of their own; exports find no room. What is wrong is told once."""
import sys

sys.dont_write_bytecode = True
import gzip
import os
import random
import resource
import shutil
import subprocess
import tarfile
import time

import tap
from watching import FIRST, MERCURY, SECOND, Watch, tells_births, tree, until

SEED = 20261129
STILL = 0.7 # seconds in which a look would have come
WIDE = FIRST.decode("latin1").encode("utf-16")
LINES = FIRST.splitlines(True)


def linked(watch):
    os.mkdir(os.path.join(watch.where, "real"))
    os.symlink("real", os.path.join(watch.where, "logs"))


def comes(watch, name, sessions=1):
    return until(lambda: watch.sessions(name) == sessions)


def behind_a_link():
    watch = Watch(prepare=linked)
    time.sleep(STILL)
    watch.append("TCP0000.MS", FIRST)
    came = comes(watch, "TCP0000.MS")
    os.mkdir(os.path.join(watch.where, "other"))
    os.symlink("other", os.path.join(watch.where, "link"))
    os.rename(os.path.join(watch.where, "link"), os.path.join(watch.where, "logs"))
    watch.append("TCP0001.MS", FIRST)
    other = comes(watch, "TCP0001.MS")
    watch.append("TCP0001.MS", SECOND)
    grew = comes(watch, "TCP0001.MS", 2)
    watch.stop()
    tap.check("a folder may be a link", [] if came else [sorted(tree(watch.out))])
    tap.check("and the link may lead elsewhere later on", [] if other and grew else [sorted(tree(watch.out))])


def made_again():
    """What becomes of the folder's post is heard; what becomes of a folder above it is not."""
    for what, away in (("moved away", lambda watch: os.rename(watch.path(), watch.where + "/old")),
                       ("deleted", lambda watch: shutil.rmtree(watch.path()))):
        watch = Watch()
        watch.append("TCP0000.MS", FIRST)
        comes(watch, "TCP0000.MS")
        away(watch)
        time.sleep(STILL)
        watch.append("TCP0001.MS", FIRST)
        came = comes(watch, "TCP0001.MS")
        watch.append("TCP0001.MS", SECOND)
        grew = comes(watch, "TCP0001.MS", 2)
        code, messages = watch.stop()
        tap.check(f"a folder that is {what} and made again is watched", [] if came and grew else [(code, messages)])
    tap.check("that it is gone is told once, and its exports stay",
              [] if messages.count("[unreadable]") <= 1 and comes(watch, "TCP0000.MS") and code == 130 else [(code, messages)])


def is_calm(path):
    size = os.stat(path).st_size
    time.sleep(STILL)
    return os.stat(path).st_size == size


def among_its_exports():
    """What is refused is tried at each look, and the journal says so: looking must not call for the next look."""
    watch = Watch(out="logs")
    until(lambda: os.path.exists(watch.path("tcplog.journal")))
    watch.append("a/TCP0000.MS", FIRST)
    came = comes(watch, "a/TCP0000.MS")
    watch.append("a/TCP0001.MS", WIDE)
    watch.append("TCP0002.MS", FIRST)
    came &= comes(watch, "TCP0002.MS")
    calm = until(lambda: is_calm(watch.path("tcplog.journal")))
    watch.stop()
    found = sorted(name for name in tree(watch.out) if name.endswith(".jsonl"))
    tap.check("exports may lie among the logs", [] if came and found == ["TCP0002.MS.jsonl", "a/TCP0000.MS.jsonl"] else [found])
    tap.check("and do not wake the watch", [] if calm else ["it looks again and again"])


def a_tar():
    path = os.path.join(tap.folder(), "a.tar")
    with tarfile.open(path, "w") as tar:
        for name in ("36-two-sessions-appended", "09-pop-server-full"):
            tar.add(os.path.join(tap.CORPUS, "mercury", name), name)
    return tap.read(path)


def a_gzip():
    dice = random.Random(SEED)
    return gzip.compress(b"".join(FIRST.replace(b"mx.", b"mx%d." % dice.randrange(10**9)) for _ in range(500)))


def packed():
    watch = Watch()
    archives = {"a.tar": a_tar(), "TCP0000.MS.gz": a_gzip()}
    for name, data in archives.items():
        watch.append(name, data[:len(data) * 2 // 3])
    time.sleep(STILL)
    for name, data in archives.items():
        watch.append(name, data[len(data) * 2 // 3:])
    time.sleep(STILL)
    early = tree(watch.out)
    came = until(lambda: len(tree(watch.out)) == 2)
    _, messages = watch.stop()
    tap.check("what is packed is taken when it is whole", ([] if came and not early else [(early, messages)]) + watch.unlike_bulk())
    tap.check("and so it is not damaged", [messages] if "damaged" in messages or ".gz:" in messages else [])
    watch.start()
    before = tree(watch.out)
    os.rename(tap.write(watch.path("new"), gzip.compress(FIRST)), watch.path("TCP0000.MS.gz"))
    gone = [time.sleep(0.05) for _ in range(20) if tree(watch.out).keys() != before.keys()]
    until(lambda: tree(watch.out) != before)
    watch.stop()
    tap.check("the export of one that is replaced stays until the new one is there", (["it went"] if gone else []) + watch.unlike_bulk())


def empty():
    """Whoever is asked for no bytes of a log takes all that have come meanwhile."""
    watch = Watch()
    watch.append("TCP0000.MS", b"")
    watch.append("TCP0001.MS", FIRST)
    comes(watch, "TCP0001.MS")
    found = sorted(tree(watch.out))
    watch.stop()
    tap.check("an empty log waits", watch.unlike_bulk() + ([] if found == ["TCP0001.MS.jsonl"] else [found]))


def told_once():
    """Of two problems of one log the one that is told last stands first in it."""
    watch = Watch()
    long = b"05:24:53.100: << X" + b"x" * 70000 + b"\r\n"
    watch.append("TCP0000.MS", b"".join(LINES[:3]) + long + b"".join(LINES[3:6]) + b"garbage\r\n" + b"".join(LINES[6:]))
    watch.append("TCP0001.MS", WIDE)
    watch.append("x" * 250 + ".MS", FIRST)
    for number in range(1, 4):
        comes(watch, "TCP0000.MS", number)
        watch.append("TCP0000.MS", SECOND)
    comes(watch, "TCP0000.MS", 4)
    again = time.time() - 60
    os.utime(watch.path("TCP0001.MS"), (again, again))
    time.sleep(STILL)
    watch.append("TCP0000.MS", SECOND)
    comes(watch, "TCP0000.MS", 5)
    _, messages = watch.stop()
    wanted = {"[unparsed-lines]": 1, "[line-too-long]": 1, "[output-failed]": 1, "[utf-16]": 2}
    found = {name: messages.count(name) for name in wanted}
    tap.check("what is wrong is told once each, and again where the file has changed", [] if found == wanted else [found, messages])


def kept_as_it_stood():
    watch = Watch("--idle", "1")
    watch.append("TCP0000.MS", MERCURY[:-150])
    comes(watch, "TCP0000.MS", 2)
    stood = watch.export("TCP0000.MS")
    watch.append("TCP0000.MS", MERCURY[-150:-140])
    watch.append("TCP0001.MS", FIRST)
    comes(watch, "TCP0001.MS")
    tap.check("a log that idled keeps its export when it goes on", [] if watch.export("TCP0000.MS") == stood else [sorted(tree(watch.out))])
    watch.stop()
    watch = Watch()
    watch.append("TCP0000.MS", FIRST[:-40])
    watch.append("TCP0001.MS", FIRST)
    comes(watch, "TCP0001.MS")
    watch.stop()
    stood = watch.export("TCP0000.MS")
    watch.start()
    watch.append("TCP0002.MS", FIRST)
    comes(watch, "TCP0002.MS")
    tap.check("and so does one that the watch before took", [] if stood and watch.export("TCP0000.MS") == stood else [sorted(tree(watch.out))])
    tap.write(watch.path("TCP0000.MS"), SECOND[:-40])
    gone = until(lambda: not watch.export("TCP0000.MS"))
    watch.append("TCP0000.MS", SECOND[-40:])
    came = comes(watch, "TCP0000.MS")
    watch.stop()
    tap.check("but not where other bytes stand there now", watch.unlike_bulk() + ([] if gone and came else ["too late"]))


def stamp(ms):
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}"


def old_log(commands, start):
    """As Mercury 4.6 writes them: stamps with the milliseconds of another clock, which long logs tell short ones."""
    rows, now = [f"{stamp(start)}.666: --- Wed Aug 06 {stamp(start)} 2014 ---", f"{stamp(start)}.666: Connect to 'mx', timeout 30."], start + 1001
    def row(text):
        rows.append(f"{stamp(now)}.{(now + 666) % 1000:03}: {text}")
    row(">> 220 mx")
    for _ in range(commands):
        row("<< NOOP")
        now += 1350
        row(">> 250 ok")
    return "".join(row + "\r\n" for row in rows).encode()


def neighbours_of_the_moved():
    watch = Watch(prepare=lambda watch: None)
    watch.append("TCP0000.MC", old_log(20, 36000000))
    watch.append("TCP0050.MC", old_log(4, 36600000))
    old = time.time() - 10000
    for name in ("TCP0000.MC", "TCP0050.MC"):
        os.utime(watch.path(name), (old, old))
    watch.stop()
    watch.start()
    until(lambda: watch.export("TCP0050.MC"))
    before = watch.export("TCP0050.MC")
    os.rename(watch.path("TCP0000.MC"), watch.path("TCP0099.MC"))
    changed = until(lambda: watch.export("TCP0050.MC") != before)
    watch.stop()
    tap.check("logs behind one that was moved forget what it told them", watch.unlike_bulk() + ([] if changed else ["they do not"]))


def moved_and_cut():
    watch = Watch()
    watch.append("TCP0000.MS", MERCURY)
    comes(watch, "TCP0000.MS", 2)
    if tells_births(watch.path("TCP0000.MS")):
        os.truncate(watch.path("TCP0000.MS"), len(FIRST))
        os.rename(watch.path("TCP0000.MS"), watch.path("TCP0001.MS"))
        moved = until(lambda: sorted(tree(watch.out)) == ["TCP0001.MS.jsonl"])
        tap.check("a log that is cut and moved takes its export along", [] if moved else [sorted(tree(watch.out))])
    watch.stop()


def other_clocks():
    watch = Watch("--idle", "100")
    watch.append("TCP0001.MS", FIRST)
    comes(watch, "TCP0001.MS")
    watch.append("TCP0000.MS", FIRST[:-40])
    old = time.time() - 1000
    os.utime(watch.path("TCP0000.MS"), (old, old))
    watch.append("TCP0001.MS", SECOND)
    comes(watch, "TCP0001.MS", 2)
    time.sleep(STILL)
    tap.check("a writer whose clock is late does not idle", [] if not watch.export("TCP0000.MS") else [sorted(tree(watch.out))])
    watch.stop()
    watch = Watch("--idle", "1")
    watch.append("TCP0000.MS", FIRST[:-40])
    late = time.time() + 5000
    os.utime(watch.path("TCP0000.MS"), (late, late))
    tap.check("and one whose clock is early does", [] if comes(watch, "TCP0000.MS") else [sorted(tree(watch.out))])
    watch.stop()


def journal_stays_small():
    """Each look writes 60 KB to it, if each log has another time. That they have is not told by all systems."""
    folder = "a" * 200
    watch = Watch()
    names = [f"{folder}/TCP{number:04d}.MS" for number in range(100)]
    for name in names:
        watch.append(name, FIRST)
    until(lambda: all(watch.sessions(name) for name in names))
    journal, sizes = os.path.join(watch.out, "tcplog.journal"), []
    for number in range(8):
        before = tap.read(journal)
        for name in names:
            os.utime(watch.path(name), (number, number))
        watch.append("notes", b"x")
        until(lambda before=before: tap.read(journal) != before)
        until(lambda: is_calm(journal))
        sizes.append(os.stat(journal).st_size)
    watch.append(names[0], SECOND)
    came = comes(watch, names[0], 2)
    code, messages = watch.stop()
    tap.check("the journal does not grow for ever", [sizes] if max(sizes) > 330000 or max(sizes) < 100000 else [])
    tap.check("and says what it said", watch.unlike_bulk() + ([] if came and code == 130 else [(code, messages)]))


def without_a_place():
    watch = Watch()
    watch.append("a.MS", FIRST)
    watch.append("a.MS.jsonl/TCP0001.MS", FIRST)
    both = comes(watch, "a.MS.jsonl/TCP0001.MS")
    watch.append("TCP0009.MS", FIRST)
    came = comes(watch, "TCP0009.MS")
    code, messages = watch.stop()
    tap.check("a folder where an export should be does not end it",
              [] if both and came and code == 130 and 1 <= messages.count("[output-failed]") <= 2 else [(code, messages)])


def without_room():
    """As on a full disk: there is room for small files, and later on for all."""
    watch = Watch()
    watch.append("TCP0000.MS", FIRST)
    comes(watch, "TCP0000.MS")
    limit = resource.prlimit(watch.program.pid, resource.RLIMIT_FSIZE, (12000, resource.RLIM_INFINITY))
    watch.append("TCP0001.MS", MERCURY * 20)
    time.sleep(STILL)
    watch.append("TCP0002.MS", FIRST)
    others = comes(watch, "TCP0002.MS")
    watch.append("TCP0002.MS", SECOND)
    others &= comes(watch, "TCP0002.MS", 2) and not watch.export("TCP0001.MS")
    resource.prlimit(watch.program.pid, resource.RLIMIT_FSIZE, limit)
    room = comes(watch, "TCP0001.MS", 40)
    code, messages = watch.stop()
    tap.check("an export that cannot be written does not end it, nor keep others from their turn",
              [] if others and messages.count("[output-failed]") == 1 else [(code, messages)])
    tap.check("and is written when there is room", watch.unlike_bulk() + ([] if room and code == 130 else [(code, messages)]))
    watch.start()
    watch.append("TCP0003.MS", FIRST)
    comes(watch, "TCP0003.MS")
    shutil.rmtree(watch.out)
    watch.append("TCP0004.MS", FIRST)
    try:
        code = watch.program.wait(timeout=20)
    except subprocess.TimeoutExpired:
        code = watch.stop()
    tap.check("but without its journal it ends", [] if code == 4 else [code])


behind_a_link()
made_again()
among_its_exports()
packed()
empty()
told_once()
kept_as_it_stood()
neighbours_of_the_moved()
moved_and_cut()
other_clocks()
journal_stays_small()
without_a_place()
without_room()
tap.end()
