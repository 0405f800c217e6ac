#!/usr/bin/env python3
"""Progress: a line that is drawn over on a terminal and is gone in the end, JSON for programs, nothing elsewhere. Nothing is
asserted on time: the input is a pipe that waits until the test has seen what it wants."""
import sys

sys.dont_write_bytecode = True
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import tap
import tree

PATIENCE = 20
top = tap.folder(tree.MEMORY)
os.chdir(top)
tree.grow("logs")
LOG = tree.ONE_CLOCK
CLEAR = "\r\x1b[K"
BAR = r"\rtcplog: (\d+) files(?:, (\d+) unchanged)?, [\d.]+ MB, [\d.]+ MB/s, (\d+) failures, \d+:\d\d"


class Waiting:
    """A conversion that waits for a pipe behind other inputs; its standard error is a terminal of so many columns, or a
    pipe."""

    def __init__(self, *words, columns=100, terminal=True, out=subprocess.DEVNULL):
        if not os.path.exists("TCP0001.MC"):
            os.mkfifo("TCP0001.MC")
        self.text = ""
        self.read, self.write = pty.openpty() if terminal else os.pipe()
        if terminal:
            fcntl.ioctl(self.write, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.program = subprocess.Popen([tap.TCPLOG, "convert", *words, "TCP0001.MC"], stderr=self.write, stdout=self.write if out is None else out, stdin=subprocess.DEVNULL)
        os.close(self.write)

    def until(self, pattern):
        """All that was told until the pattern is in it."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text, re.S) and time.monotonic() < end and self.more():
            pass
        return re.search(pattern, self.text, re.S)

    def more(self):
        if not select.select([self.read], [], [], 0.1)[0]:
            return self.program.poll() is None
        try:
            data = os.read(self.read, 65536)
        except OSError:
            data = b""
        self.text += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)

    def feed(self, data):
        """Reads on until the program has opened the pipe: it may have to get rid of its records first."""
        while True:
            try:
                pipe = os.open("TCP0001.MC", os.O_WRONLY | os.O_NONBLOCK)
                break
            except OSError:
                if not self.more():
                    raise
        os.set_blocking(pipe, True)
        with os.fdopen(pipe, "wb") as file:
            file.write(data)

    def end(self):
        while self.more():
            pass
        os.close(self.read)
        return self.program.wait(PATIENCE)


run = Waiting("-o", "a.jsonl", "logs")
seen = run.until(BAR)
tap.check("on a terminal there is a bar", [] if seen else [run.text])
tap.check("which counts files and failures", [] if run.until(r"tcplog: 27 files, .* 1 failures") else [run.text])
run.feed(LOG)
code = run.end()
rest = run.text[run.text.rindex(CLEAR) + len(CLEAR):]
tap.check("it is gone before the summary", [] if rest.startswith("tcplog: ") and "\r" not in rest and " records in a.jsonl" in rest and code == 1 else [repr(run.text[-600:])])
drawn = run.text.split("\r")
tap.check("messages stand in lines of their own", [] if all(re.match(r"(\x1b\[K)?tcplog: [^\n]*\n", piece) for piece in drawn if "unparsed-lines" in piece.split("\n")[0]) else [repr(run.text)])
run = Waiting("-o", "b.jsonl", "logs", columns=30)
run.until(r"\rtcplog: 27 files")
bars = [piece.split("\x1b")[0].split("\n")[0] for piece in run.text.split("\r") if piece.startswith("tcplog: 2")]
tap.check("it is as narrow as the terminal", [] if bars and max(map(len, bars)) == 29 else [bars])
run.feed(LOG), run.end()
tap.run("convert", "-q", "-o", "out/", "logs")
run = Waiting("-o", "out/", "logs")
tap.check("what is unchanged is counted apart", [] if run.until(r"tcplog: 0 files, 26 unchanged") else [run.text])
run.program.send_signal(signal.SIGINT)
tap.check("Ctrl-C ends the run", [] if run.end() == 130 and run.text.endswith("tcplog: interrupted\n") else [repr(run.text[-300:])])
for what, words, more in (("off a terminal there is none", ("-o", "c.jsonl", "logs"), {"terminal": False}), ("nor with -q", ("-q", "-o", "d.jsonl", "logs"), {}),
                          ("nor with none", ("--progress=none", "-o", "e.jsonl", "logs"), {}), ("nor where records are on the terminal", ("logs/a",), {"out": None}),
                          ("a bar off a terminal is none", ("--progress=bar", "-o", "f.jsonl", "logs"), {"terminal": False})):
    run = Waiting(*words, **more)
    time.sleep(0.3)
    run.feed(LOG)
    run.end()
    tap.check(what, [] if "\r" not in run.text and "MB/s" not in run.text else [repr(run.text[:500])])
run = Waiting("-q", "--progress=json", "-o", "g.jsonl", "logs", terminal=False)
tap.check("JSON comes while it goes on", [] if run.until(r'"done":false') else [run.text])
run.feed(LOG)
run.end()
rows = [json.loads(line) for line in run.text.splitlines() if line.startswith("{")]
names = ["files", "unchanged", "failures", "bytes", "bytes_per_second", "elapsed_ms", "done"]
tap.check("an object a line", [row for row in rows if list(row) != names])
last = rows[-1]
size = sum(len(data) for data in tree.held("logs").values()) + len(LOG)
tap.check("the last one tells all", [] if (last["files"], last["failures"], last["bytes"], last["done"]) == (28, 1, size, True) and [row["done"] for row in rows[:-1]] == [False] * (len(rows) - 1) else [last, size])
done = tap.run("convert", "-q", "--progress=json", "-o", "h.jsonl", "logs/a")
tap.check("also where it is over at once", [] if json.loads(done.stderr)["done"] is True else [done])
tap.check("there are three forms", [] if tap.run("convert", "--progress=loud", "logs").returncode == 2 else ["more"])
tap.check("the records are the same", [] if tap.read("a.jsonl") == tap.read("g.jsonl") else ["they differ"])
tap.end()
