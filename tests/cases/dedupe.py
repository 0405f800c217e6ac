#!/usr/bin/env python3
"""A session that is met again in a run is reported in the summary; with --dedupe it is written once, whatever the number of
threads, and whatever differs stays."""
import sys

sys.dont_write_bytecode = True
import gzip
import os

import tap

work = tap.folder()
LOG = tap.read(os.path.join(tap.CORPUS, "pegasus/TCP-140806-2141-0.smtp"))
# sanitizers take their time
SESSIONS, NUMBERS = (2500, ("3",)) if tap.SANITIZED else (6000, ("2", "3"))
MET, KEPT = b"met before ", b"[session-kept]"


def session(number, lines=3, text=b"x"):
    """One of many that differ in their stamps."""
    at = b"%02d:%02d:%02d.%03d: " % (number // 3600000 % 24, number // 60000 % 60, number // 1000 % 60, number % 1000)
    head = at + b"--- 6 Aug 2014, " + at[:12] + b" ---\r\n" + at + b">> 220 hi\r\n" + at + b"<< DATA\r\n" + at + b">> 354 go\r\n"
    return head + (at + b"<< " + text * 60 + b"\r\n") * lines + at + b"<< .\r\n" + at + b">> 250 ok\r\n"


def logs(name, **texts):
    folder = os.path.join(work, name)
    os.mkdir(folder)
    for path, text in texts.items():
        tap.write(os.path.join(folder, path + ".WPM"), text)
    return name


def convert(name, *words):
    return tap.run("convert", *words, name, cwd=work)


def reported():
    folder = logs("twice", TCP0001=LOG, TCP0002=LOG + LOG, TCP0003=session(5))
    for words in (("-k", "exchange"), ("-k", "line"), ("-k", "message"), ("-k", "session"), ("-k", "line", "--dedupe")):
        done = convert(folder, *words)
        if done.returncode or done.stderr.count(MET) != 1:
            yield f"{words}: exit {done.returncode} {done.stderr}"
        if b"met before     2 sessions, the first in twice/TCP0002.WPM:1\n" not in done.stderr:
            yield f"{words}: {done.stderr}"


def left_out():
    once = logs("once", TCP0001=LOG, TCP0003=session(5))
    for words in (("-k", "all"), ("-k", "exchange", "-f", "csv"), ("-k", "session")):
        want = convert(once, "-q", *words).stdout.replace(b"once/", b"twice/")
        done = convert("twice", "--dedupe", *words)
        if done.stdout != want:
            yield f"{words}: {len(done.stdout)} bytes, not {len(want)}"
        if done.returncode or MET not in done.stderr:
            yield f"{words}: exit {done.returncode} {done.stderr}"
        records = len(tap.table(want, "exchange")) if "csv" in words else want.count(b"\n")
        if b"-> %d record" % records not in done.stderr:
            yield f"{words}: not {records} in the summary {done.stderr}"
        if gzip.decompress(convert("twice", "-q", "--dedupe", "-z", *words).stdout) != want:
            yield f"{words} -z"


def lines_balance():
    done = convert("twice", "--dedupe").stderr.decode()
    numbers = [word for word in done.split("  lines ")[1].split("\n")[0].split() if word.isdigit()]
    if len(numbers) != 3 or int(numbers[0]) != int(numbers[1]) + int(numbers[2]):
        yield done


def different():
    """Line ends are not of the session; its text is."""
    same = logs("ends", TCP0001=LOG.replace(b"\r\n", b"\n"), TCP0002=LOG)
    if MET not in convert(same).stderr:
        yield "with other line ends it is another"
    folder = logs("texts", TCP0001=session(1), TCP0002=session(1, text=b"y"), TCP0003=session(1, lines=4), TCP0004=session(2))
    done = convert(folder, "--dedupe")
    if done.stdout != convert(folder).stdout or MET in done.stderr:
        yield f"what differs was left out: {done.stderr}"
    unstamped = logs("unstamped", TCP0001=b"pasted\r\n", TCP0002=b"pasted\r\n", TCP0003=LOG)
    if MET in convert(unstamped).stderr:
        yield "without a stamp there is nothing to know a session by"


def large():
    """Pieces of a log and files beside each other, so that copies stand in other units than what they are copies of."""
    many = [session(i * 7, lines=i % 40) for i in range(SESSIONS)]
    log = b"".join(many + many[::-1] + many[::3])
    folder = logs("large", TCP0001=log, TCP0002=b"".join(many[100:200]), TCP0003=session(77777777))
    for words in (("-k", "line"), ("-k", "exchange", "-f", "csv"), ("-k", "exchange", "-z")):
        one = convert(folder, "-j1", "--dedupe", *words)
        for number in NUMBERS:
            more = convert(folder, "-j", number, "--dedupe", *words)
            if (one.stdout, one.stderr, one.returncode) != (more.stdout, more.stderr, more.returncode):
                yield f"-j{number} {words}: {one.stderr} {more.stderr}"
    count = convert(folder, "-k", "session", "--dedupe").stdout.count(b"\n")
    if count != SESSIONS + 1:
        yield f"{count} sessions"


def too_long():
    giant = session(1, lines=20000)
    folder = logs("giant", TCP0001=giant, TCP0002=giant, TCP0003=session(2), TCP0004=session(2))
    for number in ("1", "3"):
        done = convert(folder, "-j", number, "-k", "line", "--dedupe")
        if done.stdout.count(b"\n") != 2 * 20006 + 9:
            yield f"-j{number}: {done.stdout.count(bytes([10]))} records"
        if KEPT not in done.stderr or b"TCP0002.WPM:1: A session that was met before has more" not in done.stderr:
            yield f"-j{number}: {done.stderr}"


def refused():
    done = tap.run("convert", "--dedupe", "-o", "tree/", "twice", cwd=work)
    if done.returncode != 2:
        yield f"exit {done.returncode} {done.stderr}"


tap.check("what is met again is reported", list(reported()))
tap.check("--dedupe writes it once", list(left_out()))
tap.check("its lines are counted all the same", list(lines_balance()))
tap.check("what differs stays", list(different()))
tap.check("many sessions, any number of threads", list(large()))
tap.check("one that is too long to be held back is kept, and told", list(too_long()))
tap.check("--dedupe is refused where each input has an export", list(refused()))
tap.end()
