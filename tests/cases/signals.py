#!/usr/bin/env python3
"""Signals and readers that go away: exit 130 within a moment, no half file, no temporary file, an old file untouched; and
a closed pipe is quiet. Inputs are pipes that never end, so that the program is in the middle whenever it is told."""
import sys

sys.dont_write_bytecode = True
import os
import signal
import subprocess
import threading
import time

import tap

PATIENCE = 20
LINES = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140806-2141-0.smtp"))
QUIET, STEADY = "waiting for input", "busy"


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


class Endless:
    """A conversion that reads from a pipe: a writer that stays silent after a first session, or one that never stops."""

    def __init__(self, folder, manner, *words):
        self.pipe, self.over = os.path.join(folder, "TCP0001.MC"), False
        os.mkfifo(self.pipe)
        self.program = subprocess.Popen([tap.TCPLOG, "convert", "-k", "line", *words, self.pipe], cwd=folder,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.writer = threading.Thread(target=self.write, args=(manner,), daemon=True)
        self.writer.start()

    def write(self, manner):
        try:
            with open(self.pipe, "wb", buffering=0) as file:
                file.write(LINES)
                self.written = True
                while not self.over:
                    if manner == STEADY:
                        file.write(LINES * 100)
                    else:
                        time.sleep(0.01)
        except BrokenPipeError:
            pass

    def under_way(self):
        return until(lambda: getattr(self, "written", False))

    def end(self):
        """(exit code or None if it had to be killed, messages)"""
        try:
            messages = self.program.communicate(timeout=PATIENCE)[1]
            code = self.program.returncode
        except subprocess.TimeoutExpired:
            self.program.kill()
            messages, code = self.program.communicate()[1], None
        self.over = True
        self.writer.join(PATIENCE)
        os.unlink(self.pipe)
        return code, messages.decode(errors="replace")


def interrupted(number, manner, *words):
    """Faults of one run in a folder that held one old file."""
    folder = tap.folder()
    tap.write(os.path.join(folder, "old.jsonl"), b"old\n")
    run = Endless(folder, manner, *words)
    if not run.under_way():
        yield "it never read"
    if words:  # with a file as output: there is something to clean up
        until(lambda: len(os.listdir(folder)) > 2)
    time.sleep(0.05)
    run.program.send_signal(number)
    code, messages = run.end()
    if code != 130:
        yield f"exit {code} {messages}"
    if sorted(os.listdir(folder)) != ["old.jsonl"]:
        yield f"left behind: {os.listdir(folder)}"
    if tap.read(os.path.join(folder, "old.jsonl")) != b"old\n":
        yield "the old file was touched"


def head(*words):
    """Our reader leaves after ten bytes."""
    program = subprocess.Popen([tap.TCPLOG, "convert", "-k", "line", *words, *[tap.CORPUS] * 40],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    program.stdout.read(10)
    program.stdout.close()
    messages = program.stderr.read()
    program.stderr.close()
    noise = [line for line in messages.splitlines() if b"[general-log]" not in line and b"[unparsed-lines]" not in line]
    if program.wait(PATIENCE) != 4:
        yield f"exit {program.returncode}"
    if noise:
        yield f"not quiet: {noise[:3]}"


def ignored_while_reading():
    """What comes after the interruption is not converted: the end comes soon, not when the input ends."""
    folder = tap.folder()
    run = Endless(folder, STEADY, "-o", "new.jsonl")
    run.under_way()
    begin = time.monotonic()
    run.program.send_signal(signal.SIGTERM)
    run.end()
    if time.monotonic() - begin > PATIENCE / 4:
        yield f"took {time.monotonic() - begin:.1f} s"


for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    for manner in (QUIET, STEADY):
        number = getattr(signal, name)
        tap.check(f"{name}, {manner}: no half file", list(interrupted(number, manner, "-o", "new.jsonl")))
        tap.check(f"{name}, {manner}: gzip and --force", list(interrupted(number, manner, "-z", "--force", "-o", "old.jsonl")))
tap.check("SIGINT, waiting for input, to standard output", list(interrupted(signal.SIGINT, QUIET)))
tap.check("the end comes soon", list(ignored_while_reading()))
tap.check("a closed pipe is quiet", list(head()))
tap.check("a closed pipe is quiet with gzip", list(head("-z")))
tap.check("a closed pipe is quiet with csv", list(head("-f", "csv")))
tap.end()
