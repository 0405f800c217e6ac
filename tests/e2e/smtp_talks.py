"""The conversations with Postfix and Exim. Each provokes one thing on purpose and says which codes it wants; what
the servers are told is in configs.py."""
import hmac
import base64

from configs import USERS
from smtp import b64, plain

TALKS = []  # (name, port, what is said)
MAIL = [b"From: me@client.example", b"To: ann@e2e.example", b"Subject: hello", b"", b"Hello Ann."]
ANN = USERS["ann"]


def talk(port, name):
    def add(script):
        TALKS.append((f"{port}: {name}", port, script))
        return script
    return add


def both(name):
    """Said to Postfix and to Exim alike; the script is told a domain that is theirs."""
    def add(script):
        for port, domain in (("postfix", "e2e.example"), ("exim", "exim.example")):
            TALKS.append((f"{port}: {name}", port, lambda t, domain=domain: script(t, domain)))
        return script
    return add


@both("a mail")
def a_mail(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("HELO")
def helo(t, domain):
    t.greet()
    t.ask("HELO client.example", "250")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("pipelining, one recipient refused, one deferred")
def pipelined(t, domain):
    t.hello()
    sent = t.pipeline("MAIL FROM:<me@client.example>", f"RCPT TO:<ann@{domain}>", f"RCPT TO:<never@{domain}>",
                      f"RCPT TO:<later@{domain}>", f"RCPT TO:<bea@{domain}>", "DATA")
    later = "450" if domain == "e2e.example" else "451"
    t.replies(sent, "250", "250", "550", later, "250", "354")
    t.body(sent[-1], MAIL)
    t.reply(sent[-1], "250")
    t.messages_sent += 1
    t.quit()


@both("pipelining, every recipient refused, DATA too")
def all_refused(t, domain):
    t.hello()
    sent = t.pipeline("MAIL FROM:<me@client.example>", f"RCPT TO:<never@{domain}>", f"RCPT TO:<never@{domain}>", "DATA")
    t.replies(sent, "250", "550", "550", "554" if domain == "e2e.example" else "503")
    t.ask("RSET", "250")
    t.quit()


@both("relay refused")
def relay(t, domain):
    t.hello()
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.ask("RCPT TO:<far@away.example>", "454" if domain == "e2e.example" else "550")
    t.ask("RSET", "250")
    t.quit()


@both("commands in the wrong order")
def wrong_order(t, domain):
    t.hello()
    t.ask(f"RCPT TO:<ann@{domain}>", "503")
    t.ask("DATA", "503")
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.ask("MAIL FROM:<me@client.example>", "503")
    t.ask("RSET", "250")
    t.quit()


@both("an unknown command")
def unknown(t, domain):
    t.hello()
    t.ask("XNONSENSE now", "500")
    t.ask("NOOP", "250")
    t.quit()


@both("arguments that are none")
def arguments(t, domain):
    t.hello()
    t.ask("MAIL FROM:me@", "501")
    t.ask("MAIL FROM:<me@client.example> NONSENSE=1", "555" if domain == "e2e.example" else "501")
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.ask("RCPT", "501" if domain == "e2e.example" else "500")
    t.quit()


@both("SIZE refused")
def size(t, domain):
    t.hello()
    t.ask("MAIL FROM:<me@client.example> SIZE=90000000", "552")
    t.ask(f"MAIL FROM:<me@client.example> SIZE={sum(len(line) + 2 for line in MAIL)}", "250")
    t.ask(f"RCPT TO:<ann@{domain}>", "250")
    t.data(MAIL)
    t.quit()


@both("dots doubled, lines that look like talk")
def dots(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data([b"Subject: dots", b"", b".", b"..", b".. two", b"QUIT", b"250 ok", b"AUTH PLAIN me", b"RSET", b"", b"...", b"end"])
    t.quit()


@both("an empty body")
def empty(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data([])
    t.envelope(f"ann@{domain}")
    t.data([b""])
    t.quit()


@both("odd bytes and long lines")
def odd(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data([b"Subject: odd", b"", b"\xe4\xf6\xfc\xff", b"\t tab", "grün €".encode(), b"x" * 990, b"<cr><lf>", b" "])
    t.quit()


@both("refused after the body")
def refused(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data([b"Subject: refuse this", b"", b"spam"], "550")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("three mails, RSET between")
def three(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.ask("RSET", "250")
    t.envelope(f"bea@{domain}", "")
    t.data(MAIL + [b"again"])
    t.ask("RSET", "250")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("mails pipelined across the dot")
def across(t, domain):
    t.hello()
    first = t.pipeline("MAIL FROM:<me@client.example>", f"RCPT TO:<ann@{domain}>", "DATA")
    t.replies(first, "250", "250", "354")
    t.body(first[-1], MAIL)
    second = t.pipeline("MAIL FROM:<me@client.example>", f"RCPT TO:<bea@{domain}>", "DATA")
    t.replies([first[-1], *second], "250", "250", "250", "354")
    t.body(second[-1], MAIL)
    last = t.send("QUIT")
    t.replies([second[-1], last], "250", "221")
    t.messages_sent += 2
    t.closed()


@both("text before the 354")
def early(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    at = t.say(b"DATA", *MAIL, b".")
    exchange = t.begin("DATA")
    exchange.asked = at
    t.own(exchange, at)
    t.sent_body(exchange, at + 1, len(MAIL) + 1)
    t.replies([exchange] * 2, "354", "250")
    t.messages_sent += 1
    t.quit()


@both("chunks")
def chunks(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.reply(t.chunk(MAIL), "250")
    t.reply(t.chunk([b"more", b".", b"..", b"QUIT"]), "250")
    t.reply(t.chunk([b"the end"], last=True), "250")
    t.envelope(f"ann@{domain}")
    t.reply(t.chunk(MAIL), "250")
    t.reply(t.chunk([], last=True), "250")
    t.messages_sent += 2
    t.quit()


@both("chunks pipelined")
def chunks_pipelined(t, domain):
    t.hello()
    sent = t.pipeline("MAIL FROM:<me@client.example>", f"RCPT TO:<ann@{domain}>")
    sent += [t.chunk(MAIL), t.chunk([b"more"]), t.chunk([b"last"], last=True)]
    t.replies(sent, *["250"] * 5)
    t.messages_sent += 1
    t.quit()


@both("a chunk without an envelope")
def chunk_alone(t, domain):
    t.hello()
    t.reply(t.chunk(MAIL, last=True), "503")
    t.ask("NOOP", "250")
    t.quit()


@both("AUTH PLAIN with an initial response")
def auth_plain(t, domain):
    t.hello()
    t.secret(plain("ann", ANN), ANN)
    t.ask("AUTH PLAIN " + plain("ann", ANN), "235")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("AUTH PLAIN without an initial response")
def auth_plain_later(t, domain):
    t.hello()
    exchange = t.ask("AUTH PLAIN", "334")
    t.turn(exchange, plain("ann", ANN))
    t.reply(exchange, "235")
    t.quit()


def auth_login(t, password, want):
    exchange = t.ask("AUTH LOGIN", "334")
    t.turn(exchange, b64("ann"))
    t.reply(exchange, "334")
    t.secret(password)
    t.turn(exchange, b64(password))
    t.reply(exchange, want)


@both("AUTH LOGIN")
def login(t, domain):
    t.hello()
    auth_login(t, ANN, "235")
    t.quit()


@both("AUTH LOGIN with the user in the command")
def login_initial(t, domain):
    t.hello()
    t.secret(b64("ann"))
    exchange = t.ask("AUTH LOGIN " + b64("ann"), "334")
    t.secret(ANN)
    t.turn(exchange, b64(ANN))
    t.reply(exchange, "235")
    t.quit()


@both("wrong passwords, then the right one")
def wrong_password(t, domain):
    t.hello()
    auth_login(t, "Not-Hunter-3", "535")
    wrong = plain("ann", "Nor-Hunter-4")
    t.secret(wrong, "Nor-Hunter-4")
    t.ask("AUTH PLAIN " + wrong, "535")
    auth_login(t, ANN, "235")
    t.quit()


@both("AUTH cancelled")
def cancelled(t, domain):
    t.hello()
    exchange = t.ask("AUTH LOGIN", "334")
    t.turn(exchange, "*", secret=False)
    t.reply(exchange, "501")
    exchange = t.ask("AUTH LOGIN", "334")
    t.turn(exchange, b64("ann"))
    t.reply(exchange, "334")
    t.turn(exchange, "*", secret=False)
    t.reply(exchange, "501")
    t.ask("NOOP", "250")
    t.quit()


@both("AUTH with a mechanism nobody has, and twice")
def mechanism(t, domain):
    t.hello()
    t.secret("bm9uc2Vuc2U=", plain("ann", ANN), ANN)
    t.ask("AUTH NONSENSE bm9uc2Vuc2U=", "535" if domain == "e2e.example" else "504")
    t.ask("AUTH PLAIN " + plain("ann", ANN), "235")
    t.ask("AUTH PLAIN " + plain("ann", ANN), "503")
    t.quit()


@talk("postfix", "AUTH CRAM-MD5")
def cram(t):
    t.hello()
    exchange = t.ask("AUTH CRAM-MD5", "334")
    challenge = t.events[-1].data[4:].decode("ascii")
    digest = hmac.new(ANN.encode(), base64.b64decode(challenge), "md5").hexdigest()
    t.secret(challenge, digest)
    t.turn(exchange, b64(f"ann {digest}"))
    t.reply(exchange, "235")
    t.quit()


@both("STARTTLS")
def starttls(t, domain):
    t.hello()
    t.ask("STARTTLS", "220")
    t.start_tls()
    t.ask("EHLO client.example", "250")
    auth_login(t, ANN, "235")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("VRFY, NOOP, HELP, EXPN, ETRN")
def others(t, domain):
    t.hello()
    ours = domain == "e2e.example"
    t.ask(f"VRFY ann@{domain}", "252" if ours else "550")
    t.ask("NOOP nothing", "250")
    t.ask("HELP", "500" if ours else "214")
    t.ask(f"EXPN staff@{domain}", "500" if ours else "550")
    t.ask("ETRN away.example", "459" if ours else "458")
    t.quit()


@both("lower case, blanks where none belong")
def loose(t, domain):
    t.greet()
    t.ask("ehlo client.example", "250")
    t.ask("mail from: <me@client.example>", "250")
    t.ask(f"rcpt to: <ann@{domain}>", "250")
    t.data(MAIL)
    t.ask("quit", "221")
    t.closed()


@both("the client leaves within a body")
def leaves_in_body(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    exchange = t.ask("DATA", "354")
    t.half_a_body(exchange, MAIL)
    t.drop()


@both("the client leaves after a command")
def leaves(t, domain):
    t.hello()
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.send(f"RCPT TO:<ann@{domain}>")
    t.drop()


@both("the client says nothing but QUIT")
def only_quit(t, domain):
    t.greet()
    t.quit()


@talk("postfix", "a mail of 2 MB")
def big(t):
    t.hello()
    t.ask("MAIL FROM:<me@client.example> SIZE=2100000", "250")
    t.ask("RCPT TO:<ann@e2e.example>", "250")
    t.data(MAIL[:4] + [b"%06d " % number + b"abcdefghij" * 7 for number in range(26000)])
    t.quit()


@talk("strict", "too big, seen at the end of the body")
def too_big(t):
    t.hello()
    t.envelope("ann@e2e.example")
    t.data([b"Subject: big", b""] + [b"0123456789" * 7] * 400, "552")
    t.ask("MAIL FROM:<me@client.example> SIZE=30000", "552")
    t.quit()


@talk("exim", "too big, and postponed, seen at the end of the body")
def postponed(t):
    t.hello()
    t.envelope("ann@exim.example")
    t.data([b"Subject: big", b""] + [b"0123456789" * 7] * 900, "552")
    t.envelope("ann@exim.example")
    t.data([b"Subject: postpone this", b"", b"x"], "451")
    t.quit()


@talk("postfix", "a full mailbox")
def full(t):
    t.hello()
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.ask("RCPT TO:<full@e2e.example>", "452")
    t.ask("RCPT TO:<nobody@e2e.example>", "550")
    t.quit()


@talk("strict", "a 421 because the client says nothing")
def idle(t):
    t.hello()
    t.ask("MAIL FROM:<me@client.example>", "250")
    t.unsolicited("421")
    t.closed()


@talk("strict", "a 421 within a body")
def idle_in_body(t):
    t.hello()
    t.envelope("ann@e2e.example")
    exchange = t.ask("DATA", "354")
    t.half_a_body(exchange, MAIL)
    t.reply(exchange, "421")
    t.closed()


@talk("strict", "a 421 because of too many errors")
def errors(t):
    t.greet()
    t.ask("MAIL FROM:<me@client.example>", "503")
    t.ask("XNONSENSE", "500")
    t.ask("XNONSENSE", "500")
    t.unsolicited("421")
    t.closed()


@talk("refusing", "a greeting that refuses")
def refusing(t):
    t.greet("554")
    t.ask("EHLO client.example", "503")
    t.quit()


@talk("closed", "a greeting of two lines that refuses")
def closed(t):
    t.greet("550")
    t.closed()
