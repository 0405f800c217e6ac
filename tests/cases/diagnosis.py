#!/usr/bin/env python3
"""Small sessions and what a person would say is wrong with them. Each row has the id that is expected (None: nothing), then
the talk: C and S are client and server, ! is a line without arrows, +N lets N seconds pass, <== marks the line that must
prove it. A row of NEAR looks much like the diagnosis that it names, and is something else. Logs are of a client of the old
library (Pegasus Mail) unless the name says new or server; the ending is there unless the talk ends on ~."""
import sys

sys.dont_write_bytecode = True
import os
import re

import tap
from talk import BARE, BODY, BOX, BYE, FETCHED, LOGIN, MAIL, OUT, PLAIN, POP, SENT, SMTP, judge, faults_of, row

SHOWN, TOLD_APART = set(), set()


def is_(wanted, talk, outcome="failure", **more):
    SHOWN.add(wanted)
    row(wanted, wanted, talk, outcome=outcome, **more)


def near(other, wanted, talk, **more):
    TOLD_APART.add(other)
    row(f"not {other} but {wanted}", wanted, talk, **more)


def note(wanted, talk, outcome="success", cause=None, **more):
    SHOWN.add(wanted)
    row(f"note {wanted}", cause, talk, outcome=outcome, notes=[wanted], **more)


def no_note(other, talk, cause=None, **more):
    TOLD_APART.add(other)
    session, _ = judge(more.get("style", "old"), more.get("host", "mx.example"), talk)
    faults = [f"notes {session['notes']}"] if other in session.get("notes", []) else []
    tap.check(f"no note {other}", faults + list(faults_of(session, cause, None, None, ())))


# Connecting.
is_("name-with-port", ['! 2: Bad address "mx.example:25" <==', "~"], host="mx.example:25")
near("name-with-port", "name-not-resolved", ['! 2: Bad address "::1" <==', "~"], host="::1")
is_("name-not-resolved", ['! 1: Bad address "mx.example" <==', "~"])
is_("name-not-resolved", ["! Host not found <=="], style="new")
near("name-not-resolved", None, ["! Host not found in cache, asking again"] + SENT + BYE, style="new", outcome="success")
is_("connection-refused", ["! 15: Peer connect failure <==", "~"])
is_("connection-refused", ["! 5: Connect failed, 10061 (connection refused by remote host) <==", "~"])
is_("connection-refused", ["! [!] Connection refused. <=="], style="new")
near("connection-refused", "connect-timeout", ["+30", "! 15: Peer connect failure <==", "~"])
near("connection-refused", "connect-timeout", ["+21", "! 15: Peer connect failure <==", "~"])
near("connect-timeout", "connection-refused", ["+3", "! 15: Peer connect failure <==", "~"])
near("connect-timeout", "network-unreachable", ["+9", "! 5: Connect failed, 10065 (network unreachable, or no route to host) <==", "~"])
near("connect-failed", "connect-timeout", ["! 5: Connect failed, 10060 (operation timed out) <==", "~"])
is_("connect-timeout", ["+29", "! 6: Socket timeout <==", "~"])
is_("connect-timeout", ["+30", "! Connection timed out <=="], style="new")
is_("connect-timeout", ["+21", "! [!] Error: connection timed out (10060) <=="], style="new")
near("connect-unanswered", "connect-timeout", ["+21", "! [!] Error 10060: operation timed out <==", "~"], style="new")
near("connect-timeout", "no-greeting", ["! [*] SSL/TLS session established", "+21", "! [!] Error: operation timed out"], style="new")
near("connect-timeout", "server-silent", SMTP + ["C MAIL FROM:<>", "+30", "! 6: Socket timeout <=="])
is_("network-unreachable", ["! 5: Connect failed, 10065 (network unreachable, or no route to host) <==", "~"])
near("network-unreachable", "recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 host unreachable <=="] + BYE)
is_("connect-failed", ["! 3: Socket failed, 10055 (insufficient internal Winsock buffers available) <==", "~"])
near("connect-failed", "connection-lost", SMTP + ["C MAIL FROM:<>", "! 13: Select error 10038 (invalid socket descriptor) <=="])
is_("connect-unanswered", ["~"], outcome="unknown")
is_("connect-unanswered", ["~"], outcome="unknown", style="new")
near("connect-unanswered", "no-greeting", ["+30"])
is_("no-greeting", ["+30", "! 8: Socket read timeout <==", "C QUIT", "+30"])
is_("no-greeting", ["+30", "! --- Connection closed normally at 6 Aug 2014, 21:42:13.000. --- <==", "~"], style="new")
is_("no-greeting", ["! [*] SSL/TLS session established", "+30"], style="new")
near("no-greeting", "server-silent", ["S 220 mx", "C EHLO me", "+30", "! 8: Socket read timeout <=="])
is_("other-protocol", ["S HTTP/1.1 400 Bad Request <==", "S Server: x", "S "], style="new")
is_("other-protocol", ["S SSH-2.0-OpenSSH_7.4 <==", "C QUIT"], style="new")
is_("other-protocol", ["S SSH-2.0-OpenSSH_7.4 <=="])
is_("other-protocol", ["S +OK ready <==", "C EHLO me", "S -ERR what?", "C QUIT", "S +OK bye"], style="new", notes=["command-refused"])
is_("other-protocol", ["S * OK IMAP4rev1 ready <==", "C QUIT", "S QUIT BAD what?"], style="new")
near("other-protocol", "login-refused", POP + ["C PASS x", "S -ERR no <=="] + OUT, style="new")
near("other-protocol", "login-refused", ["S * OK hi", "C a LOGIN ann x", "S a NO no <==", "C b LOGOUT", "S * BYE", "S b OK"], style="new")
near("other-protocol", None, BOX + OUT, style="new", outcome="success")
near("other-protocol", "server-refuses", ["S 554 go away <=="], style="new")

# Whether it did what it came for, where nothing went wrong.
for outcome, what, talk in [("unknown", "only a goodbye", BARE[:1] + BYE), ("unknown", "only a goodbye to POP3", POP[:1] + OUT), ("unknown", "a mail that was given up", SMTP + MAIL + BYE),
                            ("unknown", "and behind a login", SMTP + LOGIN + ["S 235 in"] + MAIL + ["C RSET", "S 250 ok"] + BYE), ("unknown", "STARTTLS was refused", BARE + ["C STARTTLS", "S 454 no"] + MAIL + ["C RSET", "S 250 ok"] + BYE),
                            ("success", "what the server can", SMTP + BYE), ("success", "a login", SMTP + LOGIN + ["S 235 in"] + BYE), ("success", "an envelope taken back before it had recipients", SMTP + MAIL[:2] + ["C RSET", "S 250 ok"] + BYE),
                            ("success", "a second mail that was given up", SENT + MAIL + BYE)]:
    row(f"{outcome}: {what}", None, talk, outcome=outcome)

# TLS.
TLS = "! 22: Error %s activating SSL session (locus 6014, type 4, code %s, '%s') <=="
is_("tls-on-plain-port", [TLS % (-32, 0, "Unexpected packet type 50, expected 22")])
is_("tls-on-plain-port", ["! [!] error:1408F10B:SSL routines:ssl3_get_record:wrong version number <=="], style="new")
near("tls-on-plain-port", "tls-failed", [TLS % (-32, 0, "Bad message")])
is_("tls-too-old", [TLS % (-20, 70, "Received TLS alert message: Protocol version")])
near("tls-too-old", "tls-no-common-cipher", [TLS % (-20, 40, "Received TLS alert message: Handshake failure")])
is_("tls-no-common-cipher", ["! sslv3 alert handshake failure <=="], style="new")
near("tls-no-common-cipher", "tls-too-old", [TLS % (-20, 70, "Received TLS alert message")])
is_("tls-dropped", [TLS % (-41, 0, "No data was read because the remote system closed the connec"), "C QUIT", "! 9: Socket write error 10054 (connection aborted by remote host)"])
near("tls-dropped", "tls-failed", [TLS % (-41, 0, "Something else")])
is_("tls-certificate-unusable", ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 STARTTLS", "C STARTTLS", "S 220 go", "! 20: Error -3 creating CryptLib session. <=="], style="server")
near("tls-certificate-unusable", "tls-failed", ["! 21: Error -3 adding socket to CryptLib session <=="])
is_("tls-certificate-rejected", ["! [!] certificate verify failed: self signed certificate <=="], style="new")
near("tls-certificate-rejected", None, ["! [!] certificate verify failed: accepted by the user"] + SENT + BYE, style="new", outcome="success", notes=["certificate-remark"])
STARTTLS = ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 STARTTLS", "C STARTTLS"]
EXPIRED = "! [!] Warning: certificate has expired"
WITH_TLS = [EXPIRED, "! [*] SSL/TLS session established"]
near("tls-certificate-rejected", None, WITH_TLS + SENT + ["C QUIT"], style="new", outcome="success", notes=["certificate-remark"])
near("tls-certificate-rejected", "connection-lost", WITH_TLS + SMTP + ["C MAIL FROM:<a@b> <==", "+2"], style="new", notes=["certificate-remark"])
near("tls-certificate-rejected", "no-greeting", WITH_TLS + ["+30"], style="new", notes=["certificate-remark"])
near("tls-certificate-rejected", "connection-lost", SMTP + [EXPIRED, "C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<c@d> <==", "+2"], style="new")
is_("tls-certificate-rejected", WITH_TLS[1:] + [EXPIRED + " <=="], style="new")
is_("tls-certificate-rejected", STARTTLS + [EXPIRED, "S 220 go", EXPIRED + " <=="], style="new")
is_("tls-failed", SMTP + ["C MAIL FROM:<>", "! 18: SSL read error -15 (locus 1, type 4, code 0, '') <=="])
near("tls-failed", None, SENT + BYE + ["! 24: SSL flush error -15 (locus 1, type 4, code 0, '')"], outcome="success")
is_("tls-to-plain-server", ["S 220 mx", "C \x16\x03\x01 <==", "S 501 what?", "+3"], style="server")
near("tls-to-plain-server", "command-refused", ["S 220 mx", "C x\x16\x03", "S 500 what? <=="] + BYE, style="server")
is_("tls-not-started", STARTTLS + ["S 220 go <==", "! Something went wrong"], style="new")
near("tls-not-started", None, STARTTLS + ["S 220 go", "! [*] SSL/TLS session established", "C EHLO me", "S 250 mx"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, style="new", outcome="success")
is_("starttls-refused", STARTTLS + ["S 502 5.5.1 TLS not available <=="] + BYE)
is_("starttls-refused", ["S +OK", "C STLS", "S -ERR no such thing <=="] + OUT)
near("starttls-refused", None, STARTTLS + ["S 502 TLS not available"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["starttls-refused"])
is_("tls-required", BARE + ["C MAIL FROM:<a@b>", "S 530 5.7.0 Must issue a STARTTLS command first <=="] + BYE)
is_("tls-required", ["S +OK", "C USER ann", "S -ERR cleartext logins are not allowed, TLS required <=="] + OUT)
near("tls-required", "login-required", SMTP + ["C MAIL FROM:<a@b>", "S 530 5.7.0 Authentication required <=="] + BYE)

# The greeting.
is_("server-busy", ["S 421 mx Service not available, try later <==", "C EHLO me"])
is_("server-busy", ["S -ERR [SYS/TEMP] come back <=="])
near("server-busy", "server-refuses", ["S 554 no SMTP service here <==", "C QUIT", "S 221 x"])
is_("server-refuses", ["S -ERR go away <=="])
near("server-refuses", "address-blocked", ["S 554 5.7.1 192.0.2.9 is listed at zen.spamhaus.example <=="])
is_("too-many-connections", ["S 421 4.7.0 Too many concurrent connections from your address <=="])
near("too-many-connections", "server-busy", ["S 421 4.7.0 not now <=="])
is_("address-blocked", ["S 554 short-term blacklisted <=="], style="server")
is_("address-blocked", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.1 blocked using dnsbl.example <=="] + BYE)
near("address-blocked", "recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.1 no <=="] + BYE)

near("address-blocked", "sender-policy", SMTP + MAIL + BODY + ["C .", "S 550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "S 550 5.7.26 See DMARC <=="] + BYE)
is_("address-blocked", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.606 Access denied, banned sending IP [192.0.2.9] <=="] + BYE)
near("address-blocked", "message-taken-for-spam", SMTP + MAIL + BODY + ["C .", "S 554 5.7.0 Reject, id=1-1 - BANNED: .exe <=="] + BYE)
is_("too-many-connections", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 421 Too many concurrent SMTP connections; please try again later. <=="])

# Logging in.
near("login-method-refused", "app-password-needed", SMTP + PLAIN + ["S 534-5.7.9 Application-specific password required. Learn more at", "S 534 5.7.9 https://support.example <=="] + BYE)
near("account-closed", "app-password-needed", SMTP + PLAIN + ["S 535 5.7.139 Authentication unsuccessful, basic authentication is disabled. <=="] + BYE)
near("account-closed", "login-method-refused", SMTP + PLAIN + ["S 503 5.5.1 Error: authentication not enabled <=="] + BYE)
near("login-server-fault", "login-too-soon", SMTP + PLAIN + ["S 421 4.7.0 Too many authentication failures <=="])
near("login-too-soon", "login-refused", SMTP + PLAIN + ["S 535 5.7.8 no <=="] + PLAIN + ["S 421 4.7.0 Too many authentication failures"])
near("login-refused", "login-method-refused", ["S +OK", "C USER ann", "S -ERR Command is not valid in this state. <=="] + OUT)
is_("login-refused", POP + ["C PASS x", "S -ERR [AUTH] Authentication failed. <=="] + OUT, notes=["login-in-clear"])
is_("login-refused", POP + ["C PASS x", "S -ERR no <=="] + OUT, style="new")
is_("login-refused", SMTP + LOGIN + ["S 535 5.7.8 Authentication failed <=="] + BYE)
near("login-refused", None, SMTP + PLAIN + ["S 535 5.7.8 no"] + LOGIN + ["S 235 ok"] + BYE, outcome="success", notes=["login-refused"])
is_("cram-md5-refused", SMTP + ["C AUTH CRAM-MD5", "S 334 PDEuMkBtdGE+", "C YW5uIGI=", "S 535 no <=="] + BYE)
near("cram-md5-refused", "login-refused", ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 AUTH CRAM-MD5", "C AUTH CRAM-MD5", "S 334 PDEuMkBtdGE+", "C YW5uIGI=", "S 535 no <=="] + BYE)
is_("app-password-needed", SMTP + PLAIN + ["S 535 5.7.8 Username and Password not accepted. u1sm2 - gsmtp <=="] + BYE)
is_("app-password-needed", SMTP + PLAIN + ["S 535 5.7.3 Authentication unsuccessful <=="] + BYE, host="smtp.office365.com")
near("app-password-needed", "login-refused", SMTP + PLAIN + ["S 535 5.7.8 no <=="] + BYE, host="gmail.example")
near("app-password-needed", "login-refused", SMTP + PLAIN + ["S 535 5.7.8 no <=="] + BYE, host="mail.olive.com")
is_("login-method-refused", SMTP + ["C AUTH NTLM", "S 504 5.5.4 unrecognized authentication type <=="] + BYE)
is_("login-method-refused", ["S +OK", "C AUTH NTLM", "S -ERR mechanism not supported <=="] + OUT)
near("login-method-refused", "login-not-offered", BARE + ["C AUTH LOGIN", "S 503 5.5.1 no <=="] + BYE)
is_("login-not-offered", BARE + ["C MAIL FROM:<a@b>", "S 530 Authentication required <=="] + BYE)
is_("login-not-offered", BARE + ["C MAIL FROM:<a@b>", "S 503 5.5.1 authenticate first <=="] + BYE)
near("login-not-offered", "recipient-refused", BARE + MAIL[:2] + ["C RCPT TO:<a@b>", "S 504 5.5.2 no <=="] + BYE)
near("login-not-offered", "login-method-refused", SMTP + ["C AUTH LOGIN", "S 503 5.5.1 no <=="] + BYE)
is_("login-required", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.1 Authentication required <=="] + BYE)
near("login-required", "sender-refused", SMTP + ["C MAIL FROM:<a@b>", "S 550 5.7.1 not authorised <=="] + BYE)
is_("mailbox-locked", POP + ["C PASS x", "S -ERR [IN-USE] busy <=="] + OUT)
is_("mailbox-locked", POP + ["C PASS x", "S -ERR unable to get maildrop lock <=="] + OUT)
near("mailbox-locked", "account-closed", POP + ["C PASS x", "S -ERR account is locked <=="] + OUT)
is_("account-closed", POP + ["C PASS x", "S -ERR POP access is disabled for you <=="] + OUT)
near("account-closed", "login-denied", POP + ["C PASS x", "S -ERR unlocked, but no <=="] + OUT)
is_("login-denied", POP + ["C PASS x", "S -ERR not from this country <=="] + OUT)
near("login-denied", "login-refused", POP + ["C PASS x", "S -ERR wrong username <=="] + OUT)
TOKEN = "C AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="
is_("token-refused", SMTP + [TOKEN, "S 535 5.7.3 Authentication unsuccessful <=="] + BYE, host="smtp.office365.com")
near("token-refused", "app-password-needed", SMTP + PLAIN + ["S 535 5.7.8 no <=="] + BYE, host="smtp.gmail.com")
near("token-refused", "login-server-fault", SMTP + [TOKEN, "S 454 later <=="] + BYE, host="smtp.gmail.com")
is_("login-too-soon", POP + ["C PASS x", "S -ERR [LOGIN-DELAY] wait <=="] + OUT)
near("login-too-soon", "login-refused", POP + ["C PASS x", "S -ERR [AUTH] delayed <=="] + OUT)
is_("login-server-fault", POP + ["C PASS x", "S -ERR [SYS/TEMP] database <=="] + OUT)
is_("login-server-fault", SMTP + PLAIN + ["S 454 4.7.0 Temporary authentication failure <=="] + BYE)
near("login-server-fault", "login-refused", POP + ["C PASS x", "S -ERR [AUTH] x <=="] + OUT)

# Mail that goes out.
is_("message-fate-unknown", SMTP + MAIL + BODY + ["C . <==", "+30", "! 8: Socket read timeout", "C QUIT", "+30"])
is_("message-fate-unknown", SMTP + MAIL + BODY + ["C . <==", "C QUIT", "! 9: Socket write error 10054 (connection aborted by remote host)"])
is_("message-fate-unknown", SMTP + MAIL + BODY + ["C . <=="], style="new")
near("message-fate-unknown", "message-cut", SMTP + MAIL + BODY[:-1] + ["C hello <=="])
is_("message-cut", SMTP + MAIL + BODY[:-1] + ["C hello <==", "! 9: Socket write error 10054 (connection aborted by remote host)"])
for chunk in ("BDAT 5000 LAST", "BDAT 5000"):
    is_("message-cut", SMTP + MAIL + [f"C {chunk}", "C hello <==", "! 9: Socket write error 10054 (connection aborted by remote host)"])
is_("message-fate-unknown", SMTP + MAIL + ["C BDAT 7", "C hello", "S 250 ok", "C BDAT 7 LAST", "C hello <==", "! 9: Socket write error 10054 (connection aborted by remote host)"])
near("message-cut", "log-stops", SMTP + MAIL + BODY[:-1] + ["C hello <==", "~"], outcome="unknown")
is_("message-refused", SMTP + MAIL + BODY + ["C .", "S 554 5.6.0 no <=="] + BYE)
near("message-refused", "message-deferred", SMTP + MAIL + BODY + ["C .", "S 451 4.3.0 no <=="] + BYE)
is_("message-deferred", SMTP + MAIL + ["C DATA", "S 451 not now <=="] + BYE)
near("message-deferred", "server-closing", SMTP + MAIL + ["C DATA", "S 421 shutting down <=="])
is_("message-too-big", SMTP + ["C MAIL FROM:<a@b> SIZE=9", "S 552 5.3.4 Message size exceeds fixed limit <=="] + BYE)
is_("own-mailbox-full", SMTP + LOGIN + ["S 235 in"] + ["C MAIL FROM:<a@b>", "S 552 5.2.2 Your mailbox is over quota <=="] + BYE)
near("own-mailbox-full", "mailbox-full", SMTP + LOGIN + ["S 235 in"] + MAIL[:2] + ["C RCPT TO:<a@b>", "S 552 5.2.2 mailbox is over quota <=="] + BYE)
near("message-too-big", "mailbox-full", SMTP + MAIL + BODY + ["C .", "S 552 5.2.2 over quota <=="] + BYE)
is_("mailbox-full", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 452 4.2.2 The account is full <=="] + BYE)
is_("mailbox-full", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 552 no <=="] + BYE)
near("mailbox-full", "message-taken-for-spam", SMTP + MAIL + BODY + ["C .", "S 552 5.7.0 This message was blocked because its content presents a potential security issue. <=="] + BYE)
near("mailbox-full", "message-refused", SMTP + MAIL + BODY + ["C .", "S 552 5.7.0 no <=="] + BYE)
near("mailbox-full", "server-full", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 452 4.3.1 Insufficient system storage <=="] + BYE)
is_("server-full", SMTP + ["C MAIL FROM:<a@b>", "S 452 4.3.1 no <=="] + BYE)
near("server-full", "sender-deferred", SMTP + ["C MAIL FROM:<a@b>", "S 452 4.3.5 no <=="] + BYE)
is_("too-many-recipients", SMTP + MAIL + ["C RCPT TO:<e@f>", "S 452 4.5.3 Too many recipients <=="] + BODY + ["C .", "S 250 ok"] + BYE, outcome="partial")
near("too-many-recipients", "recipient-deferred", SMTP + MAIL[:2] + ["C RCPT TO:<e@f>", "S 452 no <=="] + BYE)
is_("greylisted", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 451 4.7.1 Greylisted, try again in 300 s <=="] + BYE)
near("greylisted", "recipient-deferred", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 451 4.7.1 try again <=="] + BYE)
is_("recipient-deferred", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 450 busy <=="] + BYE)
near("recipient-deferred", "recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 no <=="] + BYE)
is_("recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 553 no <=="] + BYE)
near("recipient-refused", "recipient-unknown", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.1.1 no <=="] + BYE)
is_("recipient-unknown", SMTP + MAIL + ["C RCPT TO:<a@b>", "S 550 No such user <=="] + BODY + ["C .", "S 250 ok"] + BYE, outcome="partial")
near("recipient-unknown", "relay-denied", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 554 5.7.1 Relay access denied <=="] + BYE)
is_("hello-name-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 504 5.5.2 <me>: Helo command rejected: need fully-qualified hostname <=="] + BYE)
is_("hello-name-refused", SMTP + ["C MAIL FROM:<a@b>", "S 550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1) <=="] + BYE)
near("hello-name-refused", "command-out-of-order", ["S 220 mx", "C MAIL FROM:<a@b>", "S 503 5.5.1 Error: send HELO/EHLO first <=="] + BYE)
near("hello-name-refused", "recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.1 othello.example rejected it <=="] + BYE)
near("recipient-refused", "relay-denied", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1) <=="] + BYE)
is_("relay-denied", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 551 we do not relay <=="] + BYE)
near("relay-denied", "recipient-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 551 elsewhere <=="] + BYE)
is_("sender-refused", SMTP + ["C MAIL FROM:<a@b>", "S 553 5.1.8 no <=="] + BYE)
is_("sender-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.7.27 null MX <=="] + BYE)
near("sender-refused", "sender-policy", SMTP + ["C MAIL FROM:<a@b>", "S 550 5.7.23 SPF validation failed <=="] + BYE)
is_("sender-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 553 5.7.1 <a@b>: Sender address rejected: not owned by user <=="] + BYE)
# Who logs in with an address, and is refused by it: where the answer to the login repeats that name, the reason stays.
NAMED = SMTP + ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YW5uQGIuZXhhbXBsZQ==", "S 334 UGFzc3dvcmQ6", "C c2VjcmV0", "S 235 in", "C MAIL FROM:<ann@b.example>"]
is_("sender-refused", NAMED + ["S 250 ok", "C RCPT TO:<c@d.example>", "S 550 5.7.1 <ann@b.example>: Sender address rejected: not owned by user ann <=="] + BYE)
is_("message-too-big", NAMED + ["S 552 ann@b.example: message size exceeds the limit <=="] + BYE)
is_("message-taken-for-spam", NAMED + ["S 250 ok"] + MAIL[2:] + BODY + ["C .", "S 554 The message from (<ann@b.example>) may be spam <=="] + BYE)
is_("sender-refused", SMTP + MAIL + BODY + ["C .", "S 550 5.7.60 SMTP; Client does not have permissions to send as this sender <=="] + BYE)
near("sender-refused", "recipient-unknown", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.1.2 <a@b>: Recipient address rejected: Domain not found <=="] + BYE)
# An option that is refused is no word against the address.
is_("parameter-refused", SMTP + ["C MAIL FROM:<a@b> AUTH=<>", "S 555 5.5.4 Unsupported option: AUTH=<> <=="] + BYE)
near("parameter-refused", None, SMTP + ["C MAIL FROM:<a@b> AUTH=<>", "S 555 5.5.4 Unsupported option: AUTH=<>"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["parameter-refused"])
near("recipient-refused", None, SMTP + MAIL[:2] + ["C RCPT TO:<c@d> NOTIFY=NEVER", "S 501 5.5.4 Unsupported parameter"] + MAIL[2:] + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["parameter-refused"])
near("parameter-refused", None, SMTP + ["C MAIL FROM:<a@b> SIZE=9", "S 555 5.5.4 Unsupported parameter: SIZE"] + MAIL[:2] + BYE, outcome="unknown")
near("parameter-refused", "recipient-unknown", SMTP + ["C MAIL FROM:<a@b> AUTH=<>", "S 555 5.5.4 Unsupported option: AUTH=<>"] + MAIL[:2] + ["C RCPT TO:<c@d>", "S 550 5.1.1 no such user <=="] + BYE)
near("parameter-refused", "sender-refused", SMTP + ["C MAIL FROM:<a>", "S 555 syntax error (#5.5.4) <=="] + BYE)
near("parameter-refused", "sender-refused", SMTP + ["C MAIL FROM:<a>", "S 501 5.5.4 Syntax: MAIL FROM:<address> <=="] + BYE)
is_("sender-deferred", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 450 4.1.8 <a@b>: Sender address rejected: Domain not found <=="] + BYE)
near("sender-deferred", "server-closing", SMTP + ["C MAIL FROM:<a@b>", "S 421 closing <=="])
is_("sender-deferred", SMTP + ["C MAIL FROM:<a@b>", "S 451 DNS is slow <=="] + BYE)
near("sender-deferred", "sender-refused", SMTP + ["C MAIL FROM:<a@b>", "S 501 syntax <=="] + BYE)
is_("reverse-name-missing", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.9] <=="] + BYE)
is_("reverse-name-missing", SMTP + MAIL + BODY + ["C .", "S 550 5.7.25 no <=="] + BYE)
near("reverse-name-missing", "address-blocked", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 554 5.7.1 Client host [192.0.2.9] blocked using list.example <=="] + BYE)
is_("sender-policy", SMTP + MAIL + BODY + ["C .", "S 550 5.7.26 unauthenticated mail (DMARC) <=="] + BYE)
is_("sender-policy", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 SPF: 192.0.2.9 is not allowed to send mail from b.example <=="] + BYE)
near("sender-policy", "message-refused", SMTP + MAIL + BODY + ["C .", "S 550 5.7.1 no <=="] + BYE)
is_("message-taken-for-spam", SMTP + MAIL + BODY + ["C .", "S 554 5.7.1 Spam message rejected <=="] + BYE)
near("message-taken-for-spam", "message-refused", SMTP + MAIL + BODY + ["C .", "S 554 5.6.1 rejected <=="] + BYE)
is_("too-many-refusals", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 not known here", "S 554 Too many failed RCPT commands - terminating connection. <=="], style="server", notes=["recipient-unknown"])
is_("too-many-refusals", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 not known here"] * 150 + ["C RCPT TO:<a@b>", "S 554 Too many failed RCPT commands - terminating connection. <=="], style="server", notes=["recipient-unknown"])
near("too-many-refusals", "recipient-unknown", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 not known here <=="] + BYE, style="server")
is_("server-closing", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 421 4.3.2 shutting down <=="])
near("server-closing", "server-hung-up", SMTP + ["S 421 idle too long <=="])
is_("server-hung-up", BOX[:-2] + ["S -ERR autologout <=="])
near("server-hung-up", None, SENT + BYE + ["S 421 closing"], outcome="success")

# What is refused because something before it was is not worth a word of its own.
LOST = SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "C DATA"]
no_note("message-refused", LOST + ["S 550 5.1.1 no", "S 554 5.5.1 Error: no valid recipients"] + BYE, cause="recipient-unknown")
no_note("message-refused", LOST + ["S 450 4.2.0 Greylisted", "S 503 5.5.1 RCPT first"] + BYE, cause="greylisted")
no_note("recipient-refused", SMTP + MAIL[:1] + ["C RCPT TO:<a@b>", "C DATA", "S 553 5.1.8 no", "S 503 5.5.1 MAIL first", "S 503 5.5.1 RCPT first"] + BYE, cause="sender-refused")
no_note("message-refused", LOST + ["S 550 no", "S 354 go", "C .", "S 554 5.5.1 no valid recipients"] + BYE, cause="recipient-refused")
is_("message-refused", SMTP + MAIL + ["C DATA", "S 554 5.3.0 no <=="] + BYE)
near("recipient-refused", "command-out-of-order", SMTP + ["C RCPT TO:<a@b>", "S 503 5.5.1 MAIL first <=="] + BYE)
note("message-refused", SMTP + MAIL[:2] + ["C RCPT TO:<a@b>", "S 550 5.1.1 no"] + MAIL[2:] + BODY + ["C .", "S 554 5.6.0 no"] + BYE, cause="recipient-unknown", outcome="failure")

# Nor does one that came out of order say anything against a sender, a recipient or a mail.
is_("command-out-of-order", SMTP + ["C DATA", "S 503 need RCPT <=="] + BYE)
near("command-out-of-order", None, SMTP + MAIL[:2] + ["C DATA", "S 503 5.5.1 need RCPT"] + MAIL[2:] + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["command-out-of-order"])
near("command-out-of-order", None, SMTP + MAIL + ["C MAIL FROM:<c@d>", "S 503 5.5.1 nested MAIL"] + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["command-out-of-order"])
no_note("command-out-of-order", LOST + ["S 450 4.2.0 Greylisted", "S 503 5.5.1 RCPT first"] + BYE, cause="greylisted")
CHUNKED = ["C MAIL FROM:<a@b>", "C RCPT TO:<c@d>", "C BDAT 7", "C hello", "C BDAT 7 LAST", "C world", "S 250 ok"]
no_note("command-out-of-order", SMTP + CHUNKED + ["S 250 ok", "S 451 4.3.0 later", "S 503 5.5.1 no transaction"] + BYE, cause="message-deferred")
no_note("message-refused", SMTP + CHUNKED[:2] + CHUNKED[-3:] + ["S 450 4.2.0 later", "S 554 5.5.1 no valid recipients"] + BYE, cause="recipient-deferred")
note("message-refused", SMTP + CHUNKED[:1] + ["C RCPT TO:<e@f>"] + CHUNKED[1:2] + CHUNKED[-3:] + ["S 550 5.1.1 no", "S 250 ok", "S 554 5.6.0 no"] + BYE, cause="recipient-unknown", outcome="failure")

# By their words, or by what they answer.
MAIL_SAYS = SMTP + MAIL[:1]
RCPT_SAYS = SMTP + MAIL[:2] + ["C RCPT TO:<a@b>"]
DATA_SAYS = SMTP + MAIL + BODY + ["C ."]
AUTH_SAYS = SMTP + PLAIN
PASS_SAYS = POP + ["C PASS x"]
WORDS = [
    ("message-too-big", DATA_SAYS, ["552 Message length exceeds administrative limit", "552 Die Nachricht ist zu groß", "552 Message exceeds the limit", "554 Message too long", "554 Message too large",
                                    "552 5.3.4 no", "552 5.2.3 quota or not"]),
    ("message-too-big", MAIL_SAYS, ["552 no", "552 Channel limit exceeded"]),
    ("mailbox-full", DATA_SAYS, ["552 Would exceed the storage allocation", "552 5.2.2 no", "552 Postfach voll", "552 Message for <a@b> would exceed mailbox quota"]),
    ("own-mailbox-full", MAIL_SAYS, ["552 over quota"]),
    ("mailbox-full", RCPT_SAYS, ["552 no", "550 Inbox is full", "550 quota exceeded"]),
    ("message-taken-for-spam", DATA_SAYS, ["552 Message contains a virus: Eicar", "552 spam message rejected", "552 Illegal attachment",
                                           "550 5.7.1 This message has been blocked because it contains a virus", "554 5.7.1 Attachment type .exe has been blocked by policy",
                                           "550 5.7.1 Blacklisted URL in message", "554 5.7.1 Message contains a URL listed in SURBL",
                                           "550 5.7.1 this message is likely unsolicited mail, the message has been blocked",
                                           "550 low reputation of the sending domain: spam has been blocked", "550 refused (a@b:550 barracuda: spam content)",
                                           "451 4.7.1 likely spam, the message has been blocked"]),
    ("message-refused", DATA_SAYS, ["552 no", "550 5.4.5 quota", "550 5.6.11 bare line feed in message", "550 5.7.1 This message has been blocked"]),
    ("message-deferred", DATA_SAYS, ["450 4.7.1 message too frequent", "451 4.5.0 virus_scan FAILED: ALL VIRUS SCANNERS FAILED", "451 4.7.1 Spam filter unavailable, please try again later"]),
    ("sending-limit", MAIL_SAYS, ["550 5.4.5 Daily user sending quota exceeded"]),
    ("sending-limit", RCPT_SAYS, ["550 5.1.90 you have reached your daily limit for recipients", "450 hourly limit reached"]),
    ("sending-limit", DATA_SAYS, ["550 5.4.5 Daily user sending limit exceeded", "554 5.2.0 SubmissionQuotaExceededException", "554 5.2.0 the sender's submission quota was exceeded"]),
    ("relay-denied", RCPT_SAYS, ["550 relay not permitted", "550 5.7.1 Unable to relay for c@d", "550 5.7.1 Relaying denied", "550 not permitted to relay", "551 We don't relay."]),
    ("recipient-unknown", RCPT_SAYS, ["550 5.1.1 <a@b>: User unknown in relay recipient table", "550 5.1.1 unknown user, mail not relayed", "550 5.1.1 <far@relay.example>: User unknown",
                                      "550 5.1.1 <quota@y>: User unknown", "550 5.1.1 greylist@y is no such user", "550 5.1.1 User a@b not listed in public Name & Address Book"]),
    ("recipient-unknown", RCPT_SAYS, ["550 Unrouteable address", "550 No such person at this address"]),
    ("recipient-deferred", RCPT_SAYS, ["451 4.3.5 configuration error of the relay here", "450 4.2.0 <b@y>: try later (relay.isp.example)"]),
    ("recipient-refused", RCPT_SAYS, ["550 5.2.1 this mailbox has been blocked"]),
    ("address-blocked", RCPT_SAYS, ["554 5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org", "550 5.7.1 part of their network is on our block list"]),
    ("address-blocked", DATA_SAYS, ["550 5.7.1 mail sent from your IP address has been blocked"]),
    ("sender-refused", RCPT_SAYS, ["550 Sender domain does not exist", "550 The address of the sender was not found in our DNS", "550 domain of the sender not found"]),
    ("sender-refused", DATA_SAYS, ["554 5.2.252 SendAsDenied; a"]),
    ("sender-policy", RCPT_SAYS, ["550 5.7.1 Sender domain b.example not authenticated (SPF/DKIM missing)"]),
    ("sender-policy", DATA_SAYS, ["550 5.7.1 From domain is not authenticated, DKIM signature missing"]),
    ("tls-required", MAIL_SAYS, ["554 5.7.0 Session encryption is required"]),
    ("tls-required", RCPT_SAYS, ["450 4.7.1 <a@b>: Recipient address rejected: Session encryption is required"]),
    ("tls-required", POP[:2], ["-ERR SSL connection required", "-ERR SSL is required", "-ERR TLS is required"]),
    ("tls-too-old", SMTP[:2], ["421 4.7.66 TLS 1.0 and 1.1 are not supported", "421 TLS 1.0 is not allowed", "421 TLS 1.1 is not allowed"]),
    ("tls-too-old", [], ["421 4.7.66 no"]),
    ("mailbox-locked", PASS_SAYS, ["-ERR Mailbox currently locked and in use", "-ERR Maildrop is being used by another process", "-ERR maildrop busy", "-ERR maildrop is busy",
                                   "-ERR mailbox busy", "-ERR Mailbox is busy", "-ERR cannot lock mailbox", "-ERR unable to lock it"]),
    ("account-closed", PASS_SAYS, ["-ERR [AUTH] Account temporarily locked due to too many failed logins", "-ERR account has been blocked", "-ERR [AUTH] Account is blocked.",
                                   "-ERR account blocked", "-ERR account is deactivated", "-ERR Account is inactive", "-ERR account inactive", "-ERR account is temporarily blocked"]),
    ("account-closed", AUTH_SAYS, ["535 5.7.8 Your account has been temporarily locked", "535 5.7.8 This user does not have access rights to this service"]),
    ("login-too-soon", PASS_SAYS, ["-ERR login interval too short", "-ERR Too many logins. Please wait at least 15 minutes", "-ERR wait at least a minute", "-ERR Too many login failures",
                                   "-ERR Exceeded the login limit for a 15 minute period", "-ERR [AUTH] Your IP has been temporarily blocked due to too many failed logins"]),
    ("login-too-soon", AUTH_SAYS, ["454 4.7.0 Too many login attempts, please try again later. x - gsmtp", "421 4.7.0 Too many authentication failures. x - gsmtp"]),
    ("login-server-fault", PASS_SAYS, ["-ERR Unable to connect to backend server", "-ERR system error", "-ERR No space left on device"]),
    ("login-refused", AUTH_SAYS, ["535 no"]),
    ("app-password-needed", AUTH_SAYS, ["534 5.7.14 Please log in via your web browser", "534 5.7.9 Web login required", "535 5.7.0 Application password is REQUIRED",
                                        "535 application specific password needed"]),
    ("login-method-refused", AUTH_SAYS, ["534 5.7.9 no"]),
]
for wanted, talk, replies in WORDS:
    for reply in replies:
        end = OUT if reply[0] == "-" else [] if reply[:3] == "421" else BYE
        row(f"{wanted}: {reply}", wanted, talk + [f"S {reply} <=="] + end, outcome="failure")
SHOWN.add("sending-limit")
near("sending-limit", "mailbox-full", DATA_SAYS + ["S 550 mailbox quota exceeded <=="] + BYE)
row("a limit is no matter of passwords", "login-server-fault", ["S * OK hi", "C a LOGIN ann x", "S a NO [ALERT] Account exceeded command or bandwidth limits. <==", "C z LOGOUT", "S * BYE", "S z OK"], style="new", host="imap.gmail.com")
HASHED = ["C AUTH CRAM-MD5", "S 334 PDEuMkBtdGE+", "C YW5uIGI="]
near("cram-md5-refused", "login-method-refused", ["S +OK", "C CAPA", "S +OK", "S SASL PLAIN LOGIN", "S .", "C AUTH CRAM-MD5", "S -ERR Unsupported authentication mechanism. <=="] + OUT)
near("cram-md5-refused", "login-refused", ["S 220 mx", "C EHLO me", "S 250-mx", "S 250 AUTH PLAIN LOGIN"] + HASHED + ["S 535 no <=="] + BYE)

# Mail that comes in.
is_("download-broken", BOX + ["C RETR 1", "S +OK", "S Subject: x", "S half <==", "+30", "! 8: Socket read timeout", "C QUIT", "+30"], outcome="partial")
is_("download-broken", BOX + ["C RETR 1", "S +OK", "S half <==", "C QUIT"], outcome="partial", style="new")
near("download-broken", "log-stops", BOX + ["C RETR 1", "S +OK", "S half <==", "~"])
is_("retrieval-refused", BOX + ["C RETR 1", "S -ERR no such message <=="] + OUT, outcome="partial")
near("retrieval-refused", "mailbox-refused", BOX + ["C LIST", "S -ERR no <=="] + OUT)
is_("mailbox-refused", BOX[:-1] + ["S -ERR mailbox damaged <=="] + OUT)
near("mailbox-refused", None, BOX + ["C UIDL", "S -ERR no"] + FETCHED[len(BOX):] + OUT, outcome="success", notes=["mailbox-refused"])
is_("deletion-failed", FETCHED + ["C DELE 1", "S +OK", "C QUIT", "S -ERR some deleted messages not removed <=="], outcome="partial")
is_("deletion-failed", FETCHED + ["C DELE 1", "S -ERR mailbox is read only <=="] + OUT, outcome="partial")
near("deletion-failed", None, FETCHED + ["C DELE 1", "S +OK", "C DELE 1", "S -ERR message 1 already deleted"] + OUT, outcome="success", notes=["done-before"])
near("deletion-failed", None, FETCHED + ["C DELE 1", "S +OK"] + OUT, outcome="success")
is_("goodbye-lost", FETCHED + ["C DELE 1", "S +OK", "C QUIT <=="], outcome="partial")
near("goodbye-lost", None, BOX + ["C QUIT"], outcome="success", notes=["goodbye-unanswered"])

# How it ends.
is_("hello-refused", ["S 220 mx", "C EHLO me", "S 550 5.7.1 bad name <=="] + BYE)
near("hello-refused", None, ["S +OK", "C CAPA", "S -ERR what?"] + BOX[1:] + OUT, outcome="success", notes=["command-refused"])
near("hello-refused", None, ["S 220 mx", "C EHLO me", "S 502 no", "C HELO me", "S 250 mx"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, outcome="success")
is_("server-silent", POP + ["C PASS x", "+30", "! 8: Socket read timeout <==", "C QUIT", "+30"])
is_("server-silent", POP + ["C PASS x <==", "+30"], style="new")
near("server-silent", "connection-lost", POP + ["C PASS x <==", "+2"], style="new")
is_("client-silent", SMTP + ["+30", "! 8: Socket read timeout <=="], style="server")
near("client-silent", "client-gone", SMTP, style="server")
is_("connection-lost", SMTP + ["C MAIL FROM:<a@b>", "! 7: Socket read error 10054 (connection aborted by remote host) <=="])
is_("connection-lost", ["S 220 mx", "C EHLO me <=="])
is_("connection-lost", SMTP + ["! [!] Warning: SSL connection improperly closed by remote host. <=="], style="new")
near("connection-lost", None, SENT + ["C QUIT", "! 9: Socket write error 10054 (connection aborted by remote host)"], outcome="success", notes=["goodbye-unanswered"])
near("connection-lost", None, SENT + ["C QUIT", "! [!] Warning: SSL connection improperly closed by remote host."], style="new", outcome="success", notes=["goodbye-unanswered", "tls-close-improper"])
is_("log-stops", SENT + ["C MAIL FROM:<a@b> <==", "~"], outcome="partial")
near("log-stops", None, SENT + BYE + ["~"], outcome="success")
is_("client-gone", SMTP + ["! --- Connection closed normally at Wed Aug 06 21:41:59 2014. --- <==", "~"], style="server")
near("client-gone", None, SENT, outcome="success")
near("client-gone", "connection-lost", ["S 220 mx", "! --- Connection closed normally at 6 Aug 2014, 21:41:59.000. --- <==", "~"], style="new")
near("client-gone", "command-refused", ["S * OK hi", "C QUIT", "S QUIT BAD what? <=="])
is_("reply-missing", SMTP + ["C NOOP <==", "C QUIT", "S 221 bye"])
near("reply-missing", None, SMTP + ["C NOOP", "C QUIT", "S 250 ok", "S 221 bye"], outcome="success")
is_("refused-for-now", SMTP + ["C VRFY ann", "S 450 later <=="] + BYE)
near("refused-for-now", "command-refused", SMTP + ["C VRFY ann", "S 550 no <=="] + BYE)
is_("command-refused", SMTP + ["C HUH", "S 500 what? <=="] + BYE)
near("command-refused", None, SENT + ["C HUH", "S 500 what?"] + BYE, outcome="success", notes=["command-refused"])

# IMAP, by the same rules, as soon as its replies are paired.
HELLO_IMAP = ["S * OK IMAP4rev1 ready"]
INBOX = HELLO_IMAP + ["C a LOGIN ann secret", "S a OK in", "C b SELECT INBOX", "S * 2 EXISTS", "S b OK [READ-WRITE] done"]
LOGOUT = ["C z LOGOUT", "S * BYE bye", "S z OK done"]
FETCH = INBOX + ["C c FETCH 1 (RFC822)"]
APPEND = INBOX + ["C c APPEND Sent {5}", "S + go", "C hello"]


def login_says(reply):
    return HELLO_IMAP + ["C a LOGIN ann secret", f"S a {reply} <=="] + LOGOUT


IMAP = [
    ("login-refused", "failure", login_says("NO [AUTHENTICATIONFAILED] no")),
    ("login-refused", "failure", login_says("NO LOGIN failed.")),
    ("tls-required", "failure", login_says("NO [PRIVACYREQUIRED] no")),
    ("login-server-fault", "failure", login_says("NO [UNAVAILABLE] no")),
    ("account-closed", "failure", login_says("NO [CONTACTADMIN] no")),
    ("app-password-needed", "failure", login_says("NO [ALERT] Application-specific password required")),
    ("login-method-refused", "failure", HELLO_IMAP + ["C a AUTHENTICATE NTLM", "S a BAD no <=="] + LOGOUT),
    ("starttls-refused", "failure", HELLO_IMAP + ["C a STARTTLS", "S a BAD no <=="] + LOGOUT),
    ("server-refuses", "failure", ["S * BYE go away <=="]),
    ("too-many-connections", "failure", ["S * BYE Too many connections from your address <=="]),
    ("server-silent", "failure", HELLO_IMAP + ["C a LOGIN ann secret <==", "+30"]),
    ("mailbox-refused", "failure", INBOX[:-3] + ["C b SELECT x", "S b NO [NOPERM] no <=="] + LOGOUT),
    ("message-refused", "partial", APPEND + ["S c NO [NOPERM] no <=="] + LOGOUT),
    ("retrieval-refused", "partial", FETCH + ["S c NO no <=="] + LOGOUT),
    ("download-broken", "partial", FETCH + ["S * 1 FETCH (RFC822 {900}", "S Subject: x", "S half <=="]),
    ("own-mailbox-full", "partial", APPEND + ["S c NO [OVERQUOTA] no <=="] + LOGOUT),
    ("server-hung-up", "partial", INBOX + ["S * BYE autologout <=="]),
    ("server-closing", "partial", INBOX + ["C c IDLE", "S + idling", "S * BYE idle too long <=="]),
    (None, "success", INBOX + LOGOUT),
    (None, "success", FETCH + ["S * 1 FETCH (RFC822 {9}", "S Subject", "S )", "S c OK done"] + LOGOUT),
    (None, "success", HELLO_IMAP + ["C c AUTHENTICATE PLAIN", "S c NO no"] + INBOX[1:] + LOGOUT),
]
for wanted, outcome, talk in IMAP:
    row(f"IMAP: {wanted}", wanted, talk, style="new", outcome=outcome)

note("done-before", INBOX + ["C c CREATE Trash", "S c NO [ALREADYEXISTS] it is there", "C d CREATE Old", "S d NO Mailbox already exists"] + LOGOUT, style="new")
MISSING = INBOX + ["C c APPEND Sent {5}", "S c NO [TRYCREATE] no such mailbox <=="]
is_("folder-missing", INBOX[:-3] + ["C b SELECT x", "S b NO [NONEXISTENT] no <=="] + LOGOUT, style="new")
is_("folder-missing", MISSING + LOGOUT, style="new", outcome="partial")
near("folder-missing", None, MISSING + ["C d CREATE Sent", "S d OK"] + APPEND[len(INBOX):] + ["S c OK"] + LOGOUT, style="new", outcome="success", notes=["folder-missing"])

no_note("hello-refused", ["S +OK", "C CAPA", "S -ERR what?"] + BOX[1:] + OUT)

# Worth a look.
note("login-in-clear", BOX + OUT)
no_note("login-in-clear", ["! [*] SSL/TLS session established: AES, CBC mode, keysize 256 bits"] + BOX + OUT)
no_note("login-in-clear", SMTP + ["C AUTH CRAM-MD5", "S 334 PDEuMkBtdGE+", "C YW5uIGI=", "S 235 ok"] + BYE)
# Not where none was sent: refused before, or only the name was told, or there is none.
no_note("login-in-clear", SMTP + ["C AUTH LOGIN", "S 504 no"] + BYE, cause="login-method-refused")
no_note("login-in-clear", SMTP + ["C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C YW5u", "S 535 no"] + BYE, cause="login-refused")
no_note("login-in-clear", SMTP + ["C AUTH LOGIN YW5u", "S 535 no"] + BYE, cause="login-refused")
no_note("login-in-clear", SMTP + ["C AUTH PLAIN", "S 334", "C *", "S 501 no"] + BYE, cause="login-method-refused")
no_note("login-in-clear", POP[:1] + ["C AUTH PLAIN", "S -ERR unsupported mechanism"] + OUT, cause="login-method-refused")
no_note("login-in-clear", HELLO_IMAP + ["C a AUTHENTICATE PLAIN", "S a NO [PRIVACYREQUIRED] no"] + LOGOUT, style="new", cause="tls-required")
no_note("login-in-clear", SMTP + ["C AUTH EXTERNAL =", "S 235 ok"] + BYE)
no_note("login-in-clear", SMTP + ["C AUTH ANONYMOUS YW5u", "S 235 ok"] + BYE)
for talk in (LOGIN, PLAIN, ["C AUTH LOGIN YW5u", "S 334 UGFzc3dvcmQ6", "C c2VjcmV0"], ["C AUTH PLAIN", "S 334", PLAIN[0].replace("AUTH PLAIN ", "")], ["C AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE="]):
    note("login-in-clear", SMTP + talk + ["S 235 ok"] + BYE)
for talk in (["C a LOGIN ann {6}", "S + go", "C secret"], ["C a AUTHENTICATE PLAIN", "S +", "C AGFubgBzZWNyZXQ="], ['C a LOGIN "ann" "secret"']):
    note("login-in-clear", HELLO_IMAP + talk + ["S a OK"] + LOGOUT, style="new")
# The question which ways there are to log in is no login.
is_("login-refused", POP[:1] + ["C AUTH", "S +OK", "S PLAIN", "S .", "C AUTH PLAIN", "S +", "C AGFubgBzZWNyZXQ=", "S -ERR [AUTH] wrong <=="] + OUT)
is_("login-refused", POP + ["C PASS x", "S -ERR wrong password <==", "C AUTH", "S +OK", "S PLAIN", "S ."] + OUT)
note("starttls-unused", STARTTLS[:-1] + MAIL + BODY + ["C .", "S 250 ok"] + BYE)
no_note("starttls-unused", SENT + BYE)
no_note("starttls-unused", STARTTLS + ["S 454 no"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE)
row("note starttls-unused where it is not offered behind the login", None, ["S * OK [CAPABILITY IMAP4rev1 STARTTLS] hi", "C a LOGIN ann x", "S a OK [CAPABILITY IMAP4rev1 IDLE] in", "C b SELECT INBOX", "S b OK"] + LOGOUT,
    style="new", notes=["starttls-unused"])
note("tls-close-improper", SENT + BYE + ["! [!] Warning: SSL connection improperly closed by remote host."], style="new")
no_note("tls-close-improper", SENT + BYE, style="new")
note("certificate-remark", ["! [!] The certificate's name does not match."] + SENT + BYE, style="new")
no_note("certificate-remark", ["! [*] Peer's certificate name is '/CN=mx.example'."] + SENT + BYE, style="new")
note("goodbye-unanswered", SENT + ["C QUIT"])
no_note("goodbye-unanswered", SMTP + MAIL + BODY + ["C .", "C QUIT"], cause="message-fate-unknown")
note("no-ending", BOX + ["~"])
no_note("no-ending", BOX)
note("slow-reply", BOX[:-1] + ["+16", BOX[-1]] + OUT)
no_note("slow-reply", BOX[:-1] + ["+14", BOX[-1]] + OUT)
no_note("slow-reply", ["+20"] + BOX + OUT)
# Before DONE the server owes no reply to IDLE, but the + that grants it.
IDLE = INBOX + ["C c IDLE", "S + idling", "+40"]
no_note("slow-reply", IDLE + ["S * BYE idle for too long"], style="new", cause="server-closing")
no_note("slow-reply", IDLE + ["S c BAD timeout"] + LOGOUT, style="new")
no_note("slow-reply", IDLE + ["C DONE", "S c OK"] + LOGOUT, style="new")
note("slow-reply", IDLE + ["C DONE", "+16", "S c OK"] + LOGOUT, style="new")
near("server-silent", "connection-lost", IDLE[:-3] + ["C c IDLE <==", "S + idling", "+40", "! [!] Warning: SSL connection improperly closed by remote host."], style="new", outcome="partial")
near("connection-lost", "server-silent", IDLE[:-3] + ["C c IDLE <==", "+40"], style="new", outcome="partial")
note("not-understood", BOX + ["? Dear colleague,"] + OUT)
no_note("not-understood", BOX + ["! A remark."] + OUT)

HEALTHY = ["/01-", "/02-", "/04-", "/09-", "/12-", "/13-", "/15-", "/18-", "/26-", "/27-", "/36-", "TCP0003.MD", "TCP-131104-0815-0.pop",
           "TCP-140210-2137-0.pop", "TCP-140806-2141-0.smtp", "TCP-150209-0703-0.smtp", "TCP-180331-2359-0.pop"]
for path in tap.logs():
    if any(word in path for word in HEALTHY):
        sessions = tap.jsonl(tap.run("convert", "-q", "-k", "session", os.path.join(tap.CORPUS, path)).stdout)
        tap.check(f"healthy: {path}", [s["diagnosis"] for s in sessions if "diagnosis" in s or s["outcome"] == "failure"])

# What was made good before it was refused was not.
MANY = "S 421 4.7.0 Too many concurrent SMTP connections <=="
AUTH = SMTP + LOGIN + ["S 235 in"]
NOSTLS = STARTTLS[:-1] + LOGIN + ["S 235 in", "C MAIL FROM:<a@b>", "S 530 5.7.0 Must issue a STARTTLS command first <=="]
SELECTED = HELLO_IMAP + ["C a LOGIN ann x", "S a OK in", "C b SELECT INBOX", "S b OK", "C c FETCH 1 (RFC822)", "S * 1 FETCH (RFC822 {9}", "S Subject", "S )", "S c OK done"]
is_("too-many-connections", AUTH + ["C MAIL FROM:<a@b>", MANY] + BYE)
is_("too-many-connections", AUTH + MAIL + BODY + ["C .", "S 250 ok", "C MAIL FROM:<a@b>", MANY] + BYE, outcome="partial")
near("too-many-connections", None, SMTP + ["C AUTH PLAIN AGFubgBzZWNyZXQ=", "S 454 4.7.0 Too many connections"] + LOGIN + ["S 235 in"] + BYE, outcome="success", notes=["too-many-connections"])
is_("tls-required", NOSTLS + BYE)
near("tls-required", None, NOSTLS[:-1] + [NOSTLS[-1][:-4], "C STARTTLS", "S 220 go", "! [*] SSL/TLS session established", "C EHLO me", "S 250 mx"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, style="new", outcome="success", notes=["tls-required"])
is_("tls-required", NOSTLS[:-2] + ["C MAIL FROM:<a@b>", "S 530 STARTTLS first"] + MAIL + BODY + ["C .", "S 250 ok"] + NOSTLS[-2:] + BYE, outcome="partial")
near("login-required", "recipient-refused", AUTH + MAIL[:2] + ["C RCPT TO:<a@b>", "S 530 5.7.57 Client not authenticated to send mail <=="] + BYE, outcome="failure")
is_("hello-refused", SMTP + ["C EHLO you", "S 501 5.5.4 Invalid domain name <=="] + BYE)
is_("folder-missing", SELECTED + ["C d COPY 1 Old", "S d NO [TRYCREATE] no <=="] + LOGOUT, style="new", outcome="partial")
is_("mailbox-refused", FETCHED + ["C LIST", "S -ERR internal error <=="] + OUT, outcome="partial")
near("login-refused", None, AUTH + LOGIN[:1] + ["S 503 5.5.1 already authenticated"] + BYE, outcome="success", notes=["login-method-refused"])
near("command-refused", None, AUTH + ["C HUH", "S 500 what?"] + BYE, outcome="success", notes=["command-refused"])

BOX4 = ["S * OK hi", "C a1 LOGIN ann x", "S a1 OK in", "C a2 SELECT INBOX", "S a2 OK"]
for talk in (BOX4[:2] + ["S * BYE System shutting down <=="], BOX4[:4] + ["S * BYE Server shutting down <=="], BOX4 + ["C a3 FETCH 1 BODY[]", "S * BYE inactivity <=="]):
    row(f"a farewell for a reply: {talk[-2]}", "server-closing", talk, style="new")
row("a farewell that tells of the login", "login-refused", BOX4[:2] + ["S * BYE Authentication failed <=="], style="new")
for command, reply in (("SEARCH CHARSET KOI8-R SUBJECT x", "NO [BADCHARSET (UTF-8)] no"), ("UID STORE 5 +FLAGS (\\Seen)", "NO [READ-ONLY] no"), ("SEARCH", "BAD what")):
    row(f"no message was asked for: {command}", "mailbox-refused", BOX4 + [f"C a3 {command}", f"S a3 {reply} <==", "C a4 LOGOUT", "S * BYE", "S a4 OK"], style="new")
row("a message was", "retrieval-refused", BOX4 + ["C a3 FETCH 1 BODY[]", "S a3 NO no <==", "C a4 LOGOUT", "S * BYE", "S a4 OK"], style="new")

note("option-missing", POP + ["C PASS x", "S +OK in", "C UIDL", "S -ERR unknown command", "C LIST", "S +OK", "S ."] + OUT)
note("option-missing", BOX + ["C TOP 1 0", "S -ERR unimplemented"] + FETCHED[len(BOX):] + OUT)
note("option-missing", ["S +OK hello", "C AUTH", "S -ERR unknown command"] + FETCHED[1:] + OUT)
note("done-before", FETCHED + ["C DELE 1", "S +OK", "C DELE 1", "S -ERR message 1 already deleted"] + OUT)
no_note("done-before", INBOX + ["C c RENAME A B", "S c NO [ALREADYEXISTS] Mailbox already exists"] + LOGOUT, style="new", cause="mailbox-refused")
no_note("done-before", FETCHED + ["C LIST 9", "S -ERR message 9 is already gone"] + OUT, cause="mailbox-refused")
for command, reply in (("UIDL", "command not recognized"), ("UIDL", "Command not understood"), ("UIDL", "UIDL command disabled"), ("UIDL", "UIDL not available"), ("TOP 1 0", "command not found")):
    note("option-missing", BOX + [f"C {command}", f"S -ERR {reply}"] + OUT)
note("option-missing", INBOX[:3] + ["C n NAMESPACE", "S n BAD Unknown command"] + INBOX[3:] + LOGOUT, style="new")
near("option-missing", "retrieval-refused", BOX + ["C TOP 1 0", "S -ERR message 1 is not available <=="] + OUT)
near("mailbox-refused", None, BOX + ["C UIDL", "S -ERR No messages", "C LIST", "S -ERR no messages"] + OUT, outcome="success")
near("mailbox-refused", "mailbox-refused", BOX + ["C LIST 1", "S -ERR no messages <=="] + OUT, outcome="partial")
no_note("option-missing", BOX + ["C UIDL", "S -ERR mailbox is damaged"] + OUT, cause="mailbox-refused")

CLEAR = "! 22: Error -32 activating SSL session (locus 6014, type 4, code 0, 'Unexpected packet type 97, expected 22') <=="
is_("plain-on-tls-port", [CLEAR], style="server")
near("plain-on-tls-port", "tls-on-plain-port", [CLEAR])
for greeting in ("421 Cannot connect to SMTP server 203.0.113.9 (203.0.113.9:25), connect error 10060", "-ERR AVG POP3 Proxy Server: Cannot connect to the mail server!"):
    is_("proxy-cannot-connect", [f"S {greeting} <=="])
near("proxy-cannot-connect", "server-busy", ["S 421 Cannot accept connections now <=="])
for reply in ("454 4.7.0 TLS not available due to local problem", "421 4.3.2 Service shutting down"):
    is_("starttls-deferred", STARTTLS + [f"S {reply} <=="] + BYE)
is_("starttls-deferred", ["S +OK hi", "C STLS", "S -ERR [SYS/TEMP] no TLS now <=="] + OUT)
near("starttls-deferred", "starttls-refused", STARTTLS + ["S 502 no TLS here <=="] + BYE)
near("starttls-deferred", None, STARTTLS + ["S 454 TLS not available"] + MAIL + BODY + ["C .", "S 250 ok"] + BYE, outcome="success", notes=["starttls-deferred"])
IDLE_421 = ["+20", "S 421 4.4.2 mx Error: timeout exceeded"]
note("closed-when-done", SENT + IDLE_421)
note("closed-when-done", SENT + IDLE_421 + ["C QUIT", "! 9: Socket write error 10054 (connection aborted by remote host)"], style="old")
no_note("closed-when-done", SENT + MAIL[:2] + IDLE_421, cause="server-hung-up", outcome="partial")
no_note("closed-when-done", SENT + MAIL + ["C BDAT 3", "C x", "S 250 ok"] + IDLE_421, cause="server-hung-up", outcome="partial")
no_note("closed-when-done", SENT + MAIL[:1] + ["S 451 4.7.1 try later"] + IDLE_421, cause="sender-deferred", outcome="partial")
no_note("closed-when-done", SMTP + IDLE_421, cause="server-hung-up", outcome="failure")
note("discarded", SENT[:-1] + ["S 250 2.7.0 Ok, discarded, id=12345-01 - INFECTED: Eicar-Test-Signature"] + BYE)
note("discarded", SENT[:-1] + ["S 250 Message quarantined"] + BYE)
no_note("discarded", SENT[:-1] + ["S 250 2.0.0 Ok: queued as discarded"] + BYE)
no_note("discarded", SENT[:-1] + ["S 554 5.7.1 Message discarded"] + BYE, cause="message-refused")

ROWS = b"".join(tap.read(os.path.join(tap.TESTS, f"../src/enrich/{name}.def")) for name in ("diagnosis", "diagnosis_logins"))
IDS = set(re.findall(r'^DIAGNOSIS\("([a-z0-9-]+)"', ROWS.decode(), re.M))
tap.check("every rule is shown once", IDS ^ SHOWN)
tap.check("and told apart from its like", IDS ^ TOLD_APART)
tap.end()
