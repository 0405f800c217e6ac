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


def log(talk, old=False, opened=True, server=False):
    rows = ["--- 6 Aug 2014, 21:41:43.000 ---", "Connect to 'mx.example', timeout 30 seconds."]
    if old:
        rows = ["--- Wed Aug 06 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30."]
    if server:
        rows = ["Connection from 192.0.2.1, Wed Aug 06 21:41:43 2014<lf>"]
    token = "<cr><lf>" if old or server else ""
    rows = rows if opened else []
    for line in talk:
        raw = line.endswith("\\")
        line = line.rstrip("\\")
        sent = (line[0] == "C") != server
        rows.append(line[2:] if line[0] == "!" else ("<< " if sent else ">> ") + line[2:] + ("" if raw else token))
    return "".join(f"21:41:43.{i * 10:03}: {row}\r\n" for i, row in enumerate(rows))


def expect(what, talk, wanted, old=False, opened=True, name=None, session=None, server=False):
    global bad
    records, _ = convert(log(talk, old, opened, server), name or ("TCP0000.MC" if old else "TCP0000.smtp"))
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
expect("354 in two lines", START + ["C DATA", "S 354-go", "S 354 on", "C a", "C .", "S 250-2.0.0 queued", "S 250 as X9"],
       HELLO + [("DATA", "250", OK, {"reply_text": "2.0.0 queued\nas X9", "reply_lines": 2, "intermediate_code": "354", "rtt_ms": 10, "final_rtt_ms": 10, "total_ms": 60})])
expect("334 in two lines", START + ["C AUTH LOGIN", "S 334-VXNlcm5hbWU6", "S 334 VXNlcm5hbWU6", "C YQ==", "S 535 no"], HELLO + [("AUTH", "535", NO, {"reply_text": "no", "reply_lines": 1, "final_rtt_ms": 10})])
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

expect("who is refused is not who logs in otherwise", ["S +OK x", "C USER bob", "S +OK", "C PASS y", "S -ERR no", "C AUTH LOGIN", "S + x", "C YW5u", "S + x", "C eA==", "S +OK"],
       [PG, ("USER", "+OK", OK), ("PASS", "-ERR", "failure"), ("AUTH", "+OK", OK)], session={"user": None, "auth_mechanism": "LOGIN"})

# --- every field of an exchange ------------------------------------------------------------------------------------


ending = "! --- Connection closed normally at 6 Aug 2014, 21:41:43.990. ---"
after = ["S 220 mx", "C NOOP", "S 250 ok", "C QUIT", "S 221 bye", ending, "! 00: Warning, close error 10054 (connection aborted by remote host)", "! [!] Warning: SSL connection improperly closed"]
expect("what closing gave is of the session that was closed", after, [(None, "220", "success"), ("NOOP", "250", "success"), ("QUIT", "221", "success")], session={"lines": 10, "ending": "normal", "outcome": "success"})
expect("a log that begins with an error", ["! 9: Socket write error 10054", "S 220 mx", "C NOOP", "S 250 ok"], [(None, "220", "success"), ("NOOP", "250", "success")], session={"lines": 4}, opened=False)
expect("talk behind it is another one's", after + ["S 220 mx", "C NOOP", "S 250 ok"], [(None, "220", "success"), ("NOOP", "250", "success"), ("QUIT", "221", "success"), (None, "220", "success"), ("NOOP", "250", "success")])


def places(line, line_end, reply_line, reply_lines, steps=1):
    return {"line": line, "line_end": line_end, "reply_line": reply_line, "reply_lines": reply_lines, "steps": steps}


def times(rtt, final, total, think=None):
    return {"rtt_ms": rtt, "final_rtt_ms": final, "total_ms": total, "think_ms": think}


expect("lines and times of a whole SMTP talk", START + ["C MAIL FROM:<a@b> SIZE=9", "S 250 2.1.0 ok", "C RCPT TO:<c@d>", "S 250 2.1.5 ok", "C DATA", "S 354 go", "C a", "C .", "S 250 2.0.0 ok", "C QUIT", "S 221 bye"],
       [(None, "220", OK, {"phase": "greeting", **places(3, 3, 3, 1, None)}), ("EHLO", "250", OK, {"phase": "capability", **places(4, 6, 5, 2), **times(10, 10, 20, 10)}),
        ("MAIL", "250", OK, {"argument": "FROM:<a@b> SIZE=9", "phase": "envelope", "reply_enhanced": "2.1.0", "reply_text": "2.1.0 ok", **places(7, 8, 8, 1), **times(10, 10, 10, 10)}), ("RCPT", "250", OK),
        ("DATA", "250", OK, {"phase": "data", "intermediate_code": "354", "payload_lines": 1, "payload_bytes": 3, "payload_from": "client", "payload_ms": 10, **places(11, 15, 12, 1, 2), **times(10, 10, 40, 10)}), ("QUIT", "221", OK, places(16, 17, 17, 1))],
       session={"exchanges": 6, "failures": 0, "unanswered": 0, "messages_sent": 1, "outcome": "success", "rtt_median_ms": 10})
expect("a download that breaks, and QUIT answered", ["S +OK x", "C RETR 1", "S +OK", "S a", "! 8: Socket read timeout", "C QUIT", "S +OK bye"],
       [PG, ("RETR", "+OK", OK, {"payload_lines": 1, "payload_bytes": 3, "reply_text": None, **places(4, 6, 5, 1)}), ("QUIT", "+OK", OK, {"reply_text": "bye", **times(10, 10, 10)})], name="TCP0000.pop", session={"messages_fetched": 0, "outcome": "failure"})
expect("downloads that break, each followed by another", ["S +OK x", "C RETR 1", "S +OK", "S a", "C RETR 2", "S +OK", "S b", "S .", "C LIST", "S +OK", "C STAT", "S -ERR no", "C QUIT", "S +OK"],
       [PG, ("RETR", "+OK", OK, {"payload_lines": 1}), ("RETR", "+OK", OK, {"payload_lines": 1}), ("LIST", "+OK", OK), ("STAT", "-ERR", "failure"), ("QUIT", "+OK", OK)], name="TCP0000.pop", session={"messages_fetched": 1, "unanswered": 0})
expect("commands within a mail that goes on", ["S +OK x", "C RETR 1", "S +OK", "S a", "C DELE 1", "S b", "S +OK c", "S .", "S +OK deleted"], [PG, ("RETR", "+OK", OK, {"payload_lines": 3}), ("DELE", "+OK", OK, {"reply_text": "deleted"})], name="TCP0000.pop", session={"messages_fetched": 1})
convert(log(["S +OK x", "C RETR 1", "S +OK", "S a", "C QUIT", "S +OK bye"]), "TCP0003.pop")
told = subprocess.run([tcplog, "convert", "-o", os.devnull, os.path.join(work, "TCP0003.pop")], capture_output=True)
named = told.returncode == 1 and b"TCP0003.pop:4: " in told.stderr and b"[broken-listing]" in told.stderr
print("ok" if named else "not ok", "- the guess at a broken download is told")
bad |= not named
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
expect("bytes of two lines in one record", ["S 220 mx", "C EHLO me<cr><lf>QUIT", "S 250-mx<cr><lf>250-TIME", "S 250 HELP", "S 221 x"], [GREET, ("EHLO", "250", OK), ("QUIT", "221", OK)], old=True,
       session={"client_bytes": 9 + 6, "server_bytes": 8 + 8 + 10 + 10 + 7})
expect("Mercury's Received header in one record", START + ["C DATA", "S 354 go", "C Received: me;<cr><lf>   now", "C Subject: a<cr><lf> b", "C .", "S 250 ok"],
       HELLO + [("DATA", "250", OK, {"payload_lines": 3, "payload_bytes": 15 + 8 + 22, "payload_ms": 20})], old=True)
expect("a lost end of the hello's reply does not shift the others", ["S 220 mx", "C EHLO me", "S 250-mx", "C MAIL FROM:<a>", "S 250 a", "C RCPT TO:<b>", "S 550 no", "C QUIT", "S 221 x"],
       [GREET, ("EHLO", None, NONE, {"reply_text": "mx", **places(4, 5, 5, 1)}), ("MAIL", "250", OK, {"think_ms": None}), ("RCPT", "550", NO), ("QUIT", "221", OK)], session={"unanswered": 1})
expect("a reply that breaks off", ["S 220 mx", "C EHLO me", "S 250-mx", "S 250-SIZE"], [GREET, ("EHLO", None, NONE, {"reply_text": "mx\nSIZE", "rtt_ms": 10, "final_rtt_ms": None, "total_ms": None})], session={"unanswered": 1, "slowest_rtt_ms": None})
expect("an enhanced code in front of a secret that is repeated", START + ["C AUTH PLAIN AGFubgBodW50ZXIy", "S 535 5.7.8 not hunter2, ann"], HELLO + [("AUTH", "535", NO, {"reply_enhanced": "5.7.8", "reply_text": "5.7.8 not ***", "redacted": True})])
expect("a mechanism in lower case", START + ["C auth cram-md5", "S 334 PDEuMkBtdGE+", "C YW5uIGI=", "S 235 ok"], HELLO + [("AUTH", "235", OK, {"argument": "cram-md5", "steps": 2})], session={"auth_mechanism": "CRAM-MD5"})
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

# --- IMAP: replies find their commands by tag ----------------------------------------------------------------------

IG, BAD, FEW = (None, "OK", OK), "failure", {"redacted": True}


def imap(what, talk, wanted, session=None, **how):
    name = "TCP0000.MI" if how.get("server") else "TCP0000.WPM" if how.get("old") else "TCP-140806-2141-0.imap"
    expect("IMAP: " + what, (["S * OK ready"] if how.get("opened", True) else []) + talk, ([IG] if how.get("opened", True) else []) + wanted, name=name, session={"protocol": "imap", **(session or {})}, **how)


def mercury(what, talk, wanted, session=None):
    imap(what + ", by Mercury", talk, wanted, session, server=True)


imap("a whole talk", ["C a1 LOGIN ann secret", "S a1 OK in", "C a2 SELECT INBOX", "S * 3 EXISTS", "S * FLAGS (\\Seen)", "S * OK [UIDVALIDITY 7] x", "S a2 OK [READ-WRITE] done", "C a3 UID FETCH 1:* (FLAGS)", "S * 1 FETCH (UID 5 FLAGS ())", "S a3 OK done", "C a4 LOGOUT", "S * BYE bye", "S a4 OK out"],
     [("LOGIN", "OK", OK, {"tag": "a1", "argument": "ann ***", "phase": "authentication", "reply_text": "in", **FEW, **places(4, 5, 5, 1), **times(10, 10, 10, 10)}),
      ("SELECT", "OK", OK, {"tag": "a2", "argument": "INBOX", "phase": "mailbox", "reply_enhanced": "READ-WRITE", "reply_text": "[READ-WRITE] done", **places(6, 10, 7, 1), **times(10, 40, 40, 10)}),
      ("UID FETCH", "OK", OK, {"argument": "1:* (FLAGS)", "phase": "retrieval", "payload_bytes": None, **places(11, 13, 12, 1)}), ("LOGOUT", "OK", OK, {"phase": "quit", "reply_text": "out", **places(14, 16, 15, 1), **times(10, 20, 20, 10)})],
     {"user": "ann", "auth_mechanism": "LOGIN", "outcome": "success", "exchanges": 5, "failures": 0, "unanswered": 0, "rtt_median_ms": 20})
imap("tags answered in another order", ["C a NOOP", "C b NOOP", "C c NOOP", "S c OK 3", "S a OK 1", "S b NO 2"],
     [("NOOP", "OK", OK, {"reply_text": "1", "tag": "a", **times(40, 40, 40, 10)}), ("NOOP", "NO", BAD, {"reply_text": "2", **times(40, 40, 40)}), ("NOOP", "OK", OK, {"reply_text": "3", **times(10, 10, 10)})])
imap("data belongs to the oldest that waits, or to the one it fits", ["C a NOOP", "C b SEARCH ALL", "C c FETCH 1 FLAGS", "S * 5 EXISTS", "S * SEARCH 1 2", "S * 1 FETCH (FLAGS ())", "S a OK", "S b OK", "S c OK"],
     [("NOOP", "OK", OK, {"reply_line": 7, "reply_text": None}), ("SEARCH", "OK", OK, {"reply_line": 8}), ("FETCH", "OK", OK, {"reply_line": 9})])
imap("a mail is never STORE's", ["C a STORE 1 +FLAGS (\\Seen)", "C b FETCH 2 BODY[]", "S * 2 FETCH (BODY[] {5}", "S abc", "S )", "S b OK", "S * 1 FETCH (FLAGS (\\Seen))", "S a OK"],
     [("STORE", "OK", OK, {"payload_bytes": None, "rtt_ms": 60}), ("FETCH", "OK", OK, {"payload_bytes": 5, "rtt_ms": 10})])
imap("a lost reply does not shift the others", ["C a NOOP", "C b CHECK", "S b OK", "C c CLOSE", "S c OK"], [("NOOP", None, NONE), ("CHECK", "OK", OK), ("CLOSE", "OK", OK)], {"unanswered": 1})
imap("tags are told apart by case", ["C a NOOP", "C A NOOP", "S A OK 1", "S a BAD 2"], [("NOOP", "BAD", BAD), ("NOOP", "OK", OK)])
imap("what nobody asked for", ["S * 4 EXISTS", "S * 2 EXPUNGE", "S * OK [ALERT] disk full", "S x9 OK late", "S + what", "S * BYE [UNAVAILABLE] down"],
     [(None, "EXISTS", "unsolicited", {"reply_text": "4 EXISTS", "phase": "other", "command": None}), (None, "EXPUNGE", "unsolicited"), (None, "OK", "unsolicited", {"reply_enhanced": "ALERT", "reply_text": "[ALERT] disk full"}), (None, "OK", "unsolicited", {"tag": "x9"}), (None, "+", "unsolicited", {"redacted": True}), (None, "BYE", "unsolicited", {"reply_enhanced": "UNAVAILABLE"})], {"failures": 0})
imap("refusals with response codes", ["C a LOGIN ann x", "S a NO [AUTHENTICATIONFAILED] no", "C b SELECT Sent", "S b NO [NONEXISTENT] none", "C c FROB", "S c BAD what", "C d APPEND Sent {9}", "S d NO [TRYCREATE] no", "C e LOGOUT", "S * BYE", "S e OK"],
     [("LOGIN", "NO", BAD, {"reply_enhanced": "AUTHENTICATIONFAILED", "reference": "RFC 5530 3"}), ("SELECT", "NO", BAD, {"reply_enhanced": "NONEXISTENT"}), ("FROB", "BAD", BAD, {"phase": "other"}), ("APPEND", "NO", BAD, {"reply_enhanced": "TRYCREATE", "payload_bytes": None, "payload_unlogged": None, "phase": "data", "steps": 1}), ("LOGOUT", "OK", OK)], {"failures": 4, "outcome": "failure"})
imap("a farewell stands in for the reply that does not come", ["C a LOGIN ann x", "C b NOOP", "S * BYE [LIMIT] too many"], [("LOGIN", "BYE", BAD, {"reply_enhanced": "LIMIT", "reply_text": "[LIMIT] too many", **times(20, 20, 20, 10)}), ("NOOP", None, NONE)], {"failures": 1, "unanswered": 1})
imap("a farewell, then the reply", ["C a SELECT x", "S * BYE going", "S a NO later"], [("SELECT", "NO", BAD, {"reply_text": "later", "reply_lines": 1, **times(10, 20, 20, 10)})], {"failures": 1})
imap("LOGOUT of which only the farewell is there", ["C b NOOP", "S b OK", "C a LOGOUT", "S * BYE bye"], [("NOOP", "OK", OK), ("LOGOUT", "BYE", OK)], {"outcome": "success"})
expect("IMAP: a greeting that refuses", ["S * BYE [UNAVAILABLE] go away"], [(None, "BYE", BAD, {"phase": "greeting", "reply_enhanced": "UNAVAILABLE"})], session={"protocol": "imap", "outcome": "failure", "failures": 1})
expect("IMAP: a greeting that logs in", ["S * PREAUTH [CAPABILITY IMAP4rev1 ID] hello ann", "C a SELECT x", "S a OK"], [(None, "PREAUTH", OK, {"phase": "greeting", "reply_enhanced": "CAPABILITY"}), ("SELECT", "OK", OK)], session={"capabilities": ["IMAP4rev1", "ID"]})
imap("what the server offered last", ["C a CAPABILITY", "S * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED", "S a OK", "C b STARTTLS", "S b OK go", "! [*] SSL/TLS session established", "C c CAPABILITY", "S * CAPABILITY IMAP4rev1 AUTH=PLAIN", "S c OK", "C d LOGIN ann x", "S d OK [CAPABILITY IMAP4rev1 IDLE] in"],
     [("CAPABILITY", "OK", OK, {"phase": "capability"}), ("STARTTLS", "OK", OK, {"phase": "tls"}), ("CAPABILITY", "OK", OK), ("LOGIN", "OK", OK, {"reply_enhanced": "CAPABILITY", "meaning": "Login accepted"})], {"capabilities": ["IMAP4rev1", "IDLE"], "tls": True})
imap("a literal that is not in the log whole, and a command", ["C g APPEND x {6}", "S + go", "C ab", "C a LOGIN ann secret", "S a OK", "S g OK"],
     [("APPEND", "OK", OK, {"payload_bytes": 4}), ("LOGIN", "OK", OK, {"argument": "ann ***", "redacted": True})])
imap("LOGIN of a quoted name", ['C a LOGIN "DOM\\\\ann \\"b" x', "S a OK in"], [("LOGIN", "OK", OK, {"argument": '"DOM\\\\ann \\"b" ***', **FEW})], {"user": 'DOM\\ann "b'})
imap("AUTHENTICATE with its challenges is one exchange", ["C a AUTHENTICATE LOGIN", "S + VXNlcm5hbWU6", "C YQ==", "S + UGFzc3dvcmQ6", "C Yg==", "S a OK in"], [("AUTHENTICATE", "OK", OK, {"argument": "LOGIN", "steps": 3, "intermediate_code": "+", **FEW, **times(10, 10, 50, 10)})], {"auth_mechanism": "LOGIN"})
imap("AUTHENTICATE with an initial response", ["C a AUTHENTICATE PLAIN AGEAYg==", "S a NO [AUTHENTICATIONFAILED] no", "C b authenticate xoauth2 abcd", "S + ey", "C ", "S b NO no"], [("AUTHENTICATE", "NO", BAD, {"argument": "PLAIN ***", "steps": 1}), ("AUTHENTICATE", "NO", BAD, {"argument": "xoauth2 ***", "steps": 2})])
imap("a cancelled AUTHENTICATE", ["C a AUTHENTICATE PLAIN", "S +", "C *", "S a BAD cancelled", "C b NOOP", "S b OK"], [("AUTHENTICATE", "BAD", BAD, {"steps": 2, "redacted": None}), ("NOOP", "OK", OK)])
imap("commands behind an AUTHENTICATE that nobody answers", ["C a AUTHENTICATE PLAIN AGEAYg==", "C b NOOP", "S b OK", "C c LOGOUT", "S c OK"], [("AUTHENTICATE", None, NONE), ("NOOP", "OK", OK), ("LOGOUT", "OK", OK)])
imap("IDLE ends with DONE", ["C a IDLE", "S + idling", "S * 5 EXISTS", "S * 1 RECENT", "C DONE", "S a OK done", "C b NOOP", "S b OK"], [("IDLE", "OK", OK, {"phase": "session", "intermediate_code": "+", "steps": 2, "redacted": None, **places(4, 9, 5, 1, 2), **times(10, 10, 50, 10)}), ("NOOP", "OK", OK)])
imap("IDLE that the server ends", ["C a IDLE", "S + idling", "S * BYE timeout"], [("IDLE", "BYE", BAD, {"reply_text": "timeout", "rtt_ms": 10, "final_rtt_ms": None})], {"slowest_command": None})
imap("DONE and the next command at once", ["C a IDLE", "S + x", "C done", "C b NOOP", "S a OK", "S b OK"], [("IDLE", "OK", OK, {"steps": 2}), ("NOOP", "OK", OK)])
MAIL = ["From: a", "", "a1 OK done", "+ x", "* 7 EXISTS", "b LOGOUT", ")"]
SIZE = sum(len(line) + 2 for line in MAIL)
for word, bytes_, count in (("BODY[]", SIZE, 1), ("RFC822", SIZE, 1), ("BODY[1]", SIZE, 0), ("RFC822.HEADER", SIZE, 0)):
    imap("a literal with lines that look like talk: " + word, ["C a FETCH 1 x", f"S * 1 FETCH (FLAGS () {word} {{{SIZE}}}"] + ["S " + line for line in MAIL] + ["S  UID 3)", "S a OK done", "C b NOOP", "S b OK"],
         [("FETCH", "OK", OK, {"payload_bytes": bytes_, "payload_lines": 7, "payload_from": "server", "payload_ms": 60, "reply_lines": 1, "rtt_ms": 10, "final_rtt_ms": 100}), ("NOOP", "OK", OK)], {"messages_fetched": count})
imap("literals one behind the other, none empty, one empty", ["C a FETCH 1:2 x", "S * 1 FETCH (BODY[HEADER] {6}", "S a: b", "S  BODY[TEXT] {3}", "S xyz)", "S * 2 FETCH (BODY[] {0}", "S )", "S a OK"], [("FETCH", "OK", OK, {"payload_bytes": 9, "payload_lines": 1})], {"messages_fetched": 1})
imap("two mails in a FETCH, the second breaks", ["C a FETCH 1:2 BODY[]", "S * 1 FETCH (BODY[] {3}", "S x", "S )", "S * 2 FETCH (BODY[] {300}", "S y", "! 8: Socket read timeout", "C b LOGOUT"], [("FETCH", None, NONE, {"payload_bytes": 6, "rtt_ms": 10, "total_ms": None}), ("LOGOUT", None, NONE)], {"messages_fetched": 1, "unanswered": 2})
imap("a literal that was cut in the log", ["C a FETCH 1 BODY[]", "S * 1 FETCH (BODY[] {3000}", "S " + "x" * 1000, "S )", "S a OK", "C b NOOP", "S b OK"], [("FETCH", "OK", OK, {"payload_lines": 1}), ("NOOP", "OK", OK)])
imap("APPEND", ["C a APPEND Sent (\\Seen) {12}", "S + go", "C From: a", "C b", "C ", "S a OK [APPENDUID 1 2] done", "C b NOOP", "S b OK"], [("APPEND", "OK", OK, {"argument": "Sent (\\Seen) {12}", "intermediate_code": "+", "reply_enhanced": "APPENDUID", "payload_bytes": 12, "payload_lines": 2, "payload_from": "client", "payload_unlogged": None, "redacted": None, **places(4, 9, 5, 1, 2), **times(10, 10, 50, 10)}), ("NOOP", "OK", OK)], {"messages_sent": 0})
imap("APPEND without waiting, and a command behind it", ["C a APPEND Sent {14+}", "C From: a", "C b", "C ", "C b NOOP", "S a OK", "S b OK"], [("APPEND", "OK", OK, {"payload_bytes": 14, "intermediate_code": None}), ("NOOP", "OK", OK)])
imap("APPEND of several, whose line goes on behind each", ["C a APPEND x {6+}", "C a: b", "C  {3+}", "C abc", "S a OK"], [("APPEND", "OK", OK, {"payload_bytes": 9, "payload_lines": 1})])
CUT_MAIL = ["C Subject: Check this", "C ", "C " + "x" * 1000, "C Please check the attachment.", "C a noop", "C regards"]
imap("APPEND of a mail with a line that was cut", ["C a3 APPEND x {1557}", "S + go", *CUT_MAIL, "S a3 OK", "C a4 NOOP", "S a4 OK"],
     [("APPEND", "OK", OK, {"payload_lines": 6, "tag": "a3"}), ("NOOP", "OK", OK)], {"unanswered": 0})
imap("a command behind it that does not wait", ["C a9 APPEND x {1557+}", *CUT_MAIL, "C a10 NOOP", "S a9 OK", "S a10 OK"], [("APPEND", "OK", OK, {"payload_lines": 6}), ("NOOP", "OK", OK)])
for tag, then in (("1f", "20"), ("0000000f", "00000010"), ("39ga", "nb6h")):
    imap(f"a command {then} behind {tag} that was cut", [f"C {tag} APPEND x {{9}}", "S + go", "C hi", f"C {then} LOGIN ann gull-Heron-44", f"S {tag} OK", f"S {then} NO bad"],
         [("APPEND", "OK", OK), ("LOGIN", "NO", BAD, {"argument": "ann ***", "redacted": True})])
    imap(f"a literal of it behind {tag}", [f"C {tag} APPEND x {{19}}", "S + go", "C hi", f"C {then} LOGIN ann {{13}}", "S + go", "C gull-Heron-44", f"S {tag} OK", f"S {then} OK in"],
         [("APPEND", "OK", OK), ("LOGIN", "OK", OK, {"redacted": True})])
imap("APPEND with lines that look like talk", [f"C a APPEND x {{{SIZE}}}", "S + go"] + ["C " + line for line in MAIL] + ["C ", "S a OK", "C b NOOP", "S b OK"], [("APPEND", "OK", OK, {"payload_bytes": SIZE, "payload_lines": 7}), ("NOOP", "OK", OK)])
imap("APPEND that was refused before it came", ["C a APPEND x {14+}", "S a NO [OVERQUOTA] full", "C From: a", "C b", "C ", "C b NOOP", "S b OK"], [("APPEND", "NO", BAD, {"payload_bytes": None}), ("NOOP", "OK", OK)])
imap("a mailbox named by a literal", ["C a SELECT {5}", "S + go", "C INBOX", "S a OK", "C b SELECT {5+}", "C INBOX", "S b OK"], [("SELECT", "OK", OK, {"argument": "{5}", "steps": 2, "payload_bytes": None, "payload_unlogged": None}), ("SELECT", "OK", OK, {"steps": 2})])
for end in ("", "+"):
    imap("LOGIN by literals " + end, [f"C a LOGIN {{3{end}}}"] + (["S + go"] if not end else []) + [f"C ann {{6{end}}}"] + (["S + go"] if not end else []) + ["C secret", "C b NOOP", "S a OK in", "S b OK"], [("LOGIN", "OK", OK, {"argument": "***", "steps": 3, "payload_bytes": None, "payload_unlogged": None, **FEW}), ("NOOP", "OK", OK)], {"user": None, "auth_mechanism": "LOGIN"})
imap("LOGIN quoted, then by a literal", ['C a LOGIN "an\\"n" "se cret"', "S a NO", 'C b LOGIN "ann" {6}', "S + go", "C secret", "S b OK"], [("LOGIN", "NO", BAD, {"argument": '"an\\"n" ***'}), ("LOGIN", "OK", OK, {"argument": '"ann" ***', "steps": 2})], {"user": "ann"})
imap("LOGIN with one word", ["C a LOGIN secret", "S a BAD"], [("LOGIN", "BAD", BAD, {"argument": "***"})], {"user": None})
imap("a command without a tag", ["C NOOP", "S * BAD no tag", "C ", "C a NOOP", "S a OK"], [(None, None, NONE, {"tag": "NOOP"}), ("NOOP", "OK", OK)])
imap("what is no command at all", ["C (a) b c", "S * BAD what", "C a NOOP", "S a OK"], [(None, "BAD", BAD, {"argument": "(a) b c", "tag": None}), ("NOOP", "OK", OK)])
imap("the greeting is missing", ["C a CAPABILITY", "S * CAPABILITY IMAP4rev1", "S a OK", "C b SELECT x", "S * OK [UIDNEXT 4] x", "S b OK"], [("CAPABILITY", "OK", OK), ("SELECT", "OK", OK)], opened=False)
imap("a reply that no command is there for, in the midst", ["S a9 OK late", "C b NOOP", "S b OK"], [(None, "OK", "unsolicited", {"tag": "a9"}), ("NOOP", "OK", OK)], opened=False)
imap("one line over several records", ["C a SEARCH ALL", "S * SEARCH\\", "S  41\\", "S  42\\", "S ", "S a OK\\", "S  done"], [("SEARCH", "OK", OK, {"reply_text": "done", **places(4, 10, 5, 1)})], old=True)
imap("two lines in one record", ["C a NOOP<cr><lf>b CHECK", "S * 1 EXISTS<cr><lf>* 0 RECENT<cr><lf>a OK 1<cr><lf>b OK 2"], [("NOOP", "OK", OK, {"reply_text": "1"}), ("CHECK", "OK", OK, {"reply_text": "2"})], old=True)
mercury("one FETCH over several records", ["C a FETCH 1 x", "S * 1 FETCH (FLAGS () RFC822.SIZE 12\\", "S )", "S * 2 FETCH (BODY[] {9}", "S a: b", "S abc\\", "S )", "S a OK"], [("FETCH", "OK", OK, {"payload_bytes": 9, "payload_lines": 1})], {"messages_fetched": 1, "role": "server"})
mercury("LOGIN by literals that are not in the log", ["C A002 LOGIN {7}", "S + Ready for 7 bytes", "C  {6}", "S + Ready for 6 bytes", "C ", "S A002 OK in", "C A003 SELECT INBOX", "S A003 OK"], [("LOGIN", "OK", OK, {"argument": "***", "steps": 3, "payload_unlogged": None, **FEW}), ("SELECT", "OK", OK, {"argument": "INBOX"})])
for reply in ("OK", "NO"):
    mercury(f"LOGIN by literals of which nothing more is in the log, {reply}", ["C A002 LOGIN {7}", "S + Ready for 7 bytes", "C  {6}", "S + Ready for 6 bytes", f"S A002 {reply} x", "C A003 LOGIN ann secret", "S A003 OK"], [("LOGIN", reply, OK if reply == "OK" else BAD, {"argument": "***", "steps": 2}), ("LOGIN", "OK", OK, {"argument": "ann ***"})], {"user": "ann"})
mercury("APPEND that is not in the log", ["C a APPEND Sent {300}", "S + Ready", "C ", "S a OK done", "C b APPEND Sent {40}", "S + Ready", "S b OK done", "C c APPEND Sent {50}", "S + Ready", "C d NOOP", "S c OK", "S d OK"],
        [("APPEND", "OK", OK, {"payload_unlogged": 300, "payload_bytes": None, "steps": 2}), ("APPEND", "OK", OK, {"payload_unlogged": 40, "payload_bytes": None}), ("APPEND", "OK", OK, {"payload_bytes": None}), ("NOOP", "OK", OK)])
mercury("a mailbox whose name is not in the log", ["C a SELECT {5}", "S + Ready", "C ", "S a OK", "C b COPY 1 {4}", "S + Ready", "C ", "S b OK"], [("SELECT", "OK", OK, {"payload_unlogged": 5}), ("COPY", "OK", OK, {"payload_unlogged": 4})])
mercury("a refused login, tried again", ["C a LOGIN ann wrong", "S a NO no", "C b LOGIN ann right", "S b OK"], [("LOGIN", "NO", BAD), ("LOGIN", "OK", OK)], {"outcome": "success"})

two = log(START) + log(START + ["C QUIT", "S 221 x"])
sessions = [r for r in convert(two)[0] if r["kind"] == "session"]
good = [s["exchanges"] for s in sessions] == [2, 3] and sessions[0]["ending"] == "missing"
print("ok" if good else "not ok", "- an unfinished session is followed by another")
one = convert(log(START), "TCP0001.smtp")[0]
lf = convert(log(START).replace("\r\n", "\n"), "TCP0002.smtp")[0]
same = [r["id"] for r in one] == [r["id"] for r in lf]
print("ok" if same else "not ok", "- the ids do not depend on path and line ends")
sys.exit(bool(bad) or not good or not same)
