"""Mails that Postfix and Exim take: how they are announced, pipelined, chunked, and what they hold."""
from scripts import MAIL, both, talk


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


@talk("postfix", "a mail of 2 MB")
def big(t):
    t.hello()
    t.ask("MAIL FROM:<me@client.example> SIZE=2100000", "250")
    t.ask("RCPT TO:<ann@e2e.example>", "250")
    t.data(MAIL[:4] + [b"%06d " % number + b"abcdefghij" * 7 for number in range(26000)])
    t.quit()
