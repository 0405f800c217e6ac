#!/usr/bin/env python3
"""The zone that a client tells: by the Date header that it has just written into the mail it sends, and by nothing else."""
import sys

sys.dont_write_bytecode = True
import os

import tap

work = tap.folder()
OLD, NEW = "--- Wed Aug 06 21:41:43 2014 ---", "--- 6 Aug 2014, 21:41:43.000 ---"


def at(seconds):
    second = 21 * 3600 + 41 * 60 + 43 + seconds
    return f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.000"


def mail(*header, body=("text",), opening=NEW, arrow="<<", before=()):
    """A session that sends one mail, a second a line from 21:41:43 on; its header lines stand at 21:41:52 and later."""
    back = ">>" if arrow == "<<" else "<<"
    rows = [opening, "Connect to 'mx', timeout 30 seconds.", f"{back} 220 mx ESMTP", f"{arrow} EHLO pc", f"{back} 250 mx",
            f"{arrow} MAIL FROM:<a@b.example>", f"{back} 250 ok", f"{arrow} DATA", f"{back} 354 go on"]
    rows += [f"{arrow} {line}" for line in (*header, "", *body, ".")] + [f"{back} 250 queued", f"{arrow} QUIT", f"{back} 221 bye"]
    return [*before, *rows]


def convert(rows, *options, name="TCP-140806-2141-0.smtp", start=0):
    path = tap.write(os.path.join(work, name), "".join(f"{at(start + i)}: {row}\r\n" for i, row in enumerate(rows)).encode())
    return tap.jsonl(tap.run("convert", "-q", "-k", "all", *options, path).stdout)


def zone(rows, *options, **more):
    """(zone, source) of all records; a set, for they must agree."""
    return {(r.get("time_zone"), r["time_zone_source"]) for r in convert(rows, *options, **more)}


NONE = {(None, "unknown")}


def told(offset):
    return {(offset, "date-header")}


def equal(what, got, wanted):
    tap.check(what, [] if got == wanted else [f"got {got}, wanted {wanted}"])


r = convert(mail("From: a@b.example", "Date: Wed, 6 Aug 2014 21:41:50 +0200"))
equal("the client's Date tells the zone", {(x["time_zone"], x["time_zone_source"]) for x in r}, told("+02:00"))
equal("times get its offset", [x["time"] for x in r if x["kind"] == "session"], ["2014-08-06T21:41:43.000+02:00"])
equal("the end, too", [x["end_time"][-6:] for x in r if x["kind"] == "session"], ["+02:00"])
equal("what is asked for goes before", zone(mail("Date: Wed, 6 Aug 2014 21:41:50 +0200"), "--timezone", "UTC"), {("UTC", "option")})
for written, wanted in {
        "Wed, 6 Aug 2014 21:41:50 -0330": told("-03:30"), "6 Aug 2014 21:41:50 +0545": told("+05:45"), "Wed, 06 Aug 2014 21:41 +0200": told("+02:00"),
        "Wed, 6 Aug 14 21:41:50 EST": told("-05:00"), "Wed, 6 Aug 2014 21:41:50 gmt": told("+00:00"), "Wed, 6 Aug 2014 21:41:50 +0000": told("+00:00"),
        "Wed, 6 Aug 2014 21:41:50 PDT": told("-07:00"), "Wed (day), 6 (a \\) (b)) Aug 2014 21 : 41:50 +0200 (CEST)": told("+02:00"),
        "Wed, 6 Aug 2014 21:41:50 +1400": told("+14:00"),
        # what tells nothing
        "Wed, 6 Aug 2014 21:41:50 -0000": NONE, "Wed, 6 Aug 2014 21:41:50 Z": NONE, "Wed, 6 Aug 2014 21:41:50 A": NONE, "Wed, 6 Aug 2014 21:41:50": NONE,
        "Wed, 6 Aug 2014 21:41:50 CEST": NONE, "Wed, 6 Aug 2014 21:41:50 +1500": NONE, "Wed, 6 Aug 2014 21:41:50 +0260": NONE, "Wed, 6 Aug 2014 21:41:50 +02": NONE,
        "Wed, 6 Aug 2014 21:41:50 +02000": NONE, "Wed, 30 Feb 2014 21:41:50 +0200": NONE, "Wed, 6 Aug 2014 25:41:50 +0200": NONE, "": NONE, "(": NONE, "(\\": NONE, "+0200": NONE,
        # another moment than the log's
        "Wed, 6 Aug 2014 19:41:50 +0000": NONE, "Tue, 5 Aug 2014 21:41:50 +0200": NONE, "Wed, 6 Aug 2014 21:40:51 +0200": NONE,
        "Wed, 6 Aug 2014 21:40:52 +0200": told("+02:00"), "Wed, 6 Aug 2014 21:42:52 +0200": told("+02:00"), "Wed, 6 Aug 2014 21:42:53 +0200": NONE}.items():
    equal(f"Date: {written}", zone(mail("Date: " + written)), wanted)
GOOD = "Date: Wed, 6 Aug 2014 21:41:50 +0200"
equal("in any case, without a blank", zone(mail(GOOD.upper().replace(": ", ":", 1).replace("AUG", "Aug"))), told("+02:00"))
equal("folded", zone(mail("Subject: x", "Date:", "\tWed, 6 Aug 2014 21:41:50 +0200")), told("+02:00"))
equal("a line behind an empty Date is no date", zone(mail("Date:", "Wed, 6 Aug 2014 21:41:50 +0200")), NONE)
equal("not another header", zone(mail("Resent-" + GOOD, "X-" + GOOD)), NONE)
equal("not the body", zone(mail("Subject: x", body=[GOOD])), NONE)
equal("not a mail that is quoted", zone(mail("Subject: x", body=["DATA", "354", "", GOOD])), NONE)
equal("not what no DATA comes before", zone([row for row in mail(GOOD) if row != "<< DATA"]), NONE)
equal("not what the server was not ready for", zone([row.replace("354 go on", "554 no") for row in mail(GOOD)]), NONE)
rows = mail("Date: Wed, 6 Aug 2014 20:00:00 +0100")[:-2] + mail(GOOD.replace("41:50", "42:00"))[5:]
equal("an old mail and a new one", zone(rows), told("+02:00"))
equal("the next session starts without", [x["time_zone_source"] for x in convert(mail(GOOD) + mail("Subject: x")) if x["kind"] == "session"], ["date-header", "unknown"])
equal("the session before, too", [x["time_zone_source"] for x in convert(mail("Subject: x") + mail(GOOD.replace("41:50", "42:12"))) if x["kind"] == "session"], ["unknown", "date-header"])
equal("a server's log: the date is the sender's", zone([row.replace(NEW, "Connection from 192.0.2.60, Wed Aug 06 21:41:43 2014")
                                                         for row in mail(GOOD, arrow=">>") if not row.startswith("Connect to")], name="TCP0001.MS"), NONE)
tokens = [row + "<cr><lf>" if row[:2] in ("<<", ">>") else row for row in mail(GOOD, opening=OLD)]
equal("Mercury's client, line ends as tokens", zone([row.replace(" seconds", "") for row in tokens], name="TCP0001.MC"), told("+02:00"))
lost = mail(GOOD)[2:]
equal("no date in the log, none to hold the header against", zone(lost, name="TCP0001.MC"), NONE)
late = mail("Date: Thu, 7 Aug 2014 00:00:01 +0200", opening="--- 6 Aug 2014, 23:59:53.000 ---")
equal("behind midnight", zone(late, start=2 * 3600 + 18 * 60 + 10), told("+02:00"))
equal("the day before", zone([row.replace("Thu, 7", "Wed, 6") for row in late], start=2 * 3600 + 18 * 60 + 10), NONE)
long = mail(*["X-Filler: " + "x" * 900] * 80, GOOD.replace("41:50", "43:10"))
equal("a header farther than the session is read ahead", zone(long), NONE)
equal("and one that is not", zone(mail(*["X-Filler: " + "x" * 900] * 60, GOOD.replace("41:50", "42:50"))), told("+02:00"))


def chunks(first, second):
    """One mail in two BDATs; sizes as they are."""
    size = [sum(len(line) + 2 for line in lines) for lines in (first, second)]
    return mail()[:7] + [f"<< BDAT {size[0]}"] + ["<< " + line for line in first] + [">> 250 ok", f"<< BDAT {size[1]} LAST"] + [
        "<< " + line for line in second] + [">> 250 queued", "<< QUIT", ">> 221 bye"]


equal("in a chunk", zone(chunks(["Subject: x", GOOD, "", "text"], ["more"])), told("+02:00"))
equal("a later chunk is body", zone(chunks(["Subject: x", "", "text"], [GOOD])), NONE)
equal("a chunk ends where it ends", zone(mail()[:7] + ["<< BDAT 12", "<< Subject: x", "<< " + GOOD, ">> 250 ok"]), NONE)
secret = mail("Date: Wed, 6 Aug 2014 21:41:50 +0200 (s3cr3t)", "Subject: s3cr3t")
equal("nothing else of the mail gets out", [x for x in convert(secret) if x["kind"] != "line" and "s3cr3t" in str(x)], [])
# the offset is one for all of the session: what it means for the hour that comes twice, the stamps alone cannot tell
fall = [row.replace("6 Aug 2014", "26 Oct 2014") for row in mail("Date: Sun, 26 Oct 2014 21:41:50 +0100")]
equal("the day a zone changes", zone(fall), told("+01:00"))
tap.end()
