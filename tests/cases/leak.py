#!/usr/bin/env python3
"""Planted secrets: no credential, in clear or in base64, comes out of any kind, writer, stream or message; whatever
the dialect, wherever the log is cut, and though lines lost their stamps. What is no secret stays."""
import base64, gzip, os, subprocess, sys, tempfile

tcplog, work = os.environ["TCPLOG"], tempfile.mkdtemp()
few = bool(os.environ.get("SANITIZED"))
SECRET = "hunter-Zwei-4711"
SECRETS = [SECRET, "two words Zwei-4711", "NtlmBlobZwei4711", "c4f9a3d1e5b60718293a4b5c6d7e8f90"]


def b64(text):
    return base64.b64encode(text.encode()).decode()


PLAIN, LOGIN, BEARER = b64("\0ann\0" + SECRET), b64(SECRET), b64("user=ann\1auth=Bearer " + SECRET + "\1\1")
CRAM, BLOB = b64("ann " + SECRETS[3]), b64("NTLMSSP\0" + SECRETS[2])
FORBIDDEN = SECRETS + [PLAIN, LOGIN, BEARER, CRAM, BLOB, "Zwei-4711"]
SMTP_START = [("s", "220 mx.example ESMTP"), ("c", "EHLO me"), ("s", "250-mx.example"), ("s", "250 AUTH LOGIN PLAIN")]
POP_START = [("s", "+OK ready <1.2@mx.example>")]
TALKS = {
    "plain inline": SMTP_START + [("c", f"AUTH PLAIN {PLAIN}"), ("s", "235 2.7.0 ok"), ("c", "QUIT"), ("s", "221 bye")],
    "plain later": SMTP_START + [("c", "auth plain"), ("s", "334 "), ("c", PLAIN), ("s", "535 no")],
    "spaces": SMTP_START + [("c", f"  aUtH \t PLAIN   {PLAIN}"), ("s", "235 ok")],
    "login": SMTP_START + [("c", "AUTH LOGIN"), ("s", "334 VXNlcm5hbWU6"), ("c", b64("ann-Zwei-4711")), ("s", "334 UGFzc3dvcmQ6"), ("c", LOGIN), ("s", "235 ok")],
    "login inline": SMTP_START + [("c", f"AUTH LOGIN {LOGIN}"), ("s", "334 UGFzc3dvcmQ6"), ("c", LOGIN), ("s", "535 no")],
    "pipelined": SMTP_START + [("c", "AUTH LOGIN"), ("c", LOGIN), ("c", LOGIN), ("s", "334 x"), ("s", "334 x"), ("s", "235 ok")],
    "xoauth2": SMTP_START + [("c", f"AUTH XOAUTH2 {BEARER}"), ("s", "334 eyJzdGF0dXMi"), ("c", ""), ("s", "535 no")],
    "bearer": SMTP_START + [("c", "AUTH OAUTHBEARER"), ("s", "334 "), ("c", BEARER), ("s", "235 ok")],
    "cram": SMTP_START + [("c", "AUTH CRAM-MD5"), ("s", "334 PDEuMj4="), ("c", CRAM), ("s", "235 ok")],
    "ntlm both ways": SMTP_START + [("c", f"AUTH NTLM {BLOB}"), ("s", f"334 {BLOB}"), ("c", BLOB), ("s", "235 ok")],
    "interrupted": SMTP_START + [("c", "AUTH LOGIN"), ("s", "334 VXNlcm5hbWU6"), ("!", "8: Socket read timeout"), ("c", LOGIN), ("c", "QUIT")],
    "pass": POP_START + [("c", "USER ann"), ("s", "+OK"), ("c", f"PASS {SECRET}"), ("s", "+OK in")],
    "pass with blanks": POP_START + [("c", "USER ann"), ("s", "+OK"), ("c", f"pass  {SECRETS[1]}"), ("s", "-ERR [AUTH] no")],
    "apop": POP_START + [("c", f"APOP ann {SECRETS[3]}"), ("s", "+OK")],
    "pop auth": POP_START + [("c", "AUTH PLAIN"), ("s", "+ "), ("c", PLAIN), ("s", "+OK")],
    "pop auth inline": POP_START + [("c", f"AUTH PLAIN {PLAIN}"), ("s", "+OK")],
    "pop auth challenge": POP_START + [("c", "AUTH NTLM"), ("s", "+"), ("c", BLOB), ("s", f"+ {BLOB}"), ("c", BLOB), ("s", "+OK")],
}


def log(talk, dialect):
    mine = "s" if dialect == "server" else "c"
    token = "" if dialect == "new" else "<cr><lf>"
    opening = {"new": ["--- 6 Aug 2014, 21:41:43.760 ---", "Connect to 'mx.example', timeout 30 seconds."],
               "old": ["--- Mon Feb 10 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30."],
               "server": ["Connection from 192.0.2.1, Mon Feb 10 21:41:43 2014<lf>"]}[dialect]
    rows = opening + [text if who == "!" else ("<< " if who == mine else ">> ") + text + token for who, text in talk]
    return [f"21:41:43.760: {row}\r\n" for row in rows]


def leaks(text, suffix):
    path = os.path.join(work, "TCP0000." + suffix)
    open(path, "w", newline="").write(text)
    out = os.path.join(work, "out.gz")
    streams = []
    for kind, form in (("all", "jsonl"), ("line", "csv"), ("exchange", "csv"), ("session", "csv")):
        done = subprocess.run([tcplog, "convert", "-k", kind, "-f", form, path], capture_output=True)
        streams += [done.stdout, done.stderr]
    if not few:
        subprocess.run([tcplog, "convert", "-k", "all", "-z", "--force", "-o", out, path], capture_output=True)
        streams.append(gzip.open(out).read())
    return sorted({s for s in FORBIDDEN for stream in streams if s.encode() in stream})


bad = 0


def test(what, cases):
    global bad
    found = [f"{name}: {leak}" for name, text, suffix in cases if (leak := leaks(text, suffix))]
    print("ok" if not found else "not ok", "-", what)
    for line in found[:8]:
        print("#", line)
    bad += bool(found)


for dialect, suffix in (("new", "smtp"), ("old", "MC"), ("server", "MS")):
    test(f"no secret leaves {dialect} logs", [(n, "".join(log(t, dialect)), suffix) for n, t in TALKS.items()])
start = 3 if few else 1
test("none where the log begins in the middle",
     [(f"{n} from {i}", "".join(log(t, "new")[i:]), "WPM") for n, t in TALKS.items() for i in range(1, len(t) + 2, start)])
test("none where stamps are lost",
     [(n, "".join(line[14:] for line in log(t, "new")), "WPM") for n, t in TALKS.items() if "pass" in n or "inline" in n])
test("none where lines are quoted",
     [(n, "".join("> " + line for line in log(t, "new")), "WPM") for n, t in TALKS.items() if "pass" in n or "inline" in n])
test("none in a secret over several records",
     [("pa/ss", "".join(log(POP_START, "old")) + "21:41:44.000: << PA\r\n21:41:44.000: << SS hun\r\n21:41:44.000: << ter-Zwei-4711<cr><lf>\r\n", "MD")])
test("none in a password that is the last thing logged, cut by a NUL",
     [("nul", "".join(log(POP_START, "old")) + f"21:41:44.000: << PASS {SECRET}\r\n21:41:44.000: >> +OK<cr><lf>\r\n", "MD")])

body = SMTP_START + [("c", "MAIL FROM:<a@b>"), ("s", "250 ok"), ("c", "DATA"), ("s", "354 go"), ("c", "PASS the salt"), ("c", "."), ("s", "250 ok")]
path = os.path.join(work, "TCP0000.smtp")
open(path, "w", newline="").write("".join(log(body, "new")))
out = subprocess.run([tcplog, "convert", "-q", "-k", "all", path], capture_output=True).stdout
kept = b"PASS the salt" in out and b"***" not in out
print("ok" if kept else "not ok", "- a mail that mentions PASS is left alone")
sys.exit(bool(bad) or not kept)
