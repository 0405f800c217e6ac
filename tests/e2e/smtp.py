"""SMTP as a client speaks it on purpose: replies of several lines, bodies, chunks, challenges (RFC 5321, 3030, 4954)."""
import base64

from recorder import Talk

STATUS = {"2": "success", "3": "intermediate", "4": "transient-failure", "5": "permanent-failure"}


def b64(text):
    return base64.b64encode(text.encode("latin-1")).decode("ascii")


def plain(user, password):
    return b64(f"\0{user}\0{password}")


class Smtp(Talk):
    protocol = "smtp"

    def greet(self, want="220"):
        self.reply(self.begin(None), want)

    def hello(self, want="250"):
        self.greet()
        return self.ask("EHLO client.example", want)

    def reply(self, exchange, want):
        first, line = self.hear()
        last, lines = first, 1
        while line[3:4] == b"-":
            last, line = self.hear()
            lines += 1
        code = line[:3].decode("ascii")
        exchange.answer(code, STATUS[code[0]], first, last, lines)
        self.own(exchange, *range(first, last + 1))
        self.must(exchange, code, want)

    def replies(self, exchanges, *wanted):
        for exchange, want in zip(exchanges, wanted, strict=True):
            self.reply(exchange, want)

    def envelope(self, recipient, sender="me@client.example"):
        self.ask(f"MAIL FROM:<{sender}>", "250")
        self.ask(f"RCPT TO:<{recipient}>", "250")

    def body(self, exchange, lines):
        """The text as it goes over the wire, dots doubled, and the dot that ends it."""
        wire = [b"." + line if line.startswith(b".") else line for line in lines] + [b"."]
        at = self.say(*wire)
        self.sent_body(exchange, at, len(wire))

    def sent_body(self, exchange, at, lines):
        exchange.payload = list(range(at, at + lines - 1))
        exchange.said, exchange.payload_from = at + lines - 1, "client"
        exchange.turns += 1
        self.own(exchange, *range(at, at + lines))

    def half_a_body(self, exchange, lines):
        """Text that no dot ends."""
        at = self.say(*lines)
        exchange.payload, exchange.payload_from = list(range(at, at + len(lines))), "client"
        exchange.said = at + len(lines) - 1
        exchange.turns += 1
        self.own(exchange, *exchange.payload)

    def data(self, lines, want="250"):
        exchange = self.ask("DATA", "354")
        self.body(exchange, lines)
        self.reply(exchange, want)
        self.messages_sent += want == "250"

    def chunk(self, lines, last=False):
        """BDAT and its octets in one write."""
        octets = sum(len(line) + 2 for line in lines)
        command = f"BDAT {octets} LAST" if last else f"BDAT {octets}"
        exchange = self.begin("BDAT")
        at = self.say(command.encode("ascii"), *lines)
        exchange.asked = exchange.said = at
        self.own(exchange, at)
        if lines:
            self.sent_chunk(exchange, at + 1, lines)
        return exchange

    def sent_chunk(self, exchange, at, lines):
        exchange.payload, exchange.stuffed = list(range(at, at + len(lines))), False
        exchange.said, exchange.payload_from = at + len(lines) - 1, "client"
        exchange.turns += 1
        self.own(exchange, *exchange.payload)

    def quit(self):
        self.ask("QUIT", "221")
        self.closed()
