#!/usr/bin/env python3
"""A tar by standard input whose files are inputs (--untar): the records of a local run over the same folder, byte by byte;
any split of it into groups, each with the files before it to learn from (--lead), gives together what one run gives; what is
damaged, hostile or not asked for is refused or told, and hurts nothing before it."""
import sys

sys.dont_write_bytecode = True
import gzip
import io
import json
import os
import random
import re
import shutil
import tarfile

import tap
from clocks import two_clocks

FEW = tap.SANITIZED
REACH, FILE = 256 * 1024, 16 * 1024  # as far as is learned, and what a file counts for at least (src/session/witness.h)
work = tap.folder()


def log(host=b"mail.example", secret=b"x"):
    at = b"10:00:00.000: "
    return b"".join(at + text + b"\r\n" for text in (
        b"--- 6 Aug 2014, 10:00:00.000 ---", b"Connect to '" + host + b"', timeout 30.", b">> +OK hi", b"<< USER ida", b">> +OK",
        b"<< PASS " + secret, b">> -ERR no", b"<< QUIT", b">> +OK bye"))


def make():
    """Folders with files among them, small logs and one that is larger than the reach, what is no log, what is packed."""
    made, chance, at = os.path.join(work, "made"), random.Random(5), 9 * 3600000
    shutil.copytree(os.path.join(tap.CORPUS, "pegasus"), os.path.join(made, "corpus"))
    for folder, count in (("a", 150), ("a/b", 40), ("c", 3)):
        os.makedirs(os.path.join(made, folder), exist_ok=True)
        for i in range(count // (3 if FEW else 1)):
            text = b""
            for _ in range(chance.choice((1, 1, 1, 2, 30))):
                part, at = two_clocks(chance, at, 400 if at < 11 * 3600000 else 250)
                text += part
            name = f"{chance.randrange(1 << 30):08x}.WPM"
            tap.write(os.path.join(made, folder, name), text)
    large = b""
    while len(large) < 400000:
        part, at = two_clocks(chance, at, 250)
        large += part
    for name, content in (("a/70.WPM", large), ("a/71.gz", gzip.compress(log(), mtime=0)), ("a/72", b"Dear diary\n"), ("a/73.WPM", b""),
                          ("a/74", b""), ("a/c.WPM", large[:-700]), ("b.txt", b"no log" * 100000), ("a/75.gz", gzip.compress(large)[:9000]),
                          ("a/ä, 100% \n\udcff.WPM", large[:3000]), ("a/" + "n" * 240 + ".WPM", large[3000:9000])):
        tap.write(os.path.join(made, name), content)


def walk(folder):
    """Paths in the order of a run: by the bytes of the names, folders among files."""
    for name in sorted(os.listdir(os.path.join(work, folder)), key=os.fsencode):
        path = f"{folder}/{name}"
        if os.path.isdir(os.path.join(work, path)):
            yield from walk(path)
        else:
            yield path, tap.read(os.path.join(work, path))


def entry(name, size, **more):
    info = tarfile.TarInfo(name)
    info.size = size
    for key, value in more.items():
        setattr(info, key, value)
    return info


def tar(files, form=tarfile.PAX_FORMAT):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for name, content in files:
            archive.addfile(entry(name, len(content)), io.BytesIO(content))
    return whole.getvalue()


def untar(bundle, *words, kinds="all"):
    return tap.run("convert", "-q", "-k", kinds, "--untar", *words, "-", input=bundle, cwd=work)


def local(*words, kinds="all"):
    return tap.run("convert", "-q", "-k", kinds, *words, "made", cwd=work)


def unlike(found, expected):
    if found == expected:
        return []
    pairs = list(zip(found.splitlines(), expected.splitlines()))
    return [next((f"{a[:200]} / {b[:200]}" for a, b in pairs if a != b), f"{len(found)} and {len(expected)} bytes")]


def as_one_run():
    whole = tar(files)
    for words, kinds in ((("-j1",), "all"), (("-j8",), "all"), (("-f", "csv"), "exchange"), (("--timezone", "Europe/Amsterdam"), "session"),
                         (("--redact", "identities", "--redact-key-file", "key"), "all"), (("--dedupe",), "all"), (("-z1",), "line")):
        yield from unlike(untar(whole, *words, kinds=kinds).stdout, local(*words, kinds=kinds).stdout)
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        yield from unlike(untar(tar(files, form)).stdout, local().stdout)
    tap.write(os.path.join(work, "whole.tar"), whole)
    with open(os.path.join(work, "whole.tar"), "rb") as file:
        yield from unlike(tap.run("convert", "-q", "-k", "all", "--untar", "-", stdin=file, cwd=work).stdout, local().stdout)


def among_others():
    """Between the same files by their paths: neither learns from the other, whoever converts them."""
    one, bundle = local(kinds="session").stdout, tar(files)
    for number in ("1", "8"):
        done = tap.run("convert", "-q", "-k", "session", "-j", number, "--untar", "made", "-", "made/a", input=bundle, cwd=work)
        yield from unlike(done.stdout, one + one + tap.run("convert", "-q", "-k", "session", "made/a", cwd=work).stdout)


def lead_of(first):
    """How many files before this one it may learn from: those of its folder within reach."""
    folder, reach, lead = os.path.dirname(files[first][0]), 0, 0
    while first - lead > 0 and reach < REACH and os.path.dirname(files[first - lead - 1][0]) == folder:
        lead += 1
        reach += max(len(files[first - lead][1]), FILE)
    return lead


def in_groups():
    expected, chance = local().stdout, random.Random(3)
    if expected.count(b'"earlier-session"') < 20:
        yield "nobody learns anything"
    for size in (1, 7, 40) if not FEW else (11,):
        found, alone, first = b"", b"", 0
        while first < len(files):
            lead, past = lead_of(first), min(len(files), first + chance.randrange(1, 2 * size))
            group = tar(files[first - lead:past])
            found += untar(group, "--lead", str(lead)).stdout
            alone += untar(tar(files[first:past])).stdout
            first = past
        yield from unlike(found, expected)
        if alone == expected:
            yield "it is the same without a lead"


def as_members():
    """What is packed, and of what the name is that of a file, as in a folder."""
    rows = [json.loads(line) for line in untar(tar(files), kinds="session").stdout.splitlines()]
    if not all("source_member" not in row for row in rows):
        yield "a file has a member"
    inner = tar([("x/TCP0001.MP", log())])
    row = json.loads(untar(tar([("f/in.tgz", gzip.compress(inner, mtime=0))]), kinds="session").stdout)
    if (row["source_file"], row["source_member"]) != ("f/in.tgz", "x/TCP0001.MP"):
        yield row


def silent_lead():
    bundle = tar([("f/broken.gz", gzip.compress(log() * 500)[:300]), ("f/no", b"no log\n"), ("f/TCP0001.MP", log(b"first")), ("f/TCP0002.MP", log())])
    done = tap.run("convert", "-k", "all", "--untar", "--lead", "3", "--report", "lead.json", "--force", "-", input=bundle, cwd=work)
    report = json.loads(tap.read(os.path.join(work, "lead.json")))
    if done.returncode or b"TCP0001" in done.stdout + done.stderr or not re.search(rb"^tcplog: 1 file, 1 session,", done.stderr, re.M):
        yield done
    if [each["path"] for each in report["inputs"]] != ["f/TCP0002.MP"]:
        yield report
    if (done := untar(bundle, "--lead", "9")).returncode or done.stdout or done.stderr:
        yield "of less files than the lead nothing is told", done


def told_of_files():
    bundle = tar([("f/no", b"no log\n"), ("f/TCP0001.MP", log()), ("f/broken.gz", gzip.compress(log() * 500)[:300]), ("f/TCP0002.MP", log())])
    done = untar(bundle, kinds="session")
    if done.returncode != 1 or sorted(re.findall(rb"^tcplog: (\S+?)(?::\d+)?: .*\[([a-z-]+)\]$", done.stderr, re.M)) != [
            (b"f/broken.gz", b"archive-damaged"), (b"f/no", b"not-a-session-log")]:
        yield done.stderr
    if done.stdout.count(b"f/TCP000") != 2:
        yield "what stands behind a damaged file is lost"
    strict = untar(bundle, "--strict")
    if strict.returncode != 1 or strict.stdout:
        yield strict


def damaged():
    """Wherever it is cut: exit 1, one message that says behind which file, and the records of the files before."""
    some = [(f"f/TCP{i:04d}.MP", log(b"host%d" % i)) for i in range(4)]
    whole, all_lines = tar(some), untar(tar(some)).stdout.splitlines()
    for cut in range(0, len(whole) - 10240 + 4 * 1024, 997 if FEW else 103):
        done, end = untar(whole[:cut]), cut // 1024
        named = b"" if end == 0 and cut < 512 else b"!/f/TCP000%d.MP" % min(3, (cut - 512) // 1024)
        if done.returncode != 1 or not re.fullmatch(b"tcplog: standard input" + named + rb": .* \[tar-damaged\]\n", done.stderr.split(b"[unparsed-lines]\n")[-1]):
            if cut >= 4 * 1024 + 512 and not done.returncode:
                break  # behind a block of zeros it is whole
            yield cut, done.returncode, done.stderr
        lines = done.stdout.splitlines()
        if len([line for line in lines if line not in all_lines]) > 12:
            yield cut, "other records"
    header = bytearray(whole)
    header[1024 + 5] ^= 1
    done = untar(bytes(header), kinds="session")
    if done.returncode != 1 or done.stdout.count(b"\n") != 1 or b"TCP0000.MP: From here on" not in done.stderr:
        yield "a wrong sum", done
    done = untar(whole + b"more")
    if done.returncode != 1 or b"[tar-trailing]" not in done.stderr or done.stdout != untar(whole).stdout:
        yield "bytes behind the end", done
    for nothing in (b"", log(), gzip.compress(whole)):
        done = untar(nothing)
        if done.returncode != 1 or done.stdout or b"standard input: From here on" not in done.stderr:
            yield "no tar", done
    if untar(bytes(10240)).returncode:
        yield "an empty tar is no failure"
    if (done := tap.run("convert", "-q", "--untar", "-", stdin=os.open(work, os.O_RDONLY), cwd=work)).returncode != 3:
        yield "what cannot be read", done


def sealed(header):
    """With the sum that it should have."""
    header = bytearray(header)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def pax(*records):
    """A pax header of these bytes as they are."""
    text = b"".join(records)
    info = entry("x", len(text), type=tarfile.XHDTYPE).tobuf(tarfile.USTAR_FORMAT)
    return info + text + bytes(-len(text) % 512)


def record(key, value):
    n = len(key) + len(value) + 3
    while len(b"%d" % n) + len(key) + len(value) + 3 != n:
        n = len(b"%d" % n) + len(key) + len(value) + 3
    return b"%d %s=%s\n" % (n, key, value)


def hostile():
    plain = tar([("f/TCP0001.MP", log())])
    head, rest = plain[:512], plain[512:]
    refused = {
        "a NUL in a name": pax(record(b"path", b"f/a\0b")) + plain,
        "no name": sealed(bytes(100) + head[100:]) + rest,
        "a size below none": sealed(head[:124] + b"\xff" * 12 + head[136:]) + rest,
        "a size of 2^80": sealed(head[:124] + b"\x80\0\1" + bytes(9) + head[136:]) + rest,
        "a size of no digits": sealed(head[:124] + b"x" * 12 + head[136:]) + rest,
        "a size beyond the end": sealed(head[:124] + b"\x80\0\0\0\x7f" + b"\xff" * 7 + head[136:]) + rest,
        "a pax size of 30 digits": pax(record(b"size", b"9" * 30)) + plain,
        "a record longer than all": pax(b"99 path=x\n") + plain,
        "a checksum of no digits": head[:148] + b" " * 8 + head[156:] + rest,
        "a record of nothing": pax(b"0 \n") + plain,
        "a record without an end": pax(b"9 path=ab") + plain,
        "a record without a value": pax(b"7 path\n") + plain,
        "a record without a blank": pax(b"12345\n") + plain,
        "a record of a million digits": pax(b"1" * 100000) + plain,
        "a pax header that is too large": entry("x", 1 << 40, type=tarfile.XHDTYPE).tobuf(tarfile.GNU_FORMAT) + plain,
        "a sparse file of GNU's": sealed(head[:156] + b"S" + head[157:]) + rest,
        "a sparse file of pax": pax(record(b"GNU.sparse.major", b"1")) + plain,
    }
    for what, bundle in refused.items():
        done = untar(bundle)
        if done.returncode != 1 or b"[tar-damaged]" not in done.stderr or (done.stdout and "beyond" not in what):
            yield what, done
    for name in ("../../../etc/passwd", "/etc/passwd", "-", "a\nb\x1b[31m", "n" * 60000, "a/" * 400 + "x", "\udcff\udc80"):
        done = untar(tar([(name, log())]), kinds="session")
        said = json.loads(done.stdout)["source_file"] if done.stdout else None
        if done.returncode or (said != name and "\udcff" not in name):
            yield name[:40], done.stderr[:200], str(said)[:100]
    odd = untar(tar([("e\x1b[31mvil\x9b", b"no log\n")]))
    if b"\x1b" in odd.stderr:
        yield "a control character reaches the terminal"


def what_is_no_file():
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(entry("f", 0, type=tarfile.DIRTYPE))
        for name, type_ in (("s", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("p", tarfile.FIFOTYPE), ("c", tarfile.CHRTYPE)):
            archive.addfile(entry(f"f/{name}", 0, type=type_, linkname="f/TCP0001.MP" + "n" * 200))
        archive.addfile(entry("f/TCP0001.MP", len(log())), io.BytesIO(log()))
        archive.addfile(entry("f/TCP0002.MP", len(log()), type=tarfile.CONTTYPE), io.BytesIO(log()))
    done = tap.run("convert", "-k", "session", "--untar", "-", input=whole.getvalue())
    if done.returncode or done.stdout.count(b"\n") != 2 or b"passed over    4 symbolic links, pipes or devices" not in done.stderr:
        yield done


def old_and_odd():
    """Headers as tars have them that no tar of today writes."""
    plain = tar([("f/TCP0001.MP", log())])
    wanted = tap.run("convert", "-q", "-k", "session", "--untar", "-", input=plain).stdout.splitlines()
    other = {}
    for type_ in (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
        other[f"type {type_.decode()} with a size"] = entry("d", 4096, type=type_).tobuf(tarfile.USTAR_FORMAT) + plain
    for blank in (b" ", b"\0"):
        header = entry("d", 0, type=tarfile.DIRTYPE).tobuf(tarfile.USTAR_FORMAT)
        other[f"a size of {blank}"] = sealed(header[:124] + blank * 12 + header[136:]) + plain
    high = bytearray(sealed(b"\xe4/TCP0001.MP".ljust(100, b"\0") + plain[100:512]) + plain[512:])
    high[148:156] = b"%06o\0 " % (int(high[148:154], 8) - 256)
    other["a sum of signed bytes"] = bytes(high)
    for what, bundle in other.items():
        done = untar(bundle, kinds="session")
        if done.returncode or len(done.stdout.splitlines()) != len(wanted):
            yield what, done
    long = entry("././@LongLink", 12, type=b"L").tobuf(tarfile.GNU_FORMAT) + b"g/TCP0001.MP".ljust(512, b"\0")
    short = sealed(b"short".ljust(100, b"\0") + plain[100:512]) + plain[512:]
    for what, before, name in (("L, x", long + pax(record(b"mtime", b"1")), "g/TCP0001.MP"), ("x, L", pax(record(b"mtime", b"1")) + long, "g/TCP0001.MP"),
                               ("L, x with a path", long + pax(record(b"path", b"h/TCP0002.MP")), "h/TCP0002.MP")):
        done = untar(before + short, kinds="session")
        if done.returncode or json.loads(done.stdout.splitlines()[0])["source_file"] != name:
            yield what, done


def noise():
    """Bytes changed at random: it ends by itself, as well or damaged."""
    chance = random.Random(11)
    whole = tar([(f"f/{'ä' * i}TCP{i:04d}.MP", log()) for i in range(6)])
    for _ in range(60 if FEW else 300):
        changed = bytearray(whole[:-chance.randrange(1, 9000)])
        for _ in range(chance.choice((1, 3, 30))):
            changed[chance.randrange(len(changed))] = chance.choice((0, 0x20, 0x30, 0x37, 0x80, 0xff, chance.randrange(256)))
        lead = ("--lead", "2") if chance.random() < 0.3 else ()
        done = tap.run("convert", "-q", "-k", "all", "--untar", *lead, "-", input=bytes(changed), timeout=60)
        if done.returncode not in (0, 1):
            yield done


def usage():
    for words in (("--untar", "x"), ("--lead", "1", "-"), ("--untar", "--lead", "x", "-"), ("--untar", "--lead", "-1", "-"),
                  ("--untar", "--name", "x", "-"), ("--untar", "-o", "exports/", "-"), ("--untar", "--files-from", "-", "x")):
        done = tap.run("convert", *words, input=b"", cwd=work)
        if done.returncode != 2 or done.stdout or not done.stderr:
            yield words, done


make()
tap.write(os.path.join(work, "key"), b"no secret: a test's key")
files = list(walk("made"))
for what, faults in (("its records are those of a local run, in every form and by any number of threads", as_one_run()),
                     ("among other paths it stands by itself", among_others()),
                     ("groups with what is before them give together what one run gives", in_groups()),
                     ("a file of it has no member, one that is packed has its own", as_members()),
                     ("nothing is told of the lead", silent_lead()),
                     ("messages name its files", told_of_files()),
                     ("damage is told where it is, and what came before is converted", damaged()),
                     ("hostile headers are refused, odd names taken as they are", hostile()),
                     ("links and devices are passed over, and counted", what_is_no_file()),
                     ("old and odd headers are understood", old_and_odd()),
                     ("no bytes crash it", noise()),
                     ("usage", usage())):
    tap.check(what, list(faults))
tap.end()
