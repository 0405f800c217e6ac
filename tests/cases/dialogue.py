#!/usr/bin/env python3
"""Scripted conversations and the exchanges a person would write down: (command, reply_code, status, then whatever
fields matter). Times: each line comes 10 ms after the one before it."""
import json, os, subprocess, sys, tempfile

tcplog, work = os.environ["TCPLOG"], tempfile.mkdtemp()
bad = 0


def convert(text, name="TCP0000.smtp", *options):
    path = os.path.join(work, name)
    open(path, "w", newline="").write(text)
    done = subprocess.run([tcplog, "convert", "-q", "-k", "all", *options, path], capture_output=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def log(talk, old=False, opened=True):
    rows = ["--- 6 Aug 2014, 21:41:43.000 ---", "Connect to 'mx.example', timeout 30 seconds."]
    if old:
        rows = ["--- Wed Aug 06 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30."]
    token = "<cr><lf>" if old else ""
    rows = rows if opened else []
    for line in talk:
        raw = line.endswith("\\")
        line = line.rstrip("\\")
        rows.append(line[2:] if line[0] == "!" else ("<< " if line[0] == "C" else ">> ") + line[2:] + ("" if raw else token))
    return "".join(f"21:41:43.{i * 10:03}: {row}\r\n" for i, row in enumerate(rows))


def expect(what, talk, wanted, old=False, opened=True, name=None, session=None):
    global bad
    records, _ = convert(log(talk, old, opened), name or ("TCP0000.MC" if old else "TCP0000.smtp"))
    got = [r for r in records if r["kind"] == "exchange"]
    seen = [tuple(r.get(f) for f in ("command", "reply_code", "status")) for r in got]
    faults = [] if seen == [w[:3] for w in wanted] else [f"got {seen}"]
    for record, row in zip(got, wanted):
        for field, value in (row[3] if len(row) > 3 else {}).items():
            if record.get(field) != value:
                faults.append(f"{row[0]}: {field} is {record.get(field)!r}, not {value!r}")
    for field, value in (session or {}).items():
        if records[-1].get(field) != value:
            faults.append(f"session: {field} is {records[-1].get(field)!r}, not {value!r}")
    print("ok" if not faults else "not ok", "-", what)
    for fault in faults:
        print("#", fault)
    bad += bool(faults)


OK, NO, LATER, NONE = "success", "permanent-failure", "transient-failure", "unanswered"
GREET = (None, "220", OK)
START = ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 PIPELINING"]
HELLO = [GREET, ("EHLO", "250", OK)]
expect("pipelining pairs in order", START + ["C MAIL FROM:<a@b>", "C RCPT TO:<c@d>", "C DATA", "S 250 a", "S 550 5.1.1 no", "S 554 none", "C QUIT", "S 221 bye"],
       HELLO + [("MAIL", "250", OK, {"rtt_ms": 30}), ("RCPT", "550", NO, {"reply_enhanced": "5.1.1", "rtt_ms": 30}), ("DATA", "554", NO, {"rtt_ms": 30}), ("QUIT", "221", OK)])
expect("DATA with its 354, body and final reply is one exchange", START + ["C DATA", "S 354 go", "C a", "C ..b", "C .", "S 250 ok"],
       HELLO + [("DATA", "250", OK, {"intermediate_code": "354", "payload_lines": 2, "payload_bytes": 7, "steps": 2, "rtt_ms": 10, "final_rtt_ms": 10, "total_ms": 50, "payload_ms": 20})])
expect("DATA refused after the body", START + ["C DATA", "S 354 go", "C x", "C .", "S 552 too big"], HELLO + [("DATA", "552", NO)])
expect("text before the 354", START + ["C DATA", "C From: a", "C ", "C QUITE text", "S 354 go", "C .", "S 250 ok", "C QUIT", "S 221 x"],
       HELLO + [("DATA", "250", OK, {"payload_lines": 3}), ("QUIT", "221", OK)])
expect("text before a refusal", START + ["C DATA", "C From: a", "S 503 bad", "C body", "C .", "C QUIT", "S 221 x"], HELLO + [("DATA", "503", NO), ("QUIT", "221", OK)])
expect("QUIT while the 354 is missing", START + ["C DATA", "! 8: Socket read timeout", "C QUIT"], HELLO + [("DATA", None, NONE), ("QUIT", None, NONE)])
expect("BDAT pipelined, a chunk that ends inside a line", START + ["C BDAT 8", "C abcd", "C efBDAT 4 LAST", "C xy", "S 250 a", "S 250 b", "C QUIT", "S 221 x"],
       HELLO + [("BDAT", "250", OK, {"argument": "8", "payload_bytes": 8}), ("BDAT", "250", OK, {"argument": "4 LAST", "payload_bytes": 4}), ("QUIT", "221", OK)])
expect("BDAT with nothing in it", START + ["C BDAT 0 LAST", "S 250 ok", "C QUIT", "S 221 x"], HELLO + [("BDAT", "250", OK), ("QUIT", "221", OK)])
expect("AUTH with its challenges is one exchange", START + ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YQ==", "S 334 UGFzc3dvcmQ6", "C Yg==", "S 235 ok"],
       HELLO + [("AUTH", "235", OK, {"steps": 3, "argument": "LOGIN", "intermediate_code": "334", "redacted": True, "final_rtt_ms": 10})])
expect("a cancelled AUTH", START + ["C AUTH LOGIN", "S 334 x", "C *", "S 501 cancelled", "C NOOP", "S 250 ok"], HELLO + [("AUTH", "501", NO, {"steps": 2}), ("NOOP", "250", OK)])
expect("STARTTLS and a second hello", START + ["C STARTTLS", "S 220 go", "! [*] SSL/TLS session established", "C EHLO me", "S 250 x"], HELLO + [("STARTTLS", "220", OK, {"phase": "tls"}), ("EHLO", "250", OK)])
expect("a reply that answers nothing", START + ["S 421 shutting down"], HELLO + [(None, "421", "unsolicited")])
expect("a late greeting", ["C EHLO me", "S 220 mx", "S 250 ok", "C QUIT", "S 221 x"], [("EHLO", "250", OK, {"rtt_ms": 20}), GREET, ("QUIT", "221", OK)])
expect("a lost reply does not shift the others", START + ["C MAIL FROM:<a>", "C DATA", "S 354 go", "C x", "C .", "S 250 ok"], HELLO + [("MAIL", None, NONE), ("DATA", "250", OK)])
expect("a greeting that refuses", ["S 554 go away"], [(None, "554", NO)])
expect("two reply lines in one record", ["S 220 mx", "C EHLO me", "S 250-mx<cr><lf>250-TIME", "S 250 HELP"], [GREET, ("EHLO", "250", OK, {"reply_lines": 3, "reply_text": "mx\nTIME\nHELP"})], old=True)
expect("records of one line are joined", ["S 220 mx", "C NO\\", "C OP", "S 25\\", "S 0 fine"], [GREET, ("NOOP", "250", OK, {"reply_text": "fine", "line": 4, "line_end": 7})], old=True)
PG = (None, "+OK", OK)
expect("POP3 listings and bodies", ["S +OK x", "C LIST", "S +OK 2", "S 1 100", "S 2 200", "S .", "C RETR 1", "S +OK", "S a", "S ..b", "S +OK is text", "S .", "C LIST 1", "S +OK 1 100", "C QUIT", "S +OK"],
       [PG, ("LIST", "+OK", OK, {"payload_lines": 2, "payload_bytes": 14, "payload_from": "server"}), ("RETR", "+OK", OK, {"payload_lines": 3, "payload_bytes": 20, "total_ms": 50, "rtt_ms": 10}), ("LIST", "+OK", OK), ("QUIT", "+OK", OK)])
expect("POP3 pipelining", ["S +OK x", "C STAT", "C CAPA", "C NOOP", "S +OK 0 0", "S +OK", "S TOP", "S .", "S +OK"], [PG, ("STAT", "+OK", OK), ("CAPA", "+OK", OK), ("NOOP", "+OK", OK)])
expect("POP3 refusal with a response code", ["S +OK x", "C USER a", "S +OK", "C PASS b", "S -ERR [IN-USE] busy"], [PG, ("USER", "+OK", OK), ("PASS", "-ERR", "failure", {"reply_enhanced": "IN-USE", "argument": "***"})])
expect("POP3 AUTH: bare lists, with a mechanism logs in", ["S +OK x", "C AUTH", "S +OK", "S PLAIN", "S .", "C AUTH PLAIN", "S + ", "C AGEAYg==", "S +OK"],
       [PG, ("AUTH", "+OK", OK, {"payload_lines": 1}), ("AUTH", "+OK", OK, {"steps": 2, "intermediate_code": "+"})])
expect("Mercury logs of STLS only a plus", ["S +OK x", "C STLS", "S +\\", "! [*] SSL/TLS session established: AES", "C USER a", "S +OK"], [PG, ("STLS", "+", OK), ("USER", "+OK", OK)], old=True)
expect("a download that breaks", ["S +OK x", "C RETR 1", "S +OK", "S a", "! 8: Socket read timeout", "C QUIT"], [PG, ("RETR", "+OK", OK, {"payload_lines": 1}), ("QUIT", None, NONE)], session={"messages_fetched": 0})
expect("a log that stops within a download", ["S +OK x", "C USER a", "S +OK", "C PASS b", "S +OK", "C RETR 1", "S +OK", "S a", "S .", "C RETR 2", "S +OK", "S b"],
       [PG, ("USER", "+OK", OK), ("PASS", "+OK", OK), ("RETR", "+OK", OK), ("RETR", "+OK", OK, {"payload_lines": 1})], session={"messages_fetched": 1, "outcome": "partial"})

# --- every field of an exchange ------------------------------------------------------------------------------------


def places(line, line_end, reply_line, reply_lines, steps=1):
    return {"line": line, "line_end": line_end, "reply_line": reply_line, "reply_lines": reply_lines, "steps": steps}


def times(rtt, final, total, think=None):
    return {"rtt_ms": rtt, "final_rtt_ms": final, "total_ms": total, "think_ms": think}


expect("lines and times of a whole SMTP talk", START + ["C MAIL FROM:<a@b> SIZE=9", "S 250 2.1.0 ok", "C RCPT TO:<c@d>", "S 250 2.1.5 ok", "C DATA", "S 354 go", "C a", "C .", "S 250 2.0.0 ok", "C QUIT", "S 221 bye"],
       [(None, "220", OK, {"phase": "greeting", **places(3, 3, 3, 1, None)}), ("EHLO", "250", OK, {"phase": "capability", **places(4, 6, 5, 2), **times(10, 10, 20, 10)}),
        ("MAIL", "250", OK, {"argument": "FROM:<a@b> SIZE=9", "phase": "envelope", "reply_enhanced": "2.1.0", "reply_text": "2.1.0 ok", **places(7, 8, 8, 1), **times(10, 10, 10, 10)}), ("RCPT", "250", OK),
        ("DATA", "250", OK, {"phase": "data", "intermediate_code": "354", "payload_lines": 1, "payload_bytes": 3, "payload_from": "client", "payload_ms": 10, **places(11, 15, 12, 1, 2), **times(10, 10, 40, 10)}), ("QUIT", "221", OK, places(16, 17, 17, 1))],
       session={"exchanges": 6, "failures": 0, "unanswered": 0, "messages_sent": 1, "outcome": "success", "rtt_median_ms": 10})
expect("lines and times of a whole POP3 talk", ["S +OK x", "C USER a", "S +OK", "C PASS b", "S +OK", "C STAT", "S +OK 1 100", "C RETR 1", "S +OK", "S a", "S .", "C DELE 1", "S +OK", "C QUIT", "S +OK"],
       [(None, "+OK", OK), ("USER", "+OK", OK, {"argument": "a", **places(4, 5, 5, 1), **times(10, 10, 10, 10)}), ("PASS", "+OK", OK, {"argument": "***", "redacted": True}), ("STAT", "+OK", OK, {"reply_text": "1 100", "phase": "mailbox"}),
        ("RETR", "+OK", OK, {"phase": "retrieval", "payload_bytes": 3, "payload_lines": 1, "payload_from": "server", **places(10, 13, 11, 1), **times(10, 10, 30, 10)}), ("DELE", "+OK", OK, times(10, 10, 10, 10)), ("QUIT", "+OK", OK)],
       name="TCP0000.pop", session={"messages_fetched": 1, "user": "a", "auth_mechanism": "PASS", "outcome": "success", "protocol": "pop3"})
expect("pipelining across mails, QUIT before the last reply", START + ["C MAIL FROM:<a>", "C DATA", "S 250 a", "S 354 go", "C x", "C .", "C MAIL FROM:<b>", "C RCPT TO:<c>", "C DATA", "S 250 queued", "S 250 b", "S 250 c", "S 354 go", "C y", "C .", "C QUIT", "S 250 q2", "S 221 bye"],
       HELLO + [("MAIL", "250", OK), ("DATA", "250", OK, {"reply_text": "queued", **times(20, 40, 80)}), ("MAIL", "250", OK, {**times(40, 40, 40)}), ("RCPT", "250", OK), ("DATA", "250", OK, {"reply_text": "q2", **times(40, 20, 80)}), ("QUIT", "221", OK, times(20, 20, 20))], session={"messages_sent": 2})
expect("a pipelined reply of several lines", START + ["C NOOP", "C RSET", "S 250-a", "S 250 b", "S 250 c"], HELLO + [("NOOP", "250", OK, {"reply_text": "a\nb", **times(20, 20, 30, 10)}), ("RSET", "250", OK, {"reply_text": "c", **times(30, 30, 30)})])
expect("a whole mail before the 354", START + ["C DATA", "C a", "C .", "S 354 go", "S 250 ok", "C QUIT", "S 221 x"], HELLO + [("DATA", "250", OK, {"payload_lines": 1, "rtt_ms": 30, "final_rtt_ms": 20}), ("QUIT", "221", OK)])
expect("a whole mail and QUIT before a refusal", START + ["C DATA", "C a", "C .", "C QUIT", "S 503 no", "S 221 x"], HELLO + [("DATA", "503", NO), ("QUIT", "221", OK)], session={"messages_sent": 0, "outcome": "failure"})
expect("a body that looks like talk", START + ["C DATA", "S 354 go", "C QUIT", "C 250 ok", "C RSET", "C AUTH PLAIN x", "C BDAT 7", "C ..", "C .", "S 250 ok"], HELLO + [("DATA", "250", OK, {"payload_lines": 6, "payload_bytes": 6 + 8 + 6 + 14 + 8 + 3})])
expect("the server gives up within a body", START + ["C DATA", "S 354 go", "C x", "S 421 bye", "C y", "C .", "C QUIT"], HELLO + [("DATA", "421", LATER), ("QUIT", None, NONE)])
expect("nothing after the dot", START + ["C DATA", "S 354 go", "C x", "C .", "! 8: Socket read timeout", "C QUIT", "! 8: Socket read timeout"], HELLO + [("DATA", None, NONE, {"intermediate_code": "354", "rtt_ms": 10, "final_rtt_ms": None, "total_ms": None}), ("QUIT", None, NONE)], session={"outcome": "failure", "ending": "error", "unanswered": 2})
expect("chunks, pipelined, the second refused", START + ["C BDAT 7", "C abcde", "C BDAT 7", "C abcde", "C BDAT 3 LAST", "C x", "S 250 a", "S 452 b", "S 503 c"],
       HELLO + [("BDAT", "250", OK, {"payload_bytes": 7, "payload_lines": 1}), ("BDAT", "452", LATER, {"payload_bytes": 7}), ("BDAT", "503", NO, {"argument": "3 LAST", "payload_bytes": 3})], session={"messages_sent": 0})
expect("chunks, one after the other, LAST accepted", START + ["C BDAT 7", "C abcde", "S 250 a", "C BDAT 3 LAST", "C x", "S 250 b", "C QUIT", "S 221 x"], HELLO + [("BDAT", "250", OK, {"steps": 2}), ("BDAT", "250", OK, {"steps": 2, **times(20, 10, 20, 10)}), ("QUIT", "221", OK)], session={"messages_sent": 1})
expect("a chunk that ends inside a line, with tokens", START + ["C BDAT 8", "C abcd", "C efBDAT 4 LAST", "C xy", "S 250 a", "S 250 b"], HELLO + [("BDAT", "250", OK, {"payload_bytes": 8}), ("BDAT", "250", OK, {"argument": "4 LAST", "payload_bytes": 4})], old=True)
expect("an AUTH with an empty response", START + ["C AUTH XOAUTH2 abcdefgh", "S 334 ey", "C ", "S 535 no"], HELLO + [("AUTH", "535", NO, {"argument": "XOAUTH2 ***", "steps": 2, "rtt_ms": 10, "final_rtt_ms": 10, "total_ms": 30})], session={"auth_mechanism": "XOAUTH2", "outcome": "failure"})
expect("a failed AUTH, then another", START + ["C AUTH PLAIN AGEAYg==", "S 535 no", "C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YQ==", "S 334 UGFzc3dvcmQ6", "C Yg==", "S 235 ok"], HELLO + [("AUTH", "535", NO, {"argument": "PLAIN ***", "steps": 1}), ("AUTH", "235", OK, {"argument": "LOGIN", "steps": 3})])
expect("STARTTLS refused", START + ["C STARTTLS", "S 454 no", "C NOOP", "S 250 x"], HELLO + [("STARTTLS", "454", LATER), ("NOOP", "250", OK)], session={"tls": False})
expect("a hello refused, another accepted", ["S 220 mx", "C EHLO me", "S 502 no", "C HELO me", "S 250 ok"], [GREET, ("EHLO", "502", NO), ("HELO", "250", OK)])
expect("the greeting is missing, the hello accepted", ["C EHLO me", "S 250 ok", "C QUIT", "S 221 x"], [("EHLO", "250", OK, times(10, 10, 10)), ("QUIT", "221", OK)])
expect("the greeting is missing, the hello refused", ["C EHLO me", "S 502 no", "C HELO me", "S 250 ok"], [("EHLO", "502", NO), ("HELO", "250", OK)])
expect("the POP3 greeting is missing", ["C USER a", "S +OK", "C PASS b", "S -ERR no", "C QUIT", "S +OK"], [("USER", "+OK", OK), ("PASS", "-ERR", "failure"), ("QUIT", "+OK", OK)], name="TCP0000.pop")
expect("the POP3 greeting is late", ["C USER a", "S +OK ready", "S +OK", "C PASS b", "S +OK", "C QUIT", "S +OK"], [("USER", "+OK", OK), (None, "+OK", OK, {"phase": "greeting"}), ("PASS", "+OK", OK), ("QUIT", "+OK", OK)], name="TCP0000.pop")
expect("a 421 for a greeting", ["S 421 busy", "C QUIT"], [(None, "421", LATER, {"phase": "greeting"}), ("QUIT", None, NONE)])
expect("a 421 in the middle, and one that answers nothing", START + ["C NOOP", "S 250 ok", "S 421 idle", "C NOOP", "S 421 gone"], HELLO + [("NOOP", "250", OK), (None, "421", "unsolicited"), ("NOOP", "421", LATER)])
expect("an unknown command, and an empty one", START + ["C XFOO bar", "S 500 what", "C ", "S 500 what"], HELLO + [("XFOO", "500", NO, {"argument": "bar", "phase": "other"}), (None, "500", NO)])
expect("errors in the middle end nothing", START + ["! [!] Warning: something", "C NOOP", "! 18: SSL read error -1 (locus 1, type 2, code 3, 'x')", "S 250 ok"], HELLO + [("NOOP", "250", OK, times(20, 20, 20, 20))], session={"ending": "error"})
expect("a command in two records, with its reply in two", ["S 220 mx", "C MAIL FR\\", "C OM:<a>", "S 250-2.1.0\\", "S  ok", "S 250 2.1.0 done"], [GREET, ("MAIL", "250", OK, {"argument": "FROM:<a>", "reply_text": "2.1.0 ok\n2.1.0 done", **places(4, 8, 6, 2)})], old=True)
expect("POP3 refusals have no listing", ["S +OK x", "C RETR 9", "S -ERR none", "C LIST", "S -ERR no", "C TOP 1 0", "S +OK", "S .", "C UIDL 1", "S +OK 1 x"], [PG, ("RETR", "-ERR", "failure"), ("LIST", "-ERR", "failure"), ("TOP", "+OK", OK, {"payload_lines": 0, "payload_bytes": 0}), ("UIDL", "+OK", OK, {"payload_bytes": None})], name="TCP0000.pop")
expect("pipelined RETRs", ["S +OK x", "C RETR 1", "C RETR 2", "C DELE 1", "S +OK", "S a", "S .", "S -ERR no", "S +OK"], [PG, ("RETR", "+OK", OK, times(30, 30, 50, 10)), ("RETR", "-ERR", "failure", times(50, 50, 50)), ("DELE", "+OK", OK)], name="TCP0000.pop", session={"messages_fetched": 1})
expect("CAPA before and after STLS", ["S +OK x", "C CAPA", "S +OK", "S STLS", "S .", "C STLS", "S +OK go", "! [*] SSL/TLS session established", "C CAPA", "S +OK", "S USER", "S SASL PLAIN", "S ."], [PG, ("CAPA", "+OK", OK), ("STLS", "+OK", OK, {"phase": "tls"}), ("CAPA", "+OK", OK, {"payload_lines": 2})], name="TCP0000.pop", session={"capabilities": ["USER", "SASL PLAIN"], "tls": True})
expect("a cancelled POP3 AUTH", ["S +OK x", "C AUTH PLAIN", "S + ", "C *", "S -ERR cancelled", "C USER a", "S +OK"], [PG, ("AUTH", "-ERR", "failure", {"steps": 2}), ("USER", "+OK", OK)], name="TCP0000.pop")
expect("POP3 lines that look like replies within a mail", ["S +OK x", "C RETR 1", "S +OK", "S + hi", "S -ERR a", "S +OK", "S .", "S +OK stray"], [PG, ("RETR", "+OK", OK, {"payload_lines": 3, "payload_bytes": 6 + 8 + 5}), (None, "+OK", "unsolicited")], name="TCP0000.pop")
expect("a log that begins within a POP3 mail keeps its sides", ["S USER manual", "S text", "S .", "C DELE 1", "S +OK", "C QUIT", "S +OK"], [("DELE", "+OK", OK), ("QUIT", "+OK", OK)], old=True, opened=False, name="TCP0000.MD", session={"protocol": "pop3", "role": "client"})
expect("a log that begins within a listing is no SMTP", ["S 100 200", "S 101 300", "S .", "C DELE 1", "S +OK", "C QUIT", "S +OK"], [("DELE", "+OK", OK), ("QUIT", "+OK", OK)], old=True, opened=False, name="TCP0000.MD", session={"protocol": "pop3"})
expect("a log that begins with AUTH may be POP3", ["C AUTH PLAIN AGEAYg==", "S +OK", "C STAT", "S +OK 0 0"], [("AUTH", "+OK", OK), ("STAT", "+OK", OK)], old=True, opened=False, name="pasted.txt", session={"protocol": "pop3"})
expect("POP before SMTP: the greeting decides, not the name", ["S +OK x", "C USER a", "S +OK"], [PG, ("USER", "+OK", OK)], old=True, session={"protocol": "pop3", "protocol_source": "greeting"})

two = log(START) + log(START + ["C QUIT", "S 221 x"])
sessions = [r for r in convert(two)[0] if r["kind"] == "session"]
good = [s["exchanges"] for s in sessions] == [2, 3] and sessions[0]["ending"] == "missing"
print("ok" if good else "not ok", "- an unfinished session is followed by another")
one = convert(log(START), "TCP0001.smtp")[0]
lf = convert(log(START).replace("\r\n", "\n"), "TCP0002.smtp")[0]
same = [r["id"] for r in one] == [r["id"] for r in lf]
print("ok" if same else "not ok", "- the ids do not depend on path and line ends")
sys.exit(bool(bad) or not good or not same)
