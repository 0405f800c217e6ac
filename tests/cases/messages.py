#!/usr/bin/env python3
"""Scripted conversations and the mails that a person would count in them. Each line comes 10 ms after the one before
it; C and S say who speaks."""
import os

import tap

WORK = tap.folder()
HELLO = ["S 220 mx.example ESMTP", "C EHLO me", "S 250 mx.example"]
POP = ["S +OK ready", "C USER ann", "S +OK", "C PASS x", "S +OK"]
HEADER = ["Subject: hello", "Message-ID: <1@me.example>", "", "Message-ID: <of-the-body@me.example>", "one"]


CLOSED = "* --- Connection closed normally at 6 Aug 2014, 21:59:00.000. ---"


def log(talk):
    rows = ["--- 6 Aug 2014, 21:41:00.000 ---", "Connect to 'mx.example', timeout 30 seconds."]
    rows += [{"C": "<< ", "S": ">> ", "*": ""}[line[0]] + line[2:] for line in talk]
    return "".join(f"21:{41 + i // 6000}:{i // 100 % 60:02}.{i % 100 * 10:03}: {row}\r\n" for i, row in enumerate(rows))


def messages(talk, name):
    path = tap.write(os.path.join(WORK, name), log(talk).encode())
    return tap.jsonl(tap.run("convert", "-q", "-k", "message", path).stdout)


def expect(what, talk, *wanted, name="TCP-140806-2141-0.smtp"):
    found = messages(talk, name)
    faults = [] if len(found) == len(wanted) else [f"{len(found)} messages, not {len(wanted)}: {found}"]
    for record, fields in zip(found, wanted):
        faults += [f"{record['sequence']}: {field} is {record.get(field)!r}, not {value!r}"
                   for field, value in fields.items() if record.get(field) != value]
    tap.check(what, faults)


def pop(what, talk, *wanted):
    expect(what, POP + talk, *wanted, name="TCP-140806-2141-0.pop")


def sent(sender="ann@me.example", recipient="bob@far.example", body=("one",), answer="250 2.0.0 Ok: queued as 4XyZ"):
    return [f"C MAIL FROM:<{sender}> SIZE=99", "S 250 ok", f"C RCPT TO:<{recipient}>", "S 250 ok", "C DATA", "S 354 go",
            *("C " + line for line in body), "C .", f"S {answer}"]


expect("a mail sent", HELLO + sent(body=HEADER) + ["C QUIT", "S 221 bye"],
       {"direction": "sent", "mail_from": "ann@me.example", "rcpt_to": ["bob@far.example"], "rcpt_rejected": None,
        "size_declared": 99, "status": "success", "reply_code": "250", "reply_enhanced": "2.0.0", "queue_id": "4XyZ",
        "message_id": "<1@me.example>", "payload_lines": 5, "payload_bytes": 89, "transfer_ms": 50,
        "final_rtt_ms": 10, "line": 6, "line_end": 18, "exchange": 5, "deleted": None, "number": None,
        "meaning": "Message accepted: the server is now responsible for it"})
expect("several in one session", HELLO + sent() + ["C RSET", "S 250 ok"] + sent(sender="", answer="250 OK id=1abC-02"),
       {"sequence": 1, "status": "success", "message_id": None},
       {"sequence": 2, "status": "success", "mail_from": "", "queue_id": "1abC-02"})
for answer, queue_id in (("OK, queued as <1@b.example>", "<1@b.example>"), ("Requested mail action okay, completed: id=0MKv1u-1", "0MKv1u-1"),
                         ("2.0.0 kAB12cd3 Message accepted for delivery", "kAB12cd3"), ("2.0.0 Message accepted for delivery", None)):
    expect(f"the queue id of {answer}", HELLO + sent(answer="250 " + answer), {"status": "success", "queue_id": queue_id})
expect("one recipient of two refused", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<x@y>", "S 550 5.1.1 no",
                                                "C RCPT TO:<v@w>", "S 250 ok", "C DATA", "S 354 go", "C t", "C .", "S 250 ok"],
       {"status": "success", "rcpt_to": ["v@w"], "rcpt_rejected": ["x@y"], "reply_code": "250"})
NO_REPLY = {"status": "unanswered", "reply_code": None, "reply_enhanced": None, "reply_text": None, "final_rtt_ms": None}
expect("what a recipient was refused with is no reply to the mail", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<x@y>", "S 550 5.1.1 no",
                                                                            "C RCPT TO:<v@w>", "S 250 ok", "C QUIT", "S 221 bye"],
       {"rcpt_to": ["v@w"], "rcpt_rejected": ["x@y"], **NO_REPLY})
expect("nor is what a chunk was taken with", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<v@w>", "S 250 ok", "C BDAT 4", "C ab", "S 250 got it"], NO_REPLY)
expect("all recipients refused", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<x@y>", "S 450 4.2.0 later",
                                          "C RSET", "S 250 ok", "C QUIT", "S 221 bye"],
       {"status": "transient-failure", "reply_code": "450", "reply_enhanced": "4.2.0", "rcpt_rejected": ["x@y"],
        "rcpt_to": None, "payload_bytes": None, "exchange": None})
expect("the sender refused", HELLO + ["C MAIL FROM:<a@b>", "S 553 5.1.8 no", "C QUIT", "S 221 bye"],
       {"status": "permanent-failure", "reply_code": "553", "mail_from": "a@b"})
expect("the content refused", HELLO + sent(answer="554 5.7.1 spam") + ["C QUIT", "S 221 bye"],
       {"status": "permanent-failure", "reply_code": "554", "queue_id": None})
expect("DATA before any MAIL", HELLO + ["C DATA", "S 503 5.5.1 need MAIL", "C QUIT", "S 221 bye"])
expect("DATA whose MAIL the log has lost", ["C DATA", "S 554 5.7.1 no", "C QUIT", "S 221 bye"], {"status": "permanent-failure", "mail_from": None})
expect("DATA refused", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C DATA", "S 503 5.5.1 no recipients", "C QUIT", "S 221 bye"],
       {"status": "permanent-failure", "reply_code": "503", "payload_bytes": None})
expect("dropped by RSET", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<x@y>", "S 250 ok", "C RSET", "S 250 ok"],
       {"status": "unanswered", "reply_code": None, "rcpt_to": ["x@y"]})
expect("the log stops in the content", HELLO + sent()[:-2], {"status": "unanswered", "reply_code": None, "payload_lines": 1})
expect("the log stops before the answer", HELLO + sent()[:-1], {"status": "unanswered", "reply_code": None})
expect("pipelined", HELLO + ["C MAIL FROM:<a@b>", "C RCPT TO:<c@d>", "C RCPT TO:<e@f>", "C DATA", "S 250 ok", "S 250 ok",
                             "S 550 no", "S 354 go", "C one", "C .", "S 250 ok"],
       {"status": "success", "rcpt_to": ["c@d"], "rcpt_rejected": ["e@f"]})
expect("a recipient without a reply is neither accepted nor refused", HELLO + ["C MAIL FROM:<a@b>", "C RCPT TO:<c@d>", "C RCPT TO:<e@f>", "C DATA",
                                                                               "S 250 ok", "S 250 ok"],
       {"status": "unanswered", "rcpt_to": ["c@d"], "rcpt_rejected": None})
expect("quoted local parts", HELLO + ['C MAIL FROM:<"x > y"@b>', "S 250 ok", 'C RCPT TO:<"a\\">b"@c> NOTIFY=NEVER', "S 250 ok",
                                      'C RCPT TO: "d e"@f ORCPT=rfc822;x', "S 550 no", 'C RCPT TO:<"g@h> ORCPT=rfc822;<i>', "S 550 no"],
       {"mail_from": '"x > y"@b', "rcpt_to": ['"a\\">b"@c'], "rcpt_rejected": ['"d e"@f', '"g@h']})
expect("in chunks", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<c@d>", "S 250 ok", "C BDAT 26", "C Message-Id: <2@me>",
                             "C x: 1", "S 250 26 octets", "C BDAT 7 LAST", "C one", "C ", "S 250 2.0.0 ok"],
       {"status": "success", "message_id": "<2@me>", "exchange": 6})
NOTHING = ["C QUIT", "S 221 bye"]
ENVELOPE = ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<c@d>", "S 250 ok"]
ONE = ["C BDAT 28", "C Message-ID: <m1@x>", "C ", "C body"]
FORWARDED = ["C BDAT 29 LAST", "C more", "C Message-ID: <fwd@x>", "C "]
expect("chunks that do not wait are one content", HELLO + ENVELOPE + ONE + FORWARDED + ["S 250 ok", "S 250 queued"], {"status": "success", "message_id": "<m1@x>", "payload_bytes": 57})
expect("mails in chunks that do not wait", HELLO + [line for i in "12" for line in (*ENVELOPE[::2], "C BDAT 28 LAST", f"C Message-ID: <m{i}@x>", "C ", "C body")] + ["S 250 ok"] * 6,
       {"message_id": "<m1@x>", "status": "success"}, {"message_id": "<m2@x>", "status": "success"})
expect("a mail in a chunk behind one that was given up", HELLO + ENVELOPE + ["C BDAT 9", "C Fro: xx", "S 452 full", "C RSET", "S 250 ok"] + ENVELOPE + ["C BDAT 28 LAST", *ONE[1:], "S 250 ok"],
       {"message_id": None, "status": "transient-failure"}, {"message_id": "<m1@x>", "status": "success"})
expect("a header in the second chunk", HELLO + ENVELOPE + ["C BDAT 9", "C From: x", "S 250 ok", "C BDAT 28 LAST", *ONE[1:], "S 250 ok"], {"message_id": "<m1@x>"})
expect("a header that a chunk ends within", HELLO + ENVELOPE + ["C BDAT 15", "C a: b", "C Message-IBDAT 3", "C D: BDAT 16 LAST", "C <m1@x>", "C ", "C body", "S 250 ok", "S 250 ok", "S 250 ok"], {"message_id": "<m1@x>"})
expect("a Message-ID on a line of its own", HELLO + sent(body=["Message-ID:", " <3@me>", "", "one"]), {"message_id": "<3@me>"})
expect("no Message-ID in the header", HELLO + sent(body=["Subject: x", "", "Message-ID: <4@me>"]), {"message_id": None})
expect("an address that copying has lost", HELLO + ["C MAIL FROM: SIZE=677", "S 250 ok", "C RCPT TO:", "S 250 ok", "C DATA",
                                                     "S 354 go", "C one", "C .", "S 250 ok"],
       {"mail_from": None, "rcpt_to": None, "size_declared": 677, "status": "success"})
expect("a second MAIL that is refused as nested", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C MAIL FROM:<c@d> SIZE=7", "S 503 5.5.1 nested MAIL command", "C RCPT TO:<e@f>", "S 250 ok", "C DATA",
       "S 354 go", "C one", "C .", "S 250 ok"], {"mail_from": "a@b", "rcpt_to": ["e@f"], "status": "success", "line": 6},
       {"mail_from": "c@d", "size_declared": 7, "rcpt_to": None, "status": "permanent-failure", "reply_code": "503"})
expect("a mail refused has not the name of the one before", HELLO + ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<c@d>", "S 250 ok", "C DATA",
       "S 354 go", "C Message-ID: <8@far>", "C ", "C one", "C .", "S 250 ok", "C MAIL FROM:<a@b>", "S 250 ok", "C DATA", "S 503 no recipients"],
       {"message_id": "<8@far>", "status": "success"}, {"message_id": None, "status": "permanent-failure"})
expect("no mail", HELLO + ["C NOOP", "S 250 ok", "C QUIT", "S 221 bye"])



def tokens(what, name, talk, *wanted):
    """With the tokens of line ends, and of a line as it stands where it ends in a backslash."""
    rows = [line[:-1] if line[-1] == "\\" else line + "<cr><lf>" for line in talk]
    expect(what, rows, *wanted, name=name)


for dot in (".<lf>", ".", ".<cr>"):
    tokens(f"{dot} is no end of a mail", "TCP0000.WPM", HELLO + ENVELOPE + ["C DATA", "S 354 go", "C a", f"C {dot}\\", "C MAIL FROM:<x@y>", "C .", "S 250 ok", *NOTHING],
           {"status": "success", "mail_from": "a@b", "payload_lines": 3})
tokens("a dot that a NUL has cut is no end of a mail fetched", "TCP0000.WPM", POP + ["C RETR 1", "S +OK", "S a", "S .\\", "S +OK", "S .", "C QUIT", "S +OK"], {"status": "success", "payload_lines": 3})
MAIL = ["S +OK 120 octets", "S Message-ID: <5@far>", "S ", "S one", "S ."]
pop("a mail fetched and deleted", ["C RETR 1", *MAIL, "C DELE 1", "S +OK", "C QUIT", "S +OK"],
    {"direction": "fetched", "number": 1, "deleted": True, "size_declared": 120, "message_id": "<5@far>", "status": "success",
     "payload_lines": 3, "mail_from": None})
pop("fetched and left", ["C RETR 1", *MAIL, "C QUIT", "S +OK"], {"deleted": False})
pop("deleted only if QUIT was answered", ["C RETR 1", *MAIL, "C DELE 1", "S +OK", "C QUIT"], {"deleted": None})
pop("not deleted without a QUIT", ["C RETR 1", *MAIL, "C DELE 1", "S +OK", CLOSED], {"deleted": False})
pop("a log that just stops does not tell", ["C RETR 1", *MAIL, "C RETR 2", *MAIL, "C DELE 1", "S +OK"], {"deleted": None}, {"deleted": None})
for reply, size in (("1 (1234 octets)", 1234), ("2 1234", None), ("77", 77), ("mail 3 has 12 bytes.", 12), ("3 mails", None)):
    pop(f"the size in: {reply}", ["C RETR 1", f"S +OK {reply}", "S .", "C QUIT", "S +OK"], {"size_declared": size})
pop("RSET takes it back", ["C RETR 1", *MAIL, "C DELE 1", "S +OK", "C RSET", "S +OK", "C QUIT", "S +OK"], {"deleted": False})
pop("deleted later", ["C RETR 1", *MAIL, "C RETR 2", *MAIL, "C DELE 1", "S +OK", "C DELE 2", "S +OK", "C QUIT", "S +OK"],
    {"number": 1, "deleted": True}, {"number": 2, "deleted": True})
pop("the head of a mail", ["C TOP 7 0", "S +OK", "S Message-ID: <6@far>", "S ", "S .", "C QUIT", "S +OK"],
    {"number": 7, "message_id": "<6@far>", "size_declared": None})
pop("no such mail", ["C RETR 9", "S -ERR no such message", "C QUIT", "S +OK"],
    {"number": 9, "status": "failure", "reply_code": "-ERR", "payload_bytes": None})
pop("numbers that are none", ["C RETR 99999999999999999999", "S +OK 99999999999999999999 octets", "S .", "C RETR 1x", "S +OK 1st mail", "S ."],
    {"number": None, "size_declared": None, "status": "success"}, {"number": None, "size_declared": None})
pop("a mail that breaks off", ["C RETR 1", *MAIL[:-1]], {"status": "unanswered", "payload_lines": 3})
many = [line for i in range(1, 2001) for line in (f"C RETR {i}", "S +OK", "S x", "S .")] + ["C QUIT", "S +OK"]
ADDRESSED = ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<x@y>", "S 550 5.1.1 no"]
CONTENT = ["C DATA", "S 354 go", "C t", "C .", "S 250 ok"]
expect("DATA refused before anything was sent, then a recipient who is taken", HELLO + ADDRESSED + ["C DATA", "S 503 5.5.1 need RCPT", "C RCPT TO:<v@w>", "S 250 ok"] + CONTENT,
       {"mail_from": "a@b", "rcpt_to": ["v@w"], "rcpt_rejected": ["x@y"], "status": "success", "reply_code": "250"})
GOOD = ["C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<v@w>", "S 250 ok"]
LATER = ["C DATA", "S 451 4.3.0 later"]
expect("DATA refused for now, then taken", HELLO + GOOD + LATER + CONTENT, {"mail_from": "a@b", "rcpt_to": ["v@w"], "status": "success", "payload_lines": 1})
for end in (NOTHING, ["C RSET", "S 250 ok"] + NOTHING, []):
    expect(f"DATA refused, and that was it {end[:1]}", HELLO + GOOD + LATER + end, {"rcpt_to": ["v@w"], "status": "transient-failure", "reply_code": "451"})
expect("DATA refused, then another mail", HELLO + GOOD + LATER + sent(), {"status": "transient-failure", "reply_code": "451"}, {"status": "success", "mail_from": "ann@me.example"})
expect("DATA refused, another recipient, and no more", HELLO + GOOD + LATER + ["C RCPT TO:<s@t>", "S 250 ok"] + NOTHING, {"rcpt_to": ["v@w", "s@t"], "status": "unanswered", "reply_code": None})
expect("DATA answered as if it were done", HELLO + GOOD + ["C DATA", "S 250 ok"] + NOTHING, {"status": "unanswered", "reply_code": None})
SESSION = tap.jsonl(tap.run("convert", "-q", "-k", "session", os.path.join(WORK, "TCP-140806-2141-0.smtp")).stdout)[0]
tap.check("  and no mail is counted as sent", [] if SESSION["messages_sent"] == 0 else [SESSION["messages_sent"]])
PIPED = ["C MAIL FROM:<a@b>", "C RCPT TO:<x@y>", "C DATA", "S 550 5.7.1 bad sender", "S 503 5.5.1 need MAIL", "S 503 5.5.1 need RCPT"]
expect("what was sent along with a refused MAIL is no other mail", HELLO + PIPED, {"mail_from": "a@b", "status": "permanent-failure", "reply_code": "550"})
CHUNKS = ["C BDAT 7", "C hello", "C BDAT 7 LAST", "C world", "S 452 4.3.1 disk full", "S 503 5.5.1 no"]
expect("nor is the rest of one whose first chunk was refused", HELLO + GOOD + CHUNKS, {"rcpt_to": ["v@w"], "status": "transient-failure", "reply_code": "452"})
expect("a mail whose MAIL is not in the log", ["S 220 mx", "C RCPT TO:<x@y>", "S 250 ok"] + LATER, {"mail_from": None, "status": "transient-failure"})


def replies(count):
    """What was answered to each of so many RCPT that are sent at once, by their numbers."""
    rcpts, told = [f"C RCPT TO:<u{n}@y>" for n in range(count)], [f"S {550 if n == 100 else 250} u{n}" for n in range(count)]
    talk = HELLO + ["C MAIL FROM:<a@x>", *rcpts, "C DATA", "S 250 ok", *told, "S 354 go", "C t", "C .", "S 250 done", "C QUIT", "S 221 bye"]
    path = tap.write(os.path.join(WORK, "many.smtp"), log(talk).encode())
    found = tap.jsonl(tap.run("convert", "-q", path).stdout)
    yield from (f"{r['command']} {r.get('argument')}: {r.get('reply_text')}" for r in found[:-2]
                if r.get("command") == "RCPT" and r["status"] != "unanswered" and r["argument"] != f"TO:<{r['reply_text']}@y>")
    yield from (f"{r.get('command')}: {r.get('reply_text')}" for r, text in zip(found[-2:], ("done", "bye")) if r.get("reply_text") != text)
    unanswered, unasked = (sum(r["status"] == status for r in found) for status in ("unanswered", "unsolicited"))
    if unasked or (unanswered > 0) != (count > 1000) or len(found) != count + 5:
        yield f"{unanswered} unanswered, {unasked} unsolicited of {len(found)}"


for count in (700, 1500):
    tap.check(f"{count} recipients at once: each has its own reply, or none", list(replies(count)))
pop("two thousand mails", many, *({"number": i} for i in range(1, 2001)))
IMAP = ["S * OK ready", "C 1 LOGIN ann x", "S 1 OK", "C 2 SELECT INBOX", "S 2 OK"]


def imap(what, talk, *wanted):
    name = "TCP-140806-2141-0.imap"
    expect(what, IMAP + talk, *wanted, name=name)
    session = tap.jsonl(tap.run("convert", "-q", "-k", "session", os.path.join(WORK, name)).stdout)[0]
    whole = sum(mail["status"] == "success" for mail in messages(IMAP + talk, name))
    tap.check(f"{what}: the session counts those that came whole", [] if session["messages_fetched"] == whole else [session["messages_fetched"], whole])


LITERAL = ["S Message-ID: <7@far>", "S ", "S one"]  # 21 + 2 and 3 + 2 bytes: what the literal counts
imap("two mails in one FETCH", ["C 3 FETCH 4,9 BODY[]", "S * 4 FETCH (UID 5 BODY[] {28}", *LITERAL, "S )",
                                "S * 9 FETCH (BODY[] {5}", "S abc", "S )", "S 3 OK done", "C 4 LOGOUT", "S * BYE", "S 4 OK"],
     {"direction": "fetched", "number": 4, "size_declared": 28, "payload_bytes": 28, "payload_lines": 3, "status": "success",
      "reply_code": "OK", "message_id": "<7@far>", "deleted": None, "exchange": 4},
     {"number": 9, "size_declared": 5, "payload_lines": 1, "message_id": None, "status": "success"})
imap("no mail in a FETCH of flags", ["C 3 FETCH 1:9 FLAGS", "S * 1 FETCH (FLAGS ())", "S 3 OK"])
WHOLE = ["C 3 FETCH 4,9 BODY[]", "S * 4 FETCH (BODY[] {5}", "S abc", "S )"]
imap("a mail that came whole before the connection broke", WHOLE + ["S * 9 FETCH (BODY[] {900}", "S abc"],
     {"number": 4, "status": "success", "reply_code": None}, {"number": 9, "status": "unanswered", "reply_code": None})
imap("a mail that came whole before another was refused", WHOLE + ["S 3 NO the other one cannot be read"], {"number": 4, "status": "success", "reply_code": None, "meaning": None})
imap("a literal that is given up is not ended by the next one", ["C 3 FETCH 4:5 BODY[]", "S * 4 FETCH (BODY[] {900}", "S abc", "C 9 NOOP", "S 9 OK", *(line.replace("4", "5", 1) for line in WHOLE[1:]), "S 3 OK"],
     {"number": 4, "status": "unanswered"}, {"number": 5, "status": "success"})
imap("one that is given up before other data", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {900}", "S abc", "C 9 NOOP", "S 9 OK", "S * 5 EXISTS", "S 3 OK"], {"number": 4, "status": "unanswered"})
imap("a response that breaks off behind its first mail", ["C 3 FETCH 4 (BODY[] BODY[])", "S * 4 FETCH (BODY[] {5}", "S abc", "S  BODY[] {900}", "S abc"], {"status": "success"}, {"status": "unanswered"})
CUT = ["S Message-ID: <7@far>", "S ", "S " + "x" * 1000]  # the program cuts a line there: what is missing nobody can count
NEXT = ["S * 9 FETCH (BODY[] {5}", "S abc", "S )"]
imap("a mail with a line that was cut", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, "S end", "S )", "S 3 OK", "C 4 LOGOUT", "S * BYE", "S 4 OK"],
     {"number": 4, "status": "success", "reply_code": "OK", "payload_lines": 4, "payload_bytes": 1030, "line_end": 14, "message_id": "<7@far>"})
imap("mails behind it", ["C 3 FETCH 4,9,9 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, "S )", *NEXT, *NEXT, "S 3 OK"],
     {"number": 4, "status": "success", "line_end": 13, "payload_lines": 3}, {"number": 9, "status": "success", "payload_bytes": 5, "line": 14, "line_end": 16}, {"number": 9, "status": "success"})
imap("one that ends with the line that was cut", ["C 3 FETCH 4,9 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, *NEXT, "S 3 OK"], {"number": 4, "status": "success"}, {"number": 9, "status": "success"})
imap("a cut mail that breaks off", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, "S half", "S 3 OK"], {"number": 4, "status": "unanswered"})
imap("lists in a cut mail are text", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, "S (see below)", "S * 9 FETCH it", "S * 5 EXISTS", "S )", "S 3 OK"],
     {"number": 4, "status": "success", "payload_lines": 6})
PROSE = ["S I no longer work here.", "S Is that ok?"]
imap("prose in a cut mail is no reply", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {1500}", *CUT, *PROSE, "S )", "S 3 OK"], {"number": 4, "status": "success", "payload_lines": 5})
imap("prose in a mail while the client goes on is no reply", ["C 3 FETCH 4 BODY[]", "S * 4 FETCH (BODY[] {37}", "C 4 FETCH 9 BODY[]", *PROSE, "S )", "S 3 OK", *NEXT, "S 4 OK"],
     {"number": 4, "status": "success", "payload_bytes": 37, "exchange": 4}, {"number": 9, "status": "success", "exchange": 5})
MANY = [f"C f{i} FETCH {i} BODY[]" for i in range(40)] + [f"S * 0 FETCH (BODY[] {{{1500}}}", "S " + "x" * 1000, "S )", "S f0 OK"]
MANY += [line for i in range(1, 40) for line in (f"S * {i} FETCH (BODY[] {{2}}", "S ", "S )", f"S f{i} OK")]
imap("forty commands that wait, and the first mail was cut", MANY, *({"number": i or None, "status": "success"} for i in range(40)))
THREE = ["C 3 FETCH 1,2,3 BODY[]", *(line.replace("9", n, 1) for n in "123" for line in NEXT), "S 3 OK"]
DELETED, KEPT = {"status": "success", "deleted": True}, {"status": "success", "deleted": None}
imap("mails that are expunged", THREE + ["C 4 STORE 1:3 +FLAGS.SILENT (\\Deleted)", "S 4 OK", "C 5 EXPUNGE", "S * 1 EXPUNGE", "S * 1 EXPUNGE", "S * 1 EXPUNGE", "S 5 OK", "C 6 LOGOUT", "S * BYE", "S 6 OK"],
     {"number": 1, **DELETED}, {"number": 2, **DELETED}, {"number": 3, **DELETED})
imap("those behind one that is gone move up", THREE + ["C 5 NOOP", "S * 1 EXPUNGE", "S * 2 EXPUNGE", "S 5 OK"], DELETED, KEPT, DELETED)
imap("mails that are moved are elsewhere", THREE + ["C 5 UID MOVE 7 Old", "S * 2 EXPUNGE", "S 5 OK", "C 6 EXPUNGE", "S * 2 EXPUNGE", "S 6 OK"], KEPT, KEPT, DELETED)
imap("what is expunged in another mailbox is another mail", THREE + ["C 5 SELECT Sent", "S 5 OK", "C 6 EXPUNGE", "S * 2 EXPUNGE", "S 6 OK"], KEPT, KEPT, KEPT)
imap("an expunge without a number", THREE + ["C 6 EXPUNGE", "S * 0 EXPUNGE", "S * EXPUNGE", "S * 4 EXPUNGE", "S 6 OK"], KEPT, KEPT, KEPT)
imap("a literal that breaks off", ["C 3 UID FETCH 5 BODY[]", "S * 4 FETCH (UID 5 BODY[] {300}", *LITERAL],
     {"number": 4, "status": "unanswered", "payload_lines": 3})
tap.end()
