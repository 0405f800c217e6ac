"""What `run` and `compare` share: where things are, the generated inputs, the peers, and the measuring of one command.
It decides nothing about what is compared."""
import collections
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD") or os.path.join(HERE, "..", "..", "build")
WORK = os.path.join(os.path.abspath(BUILD), "bench")
TCPLOG = os.environ.get("TCPLOG") or os.path.join(os.path.abspath(BUILD), "tcplog")
MIB = 1 << 20

# Scripts that do the work of `tcplog convert -k line -f jsonl`: by name, what runs them.
PEERS = {
    "mawk": ["mawk", "-f", os.path.join(HERE, "peers", "line.awk")],
    "node": ["node", os.path.join(HERE, "peers", "line.js")],
    # this very interpreter: a wrapper such as pyenv's would cost time of its own
    "python": [sys.executable, os.path.join(HERE, "peers", "line.py")],
}

Usage = collections.namedtuple("Usage", "wall cpu peak")  # s, s, bytes


class Failed(Exception):
    """A command did not do its work: the only reason for which the bench itself fails."""


def tool(name):
    """Path of one of our C programs, compiled if it is missing or older than its source."""
    source, program = os.path.join(HERE, name + ".c"), os.path.join(WORK, name)
    sources = [source] + [os.path.join(HERE, header) for header in ("mail.h", "pen.h")]
    if not os.path.exists(program) or any(os.path.getmtime(s) > os.path.getmtime(program) for s in sources):
        os.makedirs(WORK, exist_ok=True)
        compiler = os.environ.get("CC") or "cc"
        subprocess.run([*compiler.split(), "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", program, source], check=True)
    return program


def generated(form, amount):
    """Path of an input; kept from one run to the next, as the same generator writes the same bytes."""
    program = tool("generate")
    file = form in ("one", "old")
    path = os.path.join(WORK, "%s-%d" % (form, amount) + (".log" if file else ""))
    if os.path.exists(path) and os.path.getmtime(path) >= os.path.getmtime(program):
        return path
    shutil.rmtree(path, ignore_errors=True)
    subprocess.run([program, form, str(amount), path + ".new" if file else path], check=True)
    if file:  # a run that was interrupted leaves no half log behind
        os.rename(path + ".new", path)
    return path


def usable(command):
    return shutil.which(command[0]) is not None


def measure(command, cpu=0):
    """Runs a command on one CPU (None: any), output to /dev/null."""
    answer = subprocess.run([tool("measure"), str(-1 if cpu is None else cpu), *command], stdout=subprocess.PIPE,
                            check=True, env={**os.environ, "LC_ALL": "C"})
    wall, spent, peak, status = map(int, answer.stdout.split())
    if status:
        raise Failed("exit status %d: %s" % (status, " ".join(command)))
    return Usage(wall / 1e9, spent / 1e9, peak * 1024)
