"""What Postfix and Exim refuse, put off or do not understand, and talks that break off. What they are told to refuse is
in configs.py."""
from scripts import MAIL, both, talk


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


@both("refused after the body")
def refused(t, domain):
    t.hello()
    t.envelope(f"ann@{domain}")
    t.data([b"Subject: refuse this", b"", b"spam"], "550")
    t.envelope(f"ann@{domain}")
    t.data(MAIL)
    t.quit()


@both("a chunk without an envelope")
def chunk_alone(t, domain):
    t.hello()
    t.reply(t.chunk(MAIL, last=True), "503")
    t.ask("NOOP", "250")
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
