#!/usr/bin/env python3
"""--partition, killed in front of each of its steps: whatever the journal, the files and their indexes were at that moment, the
next run makes of them what a new one makes, and leaves nothing else there. Steps are what changes something on the disk; the run is killed
by a library in front of the C library, built here."""
import sys

sys.dont_write_bytecode = True
import os
import random
import shutil
import signal
import subprocess

import tap
import tree
from divided import index_faults, parts, rows_of

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static void step(void)
{
    static int count;
    const char *at = getenv("KILL_AT");
    if (at && __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) == atoi(at))
        kill(getpid(), SIGKILL);
}

#define WRAP(type, name, parameters, arguments) \
    type name parameters { step(); return ((type (*) parameters)dlsym(RTLD_NEXT, #name)) arguments; }

WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n))
WRAP(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
WRAP(ssize_t, pwrite64, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, remove, (const char *path), (path))
WRAP(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
WRAP(int, ftruncate, (int fd, off_t n), (fd, n))
WRAP(int, ftruncate64, (int fd, off_t n), (fd, n))
WRAP(int, syncfs, (int fd), (fd))

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (flags & (O_CREAT | O_TRUNC)) \
            step(); \
        return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
"""
FORMS = {"jsonl": ("-k", "all"), "csv.gz": ("-f", "csv", "-k", "line", "-z")}
dice = random.Random(77)
top = tap.folder(tree.MEMORY)
os.chdir(top)


def convert(form, out, kill_at=0):
    """Whether it came to its end."""
    environment = {**os.environ, "LD_PRELOAD": library, "KILL_AT": str(kill_at)} if kill_at else None
    words = ("convert", "-q", "-j1", "--partition", "day", *FORMS[form], "-o", out, "logs")
    done = subprocess.run([tap.TCPLOG, *words], env=environment, capture_output=True, check=False)
    if done.returncode not in (0, -signal.SIGKILL):
        tap.check(f"{form} killed at {kill_at}", [f"exit {done.returncode} {done.stderr.decode()}"])
    return done.returncode == 0


def sessions(days, commands, start):
    return b"".join(tree.old_log(commands, start).replace(b"Aug 06", b"Aug %02d" % day) for day in days)


def noise(n):
    """Records that pack badly: without their neighbours in a member they need more room."""
    rows = b"".join(b"10:00:%02d.000: >> 250-%s\r\n" % (i % 60, bytes(dice.choices(b"abcdefghijklmnopqrstuvwxyz0123456789", k=60))) for i in range(n))
    return b"--- Wed Aug  6 10:00:00 2014 ---\r\n".replace(b"---", b"10:00:00.000: ---", 1) + rows


def grow():
    """A log in three files, one that is in each of them, one in more than are replaced at once, and one that stays as it is."""
    shutil.rmtree("logs", ignore_errors=True)
    os.mkdir("logs")
    tap.write("logs/TCP0001.MC", sessions((6, 7, 8), 2, 36000000))
    tap.write("logs/TCP0002.MC", sessions((6,), 3, 37000000))
    tap.write("logs/many.txt", sessions(range(5, 17), 1, 38000000))
    tap.write("logs/TCP0003.MC", noise(40))


def change():
    tap.write("logs/TCP0001.MC", sessions((6, 8, 9), 3, 36000000))
    tap.write("logs/many.txt", sessions(range(5, 18), 1, 38000000))


def faults(form, wanted):
    found = parts("out")
    extra = {name for name in os.listdir("out") if name.startswith(".") and name != ".tcplog.key"} | (found.keys() - wanted.keys())
    yield from (f"{name} is left there" for name in extra if name.startswith(".") or rows_of(found[name], form.split(".")[0])[1])
    for name, text in wanted.items():
        if sorted(text.splitlines()) != sorted(found.get(name, b"").splitlines()):
            yield f"{name}: {len(found.get(name, b'').splitlines())} rows, not {len(text.splitlines())}"
    for name in found if form.endswith(".gz") else ():
        yield from index_faults(os.path.join("out", name), form.split(".")[0])


def kills(form, wanted, first, second):
    """Faults of a run that is killed in front of step `first`, the next in front of step `second`; None: it has fewer."""
    shutil.rmtree("out", ignore_errors=True)
    shutil.copytree("before", "out")
    ended = convert(form, "out/", first) or (second and convert(form, "out/", second))
    if not ended:
        convert(form, "out/")
    found = [f"killed at {first}, {second}: {fault}" for fault in faults(form, wanted)]
    return found if found or not ended else None


library = tap.preloaded(SHIM)
if not library:
    print("ok - steps # SKIP sanitizers want no library in front of them")
    tap.end()
for form in FORMS:
    for folder in ("before", "fresh"):
        shutil.rmtree(folder, ignore_errors=True)
    grow()
    convert(form, "before/")
    change()
    convert(form, "fresh/")
    wanted, found, steps = parts("fresh"), [], 1
    while not found and (found := kills(form, wanted, steps, 0)) is not None:
        steps += 1
    tap.check(f"{form}: killed in front of each of {steps - 1} steps", found or ([] if steps > 20 else ["too few"]))
    found = []
    for first in range(1, steps, 11):
        second = 1
        while not found and (found := kills(form, wanted, first, second)) is not None:
            second += 7
        found = found or []
    tap.check(f"{form}: killed twice", found)
    # the first run of all
    found, steps = [], 1
    shutil.rmtree("before")
    os.mkdir("before")
    while not found and (found := kills(form, wanted, steps, 3 + steps % 11)) is not None:
        steps += 1
    tap.check(f"{form}: the first run, killed in front of each of {steps - 1} steps, and the next one", found or [])
tap.end()
