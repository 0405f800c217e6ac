"""POP3 as a client speaks it on purpose: status lines, listings that end in a dot, challenges (RFC 1939, 2449, 5034)."""
from recorder import Talk


class Pop3(Talk):
    protocol = "pop3"

    def greet(self):
        self.reply(self.begin(None), "+OK")

    def reply(self, exchange, want):
        index, line = self.hear()
        code = line.split(b" ")[0].decode("ascii")
        status = {"+OK": "success", "-ERR": "failure", "+": "intermediate"}[code]
        exchange.answer(code, status, index, index, 1)
        self.own(exchange, index)
        self.must(exchange, code, want)

    def listing(self, exchange):
        """Lines up to the dot that ends them; the dot is no payload."""
        self.reply(exchange, "+OK")
        line = None
        while line != b".":
            index, line = self.hear()
            self.own(exchange, index)
            if line != b".":
                exchange.payload.append(index)
        exchange.ended, exchange.payload_from = index, "server"

    def ask_listing(self, text):
        exchange = self.send(text)
        self.listing(exchange)
        return exchange

    def retrieve(self, number):
        self.ask_listing(f"RETR {number}")
        self.messages_fetched += 1

    def login(self, user, password, want="+OK"):
        self.greet()
        self.ask(f"USER {user}", "+OK")
        self.secret(password)
        self.ask(f"PASS {password}", want)

    def quit(self):
        self.ask("QUIT", "+OK")
        self.closed()
