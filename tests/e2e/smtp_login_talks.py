"""Logins to Postfix (by Dovecot) and Exim, right, wrong and cancelled, and STARTTLS."""
import base64
import hmac

from configs import USERS
from scripts import MAIL, both, talk
from smtp import b64, plain

ANN = USERS["ann"]


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
