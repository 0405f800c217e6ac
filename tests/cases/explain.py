#!/usr/bin/env python3
"""Pages for people. Some logs of the corpus have their pages in tests/explain/LOG.WIDTH.page, read by eye before they were
committed (`explain.py update` writes them anew, with TCPLOG and TESTS set); all others keep the promises that every page
makes: no line wider than asked for, nothing that could move a terminal, a page a session. Screens are pseudo terminals."""
import sys

sys.dont_write_bytecode = True
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

import tap

GOLDENS = os.path.join(tap.TESTS, "explain")
PAGES = [
    ("mercury/authored/TCP00FF.MC", 80), ("mercury/16-pop-client-bad-password/TCP0001.MD", 40),
    ("mercury/34-smtp-client-timeout-after-dot/TCP0004.ME", 120), ("mercury/27-smtp-client-starttls/TCP0000.MC", 80),
    ("mercury/20-pop-client-tls-version-alert/TCP0001.MD", 80), ("mercury/22-pop-client-refused/TCP0005.MD", 80),
    ("mercury/36-two-sessions-appended/TCP0000.MS", 80), ("mercury/15-pop-client-two-messages/TCP0000.MD", 80),
    ("mercury/05-smtp-server-idle-timeout/TCP0005.MS", 80), ("pegasus/TCP-140806-2141-0.smtp", 80),
    ("pegasus/TCP-170502-0909-0.smtp", 80),
    ("recorded/exim-pipelining-every-recipient-refused-data-too/TCP0007.MC", 100),
    ("recorded/imap-commands-that-are-none-and-in-the-wrong-state/TCP-261125-0354-0.imap", 80),
]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = (b"21:41:43.760: --- 6 Aug 2014, 21:41:43.760 ---\r\n21:41:43.760: Connect to 'a\x1b[2Jb', timeout 30.\r\n"
           b"21:41:43.760: >> 220 hi \x1b]0;title\x07 \xc2\x9b31m \x9b31m\r\n"
           + "21:41:43.770: << MAIL FROM:<a\u202e\u200f漢字漢字é́́@b\x08\x08\x7f>\r\n".encode() +
           b"21:41:43.870: >> 550 5.7.1 no\x1b[31mred\x0b\x0c \xe2\x80\xa8\r\n21:41:43.900: [*] remark \x1b[5m \xff\xfe\r\n"
           b"21:41:44.900: 8: Socket \x1b[1m timeout\r\n")


def explain(log, *words, **more):
    return tap.run("explain", *words, log, cwd=tap.CORPUS, **more).stdout.decode()


def columns(line):
    """What a terminal takes for it, by Python's own tables."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Me") else 1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def screen(width, log, *words, cwd=tap.CORPUS, **environment):
    """(page, exit code) on a terminal that is so wide."""
    child, descriptor = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS") and not name.startswith("LC_")}
        os.chdir(cwd)
        os.execve(tap.TCPLOG, ["tcplog", "explain", *words, log], {**kept, "LANG": "C", "TERM": "xterm", **environment})
    said = b""
    while True:
        try:
            more = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side has closed
            break
        if not more:
            break
        said += more
    os.close(descriptor)
    return said.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def golden(log, width):
    return os.path.join(GOLDENS, f"{log.replace('/', '--')}.{width}.page")


def faults_of(page, width):
    """What no page does."""
    if page.count("\n== ") + page.startswith("== ") < 1:
        yield "no page"
    for number, line in enumerate(page.split("\n"), 1):
        if columns(line) > width:
            yield f"line {number} takes {columns(line)} columns: {line}"
        if line != line.rstrip():
            yield f"line {number} ends with blanks: {line!r}"
        for c in line:
            if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in "\xad\u200b\u200c\u200d":
                yield f"line {number} has U+{ord(c):04X}"


def sessions_of(log):
    return tap.jsonl(tap.run("convert", "-q", "-k", "session", log, cwd=tap.CORPUS).stdout)


def corpus_faults():
    for number, log in enumerate(tap.logs()):
        width = (40, 80, 120, 240)[number % 4]
        done = tap.run("explain", "-w", str(width), log, cwd=tap.CORPUS)
        code = tap.run("convert", "-q", log, cwd=tap.CORPUS).returncode
        page, sessions = done.stdout.decode(), sessions_of(log)
        if done.returncode != code:
            yield f"{log}: exit {done.returncode}, convert has {code}"
        if page.count("\nSecured    ") != len(sessions):
            yield f"{log}: {page.count(chr(10) + 'Secured    ')} pages for {len(sessions)} sessions"
        yield from (f"{log}: {fault}" for fault in (faults_of(page, width) if sessions else ()))
        for session in sessions:
            flat = " ".join(page.split())
            for field in ("diagnosis_text", "diagnosis_action"):
                if " ".join(session.get(field, "").split()) not in flat:
                    yield f"{log}: it does not tell {field}"
            if "diagnosis_line" in session and f"\nLine {session['diagnosis_line']} " not in page:
                yield f"{log}: it does not name line {session['diagnosis_line']}"


def many(count):
    """A session of so many exchanges; one is refused in every thousand."""
    yield b"21:41:43.760: --- 6 Aug 2014, 21:41:43.760 ---\r\n21:41:43.760: >> 220 hi\r\n"
    for i in range(count):
        yield b"21:41:44.%03d: << NOOP %d\r\n21:41:44.%03d: >> %s\r\n" % (i // 500, i, i // 500, b"550 no" if i % 1000 == 999 else b"250 ok")


def long_faults():
    count = 100000
    page = tap.run("explain", "-", input=b"".join(many(count))).stdout.decode()
    left = re.search(r"-- (\d+) more, between lines (\d+) and (\d+), are", page)
    shown = re.findall(r"^[x!]? +\d+ +[\d.:]+  (?:NOOP \d+|\(greeting\)) ", page, re.M)
    if not left or int(left[1]) + len(shown) != count + 1:
        yield f"{len(shown)} rows, {left and left[0]}"
    for word in ("NOOP 0 ", "NOOP 398 ", f"NOOP {count - 1} ", "NOOP 999 ", "NOOP 50999 ", "and 92 more that were refused"):
        if word not in page:
            yield f"not there: {word}"
    yield from faults_of(page, 80)


def hostile_faults():
    folder = tap.folder()
    tap.write(os.path.join(folder, "TCP0001.WPM"), HOSTILE)
    for width in (40, 80, 240):
        yield from faults_of(explain(os.path.join(folder, "TCP0001.WPM"), "-w", str(width)), width)
    for locale in ("C", "C.UTF-8"):
        page, _ = screen(100, "TCP0001.WPM", cwd=folder, LC_ALL=locale)
        yield from faults_of(COLOUR.sub("", page).replace("━━ ", "== "), 100)
        if locale == "C" and not page.isascii():
            yield "more than ASCII where the terminal takes no more"
    name = "TCP\x1b[2J\n.MS"
    tap.write(os.path.join(folder, name), HOSTILE)
    yield from faults_of(explain(os.path.join(folder, name)), 80)


def stranger_faults():
    """Where no exchange tells what was said, its lines do: of an unknown protocol, and of one that nobody expects there."""
    said = (b"21:41:43.760: --- 6 Aug 2014, 21:41:43.760 ---\r\n21:41:43.770: Connect to 'mx.example', timeout 30 seconds.\r\n"
            b"21:41:43.800: >> HTTP/1.1 400 Bad Request\r\n21:41:43.810: >> Server: x\r\n21:41:43.820: << PASS secret\r\n")
    for name in ("x.log", "TCP-140806-2141-0.pop"):
        page = explain(tap.write(os.path.join(tap.folder(), name), said))
        for words in (">> HTTP/1.1 400 Bad Request", ">> Server: x", "PASS ***"):
            if not re.search(r"^!? +\d+ +[\d.]+  (<< )?" + re.escape(words), page, re.M):
                yield f"{name}: no {words} in {page}"
        yield from faults_of(page, 80)
    page = explain("pegasus/TCP-140806-2141-0.smtp")
    if re.search(r"^ +\d+ +[\d.]+  (<<|>>) ", page, re.M):
        yield "lines of exchanges are told twice"


def screen_faults():
    log = "mercury/34-smtp-client-timeout-after-dot/TCP0004.ME"
    plain = explain(log, "-w", "100")
    page, code = screen(100, log, LC_ALL="C.UTF-8")
    if code != 0 or "\x1b[1;31mFAILED\x1b[0m" not in page or "░" not in page or "━━" not in page or "█" not in page:
        yield f"no colours or blocks: {page}"
    if "\x1b" in plain or not plain.isascii():
        yield "colours or blocks where there is no terminal"
    if max(map(columns, COLOUR.sub("", page).split("\n"))) != 100:
        yield "not as wide as the terminal"
    ascii_page, _ = screen(100, log, LC_ALL="C")
    if COLOUR.sub("", ascii_page) != plain:
        yield "a terminal that takes ASCII shows something else than a file has"
    for what, environment, words in (("NO_COLOR", {"NO_COLOR": "1"}, ()), ("TERM=dumb", {"TERM": "dumb"}, ()), ("--color never", {}, ("--color", "never"))):
        page, _ = screen(100, log, *words, LC_ALL="C", **environment)
        if page != plain:
            yield f"{what}: not plain"
    if "\x1b[" not in screen(100, log, "--color=always", NO_COLOR="1")[0]:
        yield "--color always is weaker than NO_COLOR"
    if COLOUR.sub("", explain(log, "--color=always", "-w", "100")) != plain:
        yield "--color always changes more than colours"
    if screen(0, log, COLUMNS="60", NO_COLOR="1")[0] != explain(log, "-w", "60"):
        yield "COLUMNS does not count where the terminal does not know its width"
    if screen(100, log, "-w", "60", NO_COLOR="1")[0] != explain(log, "-w", "60"):
        yield "--width is weaker than the terminal's"
    if explain(log, env={**os.environ, "COLUMNS": "200", "LC_ALL": "C.UTF-8"}) != explain(log):
        yield "the environment has a say where there is no terminal"
    if screen(20, log, NO_COLOR="1")[0] != explain(log, "-w", "40"):
        yield "a very narrow terminal"


def exit_faults():
    for code, words in ((2, ()), (2, ("-w", "10", ".")), (2, ("-w", "80x", ".")), (2, ("--color", "blue", ".")), (2, ("--redact", "x", ".")),
                        (2, ("--timezone", "Nowhere/At_All", "pegasus")), (3, ("no-such-log",)), (1, ("mercury/38-general-log-not-a-session-log/mercurys.log",)),
                        (0, ("--help",)), (0, ("--timezone", "Europe/Amsterdam", "--redact", "none", "pegasus/TCP-140210-2137-0.pop"))):
        done = tap.run("explain", *words, cwd=tap.CORPUS)
        if done.returncode != code or (code > 1 and done.stdout):
            yield f"{words}: exit {done.returncode} {done.stderr[:200]}"
    folder = tap.folder()
    tap.write(os.path.join(folder, "a.txt"), b"no log\n")
    done = tap.run("explain", folder)
    if done.returncode != 0 or b"no session log among 1 file" not in done.stderr:
        yield f"a folder without a log: {done.returncode} {done.stderr}"
    if not os.access("/dev/full", os.W_OK):
        return
    with open("/dev/full", "wb") as full:
        done = subprocess.run([tap.TCPLOG, "explain", tap.CORPUS], stdout=full, stderr=subprocess.PIPE, check=False)
    if done.returncode != 4:
        yield f"a full disk: exit {done.returncode}"


def option_faults():
    log = "mercury/16-pop-client-bad-password/TCP0001.MD"
    if "pwB" in explain(log) or "PASS pwB" not in explain(log, "--redact", "none"):
        yield "--redact"
    if "in the zone Europe/Amsterdam" not in " ".join(explain(log, "--timezone", "Europe/Amsterdam").split()):
        yield "--timezone"
    if explain("-", stdin=open(os.path.join(tap.CORPUS, log), "rb")).splitlines()[0][:38] != "== standard input (lines 1 to 11) ====":
        yield "standard input"


def mail_faults():
    """What became of mails that were asked for."""
    talk = ["+OK", "RETR 1", "-ERR none", "RETR 2", "+OK", "x", ".", "RETR 3", "+OK", "x"]
    said = b"".join(b"21:41:44.000: %s %s\r\n" % (b"<<" if line[:4] == "RETR" else b">>", line.encode()) for line in talk)
    page = tap.run("explain", "-", input=said).stdout.decode()
    for line in ("Number 1 by RETR: refused.", "Number 2 by RETR, 3 bytes: fetched.", "Number 3 by RETR, 3 bytes: not fetched whole."):
        if line not in page:
            yield f"{line}: not in {page}"


def reply_faults():
    """The reply that refused is quoted and listed by its own line, whatever came before it."""
    mail = ["<< 7 FETCH 1 BODY[]", ">> * 1 FETCH (BODY[] {3}", ">> x", ">> )", ">> 7 NO [UNAVAILABLE] gone"]
    for talk, proof, listed, reply in ((["<< RCPT TO:<a@b>", ">> 550-5.1.1 no", ">> 550 5.1.1 such user"], 4, 3, "550 5.1.1 no"),
                                       (["<< AUTH LOGIN", ">> 334 VXNlcm5hbWU6", "<< YW5u", ">> 334 UGFzc3dvcmQ6", "<< YQ==", ">> 535 go away"], 7, 7, "535 go away"),
                                       (mail, 6, 6, "NO [UNAVAILABLE] gone")):
        said = b"".join(b"21:41:44.000: %s\r\n" % row.encode() for row in [">> * OK" if talk is mail else ">> 220 mx", *talk])
        page = tap.run("explain", "-", input=said).stdout.decode()
        if not re.search(rf"^Line {proof} +{re.escape(reply)}", page, re.M) or not re.search(rf"^ +{listed}  {talk[0][5:9] if talk is mail else talk[0][3:7]}.* -> {reply[:3].strip()} ", page, re.M):
            yield f"lines {proof} and {listed}, {reply}: {page}"


if sys.argv[1:] == ["update"]:
    os.makedirs(GOLDENS, exist_ok=True)
    for log, width in PAGES:
        tap.write(golden(log, width), explain(log, "-w", str(width)).encode())
    sys.exit()
for log, width in PAGES:
    want, have = tap.read(golden(log, width)).decode(), explain(log, "-w", str(width))
    tap.check(f"page of {log}", [] if want == have else [have])
tap.check("all logs of the corpus: pages keep within their width, tell the diagnosis, and end as convert does", list(corpus_faults()))
tap.check("a session of 100,000 exchanges: the first, the last, those that failed, and how many more", list(long_faults()))
tap.check("nothing in a log moves a terminal", list(hostile_faults()))
tap.check("what was said apart from exchanges", list(stranger_faults()))
tap.check("screens: width, letters, colours, and who has a say in them", list(screen_faults()))
tap.check("mails that were asked for", list(mail_faults()))
tap.check("the reply that refused", list(reply_faults()))
tap.check("exit codes", list(exit_faults()))
tap.check("options", list(option_faults()))
tap.end()
