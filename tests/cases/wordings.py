#!/usr/bin/env python3
"""What servers say when they refuse, and the diagnosis that a person would make of it. Each row of TAKEN has the id, what the
reply answers, and replies. A row of LEFT looks as if it were the diagnosis that it names first, and is the other."""
import sys

sys.dont_write_bytecode = True
import tap
from talk import BYE, OUT, PLAIN, POP, SMTP, row

INBOX = ["S * OK IMAP4rev1 ready", "C a LOGIN ann secret", "S a OK in", "C b SELECT INBOX", "S b OK [READ-WRITE] done"]
TALKS = {
    "AUTH": SMTP + PLAIN,
    "token": SMTP + ["C AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
    "PASS": POP + ["C PASS x"],
    "POP3 token": POP[:1] + ["C AUTH XOAUTH2", "S +", "C dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
    "IMAP LOGIN": INBOX[:2],
    "IMAP token": INBOX[:1] + ["C a AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
}
TAKEN = [
    ("token-refused", "token", ["535 5.7.8 Username and Password not accepted. x - gsmtp", "535 5.7.3 Authentication unsuccessful"]),
    ("token-refused", "POP3 token", ["-ERR Authentication failure: unknown user name or bad password.", "-ERR The access token has expired"]),
    ("token-refused", "IMAP token", ["NO AUTHENTICATE failed.", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"]),
    ("app-password-needed", "AUTH", ["535 Login Fail. Please enter your authorization code to login.", "535 5.7.8 Bitte verwenden Sie das Passwort für E-Mail-Programme",
                                     "535 5.7.8 Bitte verwenden Sie das Passwort fuer E-Mail-Programme"]),
    ("app-password-needed", "PASS", ["-ERR [AUTH] Username and password not accepted."]),
    ("app-password-needed", "IMAP LOGIN", ["NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"]),
    ("account-closed", "AUTH", ["535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", "535 5.7.8 Das Konto ist gesperrt.",
                                "535 5.7.8 Your password is expired, please change it in webmail"]),
    ("account-closed", "PASS", ["-ERR [SYS/PERM] pop not allowed for user.", "-ERR POP3-Zugriff ist deaktiviert.", "-ERR [AUTH] Access via POP3 and IMAP is not activated",
                                "-ERR POP3 access denied. Please activate POP3 in your account settings", "-ERR [AUTH] Password expired, change it", "-ERR Compte bloqué",
                                "-ERR This account does not have POP3 access", "-ERR POP3 service not available for this user", "-ERR POP access not allowed",
                                "-ERR user not allowed to use POP3", "-ERR License expired"]),
    ("login-server-fault", "AUTH", ["535 5.7.0 authentication service unavailable"]),
    ("login-server-fault", "PASS", ["-ERR Server Unavailable. 15", "-ERR chdir ann failed", "-ERR unable to scan $HOME/Maildir", "-ERR this user has no $HOME/Maildir",
                                    "-ERR aack, child crashed", "-ERR Unable to open mailbox for ann", "-ERR cannot open mailbox ann", "-ERR Mailbox open failed",
                                    "-ERR could not connect to database", "-ERR LDAP server down", "-ERR authentication service not responding", "-ERR Service not available",
                                    "-ERR mailbox is corrupt", "-ERR Maildir: No such file or directory", "-ERR disk quota exceeded", "-ERR server error", "-ERR I/O error",
                                    "-ERR timeout waiting for authentication server", "-ERR Interner Serverfehler", "-ERR unavailable, please retry later"]),
    ("login-too-soon", "AUTH", ["535 5.7.8 Your IP address has been blocked due to too many failed login attempts", "421 4.7.0 Too many failed login attempts, try again later",
                                "535 5.7.0 (#AUTH005) Too many bad auth attempts."]),
    ("login-too-soon", "PASS", ["-ERR Sie koennen Ihre E-Mails nur alle 15 Minuten abrufen", "-ERR only one login per 10 minutes allowed", "-ERR login frequency exceeded",
                                "-ERR Zu viele Anmeldungen, bitte warten", "-ERR too many authentication failures, try later", "-ERR Too many wrong passwords, come back in 30 minutes",
                                "-ERR You have exceeded the maximum number of login attempts", "-ERR rate limit exceeded", "-ERR logins from your address are blocked for 10 minutes",
                                "-ERR you may check your mail every 15 minutes only"]),
    ("mailbox-locked", "PASS", ["-ERR Another session is active", "-ERR another POP3 session is active", "-ERR Mailbox is in use", "-ERR user already logged in",
                                "-ERR Other session in progress", "-ERR POP3 session already in progress", "-ERR maildrop in use", "-ERR lock file exists",
                                "-ERR Mailbox opened by another process", "-ERR Couldn't open INBOX: Timeout while waiting for lock",
                                "-ERR Postfach ist durch eine andere Sitzung belegt", "-ERR Boite verrouillee"]),
    ("login-denied", "PASS", ["-ERR mailbox does not exist", "-ERR not today, come back in spring"]),
]
LEFT = [
    ("account-closed", "login-denied", "PASS", "-ERR Ihre IP-Adresse ist gesperrt"),
    ("account-closed", "login-refused", "AUTH", "535 5.7.8 wrong password, it has expired or your IP address has"),
    ("login-server-fault", "login-refused", "PASS", "-ERR LDAP: invalid credentials"),
    ("login-server-fault", "login-refused", "PASS", "-ERR user ann not found in database"),
    ("login-too-soon", "login-refused", "PASS", "-ERR wrong password, you have 2 login attempts left"),
    ("mailbox-locked", "login-refused", "PASS", "-ERR wrong user, or session expired"),
    ("login-denied", "login-refused", "PASS", "-ERR no"),
    ("login-denied", "login-refused", "PASS", "-ERR Anmeldung fehlgeschlagen"),
]


def reads(what, wanted, answers, reply):
    told = f"a {reply}" if answers in ("IMAP LOGIN", "IMAP token", "APPEND", "COPY", "SELECT") else reply
    end = ["C z LOGOUT", "S * BYE", "S z OK"] if told != reply else OUT if reply[0] == "-" else [] if reply[:3] == "421" else BYE
    row(f"{what}: {answers}: {reply}", wanted, TALKS[answers] + [f"S {told} <=="] + end, style="new" if "IMAP" in answers or told[0] == "a" else "old")


for wanted, answers, replies in TAKEN:
    for reply in replies:
        reads(wanted, wanted, answers, reply)
for other, wanted, answers, reply in LEFT:
    reads(f"not {other} but {wanted}", wanted, answers, reply)

# A provider that takes no ordinary password, by its host.
for host in ("smtp.mail.me.com", "smtp.fastmail.com", "in.messagingengine.com"):
    row(f"app-password-needed: {host}", "app-password-needed", TALKS["AUTH"] + ["S 535 5.7.8 no <=="] + BYE, host=host)
row("not app-password-needed: some.example", "login-refused", TALKS["AUTH"] + ["S 535 5.7.8 no <=="] + BYE, host="acme.com")
# Of logins that failed too often here, the first of them tells why.
row("lockout after refusals", "login-refused", TALKS["AUTH"] + ["S 535 5.7.8 no <=="] + PLAIN + ["S 421 4.7.0 Too many authentication failures"], notes=["login-in-clear"])
tap.end()
