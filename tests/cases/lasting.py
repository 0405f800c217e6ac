#!/usr/bin/env python3
"""Long sessions: what is told of a command or a mail does not depend on how many came before it, and where a cap is reached
it is reported."""
import os

import tap

WORK = tap.folder()
S = "10:00:00.000: "


def records(kind, name, talk, *expected):
    """The records of one session; what is said on standard error must be the problems expected."""
    lines = ["--- Thu Apr 07 10:00:00 2011 ---", "Connect to 'a', timeout 30.", *talk,
             "--- Connection closed normally at Thu Apr 07 10:00:00 2011. ---"]
    path = tap.write(os.path.join(WORK, name), "".join(S + line + "\r\n" for line in lines).encode())
    done = tap.run("convert", "-q", "-j1", "-k", kind, path)
    faults = [] if tap.run("validate", "-", input=done.stdout).returncode == 0 else ["what came out is not valid"]
    told = [line.rsplit("[", 1)[-1].rstrip("]") for line in done.stderr.decode().splitlines()]
    if told != list(expected) or done.returncode != bool(expected):
        faults.append(f"exit {done.returncode}, told {told}, not {list(expected)}")
    return tap.jsonl(done.stdout), faults


def lacking(found, count, fields):
    faults = [] if len(found) == count else [f"{len(found)} records, not {count}"]
    return faults + [f"{record['sequence']}: no {field}" for record in found for field in fields if field not in record]


def client(text):
    return f"<< {text}<cr><lf>"


def server(text):
    return f">> {text}<cr><lf>"


def fetched(count, name="m" * 70):
    talk = [server("+OK hi")]
    for i in range(1, count + 1):
        talk += [client(f"RETR {i}"), server("+OK 100 octets"), server(f"Message-ID: <{name}{i}@x>"), server(""), server("."),
                 client(f"DELE {i}"), server("+OK")]
    return talk + [client("QUIT"), server("+OK")]


def mails():
    found, faults = records("message", "TCP0001.MD", fetched(3000))
    faults += lacking(found, 3000, ("time", "time_logged", "message_id", "reply_code", "deleted"))
    faults += [f"{record['number']}: {record['message_id']}" for record in found
               if record["message_id"] != f"<{'m' * 70}{record['number']}@x>" or record["deleted"] is not True]
    tap.check("of 3000 mails fetched each keeps its time, its name and its end", faults)
    found, faults = records("message", "TCP0002.MD", fetched(5000, "m"), "too-many-mails")
    faults += lacking(found, 5000, ("time", "message_id"))
    known = sum("deleted" in record for record in found)
    if not 0 < known < 5000 or any("deleted" in record for record in found[:4000]):
        faults.append(f"{known} ends are known")
    tap.check("of 5000 the ends of the first ones are not, and that is reported", faults)


def mails_at_the_end():
    """The log stops while more wait than could be told of one by one."""
    talk = [line for line in fetched(3900, "m")[:-2] if "DELE" not in line]
    talk += [client(f"RETR {i}") for i in range(3901, 4801)]
    found, faults = records("message", "TCP0009.MD", talk, "too-many-mails")
    numbers = [record["number"] for record in found]
    if sorted(numbers) != list(range(1, 4801)):
        faults.append(f"{len(numbers)} mails, {len(set(numbers))} of them different")
    tap.check("a mailbox that breaks off holds each mail once", faults)


def expunged():
    """The last of more than are held to the end."""
    talk = [server("* OK hi"), client("s SELECT INBOX"), server("s OK")]
    for i in range(1, 4201):
        talk += [client(f"a{i} FETCH {i} BODY[]"), server(f"* {i} FETCH (BODY[] {{4}}"), server("hi"), server(")"), server(f"a{i} OK")]
    talk += [client("d STORE 4200 +FLAGS.SILENT (\\Deleted)"), server("d OK"), client("e EXPUNGE"), server("* 4200 EXPUNGE"), server("e OK"),
             client("z LOGOUT"), server("* BYE"), server("z OK")]
    found, faults = records("message", "TCP0010.MI", talk, "too-many-mails")
    deleted = [record["number"] for record in found if record.get("deleted")]
    tap.check("the last of 4200 mails was expunged", faults + ([] if deleted == [4200] else [deleted]))


def mails_of_one_reply():
    talk = [server("* OK hi"), client("a1 FETCH 1:2000 BODY[]")]
    for i in range(1, 2001):
        talk += [server(f"* {i} FETCH (BODY[] {{4}}"), server("hi"), server(")")]
    found, faults = records("message", "TCP0003.MI", talk + [server("a1 OK done"), client("a2 LOGOUT"), server("* BYE"), server("a2 OK")])
    tap.check("of 2000 mails in one reply each has the reply", faults + lacking(found, 2000, ("time", "number", "reply_code")))


def never_idle(commands, replies):
    """Each reply comes when the next command has been sent already."""
    talk = [server("220 hi"), client(commands[0])]
    for command, reply in zip(commands[1:], replies):
        talk += [client(command), server(reply)]
    return talk + [server(replies[-1])]


def pipelining():
    count = 9000
    commands = [f"RCPT TO:<recipient{i}@far.example>" for i in range(count)]
    replies = [f"250 2.1.5 {'ok ' * 10}{i}" for i in range(count)]
    found, faults = records("exchange", "TCP0004.MC", never_idle(commands, replies))
    faults += lacking(found[1:], count, ("time", "time_logged", "argument", "reply_code", "reply_enhanced", "meaning"))
    faults += [f"{i}: {record.get('argument')} {record.get('reply_text')}" for i, record in enumerate(found[1:])
               if record.get("argument") != commands[i][5:] or record.get("reply_text") != replies[i][4:]]
    tap.check("a client that never waits for its last reply loses nothing", faults)
    found, faults = records("exchange", "TCP0005.MC", [server("220 hi")] + [client("NOOP")] * 20000, "too-many-pending")
    tap.check("commands without texts are not told to be cut", faults + lacking(found, 20001, ("time",)))


def blocked():
    """What answers nothing, and never ends, stands in front of all that wait."""
    found, faults = records("exchange", "TCP0011.MI", [server("* OK hi"), server("* 1 FETCH (BODY[] {9}")] + [client(f"a{i} NOOP") for i in range(3000)], "too-many-pending")
    tags = [record["tag"] for record in found if "tag" in record]
    tap.check("a reply without end makes room, too", faults + ([] if tags == [f"a{i}" for i in range(3000)] else [len(tags)]))


def recipients():
    def mail(count):
        talk = [server("220 hi"), client("MAIL FROM:<a@b>"), server("250 ok")]
        for i in range(count):
            talk += [client(f"RCPT TO:<r{i}@far.example>"), server("250 ok")]
        return talk + [client("DATA"), server("354 go"), client("one"), client("."), server("250 ok")]
    for count, problems in ((4096, ()), (4097, ("text-cut",))):
        found, faults = records("message", "TCP0006.MC", mail(count), *problems)
        if [len(record["rcpt_to"]) for record in found] != [4096]:
            faults.append([len(record["rcpt_to"]) for record in found])
        tap.check(f"{count} recipients", faults)


def repeated():
    talk = [server("220 hi")]
    for i in range(6000):
        talk += [client("EHLO me"), *(server(f"250-{'X' * (30 + i % 2 * 9)}-{i}-{k}") for k in range(4 + i % 3)), server(f"250 END-{i}")]
    found, faults = records("session", "TCP0007.MC", talk + [client("QUIT"), server("221 bye")])
    # the first line of a reply to EHLO is the server's name
    offered = [f"{'X' * 39}-5999-{k}" for k in range(1, 6)] + ["END-5999"]
    tap.check("capabilities asked for 6000 times are those of the last", faults + (
        [] if found[0]["capabilities"] == offered else [found[0]["capabilities"]]))
    talk = [server("+OK hi")] + [f"[*] Certificate user is cn={'c' * (40 + i % 9)}{i}.example" for i in range(6000)]
    for i in range(9000):
        talk += [client(f"USER {'u' * (20 + i % 7)}{i}@example.org"), server("+OK"), client("PASS x"), server("-ERR [AUTH] no")]
    found, faults = records("session", "TCP0008.MD", talk + [client("QUIT"), server("+OK")])
    tap.check("of 9000 who try to log in the last one is told", faults + (
        [] if found[0].get("user") == f"{'u' * (20 + 8999 % 7)}8999@example.org" else [found[0].get("user")]) + (
        [] if found[0].get("tls_subject", "").endswith("c5999.example") else [found[0].get("tls_subject")]))


mails()
mails_at_the_end()
expunged()
mails_of_one_reply()
pipelining()
blocked()
recipients()
repeated()
tap.end()
