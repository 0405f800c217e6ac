"""The conversations with Dovecot's POP3 server. Mailboxes are as configs.py fills them; nothing is deleted for good."""
from configs import USERS
from scripts import talk
from smtp import b64, plain

ANN = USERS["ann"]


@talk("pop3", "login, STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP")
def all_commands(t):
    t.login("ann", ANN)
    t.ask("STAT", "+OK")
    t.ask_listing("LIST")
    t.ask("LIST 2", "+OK")
    t.ask_listing("UIDL")
    t.ask("UIDL 1", "+OK")
    for number in (1, 2, 3):
        t.retrieve(number)
    t.ask_listing("TOP 2 3")
    t.ask_listing("TOP 1 0")
    t.ask("DELE 1", "+OK")
    t.ask("RETR 1", "-ERR")
    t.ask("RSET", "+OK")
    t.ask("NOOP", "+OK")
    t.quit()


@talk("pop3", "a wrong password, then the right one")
def wrong(t):
    t.login("ann", "Not-Hunter-3", "-ERR")
    t.ask("USER ann", "+OK")
    t.secret(ANN)
    t.ask(f"PASS {ANN}", "+OK")
    t.quit()


@talk("pop3", "a password with blanks and quotes")
def blanks(t):
    t.login("bea", USERS["bea"])
    t.ask("STAT", "+OK")
    t.quit()


@talk("pop3", "nobody of that name")
def nobody(t):
    t.login("nemo", "Some-Secret-8", "-ERR")
    t.ask("STAT", "-ERR")
    t.quit()


@talk("pop3", "an empty mailbox")
def empty(t):
    t.login("cid", USERS["cid"])
    t.ask("STAT", "+OK")
    t.ask_listing("LIST")
    t.ask_listing("UIDL")
    t.ask("RETR 1", "-ERR")
    t.quit()


@talk("pop3", "CAPA before and after login")
def capa(t):
    t.greet()
    t.ask_listing("CAPA")
    t.ask("USER ann", "+OK")
    t.secret(ANN)
    t.ask(f"PASS {ANN}", "+OK")
    t.ask_listing("CAPA")
    t.quit()


@talk("pop3", "AUTH PLAIN with an initial response")
def auth_plain(t):
    t.greet()
    t.secret(plain("ann", ANN), ANN)
    t.ask("AUTH PLAIN " + plain("ann", ANN), "+OK")
    t.ask("STAT", "+OK")
    t.quit()


@talk("pop3", "AUTH PLAIN without an initial response")
def auth_plain_later(t):
    t.greet()
    exchange = t.ask("AUTH PLAIN", "+")
    t.turn(exchange, plain("ann", ANN))
    t.reply(exchange, "+OK")
    t.quit()


@talk("pop3", "AUTH LOGIN")
def auth_login(t):
    t.greet()
    exchange = t.ask("AUTH LOGIN", "+")
    t.turn(exchange, b64("ann"))
    t.reply(exchange, "+")
    t.secret(ANN)
    t.turn(exchange, b64(ANN))
    t.reply(exchange, "+OK")
    t.quit()


@talk("pop3", "AUTH with a wrong password, cancelled, unknown")
def auth_fails(t):
    t.greet()
    wrong = plain("ann", "Nor-Hunter-4")
    t.secret(wrong, "Nor-Hunter-4")
    t.ask("AUTH PLAIN " + wrong, "-ERR")
    exchange = t.ask("AUTH PLAIN", "+")
    t.turn(exchange, "*", secret=False)
    t.reply(exchange, "-ERR")
    t.ask("AUTH NONSENSE", "-ERR")
    t.quit()


@talk("pop3", "STLS")
def stls(t):
    t.greet()
    t.ask("STLS", "+OK")
    t.start_tls()
    t.ask_listing("CAPA")
    t.ask("USER ann", "+OK")
    t.secret(ANN)
    t.ask(f"PASS {ANN}", "+OK")
    t.retrieve(1)
    t.quit()


@talk("pop3", "pipelined")
def pipelined(t):
    t.login("ann", ANN)
    sent = t.pipeline("STAT", "LIST", "RETR 1", "RETR 2", "NOOP", "RETR 9", "UIDL", "QUIT")
    stat, listing, one, two, noop, nine, uidl, leave = sent
    t.reply(stat, "+OK")
    for exchange in (listing, one, two):
        t.listing(exchange)
    t.reply(noop, "+OK")
    t.reply(nine, "-ERR")
    t.listing(uidl)
    t.reply(leave, "+OK")
    t.messages_fetched += 2
    t.closed()


@talk("pop3", "login pipelined")
def login_pipelined(t):
    t.greet()
    t.secret(ANN)
    user, password, stat = t.pipeline("USER ann", f"PASS {ANN}", "STAT")
    for exchange in (user, password, stat):
        t.reply(exchange, "+OK")
    t.quit()


@talk("pop3", "unknown commands and wrong order")
def unknown(t):
    t.greet()
    t.ask("XNONSENSE", "-ERR")
    t.ask("STAT", "-ERR")
    t.ask("USER ann", "+OK")
    t.secret(ANN)
    t.ask(f"pass {ANN}", "+OK")
    t.ask("XNONSENSE", "-ERR")
    t.ask("RETR x", "-ERR")
    t.ask("DELE 77", "-ERR")
    t.quit()


@talk("pop3", "the client leaves within a long mail")
def leaves(t):
    t.login("dan", USERS["dan"])
    t.ask("STAT", "+OK")
    exchange = t.send("RETR 1")
    t.reply(exchange, "+OK")
    for _ in range(200):
        index, _ = t.hear()
        t.own(exchange, index)
        exchange.payload.append(index)
    exchange.payload_from, exchange.ended = "server", None
    t.drop()


@talk("pop3", "a long mail")
def long(t):
    t.login("dan", USERS["dan"])
    t.retrieve(1)
    t.quit()


@talk("pop3", "the client leaves after PASS")
def leaves_early(t):
    t.greet()
    t.ask("USER ann", "+OK")
    t.secret(ANN)
    t.send(f"PASS {ANN}")
    t.drop()


@talk("pop3", "only QUIT")
def only_quit(t):
    t.greet()
    t.quit()
