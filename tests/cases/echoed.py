#!/usr/bin/env python3
"""Secrets that come out by a side door: a line lost its stamp, its arrow or its end, the end of a mail is not in the log, a
server repeats what it was sent in other letters, cut, or long after. And what they must not take with them: codes, what those
mean, and mails."""
import sys

sys.dont_write_bytecode = True
import base64
import json
import os

import tap

work = tap.folder()
SECRET, OTHER = "Kx7vQ2mZ9pLw", "Tg4hYd8J5ksR"
SERVER = "Connection from 192.0.2.1, Mon Feb 10 21:41:43 2014<lf>"
CLIENT = ["--- 6 Aug 2014, 21:41:43.760 ---", "Connect to 'mx.example', timeout 30 seconds."]


def b64(text):
    return base64.b64encode(text.encode()).decode()


def plain(word):
    return "AUTH PLAIN " + b64(f"\0ann\0{word}")


def log(talk, server=False):
    """Each row "C …" or "S …" is said, "! …" is as it is behind the stamp, "= …" is a whole line; one that ends in \\ goes on
    with the next."""
    rows, token = [SERVER] if server else list(CLIENT), "<cr><lf>" if server else ""
    rows += [row[2:] if row[0] in "!=" else ("<< " if (row[0] == "C") != server else ">> ") + row[2:] for row in talk]
    marks, text = ["!"] * (len(rows) - len(talk)) + [row[0] for row in talk], ""
    for i, (mark, row) in enumerate(zip(marks, rows)):
        ends = not row.endswith("\\")
        stamp = "" if mark == "=" else f"21:41:43.{i % 1000:03}: "
        text += stamp + (row if ends else row[:-1]) + (token if ends and mark in "CS" else "") + ("\r\n" if ends else "")
    return text.encode()


def outputs(name, data):
    """All that is said of a log, and its records."""
    tap.write(os.path.join(work, name), data)
    made = [tap.run("convert", "-f", form, "-k", kind, name, cwd=work) for form in tap.WRITERS for kind in tap.KINDS]
    every = tap.run("convert", "-q", "-k", "all", name, cwd=work)
    page = tap.run("explain", "--width", "240", name, cwd=work)
    said = b"".join(done.stdout + done.stderr for done in [*made, every, page]).decode()
    return said, [json.loads(line) for line in every.stdout.splitlines()]


def shown(said, secret):
    pieces = {secret, secret.upper(), secret.lower(), secret[:6], b64(secret)[:8], b64("\0ann\0" + secret)[-12:]}
    return [line for line in said.splitlines() if any(piece in line for piece in pieces)]


SMTP, POP, IMAP = ["S 220 mx.example ESMTP", "C EHLO me", "S 250 ok"], ["S +OK ready", "C USER ann", "S +OK"], ["S * OK ready IMAP4rev1"]
MAIL = SMTP + ["C MAIL FROM:<a@b.example>", "S 250 ok", "C RCPT TO:<c@b.example>", "S 250 ok", "C DATA", "S 354 go", "C Subject: x", "C ", "C text"]
TOKEN = "".join(SECRET[i * i % 12] for i in range(1500))
BEARER = b64(f"user=ann@b.example\1auth=Bearer {SECRET}{TOKEN}\1\1")
HIDDEN = {
    "a mail whose refusal is lost, then AUTH": ("x.smtp", MAIL + [f"C {plain(SECRET)}", "S 235 ok", "C RSET", "S 250 ok"]),
    "the same, refused": ("x.smtp", MAIL + [f"C {plain(SECRET)}", f"S 535 bad {SECRET}", "C QUIT", "S 221 bye"]),
    "the same, and it has one line": ("x.smtp", MAIL[:-2] + [f"C {plain(SECRET)}", "S 235 ok"]),
    "the same, asked for the answer": ("x.smtp", MAIL + ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", f"C {b64('ann')}", "S 334 UGFzc3dvcmQ6", f"C {b64(SECRET)}", "S 235 ok"]),
    "the same, with an initial response": ("x.smtp", MAIL + [f"C AUTH SCRAM-SHA-256 {b64(SECRET)}", "S 334 VXNlcg==", f"C {b64(OTHER)}", "S 535 no"]),
    **{f"the same, with {what} in front of the answer": ("x.smtp", MAIL + [f"C {plain(SECRET)}", *between, "S 235 ok", "C RSET", "S 250 ok"])
       for what, between in {"an empty line": ["= "], "a remark": ["! [*] this and that"], "a warning": ["! [!] odd"], "an error": ["! 15: Peer connect failure"], "several": ["= ", "! [!] odd", "= "]}.items()},
    "a continuation behind a literal": ("x.imap", IMAP + ["C a3 LOGIN anna {8+}", "C Qx!7-abc", "S a3 NO no", "S + go", f"C {SECRET}%d&3", "S a4 OK"]),
    "the same, and it looks like more of the line": ("x.imap", IMAP + ["C a3 APPEND Sent {8+}", "C Qx!7-abc", "C ", "S a3 OK", "S + go", f"C  {SECRET}%d&3", "S a4 OK"]),
    "a line that lost its stamp": ("x.pop", POP + [f"= PASS {SECRET}", f"S -ERR bad {SECRET}"]),
    "a line that lost its arrow": ("x.pop", POP + [f"! PASS {SECRET}", f"S -ERR bad {SECRET}"]),
    "an IMAP login that lost its stamp": ("x.imap", IMAP + [f"= a1 LOGIN ann {SECRET}", f"S a1 NO bad {SECRET}"]),
    "an answer that lost its stamp": ("x.smtp", SMTP + ["C AUTH PLAIN", "S 334 ", "= " + b64(f"\0ann\0{SECRET}"), f"S 535 bad {SECRET}"]),
    "in capitals": ("x.pop", POP + [f"C pass {SECRET}", f"S -ERR unknown command PASS {SECRET.upper()}"]),
    "in small letters": ("x.smtp", SMTP + [f"C {plain(SECRET)}", f"S 535 bad {SECRET.lower()}"]),
    "a long token, cut": ("x.smtp", SMTP + [f"C AUTH XOAUTH2 {BEARER}", f"S 535 bad {SECRET}{TOKEN[:80]}"]),
    "the first of seven": ("x.smtp", SMTP + [f"C {plain(SECRET)}", "S 535 no"] + [row for i in range(6) for row in (f"C {plain(OTHER + str(i))}", "S 535 no")] + ["C QUIT", f"S 221 bye {SECRET}"]),
    "the first, and another one many times": ("x.smtp", SMTP + [f"C {plain(SECRET)}", "S 535 no"] + [f"C {plain(OTHER)}", "S 535 no"] * 20 + ["C QUIT", f"S 221 bye {SECRET}"]),
    "a reply whose end is lost": ("x.pop", POP[:-1] + ["S +OK send pass\\", f"C PASS {SECRET}", f"S -ERR bad {SECRET}"]),
    "a command whose end is lost": ("x.pop", POP[:1] + ["C USER ann\\", f"C PASS {SECRET}", "S +OK"]),
    "an IMAP reply whose end is lost": ("x.imap", IMAP + ["C a1 NOOP", "S a1 OK done\\", f"C a2 LOGIN ann {SECRET}", "S a2 OK"]),
    "a challenge whose end is lost": ("x.smtp", SMTP + ["C AUTH LOGIN", "S 334 UGFzc3dvcmQ6\\", f"C {b64(SECRET)}", "S 235 ok"]),
    "a blank behind the line end's token": ("x.smtp", SMTP + [f"C {plain(SECRET)}<cr><lf> ", f"S 535 bad {SECRET}"]),
    "an answer that is a command, for the reply before it lost its arrow": ("x.smtp", SMTP + ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YW5u", "S 334 UGFzc3dvcmQ6", f"C {b64(OTHER)}", "! 535 no", f"C {plain(SECRET)}", f"S 535 bad {SECRET}"]),
    "a mechanism in quotes": ("x.imap", IMAP + ["C a1 AUTHENTICATE \"PLAIN\" " + b64(f"\0ann\0{SECRET}"), f"S a1 NO bad {SECRET}"]),
    "what the program says, its end lost": ("x.pop", POP + ["! [*] SSL/TLS session established\\", f"C PASS {SECRET}", "S +OK"]),
}
PASSWORD = "Summer-day1"
HIDDEN_STRAY = {
    **{f"a reply behind {front!r}": ("x.pop", POP + [f"C PASS {PASSWORD}", "S -ERR no", "C NOOP", "S +OK", f"{front}bad {PASSWORD}"])
       for front in ("! -ERR ", "! Login refused: ", "= >> -ERR ", "= -ERR ", "= > 21:41:43.001: >> -ERR ")},
    **{f"a command behind {front!r}": ("x.pop", POP + [f"= {front}PASS {PASSWORD}", f"S -ERR bad {PASSWORD}"])
       for front in ("<< ", "<<\t", "  << ", "> << ", "3.001: << ", "> 21:41:43.091: << ")},
    "the arguments of a login": ("x.imap", IMAP + ["C a1 LOGIN {3}", "S + go", f'! ann "{PASSWORD}"', f"S a1 NO bad {PASSWORD}"]),
    "a literal": ("x.imap", IMAP + ["C a1 LOGIN ann {11}", "S + go", f"= << {PASSWORD}", f"S a1 NO bad {PASSWORD}"]),
    "a login in quotes": ("x.imap", IMAP + [f'! a1 LOGIN "ann lee" "{PASSWORD} b"', f"S a1 NO bad {PASSWORD} b"]),
    "a reply that goes on in one": ("x.pop", POP + [f"C PASS {PASSWORD}", "S -ERR bad login for", f"= ann with {PASSWORD}", f"S -ERR bad {PASSWORD}"]),
}
for what, (name, talk) in HIDDEN_STRAY.items():
    tap.check(f"hidden, and one of them a stray line: {what}", shown(outputs(name, log(talk))[0], PASSWORD))
for what, (name, talk) in HIDDEN.items():
    faults = []
    for server in (False, True):
        told, _ = outputs("TCP0000." + {"x.smtp": "MS", "x.pop": "MP", "x.imap": "MI"}[name] if server else name, log(talk, server))
        faults += shown(told, SECRET)
    tap.check(f"hidden: {what}", faults)

# what is valid at once ends after 64 KiB: on either side of such a login, and of what stands in front of its answer
for server in (False, True):
    for between in ([], ["= ", "! [!] odd"]):
        login = [f"C {plain(SECRET)}", *between, "S 235 ok", "C QUIT", "S 221 bye"]
        one = len(log(["C text"], server)) - len(log([], server)) - 1
        most = (64 * 1024 - len(log(MAIL, server)) + len(MAIL)) // one
        logs = b"".join(log(MAIL + ["C text"] * (most + more) + login, server) for more in range(-6, 4))
        tap.write(os.path.join(work, "TCP0000.MS" if server else "x.smtp"), logs)
        told = tap.run("convert", "-q", "-k", "line", "TCP0000.MS" if server else "x.smtp", cwd=work).stdout.decode()
        tap.check(f"hidden at the end of 64 KiB: {'server' if server else 'client'}, {len(between)} between", shown(told, SECRET))

got = [r for r in outputs("x.smtp", log(HIDDEN["a mail whose refusal is lost, then AUTH"][1]))[1] if r["kind"] == "exchange"]
seen = [(r.get("command"), r.get("reply_code"), r["status"]) for r in got[-3:]]
tap.check("such an AUTH is a command, and the mail has no reply", [] if seen == [("DATA", None, "unanswered"), ("AUTH", "235", "success"), ("RSET", "250", "success")] else [seen])
tap.check("and the mail has the lines before it", [] if got[-3].get("payload_lines") == 3 else [got[-3]])

# --- what is hidden says nothing else than what is shown -------------------------------------------------------------

tap.write(os.path.join(work, "key"), b"sixteen bytes, or more")
WAYS = (["none"], ["secrets"], ["identities", "--redact-key-file", "key"])


def of_all_ways(name, talk, kind, *fields):
    """What these fields say, whatever is hidden; more than one set of values: it depends on that."""
    tap.write(os.path.join(work, name), log(talk))
    made = [tap.run("convert", "-q", "-k", kind, "--redact", *way, name, cwd=work).stdout.splitlines() for way in WAYS]
    return [[tuple(record.get(field) for field in fields) for record in map(json.loads, lines)] for lines in made]


TAGS = {"a word that may be base64": (["C a1 NOOP", "C QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "C a2 NOOP", "S a1 OK", "S a7 NO done", "S a2 OK x"], ["success", "unanswered", "success", "unsolicited"]),
        "commands that nobody knows": (["C a7 XFOO bar", "C a8 XFOO bar", "S a8 NO done", "S a7 OK x"], ["success", "failure"]),
        "a line of something else": (["C a25 SELECT INBOX", "C x", "S a70 OK [APPENDUID 1 2] x"], ["unanswered", "unanswered", "unsolicited"])}
for what, (talk, wanted) in TAGS.items():
    ways = of_all_ways("x.imap", IMAP + talk, "exchange", "line", "status")
    tap.check(f"a reply finds its command by a tag that is hidden: {what}", [way for way in ways if [status for _, status in way[1:]] != wanted])

for word, shows in (("queued", "4F3A9C"), ("as", "4F3A9C"), ("Ok:", "4F3A9C"), ("4F3A9C", None)):
    talk = SMTP + [f"C {plain(word)}", "S 235 in"] + MAIL[3:] + ["C .", "S 250 2.0.0 Ok: queued as 4F3A9C"]
    ways = [way[0][0] for way in of_all_ways("x.smtp", talk, "message", "queue_id")]
    tap.check(f"a mail's name does not depend on a password: {word}", [] if ways == ["4F3A9C", shows, shows] else [ways])
for word in ("120", "octets", "follow"):
    ways = of_all_ways("x.pop", POP + [f"C PASS {word}", "S +OK", "C RETR 1", "S +OK 120 octets follow", "S Subject: x", "S ", "S text", "S ."], "message", "size_declared")
    tap.check(f"nor does its size: {word}", [] if ways == [[(120,)]] * 3 else [ways])

# --- what is no secret stays ----------------------------------------------------------------------------------------

ANSWERS = ["S 250 2.1.0 ok", "C MAIL FROM:<a@b.example>", "S 250 2.1.0 go on", "C RCPT TO:<c@b.example>", "S 550 5.1.1 no such user", "C QUIT", "S 221 2.0.0 bye"]
for word in ("1", "5", "250", "550", "5.1.1", "2.1.0", "user", "no such user"):
    records = outputs("x.smtp", log(SMTP + [f"C {plain(word)}", "S 235 2.7.0 in", "C NOOP"] + ANSWERS))[1]
    refused = next(r for r in records if r["kind"] == "exchange" and r.get("command") == "RCPT")
    session = records[-1]
    seen = (refused["reply_code"], refused.get("reply_enhanced"), session.get("diagnosis"))
    tap.check(f"codes and diagnosis stay where the password is {word}", [] if seen == ("550", "5.1.1", "recipient-unknown") else [seen])
    lines = [r["text"] for r in records if r["kind"] == "line" and r.get("from") == "server"]
    tap.check("as do its lines", [] if lines[-2].startswith("550 5.1.1 ") and lines[-3] == "250 2.1.0 go on" else lines)
for word in ("user", "no such user", "no"):
    session = outputs("x.smtp", log(SMTP + [f"C {plain(word)}", "S 235 in"] + [row.replace("5.1.1 ", "") for row in ANSWERS[1:]]))[1][-1]
    tap.check(f"nor does a diagnosis depend on it: {word}", [] if session.get("diagnosis") == "recipient-unknown" else [session])
for name, talk, wanted in (("x.pop", ["C PASS AUTH", "S -ERR [AUTH] denied"], ("-ERR", "AUTH", "[AUTH] denied")),
                           ("x.pop", ["C PASS err", "S -ERR what"], ("-ERR", None, "what")),
                           ("x.imap", ["C a1 LOGIN ann Authenticationfailed", "S a1 NO [AUTHENTICATIONFAILED] no"], ("NO", "AUTHENTICATIONFAILED", "[AUTHENTICATIONFAILED] no"))):
    records = outputs(name, log((POP if name == "x.pop" else IMAP) + talk))[1]
    last = [r for r in records if r["kind"] == "exchange"][-1]
    seen = (last["reply_code"], last.get("reply_enhanced"), last.get("reply_text"))
    tap.check(f"a response code is no secret: {wanted[1]}", [] if seen == wanted else [seen])
CLEAR = {
    "a mail that speaks of AUTH": ("x.smtp", MAIL + [f"C {plain('word')}", "C more", "C .", "S 250 queued"]),
    "a mail in which an arrow stands": ("x.smtp", MAIL + ["C 21:41:43.760: << PASS word", "C ..21:41:43.760: << PASS word", "C .", "S 250 queued"]),
    "talk in which one stands": ("x.smtp", SMTP + ["C NOOP 21:41:43: << PASS", "S 250 >> PASS word << ok", "C NOOP 21-41-43.760: << PASS x", "S 250 ok"]),
    "stray replies behind a secret": ("x.pop", POP + [f"C PASS {SECRET}", "! -ERR login failed 7", "= >> -ERR login failed 7", "C NOOP", "S +OK login failed 7"]),
    "prose behind verbs": ("x.smtp", SMTP + ["! Login failed.", "! Pass a", "! Auth was requested", "C NOOP", "S 250 a login failed. It was requested"]),
    "a stray reply": ("x.smtp", SMTP + ["! 535 5.7.8 login failed", "C NOOP", "S 250 nothing failed"]),
}
for what, (name, talk) in CLEAR.items():
    records = outputs(name, log(talk))[1]
    tap.check(f"left alone: {what}", [r for r in records if r.get("redacted") and r.get("class") not in ("remark", "unparsed") and r.get("command") != "PASS" and "PASS" not in r.get("text", "")])
tap.end()
