"""IMAP as a client speaks it on purpose: tags, literals both ways, continuations (RFC 9051, 4959, 7888, 2177)."""
import re

from recorder import Talk, Unexpected

STATUS = {"OK": "success", "NO": "failure", "BAD": "failure", "PREAUTH": "success", "BYE": "failure"}
LITERAL = re.compile(rb"\{(\d+)\}$")


class Imap(Talk):
    protocol = "imap"

    def __init__(self, port):
        super().__init__(port)
        self.count = self.octets = self.lines = 0

    def greet(self):
        exchange = self.begin(None)
        index, line = self.hear()
        exchange.answer(line.split()[1].decode("ascii"), "success", index, index, 1)
        self.own(exchange, index)
        self.must(exchange, exchange.code, "OK")

    def verb(self, text):
        words = text.upper().split(" ")
        return " ".join(words[:2]) if words[0] == "UID" else words[0]

    def pipeline(self, *texts):
        """Each gets a tag of its own."""
        at, sent = len(self.events), []
        for index, text in enumerate(texts, at):
            self.count += 1
            exchange = self.begin(self.verb(text), f"a{self.count:03}")
            exchange.asked = exchange.said = index
            sent.append(exchange)
        self.say(*(f"{exchange.tag} {text}".encode("latin-1") for exchange, text in zip(sent, texts)))
        for exchange in sent:
            self.own(exchange, exchange.asked)
        return sent

    def hear_response(self):
        """Place and text of its first line; literals in it, whose lines are lines of the log like any other, are read."""
        index, line = self.hear()
        found = LITERAL.search(line)
        while found:
            found = LITERAL.search(self.skip(int(found[1])))
        return index, line

    def skip(self, octets):
        """A literal; what is left of the line that it ends in is returned."""
        rest = b""
        self.octets += octets
        while octets >= 0:
            _, line = self.hear()
            rest, octets = line[octets:], octets - len(line) - 2
            self.lines += octets >= 0
        return rest

    def take(self, exchange, index):
        """A response, up to the last line heard, is part of this exchange; so are the literals in it."""
        if exchange.first is None:
            exchange.first = index
        self.own(exchange, *range(index, len(self.events)))
        if self.octets:
            self.carry(exchange, self.octets, self.lines, "server")
        self.octets = self.lines = 0

    def carry(self, exchange, octets, lines, side):
        exchange.octets, exchange.payload_from = (exchange.octets or 0) + octets, side
        exchange.lines += lines

    def reply(self, exchange, want):
        """Responses up to the one with the tag; or, where it is wanted, a continuation."""
        self.replies([exchange], want)

    def replies(self, exchanges, *wanted):
        """In the order in which the server likes to give them (RFC 9051 5.5). What has no tag belongs to the oldest."""
        waiting = {exchange.tag: (exchange, want) for exchange, want in zip(exchanges, wanted, strict=True)}
        while waiting:
            index, line = self.hear_response()
            tag, code = (line.decode("latin-1").split(" ") + [""])[:2]
            exchange, want = waiting.get(tag) or self.asked_for(line, waiting)
            self.take(exchange, index)
            if tag == "+":
                exchange.answer("+", "intermediate", index, index, 1)
                self.must(exchange, "+", want)
                return
            if tag in waiting:
                exchange.answer(code, STATUS[code], index, index, 1)
                self.must(exchange, code, want)
                del waiting[tag]

    def asked_for(self, line, waiting):
        """Whose command has the response's name; else the oldest's."""
        name = re.sub(rb"^\* (\d+ )?", b"", line).split(b" ")[0].decode("latin-1")
        named = [pair for pair in waiting.values() if pair[0].command.split(" ")[-1] == name]
        return (named or list(waiting.values()))[0]

    def await_line(self, exchange, word):
        """An untagged response that comes while the command is under way."""
        for _ in range(20):
            index, line = self.hear_response()
            self.take(exchange, index)
            if word in line:
                return
        raise Unexpected(f"no {word!r}")

    def more(self, exchange, *lines):
        """The rest of a command behind a literal: lines as they are."""
        at = self.say(*lines)
        exchange.said = at + len(lines) - 1
        exchange.turns += 1
        self.own(exchange, *range(at, at + len(lines)))

    def append(self, exchange, lines):
        """A mail as a literal, and the end of the command."""
        self.more(exchange, *lines, b"")
        self.carry(exchange, sum(len(line) + 2 for line in lines), len(lines), "client")

    def fetch(self, what, mails):
        self.ask(f"FETCH {what}", "OK")
        self.messages_fetched += mails

    def login(self, user, password, want="OK"):
        self.greet()
        self.secret(password)
        self.ask(f"LOGIN {user} {password}", want)

    def logout(self):
        self.ask("LOGOUT", "OK")
        self.closed()
