#!/usr/bin/env python3
"""The same session gives the same ids and the same records wherever it stands: with CRLF or LF, under another path, from
standard input, alone or between others in one file; and whatever else is asked for (kinds, zone, redaction)."""
import sys

sys.dont_write_bytecode = True
import os
import subprocess

import tap

# where a record stands, as opposed to what it says
PLACE = {"source_file", "offset", "line", "line_end", "reply_line", "diagnosis_line", "eol"}
# what a file's name may have told
NAMED = {"application", "role", "protocol", "protocol_source", "time", "end_time", "dialect"}
# what follows from the phase of the two clocks, which sessions of one folder share
CLOCKS = {"time", "end_time", "time_repair", "timing", "rtt_ms", "final_rtt_ms", "total_ms", "think_ms", "payload_ms",
          "transfer_ms", "duration_ms", "connect_ms", "greeting_ms", "slowest_command", "slowest_rtt_ms", "rtt_median_ms",
          "clock_phase_from_ms", "clock_phase_to_ms", "clock_phase_source"}
work = tap.folder()


def convert(*words, **more):
    done = tap.run("convert", "-q", "-k", "all", *words, **more)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{words}: exit {done.returncode} {done.stderr.decode()}")
    return tap.jsonl(done.stdout)


def without(records, names):
    return [{key: value for key, value in record.items() if key not in names} for record in records]


def differences(label, one, other, but):
    """Ids first: where they differ, all does."""
    mine, theirs = without(one, but), without(other, but)
    if [record["id"] for record in mine] != [record["id"] for record in theirs]:
        return [f"{label}: {len(mine)} and {len(theirs)} records, or other ids"]
    return [f"{label}: {a['id']} {key}: {a.get(key)!r} / {b.get(key)!r}"
            for a, b in zip(mine, theirs) for key in {**a, **b} if a.get(key) != b.get(key)]


def written(name, data):
    path = os.path.join(work, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return tap.write(path, data)


def line_ends(log, data, original):
    lf = data.replace(b"\r\n", b"\n")
    for label, changed in ("LF", lf), ("CRLF", lf.replace(b"\n", b"\r\n")):
        path = written(os.path.join(label, os.path.basename(log)), changed)
        # same lines, so only offsets may move
        yield from differences(f"{log} with {label}", original, convert(path), {"source_file", "offset", "eol"})


def other_path(log, data, original):
    path = written(os.path.join("elsewhere, far", os.path.basename(log)), data)
    yield from differences(f"{log} elsewhere", original, convert(path), {"source_file"})


def standard_input(log, data, original):
    """Nothing is known but the bytes; what they settle is the same."""
    records = convert("-", input=data)
    yield from differences(f"{log} from standard input", original, records, NAMED | {"source_file"})
    if any(record["source_file"] != "-" for record in records):
        yield f"{log}: standard input is not called -"


def reader_of_pieces(log, data, original):
    """A pipe that delivers as it pleases, with what a file's name tells lost."""
    child = f"for i in $(seq 0 999 {len(data)}); do tail -c +$((i + 1)) '{os.path.join(tap.CORPUS, log)}' | head -c 999; done"
    piped = subprocess.run(["sh", "-c", f"({child}) | '{tap.TCPLOG}' convert -q -k all -"], capture_output=True, check=False)
    yield from differences(f"{log} in pieces", original, tap.jsonl(piped.stdout), NAMED | {"source_file"})


def options(log, _, original):
    zoned = convert("--timezone", "Europe/Amsterdam", os.path.join(tap.CORPUS, log))
    yield from differences(f"{log} with a zone", original, zoned, {"time", "end_time", "time_zone", "time_zone_source"})
    bare = convert("--redact", "none", os.path.join(tap.CORPUS, log))
    if [record["id"] for record in bare] != [record["id"] for record in original]:
        yield f"{log}: --redact none gives other ids"


def is_one_session(data, records):
    """Begins with an opening, holds one session, and is understood as a session log."""
    sessions = {record["session_id"] for record in records}
    return len(sessions) == 1 and records and data.endswith(b"\n") and next(
        record for record in records if record["kind"] == "line")["class"] == "opening"


def shared(records):
    """What the sessions before it may have told of its clocks: it says so."""
    sources = {record.get("clock_phase_source") for record in records if record["kind"] == "session"}
    return CLOCKS if sources == {"earlier-session"} else set()


def neighbours(log, data, original):
    """Between two others, a session keeps its ids and its fields, but for what it says that it was told of its clocks."""
    if not is_one_session(data, original):
        return
    for label, (before, after) in others.items():
        if {before, after} & {data}:
            continue
        path = written(os.path.join("between", os.path.basename(log)), before + data + after)
        session = original[0]["session_id"]
        among = [record for record in convert(path) if record["session_id"] == session]
        yield from differences(f"{log} between {label}", original, among, PLACE | shared(among))


def growing(log, data, original):
    """A session that was looked at early, but had 16 lines, keeps its id when its log goes on."""
    lines = data.splitlines(keepends=True)
    for n in (16, 17, 24, len(lines) - 1):
        if is_one_session(data, original) and 16 <= n < len(lines):
            path = written(os.path.join(f"early-{n}", os.path.basename(log)), b"".join(lines[:n]))
            early = {record["session_id"] for record in convert(path)}
            if early != {original[0]["session_id"]}:
                yield f"{log}: other ids after {n} lines"


def original_of(log):
    return convert(os.path.join(tap.CORPUS, log))


def bytes_of(log):
    return tap.read(os.path.join(tap.CORPUS, log))


PEGASUS, OLD = "pegasus/TCP-140806-2141-0.smtp", "pegasus/TCP-140210-2137-0.pop"
CLIENT, SERVER = "mercury/27-smtp-client-starttls/TCP0000.MC", "mercury/09-pop-server-full/TCP0000.MP"
others = {"Pegasus sessions": (bytes_of(PEGASUS), bytes_of(OLD)), "Mercury sessions": (bytes_of(CLIENT), bytes_of(SERVER))}
originals = {log: original_of(log) for log in tap.logs()}
# a general log is refused in any shape: nothing to compare
logs = [log for log in originals if originals[log]]
for what, compare in {
        "CRLF or LF": line_ends, "another path": other_path, "standard input": standard_input,
        "a pipe in small pieces": reader_of_pieces, "zone and redaction": options, "between others in one file": neighbours, "a log that goes on": growing}.items():
    chosen = logs[::4] if compare is reader_of_pieces else logs
    tap.check(f"same ids and fields: {what}", [f for log in chosen for f in compare(log, bytes_of(log), originals[log])])
alone = sum(1 for log in logs if is_one_session(bytes_of(log), originals[log]))
tap.check("there are sessions to put between others", [] if alone > 15 else [alone])
tap.check("sessions of the corpus have ids of their own",
          [] if len({r["session_id"] for log in logs for r in originals[log]}) >= len(logs) else ["an id stands for two"])
tap.end()
