"""What tests of folders of exports share: a tree of logs in which sessions learn from each other, and what a run made of
it. It is imported, never run."""
import os
import random

import tap

JOURNAL = "tcplog.journal"
# a folder of exports is brought to the disk with whatever else waits to be written there: in memory, that takes no time
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
ONE_CLOCK = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140806-2141-0.smtp"))
FIELDS = ("export", "source", "size", "mtime", "turn", "since", "hash", "lines", "records", "sessions", "problems", "bytes", "parts")


def stamp(ms, phase):
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{(ms + phase) % 1000:03}"


def old_log(commands, start, phase=666):
    """A Mercury client's session on a computer with two clocks: one command tells little of them, twenty tell all."""
    at = f"{start // 3600000:02}:{start // 60000 % 60:02}:{start // 1000 % 60:02}"
    rows, now = [f"{stamp(start, phase)}: --- Wed Aug 06 {at} 2014 ---", f"{stamp(start, phase)}: Connect to 'mx', timeout 30."], start + 1001
    rows.append(f"{stamp(now, phase)}: >> 220 mx")
    for _ in range(commands):
        rows.append(f"{stamp(now, phase)}: << NOOP")
        now += 1350
        rows.append(f"{stamp(now, phase)}: >> 250 ok")
    return "".join(row + "\r\n" for row in rows).encode()


def grow(root, seed=1, logs=24):
    """Logs in three folders, a letter among them, and a log without a line."""
    dice = random.Random(seed)
    for folder in ("", "a", "a/deep", "b"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
        for i in range(logs // 4):
            teaches = dice.random() < 0.3
            data = old_log(20 if teaches else dice.randrange(1, 5), 36000000 + 60000 * i)
            tap.write(os.path.join(root, folder, f"TCP{16 * i:04X}.MC"), data if dice.random() < 0.8 else ONE_CLOCK)
    tap.write(os.path.join(root, "a", "letter.txt"), b"Dear diary\r\n")
    tap.write(os.path.join(root, "b", "TCP0FFF.MC"), b"")
    tap.write(os.path.join(root, "b", "TCP1000.MC"), ONE_CLOCK + b"this is no line of a log\r\n")
    return root


def lines(folder):
    """The journal's, as dictionaries, numbers where there are any; marks left out."""
    rows = tap.read(os.path.join(folder, JOURNAL)).decode().split("\n")[1:-1]
    found = [dict(zip(FIELDS, row.split("\t"), strict=True)) for row in rows if not row.startswith("\t")]
    return [{name: value if name in ("export", "source", "hash", "parts") else int(value) for name, value in row.items()} for row in found]


def held(folder):
    """{name: bytes} of all files below a folder, hidden ones, too; of the journal what must be equal between two runs that
    made the same exports. Hashes are keyed by folder."""
    files = {os.path.relpath(os.path.join(where, name), folder): tap.read(os.path.join(where, name))
             for where, _, names in os.walk(folder) for name in names if not os.path.islink(os.path.join(where, name))}
    files.pop(".tcplog.key", None)
    if JOURNAL in files:
        files[JOURNAL] = sorted((row["export"], row["source"], row["size"], row["hash"] == "-", row["lines"], row["records"],
                                 row["sessions"], row["problems"], row["bytes"]) for row in lines(folder))
    return files


def differences(found, wanted):
    yield from (f"{name} is missing" for name in wanted.keys() - found.keys())
    yield from (f"{name} is too many" for name in found.keys() - wanted.keys())
    yield from (f"{name} differs: {str(found[name])[:200]} {str(wanted[name])[:200]}" for name in wanted.keys() & found.keys() if found[name] != wanted[name])
