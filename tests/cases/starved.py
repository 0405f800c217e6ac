#!/usr/bin/env python3
"""Where no memory is left from some allocation on, a command does what it should, or exits 4 and says why: never is it a
verdict on a file. A library that is loaded before the C library's takes the memory away."""
import os
import subprocess
import sys

import tap

if tap.SANITIZED:
    print("ok - memory # SKIP sanitizers allocate for themselves")
    sys.exit()

WORK = tap.folder()
THIEF = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static long count;

static int is_gone(void)
{
    static long from;
    if (!from)
        from = atol(getenv("GONE_FROM"));
    if (++count < from)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    static void *(*next)(size_t);
    if (!next)
        next = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    return is_gone() ? NULL : next(n);
}

void *realloc(void *p, size_t n)
{
    static void *(*next)(void *, size_t);
    if (!next)
        next = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    return is_gone() ? NULL : next(p, n);
}

void *calloc(size_t n, size_t size)
{
    static void *(*next)(size_t, size_t);
    if (!next)
        next = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    return is_gone() ? NULL : next(n, size);
}
"""
source, thief = tap.write(os.path.join(WORK, "thief.c"), THIEF.encode()), os.path.join(WORK, "thief.so")
subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", thief, source, "-ldl"], check=True)
# patterns are compiled with the first allocations, and the C library itself frees twice where one of these fails
FIRST, LAST, STEP = 120, 4000, 61


def faults(*words):
    whole = tap.run(*words)
    for gone in range(FIRST, LAST, STEP):
        found = subprocess.run([tap.TCPLOG, *words], capture_output=True, check=False, env={**os.environ, "LD_PRELOAD": thief, "GONE_FROM": str(gone)})
        said = found.stderr.decode().splitlines()
        if found.returncode == 4:
            if len(said) != 1 or "[out-of-memory]" not in said[0]:
                yield f"{words}, none from {gone} on: {said}"
        elif (found.returncode, found.stdout) != (whole.returncode, whole.stdout):
            yield f"{words}, none from {gone} on: exit {found.returncode}, {said}"


logs = os.path.join(tap.CORPUS, "pegasus")
for kind, form in (("all", "jsonl"), ("session", "csv"), ("exchange", "csv")):
    export = os.path.join(WORK, f"{kind}.{form}")
    tap.run("convert", "-q", "-k", kind, "-o", export, os.path.join(logs, "TCP-140210-2137-0.pop"))
    tap.check(f"validate of {kind} as {form}", list(faults("validate", export)))
    tap.check(f"cat of {kind} as {form}", list(faults("cat", "--since", "2014-01-01", export, export)))
tap.check("schema", list(faults("schema")))
tap.end()
