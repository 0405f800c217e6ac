"""The work of `tcplog convert -k line -f jsonl` as a script: one JSON record a line, same fields, sessions told
apart, commands paired with replies, bodies recognised, secrets masked. Written for speed as such scripts are: bytes
as Latin-1 text, slices instead of patterns, strings put together by hand, output in blocks. It takes what the
generator writes (Pegasus as client); it repairs no time stamps, and session_id is a mere counter.

    python3 line.py FILE"""
import base64
import codecs
import json
import sys

MASK = "***"
MONTHS = {name: "%02d" % (number + 1) for number, name in
          enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())}
LISTINGS = {"LIST", "UIDL", "CAPA"}  # POP3 commands that a listing answers, if they have no argument
codecs.register_error("latin-1", lambda e: (e.object[e.start:e.end].decode("latin-1"), e.end))


def quote(text):
    """`"text":` of a line with something in it that JSON escapes or that is not ASCII; bytes as Latin-1 in and out"""
    if text.isascii():
        return json.dumps(text)
    raw = text.encode("latin-1")
    try:
        return json.dumps(raw.decode(), ensure_ascii=False).encode().decode("latin-1")
    except UnicodeDecodeError:
        whole = json.dumps(raw.decode("utf-8", "latin-1"), ensure_ascii=False).encode().decode("latin-1")
        return whole + ',"text_base64":"' + base64.b64encode(raw).decode() + '"'


class Session:
    """What is known of one connection, and the state of its dialogue."""

    def __init__(self, number, opening):
        self.id = "%032x" % number
        self.new = "," in opening
        words = opening.split()
        if self.new:  # --- 6 Aug 2014, 21:41:43.760 ---
            self.date = words[3][:4] + "-" + MONTHS[words[2]] + "-" + words[1].zfill(2)
        else:  # --- Thu Apr 07 03:14:07 2011 ---
            self.date = words[5] + "-" + MONTHS[words[2]] + "-" + words[3].zfill(2)
        self.server = ""
        self.protocol = ""
        self.held = []          # lines before the greeting: their records need the protocol
        self.sequence = 0
        self.asked = 0          # exchanges begun
        self.answered = 0       # exchanges ended
        self.verbs = {}         # by exchange, those that wait for a reply
        self.challenged = False
        self.body = ""          # the arrow that carries a body now

    def heads(self, file):
        """The parts of a record that stay the same through the session."""
        known = '","protocol":"%s","protocol_source":"greeting"' % self.protocol if self.protocol else \
            '","protocol":"unknown"'
        server = ',"server":' + json.dumps(self.server) if self.server else ""
        self.head = '{"kind":"line","schema":"1.0","session_id":"%s","id":"%s-l' % (self.id, self.id)
        self.middle = '","time_zone_source":"unknown","source_file":%s,"application":"Pegasus Mail","dialect":"%s' \
            '","role":"client%s%s,"line":' % (json.dumps(file), "pegasus-new" if self.new else "pegasus-old", known, server)

    def begin(self, verb):
        self.asked += 1
        self.verbs[self.asked] = verb
        return self.asked

    def command(self, text):
        """A client's line outside a body: its exchange, and the text to show if it is secret."""
        if self.challenged:
            self.challenged = False
            return self.answered + 1, MASK
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        if verb in ("RETR", "TOP") or verb in LISTINGS and not argument:
            number = self.begin("RETR")
        else:
            number = self.begin(verb)
        if verb == "PASS":
            return number, text[:5] + MASK
        if verb == "APOP" or verb == "AUTH" and " " in argument:
            return number, text[:5] + argument.split(" ")[0] + " " + MASK
        return number, None

    def reply(self, text):
        """A server's line outside a body: its exchange."""
        if self.answered == self.asked:
            self.begin("")  # the greeting, or a reply that answers nothing
        number = self.answered + 1
        if self.protocol == "pop3":
            if text.startswith("+ "):
                self.challenged = True
                return number
            if self.verbs.pop(number) == "RETR" and text.startswith("+OK"):
                self.body = ">>"
                return number
        elif text[3:4] == "-":
            return number
        elif text.startswith("3"):
            if self.verbs[number] == "DATA":
                self.body = "<<"
            else:
                self.challenged = True
            return number
        else:
            self.verbs.pop(number)
        self.answered = number
        return number


def class_of(text):
    if text.startswith("--- Connection closed"):
        return "closing"
    for start, name in (("---", "opening"), ("Connect to", "connect"), ("[*]", "tls"), ("[!]", "warning")):
        if text.startswith(start):
            return name
    if not text:
        return "empty"
    return "error" if text.split(":")[0].isdigit() else "remark"


def convert(path, write):
    session = None
    number = offset = sessions = 0
    date = head = middle = body = tail = stamped = timed = ""
    out = []
    add = out.append

    def settle(protocol):
        nonlocal head, middle
        session.protocol = protocol
        session.heads(path)
        head, middle = session.head, session.middle
        for stamp, place, name, eol, text in session.held:
            emit(stamp, place, '"class":"%s","eol":"%s","text":' % (name, eol), text)
        session.held = None

    def emit(stamp, place, tail, text, more=""):
        session.sequence += 1
        if '"' in text or "\\" in text or not (text.isascii() and text.isprintable()):
            text = quote(text)
        else:
            text = '"' + text + '"'
        out.append(f'{head}{session.sequence}","sequence":{session.sequence},"time":"{date}T{stamp}","time_logged":"{stamp}'
                   f'{middle}{place}{tail}{text}{more}}}\n')

    with open(path, encoding="latin-1", newline="\n", buffering=1 << 18) as log:
        for line in log:
            number += 1
            stamp = line[:12]
            size = len(line)
            if line.endswith("\r\n"):
                eol, end = "crlf", -2
            else:
                eol, end = ("lf", -1) if line.endswith("\n") else ("none", None)
            arrow = line[14:16]
            if body and arrow == body:
                text = line[17:end]
                if text != ".":
                    # the common line; most repeat the stamp of the one before
                    if stamp != stamped:
                        stamped = stamp
                        timed = f',"time":"{date}T{stamp}","time_logged":"{stamp}{middle}'
                    session.sequence = sequence = session.sequence + 1
                    if '"' in text or "\\" in text or not (text.isascii() and text.isprintable()):
                        text = quote(text)
                    else:
                        text = f'"{text}"'
                    add(f'{head}{sequence}","sequence":{sequence}{timed}{number},"line_end":{number},"offset":{offset}{tail}'
                        f'{eol}","exchange":{exchange},"text":{text}}}\n')
                    offset += size
                    if len(out) > 1000:
                        write("".join(out))
                        out.clear()
                    continue
                if arrow == ">>":  # the end of what was fetched is the end of the reply
                    session.answered += 1
                session.body = ""
            place = f'{number},"line_end":{number},"offset":{offset},'
            offset += size
            if arrow == ">>" or arrow == "<<":
                text = line[17:end]
                if session.held is not None:
                    settle("pop3" if text.startswith("+OK") else "smtp")
                secret = None
                if body and arrow == body:
                    pass  # the end of the body, that is
                elif arrow == ">>":
                    exchange = session.reply(text)
                else:
                    exchange, secret = session.command(text)
                side = "server" if arrow == ">>" else "client"
                emit(stamp, place, f'"class":"data","arrow":"{arrow}","from":"{side}","eol":"{eol}","exchange":{exchange},"text":',
                     text if secret is None else secret, "" if secret is None else ',"redacted":true')
                body = session.body
                if body:
                    tail = ',"class":"data","arrow":"%s","from":"%s","eol":"' % (body, "server" if body == ">>" else "client")
                    stamped = ""  # of another session, perhaps
                continue
            text = line[14:end]
            name = class_of(text)
            if name == "opening":
                if session and session.held:
                    settle("")
                sessions += 1
                session = Session(sessions, text)
                date, body = session.date, ""
            elif name == "connect":
                session.server = text.split("'")[1]
            if session.held is not None:
                session.held.append((stamp, place, name, eol, text))
            else:
                emit(stamp, place, '"class":"%s","eol":"%s","text":' % (name, eol), text)
    if session and session.held:
        settle("")
    write("".join(out))


sys.stdout.reconfigure(encoding="latin-1", newline="\n")
convert(sys.argv[1], sys.stdout.write)
