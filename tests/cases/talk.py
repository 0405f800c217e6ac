"""Small talks written line by line: the log that tells of one, and whether its session says what it should. C and S are client
and server, ! is a line without arrows, ? one without a stamp, +N lets N seconds pass, <== marks the line that must prove the
diagnosis. Logs are of a client of the old library (Pegasus Mail) unless the style is new or server; the ending is there unless
the talk ends on ~. It is imported, never run."""
import os
import re

import tap

work = tap.folder()
OPENING = {
    "old": ["--- Wed Aug 06 21:41:43 2014 ---", "Connect to '{host}', timeout 30 seconds."],
    "new": ["--- 6 Aug 2014, 21:41:43.000 ---", "Connect to '{host}', timeout 30 seconds."],
    "server": ["Connection from 192.0.2.9, Wed Aug 06 21:41:43 2014"],
}
ENDING = {
    "old": "--- Connection closed normally at Wed Aug 06 21:41:59 2014. ---",
    "new": "--- Connection closed normally at 6 Aug 2014, 21:41:59.000. ---",
    "server": "--- Connection closed normally at Wed Aug 06 21:41:59 2014. ---",
}
SMTP = ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 AUTH LOGIN PLAIN CRAM-MD5"]
BARE = ["S 220 mx", "C EHLO me", "S 250 mx"]
MAIL = ["C MAIL FROM:<a@b.example>", "S 250 ok", "C RCPT TO:<c@d.example>", "S 250 ok"]
BODY = ["C DATA", "S 354 go", "C Subject: x", "C ", "C hello"]
BYE = ["C QUIT", "S 221 bye"]
SENT = SMTP + MAIL + BODY + ["C .", "S 250 queued"]
POP = ["S +OK hello", "C USER ann", "S +OK"]
BOX = POP + ["C PASS x", "S +OK in", "C STAT", "S +OK 1 99"]
FETCHED = BOX + ["C RETR 1", "S +OK", "S Subject: x", "S ", "S body", "S ."]
OUT = ["C QUIT", "S +OK bye"]
LOGIN = ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YW5u", "S 334 UGFzc3dvcmQ6", "C c2VjcmV0"]
PLAIN = ["C AUTH PLAIN AGFubgBzZWNyZXQ="]


def log(style, host, talk):
    """The bytes of the log, and the number of the line that is marked in it."""
    rows, ms, proof = [], 0, None
    lines = [row.format(host=host) for row in OPENING[style]] + talk
    lines += [] if talk[-1:] == ["~"] else [ENDING[style]]
    for line in lines:
        if line == "~":
            continue
        if re.fullmatch(r"\+\d+", line):
            ms += 1000 * int(line)
            continue
        if line.endswith(" <=="):
            line, proof = line[:-4], len(rows) + 1
        server = style == "server"
        if line[:2] in ("C ", "S "):
            line = (">> " if (line[0] == "S") != server else "<< ") + line[2:]
        line = line.removeprefix("! ")
        ms += 40
        if line.startswith("? "):
            rows.append(line[2:].encode() + b"\r\n")
            continue
        rows.append(f"21:{41 + ms // 60000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}: {line}\r\n".encode())
    return b"".join(rows), proof


def judge(style, host, talk):
    data, proof = log(style, host, talk)
    name = {"old": "TCP0001.WPM", "new": "TCP-140806-2141-0.smtp", "server": "TCP0001.MS"}[style]
    path = tap.write(os.path.join(work, name), data)
    done = tap.run("convert", "-q", "-k", "session", "-f", "jsonl", path)
    return tap.jsonl(done.stdout)[0], proof


def faults_of(session, wanted, proof, outcome, notes):
    if session.get("diagnosis") != wanted:
        yield f"is {session.get('diagnosis')}, line {session.get('diagnosis_line')}, {session}"
    if wanted and proof and session.get("diagnosis_line") != proof:
        yield f"line {session.get('diagnosis_line')}, not {proof}"
    if wanted and not (session.get("diagnosis_text") and session.get("diagnosis_action")):
        yield "has no text or no action"
    if outcome and session["outcome"] != outcome:
        yield f"outcome {session['outcome']}, not {outcome}"
    missing = set(notes) - set(session.get("notes", []))
    if missing:
        yield f"notes {session.get('notes')} lack {missing}"


def row(what, wanted, talk, style="old", host="mx.example", outcome=None, notes=()):
    session, proof = judge(style, host, talk)
    tap.check(what, list(faults_of(session, wanted, proof, outcome, notes)))
