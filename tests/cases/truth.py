#!/usr/bin/env python3
"""What a reply says is heard however it is laid out, and what is told of a session and of its mails does not contradict it.
Each row has a talk, C and S are client and server, and what must be told of its session or of its mails."""
import sys

sys.dont_write_bytecode = True
import os

import tap

WORK = tap.folder()
HELLO = ["S 220 mx.example ESMTP", "C EHLO me", "S 250-mx.example", "S 250 AUTH LOGIN PLAIN"]
LOGIN = ["C AUTH PLAIN AGFubgBzZWNyZXQ=", "S 235 2.7.0 in"]
MAIL = ["C MAIL FROM:<ann@b.example>", "S 250 2.1.0 ok"]
RCPT = "C RCPT TO:<bob@d.example>"
BYE = ["C QUIT", "S 221 bye"]
UNKNOWN, LATER = "S 550 5.1.1 no such user", "S 450 4.2.0 Greylisted"
NOBODY = ["C DATA", "S 554 5.5.1 Error: no valid recipients"]


def lines(talk):
    rows = ["--- Wed Aug 06 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30 seconds."]
    rows += [("<< " if line[0] == "C" else ">> ") + line[2:] for line in talk]
    rows += ["--- Connection closed normally at Wed Aug 06 21:41:59 2014. ---"]
    return "".join(f"21:{41 + i // 600}:{i // 10 % 60:02}.{i % 10 * 100:03}: {row}\r\n" for i, row in enumerate(rows))


def told(kind, talk):
    path = tap.write(os.path.join(WORK, "TCP0001.WPM"), lines(talk).encode())
    return tap.jsonl(tap.run("convert", "-q", "-k", kind, path).stdout)


def means(what, diagnosis, talk):
    found = told("session", talk)[0].get("diagnosis")
    tap.check(what, [] if found == diagnosis else [f"{found}, not {diagnosis}"])


def mails(what, talk, *wanted):
    found = [(mail["status"], mail.get("reply_code"), mail.get("reply_enhanced")) for mail in told("message", HELLO + MAIL + talk + BYE)]
    tap.check(what, [] if found == list(wanted) else [f"{found}, not {list(wanted)}"])


def recipient(what, diagnosis, *reply, before=()):
    means(what, diagnosis, HELLO + list(before) + MAIL + [RCPT] + ["S " + line for line in reply] + BYE)


# a phrase may be broken over two lines, wherever that is
GMAIL = ["421-4.7.0 [192.0.2.9      15] Our system has detected an unusual rate of", "421-4.7.0 unsolicited mail originating from your IP address. To protect our",
         "421-4.7.0 users from spam, mail sent from your IP address has been temporarily", "421 4.7.0 rate limited. x - gsmtp"]
recipient("a phrase goes on behind the enhanced code", "address-blocked", *GMAIL)
means("in a greeting, too", "address-blocked", ["S " + line for line in GMAIL])
for code, rest in (("4.7.1", "4.7.1 "), ("4.7.1", ""), ("4.7.1", " "), ("4.7.1", "4.7.1  ")):
    for first, second in (("too many", "concurrent sessions"), ("too many concurrent", "sessions"), ("too  many ", "concurrent")):
        recipient(f"broken: {first}/{rest}{second}", "too-many-connections", f"451-{code} Sorry, {first}", f"451 {rest}{second}")
recipient("another enhanced code is no repetition", "recipient-deferred", "451-4.7.1 Sorry, too many", "451 4.3.2 concurrent sessions")
recipient("an address within a phrase still parts it", "recipient-refused", "550-5.7.1 user", "550-5.7.1 <x@d.example>", "550 5.7.1 unknown")
recipient("an address ends with its line", "recipient-unknown", "550-5.7.1 <bob@d.example>", "550 5.7.1 user unknown")

# the enhanced code may be in the first line only
recipient("the enhanced code of the first line", "recipient-unknown", "550-5.1.1 <bob@d.example>", "550 Not our customer")
recipient("the last line's comes first", "recipient-refused", "550-5.1.1 <bob@d.example>", "550 5.7.1 Not our customer")
recipient("what looks like one, and is of another class", "recipient-refused", "550-4.1.1 <bob@d.example>", "550 Not our customer")

# the reason may stand behind much else
LONG = ["550-Please have your customer number at hand, which is on your latest invoice."] * 12
recipient("the reason in the last line", "relay-denied", *LONG, "550 relaying denied")
recipient("… but not behind two KiB", "recipient-refused", *LONG * 4, "550 relaying denied")

# a hundred times the same, and then something else
MANY = [line for i in range(120) for line in MAIL + [f"C RCPT TO:<u{i}@d.example>", UNKNOWN, "C RSET", "S 250 ok"]]
recipient("the same code, another enhanced code", "relay-denied", "550 5.7.1 Relaying denied", before=MANY)

# who is in need not log in
recipient("a login is asked for", "login-required", "550 5.7.1 authentication required for this recipient")
recipient("… of one who is in", "recipient-refused", "550 5.7.1 authentication required for this recipient", before=LOGIN)

# a mail that reaches nobody has the reply that says whether it may be sent again
mails("put off, and nobody is left", [RCPT, LATER] + NOBODY, ("transient-failure", "450", "4.2.0"))
mails("put off, and out of order", [RCPT, LATER, "C DATA", "S 503 5.5.1 RCPT first"], ("transient-failure", "450", "4.2.0"))
mails("unknown, and nobody is left", [RCPT, UNKNOWN] + NOBODY, ("permanent-failure", "550", "5.1.1"))
mails("unknown, then put off", [RCPT, UNKNOWN, RCPT, LATER], ("transient-failure", "450", "4.2.0"))
mails("put off, then unknown", [RCPT, LATER, RCPT, UNKNOWN], ("transient-failure", "450", "4.2.0"))
mails("… and nobody is left", [RCPT, LATER, RCPT, UNKNOWN] + NOBODY, ("transient-failure", "450", "4.2.0"))
mails("unknown, nobody is left, put off", [RCPT, UNKNOWN] + NOBODY + [RCPT, LATER], ("transient-failure", "450", "4.2.0"))
mails("asked for the content all the same", [RCPT, LATER, "C DATA", "S 354 go", "C .", "S 554 5.5.1 no valid recipients"], ("transient-failure", "450", "4.2.0"))
mails("nobody is left, then somebody", [RCPT, UNKNOWN] + NOBODY + [RCPT, "S 250 ok", "C DATA", "S 354 go", "C x", "C .", "S 250 2.0.0 ok"],
      ("success", "250", "2.0.0"))
mails("nobody is left, then somebody, then no more", [RCPT, UNKNOWN] + NOBODY + [RCPT, "S 250 ok", "C RSET", "S 250 ok"], ("unanswered", None, None))
mails("somebody is left: the content has the last word", [RCPT, LATER, RCPT, "S 250 ok", "C DATA", "S 554 5.7.1 no"], ("permanent-failure", "554", "5.7.1"))
mails("no recipient at all", ["C DATA", "S 503 5.5.1 RCPT first"], ("permanent-failure", "503", "5.5.1"))
mails("the next mail begins anew", [RCPT, LATER, "C RSET", "S 250 ok"] + MAIL + ["C DATA", "S 503 5.5.1 RCPT first"],
      ("transient-failure", "450", "4.2.0"), ("permanent-failure", "503", "5.5.1"))
tap.end()
