#!/usr/bin/env python3
"""A disk that cannot be read somewhere in a large log: from any number of threads the same records, the same messages, the same
exit code; and a read that fails only once is never passed over in silence. Memory that cannot be had ends the run as such, behind
all that was converted before. The faults are made by a library in front of the C library, built here."""
import sys

sys.dont_write_bytecode = True
import os
import random
import shutil

import tap
from clocks import stamp, two_clocks

CHUNK = 768 * 1024
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A page of a file whose name ends with BAD.WPM, from byte BAD_AT on, cannot be read; BAD_ONCE: the first time. */
enum { PAGE = 4096 };

static int is_bad(int fd)
{
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name);
    return n > 7 && memcmp(name + n - 7, "BAD.WPM", 7) == 0;
}

/* How many of n bytes at `at` can be read. */
static ssize_t readable(int fd, size_t n, off_t at)
{
    static int failed;
    const char *text = getenv("BAD_AT");
    off_t bad = text ? atoll(text) : 0;
    if (!text || n == 0 || at >= bad + PAGE || at + (off_t)n <= bad || !is_bad(fd))
        return (ssize_t)n;
    if (at < bad)
        return bad - at;
    if (__atomic_exchange_n(&failed, 1, __ATOMIC_SEQ_CST) && getenv("BAD_ONCE"))
        return (ssize_t)n;
    errno = EIO;
    return -1;
}

ssize_t pread(int fd, void *to, size_t n, off_t at)
{
    ssize_t good = readable(fd, n, at);
    return good < 0 ? good : ((ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread"))(fd, to, (size_t)good, at);
}

ssize_t pread64(int fd, void *to, size_t n, off_t at)
{
    return pread(fd, to, n, at);
}

ssize_t read(int fd, void *to, size_t n)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t good = at < 0 ? (ssize_t)n : readable(fd, n, at);
    return good < 0 ? good : ((ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read"))(fd, to, (size_t)good);
}

extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static int is_worker(void)
{
    return syscall(SYS_gettid) != getpid();
}

/* Call number LACK_AT of this kind has no memory. Of calloc and realloc those by other threads than the first count: for something
 * small, as the head of a block of records is, and for something large, as is its text. */
enum { SMALL = 128, LARGE = 64 * 1024 };

static int is_lacking(const char *call, int counts)
{
    static int count;
    const char *kind = getenv("LACK");
    if (!counts || !kind || strcmp(kind, call) != 0 ||
        __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) != atoi(getenv("LACK_AT")))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *calloc(size_t n, size_t size)
{
    return is_lacking("calloc", n * size <= SMALL && is_worker()) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    int lacking = is_lacking("realloc", size >= LARGE && is_worker()) || is_lacking("text", size < LARGE && is_worker());
    return lacking ? NULL : __libc_realloc(p, size);
}

char *strdup(const char *text)
{
    return is_lacking("strdup", 1) ? NULL : ((char *(*)(const char *))dlsym(RTLD_NEXT, "strdup"))(text);
}
"""
work = tap.folder()


def sessions(seed, size):
    chance, parts, total, at = random.Random(seed), [], 0, 9 * 3600000
    while total < size:
        part, at = two_clocks(chance, at, chance.choice((250, 600)))
        parts.append(part if len(parts) % 50 else b"pasted by somebody\r\n" + part)
        total += len(part)
    return b"".join(parts)


def long_session(size):
    """Some pieces long: whoever converts it reads where others look for openings."""
    at = stamp(10 * 3600000)
    lines = [b"--- Wed Aug  6 10:00:00 2014 ---", b"Connect to 'mail.example', timeout 30 seconds.", b">> +OK", b"<< RETR 1", b">> +OK"]
    return b"".join(at + b": " + line + b"\r\n" for line in lines + [b">> %080d" % i for i in range(size // 98)])


def convert(number, *words, **environment):
    return tap.run("convert", "-j", str(number), *words, cwd=work, env={**os.environ, "LD_PRELOAD": library, **environment})


def places(log):
    """In the middle of chunks, where they end and in what is looked at behind that, in the long session, in the last chunk."""
    n = len(log)
    return (100, 300000, CHUNK - 1, CHUNK, CHUNK + 60, CHUNK + 3000, 2 * CHUNK + 90000, 3 * CHUNK, 3 * CHUNK + 500, n - 500000,
            n - 40, n - 1)


def contents(tree):
    names = sorted(os.listdir(tree)) if os.path.isdir(tree) else []
    return [(name, tap.read(os.path.join(tree, name))) for name in names if name not in ("tcplog.journal", ".tcplog.key")]


def tell(number, at, *words, **environment):
    """What a run says and makes."""
    shutil.rmtree(os.path.join(work, "exports"), ignore_errors=True)
    done = convert(number, *words, BAD_AT=str(at), **environment)
    return done.returncode, done.stderr, done.stdout or contents(os.path.join(work, "exports"))


def is_told(code, err):
    """Once; the list of what did not go well, which is indented, names it again."""
    return code == 1 and len([line for line in err.splitlines() if line.startswith(b"tcplog:") and line.endswith(b"[unreadable]")]) == 1


def differences(*words):
    for at in places(log):
        one = tell(1, at, *words)
        if not is_told(*one[:2]):
            yield f"byte {at}: exit {one[0]} {one[1][-300:]}"
        for number in (2, 3, 3):
            other = tell(number, at, *words)
            for what, a, b in zip(("exit code", "messages", "output"), one, other):
                if a != b:
                    yield f"-j{number} {words}, byte {at}: other {what}: {str(a)[-300:]} / {str(b)[-300:]}"


def only_once(*words):
    """Whoever reads again what could not be read finds it well; but others may have gone by what was read first."""
    for at in places(log):
        for number in (2, 3, 3):
            code, err, _ = tell(number, at, *words, BAD_ONCE="1")
            if not is_told(code, err):
                yield f"-j{number} {words}, byte {at}: exit {code} {err[-300:]}"


def memory(call, numbers, *words, first=True):
    """All is there, or what comes before; the run ends with the code of what cannot be written. first: nothing came out that
    was lacking."""
    whole = convert(1, "-q", *words)
    ended = 0
    for at in numbers:
        done = convert(2 + at % 2, "-q", *words, LACK=call, LACK_AT=str(at))
        ended += done.returncode == 4
        if done.returncode not in (4, whole.returncode):
            yield f"{call} {at}: exit {done.returncode} {done.stderr[-300:]}"
        if done.returncode != 4 and done.stdout != whole.stdout or done.returncode == 4 and first and not whole.stdout.startswith(done.stdout):
            yield f"{call} {at}: exit {done.returncode}, {len(done.stdout)} of {len(whole.stdout)} bytes, and others"
    if not ended:
        yield f"{call}: memory was not lacking"


library = tap.preloaded(SHIM, work)
if library:
    log = sessions(1, 2 * CHUNK) + long_session(2 * CHUNK) + sessions(2, 2 * CHUNK)
    tap.write(os.path.join(work, "TCP0BAD.WPM"), log)
    tap.write(os.path.join(work, "TCP1000.WPM"), sessions(3, 3000))
    tap.check("records and messages", list(differences("-k", "all", "TCP0BAD.WPM", "TCP1000.WPM")))
    tap.check("of lines", list(differences("-k", "line", "-q", "TCP0BAD.WPM")))
    tap.check("exports", list(differences("-k", "line", "-o", "exports/", "TCP1000.WPM", "TCP0BAD.WPM")))
    tap.check("a read that fails once", list(only_once("TCP0BAD.WPM")) + list(only_once("-q", "-o", "exports/", "TCP0BAD.WPM")))
    os.mkdir(os.path.join(work, "many"))
    for i in range(300):
        tap.write(os.path.join(work, "many", f"TCP{i:04X}.WPM"), sessions(i, 6000))
    tap.check("no memory for an input", list(memory("strdup", range(1, 1500, 47), "many")))
    for call in ("calloc", "realloc"):
        tap.check(f"no memory for records: {call}", list(memory(call, (1, 2, 3, 5, 8, 13, 21), "-k", "line", "many", "TCP0BAD.WPM")))
    tap.check("nor for a text of one", list(memory("text", range(1, 40), "-k", "all", "many", first=False)))
else:
    print("ok - faults # SKIP no library can be put in front of the program's")
tap.end()
