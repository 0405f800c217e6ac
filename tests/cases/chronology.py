#!/usr/bin/env python3
"""Dates, midnight, clocks that lie, and zones."""
import json, os, subprocess, sys, tempfile

tcplog, work = os.environ["TCPLOG"], tempfile.mkdtemp()
bad = 0


def convert(rows, name, *options):
    path = os.path.join(work, name)
    open(path, "w", newline="").write("".join(row + "\r\n" for row in rows))
    done = subprocess.run([tcplog, "convert", "-q", "-k", "all", *options, path], capture_output=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(what, got, wanted):
    global bad
    print("ok" if got == wanted else "not ok", "-", what)
    if got != wanted:
        print("# got", got)
        bad = 1


def lines(records, field):
    return [r.get(field) for r in records if r["kind"] == "line"]


midnight = ["23:59:59.900: --- 31 Dec 2013, 23:59:59.900 ---", "23:59:59.950: << NOOP", "00:00:00.050: >> 250 ok"]
r = convert(midnight, "TCP0001.MC")
check("midnight brings a new date", lines(r, "time"), ["2013-12-31T23:59:59.900", "2013-12-31T23:59:59.950", "2014-01-01T00:00:00.050"])
check("and is said", lines(r, "time_repair"), [None, None, "midnight"])
back = ["10:00:05.000: --- 1 Jan 2014, 10:00:05.000 ---", "10:00:06.000: << NOOP", "09:30:00.000: >> 250 ok", "09:30:00.500: << QUIT", "09:30:00.600: >> 221 x"]
r = convert(back, "TCP0001.MC")
check("a clock set back", lines(r, "time_repair"), [None, None, "backward", "backward", "backward"])
x = [e for e in r if e["kind"] == "exchange"]
check("no duration spans it", [e.get("rtt_ms") for e in x], [None, 100])
check("and that is flagged", x[0].get("timing"), "uncertain")
lost = ["10:00:00.000: >> 220 mx ready", "10:00:00.100: << QUIT", "10:00:00.200: >> 221 x"]
check("no date, no time", lines(convert(lost, "TCP0001.MC"), "time"), [None] * 3)
check("a date from the file's name", lines(convert(lost, "TCP-140806-1000-0.smtp"), "time")[0], "2014-08-06T10:00:00.000")
ending = lost + ["10:00:00.300: --- Connection closed normally at 6 Aug 2014, 10:00:00.300. ---"]
check("a date from the ending", lines(convert(ending, "TCP0001.MC"), "time")[0], "2014-08-06T10:00:00.000")
summer = ["12:00:00.000: --- 1 Jul 2014, 12:00:00.000 ---"]
check("a named zone", lines(convert(summer, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time"), ["2014-07-01T12:00:00.000+02:00"])
check("a fixed offset", lines(convert(summer, "TCP0001.MC", "--timezone=-03:30"), "time"), ["2014-07-01T12:00:00.000-03:30"])
for hour, offset in (("01:59:59.999", "+01:00"), ("03:00:00.000", "+02:00")):
    row = [f"{hour}: --- 30 Mar 2014, {hour} ---"]
    check(f"around the missing hour: {hour}", lines(convert(row, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time"), [f"2014-03-30T{hour}{offset}"])
for hour, offset in (("02:30:00.000", "+02:00"), ("03:00:00.000", "+01:00")):
    row = [f"{hour}: --- 26 Oct 2014, {hour} ---"]
    check(f"around the repeated hour: {hour}", lines(convert(row, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time"), [f"2014-10-26T{hour}{offset}"])
stat = os.path.join(os.environ["TESTS"], "corpus/pegasus/TCP-140210-2137-0.pop")
done = subprocess.run([tcplog, "convert", "-q", stat], capture_output=True)
x = [json.loads(line) for line in done.stdout.splitlines()]
check("STAT took 94 ms, not -906", [(e["rtt_ms"], e["timing"]) for e in x if e.get("command") == "STAT"], [(94, "repaired")])
check("time never runs back", sorted(e["time"] for e in x), [e["time"] for e in x])
sys.exit(bad)
