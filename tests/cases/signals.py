#!/usr/bin/env python3
"""Signals and readers that go away: exit 130 within a moment, no half file, no temporary file, an old file untouched; and
a closed pipe is quiet. Inputs are pipes that never end, so that the program is in the middle whenever it is told."""
import sys

sys.dont_write_bytecode = True
import fcntl
import os
import signal
import subprocess
import threading
import time

import tap

PATIENCE = 20
LINES = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140806-2141-0.smtp"))
QUIET, STEADY, AHEAD = "waiting for input", "busy", "waiting for more input"
READ_AHEAD = 150 * 1024  # from here on the first sessions are converted


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


class Endless:
    """A conversion that reads from a pipe: a writer that stays silent after a first session,
    or after many, or one that never stops."""

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
                file.write(LINES if manner != AHEAD else LINES * (READ_AHEAD // len(LINES) + 1))
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
    if "tcplog: interrupted\n" not in messages:
        yield f"it does not say so: {messages}"
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


def unread():
    """Interrupted while it waits in a write for a reader that has stopped reading."""
    program = subprocess.Popen([tap.TCPLOG, "convert", "-k", "line", *[tap.CORPUS] * 40], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    program.stdout.read(10)
    until(lambda: state(program) == "S")
    program.send_signal(signal.SIGINT)
    if not until(lambda: state(program) == "Z"):
        program.kill()
        yield "it went on waiting"
    program.stdout.close()
    if program.wait() != 130:
        yield f"exit {program.returncode}"


def state(program):
    """S: it sleeps, Z: it has ended and nobody has asked yet."""
    return "Z" if program.poll() is not None else tap.read(f"/proc/{program.pid}/stat").rsplit(b")", 1)[1].split()[0].decode()


def twice():
    """What is left goes out before the end, and this reader never takes it: the second signal waits for nothing."""
    folder = tap.folder()
    run = Endless(folder, AHEAD, "-k", "session")  # so little that all of it is converted before any of it is written
    fcntl.fcntl(run.program.stdout, fcntl.F_SETPIPE_SZ, 4096)
    run.under_way()
    until(lambda: state(run.program) == "S")
    time.sleep(0.1)
    run.program.send_signal(signal.SIGINT)
    time.sleep(0.2)
    if state(run.program) != "S":
        yield "it did not wait, so that this test shows nothing"
    run.program.send_signal(signal.SIGINT)
    if not until(lambda: state(run.program) == "Z"):
        run.program.kill()
        yield "it went on waiting"
    run.end()


def alone(*words):
    """Interrupted while it waits for somebody to open the other end of a pipe."""
    folder = tap.folder()
    os.mkfifo(os.path.join(folder, "TCP0001.MC"))
    program = subprocess.Popen([tap.TCPLOG, "convert", *words, "TCP0001.MC"], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    until(lambda: len(os.listdir(folder)) > 1)  # the output is open: the input comes next
    time.sleep(0.2)
    program.send_signal(signal.SIGINT)
    messages = program.communicate(timeout=PATIENCE)[1]
    if (program.returncode, messages) != (130, b"tcplog: interrupted\n"):
        yield f"exit {program.returncode} {messages}"
    if os.listdir(folder) != ["TCP0001.MC"]:
        yield f"left behind: {os.listdir(folder)}"


def ended(program, pipe):
    """A signal that came just before the wait for a writer does not end the wait: this one comes, and is gone."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        pass
    return program.poll() is not None


def catches(program):
    """Whether it has a handler for SIGINT."""
    caught = [line for line in tap.read(f"/proc/{program.pid}/status").splitlines() if line.startswith(b"SigCgt:")]
    return caught and int(caught[0].split()[1], 16) >> (signal.SIGINT - 1) & 1


def at_once(name, *words):
    """Interrupted the very moment its first file is there, before the first input."""
    folder = tap.folder()
    os.mkfifo(os.path.join(folder, "TCP0001.MC"))
    for _ in range(5):
        program = subprocess.Popen([tap.TCPLOG, "convert", *words, "TCP0001.MC"], cwd=folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not any(file.startswith(name) for file in os.listdir(folder)) and time.monotonic() < end:
            pass
        program.send_signal(signal.SIGINT)
        until(lambda: ended(program, os.path.join(folder, "TCP0001.MC")))
        messages = program.communicate(timeout=PATIENCE)[1]
        if (program.returncode, messages) != (130, b"tcplog: interrupted\n"):
            yield f"exit {program.returncode} {messages}"
        left = [file for file in os.listdir(folder) if file not in ("TCP0001.MC", "run.json", ".tcplog.key")]
        if left:
            yield f"left behind: {left}"
        for file in os.listdir(folder):
            if file != "TCP0001.MC":
                os.unlink(os.path.join(folder, file))


def no_reader(*words):
    """Interrupted while it waits for somebody to read from a pipe that it is to write to."""
    folder = tap.folder()
    os.mkfifo(os.path.join(folder, "out"))
    log = tap.write(os.path.join(folder, "TCP0001.MC"), LINES)
    program = subprocess.Popen([tap.TCPLOG, "convert", *words, log], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL)
    until(lambda: catches(program))
    time.sleep(0.2)
    program.send_signal(signal.SIGINT)
    messages = program.communicate(timeout=PATIENCE)[1]
    if (program.returncode, messages) != (130, b"tcplog: interrupted\n"):
        yield f"exit {program.returncode} {messages}"
    if sorted(os.listdir(folder)) != ["TCP0001.MC", "out"]:
        yield f"left behind: {os.listdir(folder)}"


def not_for_us():
    """nohup has SIGHUP ignored: the run goes on, and the end of its input ends it."""
    folder = tap.folder()
    pipe = os.path.join(folder, "TCP0001.MC")
    os.mkfifo(pipe)
    program = subprocess.Popen([tap.TCPLOG, "convert", "-q", pipe], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    with open(pipe, "wb") as file:
        file.write(LINES)
        file.flush()
        program.send_signal(signal.SIGHUP)
        time.sleep(0.1)
    records, messages = program.communicate(timeout=PATIENCE)
    if program.returncode != 0 or records.count(b"\n") != 7:
        yield f"exit {program.returncode} {messages}"


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


def endless_list():
    """Of paths, and there is none in it."""
    program = subprocess.Popen([tap.TCPLOG, "convert", "--files-from", "/dev/zero"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    time.sleep(0.1)
    program.send_signal(signal.SIGTERM)
    try:
        messages = program.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        program.kill()
        messages = program.communicate()[1]
    if program.returncode != 130:
        yield f"exit {program.returncode} {messages}"


for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    for manner in (QUIET, STEADY):
        number = getattr(signal, name)
        tap.check(f"{name}, {manner}: no half file", list(interrupted(number, manner, "-o", "new.jsonl")))
        tap.check(f"{name}, {manner}: gzip and --force", list(interrupted(number, manner, "-z", "--force", "-o", "old.jsonl")))
tap.check("SIGINT, waiting for input, to standard output", list(interrupted(signal.SIGINT, QUIET)))
tap.check("SIGINT, waiting for a reader", list(unread()))
tap.check("SIGINT twice ends it at once", list(twice()))
tap.check("SIGINT, waiting for a writer", list(alone("-o", "new.jsonl")))
tap.check("SIGINT, as soon as there is a file", list(at_once(".new", "-o", "new.jsonl")))
tap.check("SIGINT, as soon as there is one and its index", list(at_once(".new.jsonl.gz.idx", "-o", "new.jsonl.gz")))
tap.check("SIGINT, as soon as there is a report", list(at_once(".run", "--report", "run.json")))
tap.check("SIGINT, waiting for a reader of the output", list(no_reader("-o", "out")))
tap.check("SIGINT, waiting for a reader of the report", list(no_reader("-o", "new.jsonl", "--report", "out", "--force")))
tap.check("SIGINT, waiting for a key", list(no_reader("--redact", "identities", "--redact-key-file", "out")))
tap.check("a signal that is ignored stays ignored", list(not_for_us()))
tap.check("the end comes soon", list(ignored_while_reading()))
tap.check("a list of files without end", list(endless_list()))
tap.check("a closed pipe is quiet", list(head()))
tap.check("a closed pipe is quiet with gzip", list(head("-z")))
tap.check("a closed pipe is quiet with csv", list(head("-f", "csv")))
tap.end()
