"""A client that writes down what goes over the wire, line by line with the time, and knows by itself which reply
belongs to which command: it asked, and it waited for the answer. Events become a log in looks.py; the protocols
are in smtp.py, pop3.py and imap.py. It never looks at what tcplog makes of it."""
import socket
import ssl
import time

LIMIT = 15  # seconds for any one read


class Unexpected(Exception):
    """The server did not answer as the script foresees: then nothing is proved."""


class Event:
    """A line of the log to be. `data` is what was said, without its line end; for a remark, a pair of texts, the new
    library's and the old one's."""

    def __init__(self, kind, data=b""):
        self.kind, self.data, self.time = kind, data, now()
        self.exchange = None


class Exchange:
    """What is known of a command and its reply; places are indexes of events."""

    def __init__(self, command, tag=None):
        self.command, self.tag = command, tag
        self.code = self.intermediate = None
        self.status = "unanswered"
        self.asked = self.said = self.first = self.settled = self.ended = self.last = None
        self.reply_lines, self.turns = 0, 1
        self.payload, self.stuffed, self.octets, self.lines, self.payload_from = [], True, None, 0, None

    def answer(self, code, status, first, last, lines):
        """A complete reply: one that asks for more, or the final one."""
        if self.first is None:
            self.first = first
        if status == "intermediate":
            self.intermediate = code
            return
        self.code, self.status = code, status
        self.settled, self.ended, self.reply_lines = first, last, lines


STARTED = time.time() - time.monotonic()


def now():
    """Seconds of the day's clock that never run back."""
    return STARTED + time.monotonic()


class Talk:
    """One connection. A protocol's class says how a reply ends and what its code means for `status`."""

    protocol = None

    def __init__(self, port, host="localhost"):
        self.host = host
        self.events, self.exchanges, self.secrets = [], [], set()
        self.buffer, self.tls = b"", False
        self.messages_sent = self.messages_fetched = 0
        self.note("open")
        self.note("connect")
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT)

    def note(self, kind, data=b""):
        self.events.append(Event(kind, data))
        return len(self.events) - 1

    def begin(self, command, tag=None):
        exchange = Exchange(command, tag)
        self.exchanges.append(exchange)
        return exchange

    def own(self, exchange, *indexes):
        """These lines of the log belong to this exchange; a line that two share belongs to the first."""
        for index in indexes:
            if self.events[index].exchange is None:
                self.events[index].exchange = self.exchanges.index(exchange) + 1
            exchange.last = max(index, exchange.last or 0)

    def say(self, *lines):
        """In one write; the index of the first is returned."""
        at = len(self.events)
        for line in lines:
            self.note("<<", line)
        self.socket.sendall(b"".join(line + b"\r\n" for line in lines))
        return at

    def hear(self):
        """Index and text of the next line of the server."""
        while b"\n" not in self.buffer:
            more = self.socket.recv(65536)
            if not more:
                raise Unexpected(f"connection closed by the server after {self.events[-1].data[:80]!r}")
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\n")
        line = line.removesuffix(b"\r")
        return self.note(">>", line), line

    def ask(self, text, want):
        """A command, and its reply awaited."""
        exchange = self.send(text)
        self.reply(exchange, want)
        return exchange

    def send(self, text):
        return self.pipeline(text)[0]

    def pipeline(self, *texts):
        """Commands in one write, none of them answered yet."""
        at = self.say(*(text.encode("latin-1") for text in texts))
        sent = []
        for index, text in enumerate(texts, at):
            exchange = self.begin(self.verb(text))
            exchange.asked = exchange.said = index
            self.own(exchange, index)
            sent.append(exchange)
        return sent

    def verb(self, text):
        word = text.split(" ")[0].upper()
        return word if word.isalpha() else None

    def turn(self, exchange, text, secret=True):
        """A client's answer to a challenge."""
        if secret:
            self.secret(text)
        exchange.said = self.say(text.encode("latin-1"))
        exchange.turns += 1
        self.own(exchange, exchange.said)

    def reply(self, exchange, want):
        raise NotImplementedError

    def unsolicited(self, want):
        exchange = self.begin(None)
        self.reply(exchange, want)
        exchange.status = "unsolicited"

    def must(self, exchange, code, want):
        if code != want:
            said = self.events[-1].data[:200]
            raise Unexpected(f"{exchange.command or 'greeting'} was answered {said!r}, not {want}")

    def secret(self, *texts):
        """What must never be seen in what comes out."""
        self.secrets.update(text for text in texts if text not in ("", "*"))

    def start_tls(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)
        cipher, version, bits = self.socket.cipher()
        self.note("note", ("[*] SSL/TLS session established", f"[*] SSL/TLS session established: AES, keysize {bits} bits"))
        self.note("note", (f"[*] {cipher}, {version}, Kx=any, Au=any, Enc=AESGCM({bits}), Mac=AEAD",
                           "[*] Certificate user is cn=mail.e2e.example, o=E2E"))
        self.note("note", ("[*] Peer's certificate name is '/O=E2E/CN=mail.e2e.example'.",
                           "[*] Certificate fingerprint is E7C600112233445566778899AABBCCDD"))
        self.tls = True

    def closed(self):
        """The server must have closed, and said nothing more."""
        if self.buffer or self.socket.recv(1):
            raise Unexpected("the server goes on")
        self.close()

    def close(self):
        self.socket.close()
        self.note("close")

    def drop(self):
        """As if the program were killed: no ending is logged."""
        self.socket.close()
