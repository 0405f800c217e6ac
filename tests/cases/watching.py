"""What the tests of tcplog watch have in common: a folder that is watched, and what is made of it."""
import os
import shutil
import signal
import subprocess
import time

import tap

PATIENCE = 60
MERCURY = tap.read(os.path.join(tap.CORPUS, "mercury/36-two-sessions-appended/TCP0000.MS"))
FIRST = MERCURY[:MERCURY.index(b"05:24:54.343")]
SECOND = MERCURY[len(FIRST):]
KINDS = ["-k", "exchange,session"]


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


class Watch:
    """A folder "logs" that is watched, and its exports in "out"."""

    def __init__(self, *words, out="out", prepare=lambda watch: os.mkdir(watch.path())):
        self.where, self.words = tap.folder(), words
        self.out = os.path.join(self.where, out)
        prepare(self)
        self.start()

    def start(self):
        """Python ignores SIGXFSZ, and so does the program: a file that would be too large is an error."""
        self.program = subprocess.Popen([tap.TCPLOG, "watch", "logs", "-o", self.out, *KINDS, *self.words], cwd=self.where,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        restore_signals=False)

    def heeds(self, number=signal.SIGINT):
        """Whether the signal would be caught: one that comes before ends the program as it ends any."""
        with open(f"/proc/{self.program.pid}/status", encoding="ascii") as status:
            caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt:"))
        return bool(caught >> (number - 1) & 1)

    def path(self, name=""):
        return os.path.join(self.where, "logs", name)

    def export(self, name):
        try:
            return tap.read(os.path.join(self.out, name + ".jsonl"))
        except FileNotFoundError:
            return b""

    def sessions(self, name):
        return self.export(name).count(b'"kind":"session"')

    def append(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "ab", buffering=0) as file:
            file.write(data)

    def stop(self, number=signal.SIGINT):
        """(exit code, messages)"""
        self.program.send_signal(number)
        try:
            messages = self.program.communicate(timeout=PATIENCE)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            self.program.kill()
            return None, self.program.communicate()[1].decode(errors="replace")
        if "Sanitizer" in messages or "runtime error:" in messages:
            raise RuntimeError(messages[:3000])
        return self.program.returncode, messages

    def unlike_bulk(self):
        """Ways in which the exports differ from those of one run over the folder as it is now."""
        bulk = os.path.join(self.where, "bulk")
        tap.run("convert", "logs", "-o", bulk + "/", *KINDS, cwd=self.where)
        found, wanted = tree(self.out), tree(bulk)
        shutil.rmtree(bulk)
        return [f"{name}: {'missing' if name not in found else 'too much' if name not in wanted else 'differs'}"
                for name in sorted(found.keys() | wanted.keys()) if found.get(name) != wanted.get(name)]


def tree(top):
    return {os.path.relpath(os.path.join(where, name), top): tap.read(os.path.join(where, name))
            for where, _, names in os.walk(top) for name in names if name not in ("tcplog.journal", ".tcplog.key")}


def tells_births(path):
    """Whether the file system does: else a log that has changed is not known again under another name."""
    return subprocess.run(["stat", "-c", "%W", path], capture_output=True, text=True, check=True).stdout.strip() not in ("0", "-")
