#!/usr/bin/env python3
"""Dates, midnight, clocks that lie, and zones."""
import csv, datetime, json, os, random, subprocess, sys, tempfile, zoneinfo

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

# --- dates from names and endings, midnight -------------------------------------------------------------------------

after = ["00:00:01.000: >> 220 mx ready", "00:00:01.100: << QUIT"]
check("the name's date is of the evening before", lines(convert(after, "TCP-140806-2359-0.smtp"), "time"), ["2014-08-07T00:00:01.000", "2014-08-07T00:00:01.100"])
check("or of the same day", lines(convert(after, "TCP-140806-0000-0.smtp"), "time")[0], "2014-08-06T00:00:01.000")
check("an ending is surer than a name", lines(convert(ending, "TCP-140809-1000-0.smtp"), "time")[0], "2014-08-06T10:00:00.000")
late = ["23:59:59.000: << NOOP", "00:00:01.000: >> 250 x", "00:00:01.100: --- Connection closed normally at Thu Aug 07 00:00:01 2014. ---"]
check("an ending behind midnight dates what comes before", lines(convert(late, "TCP0001.MC"), "time"), ["2014-08-06T23:59:59.000", "2014-08-07T00:00:01.000", "2014-08-07T00:00:01.100"])
check("midnight costs no round trip", [e.get("rtt_ms") for e in convert(late, "TCP0001.MC") if e["kind"] == "exchange"], [2000])
check("an opening logged just before midnight, dated behind it", lines(convert(["23:59:59.990: --- 7 Aug 2014, 00:00:00.005 ---", "00:00:00.010: << NOOP"], "TCP0001.MC"), "time"), ["2014-08-06T23:59:59.990", "2014-08-07T00:00:00.010"])
check("a day padded with a blank", lines(convert(["03:00:00.000: --- Wed Aug  6 03:00:00 2014 ---"], "TCP0001.MC"), "time"), ["2014-08-06T03:00:00.000"])
check("a date that does not exist is none", lines(convert(["03:00:00.000: --- 29 Feb 2014, 03:00:00.000 ---", "03:00:00.000: << NOOP"], "TCP0001.MC"), "time"), [None, None])
undated = convert(lost, "TCP0001.MC")
check("no date, but round trips", [(e.get("time"), e["time_logged"], e.get("rtt_ms")) for e in undated if e.get("command")], [(None, "10:00:00.100", 100)])

# --- where a zone's offset changes, and where dates end ------------------------------------------------------------

fold = ["02:59:59.900: --- 26 Oct 2014, 02:59:59.900 ---", "02:59:59.950: << NOOP", "02:00:00.050: >> 250 ok", "02:30:00.000: << QUIT", "03:00:01.000: >> 221 x"]
r = convert(fold, "TCP0001.MC", "--timezone", "Europe/Amsterdam")
day = "2014-10-26T"
check("the second pass through the repeated hour has the later offset", lines(r, "time"),
      [day + "02:59:59.900+02:00", day + "02:59:59.950+02:00", day + "02:00:00.050+01:00", day + "02:30:00.000+01:00", day + "03:00:01.000+01:00"])
check("and no repair", lines(r, "time_repair"), [None] * 5)
check("durations span it", [(e.get("rtt_ms"), e.get("think_ms")) for e in r if e["kind"] == "exchange"], [(100, None), (1801000, 1799950)])
check("so does the session", [(s.get("duration_ms"), s.get("end_time")) for s in r if s["kind"] == "session"], [(3601100, day + "03:00:01.000+01:00")])
check("without a zone the clock was set back", lines(convert(fold, "TCP0001.MC"), "time_repair"), [None, None, "backward", "backward", "backward"])
fixed = convert(fold, "TCP0001.MC", "--timezone=+01:00")
check("with a fixed offset, too", lines(fixed, "time_repair"), [None, None, "backward", "backward", "backward"])
small = ["02:30:00.000: --- 26 Oct 2014, 02:30:00.000 ---", "02:29:00.000: << NOOP", "02:29:00.100: >> 250 x"]
check("a minute back is no end of summer", lines(convert(small, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time_repair"), [None, "backward", "backward"])
gap = ["01:59:59.900: --- 30 Mar 2014, 01:59:59.900 ---", "01:59:59.950: << NOOP", "03:00:00.050: >> 250 ok"]
r = convert(gap, "TCP0001.MC", "--timezone", "Europe/Amsterdam")
check("the skipped hour took no time", lines(r, "time"), ["2014-03-30T01:59:59.900+01:00", "2014-03-30T01:59:59.950+01:00", "2014-03-30T03:00:00.050+02:00"])
check("nor does a duration", [(e.get("rtt_ms"), e.get("time_repair")) for e in r if e["kind"] == "exchange"], [(100, None)])
for day_, clock, offsets in (("9 Mar 2014", "03:00:00.050", ("-05:00", "-04:00")), ("2 Nov 2014", "01:00:00.050", ("-04:00", "-05:00"))):
    r = convert([f"01:59:59.900: --- {day_}, 01:59:59.900 ---", "01:59:59.950: << NOOP", f"{clock}: >> 250 ok"], "TCP0001.MC", "--timezone", "America/New_York")
    check(f"west of Greenwich, too: {day_}", [time[11:] for time in lines(r, "time")], ["01:59:59.900" + offsets[0], "01:59:59.950" + offsets[0], clock + offsets[1]])
    check("and no duration minds", [(e.get("rtt_ms"), e.get("time_repair")) for e in r if e["kind"] == "exchange"], [(100, None)])
inside = ["02:30:00.000: --- 30 Mar 2014, 02:30:00.000 ---", "02:30:00.100: << NOOP"]
check("a time that does not exist has the offset before it", lines(convert(inside, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time"), ["2014-03-30T02:30:00.000+01:00", "2014-03-30T02:30:00.100+01:00"])
out = ["02:59:40.000: --- 26 Oct 2014, 02:59:40.000 ---", "02:59:50.000: << NOOP", "03:00:10.000: >> 250 x"]
r = convert(out, "TCP0001.MC", "--timezone", "Europe/Amsterdam")
check("who leaves the repeated hour without a step back was in its second pass", lines(r, "time"), [day + "02:59:40.000+01:00", day + "02:59:50.000+01:00", day + "03:00:10.000+01:00"])
check("and waited seconds", [e.get("rtt_ms") for e in r if e["kind"] == "exchange"], [20000])
after = ["02:50:00.000: --- 26 Oct 2014, 02:50:00.000 ---", "02:10:00.000: --- 26 Oct 2014, 02:10:00.000 ---", "02:10:01.000: << NOOP"]
check("a session behind another one may be in the second pass", lines(convert(after, "TCP0001.MC", "--timezone", "Europe/Amsterdam"), "time"), [day + "02:50:00.000+02:00", day + "02:10:00.000+01:00", day + "02:10:01.000+01:00"])
last = ["23:59:59.000: --- 31 Dec 9999, 23:59:59.000 ---", "00:00:01.000: << NOOP", "00:00:02.000: >> 250 x"]
for zone in ([], ["--timezone", "Europe/Amsterdam"]):
    r = convert(last, "TCP0001.MC", *zone)
    check("behind the last year there is no date", [t and t[:10] for t in lines(r, "time")], ["9999-12-31", None, None])
    check("but there are durations", [e.get("rtt_ms") for e in r if e["kind"] == "exchange"], [1000])
first = ["23:59:59.000: --- 1 Jan 0000, 00:00:01.000 ---", "00:00:02.000: << NOOP"]
check("before the first year there is none either", lines(convert(first, "TCP0001.MC"), "time"), [None, None])

# --- two clocks -----------------------------------------------------------------------------------------------------

twice = ["21:37:28.968: --- Mon Feb 10 21:37:28 2014 ---", "21:37:28.968: Connect to 'mx', timeout 30.", "21:37:28.968: >> +OK", "21:37:28.968: << STAT", "21:37:28.062: >> +OK 0 0"]
x = [e for e in convert(twice, "TCP0001.MD") if e.get("command") == "STAT"]
check("a step back within a second is a step of the other clock", [(e["rtt_ms"], e["timing"]) for e in x], [(94, "repaired")])
over = ["23:59:59.100: --- Wed Aug 06 23:59:59 2014 ---", "23:59:59.900: << NOOP", "23:59:59.050: >> 250 x", "00:00:00.300: << QUIT", "00:00:00.010: >> 221 x"]
r = convert(over, "TCP0001.MC")
check("two clocks at midnight", [(e["rtt_ms"], e["time_logged"]) for e in r if e["kind"] == "exchange"], [(150, "23:59:59.900"), (710, "00:00:00.300")])
check("the raw stamp stays", lines(r, "time_logged"), [row[:12] for row in over])
one = ["10:00:00.000: --- 6 Aug 2014, 10:00:00.000 ---", "10:00:00.000: Connect to 'mx', timeout 30 seconds.", "10:00:00.900: << NOOP", "10:00:01.100: >> 250 x"]
check("one clock needs no repair", [(e["rtt_ms"], e["timing"]) for e in convert(one, "TCP-140806-1000-0.smtp") if e["kind"] == "exchange"], [(200, "exact")])
narrow = ["10:00:00.000: --- Wed Aug 06 10:00:00 2014 ---", "10:00:00.000: Connect to 'mx', timeout 30.", "10:00:00.900: << NOOP", "10:00:01.100: >> 250 x"]
check("two clocks may leave no doubt", [(e["rtt_ms"], e["timing"]) for e in convert(narrow, "TCP0001.MC") if e["kind"] == "exchange"], [(200, "exact")])
two = ["10:00:00.100: --- Wed Aug 06 10:00:00 2014 ---", "10:00:00.100: Connect to 'mx', timeout 30.", "10:00:00.100: << NOOP", "10:00:01.200: >> 250 x"]
check("two clocks of unknown phase are a doubt", [e["timing"] for e in convert(two, "TCP0001.MC") if e["kind"] == "exchange"], ["uncertain"])

# --- the phase of the two clocks, and the grain ---------------------------------------------------------------------


def stamp(real, phase):
    """What a computer prints whose milliseconds are `phase` ahead of its seconds."""
    return f"{real // 3600000:02}:{real // 60000 % 60:02}:{real // 1000 % 60:02}.{(real + phase) % 1000:03}"


def session(phase, steps, start=36000000):
    """A talk of a Mercury client: (time to think, time to reply) for each command."""
    real, at = start, f"{start // 3600000:02}:{start // 60000 % 60:02}:{start // 1000 % 60:02}"
    rows = [f"{stamp(real, phase)}: --- Wed Aug 06 {at} 2014 ---", f"{stamp(real, phase)}: Connect to 'mx', timeout 30."]
    real += 1001
    rows.append(f"{stamp(real, phase)}: >> 220 mx")
    for think, reply in steps:
        real += think
        rows.append(f"{stamp(real, phase)}: << NOOP")
        real += reply
        rows.append(f"{stamp(real, phase)}: >> 250 ok")
    return rows


def of(records, kind):
    return [r for r in records if r["kind"] == kind and (kind != "exchange" or r.get("command"))]


def range_of(record):
    return record.get("clock_phase_from_ms"), record.get("clock_phase_to_ms"), record.get("clock_phase_source")


def holds(record, phase):
    low, high, _ = range_of(record)
    return low <= phase <= high if low <= high else phase >= low or phase <= high


def printed_steps(rows):
    ms = [((int(r[:2]) * 60 + int(r[3:5])) * 60 + int(r[6:8])) * 1000 + int(r[9:12]) for r in rows]
    return {b - a for a, b in zip(ms[3::2], ms[4::2])}


even = session(666, [(0, 1350)] * 20)
check("steps of 1.35 s are printed as 0.35, 1.35 and 2.35", printed_steps(even), {350, 1350, 2350})
r = convert(even, "TCP0001.MC")
check("and come out as what they were", {(e["rtt_ms"], e["timing"]) for e in of(r, "exchange")}, {(1350, "repaired")})
check("the stamps stay as they were", lines(r, "time_logged"), [row[:12] for row in even])
check("the range of the phase is told, and by what", (holds(of(r, "session")[0], 666), of(r, "session")[0]["clock_phase_source"]), (True, "pace"))
dice, faults = random.Random(1350), []
for phase in range(17, 1000, 49):
    for count in (8, 25):
        rows = session(phase, [(dice.choice([0, 3, 700, 1350]), 1350 + dice.randint(-5, 5)) for _ in range(count)])
        r = convert(rows, "TCP0001.MC")
        misprints = printed_steps(rows) - set(range(1345, 1356))
        for e in of(r, "exchange"):
            if abs(e["rtt_ms"] - 1350) > 10 or e["timing"] not in (["repaired"] if misprints else ["repaired", "exact"]):
                # where every phase that fits agrees with the print, the print was right
                if not (e["timing"] == "exact" and abs(e["rtt_ms"] - 1350) <= 5):
                    faults.append(f"phase {phase}: {e['rtt_ms']} {e['timing']}")
        if not holds(of(r, "session")[0], phase):
            faults.append(f"phase {phase}: not in {range_of(of(r, 'session')[0])}")
check("whatever the phase", faults, [])
mixed = session(666, [(0, 1350 + 1000 * (n % 3 == 0)) for n in range(20)])
r = convert(mixed, "TCP0001.MC")
check("two durations are not made one", (range_of(of(r, "session")[0]), {e["timing"] for e in of(r, "exchange")}), ((0, 999, None), {"uncertain"}))
few = session(666, [(0, 1350)] * 4)
check("four steps prove no pace", of(convert(few, "TCP0001.MC"), "session")[0]["clock_phase_from_ms"], 0)
quick = session(0, [(1, n * 7 % 190 + 3) for n in range(200)])
r = convert(quick, "TCP0001.MC")
s = of(r, "session")[0]
check("a session whose clocks agree proves it", (holds(s, 0), (s["clock_phase_to_ms"] - s["clock_phase_from_ms"]) % 1000 < 60, {e["timing"] for e in of(r, "exchange")}), (True, True, {"exact"}))
check("and nothing is repaired", set(lines(r, "time_repair")), {None})
check("one clock has no phase", range_of(of(convert(one, "TCP-140806-1000-0.smtp"), "session")[0]), (None, None, None))
torn = ["10:00:00.500: --- Wed Aug 06 10:00:00 2014 ---", "10:00:00.500: Connect to 'mx', timeout 30.", "10:00:00.100: << NOOP", "10:00:00.900: >> 250 x", "10:00:00.400: << NOOP", "10:00:00.000: >> 250 x"]
r = convert(torn, "TCP0001.MC")
check("stamps that contradict every phase prove none", range_of(of(r, "session")[0]), (0, 999, None))
check("and are taken as they are", [e.get("rtt_ms") for e in of(r, "exchange")], [800, None])

grains = [("15.625 ms", 15.625, 16), ("10 ms", 10, 10), ("1 ms", 1, 1)]
for label, tick, wanted in grains:
    for phase in (0, 666):
        for app, name in ((0, "TCP0001.MC"), (1, "TCP-140806-1000-0.smtp")):
            if app and phase:
                continue
            real, rows = 36000000.0, []
            for n in range(24):
                rows.append(f"{stamp(int(real), phase)}: {'>> 250 ok' if n % 2 else '<< NOOP'}")
                real += tick * dice.randint(1, 14 if tick > 1 else 120)
            head = "--- 6 Aug 2014, 10:00:00.000 ---" if app else "--- Wed Aug 06 10:00:00 2014 ---"
            r = convert([rows[0][:14] + head] + rows, name)
            check(f"a grain of {label}, phase {phase}, {name}", of(r, "session")[0].get("resolution_ms"), wanted)
hiccup = ["10:00:00.000: << NOOP", "10:00:00.015: >> 250 x", "10:00:00.016: << NOOP"] + [f"10:00:{n // 50:02}.{n % 50 * 125 // 8:03}: {'>> 250 ok' if n % 2 else '<< NOOP'}" for n in range(2, 64)]
check("one odd step does not spoil it", of(convert(hiccup, "TCP-140806-1000-0.smtp"), "session")[0]["resolution_ms"], 16)
same = session(666, [(0, 1350)] * 20)
check("one duration shows no grain", of(convert(same, "TCP0001.MC"), "session")[0].get("resolution_ms"), None)

# --- bodies: most of a log, whose lines are placed many at a time -----------------------------------------------------


def body_log(start, phase, banner, put_back=None):
    """A mail that is fetched, and when each of its lines was logged; at `put_back` the clock is put back by an hour."""
    real, rows, times = start, [], []
    for text in [banner, "Connect to 'mx', timeout 30.", ">> +OK", "<< RETR 1", ">> +OK 1 octets"] + [f">> line {n}" for n in range(500)] + [">> .", "<< QUIT", ">> +OK"]:
        real += dice.choice((0, 0, 0, 1, 3, 16, 40)) if " line " in text else 10
        rows.append(f"{stamp(real - (3600000 if put_back and real >= put_back else 0), phase)}: {text}")
        times.append(real)
    return rows, times


def clock_of(time):
    return ((int(time[11:13]) * 60 + int(time[14:16])) * 60 + int(time[17:19])) * 1000 + int(time[20:23])


def table_of(rows, *options):
    """The times of its lines in the table: those that were told together must be the same there."""
    path = os.path.join(work, "table.log")
    open(path, "w", newline="").write("".join(row + "\r\n" for row in rows))
    done = subprocess.run([tcplog, "convert", "-q", "-k", "line", "-f", "csv", *options, path], capture_output=True, text=True)
    return [r["time"] for r in csv.DictReader(done.stdout.splitlines())]


faults = []
for phase in (0, 1, 333, 666, 999):
    rows, times = body_log(36000000, phase, "--- Wed Aug 06 10:00:00 2014 ---")
    told = lines(convert(rows, "TCP0001.MD"), "time")
    apart = {clock_of(t) - real for t, real in zip(told, times)}
    if len(apart) != 1 or len(told) != len(rows) or abs(apart.pop()) > 40:
        faults.append(f"phase {phase}: {sorted(apart)}")
    if table_of(rows) != told:
        faults.append(f"phase {phase}: the table tells other times")
check("two clocks: each line of a body comes as long after the one before as it did", faults, [])
rows, times = body_log(3 * 3600000 - 2000, 0, "--- 26 Oct 2014, 02:59:58.010 ---", put_back=3 * 3600000)
told = lines(convert(rows, "TCP-141026-0259-0.pop", "--timezone", "Europe/Amsterdam"), "time")
after = [time >= 3 * 3600000 for time in times]
check("a body over the end of summer", [(clock_of(t), t[23:]) for t in told], [(time - 3600000 * late, "+01:00" if late else "+02:00") for time, late in zip(times, after)])
check("of which both sides are long", (after.count(False) > 100, after.count(True) > 100), (True, True))
check("and in a table", table_of(rows, "--timezone", "Europe/Amsterdam"), told)

# --- what sessions of one folder tell each other --------------------------------------------------------------------

teacher, pupil = session(666, [(0, 1350)] * 20), session(666, [(0, 1350)] * 4, start=36000000 + 600000)


def told(first, second, **place):
    """The second session's record and exchanges, behind the first one."""
    folder = tempfile.mkdtemp(dir=work)
    paths = [os.path.join(folder, place.get("other", ""), "TCP0000.MC"), os.path.join(folder, "TCP0001.MC")]
    os.makedirs(os.path.dirname(paths[0]), exist_ok=True)
    for path, rows in zip(paths, (first, second)):
        open(path, "w", newline="").write("".join(row + "\r\n" for row in rows))
    done = subprocess.run([tcplog, "convert", "-q", "-k", "all", *paths], capture_output=True)
    r = [record for record in map(json.loads, done.stdout.splitlines()) if record["source_file"] == paths[1]]
    return of(r, "session")[0], of(r, "exchange")


s, x = told(teacher, pupil)
check("the next file of the folder is told", ({(e["rtt_ms"], e["timing"]) for e in x}, s["clock_phase_source"], holds(s, 666)), ({(1350, "repaired")}, "earlier-session", True))
r = convert(teacher + pupil, "TCP0001.MC")
check("so is the next session of the file", [e["timing"] for e in of(r, "exchange")], ["repaired"] * 24)
check("another folder is not", told(teacher, pupil, other="far")[0]["clock_phase_from_ms"], 0)
later = session(666, [(0, 1350)] * 4, start=36000000 + 3600000)
check("an hour later nothing is taken for granted", told(teacher, later)[0]["clock_phase_from_ms"], 0)
restarted = session(100, [(1, n * 7 % 190 + 3) for n in range(40)], start=36000000 + 600000)
s, x = told(teacher, restarted)
check("what contradicts is dropped", (s["clock_phase_source"], holds(s, 100), {(n * 7 % 190 + 3 == e["rtt_ms"]) for n, e in enumerate(x)}), ("order", True, {True}))

# --- what holds for any stamps --------------------------------------------------------------------------------------

dice, faults = random.Random(4711), []
for case in range(150):
    clock, rows = dice.randrange(86400000), []
    date = dice.choice([["--- 6 Aug 2014, 21:41:43.760 ---"], ["--- Wed Aug 06 21:41:43 2014 ---"], []])
    talk = date + [">> 220 mx"] + [t for n in range(dice.randrange(1, 9)) for t in ("<< NOOP", ">> 250 ok")]
    for text in talk:
        clock = (clock + dice.choice([0, 15, 900, 1000, 60000, -1, -800, -3600000, 43200000, -43200000])) % 86400000
        rows.append(f"{clock // 3600000:02}:{clock // 60000 % 60:02}:{clock // 1000 % 60:02}.{dice.choice([clock % 1000, dice.randrange(1000)]):03}: {text}")
    records = convert(rows, dice.choice(["TCP0001.MC", "TCP-140806-2141-0.smtp"]), *dice.choice([[], ["--timezone", "Europe/Amsterdam"]]))
    faults += [f"case {case}: {k} is {v}" for r in records for k, v in r.items() if k.endswith("_ms") and v < 0]
    times = [t[:23] for t in lines(records, "time") if t]
    if times != sorted(times):
        faults.append(f"case {case}: times run back")
    if lines(records, "time_logged") != [row[:12] for row in rows]:
        faults.append(f"case {case}: stamps differ")
    for r in records:
        if r.get("time") and r["time"][11:23] != r["time_logged"] and "time_repair" not in r:
            faults.append(f"case {case} line {r['line']}: a repair without a trace")
check("no stamps make a negative duration, time run back or a repair without a trace", faults[:5], [])

# --- zones: what Python's zoneinfo says of every half hour around a change ------------------------------------------

faults = []
for zone, date in (("Europe/Amsterdam", "30 Mar 2014"), ("Europe/Amsterdam", "26 Oct 2014"), ("America/New_York", "9 Mar 2014"), ("America/New_York", "2 Nov 2014"), ("Australia/Lord_Howe", "6 Apr 2014"), ("Australia/Lord_Howe", "5 Oct 2014"), ("America/Sao_Paulo", "19 Oct 2014"), ("Asia/Kathmandu", "1 Jan 1986")):
    rows = [f"{h:02}:{m:02}:00.000: --- {date}, {h:02}:{m:02}:00.000 ---" for h in range(4) for m in (0, 30)]
    for time in lines(convert(rows, "TCP0001.MC", "--timezone", zone), "time"):
        wanted = datetime.datetime.fromisoformat(time[:23]).replace(tzinfo=zoneinfo.ZoneInfo(zone)).isoformat(timespec="milliseconds")
        if time != wanted:
            faults.append(f"{zone}: {time}, not {wanted}")
check("every half hour around changes of offset", faults, [])
overlap = ["02:59:59.000: --- 26 Oct 2014, 02:59:59.000 ---", "02:59:59.500: << NOOP", "02:00:00.000: >> 250 x", "02:00:01.000: << QUIT", "02:00:01.200: >> 221 x"]
r = convert(overlap, "TCP0001.MC", "--timezone", "Europe/Amsterdam")
check("a session over the repeated hour", [(e.get("rtt_ms"), e["timing"]) for e in r if e["kind"] == "exchange"][1:], [(200, "exact")])
gap = ["01:59:59.000: --- 30 Mar 2014, 01:59:59.000 ---", "01:59:59.500: << NOOP", "03:00:00.000: >> 250 x"]
check("a session over the missing hour", len(convert(gap, "TCP0001.MC", "--timezone", "Europe/Amsterdam")), 5)
for zone in ("Nowhere/City", "Europe", "zone.tab", "localtime", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "+25:00", "+2:00", "", "Europe/Amsterdam/"):
    done = subprocess.run([tcplog, "convert", "-q", f"--timezone={zone}", stat], capture_output=True)
    check(f"no zone: {zone!r}", (done.returncode, done.stdout), (2, b""))
machine = [subprocess.run([tcplog, "convert", "-q", "-k", "all", stat], capture_output=True, env={**os.environ, "TZ": tz}).stdout for tz in ("UTC", "Asia/Kathmandu")]
check("the machine's own zone says nothing", machine[0], machine[1])
sys.exit(bad)
