"""How a talk looks in a log: the new library of Pegasus Mail 4.70 and later, and the old one of Pegasus before it and of
Mercury (docs/format.md). A look prints events and says what its clock and its cuts leave of what happened."""
import time

ENDINGS = {"smtp": "smtp", "pop3": "pop", "imap": "imap"}
MERCURY = {"smtp": "MC", "pop3": "MD"}
MERCURY_SERVER = {"smtp": "MS", "pop3": "MP"}


def clock(seconds, milliseconds):
    return time.strftime("%H:%M:%S", time.localtime(seconds)) + f".{milliseconds:03}"


class New:
    """One clock, no tokens, nothing cut."""

    name, dialect, role, tail = "pegasus-new", "pegasus-new", "client", ()
    grain = 1  # of the clock, in milliseconds

    def moment(self, when):
        return int(int(when * 1000 / self.grain) * self.grain)

    def stamp(self, when):
        moment = self.moment(when)
        return clock(moment // 1000, moment % 1000)

    def slack(self, _timing):
        """How far a difference of two stamps may be from the truth."""
        return self.grain + 1

    def file_name(self, talk):
        return time.strftime("TCP-%y%m%d-%H%M-0.", time.localtime(talk.events[0].time)) + ENDINGS[talk.protocol]

    def date(self, when):
        local = time.localtime(when)
        return f"{local.tm_mday} {time.strftime('%b %Y', local)}, {self.stamp(when)}"

    def seen(self, data):
        """What of a line of the wire the log holds."""
        return data

    def events(self, talk):
        """Those that the log has; line_of says where."""
        return talk.events

    def line_of(self, index):
        return index + 1

    def arrow(self, kind):
        return kind.encode()

    def rest(self, event, talk):
        if event.kind in ("<<", ">>"):
            return self.arrow(event.kind) + b" " + self.shown(event.data)
        if event.kind == "note":
            return self.pick(event.data).encode()
        return {"open": self.opening(event.time), "connect": self.connect(talk.host),
                "close": f"--- Connection closed normally at {self.date(event.time)}. ---"}[event.kind].encode()

    def opening(self, when):
        return f"--- {self.date(when)} ---"

    def shown(self, data):
        return data

    def pick(self, texts):
        return texts[0]

    def connect(self, host):
        return f"Connect to '{host}', timeout 30 seconds."

    def log(self, talk):
        rows = [(event.time, self.rest(event, talk)) for event in self.events(talk)]
        if talk.events[-1].kind == "close":
            rows += [(talk.events[-1].time, text) for text in self.tail]
        return b"".join(f"{self.stamp(when)}: ".encode() + text + b"\r\n" for when, text in rows)


class Coarse(New):
    """As on Windows, whose clock goes on 64 times a second."""

    name = "pegasus-new-coarse"
    grain = 1000 / 64


class Old(New):
    """Milliseconds of another clock than seconds, <cr><lf>, 1000 bytes a record, an empty line behind the ending."""

    name, dialect, tail = "pegasus-old", "pegasus-old", (b"",)
    most = 1000

    def __init__(self, phase):
        self.phase = phase  # of the milliseconds

    def stamp(self, when):
        return clock(int(when), int(when * 1000 + self.phase) % 1000)

    def slack(self, timing):
        return 1001 if timing == "uncertain" else 1

    def file_name(self, _talk):
        return "TCP0A1F.WPM"

    def date(self, when):
        return time.strftime("%a %b %d %H:%M:%S %Y", time.localtime(when))

    def seen(self, data):
        return data[:self.most]

    def shown(self, data):
        return (data + b"\r\n")[:self.most].replace(b"\r", b"<cr>").replace(b"\n", b"<lf>")

    def pick(self, texts):
        return texts[1]


class Mercury(Old):
    name = dialect = "mercury-client"

    def file_name(self, talk):
        return "TCP0007." + MERCURY[talk.protocol]

    def connect(self, host):
        return f"Connect to '{host}', timeout 30."


class MercuryServer(Old):
    """The same talk as the other side would have logged it: one line less at the top, and every arrow turned."""

    name = dialect = "mercury-server"
    role = "server"
    def file_name(self, talk):
        return "TCP0003." + MERCURY_SERVER[talk.protocol]

    def events(self, talk):
        return [event for event in talk.events if event.kind != "connect"]

    def line_of(self, index):
        return index + 1 if index == 0 else index

    def arrow(self, kind):
        return {">>": b"<<", "<<": b">>"}[kind]

    def opening(self, when):
        return f"Connection from 127.0.0.1, {self.date(when)}<lf>"


def looks_of(talk):
    """Mercury fetches no mail by IMAP, and its IMAP server does not log what a client sends as a literal."""
    phase = len(talk.events) * 137 % 1000  # any, and not the same for all
    looks = [New(), Coarse(), Old(phase)]
    return looks + ([Mercury(phase), MercuryServer(phase)] if talk.protocol in MERCURY else [])
