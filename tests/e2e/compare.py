"""What tcplog makes of a log, held against what the recorder knows of the talk. It says what differs; it knows no
server and prints nothing."""
import json
import os
import subprocess

KINDS = ("exchange", "session", "line")


def convert(tcplog, path, kind, form):
    return subprocess.run([tcplog, "convert", "-k", kind, "-f", form, path], capture_output=True, check=False, timeout=60)


def faults(tcplog, path, look, talk):
    """Sentences, none if all is well."""
    made = {kind: convert(tcplog, path, kind, "jsonl") for kind in KINDS}
    rows = {kind: [json.loads(row) for row in made[kind].stdout.splitlines()] for kind in KINDS}
    found = [f"convert -k {kind}: exit {made[kind].returncode} {made[kind].stderr.decode()}" for kind in KINDS
             if made[kind].returncode]
    found += differing_exchanges(rows["exchange"], look, talk)
    found += differing_session(rows["session"], look, talk)
    found += differing_lines(rows["line"], look, talk)
    found += leaks(tcplog, path, talk, made)
    return found + invalid(tcplog, path, made)


def differing_exchanges(rows, look, talk):
    shape = [(row.get("command"), row.get("reply_code"), row.get("reply_lines"), row["status"]) for row in rows]
    wanted = [(x.command, x.code, x.reply_lines or None, x.status) for x in talk.exchanges]
    if shape != wanted:
        at = next((i for i, (a, b) in enumerate(zip(shape, wanted)) if a != b), min(len(shape), len(wanted)))
        return [f"exchange {at + 1} of {len(wanted)} ({len(rows)} found): {shape[at:at + 1]}, not {wanted[at:at + 1]}"]
    found = []
    for number, (row, exchange) in enumerate(zip(rows, talk.exchanges), 1):
        where = f"exchange {number}, {exchange.command}"
        known = facts(exchange, look, talk)
        found += [f"{where}: {name} is {row.get(name)!r}, not {value!r}" for name, value in known.items()
                  if row.get(name) != value]
        found += wrong_times(where, row, exchange, look, talk)
        if row["sequence"] != number:
            found.append(f"{where}: sequence {row['sequence']}")
    return found


def facts(exchange, look, talk):
    """Fields that must be just so."""
    line = [exchange.asked, exchange.first][exchange.asked is None]
    known = {"line": look.line_of(line), "line_end": look.line_of(exchange.last), "tag": exchange.tag,
             "intermediate_code": exchange.intermediate, "steps": exchange.turns if exchange.asked is not None else None}
    if exchange.first is not None:
        known["reply_line"] = look.line_of(exchange.first)
    if exchange.payload:
        seen = [payload(look.seen(talk.events[index].data), exchange.stuffed) for index in exchange.payload]
        known.update(payload_bytes=sum(seen), payload_lines=len(seen))
    if exchange.octets is not None:
        known.update(payload_bytes=exchange.octets, payload_lines=exchange.lines)
    known["payload_from"] = exchange.payload_from
    return known


def payload(line, stuffed):
    return len(line) + 2 - (stuffed and len(line) > 1 and line.startswith(b"."))


def wrong_times(where, row, exchange, look, talk):
    if exchange.asked is None:
        return []
    spans = {"rtt_ms": (exchange.asked, exchange.first), "final_rtt_ms": (exchange.said, exchange.settled),
             "total_ms": (exchange.asked, exchange.ended)}
    found = []
    for name, (since, until) in spans.items():
        if until is None or exchange.status == "unanswered":
            continue
        if talk.events[until].time < talk.events[since].time:
            wanted = None  # the reply came before the last word: there is no such time
        else:
            wanted = (talk.events[until].time - talk.events[since].time) * 1000
        got = row.get(name)
        if (got is None) != (wanted is None) or (got is not None and abs(got - wanted) > look.slack(row.get("timing"))):
            found.append(f"{where}: {name} is {got}, not {wanted} ({row.get('timing')})")
    return found


def differing_session(rows, look, talk):
    if len(rows) != 1:
        return [f"{len(rows)} sessions"]
    statuses = [exchange.status for exchange in talk.exchanges]
    lines = look.log(talk).count(b"\n")
    ended = talk.events[-1].kind == "close"
    known = {"exchanges": len(statuses), "unanswered": statuses.count("unanswered"), "lines": lines, "lines_unparsed": 0,
             "failures": sum(status.endswith("failure") for status in statuses), "protocol": talk.protocol,
             "dialect": look.dialect, "role": look.role, "tls": talk.tls, "ending": "normal" if ended else "missing"}
    known.update(messages_sent=talk.messages_sent, messages_fetched=talk.messages_fetched)
    known.update({"server": talk.host} if look.role == "client" else {"peer": "127.0.0.1"})
    for side, arrow in (("client", "<<"), ("server", ">>")):
        known[side + "_bytes"] = sum(len(look.seen(event.data)) + 2 for event in talk.events if event.kind == arrow)
    return [f"session: {name} is {rows[0].get(name)!r}, not {value!r}" for name, value in known.items()
            if rows[0].get(name) != value]


def differing_lines(rows, look, talk):
    log = look.log(talk).split(b"\r\n")[:-1]
    if [row["line"] for row in rows] != list(range(1, len(log) + 1)):
        return [f"{len(rows)} line records for {len(log)} lines"]
    found = []
    for row, event in zip(rows, look.events(talk)):
        side = {"<<": "client", ">>": "server"}.get(event.kind)
        if row.get("from") != side:
            found.append(f"line {row['line']}: from {row.get('from')}, not {side}")
        if side and row.get("exchange") != event.exchange:
            found.append(f"line {row['line']}: of exchange {row.get('exchange')}, not {event.exchange}")
        if row["time_logged"] != look.stamp(event.time):
            found.append(f"line {row['line']}: stamp {row['time_logged']}")
        if side and not row.get("redacted") and "text_base64" not in row and row["text"] not in shown(look, event):
            found.append(f"line {row['line']}: {row['text']!r} was never said")
    return found


def shown(look, event):
    """With tokens and without: which of them stands in `text` is no matter of pairing."""
    return look.shown(event.data).decode("utf-8", "replace"), look.seen(event.data).decode("utf-8", "replace")


def leaks(tcplog, path, talk, made):
    outputs = {f"{kind} jsonl": done.stdout + done.stderr for kind, done in made.items()}
    for kind in KINDS:
        done = convert(tcplog, path, kind, "csv")
        outputs[f"{kind} csv"] = done.stdout + done.stderr
    return [f"{where} shows {secret!r}" for secret in sorted(talk.secrets) for where, text in outputs.items()
            if secret.encode("latin-1") in text]


def invalid(tcplog, path, made):
    exports = []
    for kind, done in made.items():
        exports.append(f"{path}.{kind}.jsonl")
        with open(exports[-1], "wb") as file:
            file.write(done.stdout)
    checked = subprocess.run([tcplog, "validate", *exports], capture_output=True, check=False, timeout=60)
    for export in exports:
        os.remove(export)
    return [f"validate: {checked.stderr.decode()[:300]}"] if checked.returncode else []
