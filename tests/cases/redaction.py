#!/usr/bin/env python3
"""--redact identities, in talks that go another way than most: replies that are lost, servers that repeat what they do not
understand, names that are quoted, escaped, written in other ways, or many."""
import base64, os, re
from tap import check, end, folder, jsonl, run, write

HOME = folder()
KEY = write(os.path.join(HOME, "key"), b"sixteen bytes, or more")
NAMES = {"smtp": "TCP-140806-2141-0.smtp", "pop3": "TCP-140806-2141-0.pop", "imap": "TCP-140806-2141-0.imap"}
OPENING = ["--- 6 Aug 2014, 21:41:43.760 ---", "Connect to '%s', timeout 30 seconds."]


def log(talk, host="127.0.0.1"):
    """Lines of the client begin with >, of the server with <; others stand as they are, behind a stamp or, with !, without."""
    rows = [*OPENING[:1], OPENING[1] % host]
    for line in talk:
        rows.append({">": "<< ", "<": ">> "}.get(line[0], line[0]) + line[1:])
    return "".join(row[1:] + "\r\n" if row[0] == "!" else f"21:41:{43 + i // 1000:02}.{i % 1000:03}: {row}\r\n" for i, row in enumerate(rows))


def convert(protocol, talk, kind="line", host="127.0.0.1"):
    path = write(os.path.join(HOME, NAMES[protocol]), log(talk, host).encode())
    return run("convert", "-q", "-k", kind, "--redact", "identities", "--redact-key-file", KEY, path)


def texts(protocol, talk, host="127.0.0.1"):
    """The texts of the lines behind the opening."""
    return [r["text"] for r in jsonl(convert(protocol, talk, host=host).stdout)][2:]


def shown(protocol, talk, words, host="127.0.0.1"):
    """Which of the words come out in records of any kind."""
    text = convert(protocol, talk, "all", host).stdout.decode().casefold()
    return [word for word in words if word.casefold() in text]


def secret(text):
    return base64.b64encode(text.encode()).decode()


# --- what is no line of a listing ------------------------------------------------------------------------------------

MAIL = ["<From: Annika Lee <ann@b.example>", "<Subject: private", "<", "<Dear Bob, phone 555", "<.", ">QUIT", "<+OK"]
LOGIN = ["<+OK hi", ">USER anna", "<+OK"]
for what, lost in {"lost": [], "without its arrow": ["+OK in"], "without its stamp": ["!>> +OK in"]}.items():
    for verb, lines in {"LIST": ["<1 200"], "UIDL": ["<1 abc"], "CAPA": ["<TOP", "<SASL PLAIN"], "NOOP": None}.items():
        listing = ["<+OK list", *lines, "<."] if lines else ["<+OK"]
        talk = [*LOGIN, ">PASS pw", *lost, f">{verb}", *listing, ">RETR 1", "<+OK 200 octets", *MAIL]
        check(f"a reply that is {what} shows no mail behind {verb}", shown("pop3", talk, ["annika", "private", "555"]))
whole = [*LOGIN, ">PASS pw", "<+OK", ">LIST", "<+OK", "<1 200", "<.", ">UIDL", "<+OK", "<1 whqt=0", "<.", ">CAPA", "<+OK", "<TOP", "<EXPIRE 7 USER", "<IMPLEMENTATION Some server", "<.", ">AUTH", "<+OK", "<CRAM-MD5", "<."]
check("listings stay readable", [t for t in ("1 200", "1 whqt=0", "TOP", "EXPIRE 7 USER", "IMPLEMENTATION Some server", "CRAM-MD5") if t not in texts("pop3", whole)])
NAMED = ["CAPA", "top", "UTF8=ONLY", "UTF8 USER", "SASL Plain", "SASL PLAIN LOGIN", "Expire never", "ID", "ENABLE", "LAST", "XTND", "LOGIN-DELAY 10 user", "IMPLEMENTATION Some server"]
talk = [*LOGIN, ">PASS pw", "<+OK", ">CAPA", "<+OK", *(f"<{name}" for name in NAMED), "<Top secret", "<User=Annika Lee", "<ID annika", "<."]
check("capabilities of any case stay readable", [name for name in NAMED if name not in texts("pop3", talk)])
check("and are told of the session", [] if (got := jsonl(convert("pop3", talk, "session").stdout)[0]["capabilities"]) == NAMED else got)
check("but no words behind them", shown("pop3", talk, ["annika", "lee", "secret"]))
for carrier in ("NOOP", "SELECT x", "LIST \"\" *", "CAPABILITY"):
    talk = ["<* OK hi", f">a {carrier}", "<* 2 FETCH (BODY[HEADER] {21}", "<Subject: private.555", "<)", "<a OK"]
    check(f"a literal of IMAP is hidden whatever carries it: {carrier}", shown("imap", talk, ["private", "555"]))

# --- what a server repeats ---------------------------------------------------------------------------------------------

BODY = ["<220 hi", ">EHLO x.example", "<250 ok", ">DATA", "<554 5.5.1 no valid recipients", ">Dear Bob, my phone is 555", '<500 5.5.1 Unrecognized: "Dear Bob, my phone is 555"', ">555 is it", "<500-Unrecognized:", "<500 555 is it"]
check("what SMTP does not understand is not shown when it is repeated", shown("smtp", BODY, ["dear", "555 is"]))
check("but the codes are", [] if "500 5.5.1 ***" in texts("smtp", BODY) and "554 5.5.1 no valid recipients" in texts("smtp", BODY) else texts("smtp", BODY))
check("nor is it by POP3", shown("pop3", ["<+OK", ">Annika secret", "<-ERR [SYS/PERM] what is Annika secret"], ["annika"]))
SEARCH = ["<* OK", '>a SEARCH FROM Annika TEXT "secret plan"', '<a BAD [CLIENTBUG] Unknown key in: FROM Annika TEXT "secret plan"', ">b SEARCH ALL", "<* SEARCH 1", "<b OK Search completed"]
check("nor by IMAP what is searched for", shown("imap", SEARCH, ["annika", "plan"]))
check("but its codes are, and success", [] if {"a BAD [CLIENTBUG] ***", "b OK Search completed"} < set(texts("imap", SEARCH)) else texts("imap", SEARCH))
check("nor a command of IMAP that nobody knows", shown("imap", ["<* OK", ">a XANNIKA plan", "<a BAD no XANNIKA plan", ">Annika", "<* BAD Annika"], ["annika"]))
for what, command in {"dropped": [], "without its arrow": ["VRFY ann"], "without its stamp": ["!<< VRFY ann"]}.items():
    talk = ["<220 hi", ">NOOP", "<250 ok", *command, "<250-Annika Lee <ann@b.example>", "<250 Berta Lee <berta@b.example>", ">QUIT", "<221 bye"]
    check(f"what answers VRFY is hidden where that is {what}", shown("smtp", talk, ["annika", "berta", "lee"]))

LOST = ["<220 mx", ">MAIL FROM:<a@b.example>", "<250 ok", ">RCPT TO:<q@r.example>", ">RCPT TO:<s@t.example>", "<550 no", ">VRFY lee", "<250 Annika Lee <u@v.example>", ">EXPN list",
        "<250-Berta Lee <w@x.example>", "<250 Carol Lee <y@z.example>", ">QUIT", "<221 bye"]
check("one lost reply does not show what answers VRFY", shown("smtp", LOST, ["annika", "berta", "carol", "lee"]))
check("nor does it hide what was answered before", [] if "550 no" in texts("smtp", LOST) else texts("smtp", LOST))

# --- logins ------------------------------------------------------------------------------------------------------------

QUOTED = ["<* OK ready", r'>a LOGIN "TERNDOM\\annika" "pw1"', r"<a NO user TERNDOM\annika unknown; no annika here; bad TERNDOM", r'>b LOGIN "BEAKDOM\\bertil" "pw1"', r"<b NO user BEAKDOM\bertil unknown; no bertil here; bad BEAKDOM",
          r'>c LOGIN "ce\"dric" "pw1"', '<c NO user ce"dric unknown']
check("logins in quotes", shown("imap", QUOTED, ["terndom", "annika", "beakdom", "bertil", "dric"]))
USER, HOST = "user-[0-9a-f]{8}", "host-[0-9a-f]{8}"
FORM = re.compile(rf"a NO user ({HOST})\\({USER}) unknown; no \2 here; bad \1")
check("join what is said of them", [] if FORM.fullmatch(texts("imap", QUOTED)[2]) else texts("imap", QUOTED))
PROSE = ["<220 mx.b.example", ">AUTH PLAIN " + secret("chief\0annika\0pw"), "<235 annika acts for chief", ">AUTH CRAM-MD5", "<334 PDEuMkBiLmV4YW1wbGU+", ">" + secret("berta lee 0123456789abcdef"), "<535 berta lee refused, no berta",
         ">AUTH EXTERNAL " + secret("emil"), "<535 emil", ">RCPT TO:<clara+news@b.example>", "<550 mailbox clara is full", ">RCPT TO <doris>", "<550 no doris", ">RCPT TO:<hilde%ibis@b.example>", "<550 no hilde at ibis", ">RCPT TO:<a@b.example> ORCPT=rfc822;frida+40c.example",
         "<250 ok", ">MAIL FROM:<a@b.example> AUTH=gerda+40d.example", "<250 ok", ">XFORWARD NAME=iris IDENT=jutta", "<250 iris jutta", ">ATRN kestrel,linnet", "<450 no kestrel, no linnet", ">ETRN @ostrich", "<459 ostrich"]
check("names that logins and commands give", shown("smtp", PROSE, ["chief", "annika", "berta", "lee ", "emil", "clara", "doris", "hilde", "ibis", "frida", "gerda", "c.example", "iris", "jutta", "kestrel", "linnet", "ostrich"]))
ACL = ["<* OK", ">a SETACL Box annika lrs", "<a NO annika?", '>b DELETEACL "My Box" -berta', "<b NO berta", ">c LISTRIGHTS Box clara", "<* LISTRIGHTS Box clara la r", "<c OK", ">d GETACL Box", "<* ACL Box doris lrs emil l", "<d OK",
       ">e SELECT x", "<e NO [REFERRAL imap://frida;AUTH=*@c.example/]"]
check("who may do what with folders of IMAP", shown("imap", ACL, ["annika", "berta", "clara", "doris", "emil", "frida"]))

# --- hosts and addresses -----------------------------------------------------------------------------------------------

for host in ("relay", "x", "12345", "mailserver"):
    talk = [f"<220 {host} hi", f">EHLO {host}", f"<250-{host} greets you", "<250 ok", ">QUIT", f"<221 {host} closes"]
    rows = jsonl(convert("smtp", talk, "all", host).stdout)
    clear = [r for r in rows if any(re.search(rf"\b{host}\b", str(r.get(k, ""))) for k in ("text", "reply_text", "argument", "server"))]
    check(f"what the server is called stands nowhere: {host}", clear or ([] if texts("smtp", talk, host)[0] == f"220 {rows[0]['server']} hi" else rows[:1]))
check("a word that a host is called stands where it is none", [] if "250 no relay here" in texts("smtp", ["<220 relay hi", ">NOOP", "<250 no relay here"]) else ["hidden"])
IP = ["<220 hi", ">NOOP", "<250 192.0.2.1-192.0.2.9 192.0.2.77_x", ">NOOP", "<250 192.0.2.77-mx.b.example"]
check("IPv4 addresses in front of a dash", shown("smtp", IP, ["192.0.2"]))

# --- one name, one pseudonym --------------------------------------------------------------------------------------------


def same(what, first, second):
    """Both replies differ in nothing once they are disguised; and there is a pseudonym in them."""
    talk = ["<220 hi", ">MAIL FROM:<annika@b.example>", f"<250 {first}", ">NOOP", f"<250 {second}"]
    one, other = texts("smtp", talk)[2], texts("smtp", talk)[4]
    check(f"the same name: {what}", [] if set(re.findall(f"{USER}|{HOST}", one)) == set(re.findall(f"{USER}|{HOST}", other)) != set() else [one, other])


for sign in ("s;id", "s&id", "m?sender", "Why?s=m&id"):
    same(f"in a link, {sign}", "<annika@b.example>", f"http://b.example/{sign}=annika%40b.example")
same("with the root's dot", "<annika@b.example>", "annika@B.example. MAIL")
same("in a quoted local part", "<annika@b.example>", '"an\\nika"@b.example')
same("in another case, beyond ASCII", "<jörg@łódź.example>", "<JÖRG@ŁÓDŹ.example>")
DOT = texts("smtp", ["<220 mx.b.example. hi", ">EHLO MX.b.example.", "<250 mx.b.example"], "mx.b.example")
check("a host with the root's dot is the one without", [] if len(set(re.findall(HOST, " ".join(DOT)))) == 1 else DOT)
JOERG = ["<220 hi", ">RCPT TO:<JÖRG@b.example>", "<550 user jörg, Jörg unknown"]
check("a name of another case is found in prose", shown("smtp", JOERG, ["jörg"]))

# --- many ----------------------------------------------------------------------------------------------------------------


def crowd(n, names="guest%dx"):
    """All ask before any is answered."""
    who = [names % i for i in range(n)]
    return ["<220 hi", ">EHLO x.example", "<250 PIPELINING", *(f">RCPT TO:<{w}@dom{w}.example>" for w in who), *(f"<550 User {w} unknown" for w in who)]


for n in (171, 600, 1000):
    rows = jsonl(convert("smtp", crowd(n)).stdout)
    check(f"{n} recipients that wait are all remembered", [r["text"] for r in rows if "guest" in r["text"]])
path = write(os.path.join(HOME, NAMES["smtp"]), log(["<220 hi", *(f">NOOP a@{i}.{'.'.join(f'name{i}x{j}' for j in range(9))}.x" for i in range(1000))]).encode())
done = run("convert", "-k", "line", "--redact", "identities", "--redact-key-file", KEY, path)
check("names that had to go too early are told of", [] if done.stderr.count(b"[too-many-names]") == 1 and done.returncode == 1 else [done.stderr])
path = write(os.path.join(HOME, NAMES["smtp"]), log(["<220 hi", *(line for i in range(6000) for line in (f">RCPT TO:<guest{i}@dom{i}.example>", f"<550 no guest{i}"))]).encode())
done = run("convert", "-k", "line", "--redact", "identities", "--redact-key-file", KEY, path)
check("those that were answered long ago are not", [] if done.returncode == 0 and b"no guest" not in done.stdout else [done.stderr])
end()
