#!/usr/bin/env python3
"""--redact identities. Users, addresses, hosts, certificates and mails are planted in logs of every protocol and program;
none of them may come out, in any kind, format or message; what is put in their place joins, and depends on the key."""
import os, re
from tap import KINDS, TCPLOG, check, end, folder, jsonl, read, run, table, write

HOME = folder()
KEY, OTHER = (write(os.path.join(HOME, name), text) for name, text in (("key", b"sixteen bytes, or more"), ("other", b"another sixteen bytes")))
IDENTITIES = ("--redact", "identities", "--redact-key-file", KEY)

# What is planted. Nothing else in the talks holds any of it.
SECRET = ["zoltanka", "wilhelmina", "quentinxu", "o'brannigan", "hieronymus", "kunigunde", "kzq", "krakenhost", "ploverdale", "ternwick", "gullford", "seagrave",
          "cormorant", "petrelnet", "203.0.113.77", "198.51.100.9", "2001:db8:77", "2001:0db8", "mid77xyz", "philomena", "merger", "pelikanova", "c0ffee77"]
NAMES = {("new", "smtp"): "TCP-140806-2141-0.smtp", ("new", "pop3"): "TCP-140806-2141-0.pop", ("new", "imap"): "TCP-140806-2141-0.imap",
         ("client", "smtp"): "TCP0000.MC", ("client", "pop3"): "TCP0000.MD", ("client", "imap"): "TCP0000.WPM",
         ("old", "smtp"): "TCP0000.WPM", ("old", "pop3"): "TCP0000.WPM", ("old", "imap"): "TCP0000.WPM",
         ("server", "smtp"): "TCP0000.MS", ("server", "pop3"): "TCP0000.MP", ("server", "imap"): "TCP0000.MI"}
OPENINGS = {"new": ["--- 6 Aug 2014, 21:41:43.760 ---", "Connect to 'krakenhost', timeout 30 seconds."],
            "old": ["--- Mon Feb 10 21:41:43 2014 ---", "Connect to 'mx.ploverdale.example:110', timeout 30 seconds."],
            "client": ["--- Mon Feb 10 21:41:43 2014 ---", "Connect to '203.0.113.77', timeout 30."],
            "server": ["Connection from 203.0.113.77, Mon Feb 10 21:41:43 2014<lf>"]}
TLS = {"new": ["[*] SSL/TLS session established", "[*] TLS_AES_256_GCM_SHA384, TLSv1.3, Kx=any, Au=any, Enc=AESGCM(256), Mac=AEAD",
               "[*] Peer's certificate name is '/C=NZ/L=Gullford/O=Ternwick Post Ltd/CN=*.ploverdale.example'."],
       "old": ["[*] SSL/TLS session established: AES, CBC mode, keysize 256 bits", "[*] Certificate user is cn=krakenhost, o=Ternwick, Ltd, l=Gullford, sp=Seagrave, c=NL",
               "[*] Certificate is valid from Mon Nov 23 04:52:28 2026 to Tue Dec 28 04:52:28 2027", "[*] Certificate fingerprint is C0FFEE77C0FFEE77"]}
MAIL = ["From: Philomena <philomena@petrelnet.example>", "To: zoltanka@ploverdale.example", "Message-ID: <mid77xyz.1@petrelnet.example>", "Subject: the merger",
        "", "Dear Zoltanka, the merger is on. Philomena", "MAIL FROM:<philomena@petrelnet.example>", "..dot", "220 petrelnet.example"]
SIZE = sum(len(line) + 2 for line in MAIL)

SMTP = [("s", "220 krakenhost ESMTP at mx.ploverdale.example [203.0.113.77]"), ("c", "EHLO [IPv6:2001:db8:77::5]"),
        ("s", "250-krakenhost Hello [IPv6:2001:0DB8:77:0::5], pleased"), ("s", "250-AUTH PLAIN LOGIN"), ("s", "250 SIZE 1000"), ("c", "STARTTLS"), ("s", "220 go"), ("!", "tls"),
        ("c", "EHLO cormorant"), ("s", "250-mx.ploverdale.example greets cormorant (198.51.100.9)"), ("s", "250 AUTH PLAIN"),
        ("c", "AUTH PLAIN AHpvbHRhbmthAHNhbHRlZA=="), ("s", "235 2.7.0 zoltanka is in"), ("c", "VRFY hieronymus"), ("s", "250 Philomena Pelikanova <hieronymus@ploverdale.example>"),
        ("c", "EXPN staff@ploverdale.example"), ("s", "250-Philomena Pelikanova <philomena@petrelnet.example>"), ("s", "250 <zoltanka@ploverdale.example>"),
        ("c", "MAIL FROM:<Zoltanka@Ploverdale.Example> SIZE=99"), ("s", "250 2.1.0 zoltanka@PLOVERDALE.example Sender ok"),
        ("c", "RCPT TO:<wilhelmina@petrelnet.example>"), ("s", "250 2.1.5 <wilhelmina@petrelnet.example> ok"), ("c", "RCPT TO:<@relay.petrelnet.example:quentinxu@[198.51.100.9]>"), ("s", "250 ok"),
        ("c", "RCPT TO:<o'brannigan@krakenhost>"), ("s", "550 5.1.1 o'brannigan: no such user at krakenhost"), ("c", 'RCPT TO:<"kunigunde of"@ploverdale.example>'), ("s", "450 4.2.0 greylisted, 2001:db8:77::5"),
        ("c", 'RCPT TO:<"kuni>philomena"@ploverdale.example> NOTIFY=NEVER'), ("s", "450 4.2.0 later"),
        ("c", "DATA"), ("s", "354 go")] + [("c", line) for line in MAIL] + [("c", "."), ("s", "250 2.0.0 <mid77xyz.1@petrelnet.example> queued as 4XyZ on krakenhost"),
        ("c", "XPELIKANOVA merger"), ("s", "500 what"), ("c", "QUIT"), ("s", "221 mx.ploverdale.example closing")]
POP = [("s", "+OK <1896.mid77xyz@krakenhost> ready"), ("c", "CAPA"), ("s", "+OK"), ("s", "IMPLEMENTATION petrelnet.example"), ("s", "."), ("c", "STLS"), ("s", "+OK"), ("!", "tls"),
       ("c", "USER zoltanka"), ("s", "+OK Zoltanka is known at krakenhost."), ("c", "PASS salted"), ("s", "-ERR [AUTH] no, zoltanka"),
       ("c", "USER wilhelmina@petrelnet.example"), ("s", "+OK"), ("c", "PASS salted"), ("s", "+OK wilhelmina has 1 mail"), ("c", "APOP quentinxu c4c9334bac560ecc979e58001b3e22fb"), ("s", "-ERR quentinxu?"),
       ("c", "UIDL"), ("s", "+OK"), ("s", "1 mid77xyz.1@petrelnet.example"), ("s", "."),
       ("c", "RETR 1"), ("s", f"+OK {SIZE} octets")] + [("s", line) for line in MAIL] + [("s", "."), ("c", "TOP 1 1"), ("s", "+OK")] + [("s", line) for line in MAIL[:5]] + [("s", "."),
       ("c", "DELE 1"), ("s", "+OK"), ("c", "QUIT"), ("s", "+OK krakenhost signing off, 2001:db8:77::5")]
IMAP = [("s", "* OK mx.ploverdale.example IMAP4rev1 ready"), ("c", "a0 STARTTLS"), ("s", "a0 OK"), ("!", "tls"), ("c", "a1 LOGIN zoltanka salted"), ("s", "a1 NO [AUTHENTICATIONFAILED] zoltanka"),
        ("c", "a2 LOGIN {10}"), ("s", "+ go"), ("c", "wilhelmina {6}"), ("s", "+ go"), ("c", "salted"), ("s", "a2 OK Wilhelmina is in"),
        ("c", 'a3 LOGIN "quentinxu" salted'), ("s", "a3 OK quentinxu@krakenhost"), ("c", 'a33 LOGIN "krakenhost\\\\kzq" salted'), ("s", "a33 NO kzq is unknown"), ("c", "a4 SELECT INBOX"), ("s", "* 1 EXISTS"), ("s", "a4 OK"),
        ("c", 'a5 SEARCH FROM hieronymus SUBJECT "merger"'), ("s", "* SEARCH 1"), ("s", "a5 OK"), ("c", "a6 UID SEARCH TEXT {6}"), ("s", "+ go"), ("c", "merger"), ("s", "* SEARCH 1"), ("s", "a6 OK"),
        ("c", "a7 FETCH 1 (FLAGS BODY.PEEK[])"), ("s", f"* 1 FETCH (FLAGS (\\Seen) BODY[] {{{SIZE}}}")] + [("s", line) for line in MAIL] + [("s", ' ENVELOPE ("x" "the merger" (("Philomena" NIL "philomena" "petrelnet"))))'), ("s", "a7 OK"),
        ("c", "a8 FETCH 1 ENVELOPE"), ("s", '* 1 FETCH (ENVELOPE ("x" "the merger" (("Philomena" NIL "kunigunde" "petrelnet.example"))))'), ("s", "a8 OK"),
        ("c", f"a9 APPEND Sent {{{SIZE}}}"), ("s", "+ go")] + [("c", line) for line in MAIL] + [("c", ""), ("s", "a9 OK"),
        ("c", "b1 IDLE"), ("s", "+ idling"), ("c", "DONE"), ("s", "b1 OK"), ("c", "b2 LOGOUT"), ("s", "* BYE krakenhost says bye to 2001:db8:77::5"), ("s", "b2 OK")]
TALKS = {"smtp": SMTP, "pop3": POP, "imap": IMAP}


def spoken(talk, dialect):
    mine, token = ("s" if dialect == "server" else "c"), ("" if dialect == "new" else "<cr><lf>")
    for who, text in talk:
        if who == "!":
            yield from TLS["new" if dialect == "new" else "old"]
        else:
            yield ("<< " if who == mine else ">> ") + text + token


def log(dialect, talk):
    rows = OPENINGS[dialect] + list(spoken(talk, dialect)) + ["8: Socket read error from krakenhost (203.0.113.77)"]
    return [f"21:41:43.{i % 1000:03}: {row}\r\n" for i, row in enumerate(rows)]


def plant(name, logs):
    """A folder of logs, each in a folder of its own whose name says nothing."""
    for number, (file, lines) in enumerate(logs):
        where = os.path.join(HOME, name, str(number))
        os.makedirs(where, exist_ok=True)
        write(os.path.join(where, file), "".join(lines).encode("latin-1"))
    return name


def convert(place, form, kind, *options, key=KEY):
    return run("convert", "-f", form, "-k", kind, "--redact", "identities", "--redact-key-file", key, *options, place, cwd=HOME)


def revealed(done, form, what=SECRET):
    """A place for each name that came out."""
    for data, where in ((done.stdout, form), (done.stderr, "stderr")):
        for number, line in enumerate(data.decode().splitlines(), 1):
            low = line.casefold()
            yield from (f"{where} {number}: {name}: {line}" for name in what if name in low)


def faults_of(place, what=SECRET):
    for form, kind in [("jsonl", "all")] + [("csv", kind) for kind in KINDS]:
        done = convert(place, form, kind)
        yield from revealed(done, f"{form} {kind}", what)
        path = write(os.path.join(HOME, f"export.{form}"), done.stdout)
        valid = run("validate", path)
        if valid.returncode != 0:
            yield f"{form} {kind}: {(valid.stdout + valid.stderr).decode()}"
    yield from revealed(run("explain", "-w", "240", *IDENTITIES, place, cwd=HOME), "page", what)


def records(place, kind="all", **more):
    return jsonl(convert(place, "jsonl", kind, **more).stdout)


# --- nothing comes out ----------------------------------------------------------------------------------------------

for dialect in OPENINGS:
    for protocol, talk in TALKS.items():
        place = plant(f"{dialect}-{protocol}", [(NAMES[dialect, protocol], log(dialect, talk))])
        clear = {name for name in SECRET for _ in revealed(run("convert", "-k", "all", "--redact", "none", place, cwd=HOME), "", [name])}
        check(f"{protocol} of {dialect}: the names are there without it", [] if len(clear) > 8 else [f"only {clear}"])
        check(f"{protocol} of {dialect}: none of them comes out, and exports are valid", list(faults_of(place)))

WHOLE = [(dialect, protocol, log(dialect, TALKS[protocol])) for dialect in OPENINGS for protocol in TALKS]
place = plant("short", [(NAMES[d, p], lines[:i]) for n, (d, p, lines) in enumerate(WHOLE) for i in range(1, len(lines)) if (i + n) % 3 == 0])
check("nor where the log stops at any line", list(revealed(convert(place, "jsonl", "all"), "jsonl")))
MANGLED = {"stamps are stripped": lambda line: line[14:], "lines are quoted": lambda line: "> " + line,
           "stamp and arrow are stripped": lambda line: line[17:] if line[14:16] in ("<<", ">>") else line,
           "arrows are stripped": lambda line: line[:14] + line[17:] if line[14:16] in ("<<", ">>") else line,
           "bytes are not UTF-8": lambda line: line if "{" in line else re.sub("((?:<cr><lf>)?\r\n)", " \xff\\1", line)}
for what, change in MANGLED.items():
    place = plant("mangled-" + what.replace(" ", "-"), [(NAMES[d, p], lines[:2] + [change(line) for line in lines[2:]]) for d, p, lines in WHOLE])
    check(f"nor where {what}", list(revealed(convert(place, "jsonl", "all"), "jsonl")))
place = plant("unknown", [("TCP0000.MH", log("server", TALKS[p][1:])) for p in TALKS])
# a host that nothing but prose names is no more than a word
check("nor where the greeting is lost and the name tells no protocol", list(revealed(convert(place, "jsonl", "all"), "jsonl", [x for x in SECRET if x != "krakenhost"])))
pieces = [("TCP0000.MS", log("server", SMTP[:2])[:3] + [f"21:41:44.{i:03}: >> {piece}\r\n" for i, piece in enumerate(("MAIL FROM:<zolt", "anka@plov", "erdale.example><cr><lf>"))])]
check("nor in pieces of a line", list(revealed(convert(plant("pieces", pieces), "jsonl", "all"), "jsonl", SECRET + ["anka", "plov", "erdale"])))

# --- what stands for them ---------------------------------------------------------------------------------------------

place = plant("joins", [(NAMES[d, p], lines) for d, p, lines in WHOLE if d in ("new", "client")])
rows = records(place)
exchanges = [r for r in rows if r["kind"] == "exchange"]
messages = [r for r in rows if r["kind"] == "message"]
sessions = {r["session_id"]: r for r in rows if r["kind"] == "session"}
ADDRESS = re.compile("user-[0-9a-f]{8}@(host-[0-9a-f]{8}|.?ip-[0-9a-f]{8}.?)")


def texts(command, field="argument", protocol=None):
    return [r[field] for r in exchanges if r.get("command") == command and field in r and protocol in (None, r["protocol"])]


def one(found):
    """The one value that all have; none if they differ."""
    return found[0] if found and len(set(found)) == 1 else f"not one: {sorted(set(found))[:4]}"


sender = one([m["mail_from"] for m in messages if "mail_from" in m])
user, host = (sender.split("@") + ["?"])[:2]
check("addresses keep their structure", [a for m in messages for a in m.get("rcpt_to", []) + [m.get("mail_from", sender)] if not ADDRESS.fullmatch(a.split(":")[-1])])
check("the sender of a mail is that of its command, whatever the case", [] if one(texts("MAIL")) == f"FROM:<{sender}> SIZE=99" and one(texts("MAIL", "reply_text")).startswith(f"2.1.0 {sender} ") else [texts("MAIL"), sender])
check("a user is one in all protocols, commands and replies",
      [t for t in texts("USER")[:1] + [one(texts("LOGIN", protocol="imap")[:1]).split()[0]] if t != user] + [t for t in texts("USER", "reply_text")[:1] if not t.startswith(f"{user} is known at host-")] +
      [t for t in texts("AUTH", "reply_text") if t != f"2.7.0 {user} is in"])
check("the user of a session is that of its commands", [s for s in sessions.values() if s["protocol"] == "pop3" and s.get("user") not in [t.split()[0] for t in texts("USER") + texts("APOP")]])
check("a host is one in mails, certificates and replies", [] if f"CN=*.{host}" in " ".join(s.get("tls_subject", "") for s in sessions.values()) else [host])
lines = [r for r in rows if r["kind"] == "line"]
ip = {m for r in lines for m in re.findall(r"IPv6:\[?(ip-[0-9a-f]{8})", r["text"])} | {m for r in lines for m in re.findall(r"greylisted, (ip-[0-9a-f]{8})", r["text"])}
check("an IP address is one, however it is written", [] if len(ip) == 1 else [ip])
check("a Message-ID is one in the mail and in the reply", [] if one([m["message_id"] for m in messages if "message_id" in m]).strip("<>") in one(texts("DATA", "reply_text")) else [m.get("message_id") for m in messages])
check("lines of mails are masked, each of them", [r for r in lines if r.get("exchange") and "..dot" in r["text"]] or [] if sum(r["text"] == "***" for r in lines) > 2 * len(MAIL) else ["too few"])
orphans = [r["id"] for r in rows if r["session_id"] not in sessions or not r["id"].startswith(r["session_id"] + "-")]
check("every record joins its session", orphans)
check("lines join their exchange", [r["id"] for r in lines if r.get("exchange") and not any(x["session_id"] == r["session_id"] and x["sequence"] == r["exchange"] for x in exchanges)])

plain = {r["session_id"] for r in jsonl(run("convert", "-k", "session", place, cwd=HOME).stdout)}
other = {r["session_id"] for r in records(place, "session", key=OTHER)}
check("ids depend on the key alone", [] if len(plain) == len(sessions) == len(other) and not (plain & set(sessions) or plain & other or other & set(sessions)) else [plain, other, set(sessions)])
check("the same key gives the same bytes", [] if convert(place, "jsonl", "all").stdout == convert(place, "jsonl", "all").stdout else ["they differ"])
check("another key gives other names", [m["mail_from"] for m in records(place, "message", key=OTHER) if m.get("mail_from") == sender])
alone = [jsonl(run("convert", "-k", "message", "--redact", "identities", place, cwd=HOME).stdout) for _ in (1, 2)]
check("without a key file each run has a key of its own", [] if alone[0][0]["mail_from"] not in (sender, alone[1][0]["mail_from"]) and not list(revealed(run("convert", "--redact", "identities", place, cwd=HOME), "jsonl")) else [alone[0][0]])
check("a rest of the talk stays readable", [t for t in ("250 SIZE 1000", "DONE", "STARTTLS", "+OK", "* SEARCH 1", "354 go") if not any(t == r["text"] for r in lines)])
same = jsonl(run("convert", "-k", "all", place, cwd=HOME).stdout)
HELD = ("line", "line_end", "offset", "time", "status", "reply_code", "command", "rtt_ms", "payload_bytes", "diagnosis", "outcome", "sequence")
check("all that is no text is as it is without it", [(a["id"], k, a.get(k), b.get(k)) for a, b in zip(rows, same) for k in HELD if a.get(k) != b.get(k) and a.get(k) != "***"] if len(rows) == len(same) else ["other records"])

# --- the key ------------------------------------------------------------------------------------------------------------

short, long = write(os.path.join(HOME, "short-key"), b"fifteen bytes.."), write(os.path.join(HOME, "long-key"), bytes(64 * 1024 + 1))
FAULTS = [("too short", (*IDENTITIES[:3], short), 2, "bad-key"), ("too long", (*IDENTITIES[:3], long), 2, "bad-key"), ("missing", (*IDENTITIES[:3], os.path.join(HOME, "none")), 3, "unreadable"),
          ("a folder", (*IDENTITIES[:3], HOME), 3, "unreadable"), ("of no use", IDENTITIES[2:], 2, "key-without-use"), ("of no use with secrets", ("--redact", "secrets", *IDENTITIES[2:]), 2, "key-without-use")]
for what, options, code, id_ in FAULTS:
    target = os.path.join(HOME, "refused.jsonl")
    done = run("convert", *options, "-o", target, place, cwd=HOME)
    check(f"a key that is {what} is refused", [] if done.returncode == code and f"[{id_}]".encode() in done.stderr and not os.path.exists(target) else [done])
check("a key may come from a pipe", [] if run("convert", *IDENTITIES[:3], "/dev/stdin", "-k", "message", place, cwd=HOME, input=read(KEY)).stdout == convert(place, "jsonl", "message").stdout else ["other names"])

crowd = POP[:1] + [turn for i in range(100) for turn in (("c", f"USER zoltanka{i:02}"), ("s", f"+OK zoltanka{i:02}"))]
done = convert(plant("crowd", [("TCP0000.MD", log("client", crowd))]), "jsonl", "all")
check("more names than are kept are told of, and hidden where they are given", list(revealed(done, "jsonl")) + ([] if done.returncode == 1 and done.stderr.count(b"[too-many-names]") == 1 else [done.stderr]))

# "DOM\\ann" in a quoted string is the ann of the reply, and of the session.
QUOTED = write(os.path.join(HOME, "quoted.imap"), b"".join(b"21:41:43.000: %s\r\n" % line for line in (b">> * OK hi", b'<< a LOGIN "KRAKEN\\\\kzq" x', b">> a NO kzq is unknown")))
_, LOGIN, SESSION = jsonl(run("convert", "-q", "-k", "exchange,session", *IDENTITIES, QUOTED).stdout)
NAMED = [re.findall(r"user-[0-9a-f]{8}", text) for text in (LOGIN["argument"], LOGIN["reply_text"], SESSION["user"])]
check("a name in a quoted string joins", [] if NAMED[0] and NAMED[0] == NAMED[1] == NAMED[2] else NAMED)
end()
