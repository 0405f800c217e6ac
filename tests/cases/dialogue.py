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


def log(talk, old=False):
    rows = ["--- 6 Aug 2014, 21:41:43.000 ---", "Connect to 'mx.example', timeout 30 seconds."]
    if old:
        rows = ["--- Wed Aug 06 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30."]
    token = "<cr><lf>" if old else ""
    for line in talk:
        raw = line.endswith("\\")
        line = line.rstrip("\\")
        rows.append(line[2:] if line[0] == "!" else ("<< " if line[0] == "C" else ">> ") + line[2:] + ("" if raw else token))
    return "".join(f"21:41:43.{i * 10:03}: {row}\r\n" for i, row in enumerate(rows))


def expect(what, talk, wanted, old=False):
    global bad
    records, _ = convert(log(talk, old), "TCP0000.MC" if old else "TCP0000.smtp")
    got = [r for r in records if r["kind"] == "exchange"]
    seen = [tuple(r.get(f) for f in ("command", "reply_code", "status")) for r in got]
    faults = [] if seen == [w[:3] for w in wanted] else [f"got {seen}"]
    for record, row in zip(got, wanted):
        for field, value in (row[3] if len(row) > 3 else {}).items():
            if record.get(field) != value:
                faults.append(f"{row[0]}: {field} is {record.get(field)!r}, not {value!r}")
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
expect("a download that breaks", ["S +OK x", "C RETR 1", "S +OK", "S a", "! 8: Socket read timeout", "C QUIT"], [PG, ("RETR", "+OK", OK, {"payload_lines": 1}), ("QUIT", None, NONE)])

two = log(START) + log(START + ["C QUIT", "S 221 x"])
sessions = [r for r in convert(two)[0] if r["kind"] == "session"]
good = [s["exchanges"] for s in sessions] == [2, 3] and sessions[0]["ending"] == "missing"
print("ok" if good else "not ok", "- an unfinished session is followed by another")
one = convert(log(START), "TCP0001.smtp")[0]
lf = convert(log(START).replace("\r\n", "\n"), "TCP0002.smtp")[0]
same = [r["id"] for r in one] == [r["id"] for r in lf]
print("ok" if same else "not ok", "- the ids do not depend on path and line ends")
sys.exit(bool(bad) or not good or not same)
