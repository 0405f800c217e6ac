#!/usr/bin/env python3
"""Planted secrets. Every log is made twice, with two secrets of the same length: what tcplog says of them must be the
same to the last byte, in every kind, writer, stream and message; then no secret, no part of one, no base64 and no hash
of one came out. `--redact none` must tell the two apart: else the secret was not in the log."""
import base64, csv, gzip, io, json, os, re, subprocess, sys, tarfile, tempfile, time, zipfile

tcplog, work = os.environ["TCPLOG"], tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
few = bool(os.environ.get("SANITIZED"))
TRAFFIC_MOST = 1000
WORLDS = [dict(word="Kx7-vQ2m-Z9pw", short="Kx7", solid="Kx7vQ2mZ9pLw", user="qzKvan", hash="7f3c9e1b" * 4),
          dict(word="Tg4-hYd8-J5ks", short="Tg4", solid="Tg4hYd8J5ksR", user="wjYdor", hash="2d6a4c8f" * 4)]
bad = 0


def say(good, what, details=()):
    global bad
    print("ok" if good else "not ok", "-", what)
    for line in list(details)[:40] if not good else ():
        print("#", line)
    bad += not good


def b64(text):
    return base64.b64encode(text.encode("latin-1")).decode()


# --- the conversations: (who, text); c and s speak, ! is a remark; a text that ends in \ has no line end ------------

SMTP = [("s", "220 mx.example ESMTP"), ("c", "EHLO me"), ("s", "250-mx.example"), ("s", "250 AUTH LOGIN PLAIN")]
POP = [("s", "+OK ready <1.2@mx.example>")]
IMAP = [("s", "* OK ready [x] mx.example IMAP4rev1"), ("c", "a0 CAPABILITY"), ("s", "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+"), ("s", "a0 OK done")]
BYE, GONE = [("c", "QUIT"), ("s", "221 bye")], [("c", "QUIT"), ("s", "+OK")]
OUT = [("c", "z9 LOGOUT"), ("s", "* BYE see you"), ("s", "z9 OK out")]
YES, NO = ("s", "235 2.7.0 ok"), ("s", "535 5.7.8 no")
NAME, WORD = ("s", "334 VXNlcm5hbWU6"), ("s", "334 UGFzc3dvcmQ6")


def smtp_talks(w):
    plain, login, user = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"]), b64(w["user"])
    bearer = b64(f"n,a={w['user']},\1auth=Bearer {w['solid']}\1\1")
    oauth = b64(f"user={w['user']}\1auth=Bearer {w['solid']}\1\1")
    cram, ntlm, challenge = b64(f"{w['user']} {w['hash']}"), b64("NTLMSSP\0\3" + w["solid"]), b64("NTLMSSP\0\2" + w["hash"])
    digest = b64(f'username="{w["user"]}",nonce="x",response={w["hash"]}')
    first, server, last = (b64(t) for t in (f"n,,n={w['user']},r={w['solid']}", f"r={w['solid']},s={w['hash']},i=4096", f"c=biws,p={w['hash']}"))
    return {
        "plain inline": [("c", f"AUTH PLAIN {plain}"), YES],
        "plain later": [("c", "auth plain"), ("s", "334 "), ("c", plain), NO],
        "plain later, bare 334": [("c", "AUTH PLAIN"), ("s", "334"), ("c", plain), YES],
        "plain inline, then asked": [("c", f"AUTH PLAIN {plain}"), ("s", "334 "), ("c", plain), NO],
        "blanks and tabs": [("c", f" \taUtH \t PLAIN \t  {plain} "), YES],
        "login": [("c", "AUTH LOGIN"), NAME, ("c", user), WORD, ("c", login), YES],
        "login, lower case": [("c", "auth login"), NAME, ("c", user), WORD, ("c", login), NO],
        "login inline": [("c", f"AUTH LOGIN {user}"), WORD, ("c", login), YES],
        "login twice": [("c", "AUTH LOGIN"), NAME, ("c", user), WORD, ("c", login), NO, ("c", "AUTH LOGIN"), NAME, ("c", user), WORD, ("c", login), YES],
        "login pipelined": [("c", "AUTH LOGIN"), ("c", user), ("c", login), NAME, WORD, YES],
        "plain pipelined": [("c", f"AUTH PLAIN {plain}"), ("c", "MAIL FROM:<a@b>"), YES, ("s", "250 ok")],
        "pipelined behind others": [("c", "NOOP"), ("c", "AUTH LOGIN"), ("c", user), ("c", login), ("s", "250 ok"), NAME, WORD, YES],
        "xoauth2": [("c", f"AUTH XOAUTH2 {oauth}"), ("s", "334 " + b64('{"status":"400"}')), ("c", ""), NO],
        "xoauth2 later": [("c", "AUTH XOAUTH2"), ("s", "334 "), ("c", oauth), YES],
        "oauthbearer": [("c", f"AUTH OAUTHBEARER {bearer}"), YES],
        "oauthbearer later": [("c", "AUTH OAUTHBEARER"), ("s", "334 "), ("c", bearer), NO, ("c", "AQ=="), NO],
        "cram-md5": [("c", "AUTH CRAM-MD5"), ("s", "334 " + b64("<" + w["solid"] + "@mx>")), ("c", cram), YES],
        "scram-sha-256": [("c", f"AUTH SCRAM-SHA-256 {first}"), ("s", f"334 {server}"), ("c", last), ("s", "334 " + b64("v=" + w["hash"])), ("c", ""), YES],
        "scram later": [("c", "AUTH SCRAM-SHA-256"), ("s", "334 "), ("c", first), ("s", f"334 {server}"), ("c", last), NO],
        "ntlm": [("c", f"AUTH NTLM {ntlm}"), ("s", f"334 {challenge}"), ("c", ntlm), YES],
        "gssapi": [("c", "AUTH GSSAPI"), ("s", "334 "), ("c", ntlm), ("s", f"334 {challenge}"), ("c", ntlm), ("s", f"334 {challenge}"), ("c", ntlm), YES],
        "digest-md5": [("c", "AUTH DIGEST-MD5"), ("s", f"334 {challenge}"), ("c", digest), ("s", "334 " + b64("rspauth=" + w["hash"])), ("c", ""), YES],
        "timeout, then quit": [("c", "AUTH LOGIN"), NAME, ("!", "8: Socket read timeout"), ("c", user), ("!", "8: Socket read timeout"), ("c", login)],
        "timeout, quit, answer": [("c", "AUTH LOGIN"), ("!", "8: Socket read timeout"), ("c", "QUIT"), ("c", login), WORD, ("c", login)],
        "cancelled, then again": [("c", "AUTH LOGIN"), NAME, ("c", "*"), ("s", "501 cancelled"), ("c", f"AUTH PLAIN {plain}"), YES],
        "in front of a hello": [("c", "RSET"), ("s", "250 ok"), ("c", f"AUTH PLAIN {plain}"), ("s", "503 hello first")],
        "refused command": [("c", f"AUTH PLAIN {plain}"), ("s", "502 5.5.1 unknown"), ("c", "AUTH LOGIN"), ("s", "500 what"), ("c", login), ("s", "500 what")],
        "behind TLS": [("c", "STARTTLS"), ("s", "220 go"), ("!", "[*] SSL/TLS session established"), ("c", "EHLO me"), ("s", "250 AUTH PLAIN"), ("c", f"AUTH PLAIN {plain}"), YES],
    }


def pop_talks(w):
    plain, login, user = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"]), b64(w["user"])
    ntlm, challenge = b64("NTLMSSP\0\3" + w["solid"]), b64("NTLMSSP\0\2" + w["hash"])
    ann, ok, err = [("c", "USER ann"), ("s", "+OK")], ("s", "+OK in"), ("s", "-ERR [AUTH] no")
    return {
        "pass": ann + [("c", f"PASS {w['word']}"), ok],
        "pass, opaque": ann + [("c", f"PASS {w['solid']}"), ok],
        "pass, short": ann + [("c", f"PASS {w['short']}"), err],
        "pass, lower case": ann + [("c", f"pass {w['word']}"), err],
        "pass, blanks in it": ann + [("c", f"PASS {w['short']} {w['solid']} two {w['word']}"), ok],
        "pass, blanks and tabs": ann + [("c", f" \tPaSs \t  {w['word']} \t"), ok],
        "pass, no user": [("c", f"PASS {w['word']}"), ("s", "-ERR USER first")],
        "pass twice": ann + [("c", f"PASS {w['word']}"), err] + ann + [("c", f"PASS {w['solid']}"), ok],
        "pass pipelined": [("c", "USER ann"), ("c", f"PASS {w['word']}"), ("c", "STAT"), ("s", "+OK"), ok, ("s", "+OK 0 0")],
        "apop": [("c", f"APOP ann {w['hash']}"), ok],
        "apop, lower case": [("c", f"  apop  ann  {w['hash']}"), err],
        "auth plain": [("c", "AUTH PLAIN"), ("s", "+ "), ("c", plain), ok],
        "auth plain, trimmed plus": [("c", "AUTH PLAIN"), ("s", "+"), ("c", plain), err],
        "auth plain inline": [("c", f"AUTH PLAIN {plain}"), ok],
        "auth plain inline, refused": [("c", f"auth\tplain\t{plain}"), err],
        "auth login": [("c", "AUTH LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("c", user), ("s", "+ UGFzc3dvcmQ6"), ("c", login), ok],
        "auth pipelined": [("c", "AUTH LOGIN"), ("c", user), ("c", login), ("s", "+ VXNlcm5hbWU6"), ("s", "+ UGFzc3dvcmQ6"), ok],
        "auth behind others": [("c", "CAPA"), ("c", "AUTH PLAIN"), ("c", plain), ("s", "+OK"), ("s", "SASL PLAIN"), ("s", "."), ("s", "+ "), ok],
        "auth ntlm": [("c", "AUTH NTLM"), ("s", "+"), ("c", ntlm), ("s", f"+ {challenge}"), ("c", ntlm), ok],
        "auth xoauth2": [("c", "AUTH XOAUTH2 " + b64(f"user=x\1auth=Bearer {w['solid']}\1\1")), ("s", "+ eyJzdGF0dXMiOiI0MDEifQ=="), ("c", ""), err],
        "auth, a mechanism that is none": [("c", f"AUTH PASS-{w['solid']}"), err],
        "auth, timeout": [("c", "AUTH PLAIN"), ("s", "+ "), ("!", "8: Socket read timeout"), ("c", plain)],
        "auth listed first": [("c", "AUTH"), ("s", "+OK"), ("s", "PLAIN"), ("s", "."), ("c", "AUTH PLAIN"), ("s", "+ "), ("c", plain), ok],
        "behind TLS": [("c", "STLS"), ("s", "+\\"), ("!", "[*] SSL/TLS session established: AES")] + ann + [("c", f"PASS {w['word']}"), ok],
    }


def imap_talks(w):
    plain, login, user = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"]), b64(w["user"])
    oauth = b64(f"user={w['user']}\1auth=Bearer {w['solid']}\1\1")
    cram, ntlm, challenge = b64(f"{w['user']} {w['hash']}"), b64("NTLMSSP\0\3" + w["solid"]), b64("NTLMSSP\0\2" + w["hash"])
    first, server, last = (b64(t) for t in (f"n,,n={w['user']},r={w['solid']}", f"r={w['solid']},s={w['hash']},i=4096", f"c=biws,p={w['hash']}"))
    ok, no, go, size = ("s", "a1 OK in"), ("s", "a1 NO [AUTHENTICATIONFAILED] no"), ("s", "+ go"), len(w["word"])
    two = f"{w['short']} {w['word']}"
    return {
        "login": [("c", f"a1 LOGIN ann {w['word']}"), ok],
        "login, opaque": [("c", f"a1 LOGIN ann {w['solid']}"), no],
        "login, short": [("c", f"a1 LOGIN ann {w['short']}"), no],
        "login, lower case": [("c", f"a1 login ann {w['word']}"), no],
        "login, blanks and tabs": [("c", f" \ta1 \tLogin \t ann  {w['word']} "), no],
        "login, quoted": [("c", f'a1 LOGIN "ann" "{w["word"]}"'), ok],
        "login, password quoted": [("c", f'a1 LOGIN ann "{two}"'), ok],
        "login, user quoted": [("c", f'a1 LOGIN "ann b" {w["word"]}'), ok],
        "login, escapes": [("c", f'a1 LOGIN "a\\"n\\\\" "{w["short"]}\\"{w["word"]}\\\\"'), no],
        "login, blanks in it": [("c", f"a1 LOGIN ann {two}"), ("s", "a1 BAD what")],
        "login twice": [("c", f"a1 LOGIN ann {w['word']}"), no, ("c", f"a2 LOGIN ann {w['solid']}"), ("s", "a2 OK in")],
        "login pipelined": [("c", "a7 NOOP"), ("c", f"a1 LOGIN ann {w['word']}"), ("c", "a2 SELECT INBOX"), ("s", "a7 OK"), ok, ("s", "a2 OK")],
        "literals": [("c", "a1 LOGIN {3}"), go, ("c", f"ann {{{size}}}"), go, ("c", w["word"]), ok],
        "literals, not waited for": [("c", "a1 LOGIN {3+}"), ("c", f"ann {{{size}+}}"), ("c", w["word"]), ("c", "a2 SELECT x"), ok, ("s", "a2 OK")],
        "user secret, too": [("c", f"a1 LOGIN {{{len(w['user'])}}}"), go, ("c", f"{w['user']} {{{size}}}"), go, ("c", w["word"]), ok],
        "password by literal": [("c", f"a1 LOGIN ann {{{size}}}"), go, ("c", w["word"]), no],
        "password by literal, quoted user": [("c", f'a1 LOGIN "ann" {{{size}+}}'), ("c", w["word"]), ok],
        "literal, two words": [("c", f"a1 LOGIN ann {{{len(two)}}}"), go, ("c", two), ok],
        "literal, opaque": [("c", f"a1 LOGIN ann {{{len(w['solid'])}}}"), go, ("c", w["solid"]), no],
        "literal, short": [("c", "a1 LOGIN ann {3}"), go, ("c", w["short"]), no],
        "literal longer than it said": [("c", "a1 LOGIN ann {2}"), go, ("c", w["word"]), no],
        "literal shorter than it said": [("c", "a1 LOGIN ann {99}"), go, ("c", w["word"]), no],
        "literal refused, sent all the same": [("c", f"a1 LOGIN ann {{{size}+}}"), no, ("c", w["word"])],
        "literal, records apart": [("c", "a1 LOGIN {3}"), go, ("c", "ann"), ("c", f" {{{size}}}"), go, ("c", w["word"]), ("c", ""), ok],
        "user not in the log": [("c", "a1 LOGIN {3}"), go, ("c", f" {{{size}}}"), go, ("c", w["word"]), ok],
        "plain": [("c", "a1 AUTHENTICATE PLAIN"), ("s", "+ "), ("c", plain), no],
        "plain, trimmed plus": [("c", "a1 authenticate plain"), ("s", "+"), ("c", plain), ok],
        "plain inline": [("c", f"a1 AUTHENTICATE PLAIN {plain}"), ok],
        "plain inline, blanks": [("c", f"a1  \tauthenticate \t plain \t {plain} "), no],
        "plain inline, then asked": [("c", f"a1 AUTHENTICATE PLAIN {plain}"), ("s", "+ "), ("c", plain), no],
        "auth login": [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("c", user), ("s", "+ UGFzc3dvcmQ6"), ("c", login), ok],
        "auth login inline": [("c", f"a1 AUTHENTICATE LOGIN {user}"), ("s", "+ UGFzc3dvcmQ6"), ("c", login), no],
        "auth pipelined": [("c", "a1 AUTHENTICATE LOGIN"), ("c", user), ("c", login), ("s", "+ VXNlcm5hbWU6"), ("s", "+ UGFzc3dvcmQ6"), ok],
        "auth behind others": [("c", "a7 NOOP"), ("c", "a1 AUTHENTICATE PLAIN"), ("c", plain), ("s", "a7 OK"), ("s", "+ "), ok],
        "auth behind one that is lost": [("c", "a7 NOOP"), ("c", "a1 AUTHENTICATE PLAIN"), ("s", "+ "), ("c", plain), ok, ("c", f"a2 LOGIN ann {w['word']}"), ("s", "a2 OK")],
        "cram-md5": [("c", "a1 AUTHENTICATE CRAM-MD5"), ("s", "+ " + b64("<" + w["solid"] + "@mx>")), ("c", cram), ok],
        "xoauth2": [("c", f"a1 AUTHENTICATE XOAUTH2 {oauth}"), ("s", "+ " + b64('{"status":"400"}')), ("c", ""), no],
        "xoauth2 later": [("c", "a1 AUTHENTICATE XOAUTH2"), ("s", "+"), ("c", oauth), ok],
        "oauthbearer": [("c", f"a1 AUTHENTICATE OAUTHBEARER {oauth}"), ("s", "+ x"), ("c", "AQ=="), no],
        "scram": [("c", f"a1 AUTHENTICATE SCRAM-SHA-256 {first}"), ("s", f"+ {server}"), ("c", last), ("s", "+ " + b64("v=" + w["hash"])), ("c", ""), ok],
        "scram later": [("c", "a1 AUTHENTICATE SCRAM-SHA-1"), ("s", "+"), ("c", first), ("s", f"+ {server}"), ("c", last), no],
        "ntlm": [("c", "a1 AUTHENTICATE NTLM"), ("s", "+"), ("c", ntlm), ("s", f"+ {challenge}"), ("c", ntlm), ok],
        "cancelled, then again": [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("c", "*"), ("s", "a1 BAD cancelled"), ("c", f"a2 AUTHENTICATE PLAIN {plain}"), ("s", "a2 OK")],
        "timeout": [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("!", "8: Socket read timeout"), ("c", user), ("!", "8: Socket read timeout"), ("c", login)],
        "timeout, logout, answer": [("c", "a1 AUTHENTICATE LOGIN"), ("!", "8: Socket read timeout"), ("c", "a2 LOGOUT"), ("c", login), ("s", "+ UGFzc3dvcmQ6"), ("c", login)],
        "behind TLS": [("c", "a4 STARTTLS"), ("s", "a4 OK go"), ("!", "[*] SSL/TLS session established"), ("c", f"a1 LOGIN ann {w['word']}"), ok],
    }


def wrapped(start, talks, end):
    return {name: start + talk + end for name, talk in talks.items()}


def talks_of(w):
    return {"smtp": wrapped(SMTP, smtp_talks(w), BYE), "pop": wrapped(POP, pop_talks(w), GONE), "imap": wrapped(IMAP, imap_talks(w), OUT)}


# --- how programs log them ------------------------------------------------------------------------------------------

OPENINGS = {"new": ["--- 6 Aug 2014, 21:41:43.760 ---", "Connect to 'mx.example', timeout 30 seconds."],
            "old": ["--- Mon Feb 10 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30 seconds."],
            "client": ["--- Mon Feb 10 21:41:43 2014 ---", "Connect to 'mx.example', timeout 30."],
            "server": ["Connection from 192.0.2.1, Mon Feb 10 21:41:43 2014<lf>"]}
NAMES = {("new", "smtp"): "TCP-140806-2141-0.smtp", ("new", "pop"): "TCP-140806-2141-0.pop", ("old", "smtp"): "TCP0000.WPM", ("old", "pop"): "TCP0000.WPM",
         ("client", "smtp"): "TCP0000.MC", ("client", "pop"): "TCP0000.MD", ("server", "smtp"): "TCP0000.MS", ("server", "pop"): "TCP0000.MP",
         ("new", "imap"): "TCP-140806-2141-0.imap", ("old", "imap"): "TCP0000.WPM", ("client", "imap"): "TCP0000.WPM", ("server", "imap"): "TCP0000.MI"}
ANY = ("new", "old", "client", "server")


def spoken(talk, dialect, swapped=False):
    mine = "s" if (dialect == "server") != swapped else "c"
    token = "" if dialect == "new" else "<cr><lf>"
    for who, text in talk:
        if who == "!":
            yield text
        else:
            yield ("<< " if who == mine else ">> ") + (text[:-1] if text.endswith("\\") else text + token)


def stamped(rows):
    return [f"21:41:43.{i % 1000:03}: {row}\r\n" for i, row in enumerate(rows)]


def log(talk, dialect, swapped=False):
    return stamped(OPENINGS[dialect] + list(spoken(talk, dialect, swapped)))


def each_talk(w, dialects=ANY):
    for protocol, talks in talks_of(w).items():
        for name, talk in talks.items():
            for dialect in dialects:
                yield f"{protocol} {name}/{dialect}", NAMES[dialect, protocol], dialect, talk


# --- both worlds, everything that tcplog says of them ---------------------------------------------------------------

FORMS = [("jsonl", "all"), ("csv", "line"), ("csv", "exchange"), ("csv", "session")]
KEY = os.path.join(work, "key")
IDENTITIES = [("jsonl", "all", "--redact", "identities", "--redact-key-file", KEY)]
with open(KEY, "wb") as f:
    f.write(bytes(16))


def plant(case, world):
    """The files of one world, in a directory of their own, under paths that are the same in both."""
    root = os.path.join(work, f"world{world}")
    subprocess.run(["rm", "-rf", root], check=True)
    for name, file, text in case(WORLDS[world]):
        folder = os.path.join(root, "logs", name)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, file), "w", newline="", encoding="latin-1") as f:
            f.write(text if isinstance(text, str) else "".join(text))
    return root


def convert(root, form, kind, *options):
    with open(root + ".out", "w+b") as out:
        done = subprocess.run([tcplog, "convert", "-f", form, "-k", kind, *options, "logs"], cwd=root, stdout=out, stderr=subprocess.PIPE)
        out.seek(0)
        done.stdout = out.read()
    return done


def rows(form, data):
    if form == "jsonl":
        return [json.loads(line) for line in data.splitlines()]
    return list(csv.DictReader(io.StringIO(data.decode())))


def differences(form, a, b):
    """Where two outputs differ: source and field, with what stands there."""
    if a == b:
        return
    left, right = rows(form, a), rows(form, b)
    if len(left) != len(right):
        yield f"{form}: {len(left)} records, {len(right)} with another secret"
    for one, other in zip(left, right):
        for key in one:
            if one[key] != other.get(key):
                yield f"{one['source_file'][5:]} line {one['line']}: {one['kind']}.{key} = {str(one[key])[:100]!r}"
                break


def explain(root, *options):
    return subprocess.run([tcplog, "explain", "--width", "240", *options, "logs"], cwd=root, capture_output=True)


def page_differences(one, other):
    """As above, of pages: the first line of each page that is another one."""
    source, told = "", set()
    a, b = (page.decode().splitlines() for page in (one, other))
    if len(a) != len(b):
        yield f"page: {len(a)} lines, {len(b)} with another secret"
    for left, right in zip(a, b):
        source = left[3:].partition(" (lines ")[0] if left.startswith("== ") else source
        if left != right and source not in told:
            told.add(source)
            yield f"{source[5:]} line ?: page.text = {left.strip()[:100]!r}"


def leaks(case, forms):
    roots = [plant(case, world) for world in (0, 1)]
    pages = [explain(root) for root in roots]
    found = list(page_differences(*(page.stdout for page in pages)))
    if pages[0].stderr != pages[1].stderr or pages[0].returncode > 1:
        found.append("page: messages differ")
    for form, kind, *options in forms + IDENTITIES:
        one, other = (convert(root, form, kind, *options) for root in roots)
        found += differences(form, one.stdout, other.stdout)
        if one.stderr != other.stderr:
            found.append(f"{form} {kind}: messages differ")
    shown = {r["source_file"] for r in rows("jsonl", convert(roots[0], "jsonl", "line", "--redact", "none").stdout)}
    open_ = {d.split(" line ")[0] for d in differences("jsonl", *(convert(r, "jsonl", "line", "--redact", "none").stdout for r in roots))}
    if len(open_) != len(shown):
        found.append("test is void: no secret in " + str(sorted({s[5:] for s in shown} - open_)[:4]))
    return found


def test(what, case, forms=FORMS[:2]):
    """One finding a talk and field is enough to mend it."""
    first = {}
    for finding in leaks(case, forms):
        talk, _, rest = finding.partition("/")
        first.setdefault((talk, rest.partition(" = ")[0].partition(": ")[2]), finding)
    say(not first, what, first.values())


for dialect in ANY:
    test(f"no secret leaves {dialect} logs", lambda w, d=dialect: ((n, f, log(t, d)) for n, f, d, t in each_talk(w, (d,))), FORMS)


def secrets_in(case):
    """Only the files whose secret is still in them: they differ between the worlds."""
    def some(w):
        there = {(n, f): "".join(t) for n, f, t in case(WORLDS[WORLDS[0] is w])}
        return ((n, f, t) for n, f, t in case(w) if "".join(t) != there[n, f])
    return some


step = 3 if few else 1


def at_each_line(w):
    """Every talk is cut at every line; the dialects take turns."""
    for number, (n, f, d, t) in enumerate(each_talk(w)):
        lines = log(t, d)
        for i in range(1, len(lines)):
            if (number + i) % (len(ANY) * step) == 0:
                yield f"{n}/{i}", f, lines, i


def cut_short(w):
    return ((n, f, lines[:i]) for n, f, lines, i in at_each_line(w))


def cut_in_front(w, unnamed=False):
    return ((n, "pasted.txt" if unnamed else f, lines[i:]) for n, f, lines, i in at_each_line(w))


test("none where the log stops at any line", secrets_in(cut_short))
test("none where it begins at any line", secrets_in(cut_in_front))
test("none where it begins at any line and its name says nothing", secrets_in(lambda w: cut_in_front(w, True)))
test("none where the arrows are the wrong way round", lambda w: ((n, f, log(t, d, True)) for n, f, d, t in each_talk(w)))
test("none where they are, and half a line end is left", lambda w: ((n, f, [line[:-2] + "<cr>, \r\n" for line in log(t, d, True)]) for n, f, d, t in each_talk(w)))
test("none where they are, and nothing opens the talk", secrets_in(lambda w: ((n, "TCP0000.WPM", log(t, d, True)[4:]) for n, f, d, t in each_talk(w))))
test("none where the greeting is lost", lambda w: ((n, f, [line for line in log(t, d) if "220 mx" not in line and "+OK ready" not in line and "* OK ready" not in line]) for n, f, d, t in each_talk(w)))
test("none where the server is not heard at all", secrets_in(lambda w: ((n, f, log([x for x in t if x[0] != "s"], d)) for n, f, d, t in each_talk(w))))
test("none in a file of another protocol", lambda w: ((n, "TCP0000.MI", stamped(OPENINGS["server"] + [row for row in spoken([("s", "* OK IMAP4")] + t[1:], "server")])) for n, f, d, t in each_talk(w, ("server",))))
test("none where no protocol is known", lambda w: ((n, "TCP0000.MH", stamped(OPENINGS["server"] + list(spoken(t[len(SMTP) if "smtp" in n else 1:], "server")))) for n, f, d, t in each_talk(w, ("server",))))

test("none where none is known, and half a line end is left", lambda w: ((n, "TCP0000.MH", [line[:-2] + "<cr>, \r\n" for line in stamped(OPENINGS["server"] + list(spoken(t[len(SMTP) if "smtp" in n else 1:], "server")))]) for n, f, d, t in each_talk(w, ("server",))))


def in_turn(w):
    """Each talk in one dialect."""
    return ((n, f, d, t) for number, (n, f, d, t) in enumerate(each_talk(w)) if number // len(ANY) % len(ANY) == number % len(ANY))


def damaged(change):
    return lambda w: ((n, f, [log(t, d)[0]] + [change(line) for line in log(t, d)[1:]]) for n, f, d, t in in_turn(w))


test("none where stamps are stripped", damaged(lambda line: line[14:]))
test("none where lines are quoted", damaged(lambda line: "> " + line))
test("none where quotes are quoted", damaged(lambda line: ">> > " + line))
test("none where stamp and arrow are stripped", damaged(lambda line: line[17:] if line[14:16] in ("<<", ">>") else line))
test("none where arrows are stripped and stamps are not", damaged(lambda line: line[:14] + line[17:] if line[14:16] in ("<<", ">>") else line))
test("none where half an arrow is left", damaged(lambda line: line[:14] + line[15:]))
test("none where the stamps lost their milliseconds", damaged(lambda line: line[:8] + line[12:]))
test("none where a blank is lost behind the arrow", damaged(lambda line: line[:16] + line[17:] if line[14:16] in ("<<", ">>") else line))
test("none where blanks became no-break spaces", damaged(lambda line: line[:14] + line[14:].replace(" ", "\xc2\xa0")))
test("none where blanks became latin no-break spaces", damaged(lambda line: line[:16] + line[16:].replace(" ", "\xa0")))
test("none where long lines are wrapped at a blank", damaged(lambda line: line if "<" in line[16:20] else line[:16] + line[16:].replace(" ", " \r\n", 2).replace(" \r\n", " ", 1)))
test("none with LF line ends and none at the end", lambda w: ((n, f, "".join(log(t, d)).replace("\r\n", "\n")[:-1]) for n, f, d, t in each_talk(w)))


# --- archives -------------------------------------------------------------------------------------------------------

def packed(root):
    """All that was planted as a .tar.gz, a zip, and a tar that breaks off in the middle: the same bytes in both worlds, but for the secrets."""
    names = sorted(os.path.relpath(os.path.join(where, name), root) for where, _, files in os.walk(root + "/logs") for name in files)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = os.path.getsize(os.path.join(root, name))
            with open(os.path.join(root, name), "rb") as file:
                tar.addfile(info, file)
    with zipfile.ZipFile(root + "/a.zip", "w") as archive:
        for name in names:
            archive.write(os.path.join(root, name), name)
    for name, data in (("a.tar.gz", gzip.compress(whole.getvalue(), mtime=0)), ("cut.tar", whole.getvalue()[:len(whole.getvalue()) // 2 + 300])):
        with open(os.path.join(root, name), "wb") as file:
            file.write(data)
    return ["a.tar.gz", "a.zip", "cut.tar"]


def archive_leaks():
    roots = [plant(lambda w: ((n, f, log(t, d)) for n, f, d, t in in_turn(w)), world) for world in (0, 1)]
    for name in packed(roots[0]) and packed(roots[1]):
        one, other = (subprocess.run([tcplog, "convert", "-k", "all", name], cwd=root, capture_output=True) for root in roots)
        yield from differences("jsonl", one.stdout, other.stdout)
        if one.stderr != other.stderr or not one.stdout or one.returncode > 1 or (name == "cut.tar") != (b"[archive-damaged]" in one.stderr):
            yield f"{name}: messages differ: {one.stderr[-300:]}"
        for root in roots:
            with open(os.path.join(root, name), "rb") as file:
                if subprocess.run([tcplog, "explain", "-"], stdin=file, capture_output=True, cwd=root).returncode > 1:
                    yield f"{name}: no pages"


say(not (found := list(archive_leaks())), "none out of archives, nor out of one that breaks off", found)


def untarred(root, name, *words):
    with open(os.path.join(root, name), "rb") as file:
        return subprocess.run([tcplog, "convert", "-k", "all", "--untar", *words, "-"], stdin=file, cwd=root, capture_output=True)


def untar_leaks():
    """Files of a tar that are inputs of their own, also where it breaks off, is none, or is only learned from."""
    roots = [plant(lambda w: ((n, f, log(t, d)) for n, f, d, t in in_turn(w)), world) for world in (0, 1)]
    for root in roots:
        packed(root)
        with gzip.open(os.path.join(root, "a.tar.gz")) as whole, open(os.path.join(root, "a.tar"), "wb") as plain:
            plain.write(whole.read())
    for name, words, code in (("a.tar", (), 0), ("cut.tar", (), 1), ("a.tar", ("--lead", "1"), 0), ("a.tar", ("--lead", "100000"), 0), ("a.zip", (), 1)):
        one, other = (untarred(root, name, *words) for root in roots)
        yield from differences("jsonl", one.stdout, other.stdout)
        if one.stderr != other.stderr or one.returncode != code or bool(one.stdout) != (name != "a.zip" and "100000" not in words):
            yield f"{name} {words}: {one.returncode}, messages: {one.stderr[-300:]}"
    shown = {r["source_file"] for r in rows("jsonl", untarred(roots[0], "a.tar").stdout)}
    open_ = {d.split(" line ")[0] for d in differences("jsonl", *(untarred(root, "a.tar", "--redact", "none").stdout for root in roots))}
    if not shown or len(open_) != len(shown):
        yield f"test is void: {len(open_)} of {len(shown)} logs hold a secret"


say(not (found := list(untar_leaks())), "none out of a tar whose files are inputs", found)


# --- records that are no lines --------------------------------------------------------------------------------------

def old(start, *more, opening="client"):
    return log(start, opening) + stamped(more)


def fragments(w):
    for n in (3, 6, 7, 9):
        line = f"PASS {w['word']}"
        yield f"in two at {n}", "TCP0000.MD", old(POP, f"<< {line[:n]}", f"<< {line[n:]}<cr><lf>", ">> +OK<cr><lf>")
    yield "in three", "TCP0000.MD", old(POP, "<< PA", f"<< SS {w['word'][:5]}", f"<< {w['word'][5:]}<cr><lf>", ">> +OK<cr><lf>")
    yield "bytes", "TCP0000.MD", old(POP, *(f"<< {c}" for c in f"PASS {w['word']}"), "<< <cr><lf>", ">> +OK<cr><lf>")
    yield "bytes to a server", "TCP0000.MP", old(POP, *(f">> {c}" for c in f"PASS {w['word']}"), ">> <cr><lf>", "<< +OK<cr><lf>", opening="server")
    yield "server between", "TCP0000.MD", old(POP, f"<< PASS {w['word'][:4]}", ">> +OK<cr><lf>", f"<< {w['word'][4:]}<cr><lf>")
    yield "remark between", "TCP0000.MD", old(POP, f"<< PASS {w['word'][:4]}", "8: Socket read timeout", f"<< {w['word'][4:]}<cr><lf>")
    yield "verb and remark", "TCP0000.MD", old(POP, "<< PA", "8: Socket read timeout", f"<< SS {w['word'][4:]}<cr><lf>")
    yield "end never comes", "TCP0000.MD", old(POP, "<< PA", f"<< SS {w['word']}")
    auth = f"AUTH PLAIN {b64(chr(0) + w['user'] + chr(0) + w['word'])}"
    for n in (2, 4, 5, 8, 11, 20):
        yield f"auth in two at {n}", "TCP0000.MC", old(SMTP, f"<< {auth[:n]}", f"<< {auth[n:]}<cr><lf>", ">> 235 ok<cr><lf>")
    half = len(auth) // 2
    yield "answer in two", "TCP0000.MC", old(SMTP, "<< AUTH PLAIN<cr><lf>", ">> 334 <cr><lf>", f"<< {auth[11:half]}", f"<< {auth[half:]}<cr><lf>", ">> 235 ok<cr><lf>")
    yield "challenge in two", "TCP0000.MC", old(SMTP, "<< AUTH NTLM<cr><lf>", ">> 33", f">> 4 {b64(w['solid'])[:7]}", f">> {b64(w['solid'])[7:]}<cr><lf>", "<< *<cr><lf>")
    for said in ("235 RSET*", "354 ", "250-x"):
        for line in (f"APOP ann {w['word']}", f"a3 LOGIN ann {w['word']}", f"PASS {w['word']}"):
            yield f"a client taken for the server, {said} and {line[:4]}", "TCP0000.MC", old(SMTP, f">> {said}", f">> {line}<cr><lf>")
    for size in (300, 900):
        token = b64(w["solid"] * 900)
        yield f"huge by {size}", "TCP0000.MC", old(SMTP, *(f"<< {part}" for part in [f"AUTH XOAUTH2 {token[:size]}"] + [token[i:i + size] for i in range(size, len(token), size)]), "<< <cr><lf>", ">> 235 ok<cr><lf>")
        word = (w["word"] + " ") * 900
        yield f"huge pass by {size}", "TCP0000.MD", old(POP, *(f"<< {part}" for part in [f"PASS {word[:size]}"] + [word[i:i + size] for i in range(size, len(word), size)]), "<< <cr><lf>", ">> +OK<cr><lf>")


def imap_fragments(w):
    line = f"a1 LOGIN ann {w['word']}"
    for n in (2, 6, 8, 9, 11, 13, 15, 19):
        for opening, arrow, back in (("client", "<<", ">>"), ("server", ">>", "<<")):
            yield f"in two at {n} {opening}", "TCP0000." + ("MI" if opening == "server" else "WPM"), old(IMAP, f"{arrow} {line[:n]}", f"{arrow} {line[n:]}<cr><lf>", f"{back} a1 OK<cr><lf>", opening=opening)
            yield f"remark at {n} {opening}", "TCP0000." + ("MI" if opening == "server" else "WPM"), old(IMAP, f"{arrow} {line[:n]}", "8: Socket read timeout", f"{arrow} {line[n:]}<cr><lf>", opening=opening)
            yield f"server at {n} {opening}", "TCP0000." + ("MI" if opening == "server" else "WPM"), old(IMAP, f"{arrow} {line[:n]}", f"{back} * 1 EXISTS<cr><lf>", f"{arrow} {line[n:]}<cr><lf>", opening=opening)
    yield "bytes", "TCP0000.WPM", old(IMAP, *(f"<< {c}" for c in line), "<< <cr><lf>", ">> a1 OK<cr><lf>")
    half, size = len(w["word"]) // 2, len(w["word"])
    yield "literal in two", "TCP0000.WPM", old(IMAP, f"<< a1 LOGIN ann {{{size}}}<cr><lf>", ">> + go<cr><lf>", f"<< {w['word'][:half]}", f"<< {w['word'][half:]}", "<< <cr><lf>", ">> a1 OK<cr><lf>")
    yield "literal in two, server between", "TCP0000.WPM", old(IMAP, f"<< a1 LOGIN ann {{{size}}}<cr><lf>", ">> + go<cr><lf>", f"<< {w['word'][:half]}", ">> * OK wait<cr><lf>", f"<< {w['word'][half:]}<cr><lf>", ">> a1 OK<cr><lf>")
    yield "literal at a NUL", "TCP0000.WPM", old(IMAP, f"<< a1 LOGIN ann {{{size + 4}}}<cr><lf>", ">> + go<cr><lf>", f"<< {w['word']}", ">> a1 OK<cr><lf>")
    yield "literal of a login behind a command whose end is lost", "TCP0000.WPM", old(IMAP, "<< a7 STATUS Sent (MESSAGES)", f"<< a1 LOGIN ann {{{size}}}<cr><lf>", f"<< {w['word']}<cr><lf>", ">> a7 OK<cr><lf>")
    yield "announcement in two", "TCP0000.WPM", old(IMAP, "<< a1 LOGIN ann {1", f"<< {size - 10}}}<cr><lf>", ">> + go<cr><lf>", f"<< {w['word']}<cr><lf>", ">> a1 OK<cr><lf>")
    for between in ("<cr><lf>", "<lf>", "<cr>"):
        yield f"two in one {between}", "TCP0000.WPM", old(IMAP, f"<< a7 NOOP{between}a1 LOGIN ann {w['word']}<cr><lf>", ">> a7 OK<cr><lf>")
        yield f"answer in one {between}", "TCP0000.WPM", old(IMAP, f"<< a1 AUTHENTICATE PLAIN{between}{b64(w['word'])}<cr><lf>", ">> a1 OK<cr><lf>")
        yield f"literals in one {between}", "TCP0000.WPM", old(IMAP, f"<< a1 LOGIN {{3+}}{between}ann {{{size}+}}{between}{w['word']}<cr><lf>", ">> a1 OK<cr><lf>")
        yield f"login, then its literal {between}", "TCP0000.WPM", old(IMAP, f"<< a7 NOOP{between}a1 LOGIN ann {{{size}+}}<cr><lf>", f"<< {w['word']}<cr><lf>", ">> a1 OK<cr><lf>")
        yield f"challenge behind a response {between}", "TCP0000.WPM", old(IMAP, "<< a1 AUTHENTICATE NTLM<cr><lf>", f">> * OK x{between}+ {b64(w['solid'])}<cr><lf>", "<< *<cr><lf>")
    yield "another protocol's, and more", "TCP0000.WPM", old(IMAP, f"<< AUTH LOGIN {b64(w['word'])}<cr><lf>BDAT 17 LAST<cr><lf>", ">> AUTH BAD<cr><lf>")
    yield "login of a server, empty record", "TCP0000.WPM", old(IMAP, f">> a1 LOGIN ann {{{size}}}", ">> <cr><lf>", f">> {w['word']}<cr><lf>")
    for line in (f"a1 LOGIN ann {w['word'] * 80}", f"a1 AUTHENTICATE PLAIN {b64(w['solid'] * 80)}"):
        yield "cut " + line[3:8], "TCP0000.WPM", old(IMAP, f"<< {line[:TRAFFIC_MOST]}", ">> a1 OK<cr><lf>", "<< a2 NOOP<cr><lf>")


def cut_records(w):
    for verb, start, suffix in (("PASS", POP, "MD"), ("AUTH PLAIN", SMTP, "MC"), ("AUTH XOAUTH2", SMTP, "MC"), ("APOP ann", POP, "MD")):
        for dialect in ("client", "new"):
            text = f"{verb} {b64(w['solid'] * 80)}"[:TRAFFIC_MOST]
            yield f"{verb} at 1000/{dialect}", "TCP0000." + suffix, log(start, dialect) + stamped([f"<< {text}", ">> +OK", "<< STAT", ">> 250 ok"])
        yield f"{verb} at a NUL", "TCP0000." + suffix, old(start, f"<< {verb} {b64(w['solid'])}", ">> +OK<cr><lf>")
        yield f"{verb} at a NUL, then more", "TCP0000." + suffix, old(start, f"<< {verb} {b64(w['solid'])}", "<< STAT<cr><lf>", ">> +OK<cr><lf>")
    long = b64(w["solid"] * 80)[:TRAFFIC_MOST]
    yield "answer at 1000", "TCP0000.MC", old(SMTP, "<< AUTH XOAUTH2<cr><lf>", ">> 334 <cr><lf>", f"<< {long}", ">> 235 ok<cr><lf>")
    yield "challenge at 1000", "TCP0000.MC", old(SMTP, "<< AUTH GSSAPI<cr><lf>", (">> 334 " + long)[:1003], "<< *<cr><lf>", ">> 501 no<cr><lf>")
    yield "plus at 1000", "TCP0000.MD", old(POP, "<< AUTH GSSAPI<cr><lf>", (">> + " + long)[:1003], "<< *<cr><lf>", ">> -ERR no<cr><lf>")
    yield "a line too long to read", "TCP0000.MD", old(POP, "<< PASS " + (w["word"] + " ") * 9000, ">> +OK<cr><lf>")


def two_in_one(w):
    plain = b64(f"\0{w['user']}\0{w['word']}")
    for between in ("<cr><lf>", "<lf>", "<cr>"):
        for dialect, arrow in (("client", "<<"), ("server", ">>")):
            yield f"user pass {between} {dialect}", "TCP0000.M" + "DP"[dialect == "server"], old(POP, f"{arrow} USER ann{between}PASS {w['word']}<cr><lf>", opening=dialect)
            yield f"noop auth {between} {dialect}", "TCP0000.M" + "CS"[dialect == "server"], old(SMTP, f"{arrow} NOOP{between}AUTH PLAIN {plain}<cr><lf>", opening=dialect)
        yield f"login {between}", "TCP0000.MC", old(SMTP, f"<< AUTH LOGIN{between}{b64(w['user'])}{between}{b64(w['word'])}<cr><lf>", ">> 334 x<cr><lf>", ">> 334 x<cr><lf>", ">> 235 ok<cr><lf>")
        yield f"empty first {between}", "TCP0000.MD", old(POP, f"<< {between}PASS {w['word']}<cr><lf>", ">> +OK<cr><lf>")
    yield "challenge behind a reply", "TCP0000.MC", old(SMTP, "<< NOOP<cr><lf>", "<< AUTH NTLM<cr><lf>", f">> 250 ok<cr><lf>334 {b64(w['solid'])}<cr><lf>", "<< *<cr><lf>")


def at_a_seam(w):
    """A secret in pieces where a batch of 64 KiB ends."""
    for shift in range(0, 60, 6 if few else 1):
        pad = [f"<< NOOP {'x' * 900}<cr><lf>", ">> +OK<cr><lf>"] * 69 + ["<< NOOP " + "x" * shift + "<cr><lf>", "<< NOOP " + "x" * 400 + "<cr><lf>"]
        yield f"shift {shift}", "TCP0000.MD", old(POP, *pad, "[!] Warning", f"<< PASS {w['word'][:3]}", f"<< {w['word'][3:6]}", f"<< {w['word'][6:]}<cr><lf>", "<< STAT<cr><lf>")


def foreign(w):
    """Excerpts and logs of which nobody can tell the protocol."""
    basic, word = b64(f"{w['user']}:{w['word']}"), w["word"]
    for i, line in enumerate((f"a1 XLOGIN ann {word}", f"XPASSWD {word}", f"A003 PROXYAUTH {word}", f"Authorization: Basic {basic}", f"authorization: Bearer {w['solid']}", f"Cookie: id={word}",
                              f"POST /subscribe?password={word} HTTP/1.0", f"user=ann&password={word}&x=1", f"x=1&Passwd={word}", f"a=b&api_token={word}")):
        yield f"foreign {i}", "TCP0001.MB", log([("c", line), ("s", "HTTP/1.0 200 OK")], "server")
        if i < 3:
            yield f"foreign {i}, before a greeting", "TCP0000.MI", log([("c", line)], "client")
    for i, between in enumerate(("<cr><lf>", "<lf>", "<cr>")):
        for j, line in enumerate((f"a2 LOGIN ann {word}", f"PASS {word}", f"a2 XLOGIN ann {word}", f"AUTH PLAIN {basic}", basic)):
            yield f"excerpt {i} {j}", "pasted.txt", stamped([f"<< a1 NOOP{between}{line}<cr><lf>"])


test("none in talk of no protocol that is known", foreign)
test("none in a secret over several records", fragments)
test("none in IMAP records that are no lines", imap_fragments)
test("none in records cut at 1000 bytes or by a NUL", cut_records)
test("none in a record of several lines", two_in_one)
test("none at the seam of two batches", at_a_seam)


# --- talks that no RFC knows ----------------------------------------------------------------------------------------

def hostile_smtp(w):
    plain, login = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"])
    auth = [("c", f"AUTH PLAIN {plain}"), YES]
    answers = [("c", "AUTH LOGIN"), NAME, ("c", login), WORD, ("c", login), YES]
    for name, tail in (("inline", auth), ("answers", answers)):
        yield f"354 out of nowhere {name}", [("s", "354 go ahead")] + tail
        yield f"354 twice {name}", [("s", "354 go"), ("s", "354 go")] + tail
        yield f"354 to NOOP {name}", [("c", "NOOP"), ("s", "354 go")] + tail
        yield f"354 while AUTH waits {name}", tail[:1] + [("s", "354 go")] + tail[1:]
        yield f"334 out of nowhere {name}", [("s", "334 x")] + tail
        yield f"BDAT refused {name}", [("c", "BDAT 900 LAST"), ("s", "503 no")] + tail
        yield f"BDAT without its chunk {name}", [("c", "BDAT 900 LAST"), ("s", "250 ok")] + tail
        yield f"DATA refused {name}", [("c", "DATA"), ("s", "503 no")] + tail
        yield f"DATA unanswered {name}", [("c", "DATA")] + tail
        yield f"DATA, dot, refused {name}", [("c", "DATA"), ("s", "354 go"), ("c", "x"), ("c", "."), ("s", "554 no")] + tail
        yield f"text, refused {name}", [("c", "DATA"), ("c", "Subject: x"), ("s", "503 no")] + tail
        yield f"hello unfinished {name}", [("c", "EHLO me"), ("s", "250-mx")] + tail
        yield f"unknown before {name}", [("c", "FROBNICATE"), ("s", "500 what")] + tail
        yield f"many unanswered {name}", [("c", "NOOP")] * 300 + tail
    yield "AUTH between DATA and 354", [("c", "DATA"), ("c", "AUTH LOGIN"), ("s", "354 go"), ("c", login), WORD, ("c", login), YES]
    yield "334 in a body", [("c", "DATA"), ("s", "354 go"), ("c", "Subject: x"), WORD, ("c", login), ("c", "."), ("s", "250 ok")]
    yield "answers in clear", [("c", "AUTH LOGIN"), NAME, ("c", w["user"]), WORD, ("c", w["word"]), ("s", "501 5.5.2 cannot decode")]
    yield "334 in two lines", [("c", "AUTH NTLM"), ("s", f"334-{plain}"), ("s", f"334 {plain}"), ("c", plain), YES]
    yield "334 glued", [("c", "AUTH NTLM"), ("s", f"334{plain}"), ("c", plain), YES]
    yield "334 and a tab", [("c", "AUTH NTLM"), ("s", f"334\t{plain}"), ("c", plain), YES]
    yield "plus", [("c", "AUTH NTLM"), ("s", f"+ {plain}"), ("c", plain), YES]
    yield "plus out of nowhere", [("s", "+ "), ("c", f"{login}.5.7.1"), ("s", "+"), ("c", f"{w['word']} 1.2")]
    yield "answer with blanks", [("c", "AUTH LOGIN"), NAME, ("c", f"  {login} "), WORD, ("c", f"{w['short']} {w['word']}"), YES]
    yield "answer like a command", [("c", "AUTH LOGIN"), NAME, ("c", f"QUIT {w['word']}"), WORD, ("c", f"NOOP {w['word']}"), YES]
    yield "answer like a cancel", [("c", "AUTH LOGIN"), NAME, ("c", f"* {w['word']}"), WORD, ("c", f"*{w['word']}"), YES]
    yield "answer is empty, then comes", [("c", "AUTH LOGIN"), NAME, ("c", ""), ("c", login), YES]
    yield "answers too many", [("c", "AUTH LOGIN"), NAME, ("c", login), NO, ("c", login), ("s", "500 what"), ("c", login)]
    yield "PASS to SMTP", [("c", f"PASS {w['word']}"), ("s", "500 what"), ("c", f"USER ann"), ("c", f"LOGIN ann {w['word']}"), ("s", "500 what")]


def hostile_pop(w):
    plain, login = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"])
    answers = [("c", "AUTH LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("c", login), ("s", "+ UGFzc3dvcmQ6"), ("c", login), ("s", "+OK")]
    for name, tail in (("pass", [("c", f"PASS {w['word']}"), ("s", "+OK")]), ("inline", [("c", f"AUTH PLAIN {plain}"), ("s", "+OK")]), ("answers", answers)):
        yield f"plus out of nowhere {name}", [("s", "+ x")] + tail
        yield f"listing unfinished {name}", [("c", "LIST"), ("s", "+OK"), ("s", "1 100")] + tail
        yield f"mail unfinished {name}", [("c", "RETR 1"), ("s", "+OK"), ("s", "Subject: x")] + tail
        yield f"unknown before {name}", [("c", "FROBNICATE"), ("s", "-ERR")] + tail
        yield f"many unanswered {name}", [("c", "NOOP")] * 300 + tail
        yield f"noise before {name}", [("s", "hello there")] + tail
    yield "334 out of nowhere", [("s", "334 x"), ("c", f"{login}.5.7.1"), ("s", "334"), ("c", f"{w['word']} 1.2")]
    yield "answer with blanks", [("c", "AUTH LOGIN"), ("s", "+ "), ("c", f"{w['short']} {w['word']}"), ("s", "+OK")]
    yield "answer like a command", [("c", "AUTH LOGIN"), ("s", "+ "), ("c", f"QUIT {w['word']}"), ("s", "+ "), ("c", f"USER {w['word']}"), ("s", "+OK")]
    yield "APOP and a control byte", [("c", f"APOP ann\x1b{w['hash']}"), ("s", "+OK")]
    yield "LOGIN to POP3", [("c", f"LOGIN ann {w['word']}"), ("s", "-ERR"), ("c", f"a1 LOGIN ann {w['word']}"), ("s", "-ERR")]


def odd_commands(w):
    plain, login = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"])
    yield from ((name, [("c", line), ("s", reply)]) for name, line, reply in (
        ("no mechanism", f"AUTH {plain}", "504 what"), ("XPASS", f"XPASS {w['word']}", "500 what"), ("PASSWORD", f"PASSWORD {w['word']}", "500 what"), ("passwd", f"passwd {w['word']}", "500 what"),
        ("glued", f"PASS{w['solid']}", "500 what"), ("colon", f"PASS:{w['word']}", "500 what"), ("equals", f"pass={w['word']}", "500 what"),
        ("AUTHPLAIN", f"AUTHPLAIN {plain}", "500 what"), ("AUTH=PLAIN", f"AUTH=PLAIN {plain}", "500 what"), ("XAUTH", f"XAUTH LOGIN {login}", "500 what"),
        ("XTOKEN", f"XTOKEN {w['solid']}", "500 what"), ("AUTHINFO", f"AUTHINFO PASS {w['word']}", "500 what"), ("nobody knows", f"FROB {plain}", "500 what"),
        ("backspace", f"PAZ\bSS {w['word']}", "500 what"), ("telnet", f"\xff\xfb\x1fPASS {w['word']}", "500 what"), ("carriage return", f"\rPASS {w['word']}", "500 what"),
        ("control", f"PASS\x0b{w['word']}", "500 what"), ("quoted", f"\"PASS {w['word']}\"", "500 what"), ("user and pass", f"USER ann PASS {w['word']}", "500 what")))


def hostile(start, talks, protocol):
    return lambda w: ((f"{name}/{d}".replace("\x00", ""), NAMES[d, protocol], log(start + talk, d)) for name, talk in talks(w) for d in ANY)


def hostile_imap(w):
    plain, login = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"])
    answers = [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ VXNlcm5hbWU6"), ("c", login), ("s", "+ UGFzc3dvcmQ6"), ("c", login), ("s", "a1 OK")]
    literal = [("c", "a1 LOGIN {3}"), ("s", "+ go"), ("c", f"ann {{{len(w['word'])}}}"), ("s", "+ go"), ("c", w["word"]), ("s", "a1 OK")]
    for name, tail in (("login", [("c", f"a1 LOGIN ann {w['word']}"), ("s", "a1 OK")]), ("inline", [("c", f"a1 AUTHENTICATE PLAIN {plain}"), ("s", "a1 OK")]), ("answers", answers), ("literal", literal)):
        yield f"plus out of nowhere {name}", [("s", "+ x")] + tail
        yield f"mail unfinished {name}", [("c", "b FETCH 1 BODY[]"), ("s", "* 1 FETCH (BODY[] {900}"), ("s", "Subject: x")] + tail
        yield f"literal of the server without end {name}", [("s", "* 1 FETCH (BODY[] {99999999999999}"), ("s", "x")] + tail
        yield f"mail announced, not sent {name}", [("c", "b APPEND x {900}"), ("s", "+ go")] + tail
        yield f"mail announced, refused {name}", [("c", "b APPEND x {900}"), ("s", "b NO full")] + tail
        yield f"mail half sent, refused {name}", [("c", "b APPEND x {900+}"), ("c", "From: x"), ("s", "b NO full")] + tail
        yield f"idle {name}", [("c", "b IDLE"), ("s", "+ idling"), ("c", "DONE")] + tail
        yield f"idle without end {name}", [("c", "b IDLE"), ("s", "+ idling")] + tail
        yield f"unknown before {name}", [("c", "b FROBNICATE"), ("s", "b BAD what")] + tail
        yield f"unknown literal before {name}", [("c", "b FROBNICATE {3+}"), ("c", "abc")] + tail
        yield f"many unanswered {name}", [("c", "b NOOP")] * 300 + tail
        yield f"login unanswered {name}", [("c", "b LOGIN ann {3}")] + tail
        yield f"noise before {name}", [("s", "hello there"), ("s", "*"), ("s", "* "), ("s", "+")] + tail
        yield f"farewell before {name}", [("s", "* BYE x")] + tail
        yield f"354 before {name}", [("s", "354 go")] + tail
        yield f"same tags {name}", [("c", "a1 NOOP"), ("c", "a1 IDLE")] + tail
    yield "334 before a literal", [("s", "334 x"), ("c", f"a1 LOGIN {{{len(w['word'])}+}}"), ("c", w["word"]), ("s", "a1 BAD")]
    yield "answer with blanks", [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ "), ("c", f"{w['short']} {w['word']}"), ("s", "a1 OK")]
    yield "answer like a command", [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ "), ("c", f"LOGOUT {w['word']}"), ("s", "+ "), ("c", f"a2 NOOP {w['word']}"), ("s", "a1 OK")]
    yield "answer like a cancel", [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ "), ("c", f"* {w['word']}"), ("s", "+ "), ("c", f"*{w['word']}"), ("s", "a1 OK")]
    yield "answer like a literal", [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ "), ("c", f"{w['word']} {{4}}"), ("s", "+ "), ("c", w["word"]), ("s", "a1 OK")]
    yield "answers too many", [("c", "a1 AUTHENTICATE LOGIN"), ("s", "+ "), ("c", login), ("s", "a1 NO"), ("c", login), ("s", "* BAD what"), ("c", login)]
    yield "literal like a command", [("c", f"a1 LOGIN ann {{{len(w['word']) + 8}}}"), ("s", "+ go"), ("c", f"a2 NOOP {w['word']}"), ("s", "a1 NO")]
    yield "literal over two lines", [("c", f"a1 LOGIN ann {{{len(w['word']) + 5}}}"), ("s", "+ go"), ("c", w["short"]), ("c", w["word"]), ("s", "a1 NO")]
    yield "login of one word", [("c", f"a1 LOGIN {w['word']}"), ("s", "a1 BAD")]
    yield "login, quote without end", [("c", f'a1 LOGIN "ann {w["word"]}'), ("s", "a1 BAD")]
    yield "login, glued quotes", [("c", f'a1 LOGIN "ann""{w["word"]}"'), ("s", "a1 BAD")]
    yield "login, nobody", [("c", f'a1 LOGIN "" "{w["word"]}"'), ("s", "a1 BAD")]
    yield "login, brackets", [("c", f"a1 LOGIN (ann) {w['word']}"), ("s", "a1 BAD")]
    yield "login, backspace", [("c", f"a1 LOGIN {w['word']}\b\b ann"), ("s", "a1 BAD")]
    yield "login, no-break space", [("c", f"a1 LOGIN ann\xa0{w['word']} x"), ("s", "a1 BAD")]
    yield "no tag", [("c", f"LOGIN ann {w['word']}"), ("s", "* BAD"), ("c", f"AUTHENTICATE PLAIN {plain}"), ("s", "* BAD"), ("c", plain)]
    yield "tag of brackets", [("c", f"(a) LOGIN ann {w['word']}"), ("s", "* BAD")]
    yield "tag of a secret", [("c", f"{plain} NOOP"), ("s", "* BAD what"), ("c", f"a1 LOGIN ann {w['word']}")]
    yield "POP3", [("c", "USER ann"), ("s", "+OK"), ("c", f"PASS {w['word']}"), ("s", "+OK"), ("c", f"APOP ann {w['hash']}")]
    yield "SMTP", [("c", f"AUTH PLAIN {plain}"), ("s", "235 ok"), ("c", "AUTH LOGIN"), ("s", "334 x"), ("c", w["word"])]
    yield "proxy", [("c", f"a1 PROXYAUTH {w['word']}"), ("s", "a1 BAD"), ("c", f"a2 XLOGIN {w['word']}"), ("s", "a2 BAD"), ("c", f"a3 X-AUTH {plain}")]
    yield "addresses that open a mail", [("c", 'a1 GENURLAUTH "imap://x/;urlauth=anonymous" INTERNAL'), ("s", f'* GENURLAUTH "imap://x/;urlauth=anonymous:internal:{w["hash"]}"'), ("s", "a1 OK"), ("c", f'a2 URLFETCH "imap://x/;urlauth=anonymous:internal:{w["hash"]}"'), ("s", f'* URLFETCH "imap://x/;urlauth=anonymous:internal:{w["hash"]}" NIL'), ("s", "a2 OK")]
    url = f"imap://ann@x/out;uid=25;urlauth=submit+ann:internal:{w['hash']}"
    yield "an address that is appended", [("c", f'a1 APPEND Sent CATENATE (URL "{url}" TEXT {{1+}}'), ("c", "x)"), ("s", f'a1 NO [BADURL "{url}"] what'), ("c", f'a2 APPEND Sent CATENATE (URL "{url}")'), ("s", f"a2 NO cannot read {url}")]
    yield "plus glued", [("c", "a1 AUTHENTICATE NTLM"), ("s", f"+{plain}"), ("c", plain), ("s", "a1 OK")]
    yield "plus and a tab", [("c", "a1 AUTHENTICATE NTLM"), ("s", f"+\t{plain}"), ("c", plain), ("s", "a1 OK")]


def imap_echoes(w):
    yield "clear", [("c", f"a1 LOGIN ann {w['word']}"), ("s", f"a1 NO bad password {w['word']}")]
    yield "quoted", [("c", f'a1 LOGIN "ann" "{w["word"]}"'), ("s", f"a1 NO bad password {w['word']}")]
    yield "quoted with an escape", [("c", f'a1 LOGIN "ann" "{w["short"]}\\\\{w["word"]}"'), ("s", f"a1 NO bad password {w['short']}\\{w['word']}")]
    yield "literal", [("c", f"a1 LOGIN ann {{{len(w['word'])}+}}"), ("c", w["word"]), ("s", f"a1 NO bad password '{w['word']}'")]
    yield "whole command", [("c", f"a1 LOGIN ann {w['word']}"), ("s", f"a1 BAD cannot read: LOGIN ann {w['word']}")]
    yield "untagged", [("c", f"a1 LOGIN ann {w['word']}"), ("s", f"* NO {w['word']} is wrong"), ("s", "a1 NO")]
    yield "farewell", [("c", f"a1 LOGIN ann {w['word']}"), ("s", f"* BYE {w['word']}")]
    yield "blob", [("c", "a1 AUTHENTICATE PLAIN"), ("s", "+"), ("c", b64(w["word"])), ("s", f"a1 BAD cannot decode {b64(w['word'])}")]
    yield "as a tag", [("c", b64(w["solid"])), ("s", f"{b64(w['solid'])} BAD what")]
    yield "in a response code", [("c", f"a1 LOGIN ann {w['solid']}"), ("s", f"a1 NO [{w['solid']}] no"), ("s", f"* CAPABILITY {w['solid']}"), ("s", f"* OK [CAPABILITY {w['solid']}] x")]
    yield "short", [("c", f"a1 LOGIN ann {w['short']}"), ("s", f"a1 NO bad password {w['short']}")]


test("none in hostile SMTP", hostile(SMTP, hostile_smtp, "smtp"))
test("none in hostile POP3", hostile(POP, hostile_pop, "pop"))
test("none in hostile IMAP", hostile(IMAP, hostile_imap, "imap"))
test("none in SMTP commands that nobody knows", hostile(SMTP, odd_commands, "smtp"))
test("none in POP3 commands that nobody knows", hostile(POP, odd_commands, "pop"))
test("none in IMAP commands that nobody knows", hostile(IMAP, odd_commands, "imap"))


def smtp_echoes(w):
    plain, login = b64(f"\0{w['user']}\0{w['word']}"), b64(w["word"])
    yield "blob", [("c", f"AUTH PLAIN {plain}"), ("s", f"501 5.5.2 cannot decode {plain}")]
    yield "blob in quotes", [("c", "AUTH PLAIN"), ("s", "334 "), ("c", plain), ("s", f"501 cannot decode '{plain}'.")]
    yield "clear", [("c", "AUTH LOGIN"), NAME, ("c", b64(w["user"])), WORD, ("c", login), ("s", f"535 wrong password {w['word']} for you")]
    yield "plain in clear", [("c", f"AUTH PLAIN {plain}"), ("s", f"535 wrong password {w['word']}")]
    yield "over two lines", [("c", f"AUTH PLAIN {plain}"), ("s", "535-wrong password"), ("s", f"535 {w['word']}")]
    yield "unknown command", [("c", f"FROB {plain}"), ("s", f"500 unknown command FROB {plain}")]
    yield "later", [("c", f"AUTH PLAIN {plain}"), ("s", "535 no"), ("c", "QUIT"), ("s", f"221 bye {w['word']}")]
    yield "stray", [("c", f"AUTH PLAIN {plain}"), ("s", f"what is {w['word']}"), ("s", "535 no")]
    two = f"{w['solid']} {w['word']}"
    yield "blanks in it", [("c", "AUTH LOGIN"), NAME, ("c", b64("ann")), WORD, ("c", b64(two)), ("s", f"535 wrong password {two} for you")]
    yield "blanks in it, plain", [("c", "AUTH PLAIN"), ("s", "334 "), ("c", b64(f"\0ann\0{two}")), ("s", f"535 wrong password {two}")]


    url = f"imap://ann@x/out;uid=25;URLAUTH=submit+ann:internal:{w['hash']}"
    yield "an address that opens a mail", [("c", f"BURL {url} LAST"), ("s", f"554 5.6.6 could not resolve {url}"), ("c", f"BURL <{url}>"), ("s", f"554 no <{url}>")]


def misplaced(w):
    """The password where the name is asked for: of a name only itself is masked when a server repeats it."""
    name, go = b64(w["word"]), {"smtp": ["334 VXNlcm5hbWU6", "334 dXNlcm5hbWU6", "334 VXNlciBOYW1lAA=="], "pop": ["+ VXNlcm5hbWU6"], "imap": ["+ VXNlcm5hbWU6"]}[w["protocol"]]
    start = {"smtp": "AUTH LOGIN", "pop": "AUTH LOGIN", "imap": "a1 AUTHENTICATE LOGIN"}[w["protocol"]]
    no = {"smtp": "535 5.7.8 ", "pop": "-ERR [AUTH] ", "imap": "a1 NO [AUTHENTICATIONFAILED] "}[w["protocol"]]
    says = [f"no user {w['word']}", f"<{w['word']}>, '{w['word']}' and ({w['word']})", f"x{w['word']}y is none", f"{w['word']}@mx.example is not known", f"cannot decode {name} of {w['word']}", f"{w['word']}{w['word']}", f"{w['word'].lower()} {w['word']}, {name}"]
    for prompt in go:
        yield from ((f"{prompt} {what}".replace(w["word"], "@").replace(name, "=").replace(w["word"].lower(), "-"), [("c", start), ("s", prompt), ("c", name), ("s", no + what)]) for what in says[:-1])
    yield "at once", [("c", f"{start} {name}"), ("s", no + says[0]), ("s", no + says[1])]
    yield "in clear", [("c", start), ("s", go[0]), ("c", w["word"]), ("s", no + says[1])]
    yield "blanks in it", [("c", start), ("s", go[0]), ("c", b64(f"{w['short']} {w['word']}")), ("s", no + f"no user {w['short']} {w['word']}, {w['word']}")]
    yield "like a PLAIN response", [("c", start), ("s", go[0]), ("c", b64(f"\0ann\0{w['word']}")), ("s", no + says[0])]
    yield "before the password", [("c", start), ("s", go[0]), ("c", b64("ann")), ("s", go[0][:4].strip() + " UGFzc3dvcmQ6"), ("c", name), ("s", no + f"ann, {w['word']} is wrong, {w['short']}")]
    yield "in a code", [("c", start), ("s", go[0]), ("c", b64(w["solid"])), ("s", no.split("[")[0] + f"[{w['solid']}] is none")]
    yield "several lines in one", [("c", start), ("s", go[0]), ("c", name), ("s", f"{no.replace(' ', '-', 1) if w['protocol'] == 'smtp' else no}{w['word']}<cr><lf>{no}{w['word']} is none")]
    yield "of the program", [("c", start), ("s", go[0]), ("c", name), ("s", no), ("!", f"[!] Warning: the server refused {w['word']} of ann"), ("!", f"[*] {w['word']}"), ("!", f"9: Socket write error 10054 ({w['word']})")]


for protocol, start in (("smtp", SMTP), ("pop", POP), ("imap", IMAP)):
    test(f"nor where it is taken for a name, by {protocol}", hostile(start, lambda w, p=protocol: misplaced({**w, "protocol": p}), protocol))
broken = lambda w: SMTP + [("c", "AUTH LOGIN"), NAME, ("c", b64(w["word"])), ("s", f"535 5.7.8 who is {w['word'][:6]}\\"), ("s", f"{w['word'][6:]} of {w['word']}?")]
test("nor where such a name is in two pieces", lambda w: (("pieces/" + d, NAMES[d, "smtp"], log(broken(w), d)) for d in ANY if d != "new"))


def cut_within(w):
    """A name that the end of a reply's text falls into, joined of lines or of one."""
    most, line = 16 * 1024, "y" * 900
    asked = [("c", "AUTH LOGIN"), NAME, ("c", b64(w["word"]))]
    last = most - 18 * (len(line) + 1) - 7
    yield "of lines", asked + [("s", f"535-{line}")] * 18 + [("s", f"535 {'y' * last} {w['word']} is none")]
    yield "of one", asked + [("s", f"535 {'y' * (most - 7)} {w['word']} is none")]


test("nor where a reply's text is cut within such a name", hostile(SMTP, cut_within, "smtp"))


def remarks(w):
    """What the program itself says may quote what was said."""
    yield "in all classes", [("c", "USER ann"), ("s", "+OK"), ("c", f"PASS {w['solid']}"), ("s", "-ERR no"), ("!", f"[!] Warning: the server refused {w['solid']} of ann"), ("!", f"[*] {w['solid']}"), ("!", f"9: Socket write error 10054 ({w['solid']})"), ("!", f"it was {w['solid']}")]


test("none in what the program says of it", hostile(POP, remarks, "pop"))


def pop_echoes(w):
    yield "clear", [("c", "USER ann"), ("s", "+OK"), ("c", f"PASS {w['word']}"), ("s", f"-ERR bad password {w['word']}")]
    yield "in quotes", [("c", "USER ann"), ("s", "+OK"), ("c", f"PASS {w['word']}"), ("s", f"-ERR bad password \"{w['word']}\" of ann")]
    yield "blanks", [("c", f"PASS {w['short']} {w['word']}"), ("s", f"-ERR no [{w['short']} {w['word']}]")]
    yield "whole command", [("c", f"PASS {w['word']}"), ("s", f"-ERR unknown command PASS {w['word']}")]
    yield "digest", [("c", f"APOP ann {w['hash']}"), ("s", f"-ERR {w['hash']} is wrong")]
    yield "blob", [("c", "AUTH PLAIN"), ("s", "+ "), ("c", b64(w["word"])), ("s", f"-ERR {b64(w['word'])}")]
    yield "short", [("c", f"PASS {w['short']}"), ("s", f"-ERR bad password {w['short']}")]


test("none in the words of an SMTP server that echoes it", hostile(SMTP, smtp_echoes, "smtp"))
test("none in the words of a POP3 server that echoes it", hostile(POP, pop_echoes, "pop"))
test("none in the words of an IMAP server that echoes it", hostile(IMAP, imap_echoes, "imap"))

# --- every way out --------------------------------------------------------------------------------------------------

everything = lambda w: ((n, f, log(t, d) + ["> " + line for line in log(t, d)]) for n, f, d, t in each_talk(w))
root = plant(everything, 0)
for form, kind in FORMS:
    out = os.path.join(work, "out." + form)
    whole = convert(root, form, kind).stdout
    convert(root, form, kind, "--force", "-o", out)
    plainly = open(out, "rb").read() == whole
    convert(root, form, kind, "--force", "-z", "-o", out + ".gz")
    say(plainly and gzip.open(out + ".gz").read() == whole, f"{form} {kind}: file and gzip hold what stdout shows")
INDEX = re.compile(rb"tcplog-index 1\n(\d+ \d+ [0-9a-f]{8} \d+ \d+ \d+ \d+ (- -|[-0-9T:.]{23} [-0-9T:.]{23}) -?\d+ -?\d+( [0-9a-f]{8}(,[0-9a-f]{8})*)?\n)+end \d+ \d+ \d+ [0-9a-f]{8}\n")
for world in (0, 1):
    indexed = os.path.join(work, f"index{world}.jsonl.gz")
    convert(plant(everything, world), "jsonl", "all", "--force", "-o", indexed)
    say(INDEX.fullmatch(open(indexed + ".idx", "rb").read()), "an index holds numbers, times and ids only")
say(*(lambda a, b: (a == b, "and they are the same for other secrets"))(*[open(os.path.join(work, f"index{world}.jsonl.gz.idx"), "rb").read() for world in (0, 1)]))


def folder_of_exports(world):
    """All that a folder of exports holds and a run with -o DIR says, but for the times of the logs and for hashes, which are
    keyed by a file that only its owner may read."""
    root = plant(everything, world)
    said = [convert(root, "jsonl", "all", "-o", "out/", "--report", "run.json"), convert(root, "jsonl", "all", "-o", "out/"), convert(root, "csv", "line", "-o", "out/"), convert(root, "jsonl", "all", "--partition", "server", "-o", "parts/"), convert(root, "csv", "line", "--partition", "server", "-z", "-o", "packed/")]
    found = {name: open(os.path.join(where, name), "rb").read() for where, _, names in os.walk(os.path.join(root, "out")) for name in names if name != ".tcplog.key"}
    found.update({"parts/" + name: open(os.path.join(root, "parts", name), "rb").read() for name in os.listdir(os.path.join(root, "parts")) if name.endswith(".jsonl")})
    for name in os.listdir(os.path.join(root, "packed")):
        if ".csv.gz" in name:
            data = open(os.path.join(root, "packed", name), "rb").read()
            found["packed/" + name] = gzip.decompress(data) if name.endswith(".gz") else b"".join(line.partition(b" ")[2] for line in data.splitlines() if INDEX.fullmatch(data))
    told = json.load(open(os.path.join(root, "run.json")))
    for entry in told["inputs"] + [told["summary"], told]:
        for name in ("hash", "busy_ms", "began", "ended"):
            entry.pop(name, None)
    found["run.json"] = json.dumps(told)
    lines = [line.split(b"\t") for line in found.pop("tcplog.journal").split(b"\n")]
    return found, [line[:3] + line[4:6] + line[7:] for line in lines], [line[6] for line in lines if len(line) > 6], [(done.stdout, done.stderr) for done in said]


tellings = [folder_of_exports(world) for world in (0, 1)]
say(len(tellings[0][0]) > 5 and tellings[0][0] == tellings[1][0], "exports in a folder hold none, nor does the report")
say(tellings[0][1] == tellings[1][1], "nor does their journal", [str(next(pair for pair in zip(tellings[0][1], tellings[1][1]) if pair[0] != pair[1]))[:400]] if tellings[0][1] != tellings[1][1] else ())
say(tellings[0][3] == tellings[1][3], "nor what such a run says")
say(not set(folder_of_exports(0)[2]) & set(tellings[0][2]), "and no hash in it can be made by who has not the key")


def watched(world):
    """Exports of a watched folder, and what was said meanwhile."""
    root = plant(everything, world)
    program = subprocess.Popen([tcplog, "watch", "logs", "-o", "out", "-k", "all"], cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not os.path.exists(os.path.join(root, "out/tcplog.journal")) and program.poll() is None:
        time.sleep(0.05)
    program.terminate()
    said = program.communicate(timeout=120)
    return {name: open(os.path.join(where, name), "rb").read() for where, _, names in os.walk(os.path.join(root, "out")) for name in names if "tcplog." not in name}, said


live = [watched(world) for world in (0, 1)]
say(live[0][0] and live[0][0].items() <= tellings[0][0].items() and live[0] == live[1], "nor the exports of a folder that is watched")
open_pages = [explain(plant(lambda w: ((n, f, log(t, d)) for n, f, d, t in each_talk(w)), world), "--redact", "none").stdout for world in (0, 1)]
say(len(list(page_differences(*open_pages))) > 100, "pages show the secrets where they are told to, so that what is above means something")
strict = [convert(plant(everything, world), "jsonl", "line", "--strict") for world in (0, 1)]
say(strict[0].stdout == strict[1].stdout and strict[0].stderr == strict[1].stderr, "nor with --strict")

DAMAGE = [lambda d: d.replace(b'"text":"', b'"texz":"'), lambda d: d.replace(b'"argument":"', b'"argument":["'), lambda d: d.replace(b'"kind":"', b'"kind":7,"kind":"'),
          lambda d: d.replace(b'"class":"data"', b'"class":"PASS"'), lambda d: b"\n".join(line[:-3] for line in d.split(b"\n")), lambda d: d.replace(b'"redacted":true', b'"redacted":1'),
          lambda d: d.replace(b'"eol":"crlf"', b'"eol":"crlf","text":7'), lambda d: d.replace(b'"phase":"authentication"', b'"phase":null'), lambda d: d.replace(b"text,", b"argument,", 1),
          lambda d: d.replace(b",", b"", 3), lambda d: d.replace(b"\n", b"\n\"", 9), lambda d: d.replace(b">>", b">", 50).replace(b"<<", b"<", 50)]
messages = []
for world in (0, 1):
    root = plant(everything, world)
    said = []
    for form, kind in FORMS:
        whole = convert(root, form, kind, "--redact", "none").stdout[:400000]
        for number, damage in enumerate(DAMAGE):
            open(os.path.join(root, "export." + form), "wb").write(damage(whole))
            done = subprocess.run([tcplog, "validate", "export." + form], cwd=root, capture_output=True)
            told = subprocess.run([tcplog, "cat", "--session", "0", "--since", "2014-08-06", "export." + form], cwd=root, capture_output=True)
            said.append((form, kind, number, done.stdout, done.stderr + told.stderr))
    messages.append(said)
found = [f"{a[:3]}: {next(x for x, y in zip((a[3] + a[4]).splitlines(), (b[3] + b[4]).splitlines()) if x != y)[:160]}" for a, b in zip(*messages) if a != b]
say(not found, "none in what validate and cat say of an open export", found)


def cat_leaks():
    """Logs that are taken for exports: as they are, packed, by standard input, and behind something of an export."""
    roots = [plant(everything, world) for world in (0, 1)]
    names = sorted(os.path.join(where[len(roots[0]) + 1:], name) for where, _, files in os.walk(roots[0] + "/logs") for name in files)
    record = convert(roots[0], "jsonl", "session").stdout.splitlines(True)[0]
    header, row = convert(roots[0], "csv", "line").stdout.splitlines(True)[:2]
    ours = {"jsonl": record, "csv": header, "csv, a row": header + row}
    starts = {"nothing": b"", "a brace": b"{", "an object": b"{}\n", "another object": b'{"kind":"pass"}\n', **ours}
    for root in roots:
        every = b"".join(open(os.path.join(root, name), "rb").read() for name in names)
        for i, start in enumerate(starts.values()):
            with open(f"{root}/raw{i}", "wb") as plain, gzip.open(f"{root}/raw{i}.gz", "wb", compresslevel=1) as small:
                plain.write(start + every), small.write(start + every)
    asked = [("each", names)] + [(name, [f"raw{i}" + end]) for i, name in enumerate(starts) for end in ("", ".gz")]
    for name, paths in asked:
        one, other = (subprocess.run([tcplog, "cat", *paths], cwd=root, capture_output=True) for root in roots)
        if one.stderr != other.stderr or (one.returncode, other.returncode) != (1, 1) or one.stderr.count(b"\n") != len(paths):
            yield f"{name}: exit {one.returncode}, {one.stderr[-200:]}"
        for found in (one.stdout, other.stdout):
            if found != ours.get(name, b""):
                yield f"{name}: {len(found)} bytes: {found[:100]}"
    with open(roots[0] + "/raw0", "rb") as raw:
        piped = subprocess.run([tcplog, "cat", "-"], stdin=raw, capture_output=True)
    if piped.returncode != 1 or piped.stdout or b"[unknown-format]" not in piped.stderr:
        yield f"by a pipe: {piped.returncode} {piped.stdout[:100]} {piped.stderr[-200:]}"


say(not (found := list(cat_leaks())), "none in what cat makes of a log", found)

# --- what is no secret stays ----------------------------------------------------------------------------------------

MAIL = ["From: a@b", "Subject: PASS the salt", "", "PASS word", "AUTH PLAIN AGFubgBodW50ZXI=", "AGFubgBodW50ZXI=", "+ AGFubgBodW50ZXI=", "334 AGFubgBodW50ZXI=", "-ERR PASS x", "LOGIN ann secret", "..dot", "USER x", "*"]
CLEAR = {
    "a mail sent": ("smtp", [("c", "MAIL FROM:<pass@auth.example> AUTH=<>"), ("s", "250 ok"), ("c", "RCPT TO:<login@b>"), ("s", "250 ok"), ("c", "DATA"), ("s", "354 go")] + [("c", x) for x in MAIL] + [("c", "."), ("s", "250 2.0.0 queued as 4XyZ12AbC")]),
    "a mail in chunks": ("smtp", [("c", f"BDAT {sum(len(x) + 2 for x in MAIL)} LAST")] + [("c", x) for x in MAIL] + [("s", "250 ok")]),
    "a mail fetched": ("pop", [("c", "RETR 1"), ("s", "+OK 99 octets")] + [("s", x) for x in MAIL if x != "*"] + [("s", "."), ("c", "TOP 1 3"), ("s", "+OK"), ("s", "PASS word"), ("s", ".")]),
    "ordinary SMTP": ("smtp", [("c", "NOOP pass"), ("s", "250 ok"), ("c", "VRFY auth"), ("s", "252 PASS"), ("c", "HELP AUTH"), ("s", "214 AUTH mechanism"), ("c", "EXPN login"), ("s", "502 no"), ("c", "RSET"), ("s", "250 ok"), ("c", "ETRN pass.example"), ("s", "250 ok")]),
    "ordinary POP3": ("pop", [("c", "USER pass"), ("s", "+OK pass is welcome"), ("c", "STAT"), ("s", "+OK 2 320"), ("c", "UIDL"), ("s", "+OK"), ("s", "1 AGFubgBodW50ZXI="), ("s", "."), ("c", "UIDL 1"), ("s", "+OK 1 AGFubgBodW50ZXI="), ("c", "DELE 1"), ("s", "+OK"), ("c", "CAPA"), ("s", "+OK"), ("s", "SASL PLAIN LOGIN"), ("s", "AUTH-RESP-CODE"), ("s", ".")]),
    "prompts, a cancel and replies": ("smtp", [("c", "AUTH LOGIN"), NAME, ("c", "*"), ("s", "501 5.7.0 Authentication cancelled"), ("c", "AUTH"), ("s", "501 AUTH mechanism"), ("c", "STARTTLS"), ("s", "454 TLS not available PASS")]),
    "a list of mechanisms and a cancel": ("pop", [("c", "AUTH"), ("s", "+OK"), ("s", "PLAIN"), ("s", "CRAM-MD5"), ("s", "."), ("c", "AUTH PLAIN"), ("s", "+"), ("c", "*"), ("s", "-ERR [AUTH] PASS cancelled")]),
    "a mail fetched by IMAP": ("imap", [("c", "b FETCH 1 BODY[]"), ("s", f"* 1 FETCH (BODY[] {{{sum(len(x) + 2 for x in MAIL)}}}")] + [("s", x) for x in MAIL] + [("s", ")"), ("s", "b OK"), ("c", "c FETCH 1 ENVELOPE"), ("s", '* 1 FETCH (ENVELOPE ("x" "PASS the salt" (("LOGIN" NIL "auth" "b"))))'), ("s", "c OK")]),
    "a mail stored by IMAP": ("imap", [("c", f"b APPEND Sent {{{sum(len(x) + 2 for x in MAIL)}}}"), ("s", "+ Ready")] + [("c", x) for x in MAIL] + [("c", ""), ("s", "b OK [APPENDUID 1 AGFubgBodW50ZXI=]")]),
    "ordinary IMAP": ("imap", [("c", "b SELECT login"), ("s", "* FLAGS (PASS)"), ("s", "b OK"), ("c", 'c SEARCH TEXT "PASS word"'), ("s", "* SEARCH 1"), ("s", "c OK"), ("c", "d IDLE"), ("s", "+ AGFubgBodW50ZXI="), ("c", "DONE"), ("s", "d OK"), ("c", "e SELECT {5}"), ("s", "+ Ready for 5 bytes"), ("c", "INBOX"), ("s", "e OK"), ("c", "f LIST \"\" AUTH"), ("s", "* LIST () NIL AUTH"), ("s", "f OK")]),
    "a cancelled login by IMAP": ("imap", [("c", "b AUTHENTICATE PLAIN"), ("s", "+"), ("c", "*"), ("s", "b BAD PASS cancelled"), ("c", "c NOOP"), ("s", "c OK")]),
}
for what, (protocol, talk) in CLEAR.items():
    found = []
    for dialect in ANY:
        talk_of = {"smtp": SMTP, "pop": POP, "imap": IMAP}[protocol] + talk
        root = plant(lambda w: [("x", NAMES[dialect, protocol], log(talk_of, dialect))], 0)
        got = [r for r in rows("jsonl", convert(root, "jsonl", "all").stdout) if r["kind"] != "session"]
        found += [f"{dialect}: {r['kind']} {r['line']} {r.get('text', r.get('argument'))}" for r in got if r.get("redacted")]
        if convert(root, "jsonl", "all").stdout != convert(root, "jsonl", "all", "--redact", "none").stdout:
            found.append(f"{dialect}: something was changed")
    say(not found, f"left alone: {what}", found)
root = plant(lambda w: [("x", "TCP0000.MD", log(POP + [("c", "USER ann"), ("s", "+OK"), ("c", "PASS x"), ("s", "-ERR [AUTH] no such user ann")], "client"))], 0)
got = rows("jsonl", convert(root, "jsonl", "all").stdout)
say([(r.get("command"), r.get("argument"), r.get("reply_text")) for r in got if r.get("command") in ("USER", "PASS")] == [("USER", "ann", None), ("PASS", "***", "[AUTH] no such user ann")] and
    [r.get("user") for r in got if r["kind"] == "session"] == ["ann"], "the user and the reply to a password stay", [str(got)[:400]])
subprocess.run(["rm", "-rf", work], check=True)
sys.exit(bool(bad))
