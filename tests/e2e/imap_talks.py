"""The conversations with Dovecot's IMAP server. What is appended goes to folders that the talk itself makes."""
from configs import USERS
from scripts import talk
from smtp import b64, plain

ANN = USERS["ann"]
NOTE = [b"Subject: note", b"", b"a literal of ours", b"a002 OK no reply", b"* BYE", b"+ go on"]
OCTETS = sum(len(line) + 2 for line in NOTE)


@talk("imap", "LOGIN bare, SELECT, FETCH, SEARCH, LOGOUT")
def plainly(t):
    t.login("ann", ANN)
    t.ask("SELECT INBOX", "OK")
    t.ask("FETCH 1:3 (FLAGS RFC822.SIZE)", "OK")
    t.ask("SEARCH ALL", "OK")
    t.ask("SEARCH SUBJECT two", "OK")
    t.ask("CLOSE", "OK")
    t.logout()


@talk("imap", "bodies as literals")
def bodies(t):
    t.login("ann", ANN)
    t.ask("EXAMINE INBOX", "OK")
    t.fetch("1 BODY.PEEK[]", 1)
    t.ask("FETCH 1:3 (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT])", "OK")
    t.ask("FETCH 9 BODY[]", "BAD")
    t.logout()


@talk("imap", "LOGIN quoted")
def quoted(t):
    password = USERS["bea"].replace("\\", "\\\\").replace('"', '\\"')
    t.greet()
    t.secret("Sw0rd", "fish")
    t.ask(f'LOGIN "bea" "{password}"', "OK")
    t.logout()


@talk("imap", "LOGIN with literals")
def literals(t):
    t.greet()
    exchange = t.ask("LOGIN {3}", "+")
    t.more(exchange, b"ann {%d}" % len(ANN))
    t.reply(exchange, "+")
    t.secret(ANN)
    t.more(exchange, ANN.encode())
    t.reply(exchange, "OK")
    t.logout()


@talk("imap", "LOGIN with literals that wait for nothing")
def literals_plus(t):
    t.greet()
    t.secret(ANN)
    exchange = t.send("LOGIN {3+}")
    t.more(exchange, b"ann {%d+}" % len(ANN))
    t.more(exchange, ANN.encode())
    t.reply(exchange, "OK")
    t.logout()


@talk("imap", "LOGIN with a wrong password, then the right one")
def wrong(t):
    t.login("ann", "Not-Hunter-3", "NO")
    t.secret(ANN)
    t.ask(f"LOGIN ann {ANN}", "OK")
    t.logout()


@talk("imap", "AUTHENTICATE PLAIN with an initial response")
def initial(t):
    t.greet()
    t.secret(plain("ann", ANN), ANN)
    t.ask("AUTHENTICATE PLAIN " + plain("ann", ANN), "OK")
    t.logout()


@talk("imap", "AUTHENTICATE PLAIN without an initial response")
def later(t):
    t.greet()
    exchange = t.ask("AUTHENTICATE PLAIN", "+")
    t.turn(exchange, plain("ann", ANN))
    t.reply(exchange, "OK")
    t.logout()


@talk("imap", "AUTHENTICATE LOGIN")
def login(t):
    t.greet()
    exchange = t.ask("AUTHENTICATE LOGIN", "+")
    t.turn(exchange, b64("ann"))
    t.reply(exchange, "+")
    t.secret(ANN)
    t.turn(exchange, b64(ANN))
    t.reply(exchange, "OK")
    t.logout()


@talk("imap", "AUTHENTICATE with a wrong password, cancelled, unknown")
def fails(t):
    t.greet()
    wrong_one = plain("ann", "Nor-Hunter-4")
    t.secret(wrong_one, "Nor-Hunter-4")
    t.ask("AUTHENTICATE PLAIN " + wrong_one, "NO")
    exchange = t.ask("AUTHENTICATE PLAIN", "+")
    t.turn(exchange, "*", secret=False)
    t.reply(exchange, "BAD")
    t.ask("AUTHENTICATE NONSENSE", "NO")
    t.logout()


@talk("imap", "APPEND with a literal")
def append(t):
    t.login("ann", ANN)
    t.ask("CREATE Sent", "OK")
    exchange = t.ask("APPEND Sent (\\Seen) {%d}" % OCTETS, "+")
    t.append(exchange, NOTE)
    t.reply(exchange, "OK")
    t.ask("SELECT Sent", "OK")
    t.fetch("1 BODY[]", 1)
    t.ask("CLOSE", "OK")
    t.ask("DELETE Sent", "OK")
    t.logout()


@talk("imap", "APPEND with a literal that waits for nothing")
def append_plus(t):
    t.login("ann", ANN)
    t.ask("CREATE Plus", "OK")
    exchange = t.send("APPEND Plus {%d+}" % OCTETS)
    t.append(exchange, NOTE)
    t.reply(exchange, "OK")
    t.ask("APPEND Nowhere {9999999}", "NO")
    t.ask("DELETE Plus", "OK")
    t.logout()


@talk("imap", "IDLE while mail arrives")
def idle(t):
    t.login("cid", USERS["cid"])
    t.ask("SELECT INBOX", "OK")
    exchange = t.ask("IDLE", "+")
    t.deliver("cid", "1500000001.M1P1.e2e", "Subject: new\n\nfresh\n")
    t.await_line(exchange, b"EXISTS")
    t.more(exchange, b"DONE")
    t.reply(exchange, "OK")
    t.ask("STORE 1 +FLAGS (\\Deleted)", "OK")
    t.ask("EXPUNGE", "OK")
    t.logout()


@talk("imap", "tags pipelined")
def pipelined(t):
    t.login("ann", ANN)
    sent = t.pipeline("EXAMINE INBOX", "FETCH 1 BODY.PEEK[]", "SEARCH UNSEEN", "NOOP", "FETCH 77 FLAGS")
    t.replies(sent, "OK", "OK", "OK", "OK", "BAD")
    t.messages_fetched += 1
    t.logout()


@talk("imap", "STARTTLS")
def starttls(t):
    t.greet()
    t.ask("STARTTLS", "OK")
    t.start_tls()
    t.ask("CAPABILITY", "OK")
    t.secret(ANN)
    t.ask(f"LOGIN ann {ANN}", "OK")
    t.ask("SELECT INBOX", "OK")
    t.logout()


@talk("imap", "CAPABILITY, ID, NAMESPACE, LIST, LSUB, STATUS, ENABLE")
def others(t):
    t.greet()
    t.ask("CAPABILITY", "OK")
    t.ask("ID NIL", "OK")
    t.secret(ANN)
    t.ask(f"LOGIN ann {ANN}", "OK")
    t.ask("NAMESPACE", "OK")
    t.ask('LIST "" "*"', "OK")
    t.ask('LSUB "" "*"', "OK")
    t.ask("STATUS INBOX (MESSAGES UNSEEN)", "OK")
    t.ask("ENABLE CONDSTORE", "OK")
    t.logout()


@talk("imap", "commands that are none, and in the wrong state")
def bad(t):
    t.greet()
    t.ask("SELECT INBOX", "BAD")
    t.ask("NONSENSE", "BAD")
    t.secret(ANN)
    t.ask(f"LOGIN ann {ANN}", "OK")
    t.ask("NONSENSE now", "BAD")
    t.ask("FETCH 1 FLAGS", "BAD")
    t.ask("SELECT Nowhere", "NO")
    t.ask("FETCH", "BAD")
    t.logout()


@talk("imap", "UID commands, STORE, COPY, EXPUNGE")
def uids(t):
    t.login("ann", ANN)
    t.ask("CREATE Copy", "OK")
    t.ask("SELECT INBOX", "OK")
    t.ask("UID SEARCH ALL", "OK")
    t.ask("UID FETCH 1:* (FLAGS)", "OK")
    t.ask("COPY 1:2 Copy", "OK")
    t.ask("SELECT Copy", "OK")
    t.ask("STORE 1:* +FLAGS.SILENT (\\Deleted)", "OK")
    t.ask("EXPUNGE", "OK")
    t.ask("UNSELECT", "OK")
    t.ask("DELETE Copy", "OK")
    t.logout()


@talk("imap", "an empty mailbox")
def empty(t):
    t.login("cid", USERS["cid"])
    t.ask("SELECT INBOX", "OK")
    t.ask("SEARCH ALL", "OK")
    t.ask("UID FETCH 1:* FLAGS", "OK")
    t.logout()


@talk("imap", "the client leaves after a command")
def leaves(t):
    t.login("ann", ANN)
    t.send("SELECT INBOX")
    t.drop()


@talk("imap", "only LOGOUT")
def only_logout(t):
    t.greet()
    t.logout()
