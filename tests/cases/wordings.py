#!/usr/bin/env python3
"""What servers say when they refuse, and the diagnosis that a person would make of it. Each row of TAKEN has the id, what the
reply answers, and replies. A row of LEFT looks as if it were the diagnosis that it names first, and is the other."""
import sys

sys.dont_write_bytecode = True
import tap
from talk import BODY, BYE, LOGIN, MAIL, OUT, PLAIN, POP, SMTP, row

IN = SMTP + LOGIN + ["S 235 in"]
INBOX = ["S * OK IMAP4rev1 ready", "C a LOGIN ann secret", "S a OK in", "C b SELECT INBOX", "S b OK [READ-WRITE] done"]
TALKS = {
    "greeting": [],
    "AUTH": SMTP + PLAIN,
    "token": SMTP + ["C AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
    "MAIL": SMTP + MAIL[:1],
    "MAIL, logged in": IN + MAIL[:1],
    "RCPT": ["S 220 mx", "C EHLO me", "S 250 mx"] + MAIL[:2] + ["C RCPT TO:<a@b>"],
    "RCPT, login offered": SMTP + MAIL[:2] + ["C RCPT TO:<a@b>"],
    "RCPT, logged in": IN + MAIL[:2] + ["C RCPT TO:<a@b>"],
    "dot": SMTP + MAIL + BODY + ["C ."],
    "USER": POP[:2],
    "PASS": POP + ["C PASS x"],
    "POP3 token": POP[:1] + ["C AUTH XOAUTH2", "S +", "C dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
    "IMAP LOGIN": INBOX[:2],
    "IMAP token": INBOX[:1] + ["C a AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="],
    "APPEND": INBOX + ["C a APPEND Sent {5}", "S + go", "C hello"],
    "COPY": INBOX + ["C a COPY 1 Archive"],
    "SELECT": INBOX + ["C a SELECT Archive"],
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
    ("tls-required", "AUTH", ["530 A SSL/TLS-connection is required for authentication."]),
    ("tls-required", "USER", ["-ERR A SSL/TLS-connection is required for authentication.", "-ERR Plaintext logins disabled", "-ERR Plain text logins are disabled",
                              "-ERR Unencrypted login not allowed", "-ERR must use encryption", "-ERR [AUTH] USER command only available under a layer",
                              "-ERR Login without TLS is not allowed", "-ERR Please use an encrypted connection", "-ERR Verschlüsselte Verbindung erforderlich"]),
    ("tls-required", "IMAP LOGIN", ["NO Plaintext login disallowed", "NO [ALERT] Unencrypted logins disabled", "NO LOGIN not allowed without TLS",
                                    "BAD LOGIN disabled until TLS is active", "NO Login only available under a layer"]),
    ("tls-required", "MAIL", ["550 5.7.1 Encrypted connection required"]),
    ("login-required", "RCPT, login offered", ["553 5.7.1 <ann@b.example>: Sender address rejected: not logged in", "550 5.7.0 Need to authenticate via SMTP-AUTH-Login {mp030}",
                                               "550 5.7.1 smtp auth required", "550 SMTP AUTH is required for this server", "550 sender must be authenticated",
                                               "550 5.7.1 Anonymous access denied", "553 sorry, you must check your mail before sending", "554 5.7.1 Please authenticate",
                                               "550 5.7.0 Anmeldung erforderlich (SMTP-AUTH)", "550 Authentification requise", "550 5.7.1 Sender domain requires SMTP AUTH",
                                               "554 5.7.1 <host.b.example[192.0.2.9]>: Client host rejected: Access denied"]),
    ("sending-limit", "AUTH", ["451 Authentication failed: Maximum credits exceeded"]),
    ("sending-limit", "MAIL, logged in", ["450 4.7.1 Error: too much mail from 192.0.2.9", "450 Mail send limit exceeded."]),
    ("sending-limit", "RCPT, logged in", ["450 4.7.1 <b@y>: Recipient address rejected: Policy Rejection- Quota exceeded.", "550 Sender quota exceeded",
                                          "550 Message count quota exceeded: 300 per hour", "452 Hourly message quota exceeded", "552 Your outgoing mail quota for today is used up",
                                          "550 5.7.1 Throttling: user quota for sending reached", "550 Tageslimit fuer ausgehende Mails erreicht",
                                          "550 5.7.1 Too many messages sent today", "421 4.7.0 Rate limit exceeded", "450 4.7.1 You are sending too fast",
                                          "554 5.7.1 Message rate exceeded for your account", "451 4.7.1 Error: ratelimited",
                                          "550 You have exceeded the maximum number of recipients per day",
                                          "550 5.7.1 You have reached the maximum number of messages per hour, try later"]),
    ("sending-limit", "dot", ["550 Domain b.example has exceeded the max emails per hour (500/500 (100%)) allowed. Message discarded.",
                              "550 Domain b.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed.",
                              "550 5.7.1 You have exceeded your hourly message quota"]),
    ("own-mailbox-full", "MAIL, logged in", ["552 5.2.2 Your mailbox is over quota. Delete messages before you send", "552 5.2.2 Ihr Postfach ist voll, Versand nicht moeglich (quota)"]),
    ("own-mailbox-full", "APPEND", ["NO [OVERQUOTA] Quota exceeded", "NO Over quota"]),
    ("own-mailbox-full", "COPY", ["NO [OVERQUOTA] Quota exceeded", "NO Over quota"]),
    ("mailbox-full", "RCPT", ["550 5.2.2 Mailbox size limit exceeded", "452 4.2.2 The mailbox exceeds its maximum size", "452 Postfach des Empfaengers ist voll",
                              "452 Postfach ist voll", "452 4.2.0 Boite aux lettres pleine"]),
    ("mailbox-full", "dot", ["550 5.2.2 user mailbox exceeds size limit", "552 Mailbox exceeds its maximum size"]),
    ("address-blocked", "greeting", ["554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.9"]),
    ("address-blocked", "MAIL", ["421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due to unexpected volume or user complaints",
                                 "550 5.7.511 Access denied, banned sender[192.0.2.9]. To request removal from this list"]),
    ("address-blocked", "RCPT", ["554 5.7.1 <host.b.example[192.0.2.9]>: Client host rejected: Access denied", "550 5.7.1 Client host rejected: Dynamic IP not accepted, use your provider's relay",
                                 "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
                                 "550 Your IP 192.0.2.9 is listed on UCEPROTECT-Level 2.", "554 Mail from 192.0.2.9 refused: Barracuda Reputation, see http://www.barracudanetworks.com/reputation/?r=1",
                                 "550 5.7.1 Service unavailable; client [192.0.2.9] blocked using b.barracudacentral.org"]),
    ("address-blocked", "RCPT, logged in", ["554 5.7.1 <host.b.example[192.0.2.9]>: Client host rejected: Access denied"]),
    ("address-blocked", "dot", ["550 5.7.1 Your IP is banned"]),
    ("reverse-name-missing", "greeting", ["554 Bad DNS PTR resource record.", "554 For explanation visit https://www.gmx.net/mail/senderguidelines?c=rdns&i=ip&v=192.0.2.9"]),
    ("too-many-connections", "greeting", ["421 4.7.0 mx Too many open connections."]),
    ("sender-policy", "RCPT", ["550 SPF check failed.", "501 SPF Sender Invalid - envelope rejected", "550 5.7.1 <b@y>: Recipient address rejected: Please see http://www.openspf.org/Why?id=a"]),
    ("sender-policy", "dot", ["550 5.7.1 spf=pass dkim=none dmarc=fail: rejected", "550 5.7.26 DKIM = did not pass: spam"]),
    ("message-taken-for-spam", "dot", ["550 5.7.1 Blocked by SpamAssassin, score 12.3: BAYES_99 SPF_PASS DKIM_VALID", "550 5.7.1 Message rejected as spam (SPF pass, score 9.1)",
                                       "554 5.7.1 Message contains a URL listed in dbl.spamhaus.org", "554 spamscore:12.5", "554 mx.b.example: spam.", "554 virus.b.example: Virus found"]),
    ("hello-name-refused", "RCPT", ["554 5.7.1 Service unavailable; Helo command [pc.b.example] blocked using dbl.spamhaus.org"]),
    ("sender-refused", "RCPT", ["554 5.7.1 Service unavailable; Sender address [ann@b.example] blocked using dbl.spamhaus.org", "550 5.7.1 <ann@b.example>: Sender address rejected: blacklisted",
                                "550 5.7.1 Your domain b.example is blacklisted", "550 5.7.1 Service unavailable, MailFrom domain is listed in Spamhaus.",
                                "550 5.7.1 sender is on the recipient's block list"]),
    ("sender-refused", "MAIL, logged in", ["550 5.7.1 Your account has been blocked for sending spam"]),
    ("sender-refused", "dot", ["550 Sender address is not allowed.", "554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b",
                               "550 The from address does not match a verified Sender Identity.", "550 5.7.1 From header address not authorized for this account",
                               "550 5.7.1 Sender has been blocked by the recipient"]),
    ("recipient-unknown", "dot", ["550 5.1.1 no", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
                                  "550 permanent failure for one or more recipients (bob@y.example:550 5.1.1 User unknown)",
                                  "554 delivery error: dd This user doesn't have a yahoo.com account (bob@yahoo.com) [0]"]),
    ("recipient-unknown", "RCPT", ["450 4.1.2 <a@b>: Recipient address rejected: Domain not found", "450 unknown user, try later", "550 unknown user (not in relay recipient map)"]),
    ("folder-missing", "SELECT", ["NO Mailbox does not exist, or must be subscribed to."]),
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
    ("tls-required", "message-refused", "dot", "550 unencrypted personal data in the message"),
    ("tls-required", "message-refused", "dot", "550 Verschlüsselter Anhang"),
    ("login-required", "sender-policy", "dot", "550 mail must be authenticated with SPF or DKIM"),
    ("login-required", "message-refused", "dot", "550 the origin could not be authenticated"),
    ("sending-limit", "message-refused", "dot", "550 message rated as junk"),
    ("sending-limit", "recipient-deferred", "RCPT", "450 4.2.1 rate limit exceeded for this mailbox"),
    ("sending-limit", "mailbox-full", "RCPT", "552 5.2.2 over quota"),
    ("own-mailbox-full", "mailbox-full", "RCPT, logged in", "552 5.2.2 over quota"),
    ("own-mailbox-full", "mailbox-full", "dot", "552 5.2.2 over quota"),
    ("own-mailbox-full", "mailbox-refused", "COPY", "NO [NOPERM] no"),
    ("mailbox-full", "message-too-big", "dot", "552 5.2.3 message too large for this mailbox"),
    ("mailbox-full", "message-too-big", "RCPT", "552 5.3.4 Message size exceeds fixed limit"),
    ("address-blocked", "recipient-refused", "RCPT", "550 The mailbox has been blocked due to inactivity"),
    ("address-blocked", "recipient-deferred", "RCPT", "451 4.3.0 barracuda.b.example: temporary lookup failure"),
    ("address-blocked", "server-busy", "greeting", "421 barracuda.b.example Service not available"),
    ("address-blocked", "greylisted", "RCPT", "450 4.7.1 <h[192.0.2.9]>: Client host rejected: Greylisted"),
    ("address-blocked", "reverse-name-missing", "RCPT", "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.9]"),
    ("address-blocked", "message-refused", "dot", "554 5.7.1 The file invoice.exe has been blocked by our policy"),
    ("sender-policy", "recipient-refused", "RCPT", "550 not so: spf=pass dkim=pass"),
    ("message-taken-for-spam", "message-refused", "dot", "554 5.6.0 spamfilter.b.example: Message has malformed MIME headers"),
    ("message-taken-for-spam", "message-deferred", "dot", "452 4.3.0 antispam3.b.example has no queue for it now"),
    ("message-taken-for-spam", "message-refused", "dot", "554 5.3.0 virus scanner failure, message not accepted"),
    ("message-taken-for-spam", "message-deferred", "dot", "451 4.3.0 Virus scanner crashed, try again"),
    ("relay-denied", "recipient-deferred", "RCPT", "451 4.4.1 Relay host unreachable, try later"),
    ("relay-denied", "recipient-deferred", "RCPT", "450 mail relay is busy"),
    ("relay-denied", "recipient-deferred", "RCPT", "451 relay timed out while checking the recipient"),
    ("relay-denied", "recipient-unknown", "RCPT", "550 User unknown; relay domain mx knows no such mailbox"),
    ("recipient-deferred", "relay-denied", "RCPT", "454 4.7.1 <a@b>: Relay access denied"),
    ("recipient-refused", "relay-denied", "RCPT", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ("recipient-unknown", "recipient-deferred", "RCPT", "451 4.3.0 <b@y>: Temporary lookup failure: table not found"),
    ("recipient-unknown", "recipient-deferred", "RCPT", "450 4.7.1 sender not known yet, please try again in 5 minutes"),
    ("recipient-unknown", "message-refused", "dot", "550 Message-ID not found"),
    ("recipient-unknown", "message-refused", "APPEND", "NO Mailbox does not exist"),
    ("recipient-unknown", "message-deferred", "dot", "451 4.1.1 user unknown for now"),
    ("sender-refused", "message-refused", "dot", "550 5.7.1 senderbase has no score"),
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
# What OpenSSL says in a remark.
row("tls-failed: a key", "tls-failed", ["! [!] error:141A318A:SSL routines:tls_process_ske_dhe:dh key too small <=="], style="new")
# Of logins that failed too often here, the first of them tells why.
row("lockout after refusals", "login-refused", TALKS["AUTH"] + ["S 535 5.7.8 no <=="] + PLAIN + ["S 421 4.7.0 Too many authentication failures"], notes=["login-in-clear"])
tap.end()
